//! Submitting, and reading what was submitted.

use serde_json::json;
use signoff_testkit::{TestServer, both};

both!(TestServer: a_submitted_task_is_open_and_is_read_back);

async fn a_submitted_task_is_open_and_is_read_back(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "emails").await;
    let task = server.task(ours, "emails", json!({"to": "ann@example.com"})).await;
    assert_eq!(task["state"], "queued");
    let id = task["id"].as_str().unwrap();
    let read = server.get(&format!("/v1/task/{id}"), &ours.agent).await;
    assert_eq!(read.header("etag"), Some("\"1\""));
    assert_eq!(read.ok(200)["data"], json!({"to": "ann@example.com"}));
    let events = server.events(ours).await;
    assert_eq!(events.last().unwrap()["type"], "task.submitted");
    assert_eq!(events.len() as u64, server.log_size(ours).await);
}
