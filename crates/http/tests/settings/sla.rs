//! When a task would be due, and how the clocks of one that is there stand.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Answer, TestServer, Who, both, id};

use crate::{define, with};

both!(TestServer:
    a_task_of_friday_afternoon_is_due_on_monday,
    times_can_be_tried_before_they_are_saved,
    a_simulation_of_what_is_not_there_is_refused,
    a_task_tells_how_its_clocks_stand,
    a_task_without_times_has_no_clocks,
    clocks_are_for_those_who_may_read_the_task,
);

fn times() -> Value {
    json!({
        "calendar": "berlin",
        "metrics": [
            {"kind": "time_to_decision", "target_minutes": {"default": 60, "high": 40}, "warn_at_percent": [50, 75]},
            {"kind": "total", "target_minutes": {"urgent": 15}},
        ],
        "on_deadline": {"action": "expire"},
    })
}

async fn simulate(server: &TestServer, who: &Who, body: Value) -> Answer {
    server.post("/v1/sla/simulate", who, body).await
}

async fn a_task_of_friday_afternoon_is_due_on_monday(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    server.queue(ours, with("mails", json!({"sla": times(), "sla_minutes": 90}))).await;
    let size = server.log_size(ours).await;
    // 16:30 in Berlin.
    let at = "2026-11-27T15:30:00Z";
    let simulated = simulate(server, &ours.agent, json!({"queue_key": "mails", "submitted_at": at, "priority": "high"})).await.ok(200);
    assert_eq!(
        simulated,
        json!({
            "submitted_at": at, "priority": "high", "calendar": "berlin", "time_zone": "Europe/Berlin",
            "metrics": [{"kind": "time_to_decision", "stage": null, "due_at": "2026-11-30T08:10:00Z", "warnings": [
                {"percent": 50, "at": "2026-11-27T15:50:00Z"}, {"percent": 75, "at": "2026-11-27T16:00:00Z"},
            ]}],
            "deadline": "2026-11-27T17:00:00Z", "on_deadline": {"action": "expire"},
        })
    );
    let now = simulate(server, &ours.auditor.token, json!({"queue_key": "mails"})).await.ok(200);
    assert_eq!((&now["priority"], &now["submitted_at"]), (&json!("normal"), &json!("2025-11-24T16:00:00Z")));
    assert_eq!(server.log_size(ours).await, size);
}

async fn times_can_be_tried_before_they_are_saved(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    server.queue(ours, with("mails", json!({"sla_minutes": 90}))).await;
    let urgent = json!({"sla": times(), "submitted_at": "2026-11-27T15:00:00Z", "priority": "urgent"});
    let alone = simulate(server, &ours.agent, urgent.clone()).await.ok(200);
    let due: Vec<_> = alone["metrics"].as_array().unwrap().iter().map(|metric| metric["due_at"].as_str().unwrap()).collect();
    assert_eq!(due, ["2026-11-27T16:00:00Z", "2026-11-27T15:15:00Z"]);
    assert!(alone["deadline"].is_null());
    let mut beside = urgent;
    beside["queue_key"] = json!("mails");
    let beside = simulate(server, &ours.agent, beside).await.ok(200);
    assert_eq!((&beside["metrics"], &beside["deadline"]), (&alone["metrics"], &json!("2026-11-27T16:30:00Z")));
    let always =
        json!({"sla": {"metrics": [{"kind": "total", "target_minutes": {"default": 1440}}]}, "submitted_at": "2026-11-28T00:00:00Z"});
    let always = simulate(server, &ours.agent, always).await.ok(200);
    assert_eq!((&always["metrics"][0]["due_at"], &always["time_zone"]), (&json!("2026-11-29T00:00:00Z"), &Value::Null));
}

async fn a_simulation_of_what_is_not_there_is_refused(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.approval(&server.theirs, "foreign").await;
    for (body, place) in [
        (json!({}), "/queue_key"),
        (json!({"sla": {"calendar": "berlin"}}), "/sla/calendar"),
        (json!({"sla": {"metrics": [{"kind": "total", "target_minutes": {"default": 0}}]}}), "/sla/metrics/0/target_minutes/default"),
        (
            json!({"sla": {"metrics": [{"kind": "total", "target_minutes": {"default": 1}, "warn_at_percent": [300]}]}}),
            "/sla/metrics/0/warn_at_percent/0",
        ),
        (
            json!({"queue_key": "mails", "sla": {"metrics": [{"kind": "time_to_assign", "stage": "x", "target_minutes": {"default": 1}}]}}),
            "/sla/metrics/0/stage",
        ),
        (json!({"queue_key": "mails", "submitted_at": "Friday"}), "/submitted_at"),
        (json!({"queue_key": "mails", "priority": "sky-high"}), "/priority"),
    ] {
        let refused = simulate(server, &ours.agent, body.clone()).await;
        assert_eq!(refused.status, 400, "{body}: {}", refused.text);
        refused.refused(400, "validation_error", Some(place));
    }
    for queue in ["foreign", "nowhere"] {
        simulate(server, &ours.agent, json!({"queue_key": queue})).await.refused(404, "not_found", None);
    }
    simulate(server, ours.key_without("queue:read"), json!({"queue_key": "mails"})).await.refused(403, "permission_denied", None);
}

async fn a_task_tells_how_its_clocks_stand(server: &TestServer) {
    let ours = &server.ours;
    // It is Monday, 17:00 in Berlin.
    let weekly = json!([{"days": ["monday"], "from": "09:00", "to": "20:00"}]);
    server.define(ours, "calendar", "berlin", json!({"time_zone": "Europe/Berlin", "weekly": weekly})).await;
    let metrics = json!([
        {"kind": "time_to_decision", "target_minutes": {"default": 60}},
        {"kind": "total", "target_minutes": {"default": 5}, "warn_at_percent": []},
    ]);
    let sla = json!({"calendar": "berlin", "metrics": metrics, "on_deadline": {"action": "reject"}});
    server.queue(ours, with("mails", json!({"sla": sla, "sla_minutes": 120}))).await;
    let task = server.task(ours, "mails", json!({})).await;
    server.advance(SignedDuration::from_mins(1));
    let path = format!("/v1/task/{}/sla", id(&task));
    let stands = server.get(&path, &ours.agent).await.ok(200);
    assert_eq!((&stands["task_id"], &stands["calendar"], &stands["time_zone"]), (&task["id"], &json!("berlin"), &json!("Europe/Berlin")));
    assert_eq!((&stands["deadline"], &stands["on_deadline"]), (&json!("2025-11-24T18:00:00Z"), &json!({"action": "reject"})));
    assert_eq!(
        stands["clocks"][0],
        json!({
            "kind": "time_to_decision", "stage": "review", "number": 1, "state": "running", "started_at": "2025-11-24T16:00:00Z",
            "due_at": "2025-11-24T17:00:00Z", "target_seconds": 3600, "used_seconds": 60, "warned_at_percent": [], "breached_at": null, "stopped_at": null,
        })
    );
    assert_eq!((&stands["clocks"][1]["kind"], &stands["clocks"][1]["stage"]), (&json!("total"), &Value::Null));
    server.advance(SignedDuration::from_mins(9));
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let ended = server.get(&path, &ours.auditor.token).await.ok(200);
    let state =
        |clock: usize| (ended["clocks"][clock]["state"].as_str().unwrap(), ended["clocks"][clock]["used_seconds"].as_i64().unwrap());
    assert_eq!((state(0), state(1)), (("met", 600), ("breached", 600)));
    assert_eq!(ended["clocks"][1]["breached_at"], "2025-11-24T16:05:00Z");
}

async fn a_task_without_times_has_no_clocks(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let stands = server.get(&format!("/v1/task/{}/sla", id(&task)), &ours.agent).await.ok(200);
    assert_eq!((&stands["clocks"], &stands["deadline"], &stands["on_deadline"]), (&json!([]), &Value::Null, &json!({"action": "keep"})));
}

async fn clocks_are_for_those_who_may_read_the_task(server: &TestServer) {
    let (ours, theirs) = (&server.ours, &server.theirs);
    server.approval(theirs, "foreign").await;
    let foreign = server.task(theirs, "foreign", json!({})).await;
    let path = format!("/v1/task/{}/sla", id(&foreign));
    server.get(&path, &ours.owner.token).await.refused(404, "not_found", None);
    server.get(&path, theirs.key_without("task:read")).await.refused(403, "permission_denied", None);
    server.get("/v1/task/x/sla", &ours.owner.token).await.refused(404, "not_found", None);
}
