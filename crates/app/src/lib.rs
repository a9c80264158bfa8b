//! The use cases of Signoff, one file each: load, decide, persist, record.
//!
//! A use case is a [`Command`] or [`Query`] that the faces (REST, command line, chat) fill in and hand to [`App`]. It asks the domain what may happen and the
//! store to keep it. Who is asking is a [`Caller`]; when it is, and where ids come from, is a [`signoff_domain::Moment`]. [`hub`] is how waiters wake.
//!
//! There is nothing of HTTP here, no SQL, no clock and no randomness.

pub mod absences;
mod app;
pub mod availability;
pub mod caller;
mod clocks;
mod compiled;
pub mod due;
pub mod environment;
pub mod escalation;
pub mod events;
pub mod hub;
mod idempotent;
pub mod identity;
pub mod operations;
pub mod policy;
pub mod queues;
pub mod resources;
pub mod reviews;
pub mod routing;
pub mod sla;
pub mod tasks;
mod workflow;

pub use app::App;
pub use caller::{Caller, Principal};
pub use compiled::Compiled;
pub use environment::{Clock, Entropy, Environment};
pub use idempotent::Idempotency;
pub use signoff_store::{Command, Config, Error, Fault, Query, Wake, idempotency::Slot};
