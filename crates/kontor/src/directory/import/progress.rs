//! How far a list is, and whether somebody stopped it. One handle is shared by
//! the thread that works and whoever looks on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use kontor_platform::{Error, Result, words};

words! {
    /// What is being done with a list.
    pub enum Step {
        /// Its cells are understood.
        Reading = "reading",
        /// Its lines are compared with the directory.
        Matching = "matching",
        /// Everything is written, in one transaction.
        Writing = "writing",
    }
}

impl Step {
    /// Key of the step's name.
    pub fn key(self) -> &'static str {
        match self {
            Step::Reading => "import-step-reading",
            Step::Matching => "import-step-matching",
            Step::Writing => "import-step-writing",
        }
    }
}

/// Where a list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub step: Step,
    /// Lines done in this step, of so many.
    pub done: usize,
    pub total: usize,
}

impl At {
    /// Nothing is done yet.
    pub const START: At = At {
        step: Step::Reading,
        done: 0,
        total: 0,
    };
}

struct State {
    step: Step,
    total: usize,
    is_stopped: bool,
}

/// The shared handle.
pub struct Progress {
    state: Mutex<State>,
    done: AtomicUsize,
}

impl Default for Progress {
    fn default() -> Self {
        Progress {
            state: Mutex::new(State {
                step: Step::Reading,
                total: 0,
                is_stopped: false,
            }),
            done: AtomicUsize::new(0),
        }
    }
}

/// Why a stopped list goes no further.
pub const STOPPED: &str = "import-refused-stopped";

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a step of so many lines.
    ///
    /// # Errors
    /// Refused when somebody has stopped it.
    pub fn begin(&self, step: Step, total: usize) -> Result<()> {
        let mut state = self.state();
        if state.is_stopped {
            return Err(Error::Refused(STOPPED));
        }
        (state.step, state.total) = (step, total);
        self.done.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Says how many lines are done; asks now and then whether to go on.
    ///
    /// # Errors
    /// Refused when somebody has stopped it.
    pub fn advance(&self, done: usize) -> Result<()> {
        self.done.store(done, Ordering::Relaxed);
        if done.is_multiple_of(64) && self.state().is_stopped {
            return Err(Error::Refused(STOPPED));
        }
        Ok(())
    }

    /// Stops it, unless it is being written already; says whether that worked.
    pub fn stop(&self) -> bool {
        let mut state = self.state();
        state.is_stopped |= state.step != Step::Writing;
        state.is_stopped
    }

    /// Where it stands.
    pub fn at(&self) -> At {
        let state = self.state();
        At {
            step: state.step,
            done: self.done.load(Ordering::Relaxed),
            total: state.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_stopped_until_it_is_written() {
        let progress = Progress::default();
        progress.begin(Step::Matching, 100).unwrap();
        progress.advance(64).unwrap();
        assert_eq!(progress.at().done, 64);
        assert!(progress.stop());
        assert!(progress.advance(128).is_err() && progress.begin(Step::Writing, 0).is_err());

        let progress = Progress::default();
        progress.begin(Step::Writing, 0).unwrap();
        assert!(!progress.stop(), "too late");
        progress.begin(Step::Reading, 0).unwrap();
        assert!(progress.stop(), "it has to be matched again");
    }
}
