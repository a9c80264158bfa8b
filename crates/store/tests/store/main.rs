//! The store on both engines: isolation within a group commit, what the storage does to it, sealing, migrations, schemas, backup.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod backup;
mod faults;
mod isolation;
mod kit;
mod migrations;
mod schema;
mod sealing;
mod statements;
