//! Delegations: to whom, for how long, for what.

use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer, both, id};

use crate::kit::{is_offered, put, queue, task, told};

both!(TestServer:
    anyone_of_a_group_decides_within_the_scope,
    a_delegation_that_makes_no_sense_is_refused,
    members_delegate_themselves_and_administrators_for_others,
    a_delegation_that_is_taken_back_holds_no_longer,
);

fn from(person: &Person, to: Value) -> Value {
    json!({"from": person.id, "to": to, "mode": "always", "starts_at": "2025-11-24T00:00:00Z", "ends_at": "2025-12-24T00:00:00Z"})
}

async fn anyone_of_a_group_decides_within_the_scope(server: &TestServer) {
    let ours = &server.ours;
    put(server, "/v1/group/deputies", json!({"member_ids": [ours.second.id]})).await.ok(201);
    let mut body = from(&ours.reviewer, json!({"group": "deputies"}));
    body["scope"] = json!({"queue_keys": ["mails"], "review_types": ["approval"]});
    let delegation = server.post("/v1/delegation", &ours.reviewer.token, body).await.ok(201);
    assert_eq!(delegation["scope"], json!({"queue_keys": ["mails"], "review_types": ["approval"]}));
    for (key, within) in [("mails", true), ("posts", false)] {
        queue(server, key, "round_robin", &[&ours.reviewer], |config| config.routing.offer_timeout_seconds = 600).await;
        crate::kit::available(server, &ours.reviewer, json!({"presence": "away"})).await;
        let task = task(server, key).await;
        assert_eq!(is_offered(server, &task, &ours.second).await, within, "{key}");
    }
    let used = server.delete("/v1/group/deputies", &ours.admin.token).await;
    used.refused(409, "in_use", None);
    assert!(used.body["detail"].as_str().unwrap().contains(id(&delegation)), "{}", used.text);
}

async fn a_delegation_that_makes_no_sense_is_refused(server: &TestServer) {
    let ours = &server.ours;
    let refused = async |body: Value, place: &str| {
        server.post("/v1/delegation", &ours.reviewer.token, body).await.refused(400, "validation_error", Some(place));
    };
    let to_second = from(&ours.reviewer, json!({"member": ours.second.id}));
    let size = server.log_size(ours).await;
    refused(from(&ours.reviewer, json!({"member": ours.reviewer.id})), "/to").await;
    refused(from(&ours.reviewer, json!({"group": "nobody"})), "/to/group").await;
    refused(from(&ours.reviewer, json!({"member": "x"})), "/to/member").await;
    refused(from(&ours.reviewer, json!({"member": server.theirs.second.id})), "/to").await;
    let mut scope = to_second.clone();
    scope["scope"] = json!({"queue_keys": []});
    refused(scope, "/scope/queue_keys").await;
    let mut backwards = to_second.clone();
    backwards["ends_at"] = json!("2025-11-23T00:00:00Z");
    refused(backwards, "/ends_at").await;
    assert_eq!(server.log_size(ours).await, size);
    server.post("/v1/delegation", &ours.reviewer.token, to_second.clone()).await.ok(201);
    refused(to_second, "/starts_at").await;
}

async fn members_delegate_themselves_and_administrators_for_others(server: &TestServer) {
    let ours = &server.ours;
    let of_reviewer = from(&ours.reviewer, json!({"member": ours.admin.id}));
    server.post("/v1/delegation", &ours.second.token, of_reviewer.clone()).await.refused(403, "permission_denied", None);
    server.post("/v1/delegation", &ours.agent, of_reviewer.clone()).await.refused(403, "permission_denied", None);
    let made = server.post("/v1/delegation", &ours.admin.token, of_reviewer).await.ok(201);
    assert_eq!(server.get("/v1/delegation", &ours.auditor.token).await.ok(200), json!([made]));
    assert_eq!(server.get("/v1/delegation", &server.theirs.owner.token).await.ok(200), json!([]));
    let told = told(server, "delegation.created").await;
    assert_eq!((&told[0]["delegation_id"], &told[0]["to"]), (&made["id"], &json!({"member": ours.admin.id})));
}

async fn a_delegation_that_is_taken_back_holds_no_longer(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    crate::kit::available(server, &ours.reviewer, json!({"presence": "away"})).await;
    let made = server.post("/v1/delegation", &ours.reviewer.token, from(&ours.reviewer, json!({"member": ours.second.id}))).await.ok(201);
    let before = task(server, "mails").await;
    assert!(is_offered(server, &before, &ours.second).await);
    let path = format!("/v1/delegation/{}", id(&made));
    server.delete(&path, &server.theirs.owner.token).await.refused(404, "not_found", None);
    server.delete(&path, &ours.second.token).await.refused(403, "permission_denied", None);
    server.delete(&path, &ours.reviewer.token).await.ok(204);
    server.delete(&path, &ours.reviewer.token).await.refused(404, "not_found", None);
    let after = task(server, "mails").await;
    assert!(!is_offered(server, &after, &ours.second).await);
    assert_eq!(told(server, "delegation.revoked").await.len(), 1);
}
