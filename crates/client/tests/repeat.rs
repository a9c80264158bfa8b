//! When a call is sent again, and that it is the same call then: a server that fails in prepared ways counts what reaches it.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use signoff_client::{Client, Error, Options, wire};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// What the server does with a request.
#[derive(Clone)]
enum Act {
    /// Answers it.
    Answer(u16, Value),
    /// Takes it and says nothing, as one that was killed.
    HangUp,
}

/// A server that does one act after another, the last one again and again, and remembers the heads of all requests.
async fn server(acts: Vec<Act>) -> (Client, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = Options::new(format!("http://{}", listener.local_addr().unwrap())).credential("sk_test_x");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let heads = Arc::clone(&seen);
    tokio::spawn(async move {
        for n in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|part| part == b"\r\n\r\n") {
                stream.read_buf(&mut request).await.unwrap();
            }
            heads.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
            if let Act::Answer(status, body) = acts.get(n).or(acts.last()).unwrap() {
                let body = body.to_string();
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                stream.write_all((head + &body).as_bytes()).await.unwrap();
            }
        }
    });
    (Client::new(options).unwrap(), seen)
}

fn problem(status: u16, code: &str) -> Act {
    let body = json!({
        "type": "", "title": "", "status": status, "detail": "It is so.", "code": code, "message": "", "hint": null, "errors": {}, "entityId": null,
        "retryAfter": null, "request_id": "req_1", "error": { "code": code, "message": "" },
    });
    Act::Answer(status, body)
}

fn task(state: &str) -> Act {
    let body = json!({
        "id": "task_1", "organization_id": "", "queue_id": "", "queue_key": "q", "queue_version": 1, "batch_id": null, "external_id": null, "state": state,
        "revision": 1, "stage": 0, "wanted": 1, "priority": "normal", "data": {}, "context": {}, "metadata": {}, "choices": null, "max_selections": null, "summary": null,
        "sla_deadline": null, "assignee_id": null, "created_by": { "kind": "agent", "id": "", "name": null }, "outcome": null, "reviewed_at": null,
        "created_at": "2026-11-24T09:00:00Z", "updated_at": "2026-11-24T09:00:00Z", "queue": null, "reviews": null, "lease": null,
    });
    Act::Answer(201, body)
}

fn submission() -> wire::task::SubmitTask {
    serde_json::from_value(json!({ "queue_key": "q", "data": {} })).unwrap()
}

fn idempotency_keys(seen: &Mutex<Vec<String>>) -> Vec<String> {
    let seen = seen.lock().unwrap();
    seen.iter().filter_map(|head| head.lines().find_map(|line| line.strip_prefix("idempotency-key: ")).map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_submission_that_met_no_answer_is_sent_again_under_the_same_key() {
    let (client, seen) = server(vec![Act::HangUp, problem(503, "overloaded"), task("queued")]).await;
    let submitted = client.submit_task(&submission()).await.unwrap();
    assert_eq!((submitted.task.id.as_str(), submitted.existing), ("task_1", false));
    let keys = idempotency_keys(&seen);
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
    client.submit_task(&submission()).await.unwrap();
    assert_ne!(idempotency_keys(&seen)[3], keys[0], "another submission is another one");
}

#[tokio::test]
async fn what_was_refused_is_not_sent_again() {
    let (client, seen) = server(vec![problem(400, "schema_mismatch")]).await;
    let error = client.submit_task(&submission()).await.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (Some("schema_mismatch"), "It is so."));
    assert_eq!(seen.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_shown_once_is_asked_for_once() {
    for act in [Act::HangUp, problem(503, "fault")] {
        let (client, seen) = server(vec![act]).await;
        let key = serde_json::from_value(json!({ "name": "k" })).unwrap();
        assert!(client.create_key(&key).await.unwrap_err().is_passing());
        let seen = seen.lock().unwrap();
        assert!(seen.len() == 1 && !seen[0].contains("idempotency-key"), "{seen:?}");
    }
}

#[tokio::test]
async fn giving_up_tells_that_no_answer_came() {
    let (client, seen) = server(vec![Act::HangUp]).await;
    let options = Options { retries: 1, ..Options::new(client.url()) };
    let error = Client::new(options).unwrap().task("task_1").await.unwrap_err();
    assert!(matches!(error, Error::Network { .. }), "{error:?}");
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn an_answer_that_is_not_ours_is_told_as_such() {
    let (client, _) = server(vec![Act::Answer(404, json!("<html>"))]).await;
    assert!(matches!(client.task("task_1").await, Err(Error::Foreign { status: 404, .. })));
}

#[tokio::test]
async fn waiting_outlasts_an_outage_and_ends_with_the_decision() {
    let outage = std::iter::repeat_n(Act::HangUp, 7);
    let acts = [task("queued"), task("queued")].into_iter().chain(outage).chain([task("queued"), task("reviewed")]);
    let (client, seen) = server(acts.collect()).await;
    let settled = client.wait_for_task("task_1", Some(Duration::from_secs(60))).await.unwrap();
    assert_eq!(settled.unwrap().state, wire::task::TaskState::Reviewed);
    assert_eq!(seen.lock().unwrap().len(), 11);
}

/// A server that drains behind a proxy answers each wait at once with the task as it is.
#[tokio::test]
async fn answers_that_come_early_are_not_asked_for_without_end() {
    let (client, seen) = server(vec![task("queued")]).await;
    assert!(client.wait_for_task("task_1", Some(Duration::from_secs(2))).await.unwrap().is_none());
    let asked = seen.lock().unwrap().len();
    assert!((3..=12).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_revision_names_the_one_that_it_replaces() {
    let (client, seen) = server(vec![problem(409, "stale_revision"), task("queued")]).await;
    let revision = serde_json::from_value(json!({ "data": { "a": 1 } })).unwrap();
    assert_eq!(client.revise_task("task_1", Some(3), &revision).await.unwrap_err().code(), Some("stale_revision"));
    client.revise_task("task_1", None, &revision).await.unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen[0].contains("if-match: \"3\"") && !seen[1].contains("if-match"), "{seen:?}");
}

#[tokio::test]
async fn waiting_for_what_is_not_there_ends_at_once_and_time_ends_it_otherwise() {
    let (client, _) = server(vec![problem(404, "not_found")]).await;
    assert_eq!(client.wait_for_task("task_1", None).await.unwrap_err().code(), Some("not_found"));
    let (client, seen) = server(vec![task("queued")]).await;
    assert!(client.wait_for_task("task_1", Some(Duration::ZERO)).await.unwrap().is_none());
    assert_eq!(seen.lock().unwrap().len(), 1);
}
