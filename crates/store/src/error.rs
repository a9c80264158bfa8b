//! What can go wrong in a transaction: a rule refused, or something broke.

use signoff_domain::Refusal;

/// Why a transaction was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule says no; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Something broke. Never shown to a client: it may name tables and files.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database refused a statement, or cannot be reached.
    #[error("database: {0}")]
    Database(String),
    /// The transaction lost against another one and may be run again.
    #[error("conflict: {0}")]
    Conflict(String),
    /// A unique constraint stopped the transaction; the name is the index's or table's.
    #[error("not unique: {0}")]
    NotUnique(String),
    /// More work is waiting than is taken on.
    #[error("the write queue is full")]
    Full,
    /// The disk or the database file is broken; the process has to end.
    #[error("storage failed: {0}")]
    Broken(String),
    /// A row holds what cannot be there.
    #[error("row of {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// What is wrong.
        what: String,
    },
    /// The database is not what this version works with.
    #[error("{0}")]
    Unusable(String),
    /// A command panicked or waited for something other than the store.
    #[error("command failed: {0}")]
    Bug(String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) if text.contains("UNIQUE constraint failed") => Self::NotUnique(text),
            Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Broken(text),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Conflict(text),
            _ => Self::Database(text),
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState;
        let text = match error.as_db_error() {
            Some(db) => format!("{}: {}", db.code().code(), db.message()),
            None => error.to_string(),
        };
        match error.code() {
            Some(code) if *code == SqlState::UNIQUE_VIOLATION => {
                Self::NotUnique(error.as_db_error().and_then(|db| db.constraint()).map_or(text, Into::into))
            }
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => Self::Conflict(text),
            _ => Self::Database(text),
        }
    }
}
