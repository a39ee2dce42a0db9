//! Takes due mails, hands them to the mail server, notes what became of them.

use std::time::Duration;

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Message, SmtpTransport, Transport};

use super::store::{self, Stored};
use super::{File, NewMail, State};
use crate::config::Smtp;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::time::{Clock, Instant};
use crate::work::Stamp;

/// Mails of one round.
const ROUND: i64 = 50;
/// How long a taken mail belongs to its taker; after a crash it waits so long.
const LEASE_S: i64 = 600;
/// How long the mail server may take for an answer.
const PATIENCE_S: u64 = 20;
/// Seconds until the next try, after each failure; then the mail has failed.
const WAITS_S: [i64; 7] = [60, 300, 1800, 7200, 21_600, 43_200, 86_400];

/// What a round did.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub sent: u64,
    pub not_sent: u64,
    /// There may be more to do at once.
    pub more: bool,
}

/// Sends what is due, until `is_over` says that the process ends. Blocks on the
/// network: never call it inside a command.
pub fn send_due(
    db: &Db,
    smtp: &Smtp,
    clock: &Clock,
    is_over: &dyn Fn() -> bool,
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    if smtp.host.is_empty() {
        let waiting = db.read_now(|conn| store::due(conn, clock.now(), 1))?;
        if !waiting.is_empty() {
            db.write_now(Stamp::system(clock.now()), |work| store::keep_waiting(work))?;
        }
        return Ok(outcome);
    }
    let due = db.read_now(|conn| store::due(conn, clock.now(), ROUND))?;
    if due.is_empty() {
        return Ok(outcome);
    }
    outcome.more = i64::try_from(due.len()).unwrap_or(ROUND) == ROUND;
    let transport = transport(smtp)?;
    for id in due {
        if is_over() {
            outcome.more = false;
            break;
        }
        let now = clock.now();
        let mine = db.write_now(Stamp::system(now), move |work| {
            store::claim(work, id, now, now.plus_s(LEASE_S))
        })?;
        if !mine {
            continue;
        }
        let (mail, files) =
            db.read_now(|conn| Ok((store::find(conn, id)?, store::files(conn, id)?)))?;
        let tried = message(smtp, &mail, &files)
            .map_err(Failure::for_good)
            .and_then(|m| transport.send(&m).map(drop).map_err(Failure::of));
        match &tried {
            Ok(()) => outcome.sent += 1,
            Err(_) => outcome.not_sent += 1,
        }
        note(db, &mail, clock.now(), tried.err())?;
    }
    Ok(outcome)
}

/// Notes what became of one mail.
fn note(db: &Db, mail: &Stored, now: Instant, failure: Option<Failure>) -> Result<()> {
    let (id, tries) = (mail.id, mail.tries);
    if let Some(failure) = &failure {
        // What the server said may hold the address: that stands in the queue alone.
        let again = failure.passing && tries <= i64::try_from(WAITS_S.len()).unwrap_or(i64::MAX);
        tracing::warn!(mail = %id, kind = %mail.kind, tries, again, "a mail was not accepted");
    }
    db.write_now(Stamp::system(now), move |work| match &failure {
        None => store::sent(work, id, now),
        Some(failure) => {
            let wait = usize::try_from(tries - 1)
                .ok()
                .and_then(|n| WAITS_S.get(n))
                .filter(|_| failure.passing);
            let (state, next) = match wait {
                Some(seconds) => (State::Waiting, now.plus_s(*seconds)),
                None => (State::Failed, now),
            };
            store::not_sent(work, id, state, next, &failure.reason)
        }
    })
}

/// Why a mail was not accepted, and whether a later try may help.
struct Failure {
    reason: String,
    passing: bool,
}

impl Failure {
    fn for_good(error: Error) -> Self {
        Failure {
            reason: error.to_string(),
            passing: false,
        }
    }

    fn of(error: lettre::transport::smtp::Error) -> Self {
        if is_silence(&error) {
            let reason = format!("the mail server did not answer within {PATIENCE_S} s");
            return Failure {
                reason,
                passing: true,
            };
        }
        let mut reason = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(inner) = source {
            let inner_text = inner.to_string();
            if !reason.contains(&inner_text) {
                reason = format!("{reason}: {inner_text}");
            }
            source = inner.source();
        }
        Failure {
            passing: !error.is_permanent(),
            reason: reason.chars().take(500).collect(),
        }
    }
}

/// Whether the server said nothing for too long; a read that is given up looks
/// like one that would have to wait.
fn is_silence(error: &lettre::transport::smtp::Error) -> bool {
    use std::io::ErrorKind;
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        if let Some(io) = inner.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        }
        source = inner.source();
    }
    error.is_timeout()
}

/// Sends one mail at once, past the queue: for checking the settings. The
/// error says in English what the server answered.
pub fn probe(smtp: &Smtp, mail: &NewMail) -> Result<()> {
    let stored = Stored {
        id: crate::id::Id::new(),
        kind: mail.kind.to_owned(),
        account: None,
        to: mail.to.clone(),
        reply_to: mail.reply_to.clone(),
        subject: mail.subject.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        lang: mail.lang.tag().to_owned(),
        confidential: false,
        state: State::Waiting,
        tries: 1,
        next_try_at: Instant(0),
        reason: String::new(),
        created_at: Instant(0),
        sent_at: None,
    };
    let message = message(smtp, &stored, &mail.files)?;
    transport(smtp)?
        .send(&message)
        .map(drop)
        .map_err(|e| Error::broken(Failure::of(e).reason))
}

fn transport(smtp: &Smtp) -> Result<SmtpTransport> {
    let broken = |e: lettre::transport::smtp::Error| Error::Broken(Box::new(e));
    let parameters = || TlsParameters::new(smtp.host.clone()).map_err(broken);
    let (tls, port) = match smtp.security.as_str() {
        "none" => (Tls::None, 25),
        "tls" => (Tls::Wrapper(parameters()?), 465),
        _ => (Tls::Required(parameters()?), 587),
    };
    let mut builder = SmtpTransport::builder_dangerous(&smtp.host)
        .tls(tls)
        .port(if smtp.port == 0 { port } else { smtp.port })
        .timeout(Some(Duration::from_secs(PATIENCE_S)));
    if !smtp.user.is_empty() {
        builder = builder.credentials(Credentials::new(smtp.user.clone(), smtp.password.clone()));
    }
    Ok(builder.build())
}

fn message(smtp: &Smtp, mail: &Stored, files: &[File]) -> Result<Message> {
    let mailbox = |text: &str| {
        text.parse::<Mailbox>()
            .map_err(|e| Error::broken(format!("not a mail address: {e}")))
    };
    let from = mailbox(&smtp.from)?;
    let host = from.email.domain().to_owned();
    let mut builder = Message::builder()
        .from(from)
        .to(mailbox(&mail.to)?)
        .subject(mail.subject.clone())
        // The same number at every try: a server may notice a repetition.
        .message_id(Some(format!("<{}@{host}>", mail.id)));
    if !mail.reply_to.is_empty() {
        builder = builder.reply_to(mailbox(&mail.reply_to)?);
    }
    let bodies = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let built = if files.is_empty() {
        builder.multipart(bodies)
    } else {
        let mut mixed = MultiPart::mixed().multipart(bodies);
        for file in files {
            mixed = mixed.singlepart(attachment(file)?);
        }
        builder.multipart(mixed)
    };
    let mut message = built.map_err(|e| Error::Broken(Box::new(e)))?;
    let headers = message.headers_mut();
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", mail.lang.as_str()),
    ] {
        if let Ok(name) = HeaderName::new_from_ascii(name.to_owned()) {
            headers.insert_raw(HeaderValue::new(name, value.to_owned()));
        }
    }
    Ok(message)
}

fn attachment(file: &File) -> Result<SinglePart> {
    let kind =
        ContentType::parse(&file.media_type).map_err(|e| Error::broken(format!("a file: {e}")))?;
    Ok(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind))
}
