//! Nobody takes care of a task: steps are taken in order, each once.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both};

use crate::{decide, now, queue, told};

both!(TestServer:
    steps_are_taken_in_order_and_each_once,
    an_acknowledged_task_is_not_escalated,
    a_task_is_reassigned_and_moved,
    whom_an_escalation_names_may_review_whoever_the_stage_asks,
    a_default_decision_ends_it_in_the_last_round,
    a_step_may_open_a_stage_that_was_passed_by,
    what_nobody_can_review_is_escalated,
    what_an_escalation_names_has_to_be_there,
    a_dry_run_says_what_would_happen,
);

fn escalation(steps: Value) -> Value {
    json!({"escalation": {"loops": 1, "steps": steps}})
}

fn minutes(n: i64) -> SignedDuration {
    SignedDuration::from_mins(n)
}

fn after(n: i64, action: Value) -> Value {
    json!({"after": {"elapsed_minutes": n}, "action": action})
}

async fn steps_are_taken_in_order_and_each_once(server: &TestServer) {
    let ours = &server.ours;
    let steps = json!([
        after(10, json!({"type": "notify", "targets": [{"member": ours.second.id}]})),
        after(20, json!({"type": "raise_priority", "to": "urgent"})),
        after(30, json!({"type": "notify", "targets": ["queue_lead"], "profile": "important"})),
    ]);
    let mut settings = escalation(steps);
    settings["lead_ids"] = json!([ours.admin.id]);
    queue(server, "mails", settings).await;
    let task = server.task(ours, "mails", json!({})).await;
    for _ in 0..5 {
        server.advance(minutes(9));
        server.work().await;
        server.work().await;
    }
    let steps = told(server, &task, "task.escalated").await;
    let taken: Vec<_> = steps
        .iter()
        .map(|step| (step["loop"].as_i64().unwrap(), step["step"].as_i64().unwrap(), step["action"].as_str().unwrap()))
        .collect();
    assert_eq!(taken, [(1, 0, "notify"), (1, 1, "raise_priority"), (1, 2, "notify")]);
    assert_eq!((&steps[0]["member_ids"], &steps[2]["member_ids"]), (&json!([ours.second.id]), &json!([ours.admin.id])));
    assert_eq!(now(server, &task).await["priority"], "urgent");
}

async fn an_acknowledged_task_is_not_escalated(server: &TestServer) {
    let ours = &server.ours;
    let mut settings = escalation(json!([after(10, json!({"type": "notify", "targets": ["queue_lead"]}))]));
    settings["escalation"]["acknowledge_timeout_minutes"] = json!(60);
    queue(server, "mails", settings).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    server.advance(minutes(30));
    server.work().await;
    assert_eq!(told(server, &task, "task.escalated").await, Vec::<Value>::new());
    // Whoever took it and then did nothing is escalated after all.
    server.advance(minutes(31));
    server.work().await;
    assert_eq!(told(server, &task, "task.escalated").await.len(), 1);
}

async fn a_task_is_reassigned_and_moved(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "other").await;
    let steps = json!([
        after(10, json!({"type": "reassign", "targets": [{"member": ours.second.id}]})),
        after(20, json!({"type": "move_queue", "queue": "other"})),
    ]);
    queue(server, "mails", escalation(steps)).await;
    let body = json!({"queue_key": "mails", "data": {"n": 1}, "assignee_id": ours.reviewer.id});
    let task = server.post("/v1/task", &ours.agent, body).await.ok(201);
    server.advance(minutes(10));
    server.work().await;
    assert_eq!(now(server, &task).await["assignee_id"], json!(ours.second.id));
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(409, "task_assigned", None);
    server.advance(minutes(10));
    server.work().await;
    let moved = now(server, &task).await;
    assert_eq!((&moved["queue_key"], &moved["state"], &moved["assignee_id"]), (&json!("other"), &json!("queued"), &Value::Null));
    assert_eq!(told(server, &task, "task.moved").await, [json!({"from": "mails", "to": "other"})]);
    decide(server, &moved, &ours.reviewer, "approved").await;
}

async fn whom_an_escalation_names_may_review_whoever_the_stage_asks(server: &TestServer) {
    let ours = &server.ours;
    let mut settings = escalation(json!([after(10, json!({"type": "reassign", "targets": [{"member": ours.admin.id}]}))]));
    settings["reviewer_ids"] = json!([ours.reviewer.id]);
    queue(server, "mails", settings).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.review(&task, &ours.admin, json!({"result": ["approved"]})).await.refused(403, "not_a_reviewer", None);
    server.advance(minutes(10));
    server.work().await;
    decide(server, &task, &ours.admin, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_default_decision_ends_it_in_the_last_round(server: &TestServer) {
    let ours = &server.ours;
    let steps = json!([
        after(10, json!({"type": "notify", "targets": ["queue_lead"]})),
        after(20, json!({"type": "default_decision", "result": "rejected"})),
    ]);
    let mut settings = escalation(steps);
    settings["escalation"]["loops"] = json!(2);
    queue(server, "mails", settings).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.advance(minutes(25));
    server.work().await;
    assert_eq!(now(server, &task).await["state"], "queued", "a round is still to come");
    server.advance(minutes(20));
    server.work().await;
    let decided = now(server, &task).await;
    assert_eq!((&decided["outcome"]["result"], &decided["outcome"]["rule"]), (&json!(["rejected"]), &json!("escalation_default_decision")));
}

async fn a_step_may_open_a_stage_that_was_passed_by(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([
        {"key": "first", "actor": "people"},
        {"key": "lead", "actor": "people", "when": "false", "reviewers": {"groups": [], "member_ids": [ours.admin.id]}},
    ]);
    let mut settings = escalation(json!([after(10, json!({"type": "add_stage", "stage": "lead"}))]));
    settings["stages"] = stages;
    queue(server, "mails", settings).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.advance(minutes(10));
    server.work().await;
    assert_eq!(now(server, &task).await["stage"], 1);
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(403, "not_a_reviewer", None);
    decide(server, &task, &ours.admin, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn what_nobody_can_review_is_escalated(server: &TestServer) {
    let ours = &server.ours;
    let skills = json!({"skills": [{"skill": "german", "min_level": 50}]});
    queue(server, "mails", json!({"assignment": "skill_based", "routing": skills, "lead_ids": [ours.admin.id]})).await;
    let task = server.task(ours, "mails", json!({})).await;
    for _ in 0..3 {
        server.work().await;
        server.advance(minutes(2));
    }
    let unroutable = told(server, &task, "task.unroutable").await;
    assert_eq!((unroutable.len(), &unroutable[0]["reason"]["filter"]), (1, &json!("skills")), "{unroutable:?}");
    let escalated = told(server, &task, "task.escalated").await;
    assert_eq!((&escalated[0]["cause"], &escalated[0]["member_ids"]), (&json!("unroutable"), &json!([ours.admin.id])));
}

async fn what_an_escalation_names_has_to_be_there(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "posts", "name": "Posts", "review_type": "scoring"})).await;
    for (action, place) in [
        (json!({"type": "notify", "targets": [{"group": "nobody"}]}), "/escalation/steps/0/action/targets/0"),
        (json!({"type": "notify", "targets": [{"schedule": "nights"}]}), "/escalation/steps/0/action/targets/0"),
        (json!({"type": "notify", "targets": [{"member": server.theirs.reviewer.id}]}), "/escalation/steps/0/action/targets/0"),
        (json!({"type": "move_queue", "queue": "posts"}), "/escalation/steps/0/action/queue"),
        (json!({"type": "add_stage", "stage": "lead"}), "/escalation/steps/0/action/stage"),
        (json!({"type": "default_decision", "result": "approved"}), "/escalation/steps/0/action/result"),
        (json!({"type": "default_decision", "result": "maybe"}), "/escalation/steps/0/action/result"),
    ] {
        let mut body = escalation(json!([after(10, action)]));
        body.as_object_mut().unwrap().extend(json!({"key": "q", "name": "Q", "review_type": "approval"}).as_object().unwrap().clone());
        server.post("/v1/queue", &ours.admin.token, body).await.refused(400, "validation_error", Some(place));
    }
}

async fn a_dry_run_says_what_would_happen(server: &TestServer) {
    let ours = &server.ours;
    let steps = json!([after(10, json!({"type": "notify", "targets": ["queue_lead"]})), {"after": {"sla_percent": 50}, "action": {"type": "raise_priority", "to": "high"}}]);
    let mut settings = escalation(steps.clone());
    settings["sla_minutes"] = json!(60);
    queue(server, "mails", settings).await;
    let ask = json!({"queue_key": "mails", "submitted_at": "2026-11-27T16:00:00Z"});
    let planned = server.post("/v1/escalation/dry-run", &ours.agent, ask.clone()).await.ok(200);
    let lines: Vec<_> =
        planned.as_array().unwrap().iter().map(|line| (line["at"].as_str().unwrap(), line["action"]["type"].as_str().unwrap())).collect();
    assert_eq!(lines, [("2026-11-27T16:10:00Z", "notify"), ("2026-11-27T16:30:00Z", "raise_priority")]);
    server.post("/v1/escalation/dry-run", &server.theirs.agent, ask).await.refused(404, "not_found", None);
}
