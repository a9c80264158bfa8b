//! Values on their way into statements and out of rows, the same for both engines.
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | id | BLOB(16) | uuid |
//! | time | INTEGER, microseconds since 1970 | timestamptz |
//! | whole number | INTEGER | bigint |
//! | filterable JSON | TEXT | jsonb |

use std::error::Error as StdError;

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{Timestamp, id, log::content::Salt};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type};
use uuid::Uuid;

use crate::{Error, Fault};

/// A value bound to a statement.
#[derive(Debug, Clone)]
pub enum Arg<'a> {
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Text made for this statement, such as JSON.
    Owned(String),
    /// Bytes.
    Bytes(&'a [u8]),
    /// An id.
    Id(Uuid),
    /// An instant.
    Time(Timestamp),
    /// Nothing.
    Null,
}

impl Arg<'_> {
    /// A value as JSON text.
    ///
    /// # Errors
    /// [`Fault::Bug`] for what JSON cannot hold: a map with keys that are not text.
    pub fn json(value: &impl Serialize) -> Result<Self, Error> {
        serde_json::to_string(value).map(Self::Owned).map_err(|error| Fault::Bug(error.to_string()).into())
    }

    /// A value as JSON text, or nothing.
    ///
    /// # Errors
    /// As [`Arg::json`].
    pub fn json_opt(value: Option<&impl Serialize>) -> Result<Self, Error> {
        value.map_or(Ok(Self::Null), Self::json)
    }
}

macro_rules! from {
    ($($from:ty => $variant:ident;)*) => { $(
        impl<'a> From<$from> for Arg<'a> {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )* };
}

from! {
    i64 => Int; &'a str => Text; String => Owned; &'a [u8] => Bytes;
    Uuid => Id; Timestamp => Time;
    id::OrganizationId => Id; id::MemberId => Id; id::KeyId => Id; id::TokenId => Id; id::SessionId => Id; id::InvitationId => Id; id::QueueId => Id;
    id::TaskId => Id; id::BatchId => Id; id::ReviewId => Id; id::AssignmentId => Id; id::LeaseId => Id; id::CommentId => Id; id::EventId => Id;
    id::OfferId => Id; id::DelegationId => Id; id::AbsenceId => Id;
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Vec<u8>> for Arg<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Arg<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Arg::Null, Into::into)
    }
}

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Arg::Int(number) => ValueRef::Integer(*number),
            Arg::Text(text) => ValueRef::Text(text.as_bytes()),
            Arg::Owned(text) => ValueRef::Text(text.as_bytes()),
            Arg::Bytes(bytes) => ValueRef::Blob(bytes),
            Arg::Id(id) => ValueRef::Blob(id.as_bytes()),
            Arg::Time(time) => ValueRef::Integer(time.as_microsecond()),
            Arg::Null => ValueRef::Null,
        }))
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let text = |text: &str, out: &mut BytesMut| {
            // jsonb on the wire is a version byte and the text.
            if *ty == Type::JSONB {
                out.extend_from_slice(&[1]);
            }
            text.to_sql(&Type::TEXT, out)
        };
        match self {
            Arg::Int(number) => number.to_sql(ty, out),
            Arg::Text(value) => text(value, out),
            Arg::Owned(value) => text(value, out),
            Arg::Bytes(bytes) => bytes.to_sql(ty, out),
            Arg::Id(id) => id.to_sql(ty, out),
            Arg::Time(time) => time.to_sql(ty, out),
            Arg::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// The text of a jsonb or text column.
struct JsonText(String);

impl<'a> FromSql<'a> for JsonText {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        let text = match raw {
            [1, text @ ..] if *ty == Type::JSONB => text,
            [version, ..] if *ty == Type::JSONB => return Err(format!("jsonb of version {version}").into()),
            text => text,
        };
        Ok(Self(std::str::from_utf8(text)?.to_owned()))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB || *ty == Type::TEXT
    }
}

/// A result row of either engine.
#[derive(Debug)]
pub enum Row<'r> {
    /// From SQLite.
    Sqlite(&'r rusqlite::Row<'r>),
    /// From PostgreSQL.
    Postgres(&'r tokio_postgres::Row),
}

/// A type that can be read from a column.
pub trait Column: Sized {
    /// Reads column `i`.
    ///
    /// # Errors
    /// [`Fault::Database`] when the column holds something else.
    fn read(row: &Row<'_>, i: usize) -> Result<Self, Error>;
}

macro_rules! same_column {
    ($($type:ty),*) => { $(
        impl Column for $type {
            fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
                Ok(match row {
                    Row::Sqlite(row) => row.get(i)?,
                    Row::Postgres(row) => row.try_get(i)?,
                })
            }
        }
        impl Column for Option<$type> {
            fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
                Ok(match row {
                    Row::Sqlite(row) => row.get(i)?,
                    Row::Postgres(row) => row.try_get(i)?,
                })
            }
        }
    )* };
}

same_column!(i64, String, Vec<u8>);

impl Column for Option<Uuid> {
    fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        Ok(match row {
            Row::Sqlite(row) => row.get::<_, Option<[u8; 16]>>(i)?.map(Uuid::from_bytes),
            Row::Postgres(row) => row.try_get(i)?,
        })
    }
}

impl Column for Option<Timestamp> {
    fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        match row {
            Row::Sqlite(row) => row
                .get::<_, Option<i64>>(i)?
                .map(|micros| Timestamp::from_microsecond(micros).map_err(|error| Fault::Database(error.to_string()).into()))
                .transpose(),
            Row::Postgres(row) => Ok(row.try_get(i)?),
        }
    }
}

fn present<T>(value: Option<T>, i: usize) -> Result<T, Error> {
    value.ok_or_else(|| Fault::Database(format!("column {i} is null")).into())
}

impl Column for Uuid {
    fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        present(Option::read(row, i)?, i)
    }
}

impl Column for Timestamp {
    fn read(row: &Row<'_>, i: usize) -> Result<Self, Error> {
        present(Option::read(row, i)?, i)
    }
}

impl Row<'_> {
    /// Column `i`.
    ///
    /// # Errors
    /// [`Fault::Database`] when the column holds something else.
    pub fn get<T: Column>(&self, i: usize) -> Result<T, Error> {
        T::read(self, i)
    }

    /// The id in column `i`.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn id<T: id::Id>(&self, i: usize) -> Result<T, Error> {
        Ok(T::from(self.get::<Uuid>(i)?))
    }

    /// The id in column `i`, if there is one.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn id_opt<T: id::Id>(&self, i: usize) -> Result<Option<T>, Error> {
        Ok(self.get::<Option<Uuid>>(i)?.map(T::from))
    }

    /// The id of any kind of thing in column `i`.
    ///
    /// # Errors
    /// As [`Row::get`].
    pub fn uuid(&self, i: usize) -> Result<Uuid, Error> {
        self.get(i)
    }

    /// The salt in column `i`.
    ///
    /// # Errors
    /// [`Fault::Database`] when it has not 16 bytes.
    pub fn salt(&self, i: usize) -> Result<Salt, Error> {
        self.get::<Vec<u8>>(i)?.try_into().map_err(|_| Fault::Database(format!("column {i} is no salt")).into())
    }

    /// The JSON text in column `i`, as a value of `T`.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`] when it is not one.
    pub fn json<T: DeserializeOwned>(&self, i: usize) -> Result<T, Error> {
        parse(&present(self.json_text(i)?, i)?)
    }

    /// The JSON text in column `i`, if there is one.
    ///
    /// # Errors
    /// As [`Row::json`].
    pub fn json_opt<T: DeserializeOwned>(&self, i: usize) -> Result<Option<T>, Error> {
        self.json_text(i)?.as_deref().map(parse).transpose()
    }

    fn json_text(&self, i: usize) -> Result<Option<String>, Error> {
        match self {
            Row::Sqlite(_) => self.get(i),
            Row::Postgres(row) => Ok(row.try_get::<_, Option<JsonText>>(i)?.map(|json| json.0)),
        }
    }

    /// The word in column `i`, as `read` understands it.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`] when `read` does not.
    pub fn word<T>(&self, i: usize, table: &'static str, read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let word: String = self.get(i)?;
        read(&word).ok_or_else(|| Fault::Inconsistent { table, what: format!("unknown word '{word}'") }.into())
    }
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Fault::Database(format!("stored JSON: {error}")).into())
}
