//! The types on the wire: requests, replies, events, problems. The OpenAPI description is generated from them.
//!
//! Plain data with names as they are written. Ids are text here: the HTTP room reads them and names the place that is wrong. Requests refuse members that they
//! do not know.

pub mod apply;
pub mod audit;
pub mod availability;
pub mod batch;
pub mod escalation;
pub mod event;
pub mod offer;
pub mod people;
pub mod policy;
pub mod problem;
pub mod queue;
pub mod resource;
pub mod review;
pub mod routing;
pub mod sla;
pub mod task;
pub mod workflow;

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

/// Settings that are objects with a member that says which of them it is.
pub(crate) mod tagged {
    use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error as _};
    use serde_json::Value;

    use crate::Object;

    /// Reads one from an object only. What serde derives would take an array of the members as well.
    pub(crate) fn read<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_value(Value::Object(Object::deserialize(from)?)).map_err(D::Error::custom)
    }
}
