//! The store on both engines: isolation within a group commit, sealing, migrations, schemas, backup.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod backup;
mod isolation;
mod kit;
mod migrations;
mod schema;
mod sealing;
