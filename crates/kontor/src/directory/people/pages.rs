//! Handlers of people.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kontor_platform::db::Conn;
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, FieldErrors, Result};
use kontor_press::{Card, to_vcard};

use super::commands::{self, Agreement, Profile};
use super::model::{Audience, Field};
use super::store::{self, Contact, Own};
use crate::accounts::{Cx, Frame, Who};
use crate::consents::{Declaration, Purpose};
use crate::directory::model::sort_key;

/// Rows on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "directory/people/views/people.html")]
struct People {
    f: Frame,
    /// None for whoever does not take part: the page explains itself.
    people: Option<Vec<Contact>>,
    search: String,
    next: Option<String>,
}

pub async fn people(cx: Cx) -> Result<Response> {
    cx.page(|conn, who| {
        let f = who.frame_t("directory-people-title");
        if !who.actor.takes_part() {
            return Ok(People {
                f,
                people: None,
                search: String::new(),
                next: None,
            });
        }
        let asked = who.cx.fields();
        let search: String = asked.text("q").chars().take(80).collect();
        let after = asked.text("nach").split_once('~');
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX - 1) + 1;
        let mut people = store::list(conn, &who.actor, &sort_key(&search), after, limit)?;
        let more = people.len() > PAGE;
        people.truncate(PAGE);
        let next = people.last().filter(|_| more).map(|p| {
            let place = format!("{}~{}", p.sort_key, p.id);
            format!("/personen?q={}&nach={}", encode(&search), encode(&place))
        });
        Ok(People {
            f,
            people: Some(people),
            search,
            next,
        })
    })
    .await
}

#[derive(Template)]
#[template(path = "directory/people/views/profile.html")]
struct ProfilePage {
    f: Frame,
    profile: Profile,
    employer: Option<(String, String)>,
    /// Asked for the first time.
    is_first: bool,
    /// The words that saving agrees to.
    declaration: Declaration,
    errors: FieldErrors,
}

impl ProfilePage {
    fn fields(&self) -> [(Field, &'static str, &'static str, &str); 4] {
        let p = &self.profile;
        [
            (Field::Name, "text", "name", &p.name),
            (Field::Function, "text", "organization-title", &p.function),
            (Field::Mail, "email", "email", &p.mail),
            (Field::Phone, "tel", "tel", &p.phone),
        ]
    }

    fn shows(&self, field: &Field, audience: Option<&Audience>) -> bool {
        let found = self.profile.shown.iter().find(|(f, _)| f == field);
        found.map(|(_, a)| a) == audience
    }
}

fn own(conn: &mut Conn, who: &Who) -> Result<Option<Own>> {
    who.signed_in()?;
    let account = who.actor.account.ok_or(Error::Forbidden)?;
    store::own(conn, account)
}

fn declaration(cx: &Cx) -> Declaration {
    Declaration::new(&cx.site.speak(cx.lang), Purpose::Publication)
}

pub async fn profile(cx: Cx) -> Result<Response> {
    show(&cx, StatusCode::OK, None, FieldErrors::default()).await
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    typed: Option<Profile>,
    errors: FieldErrors,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let own = own(conn, who)?;
        let is_first = own.as_ref().is_none_or(|o| o.asked_at.is_none());
        let employer = own
            .as_ref()
            .and_then(|o| o.slug.clone().zip(o.employer.clone()));
        let profile = match (typed, own) {
            (Some(typed), _) => typed,
            (None, Some(own)) => Profile {
                shown: store::published(conn, own.id)?,
                // Invited without a name: the one of the account is known by now.
                name: if own.name.is_empty() {
                    who.name.clone()
                } else {
                    own.name
                },
                function: own.function,
                mail: own.mail,
                phone: own.phone,
            },
            (None, None) => Profile {
                name: who.name.clone(),
                ..Profile::default()
            },
        };
        let title = if is_first {
            "people-first-title"
        } else {
            "people-profile-title"
        };
        Ok(ProfilePage {
            f: who.frame_t(title),
            profile,
            employer,
            is_first,
            declaration: declaration(&who.cx),
            errors,
        })
    })
    .await
}

fn read(form: &Form) -> Profile {
    let text = |name: &str| form.text(name).to_owned();
    let shown = Field::ALL.iter().filter_map(|field| {
        let audience = Audience::parse(form.text(&format!("show-{}", field.as_str())));
        audience.map(|a| (*field, a))
    });
    Profile {
        name: text("name"),
        function: text("function"),
        mail: text("mail"),
        phone: text("phone"),
        shown: shown.collect(),
    }
}

pub async fn save(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let typed = read(&form);
    let saved = {
        let (typed, declaration) = (typed.clone(), declaration(&cx));
        cx.write(move |work, who| {
            let account = who.actor.account.ok_or(Error::Forbidden)?;
            commands::ensure(work, account, &typed.name, &typed.mail)?;
            let own = store::own(work, account)?.ok_or(Error::NotFound)?;
            let agreement = Agreement {
                account,
                declaration: declaration.clone(),
                shown: form.text("words").to_owned(),
            };
            commands::save(work, own, &typed, &agreement)
        })
        .await
    };
    match saved {
        Ok(()) => {
            let flash = match typed.is_hidden_by_name() {
                true => "flash-profile-saved-nameless",
                false => "flash-profile-saved",
            };
            Ok(redirect(
                &cx.href(format!("/mein-kontor/profil?ok={flash}")),
            ))
        }
        Err(Error::Invalid(errors)) => {
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, Some(typed), errors).await
        }
        Err(other) => Err(other),
    }
}

/// Takes one field back, from the list of one's consents.
pub async fn hide(cx: Cx, form: Form) -> Result<Response> {
    cx.check_mark(&form)?;
    let field = Field::parse(form.text("field"));
    cx.write(move |work, who| {
        let account = who.actor.account.ok_or(Error::Forbidden)?;
        commands::hide(work, account, field.ok_or(Error::NotFound)?)
    })
    .await?;
    Ok(redirect(
        &cx.href("/mein-kontor/daten?ok=flash-consent-withdrawn"),
    ))
}

/// One's own card as vCard, with everything the person entered.
pub async fn card(cx: Cx) -> Result<Response> {
    let own = cx
        .read(|conn, who| own(conn, who)?.ok_or(Error::NotFound))
        .await?;
    let (given, family) = own.name.rsplit_once(' ').unwrap_or(("", &own.name));
    let url = own
        .slug
        .map(|slug| cx.site.link(cx.lang, &format!("/organisationen/{slug}")));
    let text = to_vcard(&Card {
        given: given.to_owned(),
        family: family.to_owned(),
        organisation: own.employer.unwrap_or_default(),
        function: own.function,
        mail: own.mail,
        phone: own.phone,
        url: url.unwrap_or_default(),
    });
    let headers = [
        (header::CONTENT_TYPE, "text/vcard; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"karte.vcf\"",
        ),
        (header::CACHE_CONTROL, "private, no-store"),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    Ok((headers, text).into_response())
}
