//! Batches: what becomes of each item, and waiting for all.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};
use tokio::time::Instant;

both!(TestServer:
    what_is_wrong_with_one_item_does_not_stop_the_others,
    a_batch_has_one_to_a_thousand_tasks,
    a_batch_is_waited_for_until_no_task_is_open,
    a_batch_that_is_submitted_again_is_waited_for,
    a_batch_of_a_queue_that_is_not_there_is_refused_whole,
    a_batch_with_an_idempotency_key_is_submitted_once,
);

async fn what_is_wrong_with_one_item_does_not_stop_the_others(server: &TestServer) {
    let ours = &server.ours;
    let schema = json!({"required": ["text"]});
    let queue = server.queue(ours, json!({"key": "tickets", "name": "Tickets", "review_type": "approval", "data_schema": schema})).await;
    let known =
        server.post("/v1/task", &ours.agent, json!({"queue_key": "tickets", "data": {"text": "a"}, "external_id": "t-0"})).await.ok(201);
    let body = json!({"queue_key": "tickets", "tasks": [
        {"data": {"text": "one"}, "external_id": "t-1", "priority": "high"},
        {"data": {}, "external_id": "t-2"},
        {"data": {"text": "a"}, "external_id": "t-0"},
        {"data": {"text": "x"}, "choices": [{"key": "a", "label": "A"}], "summary": "two\nlines"},
        {"data": {"text": "one"}, "external_id": "t-1"},
        {"data": {"text": "x"}, "deadline": "2026-01-01T00:00:00Z", "sla_minutes": 3},
        {"data": {"text": "last"}},
        {"data": {"text": "x"}, "external_id": "a\u{0}b"},
        {"data": {"text": "other"}, "external_id": "t-1"},
    ]});
    let batch = server.post("/v1/batch", &ours.agent, body).await.ok(201);
    let statuses: Vec<_> = batch["items"].as_array().unwrap().iter().map(|item| item["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["created", "refused", "existing", "refused", "existing", "refused", "created", "refused", "refused"]);
    let items = &batch["items"];
    assert_eq!(items[2]["task_id"], known["id"]);
    assert_eq!(items[4]["task_id"], items[0]["task_id"]);
    assert_eq!((&items[1]["problem"]["code"], &items[1]["problem"]["pointers"]), (&json!("schema_mismatch"), &json!(["/data"])));
    assert_eq!(items[3]["problem"]["pointers"], json!(["/summary", "/choices"]));
    assert_eq!(items[5]["problem"]["pointers"], json!(["/sla_minutes"]));
    assert_eq!(items[7]["problem"]["pointers"], json!(["/external_id"]));
    let reused = &items[8]["problem"];
    assert_eq!((&reused["code"], &reused["pointers"]), (&json!("external_id_reused"), &json!(["/external_id"])));
    assert!(reused["detail"].as_str().unwrap().contains(items[0]["task_id"].as_str().unwrap()), "{reused}");
    for (i, item) in items.as_array().unwrap().iter().enumerate() {
        assert_eq!(item["index"], i);
        assert_eq!(item["task_id"].is_null(), item["status"] == "refused");
        assert_eq!(item["problem"].is_null(), item["status"] != "refused");
    }
    let counts = json!({"total": 9, "queued": 3, "refused": 5, "pending": 0, "reviewed": 0, "cancelled": 0, "expired": 0});
    for (member, count) in counts.as_object().unwrap() {
        assert_eq!(batch[member], *count, "{member}");
    }
    assert_eq!(batch["queue_id"], queue["id"]);

    assert_eq!(server.get(&format!("/v1/batch/{}", id(&batch)), &ours.agent).await.ok(200), batch);
    let listed = server.get(&format!("/v1/task?batch_id={}", id(&batch)), &ours.agent).await.ok(200);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(listed.as_array().unwrap().iter().all(|task| task["batch_id"] == batch["id"]));
    let types: Vec<_> = server.events(ours).await.iter().rev().take(3).map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["batch.submitted", "task.submitted", "task.submitted"]);
}

async fn a_batch_has_one_to_a_thousand_tasks(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "tickets").await;
    let submit = |count: usize| {
        let tasks: Vec<_> = (0..count).map(|n| json!({"data": {"n": n}})).collect();
        server.post("/v1/batch", &ours.agent, json!({"queue_key": "tickets", "tasks": tasks}))
    };
    let size = server.log_size(ours).await;
    for count in [0, 1_001] {
        submit(count).await.refused(400, "validation_error", Some("/tasks"));
    }
    assert_eq!(server.log_size(ours).await, size);
    let batch = submit(1_000).await.ok(201);
    assert_eq!((&batch["total"], &batch["queued"]), (&json!(1_000), &json!(1_000)));
    assert_eq!(server.log_size(ours).await, size + 1_001);
}

async fn a_batch_is_waited_for_until_no_task_is_open(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "tickets").await;
    let tasks = json!({"queue_key": "tickets", "tasks": [{"data": {"n": 1}}, {"data": {"n": 2}}, {"data": {"n": 3}}]});
    let batch = server.post("/v1/batch", &ours.agent, tasks).await.ok(201);
    let path = format!("/v1/batch/{}/wait", id(&batch));
    let soon = server.get(&format!("{path}?timeout=0"), &ours.agent).await.ok(200);
    assert_eq!(soon["queued"], 3);

    let waiting = tokio::spawn(server.get(&format!("{path}?timeout=30"), &ours.agent).into_future());
    let started = Instant::now();
    let tasks = server.get(&format!("/v1/task?batch_id={}", id(&batch)), &ours.agent).await.ok(200);
    let tasks: Vec<Value> = tasks.as_array().unwrap().clone();
    server.advance(SignedDuration::from_secs(1));
    server.review(&tasks[0], &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.review(&tasks[1], &ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    assert!(!waiting.is_finished());
    server.act(&tasks[2], "cancel", &ours.agent, json!({})).await.ok(200);
    let settled = waiting.await.unwrap().ok(200);
    assert_eq!((&settled["queued"], &settled["reviewed"], &settled["cancelled"]), (&json!(0), &json!(2), &json!(1)));
    assert!(started.elapsed() < Duration::from_secs(8), "the wait ended by its sweep, not by a wake");
    let again = server.get(&path, &ours.agent).await.ok(200);
    assert_eq!(again, settled);
}

/// Every item is known already: the new batch is about the same tasks, and is settled when they are.
async fn a_batch_that_is_submitted_again_is_waited_for(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "tickets").await;
    let tasks: Vec<_> = (0..3).map(|n| json!({"data": {"n": n}, "external_id": format!("t-{n}")})).collect();
    let submit = || server.post("/v1/batch", &ours.agent, json!({"queue_key": "tickets", "tasks": tasks}));
    let first = submit().await.ok(201);
    let again = submit().await.ok(201);
    assert!(again["items"].as_array().unwrap().iter().all(|item| item["status"] == "existing"));
    assert_eq!((&again["queued"], &again["total"]), (&json!(3), &json!(3)));

    let path = |batch: &Value| format!("/v1/batch/{}/wait?timeout=30", id(batch));
    let started = Instant::now();
    let waiting: Vec<_> =
        [&first, &again].map(|batch| tokio::spawn(server.get(&path(batch), &ours.agent).into_future())).into_iter().collect();
    let open = server.get(&format!("/v1/task?batch_id={}", id(&first)), &ours.agent).await.ok(200);
    let open = open.as_array().unwrap();
    server.review(&open[0], &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.act(&open[1], "cancel", &ours.agent, json!({})).await.ok(200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(waiting.iter().all(|wait| !wait.is_finished()));
    server.review(&open[2], &ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    for wait in waiting {
        let settled = wait.await.unwrap().ok(200);
        assert_eq!((&settled["queued"], &settled["reviewed"], &settled["cancelled"]), (&json!(0), &json!(2), &json!(1)));
    }
    assert!(started.elapsed() < Duration::from_secs(8), "the wait ended by its sweep, not by a wake");
}

async fn a_batch_of_a_queue_that_is_not_there_is_refused_whole(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "old").await;
    server.delete("/v1/queue/old", &ours.admin.token).await.ok(204);
    let size = server.log_size(ours).await;
    let submit = |key: &str| server.post("/v1/batch", &ours.agent, json!({"queue_key": key, "tasks": [{"data": {}}]}));
    submit("nowhere").await.refused(404, "not_found", None);
    submit("old").await.refused(409, "queue_deleted", Some("/queue_key"));
    assert_eq!(server.log_size(ours).await, size);
}

async fn a_batch_with_an_idempotency_key_is_submitted_once(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "tickets").await;
    let body = json!({"queue_key": "tickets", "tasks": [{"data": {"n": 1}}, {"data": {"n": 2}}]});
    let first = server.post("/v1/batch", &ours.agent, body.clone()).header("idempotency-key", "b-1").await.ok(201);
    let size = server.log_size(ours).await;
    let again = server.post("/v1/batch", &ours.agent, body).header("idempotency-key", "b-1").await.ok(201);
    assert_eq!((again, server.log_size(ours).await), (first, size));
}
