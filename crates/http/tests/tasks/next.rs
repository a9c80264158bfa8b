//! Pulling: whose turn it is.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer, both, id};

both!(TestServer:
    the_next_task_is_the_first_in_the_order_of_turns,
    what_is_not_for_a_reviewer_is_passed_over,
    a_named_queue_is_the_only_one,
    reviewers_who_pull_at_once_get_different_tasks,
    peeking_changes_nothing,
);

async fn pull(server: &TestServer, person: &Person) -> Option<String> {
    let answer = server.post("/v1/task/next", &person.token, json!({})).await;
    match answer.status {
        204 => None,
        _ => Some(answer.ok(200)["task"]["external_id"].as_str().unwrap().to_owned()),
    }
}

async fn submit(server: &TestServer, body: Value) -> Value {
    let mut whole = json!({"queue_key": "mails", "data": {}});
    whole.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    let task = server.post("/v1/task", &server.ours.agent, whole).await.ok(201);
    server.advance(SignedDuration::from_secs(1));
    task
}

async fn the_next_task_is_the_first_in_the_order_of_turns(server: &TestServer) {
    let ours = &server.ours;
    for key in ["mails", "posts"] {
        server.approval(ours, key).await;
    }
    submit(server, json!({"external_id": "old"})).await;
    submit(server, json!({"external_id": "late", "sla_minutes": 50, "queue_key": "posts"})).await;
    submit(server, json!({"external_id": "soon", "sla_minutes": 5})).await;
    submit(server, json!({"external_id": "urgent", "priority": "urgent", "queue_key": "posts"})).await;
    let mut pulled = Vec::new();
    while let Some(name) = pull(server, &ours.reviewer).await {
        pulled.push(name);
        // What one holds is one's own turn still; the next reviewer's is after it.
        if pulled.len() == 4 {
            break;
        }
        let held = server.get("/v1/task/next", &ours.reviewer.token).await.ok(200);
        server.review(&held, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    }
    assert_eq!(pulled, ["urgent", "soon", "late", "old"]);
}

async fn what_is_not_for_a_reviewer_is_passed_over(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.queue(ours, json!({"key": "own", "name": "Own", "review_type": "approval", "reviewer_ids": [ours.second.id]})).await;
    submit(server, json!({"external_id": "not my queue", "queue_key": "own"})).await;
    submit(server, json!({"external_id": "assigned to another", "assignee_id": ours.second.id})).await;
    let held = submit(server, json!({"external_id": "held by another"})).await;
    server.act(&held, "claim", &ours.second.token, json!({})).await.ok(200);
    let skipped = submit(server, json!({"external_id": "skipped"})).await;
    server.act(&skipped, "skip", &ours.reviewer.token, json!({"reason": "I know the sender"})).await.ok(204);
    let settled = submit(server, json!({"external_id": "settled"})).await;
    server.act(&settled, "cancel", &ours.agent, json!({})).await.ok(200);
    assert_eq!(server.get("/v1/task/next", &ours.reviewer.token).await.status, 204);
    assert_eq!(pull(server, &ours.reviewer).await, None);

    // A lease that ran out holds nobody off.
    server.advance(SignedDuration::from_secs(601));
    assert_eq!(pull(server, &ours.reviewer).await.as_deref(), Some("held by another"));
    let next = server.get("/v1/task/next", &ours.second.token).await.ok(200);
    assert_eq!(next["external_id"], "not my queue");
}

async fn a_named_queue_is_the_only_one(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.queue(ours, json!({"key": "own", "name": "Own", "review_type": "approval", "reviewer_ids": [ours.second.id]})).await;
    submit(server, json!({"external_id": "mail"})).await;
    submit(server, json!({"external_id": "own", "queue_key": "own"})).await;
    let named = |person: &Person, key: &str| server.get(&format!("/v1/task/next?queue_key={key}"), &person.token);
    assert_eq!(named(&ours.second, "own").await.ok(200)["external_id"], "own");
    named(&ours.reviewer, "own").await.refused(403, "not_a_reviewer", None);
    named(&ours.reviewer, "nowhere").await.refused(404, "not_found", None);
    let claim = server.post("/v1/task/next", &ours.second.token, json!({"queue_key": "own"})).await.ok(200);
    assert_eq!((&claim["task"]["external_id"], &claim["lease"]["member_id"]), (&json!("own"), &json!(ours.second.id)));
    assert_eq!(claim["task"]["lease"], claim["lease"]);
    server.post("/v1/task/next", &ours.reviewer.token, json!({"queue_key": "own"})).await.refused(403, "not_a_reviewer", None);
    // A key has no turn.
    server.post("/v1/task/next", &ours.agent, json!({})).await.refused(403, "permission_denied", None);
}

async fn reviewers_who_pull_at_once_get_different_tasks(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    for n in 0..4 {
        submit(server, json!({"external_id": n.to_string()})).await;
    }
    let people = [&ours.owner, &ours.admin, &ours.reviewer, &ours.second];
    let pulls: Vec<_> =
        people.iter().map(|person| tokio::spawn(server.post("/v1/task/next", &person.token, json!({})).into_future())).collect();
    let mut tasks = HashSet::new();
    for pull in pulls {
        tasks.insert(id(&pull.await.unwrap().ok(200)["task"]).to_owned());
    }
    assert_eq!(tasks.len(), 4);
}

async fn peeking_changes_nothing(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = submit(server, json!({"external_id": "a"})).await;
    let size = server.log_size(ours).await;
    for _ in 0..2 {
        let next = server.get("/v1/task/next", &ours.reviewer.token).await;
        assert_eq!(next.header("etag"), Some("\"1\""));
        assert_eq!(next.ok(200)["id"], task["id"]);
    }
    assert_eq!(server.log_size(ours).await, size);
    assert!(server.reread(ours, &task).await["lease"].is_null());
}
