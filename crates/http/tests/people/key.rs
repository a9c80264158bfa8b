//! API keys.

use std::time::Duration;

use serde_json::{Value, json};
use signoff_app::identity::RevokeKey;
use signoff_domain::event::Channel;
use signoff_testkit::{Who, both};

use crate::kit::{Kit, Tenant};

both!(Kit:
    a_key_is_shown_once_and_works_until_it_is_revoked,
    a_test_key_says_so_and_a_key_ends_by_itself,
    revocation_is_in_force_everywhere_within_a_second,
    keys_come_in_pages_that_do_not_shift,
    a_key_is_limited_to_queues_that_are_there,
    a_key_that_is_limited_to_queues_has_no_part_in_the_log,
    a_wrong_key_is_refused_alike,
);

async fn make(kit: &Kit, tenant: &Tenant, body: Value) -> (Value, Who) {
    let key = kit.post("/v1/key", &tenant.owner, body).await.ok(201);
    let secret = Who::Bearer(key["key"].as_str().unwrap().into());
    (key, secret)
}

async fn a_key_is_shown_once_and_works_until_it_is_revoked(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (key, agent) = make(kit, &tenant, json!({"name": "agent"})).await;
    let secret = key["key"].as_str().unwrap();
    assert!(secret.starts_with("sk_live_") && secret.starts_with(key["prefix"].as_str().unwrap()));
    let scopes = ["task:submit", "task:read", "task:cancel", "queue:read", "review:read", "event:read"];
    assert_eq!(key["scopes"], json!(scopes));
    assert_eq!((&key["mode"], &key["queue_keys"], &key["expires_at"]), (&json!("live"), &json!(null), &json!(null)));
    kit.get("/v1/task", &agent).await.ok(200);
    kit.app.note_uses().await.unwrap();
    let list = kit.get("/v1/key", &tenant.owner).await.ok(200);
    assert_eq!(list[0]["id"], key["id"]);
    assert_ne!(list[0]["last_used_at"], json!(null));
    assert!(!list.to_string().contains(secret), "a key is shown once");

    kit.delete(&format!("/v1/key/{}", key["id"].as_str().unwrap()), &tenant.owner).await.ok(204);
    kit.get("/v1/task", &agent).await.refused(401, "authentication_error", None);
    assert_ne!(kit.get("/v1/key", &tenant.owner).await.ok(200)[0]["revoked_at"], json!(null));
    assert_eq!((kit.count(&tenant.owner, "key.created").await, kit.count(&tenant.owner, "key.revoked").await), (1, 1));
}

async fn a_test_key_says_so_and_a_key_ends_by_itself(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (key, agent) = make(kit, &tenant, json!({"name": "agent", "mode": "test", "expires_in_days": 365})).await;
    assert!(key["key"].as_str().unwrap().starts_with("sk_test_"));
    kit.get("/v1/task", &agent).await.ok(200);
    kit.advance(Duration::from_secs(365 * 24 * 60 * 60));
    kit.get("/v1/task", &agent).await.refused(401, "authentication_error", None);
}

/// A replica that knew the key a moment ago refuses it a second later at the latest.
async fn revocation_is_in_force_everywhere_within_a_second(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (key, _) = make(kit, &tenant, json!({"name": "agent"})).await;
    let secret = key["key"].as_str().unwrap();
    let Who::Session(owner) = &tenant.owner else { panic!("the owner has a session") };
    let caller = kit.app.authenticate_session(owner).await.unwrap();
    // The other replica is this one, which is not told, or a true one.
    let other = kit.other_replica().await.unwrap_or_else(|| kit.app.clone());
    assert!(other.authenticate(secret, Channel::Api).await.is_ok());
    kit.app.write(RevokeKey { caller, moment: kit.app.moment(), id: key["id"].as_str().unwrap().parse().unwrap() }).await.unwrap();
    kit.advance(Duration::from_secs(1));
    assert!(other.authenticate(secret, Channel::Api).await.is_err());
}

async fn keys_come_in_pages_that_do_not_shift(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    for name in ["a", "b", "c", "d", "e"] {
        make(kit, &tenant, json!({"name": name})).await;
        kit.advance(Duration::from_secs(1));
    }
    let mut names = Vec::new();
    let mut path = "/v1/key?limit=2".to_owned();
    loop {
        let page = kit.get(&path, &tenant.owner).await;
        let next = page.headers.get("x-next-cursor").map(|cursor| cursor.to_str().unwrap().to_owned());
        names.extend(page.ok(200).as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()));
        let Some(next) = next else { break };
        make(kit, &tenant, json!({"name": "later"})).await;
        path = format!("/v1/key?limit=2&cursor={next}");
    }
    assert_eq!(names, ["e", "d", "c", "b", "a"]);
    kit.get("/v1/key?cursor=nonsense", &tenant.owner).await.refused(400, "invalid_cursor", Some("cursor"));
    kit.get("/v1/key?limit=0", &tenant.owner).await.refused(400, "validation_error", Some("limit"));
    kit.get("/v1/key?color=red", &tenant.owner).await.refused(400, "validation_error", Some("color"));
    let cursor = path.split_once("cursor=").unwrap().1;
    kit.get(&format!("/v1/token?cursor={cursor}"), &tenant.owner).await.refused(400, "invalid_cursor", Some("cursor"));
}

async fn a_key_is_limited_to_queues_that_are_there(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.post("/v1/queue", &tenant.owner, json!({"key": "refunds", "name": "Refunds", "review_type": "approval"})).await.ok(201);
    let unknown = json!({"name": "agent", "queue_keys": ["refunds", "nowhere"]});
    kit.post("/v1/key", &tenant.owner, unknown).await.refused(400, "validation_error", Some("/queue_keys/1"));
    let (key, agent) = make(kit, &tenant, json!({"name": "agent", "queue_keys": ["refunds"]})).await;
    assert_eq!(key["queue_keys"], json!(["refunds"]));
    kit.post("/v1/queue", &tenant.owner, json!({"key": "mail", "name": "Mail", "review_type": "approval"})).await.ok(201);
    kit.get("/v1/queue/refunds", &agent).await.ok(200);
    kit.get("/v1/queue/mail", &agent).await.refused(404, "not_found", None);
}

/// The log is of the whole organization.
async fn a_key_that_is_limited_to_queues_has_no_part_in_the_log(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.post("/v1/queue", &tenant.owner, json!({"key": "refunds", "name": "Refunds", "review_type": "approval"})).await.ok(201);
    let both = json!({"name": "agent", "scopes": ["task:read", "audit:read"], "queue_keys": ["refunds"]});
    kit.post("/v1/key", &tenant.owner, both).await.refused(400, "validation_error", Some("/scopes"));
    let (key, agent) = make(kit, &tenant, json!({"name": "agent", "scopes": ["audit:read"]})).await;
    let log = ["/v1/audit/checkpoint", "/v1/audit/export?payloads=true", "/v1/audit/proof/0", "/v1/audit/consistency?from=1&to=2"];
    for path in log {
        assert_eq!(kit.get(path, &agent).await.status, 200, "{path}");
    }
    // One that was made before this was refused reads nothing either.
    kit.database.column("UPDATE api_keys SET queue_keys = '[\"refunds\"]'").await;
    kit.advance(Duration::from_secs(2));
    for path in log {
        let answer = kit.get(path, &agent).await;
        answer.refused(403, "permission_denied", None);
        assert!(answer.body["hint"].as_str().unwrap().contains("not limited to queues"), "{}", answer.text);
    }
    assert!(key["queue_keys"].is_null());
    assert_eq!(kit.get("/v1/me", &agent).await.ok(200)["permissions"], json!([]));
}

/// No key that differs in any way from one that was made is told apart from another.
async fn a_wrong_key_is_refused_alike(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (key, _) = make(kit, &tenant, json!({"name": "agent"})).await;
    let secret = key["key"].as_str().unwrap();
    let unknown = signoff_domain::credential::write(signoff_domain::credential::CredentialKind::LiveKey, &[7; 32]);
    let wrong = [secret.to_uppercase(), format!("{secret}x"), secret[..secret.len() - 1].to_owned(), unknown, "x".into(), "ä".repeat(44)];
    let details: std::collections::HashSet<_> = {
        let mut details = std::collections::HashSet::new();
        for bearer in wrong {
            let answer = kit.get("/v1/me", &Who::Bearer(bearer)).await;
            answer.refused(401, "authentication_error", None);
            details.insert(answer.body["detail"].to_string());
        }
        details
    };
    assert_eq!(details.len(), 1);
    kit.send("GET", "/v1/me", &Who::Nobody, None, &[("authorization", "Basic b2xnYTp4")]).await.refused(401, "authentication_error", None);
}
