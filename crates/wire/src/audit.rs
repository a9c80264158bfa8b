//! Proofs on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A proof about the log (RFC 9162).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Proof {
    /// How many entries the log has for which it holds.
    pub size: i64,
    /// The root of that log, in base64.
    pub root: String,
    /// The hashes, in base64, in the order in which they are used.
    pub hashes: Vec<String>,
}
