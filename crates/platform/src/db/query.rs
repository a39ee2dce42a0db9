//! A statement that grows with the filters chosen.

use super::{Conn, FromRow, Param, Val};
use crate::error::Result;

/// A statement with its values; parameters are numbered as they come.
pub struct Query<'a> {
    sql: String,
    values: Vec<Val<'a>>,
}

impl<'a> Query<'a> {
    /// Begins with a text without parameters.
    pub fn new(start: &str) -> Self {
        Query {
            sql: start.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds text without parameters.
    pub fn push(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    /// Adds a text and, behind it, a parameter.
    pub fn bind(&mut self, before: &str, value: Val<'a>) {
        self.values.push(value);
        self.sql.push_str(before);
        self.sql.push('$');
        self.sql.push_str(&self.values.len().to_string());
    }

    /// Adds a condition that ends with its parameter.
    pub fn and(&mut self, condition: &str, value: Val<'a>) {
        self.push(" AND ");
        self.bind(condition, value);
    }

    /// Adds ` IN (…)` with these identifiers; nothing is equal where there are
    /// none. Their number is filled up to a power of two, so that few texts have
    /// to be kept prepared.
    pub fn among<I>(&mut self, ids: I)
    where
        I: IntoIterator,
        I::Item: std::fmt::Display,
    {
        let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
        let filled = ids.len().next_power_of_two();
        let all = ids.into_iter().chain(std::iter::repeat(String::new()));
        for (i, id) in all.take(filled).enumerate() {
            let before = if i == 0 { " IN (" } else { ", " };
            self.bind(before, Val::Text(id.into()));
        }
        self.push(")");
    }

    /// `column` begins with `start`, as a range that an index serves.
    pub fn prefix(&mut self, column: &str, start: &str) {
        self.and(&format!("{column} >= "), Val::Text(start.to_owned().into()));
        self.and(
            &format!("{column} < "),
            Val::Text(format!("{start}\u{10FFFF}").into()),
        );
    }

    /// Every row of the answer.
    pub fn all<T: FromRow>(&self, conn: &mut Conn) -> Result<Vec<T>> {
        let params: Vec<&dyn Param> = self.values.iter().map(|v| v as &dyn Param).collect();
        conn.all(&self.sql, &params)
    }
}
