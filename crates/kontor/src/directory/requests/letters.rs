//! The letters that answer a request.

use kontor_platform::text::{Arg, Lang};
use kontor_platform::web::Site;

use super::model::{Kind, Request};
use crate::accounts::{Holder, Letter, invitation_letter};

/// The language in which was asked.
pub fn lang(request: &Request) -> Lang {
    Lang::parse(&request.lang).unwrap_or_default()
}

/// Tells somebody who decides that a request has come in. Who asks, and what
/// they typed, stands behind the sign-in.
pub fn came_in(site: &Site, request: &Request, to: &Holder) -> Letter {
    let lang = Lang::parse(&to.lang).unwrap_or_default();
    let s = site.speak(lang);
    let text = match request.kind {
        Kind::Membership => s.name("requests-came-membership", &request.cluster_name),
        Kind::Takeover => s.name("requests-came-takeover", &request.organisation_name),
    };
    let path = format!("/verwaltung/anfragen/{}", request.id);
    Letter {
        kind: "directory.request_came",
        key: format!("request-came:{}:{}", request.id, to.id),
        account: Some(to.id),
        to: to.mail.clone(),
        lang,
        subject: s.t("requests-came-subject").to_owned(),
        paragraphs: vec![text],
        action: Some((s.t("requests-came-act").to_owned(), site.link(lang, &path))),
        ..Letter::default()
    }
}

/// Tells whoever asked that it has come in, and who decides. Nothing typed is
/// repeated: anybody may have typed the address.
pub fn receipt(site: &Site, request: &Request) -> Letter {
    let lang = lang(request);
    let s = site.speak(lang);
    let (text, about) = match request.kind {
        Kind::Membership => ("requests-receipt-membership", &request.cluster_name),
        Kind::Takeover => ("requests-receipt-takeover", &request.organisation_name),
    };
    Letter {
        kind: "directory.request_received",
        key: format!("request-received:{}", request.id),
        to: request.mail.clone(),
        lang,
        subject: s.name("requests-receipt-subject", about),
        paragraphs: vec![
            s.name(text, about),
            s.t("requests-receipt-not-you").to_owned(),
        ],
        ..Letter::default()
    }
}

/// The approval, which is an invitation.
pub fn approval(site: &Site, request: &Request, token: &str) -> Letter {
    let lang = lang(request);
    let s = site.speak(lang);
    let names = [
        ("organisation", Arg::Text(&request.organisation_name)),
        ("cluster", Arg::Text(&request.cluster_name)),
    ];
    let text = match request.kind {
        Kind::Membership => s.with("requests-approved-membership", &names),
        Kind::Takeover => s.with("requests-approved-takeover", &names[..1]),
    };
    let text = vec![
        text,
        s.t("requests-approved-what").to_owned(),
        s.t("invitations-hidden").to_owned(),
    ];
    let subject = s.name("requests-approved-subject", &request.organisation_name);
    invitation_letter(site, lang, &request.mail, token, subject, text)
}

/// The rejection with its reason.
pub fn rejection(site: &Site, request: &Request, reason: &str) -> Letter {
    let lang = lang(request);
    let s = site.speak(lang);
    let names = [
        ("organisation", Arg::Text(&request.organisation_name)),
        ("cluster", Arg::Text(&request.cluster_name)),
    ];
    let text = match request.kind {
        Kind::Membership => s.with("requests-rejected-membership", &names),
        Kind::Takeover => s.with("requests-rejected-takeover", &names[..1]),
    };
    Letter {
        kind: "directory.request_rejected",
        key: format!("request-rejected:{}", request.id),
        to: request.mail.clone(),
        lang,
        subject: s.name("requests-rejected-subject", &request.organisation_name),
        paragraphs: vec![text],
        quote: Some(reason.to_owned()),
        ..Letter::default()
    }
}
