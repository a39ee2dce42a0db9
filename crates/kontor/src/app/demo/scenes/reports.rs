//! Somebody from outside writes what nobody has asked for: they prove their address,
//! and whoever gets the letter reports and blocks them by its links.

use kontor_platform::mail;
use kontor_platform::{Error, Instant, Result};

use super::{Stage, lang};
use crate::app::demo::content::Post;

/// Letters that are looked through for the one just written.
const LETTERS: i64 = 20;

/// The sender of a message proves their address, and is reported and blocked.
pub(super) async fn report(stage: &Stage<'_>, message: &Post) -> Result<()> {
    let sender = stage.outsider(lang(message));
    let own = |to: &str| to == message.mail;
    let asked = letter(stage, "directory.contact_confirmation", own).await?;
    sender
        .post(&link(&asked, "/kontakt/bestaetigen/")?, &[])
        .await?;
    stage.until(message.days, 16);
    let relayed = letter(stage, "directory.contact", |_| true).await?;
    let mut links = relayed.split_whitespace();
    let mut find = |act: &str| {
        let found = links.find(|word| word.contains(act));
        found.map_or_else(|| Err(none(act)), |word| link(word, "/kontakt/"))
    };
    let (block, report) = (find("/sperren/")?, find("/melden/")?);
    let recipient = stage.outsider(lang(message));
    let note = [("note", message.report.as_str())];
    recipient.post(&report, &note).await?;
    recipient.post(&block, &[]).await?;
    Ok(())
}

/// The words of the newest letter of a kind to a recipient.
async fn letter(
    stage: &Stage<'_>,
    kind: &'static str,
    to: impl Fn(&str) -> bool,
) -> Result<String> {
    let newest = stage
        .site
        .db
        .read(|conn| mail::page(conn, None, (Instant(i64::MAX), ""), LETTERS));
    let newest = newest.await?;
    let found = newest.iter().find(|m| m.kind == kind && to(&m.to));
    let id = found.ok_or_else(|| none(kind))?.id;
    Ok(stage
        .site
        .db
        .read(move |conn| mail::find(conn, id))
        .await?
        .text)
}

/// The path in a letter that begins so.
fn link(text: &str, start: &str) -> Result<String> {
    let at = text.find(start).ok_or_else(|| none(start))?;
    let path = text[at..].split(char::is_whitespace).next();
    Ok(path.unwrap_or_default().to_owned())
}

fn none(what: &str) -> Error {
    Error::broken(format!("the demo's people got no letter with {what}"))
}
