//! One transaction over SQLite and PostgreSQL; all SQL of Signoff.
//!
//! [`Store::write`] carries out a [`Command`] in one transaction: on SQLite on the writer thread, many commands per commit; on PostgreSQL on a pooled
//! connection, again when the database asks for it. A command records its events with [`Tx::record`]; they become part of the organization's log in the same
//! transaction (SQLite) or within milliseconds after it ([`Store::seal`], PostgreSQL). The modules named after tables hold their statements.
//!
//! Nothing here decides anything: rules are in the domain, and the moment is an argument.

pub mod absences;
pub mod assignments;
pub mod attempts;
pub mod batches;
pub mod clocks;
pub mod comments;
pub mod contents;
pub mod credentials;
mod error;
pub mod events;
pub mod filter;
pub mod holdings;
pub mod idempotency;
pub mod invitations;
pub mod leases;
pub mod log;
pub mod members;
mod migrate;
pub mod offers;
pub mod organizations;
mod postgres;
#[cfg(test)]
mod prepared;
pub mod queues;
pub mod reasons;
pub mod resources;
pub mod reviews;
pub mod routing_facts;
pub mod routings;
pub mod sessions;
mod sql;
mod sqlite;
mod store;
pub mod tasks;
pub mod timers;
mod tx;
mod value;
mod wake;
pub mod workloads;

pub use error::{Error, Fault};
pub use sql::{Sql, Statement};
pub use store::{Backup, Command, Config, Query, Store};
pub use tx::Tx;
pub use value::{Arg, Row};
pub use wake::{Listener, Wake};
