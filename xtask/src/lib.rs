//! Tools of the repository itself: [`tidy`] is the rules of the house as checks, [`generate`] writes what is made from the code.
//!
//! Nothing here is part of the server. `tests/tidy.rs` runs every check as a test.

pub mod generate;
pub mod repository;
pub mod tidy;
