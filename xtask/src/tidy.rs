//! The rules of the house, each a check that lists what breaks it. [`CHECKS`] is all of them.

use std::fmt;

use crate::{generate, repository::Repository};

mod api;
mod licences;
mod links;
mod problems;
mod rooms;
mod sources;
mod words;

/// Lists what breaks a rule; fails when the rule cannot be checked.
pub type Check = fn(&Repository) -> anyhow::Result<Vec<Finding>>;

/// Every check with the rule that it stands for.
pub const CHECKS: &[(&str, Check)] = &[
    ("packages import only those that they may", rooms::imports),
    ("SQL stands in the store, and the rooms below HTTP know nothing of it", rooms::contents),
    ("files are short, and modules say what is in them", sources::check),
    ("text has no loose ends", words::check),
    ("every problem code has its page", problems::check),
    ("every operation is in docs/api.md, and no other", api::check),
    ("links between documents lead somewhere", links::check),
    ("dependencies have a licence that allows it", licences::check),
    ("there is one TLS provider", licences::one_tls_provider),
    ("what is generated is fresh", generate::fresh),
];

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    place: String,
    what: String,
}

impl Finding {
    /// A breach at a place: a file, or a file and a line.
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}
