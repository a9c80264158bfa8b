//! What the published Datashift client gets from this server, one fact each, on both engines and with the base address that has `/v1` as with the one that has not.
//!
//! [`client`] is that client as a server sees it.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod client;
mod errors;
mod queue;
mod review;
mod task;

use client::Client;
use serde_json::Value;
use signoff_testkit::{TestServer, Who};

/// The client with either base address.
fn clients_of(server: &TestServer, key: &Who) -> [Client; 2] {
    ["", "/v1"].map(|prefix| Client::new(format!("{}{prefix}", server.url), key.secret()))
}

/// The client with either base address and a key as keys are by themselves.
fn clients(server: &TestServer) -> [Client; 2] {
    clients_of(server, &server.ours.agent)
}

/// The names of an object's members.
#[track_caller]
fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Asserts that an object has members.
#[track_caller]
fn has(value: &Value, names: &[&str]) {
    let there = members(value);
    let missing: Vec<_> = names.iter().filter(|name| !there.contains(name)).collect();
    assert!(missing.is_empty(), "{missing:?} are missing in {value}");
}

/// The ids of a list.
#[track_caller]
fn ids(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(signoff_testkit::id).collect()
}
