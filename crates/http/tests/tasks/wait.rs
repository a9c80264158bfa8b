//! Waiting for a decision: the long-poll wakes, or ends when its time is up.

use std::{future::IntoFuture, time::Duration};

use serde_json::{Value, json};
use signoff_testkit::{Answer, TestServer, Who, both, id};
use tokio::{task::JoinHandle, time::Instant};

both!(TestServer:
    a_waiter_wakes_when_the_task_is_decided,
    a_waiter_wakes_when_the_task_is_cancelled,
    every_waiter_wakes,
    what_does_not_settle_the_task_does_not_end_the_wait,
    a_wait_ends_when_its_time_is_up,
    a_settled_task_is_not_waited_for,
    a_wait_is_of_zero_to_sixty_seconds,
    who_lost_their_rights_meanwhile_hears_nothing,
    a_fault_meanwhile_is_not_a_loss_of_rights,
    a_server_that_drains_answers_with_the_task_as_it_is,
);

/// A wait that ends only after this was not ended by a wake: the sweep of waiters comes after ten seconds.
const BY_A_WAKE: Duration = Duration::from_secs(8);

fn wait(server: &TestServer, task: &Value, seconds: u64) -> JoinHandle<Answer> {
    tokio::spawn(server.get(&format!("/v1/task/{}/wait?timeout={seconds}", id(task)), &server.ours.agent).into_future())
}

/// Long enough for a request that waits to have arrived and to be waiting.
async fn until_waiting(server: &TestServer, waiters: usize) {
    let started = Instant::now();
    while server.app.hub().waiting() < waiters {
        assert!(started.elapsed() < Duration::from_secs(10), "nobody waits");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// How many wait when no request does: the sealer.
fn idle(server: &TestServer) -> usize {
    server.app.hub().waiting()
}

async fn submitted(server: &TestServer) -> Value {
    server.approval(&server.ours, "mails").await;
    server.task(&server.ours, "mails", json!({"text": "Hello"})).await
}

async fn a_waiter_wakes_when_the_task_is_decided(server: &TestServer) {
    let task = submitted(server).await;
    let others = idle(server);
    let waiting = wait(server, &task, 30);
    until_waiting(server, others + 1).await;
    let decided = Instant::now();
    server.review(&task, &server.ours.reviewer, json!({"result": ["approved"], "feedback": "Fine"})).await.ok(201);
    let answer = waiting.await.unwrap();
    assert!(decided.elapsed() < BY_A_WAKE);
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let task = answer.ok(200);
    assert_eq!((&task["state"], &task["reviews"][0]["result"]), (&json!("reviewed"), &json!(["approved"])));
    let outcome = &task["outcome"];
    assert_eq!(
        (&outcome["kind"], &outcome["rule"], &outcome["value"]),
        (&json!("decided"), &json!("single_review"), &json!({"type": "approval", "approved": true}))
    );
    assert_eq!(idle(server), others, "nobody is registered any longer");
}

async fn a_waiter_wakes_when_the_task_is_cancelled(server: &TestServer) {
    let task = submitted(server).await;
    let others = idle(server);
    let waiting = wait(server, &task, 30);
    until_waiting(server, others + 1).await;
    let cancelled = Instant::now();
    server.act(&task, "cancel", &server.ours.agent, json!({"reason": "Sent by hand"})).await.ok(200);
    let task = waiting.await.unwrap().ok(200);
    assert!(cancelled.elapsed() < BY_A_WAKE);
    assert_eq!(task["state"], "cancelled");
    assert_eq!((&task["outcome"]["kind"], &task["outcome"]["reason"]), (&json!("cancelled"), &json!("Sent by hand")));
}

async fn every_waiter_wakes(server: &TestServer) {
    let task = submitted(server).await;
    let others = idle(server);
    let waiting: Vec<_> = (0..50).map(|_| wait(server, &task, 30)).collect();
    until_waiting(server, others + 50).await;
    let decided = Instant::now();
    server.review(&task, &server.ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    for waiter in waiting {
        assert_eq!(waiter.await.unwrap().ok(200)["state"], "reviewed");
    }
    assert!(decided.elapsed() < BY_A_WAKE);
}

async fn what_does_not_settle_the_task_does_not_end_the_wait(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let others = idle(server);
    let waiting = wait(server, &task, 30);
    until_waiting(server, others + 1).await;
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    server.act(&task, "comment", &ours.reviewer.token, json!({"body": "Hm"})).await.ok(201);
    let revised = server.act(&task, "revise", &ours.agent, json!({"data": {"text": "Better"}})).await.ok(200);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    server.review(&revised, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let decided = waiting.await.unwrap().ok(200);
    assert_eq!((&decided["revision"], &decided["data"]), (&json!(2), &json!({"text": "Better"})));
}

async fn a_wait_ends_when_its_time_is_up(server: &TestServer) {
    let task = submitted(server).await;
    for (seconds, least, most) in [(0, 0, 1_000), (1, 1_000, 4_000)] {
        let started = Instant::now();
        let answer = wait(server, &task, seconds).await.unwrap().ok(200);
        let took = started.elapsed().as_millis();
        assert_eq!(answer["state"], "queued");
        assert!((least..most).contains(&took), "{seconds} s took {took} ms");
    }
}

async fn a_settled_task_is_not_waited_for(server: &TestServer) {
    let task = submitted(server).await;
    server.act(&task, "cancel", &server.ours.agent, json!({})).await.ok(200);
    let started = Instant::now();
    assert_eq!(wait(server, &task, 60).await.unwrap().ok(200)["state"], "cancelled");
    assert!(started.elapsed() < Duration::from_secs(5));
}

async fn a_wait_is_of_zero_to_sixty_seconds(server: &TestServer) {
    let task = submitted(server).await;
    for wrong in ["61", "-1", "x", "1.5", ""] {
        let refused = server.get(&format!("/v1/task/{}/wait?timeout={wrong}", id(&task)), &server.ours.agent).await;
        refused.refused(400, "validation_error", Some("timeout"));
    }
}

async fn who_lost_their_rights_meanwhile_hears_nothing(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let admin = server.session(ours, &ours.admin).await;
    let made = server.post("/v1/key", &admin, json!({"name": "waiter"})).await.ok(201);
    let who = Who::Bearer(made["key"].as_str().unwrap().into());
    let others = idle(server);
    let waiting = tokio::spawn(server.get(&format!("/v1/task/{}/wait", id(&task)), &who).into_future());
    until_waiting(server, others + 1).await;
    server.delete(&format!("/v1/key/{}", id(&made)), &admin).await.ok(204);
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    waiting.await.unwrap().refused(401, "authentication_error", None);
}

/// The keys cannot be read, so that nobody can say whether this one is still in force: nothing is shown, and the client tries again.
async fn a_fault_meanwhile_is_not_a_loss_of_rights(server: &TestServer) {
    let task = submitted(server).await;
    let others = idle(server);
    let waiting = wait(server, &task, 30);
    until_waiting(server, others + 1).await;
    server.database.column("ALTER TABLE api_keys RENAME TO api_keys_elsewhere").await;
    server.review(&task, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let answer = waiting.await.unwrap();
    assert_eq!(answer.status, 503, "{}", answer.text);
    assert_eq!(answer.header("retry-after"), Some("1"));
    answer.refused(503, "fault", None);
    server.database.column("ALTER TABLE api_keys_elsewhere RENAME TO api_keys").await;
    assert_eq!(wait(server, &task, 1).await.unwrap().ok(200)["state"], "reviewed");
}

async fn a_server_that_drains_answers_with_the_task_as_it_is(server: &TestServer) {
    let task = submitted(server).await;
    let others = idle(server);
    let waiting = wait(server, &task, 60);
    until_waiting(server, others + 1).await;
    let started = Instant::now();
    server.drain();
    assert_eq!(waiting.await.unwrap().ok(200)["state"], "queued");
    assert!(started.elapsed() < BY_A_WAKE);
}
