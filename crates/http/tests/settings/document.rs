//! The settings as code: export gives back what apply took, members are named by e-mail address, and every place is one of the document.

use serde_json::{Value, json};
use signoff_testkit::{Answer, TestServer, both};

use crate::define;

both!(TestServer:
    export_gives_back_what_apply_took,
    members_are_named_by_address_wherever_they_are_named,
    queues_of_a_document_may_overflow_into_each_other_whichever_stands_first,
    what_is_wrong_is_named_at_its_place_in_the_document,
    a_setting_that_changed_is_told_by_its_name,
);

fn document(server: &TestServer) -> Value {
    let ours = &server.ours;
    json!({"queues": [
        {
            "key": "a-refund", "name": "Refund", "review_type": "approval", "assignment": "round_robin",
            "reviewers": [ours.admin.email, ours.reviewer.email, ours.second.email],
            "stages": [
                {"key": "small", "actor": "policy", "when": "task.data.amount < 50", "decide": ["approved"]},
                {"key": "review", "actor": "people", "rule": {"type": "k_of_n", "k": 2, "n": 2}, "reviewers": {"groups": ["legal"], "member_ids": [ours.admin.email]},
                 "on_disagreement": {"stage": "lead"}},
                {"key": "lead", "actor": "people", "when": "task.data.amount > 500"},
            ],
            "otherwise": ["rejected"],
            "routing": {"weight": 2, "overflow_queue": "b-helpers", "overflow_after_minutes": 15, "excluded_member_ids": [ours.owner.email]},
            "sla": {"calendar": "berlin", "metrics": [{"kind": "total", "target_minutes": {"default": 60}}], "on_deadline": {"action": "return_to_agent"}},
            "leads": [ours.admin.email], "allow_own_review": true,
            // What only looks like a member is none.
            "data_schema": {"type": "object", "properties": {"member_ids": {"type": "array"}}, "required": ["member_ids"]},
        },
        {"key": "b-helpers", "name": "Helpers", "review_type": "approval"},
    ]})
}

async fn apply(server: &TestServer, document: &Value) -> Answer {
    server.post("/v1/apply", &server.ours.owner.token, json!({"document": document})).await
}

fn kinds(changes: &Value) -> Vec<&str> {
    changes.as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap()).collect()
}

/// Whether all of `part` is in `whole`, whatever else is.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => part.iter().all(|(name, value)| whole.get(name).is_some_and(|of| holds(of, value))),
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(of, value)| holds(of, value))
        }
        _ => whole == part,
    }
}

async fn export_gives_back_what_apply_took(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    let document = document(server);
    assert_eq!(kinds(&apply(server, &document).await.ok(200)), ["created", "created"]);
    let size = server.log_size(ours).await;
    assert_eq!(kinds(&apply(server, &document).await.ok(200)), ["unchanged", "unchanged"]);
    let exported = server.get("/v1/export", &ours.owner.token).await.ok(200);
    assert!(holds(&exported["queues"], &document["queues"]), "{exported:#}");
    // The plain queue says nothing that is a default.
    assert_eq!(exported["queues"][1], document["queues"][1]);
    let again = json!({"queues": exported["queues"]});
    assert_eq!(kinds(&apply(server, &again).await.ok(200)), ["unchanged", "unchanged"]);
    assert_eq!(server.log_size(ours).await, size);
    server.delete("/v1/queue/a-refund", &ours.admin.token).await.ok(204);
    assert_eq!(kinds(&apply(server, &again).await.ok(200)), ["updated", "unchanged"]);
}

async fn members_are_named_by_address_wherever_they_are_named(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    apply(server, &document(server)).await.ok(200);
    let queue = server.get("/v1/queue/a-refund", &ours.owner.token).await.ok(200);
    assert_eq!(queue["reviewer_ids"], json!([ours.admin.id, ours.reviewer.id, ours.second.id]));
    assert_eq!(queue["stages"][1]["reviewers"]["member_ids"], json!([ours.admin.id]));
    assert_eq!(queue["routing"]["excluded_member_ids"], json!([ours.owner.id]));
    assert_eq!(queue["lead_ids"], json!([ours.admin.id]));
    // Addresses are not told apart by case.
    let mut shouted = document(server);
    shouted["queues"][0]["leads"] = json!([ours.admin.email.to_uppercase()]);
    assert_eq!(kinds(&apply(server, &shouted).await.ok(200)), ["unchanged", "unchanged"]);
}

async fn queues_of_a_document_may_overflow_into_each_other_whichever_stands_first(server: &TestServer) {
    let queue = |key: &str, into: Option<&str>| {
        let routing = into.map_or(json!({}), |into| json!({"overflow_queue": into, "overflow_after_minutes": 5}));
        json!({"key": key, "name": key, "review_type": "approval", "routing": routing})
    };
    let chain = json!({"queues": [queue("a", Some("b")), queue("b", Some("c")), queue("c", None)]});
    apply(server, &chain).await.ok(200);
    let size = server.log_size(&server.ours).await;
    let circle = json!({"queues": [queue("c", Some("a"))]});
    apply(server, &circle).await.refused(400, "validation_error", Some("/document/queues/0/routing/overflow_queue"));
    assert_eq!(server.log_size(&server.ours).await, size);
    let turned = json!({"queues": [queue("c", Some("b")), queue("b", Some("a")), queue("a", None)]});
    assert_eq!(kinds(&apply(server, &turned).await.ok(200)), ["updated", "updated", "updated"]);
}

async fn what_is_wrong_is_named_at_its_place_in_the_document(server: &TestServer) {
    let ours = &server.ours;
    define(server).await;
    let size = server.log_size(ours).await;
    let nobody = "nobody@example.com";
    for (pointer, value, place) in [
        ("/queues/0/reviewers/1", json!(nobody), "/reviewers/1"),
        ("/queues/0/reviewers/1", json!("\u{0}"), "/reviewers/1"),
        ("/queues/0/reviewers/1", json!(ours.admin.email), "/reviewers"),
        ("/queues/0/leads/0", json!(nobody), "/leads/0"),
        ("/queues/0/stages/1/reviewers/member_ids/0", json!(nobody), "/stages/1/reviewers/member_ids/0"),
        ("/queues/0/stages/1/reviewers/member_ids/0", json!(ours.admin.id), "/stages/1/reviewers/member_ids/0"),
        ("/queues/0/stages/1/reviewers/groups/0", json!("nobody"), "/stages/1/reviewers/groups/0"),
        ("/queues/0/stages/0/when", json!("task.data.amount <"), "/stages/0/when"),
        ("/queues/0/stages/1/rule", json!({"type": "majority", "n": 0}), "/stages/1/rule/n"),
        ("/queues/0/stages/1/on_disagreement", json!({"stage": "small"}), "/stages/1/on_disagreement"),
        ("/queues/0/routing/excluded_member_ids/0", json!(server.theirs.owner.email), "/routing/excluded_member_ids/0"),
        ("/queues/0/routing/overflow_queue", json!("nowhere"), "/routing/overflow_queue"),
        ("/queues/0/routing/weight", json!(0), "/routing/weight"),
        ("/queues/0/sla/calendar", json!("nowhere"), "/sla/calendar"),
        ("/queues/0/otherwise/0", json!("later"), "/otherwise/0"),
    ] {
        let mut wrong = document(server);
        *wrong.pointer_mut(pointer).unwrap() = value.clone();
        let refused = apply(server, &wrong).await;
        assert_eq!(refused.status, 400, "{pointer} {value}: {}", refused.text);
        refused.refused(400, "validation_error", Some(&format!("/document/queues/0{place}")));
    }
    assert_eq!(server.log_size(ours).await, size);
    // Who may not see the members does not learn who is one.
    let named = server.post("/v1/apply", ours.key("queue:write"), json!({"document": document(server)})).await;
    named.refused(403, "permission_denied", None);
}

async fn a_setting_that_changed_is_told_by_its_name(server: &TestServer) {
    define(server).await;
    let mut document = document(server);
    apply(server, &document).await.ok(200);
    document["queues"][0]["stages"][2]["when"] = json!("task.data.amount > 1000");
    document["queues"][0]["leads"] = json!([]);
    let changes = apply(server, &document).await.ok(200);
    assert_eq!(changes[0]["parts"], json!(["stages", "lead_ids"]));
    assert_eq!(server.events(&server.ours).await.last().unwrap()["type"], "queue.updated");
}
