//! The settings of review operations over HTTP, on both engines: stages, routing and times of a queue, the same as code, and trying them.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod document;
mod policy;
mod queue;
mod sla;

use serde_json::{Value, json};
use signoff_testkit::TestServer;

/// Groups `legal` (two members) and `finance` (one), and the calendar `berlin`.
pub(crate) async fn define(server: &TestServer) {
    let ours = &server.ours;
    server.define(ours, "group", "legal", json!({"name": "Legal", "member_ids": [ours.reviewer.id, ours.second.id]})).await;
    server.define(ours, "group", "finance", json!({"name": null, "member_ids": [ours.admin.id]})).await;
    let weekly = json!([{"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "from": "09:00", "to": "17:00"}]);
    server.define(ours, "calendar", "berlin", json!({"time_zone": "Europe/Berlin", "weekly": weekly})).await;
}

/// An approval queue with these members as well.
pub(crate) fn with(key: &str, members: Value) -> Value {
    let mut queue = json!({"key": key, "name": key, "review_type": "approval"});
    queue.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    queue
}
