//! Tasks over HTTP, on both engines: from submitting to waking who waits.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod batch;
mod change;
mod hold;
mod idempotency;
mod list;
mod next;
mod queue;
mod review;
mod submit;
mod wait;
mod withdraw;
