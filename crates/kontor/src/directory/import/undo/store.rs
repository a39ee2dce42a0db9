//! The statements that take an import back.

use std::collections::HashSet;

use kontor_platform::db::Conn;
use kontor_platform::{Id, Instant, Result, params, record, sql};

use super::super::super::model::Organisation;
use super::super::model::{ChangeKind, Import};

sql! {
    SET_UNDONE = "UPDATE imports SET state = 'undone', undone_at = $1 WHERE id = $2 AND state = 'applied'";
    CHANGES = "SELECT kind, organisation, subject, before FROM import_changes \
        WHERE import = $1 ORDER BY position";
    NAMES_OF_CHANGES = "SELECT DISTINCT o.id, o.slug, o.name, o.sort_key FROM organisations o \
        JOIN import_changes c ON c.organisation = o.id WHERE c.import = $1 ORDER BY o.sort_key, o.id";
    WITH_LATER_PEOPLE = "SELECT DISTINCT p.organisation FROM people p JOIN import_changes c \
        ON c.organisation = p.organisation WHERE c.import = $1 AND c.kind = 'created' AND NOT \
        EXISTS (SELECT 1 FROM import_changes d WHERE d.import = $1 AND d.kind = 'person' AND d.subject = p.id)";
    WITH_ACCOUNTS = "SELECT DISTINCT c.organisation FROM people p JOIN import_changes c \
        ON c.subject = p.id WHERE c.import = $1 AND c.kind = 'person' AND p.account IS NOT NULL";
    WITH_EMPLOYMENTS = "SELECT DISTINCT c.organisation FROM import_changes c WHERE c.import = $1 AND \
        ((c.kind = 'created' AND (EXISTS (SELECT 1 FROM former_employments e WHERE e.organisation = c.organisation) \
        OR EXISTS (SELECT 1 FROM employment_requests r WHERE r.organisation = c.organisation))) \
        OR (c.kind = 'person' AND EXISTS (SELECT 1 FROM former_employments f WHERE f.person = c.subject)))";
    FORGET_KEYS = "DELETE FROM row_keys WHERE import = $1 OR organisation IN (SELECT organisation \
        FROM import_changes WHERE import = $1 AND kind = 'created')";
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
    DELETE_EXTERNAL = "DELETE FROM external_ids WHERE scheme = $1 AND value = $2 AND organisation = $3";
    DELETE_CLASS = "DELETE FROM organisation_classes WHERE organisation = $1 AND code = $2";
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

/// Records that people were added to since, whose imported person has an account
/// by now, or where somebody has worked meanwhile or says so.
pub fn peopled_since(conn: &mut Conn, id: Id<Import>) -> Result<HashSet<String>> {
    let mut found: Vec<(String,)> = conn.all(WITH_LATER_PEOPLE, params![id])?;
    for sql in [WITH_ACCOUNTS, WITH_EMPLOYMENTS] {
        found.extend(conn.all::<(String,)>(sql, params![id])?);
    }
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Takes back what an import created.
pub fn delete_created(conn: &mut Conn, id: Id<Import>) -> Result<()> {
    for sql in [
        FORGET_KEYS,
        UNDO_PUBLICATIONS,
        UNDO_PEOPLE,
        UNDO_MEMBERSHIPS,
        UNDO_EXTERNALS,
        UNDO_CLASSES,
        UNDO_LIKELY,
        UNDO_ORGANISATIONS,
    ] {
        conn.run(sql, params![id])?;
    }
    Ok(())
}

pub fn delete_external(
    conn: &mut Conn,
    organisation: Id<Organisation>,
    scheme: &str,
    value: &str,
) -> Result<()> {
    conn.run(DELETE_EXTERNAL, params![scheme, value, organisation])
        .map(drop)
}

pub fn delete_class(conn: &mut Conn, organisation: Id<Organisation>, code: &str) -> Result<()> {
    conn.run(DELETE_CLASS, params![organisation, code])
        .map(drop)
}
