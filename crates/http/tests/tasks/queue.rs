//! Queues: making, changing and deleting them, and what a task keeps of the queue it was submitted to.

use std::future::IntoFuture;

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Engine, TestServer, both, id};

both!(TestServer:
    a_queue_is_made_with_the_defaults_of_its_type,
    every_member_of_a_queue_is_read_back,
    each_change_is_a_version_and_a_task_keeps_its_own,
    what_never_changes_is_refused,
    null_takes_a_limit_away,
    every_wrong_place_of_a_queue_is_named,
    a_key_names_one_queue,
    a_deleted_queue_takes_no_tasks_and_lets_open_ones_be_decided,
    queues_are_listed_with_their_open_tasks,
    reviewers_of_a_queue_are_members_each_named_once,
    a_change_may_be_bound_to_the_version_that_was_read,
    what_was_deleted_says_how_it_comes_back,
    no_task_is_accepted_after_its_queue_was_deleted,
    counting_ends_at_ten_thousand,
    a_schema_that_makes_too_much_work_is_refused_at_its_place,
);

async fn a_queue_is_made_with_the_defaults_of_its_type(server: &TestServer) {
    let ours = &server.ours;
    let make = |review_type: &str| {
        server.post("/v1/queue", &ours.admin.token, json!({"key": review_type, "name": "Queue", "review_type": review_type}))
    };
    let approval = make("approval").await.ok(201);
    let options: Vec<_> = approval["review_options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|option| (option["id"].as_str().unwrap(), option["hotkey"].as_str().unwrap()))
        .collect();
    assert_eq!(options, [("approved", "a"), ("rejected", "r")]);
    for (member, value) in [
        ("version", json!(1)),
        ("timing", json!("before")),
        ("max_selections", json!(1)),
        ("result_required", json!(true)),
        ("feedback_required", json!("never")),
        ("assignment", json!("manual")),
        ("allow_edits", json!(false)),
        ("open_count", json!(0)),
        ("scale", json!(null)),
        ("reviewer_ids", json!(null)),
        ("deleted_at", json!(null)),
    ] {
        assert_eq!(approval[member], value, "{member}");
    }
    let scoring = make("scoring").await.ok(201);
    assert_eq!(scoring["scale"], json!({"min": 1.0, "max": 5.0, "step": 1.0, "min_label": null, "max_label": null}));
    assert!(make("multiple_choice").await.ok(201)["max_selections"].is_null());
    assert_eq!(make("augmentation").await.ok(201)["allow_edits"], true);
    for needs_options in ["classification", "labeling"] {
        make(needs_options).await.refused(400, "validation_error", Some("/review_options"));
    }
    let events = server.events(ours).await;
    assert_eq!(events.iter().filter(|event| event["type"] == "queue.created").count(), 4);
}

async fn every_member_of_a_queue_is_read_back(server: &TestServer) {
    let ours = &server.ours;
    let body = json!({
        "key": "triage", "name": "Triage", "description": "Which team", "timing": "after", "review_type": "labeling",
        "review_options": [
            {"id": "spam", "label": "Spam", "display_order": 1, "description": "Unwanted", "color": "#ff0000", "hotkey": "s"},
            {"id": "pii", "label": "Personal data", "display_order": 2, "description": null, "color": null, "hotkey": null},
        ],
        "max_selections": 2, "result_required": false, "feedback_required": "when_empty", "assignment": "pull", "sla_minutes": 90,
        "data_schema": {"type": "object"}, "instructions": "# Look\n\n*closely*", "summary_template": "{data.subject}",
        "reviewer_ids": [ours.reviewer.id, ours.admin.id],
    });
    let queue = server.queue(ours, body.clone()).await;
    for (member, value) in body.as_object().unwrap() {
        assert_eq!(queue[member], *value, "{member}");
    }
    for name in ["triage", id(&queue)] {
        assert_eq!(server.get(&format!("/v1/queue/{name}"), &ours.agent).await.ok(200), queue);
    }
}

async fn each_change_is_a_version_and_a_task_keeps_its_own(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let old = server.task(ours, "mails", json!({})).await;
    server.advance(SignedDuration::from_secs(1));
    let change = json!({"name": "Outbound mails", "feedback_required": "always", "review_options": [
        {"id": "approved", "label": "Send"}, {"id": "rejected", "label": "Stop"}, {"id": "later", "label": "Send later"},
    ]});
    let changed = server.patch("/v1/queue/mails", &ours.admin.token, change).await.ok(200);
    assert_eq!((&changed["version"], &changed["name"]), (&json!(2), &json!("Outbound mails")));
    assert_eq!(changed["updated_at"], "2025-11-24T16:00:01Z");
    let new = server.task(ours, "mails", json!({})).await;
    assert_eq!((&old["queue_version"], &new["queue_version"]), (&json!(1), &json!(2)));

    let kept = server.reread(ours, &old).await;
    assert_eq!((&kept["queue"]["version"], &kept["queue"]["name"]), (&json!(1), &json!("mails")));
    server.review(&old, &ours.reviewer, json!({"result": ["later"], "feedback": "x"})).await.refused(400, "unknown_option", None);
    server.review(&old, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.review(&new, &ours.reviewer, json!({"result": ["later"]})).await.refused(400, "feedback_required", None);
    server.review(&new, &ours.reviewer, json!({"result": ["later"], "feedback": "On Monday"})).await.ok(201);
    let updated: Vec<_> = server.events(ours).await.into_iter().filter(|event| event["type"] == "queue.updated").collect();
    assert_eq!(updated.len(), 1);
}

async fn what_never_changes_is_refused(server: &TestServer) {
    let ours = &server.ours;
    let queue = server.approval(ours, "mails").await;
    let size = server.log_size(ours).await;
    for member in ["key", "review_type", "version", "id"] {
        let refused = server.patch("/v1/queue/mails", &ours.admin.token, json!({member: "scoring"})).await;
        refused.refused(400, "validation_error", Some(&format!("/{member}")));
    }
    server.patch("/v1/queue/nowhere", &ours.admin.token, json!({"name": "x"})).await.refused(404, "not_found", None);
    assert_eq!(server.log_size(ours).await, size);
    assert_eq!(server.get("/v1/queue/mails", &ours.agent).await.ok(200), queue);
}

async fn null_takes_a_limit_away(server: &TestServer) {
    let ours = &server.ours;
    let body = json!({"key": "labels", "name": "Labels", "review_type": "labeling", "review_options": [{"id": "a", "label": "A"}],
        "max_selections": 3, "sla_minutes": 5, "description": "x", "reviewer_ids": [ours.reviewer.id], "data_schema": {"type": "object"}});
    server.queue(ours, body).await;
    let nothing = json!({"max_selections": null, "sla_minutes": null, "description": null, "reviewer_ids": null, "data_schema": null});
    let changed = server.patch("/v1/queue/labels", &ours.admin.token, nothing.clone()).await.ok(200);
    for member in nothing.as_object().unwrap().keys() {
        assert!(changed[member].is_null(), "{member}");
    }
    for never_null in ["name", "timing", "review_options", "result_required"] {
        let answer = server.patch("/v1/queue/labels", &ours.admin.token, json!({never_null: null})).await;
        assert!(!answer.body[never_null].is_null() || answer.status == 400, "{never_null}: {}", answer.text);
    }
}

async fn every_wrong_place_of_a_queue_is_named(server: &TestServer) {
    let ours = &server.ours;
    let good = json!({"key": "q", "name": "Q", "review_type": "labeling", "review_options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]});
    let size = server.log_size(ours).await;
    for (member, value, place) in [
        ("key", json!("Not a key"), "/key"),
        ("key", json!("x".repeat(64)), "/key"),
        ("key", json!("a\u{0}"), "/key"),
        ("name", json!(""), "/name"),
        ("name", json!("a\nb"), "/name"),
        ("description", json!("x".repeat(2_001)), "/description"),
        ("timing", json!("during"), "/timing"),
        ("review_type", json!("vote"), "/review_type"),
        ("review_options", json!([]), "/review_options"),
        ("review_options", json!([{"id": "a", "label": "A"}, {"id": "a", "label": "B"}]), "/review_options/1/id"),
        ("review_options", json!([{"id": "a b", "label": "A"}]), "/review_options/0/id"),
        ("review_options", json!([{"id": "a", "label": "A", "color": "red"}]), "/review_options/0/color"),
        ("review_options", json!([{"id": "a", "label": "A", "hotkey": "ab"}]), "/review_options/0/hotkey"),
        ("review_options", json!([{"id": "a"}]), "/review_options/0/label"),
        ("review_options", json!([{"id": "a", "label": "A", "extra": 1}]), "/review_options/0/extra"),
        ("max_selections", json!(0), "/max_selections"),
        ("max_selections", json!(201), "/max_selections"),
        ("max_selections", json!("one"), "/max_selections"),
        ("feedback_required", json!("when_rejected"), "/feedback_required"),
        ("assignment", json!("by_mood"), "/assignment"),
        ("sla_minutes", json!(525_601), "/sla_minutes"),
        ("scale", json!({"min": 0, "max": 1, "step": 1}), "/scale"),
        ("allow_edits", json!(true), "/allow_edits"),
        ("data_schema", json!({"type": "thing"}), "/data_schema"),
        ("data_schema", json!({"$ref": "https://example.com/schema"}), "/data_schema/$ref"),
        ("data_schema", json!({"$ref": "file:///etc/passwd"}), "/data_schema/$ref"),
        ("edit_schema", json!({}), "/edit_schema"),
        ("instructions", json!("x".repeat(20_001)), "/instructions"),
        ("summary_template", json!("a\nb"), "/summary_template"),
        ("reviewer_ids", json!(["nobody"]), "/reviewer_ids/0"),
        ("owner", json!("me"), "/owner"),
    ] {
        let mut wrong = good.clone();
        wrong[member] = value.clone();
        let refused = server.post("/v1/queue", &ours.admin.token, wrong).await;
        assert_eq!(refused.status, 400, "{member} {value}: {}", refused.text);
        refused.refused(400, "validation_error", Some(place));
    }
    assert_eq!(server.log_size(ours).await, size);
    server.post("/v1/queue", &ours.admin.token, good).await.ok(201);
}

async fn a_key_names_one_queue(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let again = json!({"key": "mails", "name": "Again", "review_type": "approval"});
    server.post("/v1/queue", &ours.admin.token, again.clone()).await.refused(409, "already_exists", None);
    server.delete("/v1/queue/mails", &ours.admin.token).await.ok(204);
    server.post("/v1/queue", &ours.admin.token, again).await.refused(409, "already_exists", None);
    // Another organization has its own keys.
    server.approval(&server.theirs, "mails").await;
}

async fn a_deleted_queue_takes_no_tasks_and_lets_open_ones_be_decided(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let open = server.task(ours, "mails", json!({})).await;
    let known = server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}, "external_id": "x"})).await.ok(201);
    server.delete("/v1/queue/mails", &ours.admin.token).await.ok(204);
    let size = server.log_size(ours).await;
    server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).await.refused(409, "queue_deleted", Some("/queue_key"));
    assert_eq!(server.log_size(ours).await, size);
    // A replay is no new task.
    let again = server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}, "external_id": "x"})).await.ok(200);
    assert_eq!(again["id"], known["id"]);
    server.review(&open, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let next = server.post("/v1/task/next", &ours.reviewer.token, json!({})).await.ok(200);
    assert_eq!(next["task"]["id"], known["id"]);
    assert_eq!(server.get("/v1/queue/mails", &ours.agent).await.ok(200)["deleted_at"], "2025-11-24T16:00:00Z");
    let listed = server.get("/v1/queue", &ours.agent).await.ok(200);
    let deleted: Vec<&Value> = listed.as_array().unwrap().iter().filter(|queue| queue["key"] == "mails").collect();
    assert!(deleted.iter().all(|queue| !queue["deleted_at"].is_null()));
}

async fn queues_are_listed_with_their_open_tasks(server: &TestServer) {
    let ours = &server.ours;
    for key in ["b", "a", "c"] {
        server.approval(ours, key).await;
    }
    server.approval(&server.theirs, "d").await;
    for key in ["a", "a", "b"] {
        server.task(ours, key, json!({})).await;
    }
    let done = server.task(ours, "a", json!({})).await;
    server.review(&done, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let listed = server.get("/v1/queue", &ours.agent).await.ok(200);
    let counts: Vec<_> =
        listed.as_array().unwrap().iter().map(|queue| (queue["key"].as_str().unwrap(), queue["open_count"].as_i64().unwrap())).collect();
    assert_eq!(counts, [("a", 2), ("b", 1), ("c", 0)]);
    assert_eq!(server.get("/v1/queue/a", &ours.agent).await.ok(200)["open_count"], 2);
}

async fn reviewers_of_a_queue_are_members_each_named_once(server: &TestServer) {
    let ours = &server.ours;
    let queue = |ids: Value| json!({"key": "own", "name": "Own", "review_type": "approval", "reviewer_ids": ids});
    for ids in [json!([server.theirs.reviewer.id]), json!([ours.reviewer.id, ours.reviewer.id])] {
        let refused = server.post("/v1/queue", &ours.admin.token, queue(ids.clone())).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!("validation_error")), "{ids}: {}", refused.text);
    }
    server.queue(ours, queue(json!([ours.reviewer.id]))).await;
}

async fn a_change_may_be_bound_to_the_version_that_was_read(server: &TestServer) {
    let ours = &server.ours;
    let made = server.post("/v1/queue", &ours.admin.token, json!({"key": "mails", "name": "Mails", "review_type": "approval"})).await;
    assert_eq!((made.status, made.header("etag")), (201, Some("\"1\"")));
    assert_eq!(server.get("/v1/queue/mails", &ours.agent).await.header("etag"), Some("\"1\""));
    let change = |name: &str, tag: &str| server.patch("/v1/queue/mails", &ours.admin.token, json!({"name": name})).header("if-match", tag);
    let changed = change("Letters", "\"1\"").await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
    let size = server.log_size(ours).await;
    change("Posts", "\"1\"").await.refused(409, "stale_revision", Some("If-Match"));
    change("Posts", "now").await.refused(400, "validation_error", Some("If-Match"));
    assert_eq!(server.log_size(ours).await, size);
    assert_eq!(change("Posts", "").await.ok(200)["version"], 3);
}

async fn what_was_deleted_says_how_it_comes_back(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.delete("/v1/queue/mails", &ours.admin.token).await.ok(204);
    let again = server.post("/v1/queue", &ours.admin.token, json!({"key": "mails", "name": "Mails", "review_type": "approval"})).await;
    again.refused(409, "already_exists", Some("/key"));
    let changed = server.patch("/v1/queue/mails", &ours.admin.token, json!({"name": "Letters"})).await;
    changed.refused(409, "queue_deleted", None);
    assert_eq!(changed.body["errors"], json!({}), "the body has no place that is wrong");
    for refused in [again, changed] {
        assert!(refused.body["hint"].as_str().unwrap().contains("signoff apply"), "{}", refused.text);
    }
}

async fn no_task_is_accepted_after_its_queue_was_deleted(server: &TestServer) {
    let ours = &server.ours;
    for round in 0..15 {
        let key = format!("queue-{round}");
        let queue = server.approval(ours, &key).await;
        let submit = || server.post("/v1/task", &ours.agent, json!({"queue_key": key, "data": {}})).into_future();
        let batch = server.post("/v1/batch", &ours.agent, json!({"queue_key": key, "tasks": [{"data": {}}, {"data": {}}]}));
        let path = format!("/v1/queue/{key}");
        let delete = server.delete(&path, &ours.admin.token);
        let (one, batch, deleted, two, three) = tokio::join!(submit(), batch, delete, submit(), submit());
        assert_eq!(deleted.status, 204);
        for answer in [&one, &batch, &two, &three] {
            assert!(matches!(answer.status, 201 | 409), "{}", answer.text);
        }
        let events = server.events(ours).await;
        let last = events.iter().rfind(|event| event["queue_id"] == queue["id"]).unwrap();
        assert_eq!(last["type"], "queue.deleted", "something was accepted after it");
    }
}

async fn counting_ends_at_ten_thousand(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.approval(ours, "other").await;
    server.task(ours, "mails", json!({})).await;
    server.task(ours, "other", json!({})).await;
    let fresh = if server.database.engine() == Engine::Sqlite { "randomblob(16)" } else { "gen_random_uuid()" };
    let copies = format!(
        "INSERT INTO tasks (id, organization_id, queue_id, queue_version, state, revision, stage, rank, due_at, metadata, created_by, created_at, updated_at) \
         SELECT {fresh}, t.organization_id, t.queue_id, t.queue_version, t.state, t.revision, t.stage, t.rank, t.due_at, t.metadata, t.created_by, \
         t.created_at, t.updated_at FROM tasks t JOIN queues q ON q.id = t.queue_id, \
         (WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10500) SELECT n FROM n) n WHERE q.key = 'mails'"
    );
    server.database.execute(&copies).await;
    let listed = server.get("/v1/queue", &ours.agent).await.ok(200);
    let counts: Vec<_> = listed.as_array().unwrap().iter().map(|queue| queue["open_count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [10_000, 1]);
    assert_eq!(server.get("/v1/queue/mails", &ours.agent).await.ok(200)["open_count"], 10_000);
    let changed = server.patch("/v1/queue/mails", &ours.admin.token, json!({"name": "Letters"})).await.ok(200);
    assert_eq!(changed["open_count"], 10_000);
}

async fn a_schema_that_makes_too_much_work_is_refused_at_its_place(server: &TestServer) {
    let ours = &server.ours;
    let mut defs = serde_json::Map::new();
    for level in 0..29 {
        let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
        defs.insert(format!("d{level}"), json!({"allOf": [next, next]}));
    }
    defs.insert("d29".into(), json!({"type": "object"}));
    let doubling = json!({"$defs": defs, "$ref": "#/$defs/d0"});
    let tree = json!({"$defs": {"node": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}},
        "$ref": "#/$defs/node"});
    let queue = |key: &str, schema: &Value| json!({"key": key, "name": "Queue", "review_type": "approval", "allow_edits": true, "data_schema": schema});
    let create = |body: Value| server.post("/v1/queue", &ours.admin.token, body);
    let refused = create(queue("mails", &doubling)).await;
    assert_eq!((refused.status, refused.body["code"].as_str()), (400, Some("validation_error")), "{}", refused.text);
    let place = refused.body["errors"].as_object().unwrap().keys().next().unwrap();
    assert!(place.starts_with("/data_schema/$defs/d"), "{}", refused.text);
    create(queue("trees", &tree)).await.ok(201);
    server.patch("/v1/queue/trees", &ours.admin.token, json!({"edit_schema": doubling})).await.refused(400, "validation_error", None);
    let document = json!({"document": {"queues": [queue("mails", &doubling)]}});
    server.post("/v1/apply", &ours.admin.token, document).await.refused(400, "validation_error", None);
    let pattern = json!({"properties": {"text": {"pattern": "[ab]*a[ab]{5000}c"}}});
    create(queue("texts", &pattern)).await.refused(400, "validation_error", Some("/data_schema/properties/text/pattern"));
    // What is let in is checked to any depth that a body has.
    let data = (0..29).fold(json!({"children": []}), |inner, _| json!({"children": [inner]}));
    server.task(ours, "trees", data).await;
    let wrong = server.post("/v1/task", &ours.agent, json!({"queue_key": "trees", "data": {"children": [{"children": 1}]}})).await;
    wrong.refused(400, "schema_mismatch", Some("/data/children/0/children"));
}
