//! The statements that take an import back.

use std::collections::HashSet;

use kontor_platform::db::{Conn, Val, with_many};
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::super::super::model::{Cluster, Organisation};
use super::super::model::{ChangeKind, Import};

sql! {
    SET_UNDONE = "UPDATE imports SET state = 'undone', undone_at = $1 WHERE id = $2 AND state = 'applied'";
    CHANGES = "SELECT kind, organisation, subject, before FROM import_changes \
        WHERE import = $1 ORDER BY position";
    SUBJECTS = "SELECT organisation, subject FROM import_changes WHERE import = $1";
    NAMES_OF_CHANGES = "SELECT DISTINCT o.id, o.slug, o.name, o.sort_key FROM organisations o \
        JOIN import_changes c ON c.organisation = o.id WHERE c.import = $1 ORDER BY o.sort_key, o.id";
    /// Two sets, because looking for each person among the changes takes minutes.
    WITH_LATER_PEOPLE = "SELECT DISTINCT later.organisation FROM (SELECT p.id, p.organisation \
        FROM people p JOIN import_changes c ON c.organisation = p.organisation \
        WHERE c.import = $1 AND c.kind = 'created' EXCEPT SELECT d.subject, d.organisation \
        FROM import_changes d WHERE d.import = $1 AND d.kind = 'person') later";
    WITH_ACCOUNTS = "SELECT DISTINCT c.organisation FROM people p JOIN import_changes c \
        ON c.subject = p.id WHERE c.import = $1 AND c.kind = 'person' AND p.account IS NOT NULL";
    WITH_EMPLOYMENTS = "SELECT e.organisation FROM former_employments e WHERE e.organisation IN \
        (SELECT organisation FROM import_changes WHERE import = $1 AND kind = 'created') \
        UNION SELECT r.organisation FROM employment_requests r WHERE r.organisation IN \
        (SELECT organisation FROM import_changes WHERE import = $1 AND kind = 'created') \
        UNION SELECT c.organisation FROM former_employments f JOIN import_changes c \
        ON c.subject = f.person WHERE c.import = $1 AND c.kind = 'person'";
    LATER_KEYS = "SELECT COUNT(*) AS n FROM (SELECT k.row_key FROM import_changes c JOIN row_keys k \
        ON k.organisation = c.organisation WHERE c.import = $1 AND c.kind = 'created' \
        AND k.import <> $1 LIMIT 1) later";
    FORGET_LATER_KEYS = "DELETE FROM row_keys WHERE import <> $1 AND organisation IN \
        (SELECT organisation FROM import_changes WHERE import = $1 AND kind = 'created')";
    FORGET_KEYS = "DELETE FROM row_keys WHERE import = $1 OR organisation IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
    FORGET_SOME_KEYS = "DELETE FROM row_keys WHERE cluster = $1 AND import = $2 AND row_key IN \
        (SELECT k.row_key FROM row_keys k WHERE k.cluster = $1 AND k.import = $2 \
        ORDER BY k.row_key LIMIT $3)";
    RESUME_ENDED = "UPDATE memberships SET state = 'active', until = NULL WHERE id IN \
        (SELECT subject FROM import_changes WHERE import = $1 AND kind = 'ended')";
    UNDO_PUBLICATIONS = "DELETE FROM contact_publications WHERE person IN (SELECT subject \
        FROM import_changes WHERE import = $1 AND kind = 'person')";
    UNDO_PEOPLE = "DELETE FROM people WHERE id IN (SELECT subject FROM import_changes \
        WHERE import = $1 AND kind = 'person')";
    UNDO_MEMBERSHIPS = "DELETE FROM memberships WHERE id IN (SELECT subject FROM import_changes \
        WHERE import = $1 AND kind = 'joined')";
    UNDO_EXTERNALS = "DELETE FROM external_ids WHERE organisation IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
    UNDO_CLASSES = "DELETE FROM organisation_classes WHERE organisation IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
    UNDO_LIKELY = "DELETE FROM likely_pairs WHERE first IN (SELECT organisation FROM import_changes \
        WHERE import = $1 AND kind = 'created') OR second IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
    UNDO_ORGANISATIONS = "DELETE FROM organisations WHERE id IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
}

pub fn set_undone(conn: &mut Conn, id: Id<Import>, at: Instant) -> Result<u64> {
    conn.run(SET_UNDONE, params![at, id])
}

/// What an import did to one record.
pub struct Done {
    pub kind: ChangeKind,
    pub organisation: Id<Organisation>,
    pub subject: String,
    pub before: String,
}
record!(Done {
    kind,
    organisation,
    subject,
    before
});

pub fn changes(conn: &mut Conn, id: Id<Import>) -> Result<Vec<Done>> {
    conn.all(CHANGES, params![id])
}

/// Identifier, address and name of the records an import touched.
pub fn touched(conn: &mut Conn, id: Id<Import>) -> Result<Vec<(Id<Organisation>, String, String)>> {
    let rows: Vec<(Id<Organisation>, String, String, String)> =
        conn.all(NAMES_OF_CHANGES, params![id])?;
    Ok(rows
        .into_iter()
        .map(|(id, slug, name, _)| (id, slug, name))
        .collect())
}

/// Organisation and subject of each change.
pub fn subjects(conn: &mut Conn, id: Id<Import>) -> Result<Vec<(Id<Organisation>, String)>> {
    conn.all(SUBJECTS, params![id])
}

/// Records that people were added to since, whose imported person has an account
/// by now, or where somebody has worked meanwhile or says so.
pub fn peopled_since(conn: &mut Conn, id: Id<Import>) -> Result<HashSet<Id<Organisation>>> {
    let mut found: Vec<(Id<Organisation>,)> = conn.all(WITH_LATER_PEOPLE, params![id])?;
    for sql in [WITH_ACCOUNTS, WITH_EMPLOYMENTS] {
        found.extend(conn.all::<(Id<Organisation>,)>(sql, params![id])?);
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Whether lines of another list led to a record that an import made.
pub fn has_later_keys(conn: &mut Conn, id: Id<Import>) -> Result<bool> {
    Ok(conn.one::<(i64,)>(LATER_KEYS, params![id])?.0 > 0)
}

/// Forgets that they did.
pub fn forget_later_keys(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    conn.run(FORGET_LATER_KEYS, params![id]).map(drop)
}

/// Forgets the same, and where the import's own lines led to.
pub fn forget_keys(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    conn.run(FORGET_KEYS, params![id]).map(drop)
}

/// Forgets where some of an import's lines led to; says of how many.
pub fn forget_some_keys(
    conn: &mut Conn,
    cluster: Id<Cluster>,
    id: Id<Import>,
    most: i64,
) -> Result<u64> {
    conn.run(FORGET_SOME_KEYS, params![cluster, id, most])
}

/// Takes the ends back that an import gave memberships; says how many.
pub fn resume_ended(conn: &mut Conn, id: Id<Import>) -> Result<usize> {
    Ok(number(conn.run(RESUME_ENDED, params![id])?))
}

fn number(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}

/// Takes back what an import created; `gone` hears how many noted changes each
/// step took back.
pub fn delete_created(
    conn: &mut Conn,
    id: Id<Import>,
    mut gone: impl FnMut(usize) -> Result<()>,
) -> Result<()> {
    for (sql, is_noted) in [
        (UNDO_PUBLICATIONS, false),
        (UNDO_PEOPLE, true),
        (UNDO_MEMBERSHIPS, true),
        (UNDO_EXTERNALS, false),
        (UNDO_CLASSES, false),
        (UNDO_LIKELY, false),
        (UNDO_ORGANISATIONS, true),
    ] {
        let rows = number(conn.run(sql, params![id])?);
        if is_noted {
            gone(rows)?;
        }
    }
    Ok(())
}

/// Takes identifiers from organisations: scheme, value, organisation.
pub fn delete_externals(conn: &mut Conn, rows: &[Val<'_>]) -> Result<()> {
    let statement = "WITH v AS (scheme TEXT, value TEXT, organisation TEXT) \
        DELETE FROM external_ids WHERE (scheme, value, organisation) IN \
        (SELECT v.scheme, v.value, v.organisation FROM v)";
    with_many(conn, statement, rows).map(drop)
}

/// Takes classes from organisations: organisation, code.
pub fn delete_classes(conn: &mut Conn, rows: &[Val<'_>]) -> Result<()> {
    let statement = "WITH v AS (organisation TEXT, code TEXT) \
        DELETE FROM organisation_classes WHERE (organisation, code) IN \
        (SELECT v.organisation, v.code FROM v)";
    with_many(conn, statement, rows).map(drop)
}
