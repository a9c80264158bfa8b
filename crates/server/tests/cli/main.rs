//! The command line as people and scripts meet it: the real binary, against a real server on an empty folder.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod audit;
mod client;
mod commands;
mod demo;
mod files;
mod operations;
mod program;
mod review;
