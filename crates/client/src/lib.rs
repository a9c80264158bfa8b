//! Rust SDK of Signoff: the API of `signoff-wire` as typed calls on a [`Client`].
//!
//! A call is sent again when the network or an overloaded server was in the way and repeating it is safe: reads always are, and a POST carries an `Idempotency-Key` under
//! which the server carries it out once. [`Client::wait_for_task`] is how an agent waits for a decision.
//!
//! Start with [`client`], then [`task`]. How a request is sent, and when it is sent again, is in `call.rs`.

pub mod audit;
pub mod availability;
pub mod batch;
mod call;
pub mod client;
pub mod error;
pub mod offer;
pub mod organization;
pub mod people;
pub mod queue;
pub mod resource;
pub mod review;
mod review_operations;
pub mod task;

pub use call::Page;
pub use client::{Client, Options};
pub use error::Error;
pub use signoff_wire as wire;
