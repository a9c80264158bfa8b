//! The mathematics of the event log: what an entry's bytes are, how entries become a Merkle tree, how the tree's state is
//! signed, and how an export of all this is written and checked. Nothing here reads a clock, a disk or a source of randomness;
//! storing, numbering and serving are the business of the rooms above. `docs/audit.md` says what the log promises and describes
//! each format for the reader who wants to check it with other tools.
//!
//! Start with [`entry`] (what is hashed), then [`merkle`] (what the hash of everything is), then [`verify`] (how all of it is
//! checked).
//!
//! Entries are turned into bytes before they are numbered. The number, `seq`, is therefore not among the hashed bytes: it is
//! the index of the leaf in the tree, starting at 0, and the tree's root is what binds each entry to its place.

pub mod canonical;
pub mod checkpoint;
pub mod content;
pub mod entry;
pub mod export;
pub mod finding;
pub mod merkle;
pub mod note;
pub mod tile;
pub mod verify;

mod instant;
mod line;
mod replay;
