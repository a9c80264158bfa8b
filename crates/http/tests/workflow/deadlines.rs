//! The time is over: what the queue says happens, and stays visible as the clock's doing.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both};

use crate::{decide, history, now, queue, told};

both!(TestServer:
    each_action_at_the_deadline_does_what_it_says,
    approval_at_the_deadline_needs_explicit_consent,
    nothing_happens_before_the_deadline_or_after_a_decision,
    a_stage_may_say_what_follows_its_timeout,
    a_clock_warns_once_and_breaches_once,
    a_question_to_the_agent_stops_the_clock,
    a_waiting_agent_is_told_of_the_timeout,
    waiting_raises_priority,
    another_queue_helps_out_after_a_time,
);

fn hour() -> SignedDuration {
    SignedDuration::from_hours(1)
}

fn until(action: Value) -> Value {
    json!({"sla_minutes": 60, "sla": {"on_deadline": action}})
}

async fn each_action_at_the_deadline_does_what_it_says(server: &TestServer) {
    let ours = &server.ours;
    let cases = [
        (json!({"action": "keep"}), "queued", Value::Null, Value::Null),
        (json!({"action": "reject"}), "reviewed", json!(["rejected"]), json!("deadline_reject")),
        (json!({"action": "expire"}), "expired", json!([]), json!("deadline")),
        (json!({"action": "return_to_agent"}), "expired", json!([]), json!("returned_to_agent")),
        (json!({"action": "default_answer", "result": ["rejected"]}), "reviewed", json!(["rejected"]), json!("deadline_default_answer")),
        (
            json!({"action": "approve", "i_accept_approval_without_review": true}),
            "reviewed",
            json!(["approved"]),
            json!("deadline_approve_without_review"),
        ),
    ];
    let mut tasks = Vec::new();
    for (i, (action, ..)) in cases.iter().enumerate() {
        let key = format!("queue-{i}");
        queue(server, &key, until(action.clone())).await;
        tasks.push(server.task(ours, &key, json!({})).await);
    }
    server.advance(hour());
    server.work().await;
    for ((action, state, result, rule), task) in cases.iter().zip(&tasks) {
        let after = now(server, task).await;
        assert_eq!(after["state"], *state, "{action}");
        assert_eq!((&after["outcome"]["result"], &after["outcome"]["rule"]), (result, rule), "{action}");
        if *state == "reviewed" {
            assert_eq!(after["reviews"][0]["reviewer"]["type"], "policy", "{action}");
        }
    }
    assert!(history(server, &tasks[2]).await.ends_with(&["task.expired".into()]), "a timeout is never a denial");
}

async fn approval_at_the_deadline_needs_explicit_consent(server: &TestServer) {
    let ours = &server.ours;
    for action in [
        json!({"action": "approve", "i_accept_approval_without_review": false}),
        json!({"action": "default_answer", "result": ["approved"]}),
    ] {
        let mut body = until(action);
        body.as_object_mut().unwrap().extend(json!({"key": "q", "name": "Q", "review_type": "approval"}).as_object().unwrap().clone());
        server.post("/v1/queue", &ours.admin.token, body).await.refused(400, "validation_error", None);
    }
}

async fn nothing_happens_before_the_deadline_or_after_a_decision(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", until(json!({"action": "reject"}))).await;
    let (early, decided) = (server.task(ours, "mails", json!({})).await, server.task(ours, "mails", json!({})).await);
    decide(server, &decided, &ours.reviewer, "approved").await;
    server.advance(hour() - SignedDuration::from_secs(1));
    server.work().await;
    assert_eq!(now(server, &early).await["state"], "queued");
    server.advance(hour());
    server.work().await;
    server.work().await;
    assert_eq!(now(server, &early).await["outcome"]["rule"], "deadline_reject");
    assert_eq!(now(server, &decided).await["outcome"]["result"], json!(["approved"]));
}

async fn a_stage_may_say_what_follows_its_timeout(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([
        {"key": "first", "actor": "people", "on_timeout": {"stage": "lead"}},
        {"key": "lead", "actor": "people", "reviewers": {"groups": [], "member_ids": [ours.admin.id]}},
    ]);
    queue(server, "mails", json!({"sla_minutes": 60, "stages": stages})).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.advance(hour());
    server.work().await;
    let after = now(server, &task).await;
    assert_eq!((&after["state"], &after["stage"]), (&json!("queued"), &json!(1)));
    decide(server, &task, &ours.admin, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_clock_warns_once_and_breaches_once(server: &TestServer) {
    let ours = &server.ours;
    let metrics = json!([{"kind": "time_to_assign", "target_minutes": {"default": 10}}, {"kind": "total", "target_minutes": {"default": 60}, "warn_at_percent": [50, 90]}]);
    queue(server, "mails", json!({"sla": {"metrics": metrics}})).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.advance(SignedDuration::from_mins(5));
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    for _ in 0..4 {
        server.advance(SignedDuration::from_mins(20));
        server.work().await;
        server.work().await;
    }
    let about =
        |details: Vec<Value>| details.into_iter().map(|detail| (detail["metric"].clone(), detail["percent"].clone())).collect::<Vec<_>>();
    assert_eq!(about(told(server, &task, "sla.warning").await), [(json!("total"), json!(50)), (json!("total"), json!(90))]);
    assert_eq!(about(told(server, &task, "sla.breached").await), [(json!("total"), Value::Null)]);
    decide(server, &task, &ours.reviewer, "approved").await;
    let clocks = server.get(&format!("/v1/task/{}/sla", signoff_testkit::id(&task)), &ours.agent).await.ok(200)["clocks"].clone();
    let states: Vec<_> =
        clocks.as_array().unwrap().iter().map(|clock| (clock["kind"].as_str().unwrap(), clock["state"].as_str().unwrap())).collect();
    assert!(states.contains(&("time_to_assign", "met")) && states.contains(&("total", "breached")), "{states:?}");
}

async fn a_question_to_the_agent_stops_the_clock(server: &TestServer) {
    let ours = &server.ours;
    let metrics = json!([{"kind": "total", "target_minutes": {"default": 60}, "warn_at_percent": []}]);
    queue(server, "mails", json!({"sla": {"metrics": metrics}})).await;
    let task = server.task(ours, "mails", json!({})).await;
    let clock = async || {
        let path = format!("/v1/task/{}/sla", signoff_testkit::id(&task));
        server.get(&path, &ours.agent).await.ok(200)["clocks"][0].clone()
    };
    server.advance(SignedDuration::from_mins(50));
    let ask = json!({"body": "Which order is this about?", "asks": true});
    server.act(&task, "comment", &ours.agent, ask.clone()).await.refused(403, "permission_denied", None);
    server.act(&task, "comment", &ours.reviewer.token, ask).await.ok(201);
    server.advance(SignedDuration::from_hours(5));
    server.work().await;
    assert_eq!(clock().await["state"], "paused");
    server.act(&task, "comment", &ours.agent, json!({"body": "Number 12"})).await.ok(201);
    let running = clock().await;
    assert_eq!((&running["state"], &running["used_seconds"]), (&json!("running"), &json!(3_000)));
    server.advance(SignedDuration::from_mins(9));
    server.work().await;
    assert_eq!(told(server, &task, "sla.breached").await, Vec::<Value>::new());
    server.advance(SignedDuration::from_mins(1));
    server.work().await;
    assert_eq!(told(server, &task, "sla.breached").await.len(), 1);
}

async fn a_waiting_agent_is_told_of_the_timeout(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", until(json!({"action": "expire"}))).await;
    let task = server.task(ours, "mails", json!({})).await;
    let path = format!("/v1/task/{}/wait?timeout=20", signoff_testkit::id(&task));
    let waiting = async { server.get(&path, &ours.agent).await.ok(200) };
    let expiring = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        server.advance(hour());
        server.work().await;
    };
    let (told, ()) = tokio::join!(waiting, expiring);
    assert_eq!((&told["state"], &told["outcome"]["kind"]), (&json!("expired"), &json!("expired")));
}

async fn waiting_raises_priority(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", json!({"routing": {"ageing_minutes": 30}})).await;
    let task = server.task(ours, "mails", json!({})).await;
    for expected in ["normal", "high", "urgent", "urgent"] {
        assert_eq!(now(server, &task).await["priority"], expected);
        server.advance(SignedDuration::from_mins(30));
        server.work().await;
    }
    let causes: Vec<_> = told(server, &task, "task.prioritized").await.into_iter().map(|detail| detail["cause"].clone()).collect();
    assert_eq!(causes, [json!("ageing"), json!("ageing")]);
}

async fn another_queue_helps_out_after_a_time(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "helpers", json!({"reviewer_ids": [ours.second.id]})).await;
    let routing = json!({"overflow_queue": "helpers", "overflow_after_minutes": 30});
    queue(server, "mails", json!({"reviewer_ids": [ours.reviewer.id], "routing": routing})).await;
    let task = server.task(ours, "mails", json!({})).await;
    assert_eq!(server.get("/v1/task/next", &ours.second.token).await.status, 204);
    server.advance(SignedDuration::from_mins(30));
    server.work().await;
    assert_eq!(server.get("/v1/task/next", &ours.second.token).await.ok(200)["id"], task["id"]);
    assert_eq!(server.get("/v1/task/next", &ours.reviewer.token).await.ok(200)["id"], task["id"], "those of the queue are still asked");
    decide(server, &task, &ours.second, "approved").await;
}
