//! Submitting, and reading what was submitted.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, Who, both, id};

both!(TestServer:
    every_member_of_a_submission_is_read_back,
    what_is_left_out_has_its_default,
    a_deadline_is_given_in_one_of_two_ways_or_comes_from_the_queue,
    an_external_id_names_one_task_of_a_queue,
    other_content_under_an_external_id_is_refused,
    who_may_not_read_tasks_learns_nothing_by_submitting_again,
    one_task_comes_of_an_external_id_that_many_send_at_once,
    content_is_kept_to_the_last_character,
    content_has_to_fit_the_queues_schema,
    an_assignee_has_to_be_a_reviewer,
    the_status_is_short,
    routes_of_the_published_client_answer_without_the_prefix,
);

async fn every_member_of_a_submission_is_read_back(server: &TestServer) {
    let ours = &server.ours;
    let queue = server.queue(ours, json!({"key": "drafts", "name": "Drafts", "review_type": "multiple_choice"})).await;
    let submission = json!({
        "queue_key": "drafts",
        "data": {"subject": "Hello", "tokens": [1, 2.5, null, true]},
        "context": {"thread": {"length": 3}},
        "metadata": {"region": "eu", "amount": 12, "vip": false},
        "summary": "Answer to Ann",
        "external_id": "mail-1",
        "choices": [{"key": "a", "label": "First", "description": "Short", "data": {"text": "Hi"}}, {"key": "b", "label": "Second"}],
        "max_selections": 2,
        "priority": "high",
        "deadline": "2025-11-24T18:30:00Z",
        "assignee_id": ours.reviewer.id,
    });
    let answer = server.post("/v1/task", &ours.agent, submission.clone()).await;
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let task = answer.ok(201);
    for (member, sent) in submission.as_object().unwrap() {
        match member.as_str() {
            "deadline" => assert_eq!(task["sla_deadline"], "2025-11-24T18:30:00Z"),
            "choices" => {
                assert_eq!(task["choices"][0], sent[0]);
                assert_eq!(task["choices"][1], json!({"key": "b", "label": "Second", "description": null, "data": null}));
            }
            member => assert_eq!(task[member], *sent, "{member}"),
        }
    }
    assert_eq!((&task["state"], &task["revision"], &task["queue_version"]), (&json!("queued"), &json!(1), &json!(1)));
    assert_eq!(task["queue_id"], queue["id"]);
    assert_eq!(task["created_by"]["kind"], "agent");
    assert_eq!(task["created_by"]["name"], "agent");
    assert_eq!(task["created_at"], "2025-11-24T16:00:00Z");
    assert_eq!(task["reviews"], json!([]));
    for member in ["outcome", "reviewed_at", "batch_id", "lease"] {
        assert!(task[member].is_null() && task.get(member).is_some(), "{member}");
    }

    let read = server.get(&format!("/v1/task/{}", id(&task)), &ours.agent).await;
    assert_eq!(read.header("etag"), Some("\"1\""));
    assert_eq!(read.ok(200), task);
    let event = server.events(ours).await.pop().unwrap();
    assert_eq!((&event["type"], &event["task_id"], &event["queue_id"]), (&json!("task.submitted"), &task["id"], &queue["id"]));
    assert_eq!((&event["actor"]["kind"], &event["actor"]["method"]), (&json!("agent"), &json!("key")));
}

async fn what_is_left_out_has_its_default(server: &TestServer) {
    let ours = &server.ours;
    let queue =
        json!({"key": "refunds", "name": "Refunds", "review_type": "approval", "summary_template": "{data.amount} EUR for {data.to}"});
    server.queue(ours, queue).await;
    let task = server.task(ours, "refunds", json!({"amount": 12.5, "to": "Ann"})).await;
    assert_eq!(task["priority"], "normal");
    assert_eq!(task["summary"], "12.5 EUR for Ann");
    for member in ["context", "metadata"] {
        assert_eq!(task[member], json!({}), "{member}");
    }
    for member in ["external_id", "choices", "max_selections", "sla_deadline", "assignee_id"] {
        assert!(task[member].is_null() && task.get(member).is_some(), "{member}");
    }
}

async fn a_deadline_is_given_in_one_of_two_ways_or_comes_from_the_queue(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "fast", "name": "Fast", "review_type": "approval", "sla_minutes": 30})).await;
    let submit = |more: Value| {
        let mut body = json!({"queue_key": "fast", "data": {}});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        server.post("/v1/task", &ours.agent, body)
    };
    assert_eq!(submit(json!({})).await.ok(201)["sla_deadline"], "2025-11-24T16:30:00Z");
    assert_eq!(submit(json!({"sla_minutes": 5})).await.ok(201)["sla_deadline"], "2025-11-24T16:05:00Z");
    assert_eq!(submit(json!({"deadline": "2025-11-24T20:00:00+02:00"})).await.ok(201)["sla_deadline"], "2025-11-24T18:00:00Z");
    let both = json!({"sla_minutes": 5, "deadline": "2025-11-24T18:00:00Z"});
    submit(both).await.refused(400, "validation_error", Some("/sla_minutes"));
    submit(json!({"deadline": "2025-11-24T16:00:00Z"})).await.refused(400, "validation_error", Some("/deadline"));
    for minutes in [0, 525_601, -1] {
        submit(json!({"sla_minutes": minutes})).await.refused(400, "validation_error", Some("/sla_minutes"));
    }
}

async fn an_external_id_names_one_task_of_a_queue(server: &TestServer) {
    let ours = &server.ours;
    for key in ["mails", "posts"] {
        server.approval(ours, key).await;
    }
    let submit = |queue: &str, text: &str| {
        server.post("/v1/task", &ours.agent, json!({"queue_key": queue, "data": {"text": text}, "external_id": "x-1"}))
    };
    let first = submit("mails", "one").await.ok(201);
    let size = server.log_size(ours).await;
    server.advance(SignedDuration::from_secs(1));
    let again = submit("mails", "one").await.ok(200);
    assert_eq!(again, first);
    assert_eq!(server.log_size(ours).await, size);
    assert_ne!(id(&submit("posts", "one").await.ok(201)), id(&first));

    server.review(&first, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let decided = submit("mails", "one").await.ok(200);
    assert_eq!((&decided["id"], &decided["state"]), (&first["id"], &json!("reviewed")));
    assert_eq!(decided["reviews"].as_array().unwrap().len(), 1);
}

/// Or the approval of the first content would be taken for one of the other.
async fn other_content_under_an_external_id_is_refused(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "drafts", "name": "Drafts", "review_type": "multiple_choice"})).await;
    let choices = json!([{"key": "a", "label": "A"}]);
    let first =
        json!({"queue_key": "drafts", "external_id": "x-1", "data": {"to": "ann", "amount": 100}, "context": {"n": 1}, "choices": choices});
    let submit = |change: Value| {
        let mut body = first.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        server.post("/v1/task", &ours.agent, body)
    };
    let task = submit(json!({})).await.ok(201);
    let size = server.log_size(ours).await;
    for change in [
        json!({"data": {"to": "ann", "amount": 10_000}}),
        json!({"data": {"to": "ann"}}),
        json!({"context": {"n": 2}}),
        json!({"context": null}),
        json!({"choices": [{"key": "a", "label": "B"}]}),
    ] {
        let answer = submit(change.clone()).await;
        answer.refused(409, "external_id_reused", Some("/external_id"));
        assert_eq!(answer.body["entityId"], task["id"], "{change}");
        assert!(answer.body["detail"].as_str().unwrap().contains(id(&task)), "{}", answer.text);
    }
    assert_eq!(server.log_size(ours).await, size);
    // What a reader makes of the content is the same, and the rest of the submission is no content.
    let same = server.post("/v1/task", &ours.agent, json!({}));
    let text = r#"{"choices": [{"label": "A", "key": "a"}], "context": {"n": 1.0}, "data": {"amount": 1e2, "to": "ann"}, "external_id": "x-1", "queue_key": "drafts", "summary": "S"}"#;
    assert_eq!(same.bytes(text).await.ok(200), task);
    // After a revision both the first content and the newest are known.
    let revised = server.act(&task, "revise", &ours.agent, json!({"data": {"to": "bea"}})).await.ok(200);
    server.act(&task, "revise", &ours.agent, json!({"data": {"to": "cid"}})).await.ok(200);
    for data in [&first["data"], &json!({"to": "cid"})] {
        let again = submit(json!({"data": data})).await.ok(200);
        assert_eq!((&again["revision"], &again["data"]), (&json!(3), &json!({"to": "cid"})));
    }
    submit(json!({"data": revised["data"]})).await.refused(409, "external_id_reused", Some("/external_id"));
}

async fn who_may_not_read_tasks_learns_nothing_by_submitting_again(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "mails", "name": "Mails", "review_type": "approval", "allow_edits": true})).await;
    let body = json!({"queue_key": "mails", "data": {"text": "Hello"}, "external_id": "x-1"});
    let mut told = body.clone();
    told.as_object_mut().unwrap().extend(json!({"metadata": {"case": 7}, "summary": "About Ann"}).as_object().unwrap().clone());
    let task = server.post("/v1/task", &ours.agent, told).await.ok(201);
    let revised = server.act(&task, "revise", &ours.agent, json!({"context": {"secret": 1}})).await.ok(200);
    let review = json!({"result": ["approved"], "feedback": "Kind", "data": {"text": "Hi"}});
    server.review(&revised, &ours.reviewer, review).await.ok(201);
    let submit = |who: &Who| server.post("/v1/task", who, body.clone());
    let seen = submit(ours.key("task:submit")).await.ok(200);
    assert_eq!((&seen["id"], &seen["state"], &seen["data"]), (&task["id"], &json!("reviewed"), &json!({"text": "Hello"})));
    assert_eq!((&seen["outcome"], &seen["reviews"], &seen["reviewed_at"]), (&json!(null), &json!([]), &json!(null)));
    assert_eq!((&seen["context"], &seen["metadata"], &seen["summary"]), (&json!({}), &json!({}), &json!(null)));
    assert_eq!(submit(&ours.agent).await.ok(200)["outcome"]["data"], json!({"text": "Hi"}));

    // Nor by changing what others submitted.
    let hidden = json!({"queue_key": "mails", "data": {"text": "Hidden"}, "context": {"secret": 1}, "summary": "Hidden"});
    let task = server.post("/v1/task", &ours.agent, hidden).await.ok(201);
    let revised = server.act(&task, "revise", ours.key("task:submit"), json!({"metadata": {"mine": 1}})).await.ok(200);
    assert_eq!((&revised["data"], &revised["context"], &revised["metadata"]), (&json!({}), &json!({}), &json!({"mine": 1})));
    let cancelled = server.act(&task, "cancel", ours.key("task:cancel"), json!({"reason": "No"})).await.ok(200);
    assert_eq!((&cancelled["state"], &cancelled["data"], &cancelled["summary"]), (&json!("cancelled"), &json!({}), &json!(null)));
    assert_eq!(cancelled["outcome"]["reason"], "No");
    assert_eq!(server.reread(ours, &task).await["data"], json!({"text": "Hidden"}));
}

async fn one_task_comes_of_an_external_id_that_many_send_at_once(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let sends: Vec<_> = (0..24)
        .map(|_| {
            tokio::spawn(server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}, "external_id": "x"})).into_future())
        })
        .collect();
    let (mut ids, mut created) = (HashSet::new(), 0);
    for send in sends {
        let answer = send.await.unwrap();
        created += u32::from(answer.status == 201);
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
        ids.insert(id(&answer.body).to_owned());
    }
    assert_eq!((ids.len(), created), (1, 1));
    let submitted = server.events(ours).await.into_iter().filter(|event| event["type"] == "task.submitted").count();
    assert_eq!(submitted, 1);
}

async fn content_is_kept_to_the_last_character(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let data = json!({
        "nul": "a\u{0}b", "bidi": "\u{202e}evil", "emoji": "👩‍👩‍👧‍👦", "quotes": "'\"\\ $1 ?1 --", "": "empty name", "a/b~c": 1,
        "whole": 9_007_199_254_740_991i64, "least": -9_007_199_254_740_991i64, "part": 0.1, "tiny": 1e-300, "deep": [[[[{"x": [null]}]]]],
        "order": {"z": 1, "a": 2, "m": 3},
    });
    let task = server.task(ours, "mails", data.clone()).await;
    let read = server.reread(ours, &task).await;
    assert_eq!(read["data"], data);
    assert_eq!(read["data"]["order"].as_object().unwrap().keys().collect::<Vec<_>>(), ["z", "a", "m"]);
}

async fn content_has_to_fit_the_queues_schema(server: &TestServer) {
    let ours = &server.ours;
    let schema = json!({"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number", "maximum": 100}}});
    server.queue(ours, json!({"key": "refunds", "name": "Refunds", "review_type": "approval", "data_schema": schema})).await;
    server.task(ours, "refunds", json!({"amount": 100})).await;
    let size = server.log_size(ours).await;
    for (data, place) in [(json!({"amount": 101}), "/data/amount"), (json!({}), "/data")] {
        let refused = server.post("/v1/task", &ours.agent, json!({"queue_key": "refunds", "data": data})).await;
        refused.refused(400, "schema_mismatch", Some(place));
    }
    assert_eq!(server.log_size(ours).await, size);
}

async fn an_assignee_has_to_be_a_reviewer(server: &TestServer) {
    let ours = &server.ours;
    let queue = json!({"key": "own", "name": "Own", "review_type": "approval", "reviewer_ids": [ours.reviewer.id]});
    server.queue(ours, queue).await;
    let submit = |assignee: &str| server.post("/v1/task", &ours.agent, json!({"queue_key": "own", "data": {}, "assignee_id": assignee}));
    submit(&ours.reviewer.id).await.ok(201);
    for (who, assignee) in
        [("not of the queue", &ours.second.id), ("an auditor", &ours.auditor.id), ("of another organization", &server.theirs.reviewer.id)]
    {
        let refused = submit(assignee).await;
        assert_eq!(refused.status, 400, "{who}");
        refused.refused(400, "validation_error", Some("/assignee_id"));
    }
}

async fn the_status_is_short(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let status = || server.get(&format!("/v1/task/{}/status", id(&task)), &ours.agent);
    assert_eq!(status().await.ok(200), json!({"state": "queued", "reviewed_at": null, "revision": 1}));
    server.advance(SignedDuration::from_millis(1_500));
    server.review(&task, &ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    assert_eq!(status().await.ok(200), json!({"state": "reviewed", "reviewed_at": "2025-11-24T16:00:01.5Z", "revision": 1}));
}

async fn routes_of_the_published_client_answer_without_the_prefix(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.post("/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).await.ok(201);
    for path in
        ["/task".to_owned(), format!("/task/{}", id(&task)), format!("/task/{}/status", id(&task)), "/queue".into(), "/review".into()]
    {
        let (with, without) = (server.get(&format!("/v1{path}"), &ours.agent).await, server.get(&path, &ours.agent).await);
        assert_eq!(with.status, 200, "{path}");
        assert_eq!(with.body, without.body, "{path}");
    }
    server.get("/member", &ours.owner.token).await.refused(404, "not_found", None);
}
