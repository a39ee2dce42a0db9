//! Handlers of duplicates.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kontor_platform::db::Conn;
use kontor_platform::mail;
use kontor_platform::web::{Form, encode, redirect};
use kontor_platform::{Error, Result};

use super::apart::{self, Apart};
use super::commands::{self, Answered};
use super::letters::{self, About};
use super::model::{Record, Way, reason_key, why};
use super::pairs::{self, PairView, Place};
use super::store::{self, Done};
use crate::accounts::{Cx, Frame, Who, managers};
use crate::directory::figures::Audience;
use crate::directory::model::Cluster;
use crate::directory::store::clusters;

/// A proposal with the clusters that are waited for.
struct ProposalView {
    id: String,
    /// Records that may be named: one of them until the other's management has
    /// agreed (INV-23).
    shown: Vec<Record>,
    winner: String,
    is_whole: bool,
    reasons: Vec<&'static str>,
    waiting: Vec<String>,
    is_mine: bool,
    /// The asker's own management made it.
    is_own: bool,
}

#[derive(Template)]
#[template(path = "directory/duplicates/views/overview.html")]
struct Overview {
    f: Frame,
    proposals: Vec<ProposalView>,
    pairs: Vec<PairView>,
    /// Where this page of pairs begins, as it stands in the address.
    from: String,
    /// Where the next one begins.
    next: Option<String>,
    done: Vec<Done>,
    /// Pairs that somebody has said are different.
    apart: Vec<Apart>,
    /// The asker's clusters, and whether they agreed to equal register numbers.
    clusters: Vec<(Cluster, bool)>,
    refused: Option<&'static str>,
}

impl Overview {
    /// What is not a pair stands on the first page only.
    fn is_first(&self) -> bool {
        self.from.is_empty()
    }
}

fn led(conn: &mut Conn, who: &Who) -> Result<Vec<Cluster>> {
    who.signed_in()?;
    let all = clusters(conn, &Audience::PUBLIC)?
        .into_iter()
        .map(|c| c.cluster);
    let led: Vec<Cluster> = all
        .filter(|c| who.actor.manages(&c.id.to_string()))
        .collect();
    if led.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(led)
}

pub async fn overview(cx: Cx) -> Result<Response> {
    let from = begins(&cx.fields());
    show(&cx, StatusCode::OK, from, None).await
}

/// Where a page of pairs begins, as an address or a form says it.
fn begins(asked: &Form) -> String {
    asked.text("nach").chars().take(500).collect()
}

async fn show(
    cx: &Cx,
    status: StatusCode,
    from: String,
    refused: Option<&'static str>,
) -> Result<Response> {
    cx.page_with(status, move |conn, who| {
        let led = led(conn, who)?;
        let ids: Vec<String> = led.iter().map(|c| c.id.to_string()).collect();
        let of: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (pairs, next) = pairs::page(conn, who, &of, &Place::parse(&from), pairs::PAGE)?;
        let (mut proposals, mut done) = (Vec::new(), Vec::<Done>::new());
        // What is not a pair stands on the first page only.
        for id in ids.iter().filter(|_| from.is_empty()) {
            proposals.extend(store::open(conn, id)?);
            done.extend(store::done(conn, id)?);
        }
        done.sort_by_key(|d| (std::cmp::Reverse(d.at), d.id));
        done.dedup_by_key(|d| d.id);
        proposals.sort_by_key(|p| p.id);
        proposals.dedup_by_key(|p| p.id);
        let apart = match from.is_empty() {
            true => apart::list(conn, who, &of)?,
            false => Vec::new(),
        };
        let agreed = store::agreed(conn)?;
        let proposals = proposal_views(conn, who, &proposals)?;
        Ok(Overview {
            f: who.frame_t("duplicates-title"),
            proposals,
            pairs,
            from,
            next: next.map(|place| next_page(&place)),
            done,
            apart,
            clusters: led
                .into_iter()
                .map(|c| {
                    let agrees = agreed.contains(&c.id.to_string());
                    (c, agrees)
                })
                .collect(),
            refused,
        })
    })
    .await
}

fn proposal_views(
    conn: &mut Conn,
    who: &Who,
    proposals: &[store::Proposed],
) -> Result<Vec<ProposalView>> {
    let ids: Vec<_> = proposals.iter().flat_map(|p| [p.winner, p.loser]).collect();
    let records = store::records(conn, &ids)?;
    let mut views = Vec::new();
    for p in proposals {
        let Some((winner, loser)) = records.get(&p.winner).zip(records.get(&p.loser)) else {
            continue;
        };
        let waiting = store::waiting_for(conn, p.id)?;
        let agreed = store::agreed_to(conn, p.id)?;
        let is_shown = |r: &&Record| commands::is_shown(&who.actor, r, &agreed);
        let shown: Vec<Record> = [winner, loser]
            .into_iter()
            .filter(is_shown)
            .cloned()
            .collect();
        let is_whole = shown.len() == 2;
        let by = store::proposed_by(conn, p.id)?;
        let is_mine = waiting.iter().any(|(c, _)| who.actor.manages(c));
        views.push(ProposalView {
            id: p.id.to_string(),
            winner: winner.name.clone(),
            reasons: match is_whole {
                true => why(winner, loser).into_iter().map(reason_key).collect(),
                false => Vec::new(),
            },
            is_mine: is_mine && is_whole,
            is_own: by.iter().any(|c| who.actor.manages(c)),
            waiting: waiting.into_iter().map(|(_, name)| name).collect(),
            shown,
            is_whole,
        });
    }
    Ok(views)
}

fn next_page(place: &Place) -> String {
    format!("/verwaltung/dubletten?nach={}", encode(&place.address()))
}

/// Back to the page of pairs that the form stood on.
fn done(cx: &Cx, from: &str, flash: &str) -> Response {
    let from = match from {
        "" => String::new(),
        from => format!("nach={}&", encode(from)),
    };
    redirect(&cx.href(format!("/verwaltung/dubletten?{from}ok={flash}")))
}

/// Shows the page again with what keeps it from being done.
async fn or_again(cx: &Cx, form: &Form, outcome: Result<&'static str>) -> Result<Response> {
    let from = begins(form);
    match outcome {
        Ok(flash) => Ok(done(cx, &from, flash)),
        Err(Error::Refused(key)) => {
            show(cx, StatusCode::UNPROCESSABLE_ENTITY, from, Some(key)).await
        }
        Err(other) => Err(other),
    }
}

pub async fn merge(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = merge_pair(&cx, &form).await;
    or_again(&cx, &form, outcome).await
}

async fn merge_pair(cx: &Cx, form: &Form) -> Result<&'static str> {
    cx.check_mark(form)?;
    let winner = commands::organisation(form.text("winner"))?;
    let loser = commands::organisation(form.text("loser"))?;
    let pair = (winner, loser);
    // The letters are written before the transaction, for either outcome.
    let (names, others) = cx
        .read(move |conn, who| {
            let (a, b) = commands::both(conn, &who.actor, pair)?;
            let mut others = commands::concerned(&a, &b);
            others.retain(|c| !who.actor.manages(c));
            let to = managers(conn, others.iter(), who.cx.now.day())?;
            // Nobody is told of a hidden record before its own management agrees.
            let names = letters::names(&a, &b, |c| who.actor.manages(c));
            Ok((names, to))
        })
        .await?;
    let cause = letters::cause(pair, cx.now);
    let write = |about| {
        let one = |h| letters::letter(&cx.site, h, about, &cause, names.as_ref());
        others.iter().map(one).collect::<Result<Vec<_>>>()
    };
    let (proposed, merged) = (write(About::Proposed)?, write(About::Merged)?);
    let way = cx
        .write(move |work, who| {
            let way = commands::merge_or_propose(work, who, pair)?;
            let letters = match way {
                Way::Proposal => &proposed,
                Way::AtOnce | Way::ByAgreement => &merged,
            };
            let now = work.now();
            for letter in letters {
                mail::queue(work, letter, now)?;
            }
            Ok(way)
        })
        .await?;
    Ok(match way {
        Way::Proposal => "flash-merge-proposed",
        Way::AtOnce | Way::ByAgreement => "flash-merged",
    })
}

pub async fn keep_apart(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let first = commands::organisation(form.text("first"))?;
        let second = commands::organisation(form.text("second"))?;
        cx.write(move |work, who| commands::keep_apart(work, who, (first, second)))
            .await?;
        Ok("flash-kept-apart")
    };
    or_again(&cx, &form, outcome.await).await
}

/// Two that were kept apart may be the same after all.
pub async fn take_apart_back(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let first = commands::organisation(form.text("first"))?;
        let second = commands::organisation(form.text("second"))?;
        cx.write(move |work, who| apart::take_back(work, who, (first, second)))
            .await?;
        Ok("flash-apart-taken-back")
    };
    or_again(&cx, &form, outcome.await).await
}

pub async fn answer(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let id = form.text("proposal").parse()?;
        let yes = form.text("answer") == "yes";
        let letters = cx
            .read(move |conn, who| letters::declined(conn, who, id))
            .await?;
        let answered = cx
            .write(move |work, who| {
                let answered = commands::answer(work, who, id, yes)?;
                let now = work.now();
                if answered == Answered::Declined {
                    letters.iter().try_for_each(|l| mail::queue(work, l, now))?;
                }
                Ok(answered)
            })
            .await?;
        Ok(match answered {
            Answered::Merged => "flash-merged",
            Answered::Noted => "flash-merge-noted",
            Answered::Declined => "flash-kept-apart",
        })
    };
    or_again(&cx, &form, outcome.await).await
}

pub async fn withdraw(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let id = form.text("proposal").parse()?;
        // Written before the transaction, to those who were written to before.
        let letters = cx
            .read(move |conn, who| {
                let proposal = commands::own_proposal(conn, &who.actor, id)?;
                let mut letters = letters::withdrawn(conn, &who.cx.site, &proposal, who.cx.now)?;
                let own = who.actor.account.map(|a| a.to_string());
                letters.retain(|l| l.account != own);
                Ok(letters)
            })
            .await?;
        cx.write(move |work, who| {
            commands::withdraw(work, who, id)?;
            let now = work.now();
            letters.iter().try_for_each(|l| mail::queue(work, l, now))
        })
        .await?;
        Ok("flash-merge-withdrawn")
    };
    or_again(&cx, &form, outcome.await).await
}

pub async fn undo(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let id = form.text("merge").parse()?;
        let letters = cx
            .read(move |conn, who| letters::undone(conn, who, id))
            .await?;
        cx.write(move |work, who| {
            commands::undo(work, who, id)?;
            let now = work.now();
            letters.iter().try_for_each(|l| mail::queue(work, l, now))
        })
        .await?;
        Ok("flash-merge-undone")
    };
    or_again(&cx, &form, outcome.await).await
}

pub async fn agree(cx: Cx, form: Form) -> Result<Response> {
    cx.read(|conn, who| led(conn, who).map(drop)).await?;
    let outcome = async {
        cx.check_mark(&form)?;
        let slug = form.text("cluster").to_owned();
        let agrees = form.text("agrees") == "yes";
        cx.write(move |work, who| {
            let cluster = led(work, who)?.into_iter().find(|c| c.slug == slug);
            let cluster = cluster.ok_or(Error::NotFound)?;
            commands::agree(work, who, cluster.id, agrees)
        })
        .await?;
        Ok("flash-merge-agreement")
    };
    or_again(&cx, &form, outcome.await).await
}
