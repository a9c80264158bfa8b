//! Reviewing: all six types, what each refuses, and which revision a review is for.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

both!(TestServer:
    each_type_takes_its_results_and_answers_their_value,
    each_type_refuses_what_is_not_its_result,
    augmentation_keeps_the_original_the_edited_and_the_difference,
    an_approval_carries_edits_where_the_queue_allows_it,
    edits_have_to_fit_the_edit_schema,
    edits_have_to_fit_the_schema_of_what_came_where_they_have_none,
    feedback_is_asked_for_as_the_queue_says,
    a_review_is_for_the_revision_that_was_looked_at,
    a_task_is_decided_once,
    two_reviewers_at_once_decide_once,
    only_people_review,
    a_result_of_any_size_is_recorded,
    reviews_are_listed_by_each_filter,
);

/// A queue of each type with a few options.
async fn queues(server: &TestServer) {
    let options = |ids: &[&str]| -> Value { ids.iter().map(|id| json!({"id": id, "label": id.to_uppercase()})).collect() };
    for queue in [
        json!({"key": "approval", "review_type": "approval"}),
        json!({"key": "classification", "review_type": "classification", "review_options": options(&["billing", "bug"]), "result_required": false}),
        json!({"key": "labeling", "review_type": "labeling", "review_options": options(&["spam", "pii", "rude"]), "max_selections": 2}),
        json!({"key": "scoring", "review_type": "scoring", "scale": {"min": 0, "max": 10, "step": 0.5}}),
        json!({"key": "multiple_choice", "review_type": "multiple_choice"}),
        json!({"key": "augmentation", "review_type": "augmentation"}),
    ] {
        let mut whole = queue.clone();
        whole["name"] = queue["key"].clone();
        server.queue(&server.ours, whole).await;
    }
}

async fn task(server: &TestServer, review_type: &str) -> Value {
    let choices = json!([{"key": "a", "label": "A"}, {"key": "b", "label": "B"}, {"key": "c", "label": "C"}]);
    let mut body = json!({"queue_key": review_type, "data": {"text": "Hello", "n": 1}});
    if review_type == "multiple_choice" {
        body["choices"] = choices;
        body["max_selections"] = json!(2);
    }
    server.post("/v1/task", &server.ours.agent, body).await.ok(201)
}

async fn each_type_takes_its_results_and_answers_their_value(server: &TestServer) {
    queues(server).await;
    for (review_type, body, result, value) in [
        ("approval", json!({"result": ["approved"]}), json!(["approved"]), json!({"approved": true})),
        ("approval", json!({"result": ["rejected"], "data": {}}), json!(["rejected"]), json!({"approved": false})),
        ("approval", json!({"value": {"type": "approval", "approved": false}}), json!(["rejected"]), json!({"approved": false})),
        ("classification", json!({"result": ["bug"]}), json!(["bug"]), json!({"option": "bug"})),
        (
            "classification",
            json!({"value": {"type": "classification", "option": "billing"}}),
            json!(["billing"]),
            json!({"option": "billing"}),
        ),
        ("classification", json!({"result": []}), json!([]), json!({"option": null})),
        ("labeling", json!({"result": ["pii", "spam"]}), json!(["pii", "spam"]), json!({"labels": ["pii", "spam"]})),
        ("labeling", json!({"value": {"type": "labeling", "labels": ["rude"]}}), json!(["rude"]), json!({"labels": ["rude"]})),
        ("scoring", json!({"result": ["4.50"]}), json!(["4.5"]), json!({"score": 4.5})),
        ("scoring", json!({"value": {"type": "scoring", "score": 10}}), json!(["10"]), json!({"score": 10.0})),
        ("scoring", json!({"result": ["7"], "value": {"type": "scoring", "score": 7}}), json!(["7"]), json!({"score": 7.0})),
        ("multiple_choice", json!({"result": ["c", "a"]}), json!(["c", "a"]), json!({"choices": ["c", "a"]})),
        ("multiple_choice", json!({"value": {"type": "multiple_choice", "choices": ["b"]}}), json!(["b"]), json!({"choices": ["b"]})),
        ("augmentation", json!({"data": {"text": "Hi", "n": 1}}), json!(["edited"]), json!({"edited": true})),
        ("augmentation", json!({"data": {"n": 1, "text": "Hello"}}), json!(["unchanged"]), json!({"edited": false})),
        ("augmentation", json!({}), json!(["unchanged"]), json!({"edited": false})),
    ] {
        let task = task(server, review_type).await;
        let review = server.review(&task, &server.ours.reviewer, body.clone()).await.ok(201);
        let mut typed = value;
        typed["type"] = json!(review_type);
        assert_eq!((&review["result"], &review["value"]), (&result, &typed), "{review_type} {body}");
        assert_eq!(review["reviewer"], json!({"id": server.ours.reviewer.id, "name": "Rita Reviewer", "type": "human"}));
        assert_eq!((&review["task_id"], &review["queue_key"], &review["revision"]), (&task["id"], &json!(review_type), &json!(1)));
        let decided = server.reread(&server.ours, &task).await;
        assert_eq!((&decided["state"], &decided["outcome"]["result"], &decided["outcome"]["value"]), (&json!("reviewed"), &result, &typed));
        assert_eq!(decided["reviews"], json!([review]));
        assert_eq!(server.get(&format!("/v1/review/{}", id(&review)), &server.ours.agent).await.ok(200), review);
    }
}

async fn each_type_refuses_what_is_not_its_result(server: &TestServer) {
    queues(server).await;
    let long: Vec<_> = (0..300).map(|n| n.to_string()).collect();
    for (review_type, body, code, place) in [
        ("approval", json!({}), "result_required", "/result"),
        ("approval", json!({"result": []}), "result_required", "/result"),
        ("approval", json!({"result": ["maybe"]}), "unknown_option", "/result/0"),
        ("approval", json!({"result": ["approved", "rejected"]}), "too_many_selections", "/result"),
        ("approval", json!({"result": ["approved"], "value": {"type": "approval", "approved": false}}), "validation_error", "/value"),
        ("approval", json!({"value": {"type": "scoring", "score": 1}}), "validation_error", "/value/type"),
        ("approval", json!({"result": ["approved"], "data": {"text": "New"}}), "edits_not_allowed", "/data"),
        ("approval", json!({"result": "approved"}), "validation_error", "/result"),
        ("classification", json!({"result": ["Bug"]}), "unknown_option", "/result/0"),
        ("classification", json!({"result": ["bug", "billing"]}), "too_many_selections", "/result"),
        ("labeling", json!({"result": []}), "result_required", "/result"),
        ("labeling", json!({"result": ["spam", "spam"]}), "validation_error", "/result/1"),
        ("labeling", json!({"result": ["spam", "pii", "rude"]}), "too_many_selections", "/result"),
        ("labeling", json!({"result": ["spam", "ham"]}), "unknown_option", "/result/1"),
        ("labeling", json!({"result": long}), "too_many_selections", "/result"),
        ("scoring", json!({"result": ["4.25"]}), "unknown_option", "/result/0"),
        ("scoring", json!({"result": ["10.5"]}), "unknown_option", "/result/0"),
        ("scoring", json!({"result": ["NaN"]}), "unknown_option", "/result/0"),
        ("scoring", json!({"result": ["good"]}), "unknown_option", "/result/0"),
        ("scoring", json!({"result": ["1", "2"]}), "too_many_selections", "/result"),
        ("multiple_choice", json!({"result": ["d"]}), "unknown_option", "/result/0"),
        ("multiple_choice", json!({"result": ["a", "b", "c"]}), "too_many_selections", "/result"),
        ("augmentation", json!({"result": ["edited"]}), "unknown_option", "/result"),
        ("augmentation", json!({"data": {"text": "New"}, "result": ["unchanged"]}), "unknown_option", "/result"),
        ("augmentation", json!({"value": {"type": "augmentation", "edited": true}}), "validation_error", "/value"),
    ] {
        let task = task(server, review_type).await;
        let size = server.log_size(&server.ours).await;
        server.review(&task, &server.ours.reviewer, body.clone()).await.refused(400, code, Some(place));
        assert_eq!(server.log_size(&server.ours).await, size, "{review_type} {body}");
        assert_eq!(server.reread(&server.ours, &task).await, task, "{review_type} {body}");
    }
}

async fn augmentation_keeps_the_original_the_edited_and_the_difference(server: &TestServer) {
    let ours = &server.ours;
    queues(server).await;
    let original = json!({"title": "Drfat", "tags": ["a"], "keep": {"x": 1}});
    let task = server.task(ours, "augmentation", original.clone()).await;
    let edited = json!({"title": "Draft", "tags": ["a", "b"], "keep": {"x": 1}});
    let review = server.review(&task, &ours.reviewer, json!({"data": edited})).await.ok(201);
    assert_eq!(review["data"], edited);
    let mut patch = review["patch"].as_array().unwrap().clone();
    patch.sort_by_key(|step| step["path"].as_str().unwrap().to_owned());
    let steps = json!([{"op": "add", "path": "/tags/1", "value": "b"}, {"op": "replace", "path": "/title", "value": "Draft"}]);
    assert_eq!(json!(patch), steps);
    let decided = server.reread(ours, &task).await;
    assert_eq!((&decided["data"], &decided["outcome"]["data"]), (&original, &edited));
}

async fn an_approval_carries_edits_where_the_queue_allows_it(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "mails", "name": "Mails", "review_type": "approval", "allow_edits": true})).await;
    let edited = json!({"text": "Hello Ann"});
    let task = server.task(ours, "mails", json!({"text": "Hello"})).await;
    let rejection = json!({"result": ["rejected"], "data": edited});
    server.review(&task, &ours.reviewer, rejection).await.refused(400, "edits_not_allowed", Some("/data"));
    let review = server.review(&task, &ours.reviewer, json!({"result": ["approved"], "data": edited})).await.ok(201);
    assert_eq!((&review["data"], &review["value"]["approved"]), (&edited, &json!(true)));
    assert_eq!(server.reread(ours, &task).await["outcome"]["data"], edited);

    let plain = server.task(ours, "mails", json!({"text": "Hello"})).await;
    let review = server.review(&plain, &ours.reviewer, json!({"result": ["approved"], "data": {"text": "Hello"}})).await.ok(201);
    assert_eq!((&review["data"], &review["patch"]), (&json!({}), &Value::Null));
    assert!(server.reread(ours, &plain).await["outcome"]["data"].is_null());
}

async fn edits_have_to_fit_the_edit_schema(server: &TestServer) {
    let ours = &server.ours;
    let schema = json!({"type": "object", "properties": {"text": {"type": "string", "maxLength": 5}}, "additionalProperties": false});
    server.queue(ours, json!({"key": "posts", "name": "Posts", "review_type": "augmentation", "edit_schema": schema})).await;
    let task = server.task(ours, "posts", json!({"text": "much too long as it came"})).await;
    let review = |data: Value| server.review(&task, &ours.reviewer, json!({"data": data}));
    review(json!({"text": "longer"})).await.refused(400, "schema_mismatch", Some("/data/text"));
    review(json!({"text": "ok", "more": 1})).await.refused(400, "schema_mismatch", Some("/data"));
    review(json!({"text": "ok"})).await.ok(201);
    // What came is not checked again when nobody edits it.
    let kept = server.task(ours, "posts", json!({"text": "much too long as it came"})).await;
    server.review(&kept, &ours.reviewer, json!({})).await.ok(201);
}

async fn edits_have_to_fit_the_schema_of_what_came_where_they_have_none(server: &TestServer) {
    let ours = &server.ours;
    let schema = json!({"type": "object", "required": ["text"]});
    let queue = json!({"key": "mails", "name": "Mails", "review_type": "approval", "allow_edits": true, "data_schema": schema});
    server.queue(ours, queue).await;
    let task = server.task(ours, "mails", json!({"text": "as it came"})).await;
    let review = |data: Value| server.review(&task, &ours.reviewer, json!({"result": ["approved"], "data": data}));
    review(json!({"other": 1})).await.refused(400, "schema_mismatch", Some("/data"));
    // The published contract has `data: {}` on every review: an approval of what came.
    let review = review(json!({})).await.ok(201);
    assert_eq!((&review["patch"], &server.reread(ours, &task).await["outcome"]["data"]), (&Value::Null, &Value::Null));
}

async fn feedback_is_asked_for_as_the_queue_says(server: &TestServer) {
    let ours = &server.ours;
    let queue = |key: &str, when: &str, review_type: &str| {
        let options = if review_type == "labeling" { json!([{"id": "spam", "label": "Spam"}]) } else { json!(null) };
        let mut body = json!({"key": key, "name": key, "review_type": review_type, "feedback_required": when});
        if !options.is_null() {
            body["review_options"] = options;
            body["result_required"] = json!(false);
        }
        body
    };
    for body in
        [queue("always", "always", "approval"), queue("rejected", "when_rejected", "approval"), queue("empty", "when_empty", "labeling")]
    {
        server.queue(ours, body).await;
    }
    for (key, body) in [
        ("always", json!({"result": ["approved"]})),
        ("always", json!({"result": ["approved"], "feedback": " \n "})),
        ("rejected", json!({"result": ["rejected"]})),
        ("empty", json!({"result": []})),
    ] {
        let task = server.task(ours, key, json!({})).await;
        server.review(&task, &ours.reviewer, body.clone()).await.refused(400, "feedback_required", Some("/feedback"));
        let mut with = body;
        with["feedback"] = json!("Because\nof this");
        let review = server.review(&task, &ours.reviewer, with).await.ok(201);
        assert_eq!(review["feedback"], "Because\nof this");
    }
    for (key, body) in [("rejected", json!({"result": ["approved"]})), ("empty", json!({"result": ["spam"]}))] {
        let task = server.task(ours, key, json!({})).await;
        assert!(server.review(&task, &ours.reviewer, body).await.ok(201)["feedback"].is_null());
    }
    let task = server.task(ours, "always", json!({})).await;
    let long = json!({"result": ["approved"], "feedback": "x".repeat(10_001)});
    server.review(&task, &ours.reviewer, long).await.refused(400, "validation_error", Some("/feedback"));
}

async fn a_review_is_for_the_revision_that_was_looked_at(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let review = |tag: &str| server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).header("if-match", tag);
    review("").await.refused(428, "revision_required", Some("If-Match"));
    for wrong in ["\"x\"", "*", "\"1\", \"2\"", "-1", "1.0"] {
        review(wrong).await.refused(400, "validation_error", Some("If-Match"));
    }
    for stale in ["\"2\"", "\"0\""] {
        review(stale).await.refused(409, "stale_revision", Some("If-Match"));
    }
    assert_eq!(server.reread(ours, &task).await["state"], "queued");
    review("\"1\"").await.ok(201);
    // Proxies make strong tags weak.
    let weak = server.task(ours, "mails", json!({})).await;
    server.review(&weak, &ours.reviewer, json!({"result": ["approved"]})).header("if-match", "W/\"1\"").await.ok(201);
}

async fn a_task_is_decided_once(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let decided = server.task(ours, "mails", json!({})).await;
    server.review(&decided, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let cancelled = server.task(ours, "mails", json!({})).await;
    server.act(&cancelled, "cancel", &ours.agent, json!({})).await.ok(200);
    let size = server.log_size(ours).await;
    for person in [&ours.reviewer, &ours.second] {
        server.review(&decided, person, json!({"result": ["rejected"]})).await.refused(409, "already_decided", None);
        server.review(&cancelled, person, json!({"result": ["approved"]})).await.refused(409, "illegal_transition", None);
    }
    assert_eq!(server.log_size(ours).await, size);
    assert_eq!(server.reread(ours, &decided).await["outcome"]["result"], json!(["approved"]));
}

async fn two_reviewers_at_once_decide_once(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    for _ in 0..8 {
        let task = server.task(ours, "mails", json!({})).await;
        let people = [&ours.owner, &ours.admin, &ours.reviewer, &ours.second];
        let sends: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(i, person)| {
                let result = if i % 2 == 0 { "approved" } else { "rejected" };
                tokio::spawn(server.review(&task, person, json!({"result": [result]})).into_future())
            })
            .collect();
        let mut accepted = Vec::new();
        for send in sends {
            let answer = send.await.unwrap();
            if answer.status == 201 {
                accepted.push(answer.body);
            } else {
                answer.refused(409, "already_decided", None);
            }
        }
        assert_eq!(accepted.len(), 1);
        let decided = server.reread(ours, &task).await;
        assert_eq!(decided["reviews"], json!(accepted));
        assert_eq!(decided["outcome"]["result"], accepted[0]["result"]);
    }
}

async fn only_people_review(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let review = |who| server.act(&task, "review", who, json!({"result": ["approved"]})).header("if-match", "\"1\"");
    for who in [&ours.agent, ours.key_without("audit:read"), &ours.auditor.token] {
        review(who).await.refused(403, "permission_denied", None);
    }
    review(&server.theirs.reviewer.token).await.refused(404, "not_found", None);
    assert_eq!(server.reread(ours, &task).await["state"], "queued");
    let session = server.session(ours, &ours.reviewer).await;
    review(&session).await.ok(201);
    let events = server.events(ours).await;
    let submitted = events.iter().find(|event| event["type"] == "review.submitted").unwrap();
    let actor = json!({"kind": "member", "id": ours.reviewer.id, "name": "Rita Reviewer", "method": "session", "channel": "console"});
    for (member, value) in actor.as_object().unwrap() {
        assert_eq!(submitted["actor"][member], *value, "{member}");
    }
}

/// An entry of the log has a limit, and a review within its own limits must not meet it.
async fn a_result_of_any_size_is_recorded(server: &TestServer) {
    let ours = &server.ours;
    queues(server).await;
    let keys: Vec<_> = (0..100).map(|n| format!("{n:03}{}", "\u{1f600}".repeat(252))).collect();
    let choices: Vec<_> = keys.iter().map(|key| json!({"key": key, "label": "x"})).collect();
    let body = json!({"queue_key": "multiple_choice", "data": {}, "choices": choices});
    let task = server.post("/v1/task", &ours.agent, body).await.ok(201);
    let review = server.review(&task, &ours.reviewer, json!({"result": keys})).await.ok(201);
    assert_eq!(review["result"], json!(keys));
    assert_eq!(server.reread(ours, &task).await["outcome"]["result"], json!(keys));
    let events = server.events(ours).await;
    for event in &events[events.len() - 2..] {
        // The digest binds what is too long to stand here.
        assert_eq!((event["detail"].get("result"), &event["detail"]["selected"]), (None, &json!(100)), "{event}");
    }
}

async fn reviews_are_listed_by_each_filter(server: &TestServer) {
    let ours = &server.ours;
    let mut tasks = Vec::new();
    for (key, person) in [("mails", &ours.reviewer), ("posts", &ours.second), ("mails", &ours.second)] {
        if server.get(&format!("/v1/queue/{key}"), &ours.agent).await.status == 404 {
            server.approval(ours, key).await;
        }
        let task = server.task(ours, key, json!({})).await;
        server.advance(SignedDuration::from_secs(1));
        server.review(&task, person, json!({"result": ["approved"], "feedback": tasks.len().to_string()})).await.ok(201);
        tasks.push(task);
    }
    let second = &ours.second.id;
    for (query, expected) in [
        (String::new(), "2 1 0"),
        (format!("task_id={}", id(&tasks[1])), "1"),
        ("queue_key=mails".into(), "2 0"),
        (format!("queue_id={}", tasks[1]["queue_id"].as_str().unwrap()), "1"),
        (format!("reviewer_id={second}"), "2 1"),
        ("reviewer_type=human".into(), "2 1 0"),
        ("reviewer_type=ai".into(), ""),
        ("created_after=2025-11-24T16:00:02Z".into(), "2 1"),
        ("created_before=2025-11-24T16:00:02Z".into(), "0"),
        ("limit=1&offset=1".into(), "1"),
        ("offset=3".into(), ""),
        (format!("queue_key=mails&reviewer_id={second}"), "2"),
    ] {
        let found = server.get(&format!("/v1/review?{query}"), &ours.agent).await.ok(200);
        let feedback: Vec<_> = found.as_array().unwrap().iter().map(|review| review["feedback"].as_str().unwrap()).collect();
        assert_eq!(feedback.join(" "), expected, "{query}");
    }
    assert_eq!(server.all_pages("/v1/review?limit=1", &ours.agent).await.len(), 3);
    assert_eq!(server.get("/v1/review", &server.theirs.agent).await.ok(200), json!([]));
    for (query, place) in
        [("reviewer_type=robot", "reviewer_type"), ("offset=-1", "offset"), ("reviewer_id=x", "reviewer_id"), ("task_id=1", "task_id")]
    {
        server.get(&format!("/v1/review?{query}"), &ours.agent).await.refused(400, "validation_error", Some(place));
    }
}
