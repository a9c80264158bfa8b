//! Problems: what every answer other than 2xx says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A problem (RFC 9457), with the members beside it that the published client reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// The page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// What the code is called.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong, in one sentence.
    pub detail: String,
    /// The code, for programs.
    pub code: String,
    /// The same as `detail`.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// What is wrong at which place: JSON pointers into the body, or names of parameters and headers.
    pub errors: BTreeMap<String, Vec<String>>,
    /// The id or key of what was not found.
    #[serde(rename = "entityId")]
    pub entity_id: Option<String>,
    /// After how many seconds to try again.
    #[serde(rename = "retryAfter")]
    pub retry_after: Option<u32>,
    /// The request, for the operator's logs.
    pub request_id: String,
    /// Code and message once more, in the documented shape.
    pub error: NestedError,
}

/// Code and message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NestedError {
    /// The code.
    pub code: String,
    /// The message.
    pub message: String,
}
