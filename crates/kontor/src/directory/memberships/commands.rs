//! Verbs of memberships by hand.

use kontor_platform::db::Conn;
use kontor_platform::web::Form;
use kontor_platform::{Day, Error, FieldErrors, Result, Work};

use super::forms::{self, Entry, Term};
use super::store::{self, Place, Row};
use crate::accounts::Who;
use crate::directory::commands::{create_organisation, join_cluster, permitted, recount};
use crate::directory::list;
use crate::directory::model::{
    Cluster, MembershipChanged, MembershipEnded, MembershipResumed, Organisation,
};
use crate::directory::policy::{Act, reach};
use crate::directory::store::{find_cluster, find_organisation};

/// The cluster at an address, if the asker leads it.
pub fn led(conn: &mut Conn, who: &Who, slug: &str) -> Result<Cluster> {
    who.signed_in()?;
    let cluster = find_cluster(conn, slug)?;
    match who.actor.manages(&cluster.id.to_string()) {
        true => Ok(cluster),
        false => Err(Error::NotFound),
    }
}

/// An organisation that the asker may see, or that is or was in the cluster they
/// lead, with its memberships there.
pub fn found(
    conn: &mut Conn,
    who: &Who,
    slug: &str,
    cluster: &Cluster,
) -> Result<(Organisation, Vec<Row>)> {
    let organisation = find_organisation(conn, slug)?.ok_or(Error::NotFound)?;
    let rows = store::of(conn, (organisation.id, cluster.id))?;
    if rows.is_empty() {
        permitted(conn, &who.actor, slug, Act::See)?;
    } else if organisation.merged_into.is_some() {
        return Err(Error::NotFound);
    }
    Ok((organisation, rows))
}

/// What is done with a membership.
pub enum Deed {
    Begin,
    /// Puts the membership with this identifier right.
    Change(String),
    /// Ends it.
    End(String),
    /// Takes its end back.
    Resume(String),
}

/// Does it, in the name of the cluster.
pub fn act(
    work: &mut Work<'_>,
    who: &Who,
    (slug, cluster): (&str, &str),
    deed: &Deed,
    form: &Form,
) -> Result<()> {
    let cluster = led(work, who, cluster)?;
    let (organisation, rows) = found(work, who, slug, &cluster)?;
    let place = (organisation.id, cluster.id);
    let today = work.now().day();
    work.acts_for(Some(cluster.id.to_string()));
    match deed {
        Deed::Begin => {
            let mut fields = FieldErrors::default();
            let term = forms::term(form, today, &mut fields);
            fields.done(())?;
            begin(work, place, &rows, term)
        }
        Deed::Change(id) => {
            let mut fields = FieldErrors::default();
            let term = forms::term(form, today, &mut fields);
            fields.done(())?;
            change(work, place, open(&rows, id)?, &rows, term)
        }
        Deed::End(id) => {
            let row = open(&rows, id)?;
            let until = forms::last_day(form, row.since, today)?;
            end(work, place, row, until)
        }
        Deed::Resume(id) => resume(work, place, id, &rows),
    }
}

/// The membership with this identifier, while it holds.
fn open<'a>(rows: &'a [Row], id: &str) -> Result<&'a Row> {
    let found = rows.iter().find(|r| r.id == id && r.is_open);
    found.ok_or(Error::Refused("memberships-refused-ended"))
}

/// A first day after which none of the ended ones of the same kind went on.
fn check_free(rows: &[Row], but: &str, term: Term) -> Result<()> {
    let same = |r: &&Row| r.id != but && r.kind == term.kind;
    let overlaps = |r: &Row| r.is_open || r.until.is_some_and(|until| until >= term.since);
    let mut fields = FieldErrors::default();
    if rows.iter().filter(same).any(overlaps) {
        fields.add("since", "memberships-error-overlap");
    }
    fields.done(())
}

fn begin(work: &mut Work<'_>, place: Place, rows: &[Row], term: Term) -> Result<()> {
    if rows.iter().any(|r| r.is_open) {
        return Err(Error::Refused("memberships-refused-open"));
    }
    check_free(rows, "", term)?;
    let (organisation, cluster) = place;
    join_cluster(work, organisation, cluster, term.kind, term.since)?;
    recount(work)
}

fn change(work: &mut Work<'_>, place: Place, row: &Row, rows: &[Row], term: Term) -> Result<()> {
    if row.kind == term.kind && row.since == term.since {
        return Ok(());
    }
    check_free(rows, &row.id, term)?;
    if !store::change(work, place, &row.id, term.kind, term.since)? {
        return Err(Error::Refused("memberships-refused-ended"));
    }
    let (organisation, cluster) = place;
    list::belongs(work, organisation)?;
    work.announce(&MembershipChanged {
        organisation,
        cluster,
    });
    Ok(())
}

fn end(work: &mut Work<'_>, place: Place, row: &Row, until: Day) -> Result<()> {
    if !store::end(work, place, &row.id, until)? {
        return Err(Error::Refused("memberships-refused-ended"));
    }
    let (organisation, cluster) = place;
    list::belongs(work, organisation)?;
    work.announce(&MembershipEnded {
        organisation,
        cluster,
    });
    recount(work)
}

fn resume(work: &mut Work<'_>, place: Place, id: &str, rows: &[Row]) -> Result<()> {
    if rows.iter().any(|r| r.is_open) {
        return Err(Error::Refused("memberships-refused-open"));
    }
    if !store::resume(work, place, id)? {
        return Err(Error::NotFound);
    }
    let (organisation, cluster) = place;
    list::belongs(work, organisation)?;
    work.announce(&MembershipResumed {
        organisation,
        cluster,
    });
    recount(work)
}

/// Organisations that the asker may see and that the new one may be.
pub fn likely(conn: &mut Conn, who: &Who, entry: &Entry) -> Result<Vec<store::Likely>> {
    let name_key = kontor_analysis::names::name_key(&entry.new.name);
    let web_host = kontor_analysis::names::web_host(&entry.new.website);
    store::likely(conn, &reach(&who.actor), &name_key, &web_host)
}

/// Brings an organisation into the directory, as a member of the cluster. Answers its
/// address.
pub fn create(work: &mut Work<'_>, who: &Who, cluster: &str, entry: &Entry) -> Result<String> {
    let cluster = led(work, who, cluster)?;
    work.acts_for(Some(cluster.id.to_string()));
    let id = create_organisation(work, &entry.new)?;
    let Term { kind, since } = entry.term;
    join_cluster(work, id, cluster.id, kind, since)?;
    recount(work)?;
    store::slug(work, id)
}
