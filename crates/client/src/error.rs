//! What can be in the way of an answer.

use signoff_wire::problem::Problem;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, and says why (RFC 9457).
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// No answer came. Whether a request that changes something took effect is not known.
    #[error("no answer from {url}")]
    Network {
        /// Address of the server.
        url: String,
        /// What happened on the way.
        #[source]
        source: reqwest::Error,
    },
    /// What answered is not a Signoff server of this version.
    #[error("what answered at {url} is not the Signoff API (status {status})")]
    Foreign {
        /// The address that was asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The address is not that of a server.
    #[error("'{0}' is not the address of a server, such as https://signoff.example")]
    Address(String),
    /// The credential cannot be sent in a header.
    #[error("the key or token has characters that no key or token has")]
    Credential,
    /// The request cannot be written as JSON.
    #[error("the request cannot be written as JSON")]
    Body(#[from] serde_json::Error),
}

impl Error {
    /// The problem that the server answered with.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }

    /// The problem's code: `not_found`, `stale_revision`, …
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.problem().map(|problem| problem.code.as_str())
    }

    /// Whether the same request may succeed later: the network failed, or the server cannot answer now.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Problem(problem) => matches!(problem.status, 429 | 503),
            Self::Foreign { status, .. } => matches!(status, 502..=504),
            Self::Address(_) | Self::Credential | Self::Body(_) => false,
        }
    }
}
