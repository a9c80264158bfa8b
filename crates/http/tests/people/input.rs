//! Bad input: the problem names the place, and nothing changes.

use serde_json::{Value, json};
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::Kit;

both!(Kit:
    every_wrong_place_is_named_and_nothing_changes,
    ids_that_are_none_are_not_found,
    an_endless_password_costs_nothing,
);

fn long(length: usize) -> String {
    "x".repeat(length)
}

/// Method, path, body, and the place that is wrong.
fn cases(member: &str) -> Vec<(&'static str, String, Value, &'static str)> {
    let (key, token, me) = ("/v1/key".to_owned(), "/v1/token".to_owned(), "/v1/me".to_owned());
    let (invitation, member) = ("/v1/invitation".to_owned(), format!("/v1/member/{member}"));
    vec![
        ("POST", key.clone(), json!({}), "/name"),
        ("POST", key.clone(), json!({"name": ""}), "/name"),
        ("POST", key.clone(), json!({"name": long(121)}), "/name"),
        ("POST", key.clone(), json!({"name": "a\nb"}), "/name"),
        ("POST", key.clone(), json!({"name": 1}), "/name"),
        ("POST", key.clone(), json!({"name": "x", "color": "red"}), "/color"),
        ("POST", key.clone(), json!({"name": "x", "scopes": []}), "/scopes"),
        ("POST", key.clone(), json!({"name": "x", "scopes": ["task:read", "task:fly"]}), "/scopes/1"),
        ("POST", key.clone(), json!({"name": "x", "scopes": "task:read"}), "/scopes"),
        ("POST", key.clone(), json!({"name": "x", "queue_keys": []}), "/queue_keys"),
        ("POST", key.clone(), json!({"name": "x", "queue_keys": ["nowhere"]}), "/queue_keys/0"),
        ("POST", key.clone(), json!({"name": "x", "queue_keys": vec!["q"; 101]}), "/queue_keys"),
        ("POST", key.clone(), json!({"name": "x", "mode": "dead"}), "/mode"),
        ("POST", key.clone(), json!({"name": "x", "expires_in_days": 0}), "/expires_in_days"),
        ("POST", key.clone(), json!({"name": "x", "expires_in_days": 366}), "/expires_in_days"),
        ("POST", key.clone(), json!({"name": "x", "expires_in_days": -9_007_199_254_740_991_i64}), "/expires_in_days"),
        ("POST", key, json!({"name": "x", "expires_in_days": 1.5}), "/expires_in_days"),
        ("POST", token.clone(), json!({}), "/name"),
        ("POST", token.clone(), json!({"name": long(121)}), "/name"),
        ("POST", token.clone(), json!({"name": "x", "expires_in_days": 366}), "/expires_in_days"),
        ("POST", token, json!({"name": "x", "scopes": []}), "/scopes"),
        ("PATCH", me.clone(), json!({"role": "owner"}), "/role"),
        ("PATCH", me.clone(), json!({"name": long(121)}), "/name"),
        ("PATCH", me.clone(), json!({"email": "no address"}), "/email"),
        ("PATCH", me.clone(), json!({"email": format!("{}@example.com", long(250))}), "/email"),
        ("PATCH", me.clone(), json!({"password": "too short"}), "/password"),
        ("PATCH", me.clone(), json!({"password": long(257)}), "/password"),
        ("PATCH", me, json!({"password": 15}), "/password"),
        ("POST", invitation.clone(), json!({"role": "reviewer"}), "/email"),
        ("POST", invitation.clone(), json!({"email": "x@example.com"}), "/role"),
        ("POST", invitation.clone(), json!({"email": "x@example.com", "role": "king"}), "/role"),
        ("POST", invitation.clone(), json!({"email": "x\u{0}@example.com", "role": "admin"}), "/email"),
        ("POST", invitation, json!({"email": "x@example.com", "role": "admin", "name": "X"}), "/name"),
        ("PATCH", member.clone(), json!({"email": "x@example.com"}), "/email"),
        ("PATCH", member.clone(), json!({"role": "king"}), "/role"),
        ("PATCH", member.clone(), json!({"state": "gone"}), "/state"),
        ("PATCH", member, json!({"name": ""}), "/name"),
        ("POST", "/v1/login".into(), json!({"email": "x@example.com"}), "/password"),
        ("POST", "/v1/login".into(), json!({"email": "x@example.com", "password": "x", "remember": true}), "/remember"),
        ("POST", "/v1/login/link".into(), json!({}), "/token"),
        ("POST", "/v1/invitation/accept".into(), json!({"token": "x", "name": "X", "password": "short"}), "/password"),
        ("POST", "/v1/invitation/accept".into(), json!({"token": "x", "password": PASSWORD}), "/name"),
    ]
}

async fn every_wrong_place_is_named_and_nothing_changes(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let before = kit.events(&tenant.owner).await.len();
    for (method, path, body, place) in cases(&tenant.owner_id) {
        let answer = kit.send(method, &path, &tenant.owner, Some(body.clone()), &[]).await;
        assert_eq!(answer.status, 400, "{method} {path} {body}: {}", answer.body);
        answer.refused(400, "validation_error", Some(place));
    }
    assert_eq!(kit.events(&tenant.owner).await.len(), before);
}

async fn ids_that_are_none_are_not_found(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    for path in ["/v1/member/x", "/v1/member/key_00000000000000000000000000", "/v1/member/%00", "/v1/member/mem_zzzzzzzzzzzzzzzzzzzzzzzzzz"]
    {
        kit.get(path, &tenant.owner).await.refused(404, "not_found", None);
    }
    for path in ["/v1/key/x", "/v1/token/x", "/v1/session/x", "/v1/invitation/x"] {
        kit.delete(path, &tenant.owner).await.refused(404, "not_found", None);
    }
}

async fn an_endless_password_costs_nothing(kit: &Kit) {
    kit.tenant("olga@example.com").await;
    kit.login("olga@example.com", &long(900_000)).await.refused(401, "login_failed", None);
    let answer = kit.post("/v1/login", &Who::Nobody, json!({"email": long(500_000), "password": "x"})).await;
    answer.refused(401, "login_failed", None);
    let answer = kit.post("/v1/login", &Who::Nobody, json!({"email": "x", "password": long(1 << 20)})).await;
    answer.refused(413, "body_too_large", None);
}
