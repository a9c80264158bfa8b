//! `Idempotency-Key`: the same key and request, one effect and one answer.

use std::{collections::HashSet, future::IntoFuture};

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Request, TestServer, both, id};

both!(TestServer:
    the_same_key_and_request_get_the_same_answer,
    the_same_key_with_another_request_is_refused,
    requests_at_once_have_one_effect,
    a_key_belongs_to_who_sent_it,
    a_refused_request_does_not_use_its_key,
    a_key_is_kept_for_a_day,
    a_repeated_review_is_answered_as_the_first,
    every_verb_on_a_task_takes_a_key,
);

fn submit(server: &TestServer, key: &str, data: Value) -> Request {
    server.post("/v1/task", &server.ours.agent, json!({"queue_key": "mails", "data": data})).header("idempotency-key", key)
}

async fn the_same_key_and_request_get_the_same_answer(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let first = submit(server, "k-1", json!({"n": 1})).await;
    let size = server.log_size(ours).await;
    server.advance(SignedDuration::from_hours(1));
    // In quotes, as structured fields are written, it is the same key.
    for key in ["k-1", "\"k-1\""] {
        let again = submit(server, key, json!({"n": 1})).await;
        assert_eq!((again.status, &again.text), (201, &first.text));
    }
    let task = first.ok(201);
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    // The answer is the first one's, not what became of the task since.
    assert_eq!(submit(server, "k-1", json!({"n": 1})).await.ok(201)["state"], "queued");
    assert_eq!(server.log_size(ours).await, size + 2);
}

async fn the_same_key_with_another_request_is_refused(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = submit(server, "k-1", json!({"n": 1})).await.ok(201);
    let size = server.log_size(ours).await;
    submit(server, "k-1", json!({"n": 2})).await.refused(422, "idempotency_mismatch", Some("Idempotency-Key"));
    let cancel = server.act(&task, "cancel", &ours.agent, json!({})).header("idempotency-key", "k-1").await;
    cancel.refused(422, "idempotency_mismatch", Some("Idempotency-Key"));
    for key in ["", "x".repeat(256).as_str(), "a\"b"] {
        let header = if key.is_empty() { "\"\"" } else { key };
        submit(server, header, json!({"n": 3})).await.refused(400, "validation_error", Some("Idempotency-Key"));
    }
    assert_eq!(server.log_size(ours).await, size);
}

async fn requests_at_once_have_one_effect(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let size = server.log_size(ours).await;
    let sends: Vec<_> = (0..24).map(|_| tokio::spawn(submit(server, "k-1", json!({"n": 1})).into_future())).collect();
    let mut ids = HashSet::new();
    for send in sends {
        ids.insert(id(&send.await.unwrap().ok(201)).to_owned());
    }
    assert_eq!((ids.len(), server.log_size(ours).await), (1, size + 1));
}

async fn a_key_belongs_to_who_sent_it(server: &TestServer) {
    let (ours, theirs) = (&server.ours, &server.theirs);
    for organization in [ours, theirs] {
        server.approval(organization, "mails").await;
    }
    let body = json!({"queue_key": "mails", "data": {"n": 1}});
    let mut ids = HashSet::new();
    for who in [&ours.agent, ours.key("task:submit"), &ours.admin.token, &theirs.agent] {
        let task = server.post("/v1/task", who, body.clone()).header("idempotency-key", "same").await.ok(201);
        ids.insert(id(&task).to_owned());
    }
    assert_eq!(ids.len(), 4);
}

async fn a_refused_request_does_not_use_its_key(server: &TestServer) {
    let ours = &server.ours;
    submit(server, "k-1", json!({"n": 1})).await.refused(404, "not_found", None);
    server.approval(ours, "mails").await;
    submit(server, "k-1", json!({"n": 1})).await.ok(201);
}

async fn a_key_is_kept_for_a_day(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let first = submit(server, "k-1", json!({"n": 1})).await.ok(201);
    server.advance(SignedDuration::from_secs(24 * 3600 - 1));
    assert_eq!(submit(server, "k-1", json!({"n": 1})).await.ok(201)["id"], first["id"]);
    server.advance(SignedDuration::from_secs(1));
    assert_ne!(submit(server, "k-1", json!({"n": 2})).await.ok(201)["id"], first["id"]);
}

async fn a_repeated_review_is_answered_as_the_first(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let review = |result: &str| server.review(&task, &ours.reviewer, json!({"result": [result]})).header("idempotency-key", "r-1");
    let first = review("approved").await.ok(201);
    assert_eq!(review("approved").await.ok(201), first);
    review("rejected").await.refused(422, "idempotency_mismatch", None);
    // The precondition is part of the request.
    review("approved").header("if-match", "\"2\"").await.refused(422, "idempotency_mismatch", None);
    let reviews = server.get(&format!("/v1/review?task_id={}", id(&task)), &ours.agent).await.ok(200);
    assert_eq!(reviews.as_array().unwrap().len(), 1);
}

async fn every_verb_on_a_task_takes_a_key(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let (agent, reviewer, admin) = (&ours.agent, &ours.reviewer.token, &ours.admin.token);
    let lease = server.act(&task, "claim", reviewer, json!({})).header("idempotency-key", "claim").await.ok(200)["lease"].clone();
    let held = json!({"lease_id": id(&lease)});
    for (verb, who, body) in [
        ("claim", reviewer, json!({})),
        ("renew", reviewer, held.clone()),
        ("release", reviewer, held),
        ("comment", reviewer, json!({"body": "Hm"})),
        ("assign", admin, json!({"assignee_id": ours.second.id})),
        ("skip", &ours.second.token, json!({"reason": "No"})),
        ("revise", agent, json!({"data": {"n": 2}})),
        ("cancel", agent, json!({"reason": "Enough"})),
    ] {
        let send = || server.act(&task, verb, who, body.clone()).header("idempotency-key", verb);
        let first = send().await;
        assert!(first.status < 300, "{verb}: {}", first.text);
        let size = server.log_size(ours).await;
        let again = send().await;
        assert_eq!((again.status, again.text), (first.status, first.text), "{verb}");
        assert_eq!(server.log_size(ours).await, size, "{verb}");
    }
}
