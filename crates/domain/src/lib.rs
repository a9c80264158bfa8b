//! What may happen: the rules of Signoff as pure functions.
//!
//! Nothing here waits, reads a clock, draws randomness or touches a database or the network: the moment, the ids and the rows are arguments, what follows is
//! the return value. Start with [`task`] for the life of a task, [`queue`] for what a kind of decision is made of, and [`review`] for how a reviewer's answer is checked.

pub mod actor;
pub mod assignment;
pub mod availability;
pub mod batch;
pub mod calendar;
pub mod capacity;
pub mod comment;
pub mod condition;
pub mod credential;
pub mod delegation;
pub mod escalation;
pub mod event;
pub mod group;
pub mod hold;
pub mod id;
pub mod log;
pub mod member;
pub mod moment;
pub mod outcome;
pub mod permission;
pub mod queue;
pub mod refusal;
pub mod review;
pub mod schedule;
pub mod schema;
pub mod skill;
pub mod sla;
pub mod stage;
pub mod submission;
pub mod task;
pub mod text;
pub mod workflow;

pub use moment::{Ids, Moment};
pub use refusal::{Code, Refusal};

/// An instant in UTC. Stored and sent with microseconds.
pub type Timestamp = jiff::Timestamp;
/// A JSON object, in the order in which it was sent.
pub type Object = serde_json::Map<String, serde_json::Value>;
