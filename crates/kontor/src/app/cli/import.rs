//! `kontor import`: member lists from the shell.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use clap::{Args, Subcommand};
use kontor_platform::config::Config;
use kontor_platform::sheets::{self, Form, Limits, Table, Trouble};
use kontor_platform::text::{Arg, Lang, Speech};
use kontor_platform::work::Stamp;
use kontor_platform::{Clock, Error, Result, secret};

use super::{counted, say, say_wrong, users, wrong_usage};
use crate::app::{server, wiring};
use crate::directory::import::{
    self, Action, Choices, Counts, Field, Other, Outcome, Plan, Progress, Reach, Source, columns,
};
use crate::directory::{self, LegalGround, Visibility};

#[derive(Subcommand)]
pub(super) enum Import {
    /// Import a cluster's member list: CSV, XLSX, XLS or ODS, also packed (.gz).
    ///
    /// Everything is imported or nothing. A rejected line stops the whole list
    /// unless --skip-rejected is given. Ends with 0 when done, 1 when the list
    /// could not be imported, 2 on wrong usage.
    #[command(
        after_help = "Examples:\n  kontor import members members.xlsx --cluster hamburg-aviation --dry-run\n  kontor import members members.csv --cluster hamburg-aviation --map name=Firmierung --json\n  kontor import members members.xlsx --cluster hamburg-aviation --source \"membership application\" --legal-ground contract"
    )]
    Members(Members),
}

#[derive(Args)]
pub(super) struct Members {
    /// The list.
    file: PathBuf,
    /// The cluster's address, such as hamburg-aviation.
    #[arg(long, value_name = "SLUG")]
    cluster: String,
    /// Say what would happen and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Import the other lines when some are rejected.
    #[arg(long)]
    skip_rejected: bool,
    /// What a column holds, over what was recognised; may be repeated.
    #[arg(long, value_name = "FIELD=HEADING")]
    map: Vec<String>,
    /// The sheet to read; without it the first one with a list.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Where the list's personal data come from, such as "membership application".
    #[arg(long, value_name = "TEXT", requires = "legal_ground")]
    source: Option<String>,
    /// The ground on which they may be kept: contract, public_task,
    /// legitimate_interest or consent. Without it contacts stay hidden and
    /// nobody writes to them.
    #[arg(long, value_name = "WORD", requires = "source", value_parser = ground)]
    legal_ground: Option<LegalGround>,
    /// Who may first see new organisations: public, all_clusters or cluster
    /// [default: as the cluster has it].
    #[arg(long, value_name = "WORD", value_parser = visibility)]
    visibility: Option<Visibility>,
    /// End with one line of JSON that holds the counts.
    #[arg(long)]
    json: bool,
}

fn ground(word: &str) -> Result<LegalGround, String> {
    let all = LegalGround::ALL.iter().map(|g| g.as_str());
    LegalGround::parse(word).ok_or_else(|| one_of(all))
}

fn visibility(word: &str) -> Result<Visibility, String> {
    let all = Visibility::ALL.iter().map(|v| v.as_str());
    Visibility::parse(word).ok_or_else(|| one_of(all))
}

fn one_of(words: impl Iterator<Item = &'static str>) -> String {
    format!("write one of {}", words.collect::<Vec<_>>().join(", "))
}

/// Runs one of the imports.
pub(super) fn run(config: &Config, data: &Path, what: Import) -> Result<()> {
    let Import::Members(args) = what;
    members(config, data, &args)
}

fn members(config: &Config, data: &Path, args: &Members) -> Result<()> {
    let speech = wiring::texts()?.speak(Lang::En);
    let (table, hash) = read(args, &speech)?;
    let clock = Clock::system();
    let db = server::open_existing(config, data, &clock)?;
    let cluster = db
        .read_now(|conn| directory::cluster_by_slug(conn, &args.cluster))?
        .map_err(|known| users::unknown_cluster(&args.cluster, &known))?;
    let remembered = db.read_now(|conn| import::remembered_columns(conn, &cluster))?;
    let mut mapping = columns::recognise(&table.header, &remembered);
    for pair in &args.map {
        correct(&mut mapping, &table.header, pair)?;
    }
    tell_columns(&table, &mapping);
    if !mapping.contains(&Some(Field::Name)) {
        return Err(wrong_usage(
            "no column was recognised as the name; say which one: --map name=HEADING",
        ));
    }
    let source = Source {
        cluster,
        file_name: file_name(&args.file),
        file_hash: hash,
        header: table.header.clone(),
        mapping,
        staged: None,
        actor: None,
        choices: Choices {
            source: args.source.clone().unwrap_or_default(),
            ground: args.legal_ground,
            visibility: args.visibility,
            ..Choices::default()
        },
    };
    let lines = columns::lines(&table, &source.mapping);
    let reach = Reach::Everything;
    let watch = Watch::begin();
    let plan = import::plan_watched(&db, &source.cluster, &reach, lines.clone(), &watch.progress)?;
    let refused = plan.counts.rejected > 0 && !args.skip_rejected;
    let (plan, done) = if refused || args.dry_run {
        (plan, None)
    } else {
        let stamp = Stamp::system(clock.now());
        import::run_watched(&db, &source, &reach, &lines, &stamp, &watch.progress)?
    };
    drop(watch);
    tell(&plan, &speech);
    tell_decisions(&plan, &source.choices);
    finish(args, &plan, refused, done.is_some())
}

/// Tells a person at a terminal how far the list is, on standard error, until
/// it is dropped. Stopping the program leaves nothing: all of it is one
/// transaction.
struct Watch {
    progress: Arc<Progress>,
    over: Option<mpsc::Sender<()>>,
    teller: Option<std::thread::JoinHandle<()>>,
}

impl Watch {
    fn begin() -> Watch {
        let progress = Arc::new(Progress::default());
        let mut watch = Watch {
            progress: Arc::clone(&progress),
            over: None,
            teller: None,
        };
        if std::io::stderr().is_terminal() {
            let (over, is_over) = mpsc::channel::<()>();
            watch.over = Some(over);
            watch.teller = Some(std::thread::spawn(move || {
                tell_progress(&progress, &is_over)
            }));
        }
        watch
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over.take();
        if let Some(teller) = self.teller.take() {
            // It only writes to the terminal; a panic there loses nothing.
            let _ = teller.join();
        }
    }
}

/// One line on the terminal, written over four times a second.
fn tell_progress(progress: &Progress, is_over: &mpsc::Receiver<()>) {
    let mut err = std::io::stderr();
    let mut any = false;
    let pause = Duration::from_millis(250);
    while is_over.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
        let at = progress.at();
        let (done, total, step) = (at.done, at.total, at.step.as_str());
        // A terminal that cannot be written to needs no progress.
        let _ = write!(err, "\r{step}: {done} of {total} lines\u{1b}[K").and_then(|()| err.flush());
        any = true;
    }
    if any {
        let _ = write!(err, "\r\u{1b}[K").and_then(|()| err.flush());
    }
}

/// Says what nobody was asked and how it was decided.
fn tell_decisions(plan: &Plan, choices: &Choices) {
    let kept: usize = plan.outcomes.iter().map(|o| o.asked.len()).sum();
    if kept > 0 {
        say_wrong(&format!(
            "{kept} values are kept: the organisations keep these fields themselves; \
             the import in the browser asks about each"
        ));
    }
    let people = plan.outcomes.iter().map(|o| o.people.len()).sum::<usize>();
    if people > 0 && choices.ground.is_none() {
        say_wrong(&format!(
            "{people} contacts come without a legal ground: they stay hidden and nobody writes \
             to them; give --source and --legal-ground, or name them later under Verwaltung"
        ));
    }
}

/// Says how it ended; the counts stand in the last line.
fn finish(args: &Members, plan: &Plan, refused: bool, imported: bool) -> Result<()> {
    say(match (refused, args.dry_run, imported) {
        (true, ..) => "Nothing was imported.",
        (_, true, _) => "Dry run: nothing was imported.",
        (_, _, false) => "Nothing to change.",
        (_, _, true) => "Imported.",
    });
    if args.json {
        say(&serde_json::to_string(&plan.counts)?);
    }
    if refused {
        return Err(Error::broken(
            "some lines are rejected; correct them, or import the others with --skip-rejected",
        ));
    }
    Ok(())
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// A packed list; one byte more than allowed of a longer one, so that whoever looks
/// at the length sees that it is too long.
fn unpacked(bytes: &[u8], most: u64) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(most + 1)
        .read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Reads the list; a packed one is unpacked first.
fn read(args: &Members, speech: &Speech) -> Result<(Table, String)> {
    let path = args.file.display();
    let mut bytes = std::fs::read(&args.file)
        .map_err(|error| wrong_usage(format!("{path} cannot be opened: {error}")))?;
    let hash = secret::hash_bytes(&bytes);
    let mut limits = Limits::default();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let most = limits.unpacked_mib as u64 * 1024 * 1024;
        bytes = unpacked(&bytes, most)
            .map_err(|error| Error::broken(format!("{path} cannot be unpacked: {error}")))?;
    }
    // Who types commands may bring a larger list than who uploads one.
    limits.file_mib = limits.unpacked_mib;
    let name = file_name(&args.file);
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let table = sheets::read(&bytes, name, &limits, args.sheet.as_deref())
        .map_err(|trouble| unreadable(args, &trouble, speech))?;
    if let (Form::Csv { .. }, Some(sheet)) = (&table.form, &args.sheet) {
        return Err(wrong_usage(format!(
            "--sheet {sheet}: {path} is a text file and has no sheets; leave --sheet out"
        )));
    }
    if table.rows.is_empty() {
        let reason = speech.t(import::NO_ROWS);
        return Err(Error::broken(format!("{path}: {reason}")));
    }
    Ok((table, hash))
}

/// Why a list cannot be read; a sheet that is not there is the command's fault.
fn unreadable(args: &Members, trouble: &Trouble, speech: &Speech) -> Error {
    let (path, reason) = (args.file.display(), speech.t(trouble.text_key()));
    match (trouble, &args.sheet) {
        (Trouble::NoSuchSheet, Some(sheet)) => {
            wrong_usage(format!("--sheet {sheet}: {path}: {reason}"))
        }
        _ => Error::broken(format!("{path}: {reason}")),
    }
}

/// Puts one column right: `FIELD=HEADING`.
fn correct(mapping: &mut columns::Mapping, header: &[String], pair: &str) -> Result<()> {
    let (field, heading) = pair
        .split_once('=')
        .ok_or_else(|| wrong_usage(format!("--map {pair}: write FIELD=HEADING")))?;
    let field = Field::parse(field.trim()).ok_or_else(|| {
        let all: Vec<&str> = Field::ALL.iter().map(|f| f.as_str()).collect();
        wrong_usage(format!("--map {pair}: the fields are {}", all.join(", ")))
    })?;
    let key = columns::heading_key(heading);
    let at = header
        .iter()
        .position(|h| h == heading.trim())
        .or_else(|| header.iter().position(|h| columns::heading_key(h) == key))
        .ok_or_else(|| {
            let all = header.join(", ");
            wrong_usage(format!("--map {pair}: the headings are {all}"))
        })?;
    if field != Field::Ignored {
        for slot in mapping.iter_mut().filter(|slot| **slot == Some(field)) {
            *slot = None;
        }
    }
    mapping[at] = Some(field);
    Ok(())
}

fn tell_columns(table: &Table, mapping: &columns::Mapping) {
    let pairs = table.header.iter().zip(mapping);
    let known: Vec<String> = pairs
        .clone()
        .filter_map(|(heading, field)| Some((heading, (*field)?)))
        .filter(|(_, field)| *field != Field::Ignored)
        .map(|(heading, field)| format!("{} = {heading}", field.as_str()))
        .collect();
    let unknown: Vec<&str> = pairs
        .filter(|(heading, field)| field.is_none() && !heading.is_empty())
        .map(|(heading, _)| heading.as_str())
        .collect();
    say(&format!(
        "{} below the headings in line {}",
        counted(
            i64::try_from(table.rows.len()).unwrap_or(i64::MAX),
            "line",
            "lines"
        ),
        table.header_row
    ));
    say(&format!("columns: {}", known.join("; ")));
    if !unknown.is_empty() {
        say(&format!("columns left out: {}", unknown.join("; ")));
    }
}

/// How many of each kind of notice are printed.
const SHOWN: usize = 20;

fn tell(plan: &Plan, speech: &Speech) {
    let Counts {
        new,
        changed,
        unchanged,
        absent,
        duplicates,
        rejected,
    } = plan.counts;
    let rejects = plan
        .outcomes
        .iter()
        .filter(|o| o.action == Action::Rejected);
    tell_some("rejected", rejects.map(|o| reject(o, speech)));
    let twins = plan.outcomes.iter().filter(|o| !o.twins.is_empty());
    tell_some(
        "possible duplicates, imported on their own",
        twins.map(|o| twin(o, speech)),
    );
    let unread = plan.outcomes.iter().filter(|o| !o.unread.is_empty());
    tell_some(
        "cells not understood, left out",
        unread.map(|o| {
            let cell = |(f, cell): &(Field, String)| format!("{} {cell:?}", speech.t(f.key()));
            let cells: Vec<String> = o.unread.iter().map(cell).collect();
            format!("line {}, {}: {}", o.line, o.name, cells.join(", "))
        }),
    );
    let kept = plan.outcomes.iter().filter(|o| !o.kept.is_empty());
    tell_some(
        "kept as they are in the directory",
        kept.map(|o| {
            let values: Vec<String> = o
                .kept
                .iter()
                .map(|c| {
                    format!(
                        "{}: {} (list: {})",
                        speech.t(c.attr.key()),
                        c.before,
                        c.after
                    )
                })
                .collect();
            format!("line {}, {}: {}", o.line, o.name, values.join("; "))
        }),
    );
    tell_some(
        "in the cluster, but not in this list",
        plan.absent.iter().map(|a| a.name.clone()),
    );
    say(&format!(
        "new {new}, changed {changed}, unchanged {unchanged}, rejected {rejected}; \
         absent {absent}, possible duplicates {duplicates}"
    ));
}

fn tell_some(title: &str, lines: impl Iterator<Item = String>) {
    let mut count = 0;
    for line in lines {
        if count == 0 {
            say(&format!("{title}:"));
        }
        if count < SHOWN {
            say(&format!("  {line}"));
        }
        count += 1;
    }
    if count > SHOWN {
        say(&format!("  and {} more", count - SHOWN));
    }
}

fn reject(o: &Outcome, speech: &Speech) -> String {
    let why = o.reason.as_ref().map_or_else(String::new, |reason| {
        speech.with(reason.key(), &[("line", Arg::Count(reason.line()))])
    });
    format!("line {}: {why}", o.line)
}

fn twin(o: &Outcome, speech: &Speech) -> String {
    let twins: Vec<String> = o
        .twins
        .iter()
        .map(|twin| match &twin.other {
            Other::Hidden => speech.t("import-like-hidden").to_owned(),
            Other::Record { name, .. } => format!("{name}: {}", speech.t(twin.likeness.key())),
            Other::Line { line, name } => {
                format!("line {line}, {name}: {}", speech.t(twin.likeness.key()))
            }
        })
        .collect();
    format!("line {}, {}: {}", o.line, o.name, twins.join("; "))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_packed_list_that_is_too_long_is_not_cut_off_unseen() {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(b"Name;Ort\n").unwrap();
        let packed = packer.finish().unwrap();
        assert_eq!(unpacked(&packed, 9).unwrap(), b"Name;Ort\n");
        let more = unpacked(&packed, 5).unwrap().len();
        assert_eq!(more, 6, "longer than the limit");
    }
}
