//! The list of events: whole, in order, by each filter, and to whom it is shown.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

both!(TestServer:
    events_are_numbered_from_zero_without_gaps,
    each_filter_finds_what_it_names,
    an_event_says_who_did_what_to_which_revision_under_which_version,
    no_content_and_no_address_is_in_the_log,
    organizations_have_logs_of_their_own,
    parameters_that_are_wrong_are_named,
);

async fn stock(server: &TestServer) -> Vec<Value> {
    let ours = &server.ours;
    for key in ["mails", "posts"] {
        server.approval(ours, key).await;
    }
    let mut tasks = Vec::new();
    for key in ["mails", "posts"] {
        let task = server.task(ours, key, json!({"secret": "swordfish"})).await;
        server.act(&task, "comment", &ours.agent, json!({"body": "swordfish"})).await.ok(201);
        server.review(&task, &ours.reviewer, json!({"result": ["approved"], "feedback": "swordfish"})).await.ok(201);
        tasks.push(task);
    }
    tasks
}

async fn events_are_numbered_from_zero_without_gaps(server: &TestServer) {
    stock(server).await;
    let events = server.events(&server.ours).await;
    let seqs: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (0..events.len() as u64).collect::<Vec<_>>());
    assert_eq!(events[0]["type"], "organization.created");
    let ids: std::collections::HashSet<_> = events.iter().map(id).collect();
    assert_eq!(ids.len(), events.len());
    let page = server.get("/v1/event?after=3&limit=2", &server.ours.agent).await.ok(200);
    assert_eq!(page, json!(events[4..6]));
}

async fn each_filter_finds_what_it_names(server: &TestServer) {
    let ours = &server.ours;
    let tasks = stock(server).await;
    server.seal().await;
    let mail = id(&tasks[0]);
    for (query, expected) in [
        ("type=task.reviewed".to_owned(), "task.reviewed task.reviewed"),
        ("type=task.reviewed&type=queue.created".into(), "queue.created queue.created task.reviewed task.reviewed"),
        (format!("task_id={mail}"), "task.submitted task.commented review.submitted task.reviewed"),
        (format!("task_id={mail}&type=task.*"), "task.submitted task.commented task.reviewed"),
        ("queue_key=posts".into(), "queue.created task.submitted task.commented review.submitted task.reviewed"),
        (format!("queue_id={}&type=review.*", tasks[1]["queue_id"].as_str().unwrap()), "review.submitted"),
        ("queue_key=nowhere".into(), ""),
        ("type=batch.*".into(), ""),
        ("after=9007199254740991".into(), ""),
    ] {
        let found = server.get(&format!("/v1/event?limit=100&{query}"), &ours.agent).await.ok(200);
        let types: Vec<_> = found.as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(types.join(" "), expected, "{query}");
    }
}

async fn an_event_says_who_did_what_to_which_revision_under_which_version(server: &TestServer) {
    let ours = &server.ours;
    let task = &stock(server).await[0];
    let events = server.events(ours).await;
    let of = |event_type: &str| events.iter().find(|event| event["type"] == event_type && event["task_id"] == task["id"]).unwrap();
    let submitted = of("task.submitted");
    assert_eq!((&submitted["queue_key"], &submitted["queue_version"], &submitted["revision"]), (&json!("mails"), &json!(1), &json!(1)));
    assert_eq!(submitted["at"], "2025-11-24T16:00:00Z");
    let digest = submitted["content"].as_str().unwrap().strip_prefix("sha256-hmac:").unwrap();
    assert!(digest.len() == 64 && digest.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let reviewed = of("review.submitted");
    assert_eq!((&reviewed["actor"]["id"], &reviewed["actor"]["name"]), (&json!(ours.reviewer.id), &json!("Rita Reviewer")));
    assert_eq!((&reviewed["actor"]["method"], &reviewed["actor"]["channel"]), (&json!("token"), &json!("api")));
    assert!(reviewed["review_id"].as_str().unwrap().starts_with("rev"));
    assert_eq!(reviewed["detail"]["result"], json!(["approved"]));
    assert_eq!(of("task.reviewed")["detail"]["rule"], "single_review");
}

async fn no_content_and_no_address_is_in_the_log(server: &TestServer) {
    stock(server).await;
    server.seal().await;
    let listed = server.get("/v1/event?limit=100", &server.ours.owner.token).await;
    assert!(listed.body.as_array().unwrap().len() > 20);
    for secret in ["swordfish", "@", "sk_live_", "sp_live_"] {
        assert!(!listed.text.contains(secret), "{secret}");
    }
}

async fn organizations_have_logs_of_their_own(server: &TestServer) {
    let tasks = stock(server).await;
    let (ours, theirs) = (&server.ours, &server.theirs);
    let size = server.log_size(theirs).await;
    server.approval(theirs, "mails").await;
    assert_eq!(server.log_size(theirs).await, size + 1);
    let organizations = [ours.id.to_string(), theirs.id.to_string()];
    assert_ne!(organizations[0], organizations[1]);
    for event in server.events(theirs).await {
        assert!(tasks.iter().all(|task| event["task_id"] != task["id"]));
    }
    let path = format!("/v1/event?task_id={}", id(&tasks[0]));
    assert_eq!(server.get(&path, &theirs.owner.token).await.ok(200), json!([]));
}

async fn parameters_that_are_wrong_are_named(server: &TestServer) {
    for (query, place) in [
        ("after=-2", "after"),
        ("after=9007199254740992", "after"),
        ("after=x", "after"),
        ("type=task.unknown", "type"),
        ("type=", "type"),
        ("type=nothing.*", "type"),
        ("task_id=queue_1", "task_id"),
        ("queue_key=a&queue_id=b", "queue_id"),
        ("cursor=a", "cursor"),
        ("limit=101", "limit"),
    ] {
        for path in ["/v1/event", "/v1/event/stream"] {
            if path.ends_with("stream") && matches!(place, "cursor" | "limit") {
                continue;
            }
            server.get(&format!("{path}?{query}"), &server.ours.agent).await.refused(400, "validation_error", Some(place));
        }
    }
}
