//! Holding a task: claim, renew, release, skip, assign, and what the clock does to leases.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Person, Request, TestServer, both, id};

both!(TestServer:
    a_claim_holds_others_off_for_ten_minutes,
    a_claim_of_ones_own_makes_a_fresh_lease,
    a_lease_is_renewed_by_its_holder,
    a_lease_that_ran_out_goes_on_unless_another_took_it,
    a_released_task_is_free,
    skipping_gives_a_reason_and_gives_the_task_back,
    reviewing_needs_no_lease_but_respects_those_of_others,
    administrators_assign_anybody_and_reviewers_themselves,
    an_assigned_task_is_its_assignees_alone,
    only_reviewers_of_the_queue_hold_its_tasks,
    a_settled_task_is_not_held,
);

async fn submitted(server: &TestServer) -> Value {
    server.approval(&server.ours, "mails").await;
    server.task(&server.ours, "mails", json!({})).await
}

fn claim(server: &TestServer, task: &Value, person: &Person) -> Request {
    server.act(task, "claim", &person.token, json!({}))
}

fn with_lease(server: &TestServer, task: &Value, verb: &str, person: &Person, lease: &Value) -> Request {
    server.act(task, verb, &person.token, json!({"lease_id": id(lease)}))
}

fn seconds(n: i64) -> SignedDuration {
    SignedDuration::from_secs(n)
}

async fn a_claim_holds_others_off_for_ten_minutes(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    // A claim needs no body.
    let path = format!("/v1/task/{}/claim", id(&task));
    let claimed = server.request(reqwest::Method::POST, &path, &ours.reviewer.token).await.ok(200);
    let lease = &claimed["lease"];
    assert_eq!((&lease["member_id"], &lease["member_name"]), (&json!(ours.reviewer.id), &json!("Rita Reviewer")));
    assert_eq!(lease["expires_at"], "2025-11-24T16:10:00Z");
    assert_eq!(server.reread(ours, &task).await["lease"], *lease);

    server.advance(seconds(599));
    let refused = claim(server, &task, &ours.second).await;
    refused.refused(409, "task_leased", None);
    assert_eq!((refused.header("retry-after"), &refused.body["retryAfter"]), (Some("1"), &json!(1)));
    assert!(refused.body["detail"].as_str().unwrap().contains("Rita Reviewer"));
    server.advance(seconds(1));
    assert!(server.reread(ours, &task).await["lease"].is_null());
    claim(server, &task, &ours.second).await.ok(200);
}

async fn a_claim_of_ones_own_makes_a_fresh_lease(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let first = claim(server, &task, &ours.reviewer).await.ok(200);
    server.advance(seconds(60));
    let second = claim(server, &task, &ours.reviewer).await.ok(200);
    assert_ne!(id(&first["lease"]), id(&second["lease"]));
    assert_eq!(second["lease"]["expires_at"], "2025-11-24T16:11:00Z");
    with_lease(server, &task, "renew", &ours.reviewer, &first["lease"]).await.refused(409, "lease_lost", Some("/lease_id"));
}

async fn a_lease_is_renewed_by_its_holder(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.reviewer).await.ok(200)["lease"].clone();
    server.advance(seconds(100));
    let renewed = with_lease(server, &task, "renew", &ours.reviewer, &lease).await.ok(200);
    assert_eq!((&renewed["id"], &renewed["expires_at"]), (&lease["id"], &json!("2025-11-24T16:11:40Z")));
    with_lease(server, &task, "renew", &ours.second, &lease).await.refused(409, "lease_lost", Some("/lease_id"));
    server.advance(seconds(550));
    claim(server, &task, &ours.second).await.refused(409, "task_leased", None);
}

async fn a_lease_that_ran_out_goes_on_unless_another_took_it(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.reviewer).await.ok(200)["lease"].clone();
    server.advance(seconds(700));
    with_lease(server, &task, "renew", &ours.reviewer, &lease).await.ok(200);
    server.advance(seconds(700));
    claim(server, &task, &ours.second).await.ok(200);
    with_lease(server, &task, "renew", &ours.reviewer, &lease).await.refused(409, "task_leased", None);
    let review = json!({"result": ["approved"], "lease_id": id(&lease)});
    server.review(&task, &ours.reviewer, review.clone()).await.refused(409, "task_leased", None);
    assert_eq!(server.reread(ours, &task).await["state"], "queued");
    // The other's lease runs out as well: the place is free, and what was written under the first one is taken.
    server.advance(seconds(700));
    server.review(&task, &ours.reviewer, review).await.ok(201);
}

async fn a_released_task_is_free(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.reviewer).await.ok(200)["lease"].clone();
    with_lease(server, &task, "release", &ours.second, &lease).await.refused(409, "lease_lost", Some("/lease_id"));
    with_lease(server, &task, "release", &ours.reviewer, &lease).await.ok(204);
    with_lease(server, &task, "release", &ours.reviewer, &lease).await.refused(409, "lease_lost", Some("/lease_id"));
    claim(server, &task, &ours.second).await.ok(200);
    let types: Vec<_> = server.events(ours).await.iter().rev().take(3).map(|event| event["type"].clone()).collect();
    assert_eq!(types, ["task.claimed", "task.released", "task.claimed"]);
}

async fn skipping_gives_a_reason_and_gives_the_task_back(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.reviewer).await.ok(200)["lease"].clone();
    let skip = |body: Value| server.act(&task, "skip", &ours.reviewer.token, body);
    skip(json!({"reason": "  "})).await.refused(400, "validation_error", Some("/reason"));
    skip(json!({})).await.refused(400, "validation_error", Some("/reason"));
    skip(json!({"reason": "I know the sender", "lease_id": id(&lease)})).await.ok(204);
    assert!(server.reread(ours, &task).await["lease"].is_null());
    claim(server, &task, &ours.second).await.ok(200);
    let event = server.events(ours).await.into_iter().find(|event| event["type"] == "task.skipped").unwrap();
    assert_eq!((&event["actor"]["id"], &event["task_id"]), (&json!(ours.reviewer.id), &task["id"]));
    // A task that somebody else holds is not theirs to skip.
    server.act(&task, "skip", &ours.admin.token, json!({"reason": "No"})).await.refused(409, "task_leased", None);
}

async fn reviewing_needs_no_lease_but_respects_those_of_others(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.second).await.ok(200)["lease"].clone();
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(409, "task_leased", None);
    let stolen = json!({"result": ["approved"], "lease_id": id(&lease)});
    server.review(&task, &ours.reviewer, stolen).await.refused(409, "task_leased", None);
    server.review(&task, &ours.second, json!({"result": ["approved"]})).await.ok(201);

    let free = server.task(ours, "mails", json!({})).await;
    server.review(&free, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    assert!(server.reread(ours, &free).await["lease"].is_null());
}

async fn administrators_assign_anybody_and_reviewers_themselves(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let assign = |person: &Person, whom: Value| server.act(&task, "assign", &person.token, json!({"assignee_id": whom}));
    assign(&ours.reviewer, json!(ours.second.id)).await.refused(403, "permission_denied", None);
    assert_eq!(assign(&ours.reviewer, json!(ours.reviewer.id)).await.ok(200)["assignee_id"], json!(ours.reviewer.id));
    assign(&ours.second, json!(ours.second.id)).await.refused(409, "task_assigned", None);
    assign(&ours.second, Value::Null).await.refused(409, "task_assigned", None);
    assert!(assign(&ours.reviewer, Value::Null).await.ok(200)["assignee_id"].is_null());
    assert_eq!(assign(&ours.admin, json!(ours.second.id)).await.ok(200)["assignee_id"], json!(ours.second.id));
    for nobody in [json!(ours.auditor.id), json!(server.theirs.reviewer.id), json!("mem_x"), json!(7)] {
        assign(&ours.admin, nobody).await.refused(400, "validation_error", Some("/assignee_id"));
    }
    server.act(&task, "assign", &ours.admin.token, json!({})).await.refused(400, "validation_error", Some("/assignee_id"));
    let events: Vec<_> = server.events(ours).await.into_iter().filter(|event| event["type"] == "task.assigned").collect();
    assert_eq!(events.len(), 3);
    assert_eq!(events[2]["detail"], json!({"assignee_id": ours.second.id, "before": null}));
}

async fn an_assigned_task_is_its_assignees_alone(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = claim(server, &task, &ours.reviewer).await.ok(200)["lease"].clone();
    server.act(&task, "assign", &ours.admin.token, json!({"assignee_id": ours.second.id})).await.ok(200);
    // The lease of who is not the assignee ended with it.
    with_lease(server, &task, "renew", &ours.reviewer, &lease).await.refused(409, "lease_lost", None);
    claim(server, &task, &ours.reviewer).await.refused(409, "task_assigned", None);
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(409, "task_assigned", None);
    claim(server, &task, &ours.second).await.ok(200);
    server.act(&task, "skip", &ours.second.token, json!({"reason": "Not mine"})).await.ok(204);
    assert!(server.reread(ours, &task).await["assignee_id"].is_null());
    claim(server, &task, &ours.reviewer).await.ok(200);
}

async fn only_reviewers_of_the_queue_hold_its_tasks(server: &TestServer) {
    let ours = &server.ours;
    let queue = json!({"key": "own", "name": "Own", "review_type": "approval", "reviewer_ids": [ours.second.id]});
    server.queue(ours, queue).await;
    let task = server.task(ours, "own", json!({})).await;
    for person in [&ours.reviewer, &ours.admin, &ours.owner] {
        claim(server, &task, person).await.refused(403, "not_a_reviewer", None);
        server.review(&task, person, json!({"result": ["approved"]})).await.refused(403, "not_a_reviewer", None);
        server.act(&task, "skip", &person.token, json!({"reason": "No"})).await.refused(403, "not_a_reviewer", None);
    }
    claim(server, &task, &ours.auditor).await.refused(403, "permission_denied", None);
    server.act(&task, "claim", &ours.agent, json!({})).await.refused(403, "permission_denied", None);
    claim(server, &task, &ours.second).await.ok(200);
}

async fn a_settled_task_is_not_held(server: &TestServer) {
    let ours = &server.ours;
    let decided = submitted(server).await;
    let lease = claim(server, &decided, &ours.reviewer).await.ok(200)["lease"].clone();
    server.review(&decided, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let cancelled = server.task(ours, "mails", json!({})).await;
    server.act(&cancelled, "cancel", &ours.agent, json!({})).await.ok(200);
    let size = server.log_size(ours).await;
    for (task, code) in [(&decided, "already_decided"), (&cancelled, "illegal_transition")] {
        claim(server, task, &ours.reviewer).await.refused(409, code, None);
        server.act(task, "assign", &ours.admin.token, json!({"assignee_id": ours.second.id})).await.refused(409, code, None);
        server.act(task, "skip", &ours.reviewer.token, json!({"reason": "No"})).await.refused(409, code, None);
        for verb in ["renew", "release"] {
            with_lease(server, task, verb, &ours.reviewer, &lease).await.refused(409, "lease_lost", None);
        }
    }
    assert_eq!(server.log_size(ours).await, size);
}
