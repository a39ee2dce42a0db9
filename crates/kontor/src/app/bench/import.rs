//! A large member list, imported while somebody else writes.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use kontor_platform::config::Config;
use kontor_platform::db::Db;
use kontor_platform::sheets::{self, Limits};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Id, Result, secret};

use super::{Figure, seeded};
use crate::accounts;
use crate::app::demo::Dice;
use crate::directory::import::{self, Choices, Counts, Import, Reach, Source, columns};
use crate::directory::{Cluster, cluster_by_slug};

/// Rows of the list.
const ROWS: usize = 50_000;
/// Seconds that it may take, and that another writer may wait.
const BARS: (f64, f64) = (60.0, 3.0);

/// Imports a list of 50,000 rows and takes it back; then does both with a list
/// that changes each of 50,000 records: seconds from the file's bytes to the
/// commit, seconds until it is gone, and the longest that another command waited
/// meanwhile.
pub fn import(config: &Config, data: &Path) -> Result<Vec<Figure>> {
    let clock = Clock::system();
    let db = seeded(config, data, &clock)?;
    let bench = Bench {
        account: db.read_now(accounts::any_demo_account)?,
        cluster: db
            .read_now(|conn| cluster_by_slug(conn, "hamburg-aviation"))?
            .map_err(|_| Error::broken("the demo has this cluster"))?,
        db,
        clock,
    };
    let (list, rows) = (list(false), |n: i64| usize::try_from(n) == Ok(ROWS));
    let (import, new) = bench.apply(&list, |counts| rows(counts.new))?;
    let gone = bench.take_back(import)?;
    bench.apply(&list, |counts| rows(counts.new))?;
    let changes = self::list(true);
    let (import, changed) = bench.apply(&changes, |counts| rows(counts.changed))?;
    let restored = bench.take_back(import)?;
    let at_most = |name: &str, value: f64, bar: f64| Figure {
        met: Some(value <= bar),
        ..Figure::new(name, value, "s", Some(bar))
    };
    Ok(vec![
        at_most("import of 50,000 rows", new.took, BARS.0),
        at_most(
            "longest wait of another writer meanwhile",
            new.waited,
            BARS.1,
        ),
        Figure::new("taking it back", gone.took, "s", None),
        at_most("longest wait meanwhile", gone.waited, BARS.1),
        at_most("changing 50,000 records", changed.took, BARS.0),
        at_most("longest wait while changing", changed.waited, BARS.1),
        Figure::new("taking the changes back", restored.took, "s", None),
        at_most(
            "longest wait while taking them back",
            restored.waited,
            BARS.1,
        ),
    ])
}

/// What lists are imported into.
struct Bench {
    db: Db,
    clock: Clock,
    account: Id<accounts::Account>,
    cluster: Cluster,
}

/// Seconds that something took, and the longest that another writer waited.
struct Measured {
    took: f64,
    waited: f64,
}

impl Bench {
    /// Measures something while somebody else writes.
    fn beside<T>(&self, act: impl FnOnce() -> Result<T>) -> Result<(T, Measured)> {
        let beside = Beside::begin(&self.db, &self.clock, self.account);
        let start = Instant::now();
        let answer = act()?;
        let took = start.elapsed().as_secs_f64();
        let waited = beside.end()?;
        Ok((answer, Measured { took, waited }))
    }

    /// Imports a list, whose counts must be as the caller has it.
    fn apply(
        &self,
        bytes: &[u8],
        is_right: impl Fn(&Counts) -> bool,
    ) -> Result<(Id<Import>, Measured)> {
        let ((plan, import), measured) = self.beside(|| {
            let table = sheets::read(bytes, "list.csv", &Limits::default(), None)
                .map_err(|trouble| Error::broken(format!("{trouble:?}")))?;
            let mapping = columns::recognise(&table.header, &Default::default());
            let source = Source {
                cluster: self.cluster.clone(),
                file_name: "list.csv".into(),
                file_hash: String::new(),
                header: table.header.clone(),
                mapping,
                staged: None,
                actor: None,
                choices: Choices::default(),
            };
            let lines = columns::lines(&table, &source.mapping);
            let stamp = Stamp::system(self.clock.now());
            import::run(&self.db, &source, &Reach::Everything, &lines, &stamp)
        })?;
        if !is_right(&plan.counts) {
            return Err(Error::broken(format!("counted: {:?}", plan.counts)));
        }
        let import = import.ok_or_else(|| Error::broken("nothing was imported"))?;
        Ok((import, measured))
    }

    fn take_back(&self, import: Id<Import>) -> Result<Measured> {
        let stamp = Stamp::system(self.clock.now());
        let (db, progress) = (&self.db, Arc::default());
        let undo = || import::undo_watched(db, &stamp, import, &progress, |_| Ok(()));
        Ok(self.beside(undo)?.1)
    }
}

/// Somebody who writes beside.
struct Beside {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<f64>>,
}

impl Beside {
    fn begin(db: &Db, clock: &Clock, account: Id<accounts::Account>) -> Beside {
        let stop = Arc::new(AtomicBool::new(false));
        let (db, clock, until) = (db.clone(), clock.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || longest_wait(&db, &clock, account, &until));
        Beside { stop, thread }
    }

    /// The longest wait in seconds.
    fn end(self) -> Result<f64> {
        self.stop.store(true, Ordering::Relaxed);
        let panicked = |_| Error::broken("the other writer panicked");
        self.thread.join().map_err(panicked)?
    }
}

/// Writes over and over until told to stop; the longest wait in seconds.
fn longest_wait(
    db: &Db,
    clock: &Clock,
    account: Id<accounts::Account>,
    stop: &AtomicBool,
) -> Result<f64> {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        let start = Instant::now();
        let hash = secret::hash(&secret::token());
        db.write_now(Stamp::system(clock.now()), move |work| {
            accounts::record_session(work, account, &hash, "bench")
        })?;
        longest = longest.max(start.elapsed());
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(longest.as_secs_f64())
}

const FORMS: [&str; 5] = ["GmbH", "AG", "e. V.", "GmbH & Co. KG", "UG"];
const PLACES: [&str; 6] = [
    "Hamburg",
    "Norderstedt",
    "Stade",
    "Buxtehude",
    "Ahrensburg",
    "Wedel",
];

/// A pronounceable word of three syllables.
fn word(dice: &mut Dice) -> String {
    let mut word = String::new();
    for _ in 0..3 {
        word.push(*dice.pick(&[
            'b', 'd', 'f', 'g', 'h', 'k', 'l', 'm', 'n', 'r', 's', 't', 'v', 'w',
        ]));
        word.push(*dice.pick(&['a', 'e', 'i', 'o', 'u']));
    }
    word
}

/// A list as clusters keep it, with a contact in every third row. The changed one
/// has another website in each row and another legal form in every tenth.
fn list(is_changed: bool) -> Vec<u8> {
    let mut text = String::from("Firma;Straße;PLZ;Ort;Webseite;Ansprechpartner;E-Mail\r\n");
    let mut dice = Dice::new(50_000);
    for n in 0..ROWS {
        let contact = match n % 3 {
            0 => format!("Kontakt {n};kontakt{n}@firma{n}.example"),
            _ => ";".to_owned(),
        };
        let (first, second) = (word(&mut dice), word(&mut dice));
        let form = match dice.pick(&FORMS) {
            _ if is_changed && n % 10 == 0 => "SE",
            form => form,
        };
        let host = if is_changed { "neu" } else { "firma" };
        text.push_str(&format!(
            "{first} {second} {form};Messweg {};{};{};https://{host}{n}.example;{contact}\r\n",
            n % 200,
            20_000 + n % 1_000,
            dice.pick(&PLACES),
        ));
    }
    text.into_bytes()
}
