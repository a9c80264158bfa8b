//! What a queue says of stages, routing and times: read back as it was written, with defaults filled in, and refused where it names what is not there.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both};

use crate::{define, with};

both!(TestServer:
    a_queue_shows_every_setting_with_its_default,
    every_setting_is_read_back,
    a_setting_is_replaced_as_a_whole_and_null_takes_it_away,
    each_assignment_of_the_published_client_stands_for_stages,
    what_a_setting_names_has_to_be_there,
    a_quorum_is_not_larger_than_its_group,
    overflow_queues_form_no_circle,
    two_queues_saved_at_the_same_time_form_no_circle_either,
    a_stage_asks_its_own_reviewers,
);

/// A stage with every member that is not given at its default.
fn stage(given: Value) -> Value {
    let mut stage = json!({
        "key": "review", "name": null, "actor": "people", "when": null, "rule": {"type": "single"}, "reviewers": null, "blind": true, "separate": true,
        "decide": null, "on_approve": null, "on_reject": null, "on_abstain": null, "on_timeout": null, "on_disagreement": null,
    });
    stage.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
    stage
}

async fn a_queue_shows_every_setting_with_its_default(server: &TestServer) {
    let queue = server.approval(&server.ours, "mails").await;
    assert_eq!(queue["stages"], json!([stage(json!({}))]));
    assert_eq!(
        queue["routing"],
        json!({
            "then": "load_balanced", "sticky_seconds": 3600, "offer_timeout_seconds": 120, "ageing_minutes": null, "skills": [], "weight": 1,
            "overflow_queue": null, "overflow_after_minutes": null, "excluded_member_ids": [],
        })
    );
    assert_eq!((&queue["otherwise"], &queue["sla"]), (&Value::Null, &Value::Null));
    assert_eq!((&queue["lead_ids"], &queue["allow_own_review"]), (&json!([]), &json!(false)));
}

async fn every_setting_is_read_back(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    server.approval(ours, "helpers").await;
    let stages = json!([
        stage(
            json!({"key": "small", "actor": "policy", "when": "task.data.amount < 50", "decide": ["approved"], "on_abstain": {"stage": "legal"}})
        ),
        stage(json!({"key": "model", "actor": "ai", "on_approve": "next"})),
        stage(json!({
            "key": "legal", "name": "Legal", "rule": {"type": "k_of_n", "k": 2, "n": 2}, "blind": false, "separate": false,
            "reviewers": {"groups": ["legal"], "member_ids": [ours.admin.id]}, "on_disagreement": {"stage": "lead"}, "on_timeout": "reject",
        })),
        stage(json!({"key": "lead", "rule": {"type": "any_reject_vetoes", "n": 1}, "when": "task.data.amount > 500 || sample(5)"})),
    ]);
    let settings = json!({
        "assignment": "skill_based", "stages": stages, "otherwise": ["rejected"],
        "routing": {
            "then": "round_robin", "sticky_seconds": 60, "offer_timeout_seconds": 30, "ageing_minutes": 15, "weight": 2,
            "skills": [{"skill": "law", "min_level": 40, "mandatory": true, "drop_after_seconds": null},
                       {"skill": "german", "min_level": 0, "mandatory": false, "drop_after_seconds": 600}],
            "overflow_queue": "helpers", "overflow_after_minutes": 30, "excluded_member_ids": [ours.owner.id],
        },
        "sla": {
            "calendar": "berlin",
            "metrics": [
                {"kind": "total", "stage": null, "target_minutes": {"default": 480, "low": null, "normal": null, "high": 240, "urgent": 60}, "warn_at_percent": [50, 90]},
                {"kind": "time_to_decision", "stage": "legal", "target_minutes": {"default": 60, "low": null, "normal": null, "high": null, "urgent": null}, "warn_at_percent": [75]},
            ],
            "on_deadline": {"action": "reject"},
        },
        "lead_ids": [ours.admin.id], "allow_own_review": true,
    });
    let queue = server.queue(ours, with("refund", settings.clone())).await;
    for (member, value) in settings.as_object().unwrap() {
        assert_eq!(queue[member], *value, "{member}");
    }
    assert_eq!(server.get("/v1/queue/refund", &ours.agent).await.ok(200), queue);
    let task = server.task(ours, "refund", json!({"amount": 100})).await;
    assert_eq!(server.reread(ours, &task).await["queue"]["stages"], stages);
    let made = server.events(ours).await.into_iter().filter(|event| event["type"] == "queue.created").count();
    assert_eq!(made, 2);
}

async fn a_setting_is_replaced_as_a_whole_and_null_takes_it_away(server: &TestServer) {
    let ours = &server.ours;
    let settings = json!({
        "stages": [{"key": "both", "actor": "people", "rule": {"type": "unanimous", "n": 2}}], "otherwise": ["rejected"],
        "routing": {"weight": 3, "ageing_minutes": 5}, "sla": {"metrics": [{"kind": "total", "target_minutes": {"default": 5}}]},
        "lead_ids": [ours.admin.id],
    });
    server.queue(ours, with("mails", settings)).await;
    let change = |body: Value| server.patch("/v1/queue/mails", &ours.admin.token, body);
    let changed = change(json!({"routing": {"weight": 2}})).await.ok(200);
    assert_eq!((&changed["routing"]["weight"], &changed["routing"]["ageing_minutes"]), (&json!(2), &Value::Null));
    assert_eq!((&changed["stages"][0]["key"], &changed["version"]), (&json!("both"), &json!(2)));
    let taken = change(json!({"stages": null, "otherwise": null, "sla": null, "lead_ids": []})).await.ok(200);
    assert_eq!(taken["stages"], json!([stage(json!({}))]));
    assert_eq!((&taken["otherwise"], &taken["sla"], &taken["lead_ids"]), (&Value::Null, &Value::Null, &json!([])));
    assert_eq!(change(json!({"stages": []})).await.ok(200), taken);
}

async fn each_assignment_of_the_published_client_stands_for_stages(server: &TestServer) {
    let ours = &server.ours;
    let (people, ai) = (stage(json!({})), stage(json!({"key": "ai", "actor": "ai"})));
    for (assignment, stages) in [
        ("manual", json!([people])),
        ("pull", json!([people])),
        ("round_robin", json!([people])),
        ("load_balanced", json!([people])),
        ("skill_based", json!([people])),
        ("sticky", json!([people])),
        ("ai_first", json!([ai, people])),
        ("ai_last", json!([people, ai])),
    ] {
        let queue = server.queue(ours, with(&assignment.replace('_', "-"), json!({"assignment": assignment}))).await;
        assert_eq!((&queue["assignment"], &queue["stages"]), (&json!(assignment), &stages));
    }
}

async fn what_a_setting_names_has_to_be_there(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    server.define(&server.theirs, "group", "theirs", json!({"name": null, "member_ids": []})).await;
    server
        .define(
            &server.theirs,
            "calendar",
            "theirs",
            json!({"time_zone": "UTC", "weekly": [{"days": ["monday"], "from": "00:00", "to": "24:00"}]}),
        )
        .await;
    server.approval(&server.theirs, "theirs").await;
    server.approval(ours, "old").await;
    server.delete("/v1/queue/old", &ours.admin.token).await.ok(204);
    server.approval(ours, "mails").await;
    let theirs = &server.theirs.reviewer.id;
    let size = server.log_size(ours).await;
    let asks = |reviewers: Value| json!({"stages": [{"key": "a", "actor": "people", "reviewers": reviewers}]});
    let rule = |rule: Value| json!({"stages": [{"key": "a", "actor": "people", "rule": rule}]});
    let policy = |when: &str| json!({"stages": [{"key": "p", "actor": "policy", "when": when, "decide": ["approved"]}, {"key": "a", "actor": "people"}]});
    let cases = [
        (asks(json!({"groups": ["legal", "nobody"]})), "/stages/0/reviewers/groups/1"),
        (asks(json!({"groups": ["theirs"]})), "/stages/0/reviewers/groups/0"),
        (asks(json!({"groups": ["\u{0}"]})), "/stages/0/reviewers/groups/0"),
        (asks(json!({"member_ids": [theirs]})), "/stages/0/reviewers/member_ids/0"),
        (asks(json!({"member_ids": ["ann"]})), "/stages/0/reviewers/member_ids/0"),
        (asks(json!({})), "/stages/0/reviewers"),
        (rule(json!({"type": "role_quorum", "groups": [{"group": "nobody", "count": 1}]})), "/stages/0/rule/groups/0/group"),
        (rule(json!({"type": "single", "n": 1})), "/stages/0/rule/n"),
        (rule(json!({"type": "majority"})), "/stages/0/rule/n"),
        (rule(json!({"type": "majority", "n": -1})), "/stages/0/rule"),
        (rule(json!({"type": "majority", "n": 51})), "/stages/0/rule/n"),
        (rule(json!({"type": "numeric", "n": 2, "aggregate": "mean"})), "/stages/0/rule/type"),
        (rule(json!(["single"])), "/stages/0/rule"),
        (json!({"stages": [{"key": "a", "actor": "people", "on_approve": {"stage": "b"}}]}), "/stages/0/on_approve"),
        (json!({"stages": [{"key": "a", "actor": "somebody"}]}), "/stages/0/actor"),
        (json!({"stages": [{"key": "a", "actor": "people", "extra": 1}]}), "/stages/0/extra"),
        (policy("task.data.amount >"), "/stages/0/when"),
        (policy("task.amount > 5"), "/stages/0/when"),
        (policy(&format!("{}true", "!".repeat(500))), "/stages/0/when"),
        (json!({"otherwise": ["later"]}), "/otherwise/0"),
        (json!({"routing": {"excluded_member_ids": [theirs]}}), "/routing/excluded_member_ids/0"),
        (json!({"routing": {"weight": 0}}), "/routing/weight"),
        (json!({"routing": {"strategy": "pull"}}), "/routing/strategy"),
        (json!({"routing": {"skills": [{"skill": "law", "mandatory": false}]}}), "/routing/skills/0/drop_after_seconds"),
        (json!({"routing": {"overflow_queue": "nowhere", "overflow_after_minutes": 5}}), "/routing/overflow_queue"),
        (json!({"routing": {"overflow_queue": "theirs", "overflow_after_minutes": 5}}), "/routing/overflow_queue"),
        (json!({"routing": {"overflow_queue": "old", "overflow_after_minutes": 5}}), "/routing/overflow_queue"),
        (json!({"routing": {"overflow_queue": "helpers"}}), "/routing/overflow_after_minutes"),
        (json!({"sla": {"calendar": "nowhere"}}), "/sla/calendar"),
        (json!({"sla": {"calendar": "theirs"}}), "/sla/calendar"),
        (json!({"sla": {"metrics": [{"kind": "total", "target_minutes": {}}]}}), "/sla/metrics/0/target_minutes"),
        (json!({"sla": {"metrics": [{"kind": "time_to_assign", "stage": "x", "target_minutes": {"default": 1}}]}}), "/sla/metrics/0/stage"),
        (
            json!({"sla": {"on_deadline": {"action": "approve", "i_accept_approval_without_review": false}}}),
            "/sla/on_deadline/i_accept_approval_without_review",
        ),
        (json!({"sla": {"on_deadline": {"action": "approve"}}}), "/sla/on_deadline/i_accept_approval_without_review"),
        (json!({"sla": {"on_deadline": {"action": "default_answer", "result": ["approved"]}}}), "/sla/on_deadline/result/0"),
        (json!({"lead_ids": [theirs]}), "/lead_ids/0"),
        (json!({"lead_ids": ["ann"]}), "/lead_ids/0"),
    ];
    for (settings, place) in cases {
        let made = server.post("/v1/queue", &ours.admin.token, with("new", settings.clone())).await;
        assert_eq!(made.status, 400, "{settings}: {}", made.text);
        made.refused(400, "validation_error", Some(place));
        let changed = server.patch("/v1/queue/mails", &ours.admin.token, settings.clone()).await;
        assert_eq!(changed.status, 400, "{settings}: {}", changed.text);
        changed.refused(400, "validation_error", Some(place));
    }
    assert_eq!(server.log_size(ours).await, size);
}

async fn a_quorum_is_not_larger_than_its_group(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    let queue = |stage: Value| server.post("/v1/queue", &ours.admin.token, with("q", json!({"stages": [stage]})));
    let wants = |n: u32| json!({"key": "a", "actor": "people", "rule": {"type": "unanimous", "n": n}, "reviewers": {"groups": ["legal"]}});
    queue(wants(3)).await.refused(400, "validation_error", Some("/stages/0/rule/n"));
    let of_each = |finance: u32| {
        let groups = json!([{"group": "legal", "count": 2}, {"group": "finance", "count": finance}]);
        json!({"key": "a", "actor": "people", "rule": {"type": "role_quorum", "groups": groups}})
    };
    queue(of_each(2)).await.refused(400, "validation_error", Some("/stages/0/rule/groups/1/count"));
    queue(of_each(1)).await.ok(201);
    server.patch("/v1/queue/q", &ours.admin.token, json!({"stages": [wants(2)]})).await.ok(200);
}

fn overflows_into(key: &str) -> Value {
    json!({"routing": {"overflow_queue": key, "overflow_after_minutes": 10}})
}

async fn overflow_queues_form_no_circle(server: &TestServer) {
    let ours = &server.ours;
    let admin = &ours.admin.token;
    server.approval(ours, "c").await;
    server.queue(ours, with("b", overflows_into("c"))).await;
    server.queue(ours, with("a", overflows_into("b"))).await;
    for to in ["a", "b", "c"] {
        let refused = server.patch("/v1/queue/c", admin, overflows_into(to)).await;
        refused.refused(400, "validation_error", Some("/routing/overflow_queue"));
    }
    server.approval(ours, "d").await;
    server.patch("/v1/queue/c", admin, overflows_into("d")).await.ok(200);
    // Its id names a queue elsewhere, not here.
    let d = server.get("/v1/queue/d", admin).await.ok(200);
    server.patch("/v1/queue/c", admin, overflows_into(d["id"].as_str().unwrap())).await.refused(400, "validation_error", None);
}

async fn two_queues_saved_at_the_same_time_form_no_circle_either(server: &TestServer) {
    let ours = &server.ours;
    let admin = &ours.admin.token;
    for round in 0..5 {
        let (a, b) = (format!("a{round}"), format!("b{round}"));
        server.approval(ours, &a).await;
        server.approval(ours, &b).await;
        let (path_a, path_b) = (format!("/v1/queue/{a}"), format!("/v1/queue/{b}"));
        let one = server.patch(&path_a, admin, overflows_into(&b)).into_future();
        let other = server.patch(&path_b, admin, overflows_into(&a)).into_future();
        let (one, other) = tokio::join!(one, other);
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400], "{} {}", one.text, other.text);
    }
}

async fn a_stage_asks_its_own_reviewers(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    server.queue(ours, with("q", json!({"stages": [{"key": "money", "actor": "people", "reviewers": {"groups": ["finance"]}}]}))).await;
    let task = server.task(ours, "q", json!({})).await;
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(403, "not_a_reviewer", None);
    server.review(&task, &ours.admin, json!({"result": ["approved"]})).await.ok(201);
    assert_eq!(server.reread(ours, &task).await["state"], "reviewed");
}
