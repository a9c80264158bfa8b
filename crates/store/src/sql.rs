//! One statement text for both engines, written in the PostgreSQL dialect.
//!
//! At compile time the SQLite text is derived: `$1` becomes `?1` (on SQLite `$1` would be a name, numbered by first appearance) and row-lock clauses become
//! blanks, since SQLite has one writer. [`statements!`] names the statements of a module and lists them, so that a test can prepare each on both engines.

/// A statement in both dialects.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    /// For PostgreSQL.
    pub postgres: &'static str,
    /// For SQLite.
    pub sqlite: &'static str,
}

/// Something that can be prepared on either engine.
pub trait Statement: Sync {
    /// The text for PostgreSQL.
    fn postgres(&self) -> &str;
    /// The text for SQLite.
    fn sqlite(&self) -> &str;
}

impl Statement for Sql {
    fn postgres(&self) -> &str {
        self.postgres
    }
    fn sqlite(&self) -> &str {
        self.sqlite
    }
}

const LOCKS: [&[u8]; 5] = [b"FOR UPDATE OF t SKIP LOCKED", b"FOR UPDATE SKIP LOCKED", b"FOR UPDATE", b"FOR SHARE", b"FOR KEY SHARE OF q"];

/// The SQLite text of a PostgreSQL text, of the same length.
pub(crate) const fn to_sqlite<const N: usize>(text: &str) -> [u8; N] {
    let from = text.as_bytes();
    let mut to = [b' '; N];
    let mut i = 0;
    while i < N {
        let lock = lock_length(from, i);
        if lock > 0 {
            i += lock;
        } else {
            to[i] = if from[i] == b'$' && i + 1 < N && from[i + 1].is_ascii_digit() { b'?' } else { from[i] };
            i += 1;
        }
    }
    to
}

const fn lock_length(text: &[u8], at: usize) -> usize {
    let mut which = 0;
    while which < LOCKS.len() {
        if starts_with(text, at, LOCKS[which]) {
            return LOCKS[which].len();
        }
        which += 1;
    }
    0
}

const fn starts_with(text: &[u8], at: usize, pattern: &[u8]) -> bool {
    if at + pattern.len() > text.len() {
        return false;
    }
    let mut i = 0;
    while i < pattern.len() {
        if text[at + i] != pattern[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Defines the statements of a module and `ALL`, the list of them.
macro_rules! statements {
    ($($name:ident = $text:expr $(, sqlite: $lite:expr)?;)*) => {
        $(const $name: $crate::sql::Sql = $crate::sql::statement!($text $(, $lite)?);)*
        /// Every statement of this module, for the test that prepares each.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, $crate::sql::Sql)] = &[$((stringify!($name), $name)),*];
    };
}

macro_rules! statement {
    ($text:expr) => {{
        const TEXT: &str = $text;
        const BYTES: [u8; TEXT.len()] = $crate::sql::to_sqlite::<{ TEXT.len() }>(TEXT);
        const SQLITE: &str = match core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => panic!("a statement is ASCII"),
        };
        $crate::sql::Sql { postgres: TEXT, sqlite: SQLITE }
    }};
    ($postgres:expr, $sqlite:expr) => {
        $crate::sql::Sql { postgres: $postgres, sqlite: $sqlite }
    };
}

pub(crate) use {statement, statements};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_renumbered_and_locks_blanked_in_place() {
        const SQL: Sql = statement!("SELECT a FROM t WHERE b = $2 AND c = $10 FOR UPDATE SKIP LOCKED");
        assert_eq!(SQL.sqlite.trim_end(), "SELECT a FROM t WHERE b = ?2 AND c = ?10");
        assert_eq!(SQL.sqlite.len(), SQL.postgres.len());
    }
}
