//! Letters to cluster managers about records that may be the same.

use kontor_platform::db::Conn;
use kontor_platform::mail::{self, NewMail};
use kontor_platform::text::{Arg, Lang};
use kontor_platform::web::Site;
use kontor_platform::work::Stamp;
use kontor_platform::{Error, Id, Instant, Result};

use super::model::{Merge, Proposal, Record};
use super::store::{self, Pair, Proposed};
use crate::accounts::{Holder, Letter, Who, managers};
use crate::directory::model::Visibility;

/// After so many days without an answer somebody is reminded.
const REMIND_AFTER_S: i64 = 14 * 24 * 3600;

/// What a letter is about.
#[derive(Debug, Clone, Copy)]
pub enum About {
    Proposed,
    Merged,
    Reminder,
    Withdrawn,
    /// Another cluster has said no.
    Declined,
    /// Another cluster has taken the merge back.
    Undone,
}

impl About {
    /// The mail's kind, which begins its key; keys of subject and text.
    fn words(self) -> [&'static str; 3] {
        match self {
            About::Proposed => [
                "directory.merge_proposed",
                "duplicates-mail-proposed-subject",
                "duplicates-mail-proposed-text",
            ],
            About::Merged => [
                "directory.merged",
                "duplicates-mail-merged-subject",
                "duplicates-mail-merged-text",
            ],
            About::Reminder => [
                "directory.merge_reminder",
                "duplicates-mail-reminder-subject",
                "duplicates-mail-reminder-text",
            ],
            About::Withdrawn => [
                "directory.merge_withdrawn",
                "duplicates-mail-withdrawn-subject",
                "duplicates-mail-withdrawn-text",
            ],
            About::Declined => [
                "directory.merge_declined",
                "duplicates-mail-declined-subject",
                "duplicates-mail-declined-text",
            ],
            About::Undone => [
                "directory.merge_undone",
                "duplicates-mail-undone-subject",
                "duplicates-mail-undone-text",
            ],
        }
    }

    /// Says only that there is something about a record.
    fn hidden_text(self) -> &'static str {
        match self {
            About::Withdrawn => "duplicates-mail-withdrawn-hidden-text",
            About::Declined => "duplicates-mail-declined-hidden-text",
            About::Undone => "duplicates-mail-undone-hidden-text",
            _ => "duplicates-mail-hidden-text",
        }
    }

    /// The same letter is queued once per cause and recipient.
    pub fn key(self, cause: &str, to: &Holder) -> String {
        let [kind, ..] = self.words();
        format!("{kind}:{cause}:{}", to.id)
    }
}

/// What a proposal's letters are known by: the pair, and when it was proposed.
pub fn cause(pair: Pair, at: Instant) -> String {
    format!("{}-{}-{}", pair.0, pair.1, at.0)
}

/// Winner's and loser's name, if a letter may name both: everybody who takes part
/// sees them, or a management of their own has agreed (INV-23).
pub fn names(
    winner: &Record,
    loser: &Record,
    agrees: impl Fn(&str) -> bool,
) -> Option<(String, String)> {
    let is_free = |r: &Record| {
        r.visibility != Visibility::Cluster || r.clusters.iter().any(|(id, _)| agrees(id))
    };
    let both = is_free(winner) && is_free(loser);
    both.then(|| (winner.name.clone(), loser.name.clone()))
}

/// A letter about a pair of records; `cause` makes it unique per recipient.
/// Without names it says only that there is something to look at.
pub fn letter(
    site: &Site,
    to: &Holder,
    about: About,
    cause: &str,
    names: Option<&(String, String)>,
) -> Result<NewMail> {
    let lang = Lang::parse(&to.lang).unwrap_or_default();
    let s = site.speak(lang);
    let [kind, subject, text] = about.words();
    let text = match names {
        Some((winner, loser)) => {
            let args = [("winner", Arg::Text(winner)), ("loser", Arg::Text(loser))];
            s.with(text, &args)
        }
        None => s.t(about.hidden_text()).to_owned(),
    };
    let letter = Letter {
        kind,
        key: about.key(cause, to),
        account: Some(to.id),
        to: to.mail.clone(),
        lang,
        subject: s.t(subject).to_owned(),
        paragraphs: vec![text],
        action: Some((
            s.t("duplicates-title").to_owned(),
            site.link(lang, "/verwaltung/dubletten"),
        )),
        ..Letter::default()
    };
    letter.mail(site)
}

/// Letters to those who were told of a proposal by mail, that it is withdrawn; to
/// nobody else.
pub fn withdrawn(
    conn: &mut Conn,
    site: &Site,
    proposal: &Proposed,
    now: Instant,
) -> Result<Vec<NewMail>> {
    let pair = (proposal.winner, proposal.loser);
    let proposed = cause(pair, proposal.created_at);
    let id = proposal.id.to_string();
    let records = store::records(conn, &[pair.0, pair.1])?;
    let Some((winner, loser)) = records.get(&pair.0).zip(records.get(&pair.1)) else {
        return Ok(Vec::new());
    };
    let agreed = store::agreed_to(conn, proposal.id)?;
    let names = names(winner, loser, |c| agreed.contains(c));
    let mut letters = Vec::new();
    let asked = store::asked(conn, proposal.id)?;
    for to in managers(conn, asked.iter(), now.day())? {
        let keys = [
            About::Proposed.key(&proposed, &to),
            About::Reminder.key(&id, &to),
        ];
        if mail::is_queued(conn, &keys)? {
            letters.push(letter(site, &to, About::Withdrawn, &id, names.as_ref())?);
        }
    }
    Ok(letters)
}

/// Letters to the managements that made a proposal and have not said no themselves.
pub fn declined(conn: &mut Conn, who: &Who, id: Id<Proposal>) -> Result<Vec<NewMail>> {
    let proposal = store::proposal(conn, id)?;
    let mut by = store::proposed_by(conn, id)?;
    by.retain(|c| !who.actor.manages(c));
    let agreed = store::agreed_to(conn, id)?;
    let records = store::records(conn, &[proposal.winner, proposal.loser])?;
    let pair = records
        .get(&proposal.winner)
        .zip(records.get(&proposal.loser));
    let names = pair.and_then(|(w, l)| names(w, l, |c| agreed.contains(c)));
    to_managers(conn, who, &by, (About::Declined, &id.to_string()), names)
}

/// Letters to the other managements whose records a merge has touched, that it is
/// taken back.
pub fn undone(conn: &mut Conn, who: &Who, id: Id<Merge>) -> Result<Vec<NewMail>> {
    let mut others = store::clusters_of_merge(conn, id)?;
    let led = |c: &String| who.actor.manages(c);
    if !others.iter().any(led) {
        return Err(Error::NotFound);
    }
    others.retain(|c| !led(c));
    let ((winner, loser), ..) = store::merge(conn, id)?;
    let records = store::records(conn, &[winner, loser])?;
    let pair = records.get(&winner).zip(records.get(&loser));
    // The loser belongs to nobody while it is merged: both are the winner's clusters'.
    let names = pair.and_then(|(w, l)| names(w, l, |_| w.visibility != Visibility::Cluster));
    to_managers(conn, who, &others, (About::Undone, &id.to_string()), names)
}

fn to_managers(
    conn: &mut Conn,
    who: &Who,
    clusters: &[String],
    (about, cause): (About, &str),
    names: Option<(String, String)>,
) -> Result<Vec<NewMail>> {
    let mut letters = Vec::new();
    for to in managers(conn, clusters.iter(), who.cx.now.day())? {
        letters.push(letter(&who.cx.site, &to, about, cause, names.as_ref())?);
    }
    Ok(letters)
}

/// Reminds the managers of clusters that have not answered a proposal for
/// fourteen days, once; answers how many letters are queued. Blocking: to be
/// called once a day.
pub fn remind(site: &Site, now: Instant) -> Result<usize> {
    let due = site.db.read_now(|conn| {
        let mut due = Vec::new();
        for (id, winner, loser) in store::due(conn, now.plus_s(-REMIND_AFTER_S))? {
            let asked = store::waiting_for(conn, id)?;
            let to = managers(conn, asked.iter().map(|(c, _)| c), now.day())?;
            let agreed = store::agreed_to(conn, id)?;
            let records = store::records(conn, &[winner, loser])?;
            let pair = records.get(&winner).zip(records.get(&loser));
            let names = pair.and_then(|(w, l)| names(w, l, |c| agreed.contains(c)));
            due.push((id, names, to));
        }
        Ok(due)
    })?;
    let mut sent = 0;
    for (id, names, to) in due {
        let letters = to
            .iter()
            .map(|h| letter(site, h, About::Reminder, &id.to_string(), names.as_ref()))
            .collect::<Result<Vec<_>>>()?;
        sent += queue(site, id, letters, now)?;
    }
    Ok(sent)
}

fn queue(site: &Site, id: Id<Proposal>, letters: Vec<NewMail>, now: Instant) -> Result<usize> {
    site.db.write_now(Stamp::system(now), move |work| {
        if !store::set_reminded(work, id, now)? {
            return Ok(0);
        }
        for letter in &letters {
            mail::queue(work, letter, now)?;
        }
        Ok(letters.len())
    })
}
