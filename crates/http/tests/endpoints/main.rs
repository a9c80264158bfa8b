//! What holds for every endpoint, on both engines: who may use it, what it never shows, what it never takes. The endpoints are read from the API's description,
//! and one that is not in the table here fails the tests.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod call;
mod call_operations;
mod documented;
mod input;
mod rights;
mod table;
