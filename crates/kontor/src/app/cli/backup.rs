//! `kontor backup` and `kontor restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use kontor_platform::config::Config;
use kontor_platform::{Clock, Result, secret};

use super::{say, wrong_usage};
use crate::app::{backup, folder, server};

/// How the names of archives of this command begin.
const BEGINNING: &str = "backup-";

#[derive(Args)]
pub(super) struct Backup {
    /// The archive to write, or a folder that gets one named by the time
    /// [default: the folder `backups` in the data folder].
    place: Option<PathBuf>,
    /// Keep so many of the folder's archives and remove older ones.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(super) struct Restore {
    /// The archive.
    file: PathBuf,
    /// Replace all data that is there.
    #[arg(long)]
    yes: bool,
    /// One line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn make(config: &Config, data: &Path, args: &Backup) -> Result<()> {
    let now = Clock::system().now();
    let place = args.place.clone().unwrap_or_else(|| backup::folder(data));
    let to_folder = args.place.is_none() || place.is_dir();
    if args.keep.is_some() && !to_folder {
        return Err(wrong_usage(format!(
            "--keep needs a folder of archives, and {} is none: make it, or look whether its disk is there",
            place.display()
        )));
    }
    // Before a folder is made for what then cannot be written.
    folder::existing(config, data)?;
    let path = if to_folder {
        secret::private_folder(&place)?;
        place.join(backup::name("backup", now))
    } else {
        place.clone()
    };
    let key = server::secret(config, data)?;
    let made = backup::write(
        &folder::source(config, data)?,
        data,
        key.as_deref(),
        &path,
        now,
    )?;
    let removed = match args.keep {
        Some(most) => backup::keep_newest(&place, BEGINNING, most.into())?,
        None => Vec::new(),
    };
    if args.json {
        let mut line = serde_json::to_value(&made)?;
        line["removed"] = serde_json::to_value(&removed)?;
        say(&line.to_string());
        return Ok(());
    }
    say(&format!("Backup: {}", made.path.display()));
    say(&format!(
        "  {} rows in {} tables, {} files, {} facts, {} KiB",
        made.rows,
        made.tables,
        made.files,
        made.log_seq,
        made.bytes.div_ceil(1024)
    ));
    say(&format!("  SHA-256 {}", made.sha256));
    for path in removed {
        say(&format!("  removed {}", path.display()));
    }
    Ok(())
}

pub(super) fn restore(config: &Config, data: &Path, args: &Restore) -> Result<()> {
    let now = Clock::system().now();
    let done = backup::restore(&args.file, config, data, args.yes, now)?;
    if args.json {
        say(&serde_json::to_string(&done)?);
        return Ok(());
    }
    say(&format!(
        "Restored: the data of {}, by Kontor {}",
        done.made_at, done.version
    ));
    say(&format!(
        "  {} rows in {} tables, {} files, {} facts; the log's chain holds",
        done.rows, done.tables, done.files, done.log_seq
    ));
    say("  Sessions have ended and open links by mail are used up: everybody signs in anew.");
    if done.erasures > 0 {
        let count = done.erasures;
        say(&format!(
            "  Erased again, because it was done since the backup: {count} (erasures.jsonl)."
        ));
    }
    if !done.secret {
        say("  The server's secret is the configuration's.");
    }
    Ok(())
}
