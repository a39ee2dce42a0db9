//! The statements that set values of many records.

use kontor_platform::Result;
use kontor_platform::db::{Conn, Val, with_many};

/// Sets columns, named with their types; a row holds identifier, moment and values.
/// Says of how many records.
pub fn set(conn: &mut Conn, columns: &[&str], rows: &[Val<'_>]) -> Result<usize> {
    let (mut of, mut sets) = (String::new(), String::new());
    for column in columns {
        of.push_str(", ");
        of.push_str(column);
        if let Some((name, _)) = column.split_once(' ') {
            sets.push_str(&format!("{name} = v.{name}, "));
        }
    }
    let statement = format!(
        "WITH v AS (id TEXT, updated_at BIGINT{of}) UPDATE organisations \
         SET {sets}updated_at = v.updated_at, version = organisations.version + 1 \
         FROM v WHERE organisations.id = v.id"
    );
    let met = with_many(conn, &statement, rows)?;
    Ok(usize::try_from(met).unwrap_or(usize::MAX))
}

/// Files memberships of organisations under their sort keys.
pub fn file_under(conn: &mut Conn, rows: &[Val<'_>]) -> Result<()> {
    let statement = "WITH v AS (organisation TEXT, sort_key TEXT) UPDATE memberships \
        SET sort_key = v.sort_key FROM v WHERE memberships.organisation = v.organisation \
        AND memberships.sort_key <> v.sort_key";
    with_many(conn, statement, rows).map(drop)
}
