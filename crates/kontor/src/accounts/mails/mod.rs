//! Letters: what the product writes to people, in their language, as plain
//! text and as HTML with the same content.
//!
//! Words: a *letter* is composed before a command and queued by it as a mail.

mod pages;

pub use pages::has_server;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use kontor_platform::mail::{File, NewMail};
use kontor_platform::text::{Lang, Speech};
use kontor_platform::web::Site;
use kontor_platform::{Id, Result};

use super::model::Account;

/// The sub-room's addresses.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/verwaltung/post", get(pages::list))
        .route("/verwaltung/post/{id}", get(pages::show))
        .route("/verwaltung/post/{id}/html", get(pages::html))
        .route("/verwaltung/post/{id}/senden", post(pages::send_again))
}

/// A letter before it is put into an envelope.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// What it is about, as `accounts.invitation`.
    pub kind: &'static str,
    /// Cause and recipient: the same is sent once.
    pub key: String,
    pub account: Option<Id<Account>>,
    pub to: String,
    pub reply_to: String,
    pub lang: Lang,
    pub subject: String,
    /// Paragraphs in the recipient's language.
    pub paragraphs: Vec<String>,
    /// Words of somebody else, set apart from ours.
    pub quote: Option<String>,
    /// What to do: label and address.
    pub action: Option<(String, String)>,
    /// Smaller remarks below, each with the address it may lead to.
    pub notes: Vec<(String, Option<String>)>,
    /// Holds a personal link: dropped from the queue once it is sent.
    pub confidential: bool,
    pub files: Vec<File>,
}

#[derive(Template)]
#[template(path = "accounts/mails/views/letter.html")]
struct Html<'a> {
    l: &'a Letter,
    s: Speech,
    home: String,
    /// "Kontor", with the region's name.
    from: String,
}

#[derive(Template)]
#[template(path = "accounts/mails/views/letter.txt", escape = "none")]
struct Text<'a> {
    l: &'a Letter,
    s: Speech,
    home: String,
    /// "Kontor", with the region's name.
    from: String,
}

impl Letter {
    /// The mail as it is queued.
    pub fn mail(self, site: &Site) -> Result<NewMail> {
        let home = site.base_url();
        let s = site.speak(self.lang);
        let from = format!("Kontor {}", site.region()).trim_end().to_owned();
        let html = Html {
            l: &self,
            s: s.clone(),
            home: home.clone(),
            from: from.clone(),
        }
        .render()?;
        let text = Text {
            l: &self,
            s,
            home,
            from,
        }
        .render()?;
        Ok(NewMail {
            key: self.key,
            kind: self.kind,
            account: self.account.map(|a| a.to_string()),
            to: self.to,
            reply_to: self.reply_to,
            subject: one_line(&self.subject),
            text,
            html,
            lang: self.lang,
            confidential: self.confidential,
            files: self.files,
        })
    }
}

/// A subject is one line, whatever somebody typed.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
