//! Many rows in few statements.

use super::{Conn, Param, Val};
use crate::error::Result;

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
    let mut rest = values;
    let steps = if conn.is_postgres() { SERVER } else { FILE };
    for rows in steps.iter().copied() {
        let size = rows * width;
        if rest.len() < size {
            continue;
        }
        let sql = many(head, width, rows);
        let whole = rest.len() / size * size;
        for chunk in rest[..whole].chunks(size) {
            let params: Vec<&dyn Param> = chunk.iter().map(|v| v as &dyn Param).collect();
            conn.run(&sql, &params)?;
        }
        rest = &rest[whole..];
    }
    Ok(())
}

fn many(head: &str, width: usize, rows: usize) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
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
