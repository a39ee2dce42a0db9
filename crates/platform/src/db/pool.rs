//! Connections that wait for work. A permit limits how many are out at once;
//! it travels into the blocking closure, so that a cancelled request cannot
//! empty the pool.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Conn;
use crate::error::{Error, Result};

type Open = Box<dyn Fn() -> Result<Conn> + Send + Sync>;

/// How long a request waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Pool {
    size: usize,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Conn>>,
    open: Open,
}

impl Pool {
    pub fn new(size: usize, open: impl Fn() -> Result<Conn> + Send + Sync + 'static) -> Self {
        Pool {
            size,
            permits: Arc::new(Semaphore::new(size)),
            idle: Mutex::new(Vec::with_capacity(size)),
            open: Box::new(open),
        }
    }

    /// Connections that are out, and how many may be.
    pub fn in_use(&self) -> (usize, usize) {
        let free = self.permits.available_permits();
        (self.size.saturating_sub(free), self.size)
    }

    pub async fn permit(&self) -> Result<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        tokio::time::timeout(PATIENCE, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::TooMany {
                retry_after_s: 5,
                overload: true,
            })?
            .map_err(|e| Error::Broken(Box::new(e)))
    }

    pub fn take(&self) -> Result<Conn> {
        let waiting = self
            .idle
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .pop();
        match waiting {
            Some(conn) => Ok(conn),
            None => (self.open)(),
        }
    }

    /// A new connection, after one that waited turned out to be dead: a server that
    /// was started anew has ended all of them.
    pub fn renew(&self) -> Result<Conn> {
        self.idle
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clear();
        (self.open)()
    }

    pub fn give_back(&self, conn: Conn) {
        if conn.is_closed() {
            return;
        }
        self.idle
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .push(conn);
    }
}

impl Drop for Pool {
    /// A server's client says goodbye by waiting, which an asynchronous thread
    /// must not do: the connections end on a thread of their own.
    fn drop(&mut self) {
        let idle = self.idle.get_mut();
        let idle = std::mem::take(idle.unwrap_or_else(std::sync::PoisonError::into_inner));
        if !idle.is_empty() {
            // A panic while a connection ends leaves nothing behind that counts.
            let _ = std::thread::spawn(move || drop(idle)).join();
        }
    }
}
