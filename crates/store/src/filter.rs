//! Lists: conditions that are put together when they are asked for, and keyset pages.

use crate::{Arg, Statement};

/// A statement that is put together from fixed parts; values are always bound.
#[derive(Debug, Clone)]
pub struct Select<'a> {
    postgres: String,
    sqlite: String,
    args: Vec<Arg<'a>>,
    has_where: bool,
}

impl Statement for Select<'_> {
    fn postgres(&self) -> &str {
        &self.postgres
    }
    fn sqlite(&self) -> &str {
        &self.sqlite
    }
}

impl<'a> Select<'a> {
    /// Starts with `SELECT … FROM …`.
    #[must_use]
    pub fn new(start: &'static str) -> Self {
        Self { postgres: start.into(), sqlite: start.into(), args: Vec::new(), has_where: false }
    }

    /// The values to bind.
    #[must_use]
    pub fn args(&self) -> &[Arg<'a>] {
        &self.args
    }

    fn push(&mut self, postgres: &str, sqlite: &str) {
        self.postgres.push_str(postgres);
        self.sqlite.push_str(sqlite);
    }

    fn bind(&mut self, arg: Arg<'a>) {
        self.args.push(arg);
        let number = self.args.len().to_string();
        self.push("$", "?");
        self.push(&number, &number);
    }

    fn and(&mut self) {
        let word = if self.has_where { " AND " } else { " WHERE " };
        self.has_where = true;
        self.push(word, word);
    }

    /// Adds a condition; each `?` of it stands for the next of `args`.
    pub fn filter(&mut self, condition: &'static str, args: impl IntoIterator<Item = Arg<'a>>) {
        self.filter_each(condition, condition, args);
    }

    /// Adds a condition that the engines write differently.
    pub fn filter_each(&mut self, postgres: &'static str, sqlite: &'static str, args: impl IntoIterator<Item = Arg<'a>>) {
        self.and();
        let mut args = args.into_iter();
        let (mut left, mut right) = (postgres.split('?'), sqlite.split('?'));
        while let (Some(postgres), Some(sqlite)) = (left.next(), right.next()) {
            self.push(postgres, sqlite);
            if let Some(arg) = args.next() {
                self.bind(arg);
            }
        }
    }

    /// Adds the condition that `column` is one of `values`; none is never true.
    pub fn any_of(&mut self, column: &'static str, values: impl IntoIterator<Item = Arg<'a>>) {
        let mut values = values.into_iter();
        self.and();
        let Some(first) = values.next() else {
            self.push("1 = 0", "1 = 0");
            return;
        };
        self.push(column, column);
        self.push(" IN (", " IN (");
        self.bind(first);
        for value in values {
            self.push(", ", ", ");
            self.bind(value);
        }
        self.push(")", ")");
    }

    /// Adds the end: order and such, without values.
    pub fn end(&mut self, end: &'static str) {
        self.push(end, end);
    }

    /// Adds the limit.
    pub fn limit(&mut self, limit: i64) {
        self.push(" LIMIT ", " LIMIT ");
        self.bind(limit.into());
    }

    /// Adds the offset, after the limit.
    pub fn offset(&mut self, offset: i64) {
        self.push(" OFFSET ", " OFFSET ");
        self.bind(offset.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_and_values_numbered() {
        let mut select = Select::new("SELECT id FROM tasks");
        select.filter("(created_at, id) < (?, ?)", [1.into(), 2.into()]);
        select.any_of("state", ["queued".into(), "pending".into()]);
        select.any_of("queue_id", []);
        select.end(" ORDER BY created_at DESC");
        select.limit(10);
        assert_eq!(
            select.sqlite(),
            "SELECT id FROM tasks WHERE (created_at, id) < (?1, ?2) AND state IN (?3, ?4) AND 1 = 0 ORDER BY created_at DESC LIMIT ?5"
        );
        assert_eq!(select.postgres(), select.sqlite().replace('?', "$"));
        assert_eq!(select.args().len(), 5);
    }
}
