//! Access tokens.

use std::time::Duration;

use serde_json::json;
use signoff_domain::event::Channel;
use signoff_testkit::{Who, both};

use crate::kit::Kit;

both!(Kit:
    a_token_acts_as_its_person_until_it_is_revoked,
    a_token_ends_by_itself,
    a_token_makes_no_other_and_a_key_none_at_all,
    nobody_sees_the_tokens_of_others,
    who_was_let_in_is_asked_again,
);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn a_token_acts_as_its_person_until_it_is_revoked(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let made = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("sp_live_") && secret.starts_with(made["prefix"].as_str().unwrap()));
    assert_eq!(made["expires_at"], json!(null));
    let token = Who::Bearer(secret.into());
    let me = kit.get("/v1/me", &token).await.ok(200);
    assert_eq!((&me["kind"], &me["member"]["id"]), (&json!("member"), &json!(tenant.owner_id)));
    kit.app.note_uses().await.unwrap();
    let list = kit.get("/v1/token", &tenant.owner).await.ok(200);
    assert_eq!(list[0]["id"], made["id"]);
    assert_ne!(list[0]["last_used_at"], json!(null));
    assert!(!list.to_string().contains(secret), "a token is shown once");

    let path = format!("/v1/token/{}", made["id"].as_str().unwrap());
    kit.delete(&path, &tenant.owner).await.ok(204);
    kit.get("/v1/me", &token).await.refused(401, "authentication_error", None);
    kit.delete(&path, &tenant.owner).await.ok(204);
    assert_ne!(kit.get("/v1/token", &tenant.owner).await.ok(200)[0]["revoked_at"], json!(null));
    assert_eq!((kit.count(&tenant.owner, "token.created").await, kit.count(&tenant.owner, "token.revoked").await), (1, 1));
}

async fn a_token_ends_by_itself(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let made = kit.post("/v1/token", &tenant.owner, json!({"name": "cli", "expires_in_days": 1})).await.ok(201);
    let token = Who::Bearer(made["token"].as_str().unwrap().into());
    kit.advance(DAY - Duration::from_micros(1));
    kit.get("/v1/me", &token).await.ok(200);
    kit.advance(Duration::from_micros(1));
    kit.get("/v1/me", &token).await.refused(401, "authentication_error", None);
}

async fn a_token_makes_no_other_and_a_key_none_at_all(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let token = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    let key = kit.post("/v1/key", &tenant.owner, json!({"name": "agent"})).await.ok(201);
    for bearer in [&token["token"], &key["key"]] {
        let bearer = Who::Bearer(bearer.as_str().unwrap().into());
        kit.post("/v1/token", &bearer, json!({"name": "other"})).await.refused(403, "permission_denied", None);
    }
}

async fn nobody_sees_the_tokens_of_others(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (adam, _) = kit.member(&tenant, "admin", "adam@example.com").await;
    let made = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    assert_eq!(kit.get("/v1/token", &adam).await.ok(200), json!([]));
    let path = format!("/v1/token/{}", made["id"].as_str().unwrap());
    kit.delete(&path, &adam).await.refused(404, "not_found", None);
}

/// A stream that was opened with a token, a session or a key asks this again and again.
async fn who_was_let_in_is_asked_again(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let token = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    let key = kit.post("/v1/key", &tenant.owner, json!({"name": "agent"})).await.ok(201);
    let by_token = kit.app.authenticate(token["token"].as_str().unwrap(), Channel::Api).await.unwrap();
    let by_key = kit.app.authenticate(key["key"].as_str().unwrap(), Channel::Api).await.unwrap();
    let Who::Session(secret) = &tenant.owner else { panic!("the owner has a session") };
    let by_session = kit.app.authenticate_session(secret).await.unwrap();
    for caller in [&by_token, &by_key, &by_session] {
        assert!(kit.app.is_still_welcome(caller).await.unwrap());
    }
    kit.delete(&format!("/v1/token/{}", token["id"].as_str().unwrap()), &tenant.owner).await.ok(204);
    kit.delete(&format!("/v1/key/{}", key["id"].as_str().unwrap()), &tenant.owner).await.ok(204);
    assert!(!kit.app.is_still_welcome(&by_token).await.unwrap());
    assert!(!kit.app.is_still_welcome(&by_key).await.unwrap());
    kit.advance(Duration::from_secs(30 * 60));
    assert!(!kit.app.is_still_welcome(&by_session).await.unwrap(), "idle");
}
