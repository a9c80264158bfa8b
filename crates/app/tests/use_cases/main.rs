//! Use cases that no test over HTTP reaches whole, on both engines: documents as code, the operator's commands, what workers do.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod apply;
mod operator;
mod workers;
