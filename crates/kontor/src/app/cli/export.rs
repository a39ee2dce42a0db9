//! `kontor export`: lists for other programs.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use kontor_platform::config::Config;
use kontor_platform::db::Conn;
use kontor_platform::{Clock, Error, Result, log, secret};
use kontor_press::{Dialect, to_csv, to_xlsx};
use serde_json::{Value, json};

use super::{say, wrong_usage};
use crate::app::server;
use crate::directory::export::{self, List};

/// Facts that are read at a time.
const PAGE: i64 = 1_000;

#[derive(Args)]
pub(super) struct Export {
    /// The folder that gets one file per list; `-` writes one list to standard output.
    #[arg(default_value = "-")]
    place: PathBuf,
    /// Which lists.
    #[arg(long, required = true, value_delimiter = ',')]
    what: Vec<What>,
    /// jsonl has one JSON object per line; the log has no other form.
    #[arg(long, default_value = "jsonl")]
    format: Format,
    /// Replace lists of the folder that have the same name.
    #[arg(long)]
    replace: bool,
    /// Add name, function, mail and phone of the people in each organisation.
    /// These are personal data: say to whom they go, and why, before you take them.
    #[arg(long)]
    with_contacts: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Organisations with classes, external identifiers and memberships.
    Organisations,
    Clusters,
    /// The activity log: identifiers only, with the hashes of its chain.
    Log,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Organisations => "organisations",
            What::Clusters => "clusters",
            What::Log => "log",
        }
    }
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Jsonl => "jsonl",
        }
    }
}

impl Export {
    /// The file of a list; of one that is there only where it may be replaced.
    fn path(&self, what: What) -> Result<PathBuf> {
        let name = format!("{}.{}", what.name(), self.format.ending());
        let path = self.place.join(name);
        if path.exists() && !self.replace {
            return Err(Error::broken(format!(
                "{} is there already; name another folder, or add --replace",
                path.display()
            )));
        }
        Ok(path)
    }
}

pub(super) fn run(config: &Config, data: &Path, args: &Export) -> Result<()> {
    let to_output = args.place == Path::new("-");
    if to_output && args.what.len() > 1 {
        return Err(wrong_usage("several lists need a folder"));
    }
    if args.what.contains(&What::Log) && args.format != Format::Jsonl {
        return Err(wrong_usage("the log is written as jsonl only"));
    }
    if args.with_contacts && !args.what.contains(&What::Organisations) {
        return Err(wrong_usage("--with-contacts belongs to organisations"));
    }
    if !to_output {
        // Before the first is written.
        args.what
            .iter()
            .try_for_each(|what| args.path(*what).map(drop))?;
    }
    let db = server::open_existing(config, data, &Clock::system())?;
    // All lists of one call show one moment.
    db.read_now(|conn| {
        for what in &args.what {
            if to_output {
                write(conn, *what, args, &mut std::io::stdout().lock())?;
                continue;
            }
            secret::private_folder(&args.place)?;
            let path = args.path(*what)?;
            secret::write_private(&path, b"")?;
            let file = std::fs::File::options().write(true).open(&path)?;
            let mut out = std::io::BufWriter::new(file);
            let rows = write(conn, *what, args, &mut out)?;
            out.flush()?;
            say(&format!("{}: {rows} rows", path.display()));
        }
        Ok(())
    })
}

/// Writes one list; says how many rows.
fn write(conn: &mut Conn, what: What, args: &Export, out: &mut dyn Write) -> Result<usize> {
    let list = match what {
        What::Organisations => export::organisations(conn, args.with_contacts)?,
        What::Clusters => export::clusters(conn)?,
        What::Log => return write_log(conn, out),
    };
    match args.format {
        Format::Jsonl => lines(&list, out)?,
        Format::Csv => {
            let plain = Dialect {
                separator: ',',
                bom: false,
            };
            out.write_all(&to_csv(&list.sheet(), plain))?;
        }
        Format::Xlsx => {
            let bytes = to_xlsx(&list.sheet()).map_err(|e| Error::Broken(Box::new(e)))?;
            out.write_all(&bytes)?;
        }
    }
    Ok(list.rows.len())
}

fn lines(list: &List, out: &mut dyn Write) -> Result<()> {
    for row in &list.rows {
        serde_json::to_writer(&mut *out, row)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn write_log(conn: &mut Conn, out: &mut dyn Write) -> Result<usize> {
    let mut rows = 0;
    let mut seq = 0;
    loop {
        let entries = log::after(conn, seq, PAGE)?;
        let Some(last) = entries.last() else {
            return Ok(rows);
        };
        seq = last.seq;
        for e in &entries {
            let body: Value = serde_json::from_str(&e.body)?;
            let line = json!({
                "seq": e.seq, "kind": e.kind, "subject": e.subject, "actor": e.actor,
                "acting_for": e.acting_for, "at": e.at.rfc3339(), "body": body, "hash": e.hash,
            });
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")?;
        }
        rows += entries.len();
    }
}
