//! What is shown: wire types from domain types that are written alike, alone or with further members. The other way is [`crate::settings::read`].

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use signoff_app::Fault;

use crate::problem::Answer;

/// A wire type from its domain type.
///
/// # Errors
/// A fault when the two do not write alike.
pub(crate) fn to_wire<W: DeserializeOwned>(domain: &impl Serialize) -> Result<W, Answer> {
    with(domain, [])
}

/// A wire type from its domain type and further members.
///
/// # Errors
/// As [`to_wire`].
pub(crate) fn with<W: DeserializeOwned, const N: usize>(domain: &impl Serialize, further: [(&str, Value); N]) -> Result<W, Answer> {
    let read = || {
        let mut value = serde_json::to_value(domain)?;
        if let Some(object) = value.as_object_mut() {
            object.extend(further.map(|(name, value)| (name.to_owned(), value)));
        }
        serde_json::from_value(value)
    };
    read().map_err(|error: serde_json::Error| Answer::Fault(Fault::Bug(format!("what is shown is not as it is written: {error}"))))
}
