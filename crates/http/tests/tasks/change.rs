//! What agents and administrators do with a task: revise, cancel, reopen, comment; and the history of it all.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

both!(TestServer:
    a_revision_counts_up_and_ends_what_was_for_the_old_one,
    a_revision_is_checked_like_a_submission,
    a_revision_may_be_bound_to_the_one_before,
    a_reopened_task_is_open_and_its_reviews_are_void,
    a_cancelled_task_is_over,
    comments_are_kept_in_their_order,
    the_history_is_the_tasks_and_whole,
    reasons_are_told_in_the_history_and_bound_by_the_log,
    a_summary_that_was_given_outlasts_a_revision,
    a_settled_task_is_not_revised,
);

async fn submitted(server: &TestServer) -> Value {
    server.approval(&server.ours, "mails").await;
    let body = json!({"queue_key": "mails", "data": {"text": "Hello"}, "context": {"thread": 1}, "metadata": {"region": "eu"}, "summary": "First"});
    server.post("/v1/task", &server.ours.agent, body).await.ok(201)
}

async fn a_revision_counts_up_and_ends_what_was_for_the_old_one(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let lease = server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200)["lease"].clone();
    server.advance(SignedDuration::from_secs(1));
    let answer = server.act(&task, "revise", &ours.agent, json!({"data": {"text": "Hello Ann"}})).await;
    assert_eq!(answer.header("etag"), Some("\"2\""));
    let revised = answer.ok(200);
    assert_eq!((&revised["revision"], &revised["data"]), (&json!(2), &json!({"text": "Hello Ann"})));
    for member in ["context", "metadata", "summary", "created_at", "state"] {
        assert_eq!(revised[member], task[member], "{member}");
    }
    assert!(revised["lease"].is_null());
    // What was looked at is no longer what would be decided.
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(409, "stale_revision", Some("If-Match"));
    let held = json!({"result": ["approved"], "lease_id": id(&lease)});
    server.review(&revised, &ours.reviewer, held).await.refused(409, "lease_lost", Some("/lease_id"));
    let review = server.review(&revised, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    assert_eq!(review["revision"], 2);
    let event = server.events(ours).await.into_iter().find(|event| event["type"] == "task.revised").unwrap();
    assert_eq!(event["revision"], 2);
}

async fn a_revision_is_checked_like_a_submission(server: &TestServer) {
    let ours = &server.ours;
    let schema = json!({"required": ["text"]});
    server.queue(ours, json!({"key": "mails", "name": "Mails", "review_type": "approval", "data_schema": schema})).await;
    let task = server.task(ours, "mails", json!({"text": "a"})).await;
    let size = server.log_size(ours).await;
    for (body, code, place) in [
        (json!({}), "validation_error", ""),
        (json!({"data": {}}), "schema_mismatch", "/data"),
        (json!({"data": null}), "validation_error", ""),
        (json!({"data": [1]}), "validation_error", "/data"),
        (json!({"summary": ""}), "validation_error", "/summary"),
        (json!({"metadata": {"a": []}}), "validation_error", "/metadata/a"),
        (json!({"choices": [{"key": "a", "label": "A"}]}), "validation_error", "/choices"),
        (json!({"priority": "high"}), "validation_error", "/priority"),
    ] {
        server.act(&task, "revise", &ours.agent, body).await.refused(400, code, Some(place));
    }
    assert_eq!((server.log_size(ours).await, server.reread(ours, &task).await), (size, task));
}

async fn a_revision_may_be_bound_to_the_one_before(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let revise = |tag: &str| server.act(&task, "revise", &ours.agent, json!({"data": {"by": tag}})).header("if-match", tag);
    revise("\"2\"").await.refused(409, "stale_revision", Some("If-Match"));
    revise("\"1\"").await.ok(200);
    revise("\"1\"").await.refused(409, "stale_revision", Some("If-Match"));
    revise("new").await.refused(400, "validation_error", Some("If-Match"));
    assert_eq!(revise("").await.ok(200)["revision"], 3);
}

async fn a_reopened_task_is_open_and_its_reviews_are_void(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let reopen = |who, body: Value| server.act(&task, "reopen", who, body);
    let admin = &ours.admin.token;
    reopen(admin, json!({"reason": "Too early"})).await.refused(409, "illegal_transition", None);
    let first = server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.advance(SignedDuration::from_secs(1));
    for (who, status, code) in [(&ours.reviewer.token, 403, "permission_denied"), (&ours.agent, 403, "permission_denied")] {
        reopen(who, json!({"reason": "Wrong"})).await.refused(status, code, None);
    }
    for body in [json!({}), json!({"reason": ""}), json!({"reason": " "}), json!({"reason": "x".repeat(1_001)})] {
        reopen(admin, body).await.refused(400, "validation_error", Some("/reason"));
    }
    let open = reopen(admin, json!({"reason": "The address was wrong"})).await.ok(200);
    assert_eq!((&open["state"], &open["revision"]), (&json!("queued"), &json!(1)));
    assert!(open["outcome"].is_null() && open["reviewed_at"].is_null());
    // A review that no longer counts is not among those of the task, where a program would read a decision from it.
    assert_eq!(open["reviews"], json!([]));
    let all = server.get(&format!("/v1/review?task_id={}", id(&task)), &ours.agent).await.ok(200);
    assert_eq!((&all[0]["id"], &all[0]["voided_at"]), (&first["id"], &json!("2025-11-24T16:00:01Z")));
    // The same person may decide again, and otherwise.
    let second = server.review(&task, &ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    let decided = server.reread(ours, &task).await;
    assert_eq!(decided["outcome"]["result"], json!(["rejected"]));
    assert_eq!(decided["reviews"].as_array().unwrap().len(), 1);
    assert!(second["voided_at"].is_null());
}

async fn a_cancelled_task_is_over(server: &TestServer) {
    let ours = &server.ours;
    for (who, rule) in [(&ours.agent, "cancelled_by_agent"), (&ours.admin.token, "cancelled_by_member")] {
        let task = if rule == "cancelled_by_agent" { submitted(server).await } else { server.task(ours, "mails", json!({})).await };
        server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
        let cancelled = server.act(&task, "cancel", who, json!({"reason": "Sent\nby hand"})).await.ok(200);
        assert_eq!(cancelled["state"], "cancelled");
        let expected = json!({"kind": "cancelled", "result": [], "value": null, "data": null, "rule": rule, "at": "2025-11-24T16:00:00Z", "reason": "Sent\nby hand",
            "agreement": null, "posterior": null, "dissenter_ids": []});
        assert_eq!(cancelled["outcome"], expected);
        assert!(cancelled["reviewed_at"].is_null() && cancelled["lease"].is_null());
        for verb in ["cancel", "reopen", "revise"] {
            let body = if verb == "revise" { json!({"data": {}}) } else { json!({"reason": "Again"}) };
            server.act(&task, verb, &ours.admin.token, body).await.refused(409, "illegal_transition", None);
        }
    }
    let task = server.task(ours, "mails", json!({})).await;
    server.act(&task, "cancel", &ours.agent, json!({"reason": "x".repeat(1_001)})).await.refused(400, "validation_error", Some("/reason"));
    server.act(&task, "cancel", &ours.reviewer.token, json!({})).await.refused(403, "permission_denied", None);
    // A reason is optional, and so is the whole body.
    let path = format!("/v1/task/{}/cancel", id(&task));
    let cancelled = server.request(reqwest::Method::POST, &path, &ours.agent).await.ok(200);
    assert!(cancelled["outcome"]["reason"].is_null());
}

async fn comments_are_kept_in_their_order(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let path = format!("/v1/task/{}/comment", id(&task));
    let mut made = Vec::new();
    for (who, kind, body) in [
        (&ours.agent, "agent", "Please look at **line 3**"),
        (&ours.reviewer.token, "member", "<script>alert(1)</script>"),
        (&ours.admin.token, "member", "\u{202e}done"),
    ] {
        let comment = server.post(&path, who, json!({"body": body})).await.ok(201);
        assert_eq!((&comment["author"]["kind"], &comment["body"], &comment["task_id"]), (&json!(kind), &json!(body), &task["id"]));
        made.push(comment);
        server.advance(SignedDuration::from_secs(1));
    }
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    made.push(server.post(&path, &ours.second.token, json!({"body": "After the decision"})).await.ok(201));
    assert_eq!(server.get(&path, &ours.auditor.token).await.ok(200), json!(made));
    for body in [json!({"body": ""}), json!({"body": "  "}), json!({"body": "x".repeat(10_001)}), json!({"body": "a\u{0}b"}), json!({})] {
        server.post(&path, &ours.agent, body).await.refused(400, "validation_error", Some("/body"));
    }
    server.post(&path, &ours.auditor.token, json!({"body": "No"})).await.refused(403, "permission_denied", None);
    // What is said is not in the log, which is for ever; that something was said is.
    server.seal().await;
    let history = server.get(&format!("/v1/task/{}/event", id(&task)), &ours.agent).await;
    assert!(!history.text.contains("line 3"));
    let commented = history.ok(200).as_array().unwrap().iter().filter(|event| event["type"] == "task.commented").count();
    assert_eq!(commented, 4);
}

async fn the_history_is_the_tasks_and_whole(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    let other = server.task(ours, "mails", json!({})).await;
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    server.act(&task, "skip", &ours.reviewer.token, json!({"reason": "No"})).await.ok(204);
    server.act(&other, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    let revised = server.act(&task, "revise", &ours.agent, json!({"data": {}})).await.ok(200);
    server.review(&revised, &ours.second, json!({"result": ["approved"]})).await.ok(201);
    server.act(&task, "reopen", &ours.admin.token, json!({"reason": "Look again"})).await.ok(200);
    server.act(&task, "cancel", &ours.admin.token, json!({})).await.ok(200);
    server.seal().await;
    let history = server.all_pages(&format!("/v1/task/{}/event?limit=2", id(&task)), &ours.agent).await;
    let types: Vec<_> = history.iter().map(|event| event["type"].as_str().unwrap()).collect();
    let expected = [
        "task.submitted",
        "task.claimed",
        "task.skipped",
        "task.revised",
        "review.submitted",
        "task.reviewed",
        "task.reopened",
        "task.cancelled",
    ];
    assert_eq!(types, expected);
    assert!(history.iter().all(|event| event["task_id"] == task["id"]));
    assert!(history.is_sorted_by_key(|event| event["seq"].as_i64().unwrap()));
}

async fn reasons_are_told_in_the_history_and_bound_by_the_log(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    server.act(&task, "skip", &ours.reviewer.token, json!({"reason": "I wrote it"})).await.ok(204);
    server.review(&task, &ours.second, json!({"result": ["approved"]})).await.ok(201);
    server.act(&task, "reopen", &ours.admin.token, json!({"reason": "Wrong address"})).await.ok(200);
    server.act(&task, "cancel", &ours.agent, json!({"reason": "Sent by hand"})).await.ok(200);
    server.seal().await;
    let history = server.get(&format!("/v1/task/{}/event", id(&task)), &ours.agent).await.ok(200);
    let told: Vec<_> =
        history.as_array().unwrap().iter().map(|event| (event["type"].as_str().unwrap(), event["reason"].as_str())).collect();
    let expected = [
        ("task.submitted", None),
        ("task.skipped", Some("I wrote it")),
        ("review.submitted", None),
        ("task.reviewed", None),
        ("task.reopened", Some("Wrong address")),
        ("task.cancelled", Some("Sent by hand")),
    ];
    assert_eq!(told, expected);
    for event in history.as_array().unwrap().iter().filter(|event| !event["reason"].is_null()) {
        assert!(event["content"].as_str().unwrap().starts_with("sha256-hmac:"), "{event}");
    }
    // The feed has digests and no contents.
    let feed = server.get(&format!("/v1/event?task_id={}", id(&task)), &ours.agent).await;
    assert!(!feed.text.contains("Wrong address"));
    assert!(feed.ok(200).as_array().unwrap().iter().all(|event| event["reason"].is_null()));
    // Without a reason there is nothing to bind.
    let other = server.task(ours, "mails", json!({})).await;
    server.act(&other, "cancel", &ours.agent, json!({})).await.ok(200);
    let last = server.events(ours).await.pop().unwrap();
    assert_eq!((&last["type"], &last["content"]), (&json!("task.cancelled"), &json!(null)));
}

async fn a_summary_that_was_given_outlasts_a_revision(server: &TestServer) {
    let ours = &server.ours;
    let queue = json!({"key": "mails", "name": "Mails", "review_type": "approval", "summary_template": "To {data.to}"});
    server.queue(ours, queue).await;
    let submit = |body: Value| server.post("/v1/task", &ours.agent, body);
    let given = submit(json!({"queue_key": "mails", "data": {"to": "Ann"}, "summary": "Please look"})).await.ok(201);
    let made = submit(json!({"queue_key": "mails", "data": {"to": "Ann"}})).await.ok(201);
    for (task, body, summary) in [
        (&given, json!({"context": {"thread": 2}}), "Please look"),
        (&given, json!({"data": {"to": "Bob"}}), "Please look"),
        (&made, json!({"context": {"thread": 2}}), "To Ann"),
        (&made, json!({"data": {"to": "Bob"}}), "To Bob"),
        (&made, json!({"summary": "Mine"}), "Mine"),
        (&made, json!({"data": {"to": "Cid"}}), "Mine"),
    ] {
        assert_eq!(server.act(task, "revise", &ours.agent, body.clone()).await.ok(200)["summary"], summary, "{body}");
    }
}

async fn a_settled_task_is_not_revised(server: &TestServer) {
    let ours = &server.ours;
    let task = submitted(server).await;
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.act(&task, "revise", &ours.agent, json!({"data": {"text": "other"}})).await.refused(409, "illegal_transition", None);
    server.act(&task, "cancel", &ours.agent, json!({})).await.refused(409, "illegal_transition", None);
    assert_eq!(server.reread(ours, &task).await["data"], task["data"]);
}
