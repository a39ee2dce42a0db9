//! Many rows in few statements.

use std::ops::Range;

use super::{Conn, Param, Val};
use crate::error::{Error, Result};

/// How many rows go into one statement: few different texts, so that each stays
/// prepared. A server is asked seldom. For SQLite the rows of a statement share
/// what each one prepares anew (the words that a check allows), and the copies of
/// pages that it keeps in case the statement fails; with more rows, their values
/// cost more than that saves (measured: 1, 20, 50, 100, 200).
const SERVER: &[usize] = &[200, 20, 1];
const FILE: &[usize] = &[100, 20, 1];

/// Inserts many rows in few statements. `into` is the beginning of the
/// statement up to `VALUES` and the number of its columns; `values` holds the
/// rows' values one after another.
pub fn insert_many(conn: &mut Conn, into: (&str, usize), values: &[Val<'_>]) -> Result<()> {
    let (head, width) = into;
    in_steps(conn, width, values, |rows| {
        format!("{head} VALUES {}", numbered(width, 0..rows))
    })
    .map(drop)
}

/// Runs a statement that changes or deletes rows for many at a time; says how many
/// of the table it met. It begins with the columns of `v` and their types, and then
/// has a row of `v` for each row of `values`, which hold its columns one after
/// another. The caller sees to it that no row of the table is met by two.
///
/// ```text
/// WITH v AS (name TEXT, amount BIGINT)
///     UPDATE items SET amount = v.amount FROM v WHERE items.name = v.name
/// ```
///
/// # Errors
/// A defect when it begins otherwise.
pub fn with_many(conn: &mut Conn, statement: &str, values: &[Val<'_>]) -> Result<u64> {
    let parts = statement.strip_prefix("WITH v AS (");
    let parts = parts.and_then(|rest| rest.split_once(')'));
    let (of, act) = parts.ok_or_else(|| Error::broken("a statement names its columns"))?;
    let columns: Vec<(&str, &str)> = of.split(", ").filter_map(|c| c.split_once(' ')).collect();
    let (width, names) = (columns.len(), columns.iter().map(|(name, _)| *name));
    let names = names.collect::<Vec<_>>().join(", ");
    // A server learns the types from the first row. Without them it takes all for texts.
    let casts = columns.iter().enumerate();
    let casts: Vec<String> = casts
        .map(|(i, (_, kind))| format!("CAST(${} AS {kind})", i + 1))
        .collect();
    let first = format!("({})", casts.join(", "));
    in_steps(conn, width, values, |rows| {
        let rest = numbered(width, 1..rows);
        format!("WITH v ({names}) AS (VALUES {first}{rest}){act}")
    })
}

/// Runs the text for as many rows at once as there are, step by step; the rows
/// of the database that all of them met.
fn in_steps(
    conn: &mut Conn,
    width: usize,
    values: &[Val<'_>],
    text: impl Fn(usize) -> String,
) -> Result<u64> {
    let (mut rest, mut met) = (values, 0);
    let steps = if conn.is_postgres() { SERVER } else { FILE };
    for rows in steps.iter().copied() {
        let size = rows * width;
        if rest.len() < size {
            continue;
        }
        let sql = text(rows);
        let whole = rest.len() / size * size;
        for chunk in rest[..whole].chunks(size) {
            let params: Vec<&dyn Param> = chunk.iter().map(|v| v as &dyn Param).collect();
            met += conn.run(&sql, &params)?;
        }
        rest = &rest[whole..];
    }
    Ok(met)
}

/// `($1, $2), ($3, $4)`: these rows of so many columns.
fn numbered(width: usize, rows: Range<usize>) -> String {
    let mut sql = String::new();
    for row in rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=width {
            if column > 1 {
                sql.push_str(", ");
            }
            sql.push('$');
            sql.push_str(&(row * width + column).to_string());
        }
        sql.push(')');
    }
    sql
}
