//! Conditions are tried on tasks that are given, and on those of a queue.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Answer, TestServer, Who, both, id};

both!(TestServer:
    each_condition_says_true_false_or_why_it_cannot,
    the_newest_tasks_of_a_queue_are_tried,
    a_condition_sees_queue_and_requester,
    a_sample_is_the_same_for_the_same_task,
    a_bad_expression_is_refused_with_its_position,
    what_does_not_fit_is_refused,
    nobody_sees_tasks_by_conditions_that_they_may_not_read,
);

async fn test(server: &TestServer, who: &Who, body: Value) -> Answer {
    server.post("/v1/policy/test", who, body).await
}

fn answers(of: &Value) -> Vec<&str> {
    of["results"].as_array().unwrap().iter().map(|result| result["answer"].as_str().unwrap()).collect()
}

async fn each_condition_says_true_false_or_why_it_cannot(server: &TestServer) {
    let ours = &server.ours;
    let size = server.log_size(ours).await;
    let body = json!({
        "conditions": ["task.data.amount > 50", "task.priority == 'urgent' && first_use('tool')"],
        "tasks": [
            {"data": {"amount": 80}, "priority": "urgent", "metadata": {"tool": "x"}, "first_uses": {"tool": true}},
            {"data": {"amount": 20.5}},
            {"priority": "urgent", "metadata": {"tool": "x"}},
        ],
    });
    for who in [&ours.agent, &ours.auditor.token, &ours.reviewer.token] {
        let tested = test(server, who, body.clone()).await.ok(200);
        assert_eq!(tested[0]["condition"], "task.data.amount > 50");
        assert_eq!(answers(&tested[0]), ["true", "false", "fault"]);
        assert_eq!(answers(&tested[1]), ["true", "false", "fault"]);
        let absent = &tested[0]["results"][2];
        assert_eq!((&absent["index"], &absent["task_id"]), (&json!(2), &Value::Null));
        assert_eq!(absent["fault"], "There is no 'task.data.amount'.");
        assert!(tested[0]["results"][0]["fault"].is_null());
    }
    assert_eq!(server.log_size(ours).await, size);
}

async fn the_newest_tasks_of_a_queue_are_tried(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.approval(ours, "other").await;
    let mut ids = Vec::new();
    for n in 0..25 {
        let task = server.task(ours, "mails", json!({"n": n})).await;
        ids.insert(0, id(&task).to_owned());
        server.advance(SignedDuration::from_secs(1));
    }
    server.task(ours, "other", json!({"n": 0})).await;
    let tested = test(server, &ours.agent, json!({"conditions": ["task.data.n >= 23"], "queue_key": "mails"})).await.ok(200);
    let results = tested[0]["results"].as_array().unwrap();
    let of: Vec<_> = results.iter().map(|result| result["task_id"].as_str().unwrap()).collect();
    assert_eq!(of, ids[..20]);
    assert_eq!(answers(&tested[0])[..3], ["true", "true", "false"]);
    let body = json!({"conditions": ["task.data.n >= 23"], "queue_key": "mails", "newest": 1, "tasks": [{"data": {"n": 1}}]});
    let both = test(server, &ours.agent, body).await.ok(200);
    assert_eq!(answers(&both[0]), ["false", "true"]);
    // With tasks of one's own the queue only lends its name.
    let body = json!({"conditions": ["queue.key == 'mails'"], "queue_key": "mails", "tasks": [{}]});
    assert_eq!(answers(&test(server, &ours.agent, body).await.ok(200)[0]), ["true"]);
}

async fn a_condition_sees_queue_and_requester(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let conditions =
        json!(["queue.key == 'mails' && queue.review_type == 'approval'", "requester.kind == 'agent'", "requester.name == 'Otto'"]);
    let tasks = json!([{}, {"requester": {"kind": "agent", "id": "key_1", "name": "Otto"}}]);
    let tested = test(server, &ours.admin.token, json!({"conditions": conditions, "queue_key": "mails", "tasks": tasks})).await.ok(200);
    let all: Vec<_> = tested.as_array().unwrap().iter().map(answers).collect();
    assert_eq!(all, [["true", "true"], ["false", "true"], ["false", "true"]]);
    server.task(ours, "mails", json!({})).await;
    let by_key = json!({"conditions": ["requester.kind == 'agent'"], "queue_key": "mails"});
    assert_eq!(answers(&test(server, &ours.admin.token, by_key).await.ok(200)[0]), ["true"]);
}

async fn a_sample_is_the_same_for_the_same_task(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let conditions = json!(["sample(50)", "sample(100)", "sample(0)"]);
    let body = json!({"conditions": conditions, "queue_key": "mails", "newest": 1, "tasks": [{"id": id(&task)}]});
    let tested = test(server, &ours.agent, body).await.ok(200);
    let half = answers(&tested[0]);
    assert_eq!(half[0], half[1]);
    assert_eq!((answers(&tested[1]), answers(&tested[2])), (vec!["true", "true"], vec!["false", "false"]));
}

async fn a_bad_expression_is_refused_with_its_position(server: &TestServer) {
    let ours = &server.ours;
    for bad in [
        "",
        "task.data.amount >",
        "task.amount > 5",
        "nothing(1)",
        "1 + 1",
        "'a' > 5",
        &"!".repeat(501),
        &format!("{}true{}", "(".repeat(40), ")".repeat(40)),
    ] {
        let refused = test(server, &ours.agent, json!({"conditions": ["true", bad], "tasks": [{}]})).await;
        assert_eq!(refused.status, 400, "{bad}: {}", refused.text);
        refused.refused(400, "validation_error", Some("/conditions/1"));
    }
    let refused = test(server, &ours.agent, json!({"conditions": ["true && task.amount > 5"], "tasks": [{}]})).await;
    assert!(refused.body["detail"].as_str().unwrap().contains("(at character "), "{}", refused.text);
}

async fn what_does_not_fit_is_refused(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let many = |count: usize| json!(vec![json!({}); count]);
    for (body, place) in [
        (json!({"conditions": [], "tasks": [{}]}), "/conditions"),
        (json!({"conditions": vec!["true"; 51], "tasks": [{}]}), "/conditions"),
        (json!({"conditions": vec!["true"; 50], "tasks": many(41)}), "/conditions"),
        (json!({"conditions": ["true"], "tasks": many(101)}), "/tasks"),
        (json!({"conditions": ["true"]}), "/tasks"),
        (json!({"conditions": ["true"], "tasks": [{}], "newest": 5}), "/newest"),
        (json!({"conditions": ["true"], "queue_key": "mails", "newest": 0}), "/newest"),
        (json!({"conditions": ["true"], "queue_key": "mails", "newest": 101}), "/newest"),
        (json!({"conditions": ["true"], "tasks": [{"id": "x"}]}), "/tasks/0/id"),
        (json!({"conditions": ["true"], "tasks": [{"state": "queued"}]}), "/tasks/0/state"),
        (json!({"conditions": ["true"], "tasks": [{"requester": {"kind": "god", "id": "x", "name": "x"}}]}), "/tasks/0/requester/kind"),
    ] {
        let refused = test(server, &ours.agent, body.clone()).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.text);
        refused.refused(400, "validation_error", Some(place));
    }
}

async fn nobody_sees_tasks_by_conditions_that_they_may_not_read(server: &TestServer) {
    let (ours, theirs) = (&server.ours, &server.theirs);
    server.approval(ours, "mails").await;
    server.approval(ours, "secret").await;
    server.approval(theirs, "foreign").await;
    server.task(ours, "secret", json!({"password": "x"})).await;
    let body = |queue: &str| json!({"conditions": ["task.data.password.startsWith('x')"], "queue_key": queue});
    test(server, ours.key_without("task:read"), body("secret")).await.refused(403, "permission_denied", None);
    for queue in ["foreign", "nowhere", "\u{0}"] {
        test(server, &ours.owner.token, body(queue)).await.refused(404, "not_found", None);
    }
    let session = server.session(ours, &ours.owner).await;
    let key = server.post("/v1/key", &session, json!({"name": "mails only", "queue_keys": ["mails"]})).await.ok(201);
    let limited = Who::Bearer(key["key"].as_str().unwrap().into());
    test(server, &limited, body("secret")).await.refused(404, "not_found", None);
    test(server, &limited, body("mails")).await.ok(200);
}
