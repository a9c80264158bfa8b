//! How tasks go through the stages of their queues, over HTTP, on both engines.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod conditions;
mod deadlines;
mod escalations;
mod quorum;
mod stages;

use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer};

/// An approval queue with these members as well.
pub(crate) async fn queue(server: &TestServer, key: &str, members: Value) -> Value {
    let mut queue = json!({"key": key, "name": key, "review_type": "approval"});
    queue.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    server.queue(&server.ours, queue).await
}

/// Approves a task, or rejects it.
pub(crate) async fn decide(server: &TestServer, task: &Value, person: &Person, result: &str) -> Value {
    server.review(task, person, json!({"result": [result]})).await.ok(201)
}

/// The task as its agent sees it.
pub(crate) async fn now(server: &TestServer, task: &Value) -> Value {
    server.reread(&server.ours, task).await
}

/// The types of a task's events after its submission.
pub(crate) async fn history(server: &TestServer, task: &Value) -> Vec<String> {
    let events = server.events(&server.ours).await;
    let of_task = events.into_iter().filter(|event| event["task_id"] == task["id"]);
    of_task.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
}

/// The details of the events of a type about a task.
pub(crate) async fn told(server: &TestServer, task: &Value, event_type: &str) -> Vec<Value> {
    let events = server.events(&server.ours).await;
    let of_task = events.into_iter().filter(|event| event["task_id"] == task["id"] && event["type"] == event_type);
    of_task.map(|event| event["detail"].clone()).collect()
}
