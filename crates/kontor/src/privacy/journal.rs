//! The journal of erasures beside the database, and its replay after a restore.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use kontor_platform::db::{Conn, Db};
use kontor_platform::secret::{self, ServerKey};
use kontor_platform::{Result, Work, mail};

use super::commands::{addresses, erase_all, forget_address, mark};
use super::store::{self, Erasure};
use crate::accounts;

/// The journal's file in the data folder: a line of JSON for each erasure. It
/// belongs beside the backups, not into them.
fn file(data: &Path) -> PathBuf {
    data.join("erasures.jsonl")
}

fn read(data: &Path) -> Result<Vec<Erasure>> {
    let path = file(data);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path)?;
    let lines = text.lines().filter(|l| !l.trim().is_empty());
    lines.map(|l| Ok(serde_json::from_str(l)?)).collect()
}

/// Writes the journal anew if the database knows erasures that the file does
/// not. Lines that only the file knows stay.
pub fn save_file(db: &Db, data: &Path) -> Result<()> {
    merge(db.read_now(store::all)?, data)
}

/// The same of a database that is about to be replaced, of whatever version.
pub fn save_of(conn: &mut Conn, data: &Path) -> Result<()> {
    merge(store::all_of_any(conn)?, data)
}

fn merge(stored: Vec<Erasure>, data: &Path) -> Result<()> {
    let known = read(data)?;
    let ids: HashSet<String> = known.iter().map(|e| e.id.to_string()).collect();
    let new: Vec<Erasure> = stored
        .into_iter()
        .filter(|e| !ids.contains(&e.id.to_string()))
        .collect();
    if new.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    for e in known.iter().chain(&new) {
        text.push_str(&serde_json::to_string(e)?);
        text.push('\n');
    }
    let waiting = data.join("erasures.jsonl.new");
    secret::write_private(&waiting, text.as_bytes())?;
    Ok(std::fs::rename(waiting, file(data))?)
}

/// After a restore: whoever was erased since the backup is erased again. Mails that
/// the backup still holds as waiting are kept: they may have gone out long ago.
/// Sessions and links end: some were ended or used since the backup; a mail with
/// such a link loses its words. The keys are those under which addresses may have
/// been marked. How many erasures the backup did not know.
pub fn replay(work: &mut Work<'_>, data: &Path, keys: &[ServerKey]) -> Result<usize> {
    mail::keep_waiting(work)?;
    mail::empty_confidential(work)?;
    let now = work.now();
    accounts::privacy::end_everything_open(work, now)?;
    let stored = store::all(work)?;
    let ids: HashSet<String> = stored.iter().map(|e| e.id.to_string()).collect();
    let (mut marks, mut done) = (HashSet::new(), 0);
    for erasure in read(data)? {
        if ids.contains(&erasure.id.to_string()) {
            continue;
        }
        erase_all(work, erasure.account.as_deref(), erasure.person.as_deref())?;
        store::insert(work, &erasure)?;
        marks.extend(erasure.address);
        done += 1;
    }
    if marks.is_empty() {
        return Ok(done);
    }
    for address in addresses(work)? {
        let is_marked = |key| marks.contains(&mark(key, &address));
        if keys.iter().any(is_marked) {
            forget_address(work, &address)?;
        }
    }
    Ok(done)
}
