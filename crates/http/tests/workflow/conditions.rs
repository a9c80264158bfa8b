//! Conditions decide whether a stage applies; a fault never does.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both};

use crate::{decide, now, queue, told};

both!(TestServer:
    a_stage_applies_where_its_condition_holds,
    a_policy_decides_what_needs_nobody,
    a_condition_that_fails_sends_the_task_to_people,
    otherwise_is_the_result_where_no_stage_applies,
    the_first_use_of_a_tool_is_looked_at,
    a_bad_condition_is_refused_when_it_is_saved,
);

async fn a_stage_applies_where_its_condition_holds(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([{"key": "first", "actor": "people"}, {"key": "finance", "actor": "people", "when": "task.data.amount > 500"}]);
    queue(server, "refund", json!({"stages": stages})).await;
    for (amount, stage, state) in [(json!(20), 0, "reviewed"), (json!(501), 1, "queued"), (json!(500.5), 1, "queued")] {
        let task = server.task(ours, "refund", json!({"amount": amount})).await;
        decide(server, &task, &ours.reviewer, "approved").await;
        let after = now(server, &task).await;
        assert_eq!((&after["stage"], &after["state"]), (&json!(stage), &json!(state)), "{amount}");
    }
}

async fn a_policy_decides_what_needs_nobody(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([
        {"key": "blocked", "actor": "policy", "when": "task.data.to.endsWith('@competitor.example')", "decide": ["rejected"]},
        {"key": "small", "actor": "policy", "when": "task.data.amount < 50", "decide": ["approved"]},
        {"key": "people", "actor": "people"},
    ]);
    queue(server, "refund", json!({"stages": stages})).await;
    let submit = |data: Value| server.post("/v1/task", &ours.agent, json!({"queue_key": "refund", "data": data}));
    let small = submit(json!({"to": "ann@example.org", "amount": 20})).await.ok(201);
    assert_eq!(
        (&small["state"], &small["outcome"]["result"], &small["outcome"]["rule"]),
        (&json!("reviewed"), &json!(["approved"]), &json!("policy"))
    );
    // A client that reads `reviews[0].result` finds the decision, and that no person made it.
    assert_eq!((&small["reviews"][0]["result"], &small["reviews"][0]["reviewer"]["type"]), (&json!(["approved"]), &json!("policy")));
    let reviewed = server.events(ours).await.into_iter().rfind(|event| event["type"] == "task.reviewed").unwrap();
    assert_eq!((&reviewed["actor"]["kind"], &reviewed["actor"]["method"]), (&json!("system"), &json!("rule")));
    let blocked = submit(json!({"to": "bob@competitor.example", "amount": 20})).await.ok(201);
    assert_eq!(blocked["outcome"]["result"], json!(["rejected"]));
    let large = submit(json!({"to": "ann@example.org", "amount": 70})).await.ok(201);
    assert_eq!((&large["state"], &large["stage"]), (&json!("queued"), &json!(2)));
}

async fn a_condition_that_fails_sends_the_task_to_people(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([
        {"key": "small", "actor": "policy", "when": "task.data.amount < 50", "decide": ["approved"]},
        {"key": "finance", "actor": "people", "when": "task.data.amount > 500"},
        {"key": "people", "actor": "people", "when": "false"},
    ]);
    queue(server, "refund", json!({"stages": stages, "otherwise": ["approved"]})).await;
    for data in [json!({}), json!({"amount": "20"}), json!({"amount": null})] {
        let task = server.task(ours, "refund", data.clone()).await;
        assert_eq!((&task["state"], &task["stage"]), (&json!("queued"), &json!(1)), "{data}");
        let passed = told(server, &task, "stage.passed").await;
        assert_eq!((&passed[0]["stage"], &passed[0]["why"]), (&json!("small"), &json!("abstained")), "{data}");
        assert!(passed[0]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{passed:?}");
    }
}

async fn otherwise_is_the_result_where_no_stage_applies(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([{"key": "people", "actor": "people", "when": "task.data.amount > 500"}]);
    queue(server, "open", json!({"stages": stages, "otherwise": ["approved"]})).await;
    let task = server.task(ours, "open", json!({"amount": 20})).await;
    assert_eq!((&task["state"], &task["outcome"]["rule"]), (&json!("reviewed"), &json!("otherwise")));
    // A queue that says nothing of it asks people all the same.
    queue(server, "closed", json!({"stages": stages})).await;
    assert_eq!(server.task(ours, "closed", json!({"amount": 20})).await["state"], "queued");
}

async fn the_first_use_of_a_tool_is_looked_at(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([{"key": "people", "actor": "people", "when": "first_use('tool')"}]);
    queue(server, "tools", json!({"stages": stages, "otherwise": ["approved"]})).await;
    let submit = |tool: &str| server.post("/v1/task", &ours.agent, json!({"queue_key": "tools", "data": {}, "metadata": {"tool": tool}}));
    let states = [submit("shell").await.ok(201), submit("shell").await.ok(201), submit("mail").await.ok(201)];
    let states: Vec<_> = states.iter().map(|task| task["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["queued", "reviewed", "queued"]);
    assert_eq!(server.task(ours, "tools", json!({})).await["state"], "queued", "without the attribute nobody knows");
}

async fn a_bad_condition_is_refused_when_it_is_saved(server: &TestServer) {
    let ours = &server.ours;
    for when in
        ["task.data.amount >", "amount > 5", "task.data.amount > 'x' + 1", &"(".repeat(40), &format!("'{}' == 'x'", "x".repeat(600))]
    {
        let stages = json!([{"key": "people", "actor": "people", "when": when}]);
        let body = json!({"key": "q", "name": "Q", "review_type": "approval", "stages": stages});
        server.post("/v1/queue", &ours.admin.token, body).await.refused(400, "validation_error", Some("/stages/0/when"));
    }
}
