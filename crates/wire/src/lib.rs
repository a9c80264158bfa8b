//! The types on the wire: requests, replies, events, problems. The OpenAPI description is generated from them.
//!
//! Plain data with names as they are written. Ids are text here: the HTTP room reads them and names the place that is wrong. Requests refuse members that they
//! do not know.

pub mod apply;
pub mod audit;
pub mod batch;
pub mod event;
pub mod people;
pub mod problem;
pub mod queue;
pub mod review;
pub mod task;

/// An instant: RFC 3339 in UTC.
pub type Timestamp = jiff::Timestamp;
/// A JSON object.
pub type Object = serde_json::Map<String, serde_json::Value>;

/// Tells a member that is `null` from one that is not there: `None` is absent, `Some(None)` is null.
pub(crate) mod nullable {
    use serde::{Deserialize, Deserializer};

    pub(crate) fn read<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
        Option::deserialize(from).map(Some)
    }

    /// Reads a member that may be `null` but has to be there.
    pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        Option::deserialize(from)
    }
}
