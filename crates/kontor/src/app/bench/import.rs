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
use kontor_platform::{Clock, Error, Result, secret};

use super::{Figure, seeded};
use crate::accounts;
use crate::app::demo::Dice;
use crate::directory::cluster_by_slug;
use crate::directory::import::{self, Choices, Reach, Source, columns};

/// Rows of the list.
const ROWS: usize = 50_000;
/// Seconds that it may take, and that another writer may wait.
const BARS: (f64, f64) = (60.0, 3.0);

/// Imports a list of 50,000 rows and takes it back: seconds from the file's bytes
/// to the commit, seconds until it is gone, and the longest that another command
/// waited meanwhile.
pub fn import(config: &Config, data: &Path) -> Result<Vec<Figure>> {
    let clock = Clock::system();
    let db = seeded(config, data, &clock)?;
    let account = db.read_now(accounts::any_demo_account)?;
    let bytes = list();
    let beside = Beside::begin(&db, &clock, account);
    let start = Instant::now();
    let table = sheets::read(&bytes, "list.csv", &Limits::default(), None)
        .map_err(|trouble| Error::broken(format!("{trouble:?}")))?;
    let cluster = db
        .read_now(|conn| cluster_by_slug(conn, "hamburg-aviation"))?
        .map_err(|_| Error::broken("the demo has this cluster"))?;
    let mapping = columns::recognise(&table.header, &Default::default());
    let source = Source {
        cluster,
        file_name: "list.csv".into(),
        file_hash: String::new(),
        header: table.header.clone(),
        mapping,
        staged: None,
        actor: None,
        choices: Choices::default(),
    };
    let lines = columns::lines(&table, &source.mapping);
    let stamp = Stamp::system(clock.now());
    let (plan, import) = import::run(&db, &source, &Reach::Everything, &lines, &stamp)?;
    let took = start.elapsed().as_secs_f64();
    let waited = beside.end()?;
    if usize::try_from(plan.counts.new) != Ok(ROWS) {
        return Err(Error::broken(format!("{} rows are new", plan.counts.new)));
    }
    let import = import.ok_or_else(|| Error::broken("nothing was imported"))?;
    let beside = Beside::begin(&db, &clock, account);
    let start = Instant::now();
    import::undo_watched(&db, &stamp, import, &Arc::default(), |_| Ok(()))?;
    let undone = start.elapsed().as_secs_f64();
    let waited_for_undo = beside.end()?;
    let at_most = |name: &str, value: f64, bar: f64| Figure {
        met: Some(value <= bar),
        ..Figure::new(name, value, "s", Some(bar))
    };
    Ok(vec![
        at_most("import of 50,000 rows", took, BARS.0),
        at_most("longest wait of another writer meanwhile", waited, BARS.1),
        Figure::new("taking it back", undone, "s", None),
        at_most("longest wait meanwhile", waited_for_undo, BARS.1),
    ])
}

/// Somebody who writes beside.
struct Beside {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<f64>>,
}

impl Beside {
    fn begin(db: &Db, clock: &Clock, account: kontor_platform::Id<accounts::Account>) -> Beside {
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
    account: kontor_platform::Id<accounts::Account>,
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

/// A list as clusters keep it, with a contact in every third row.
fn list() -> Vec<u8> {
    let mut text = String::from("Firma;Straße;PLZ;Ort;Webseite;Ansprechpartner;E-Mail\r\n");
    let mut dice = Dice::new(50_000);
    for n in 0..ROWS {
        let contact = match n % 3 {
            0 => format!("Kontakt {n};kontakt{n}@firma{n}.example"),
            _ => ";".to_owned(),
        };
        let name = format!(
            "{} {} {}",
            word(&mut dice),
            word(&mut dice),
            dice.pick(&FORMS)
        );
        text.push_str(&format!(
            "{name};Messweg {};{};{};https://firma{n}.example;{contact}\r\n",
            n % 200,
            20_000 + n % 1_000,
            dice.pick(&PLACES),
        ));
    }
    text.into_bytes()
}
