//! The record of what happened, over HTTP, on both engines: events as a list and as a stream, and the proof of them.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod audit;
mod feed;
mod list;
mod stream;
