//! What people change about themselves.

use std::time::Duration;

use serde_json::json;
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::Kit;

both!(Kit:
    a_name_needs_no_password_and_an_address_does,
    an_address_that_is_taken_is_refused,
    another_password_ends_all_other_sessions,
    the_password_until_now_is_tried_five_times,
    an_access_token_changes_a_name_and_nothing_that_logs_in,
    a_key_sees_itself_and_changes_nothing,
);

const NEW: &str = "another long password";

async fn a_name_needs_no_password_and_an_address_does(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let me = kit.patch("/v1/me", &tenant.owner, json!({"name": "Olga O."})).await.ok(200);
    assert_eq!(me["member"]["name"], "Olga O.");
    let same = json!({"name": "Olga", "email": "OLGA@example.com"});
    kit.patch("/v1/me", &tenant.owner, same).await.ok(200);

    let change = json!({"email": "olga@example.org"});
    kit.patch("/v1/me", &tenant.owner, change).await.refused(400, "validation_error", Some("/current_password"));
    let wrong = json!({"email": "olga@example.org", "current_password": "wrong horse battery staple"});
    kit.patch("/v1/me", &tenant.owner, wrong).await.refused(401, "login_failed", Some("/current_password"));
    let right = json!({"email": "Olga@Example.org", "current_password": PASSWORD});
    assert_eq!(kit.patch("/v1/me", &tenant.owner, right).await.ok(200)["member"]["email"], "olga@example.org");
    kit.login("olga@example.com", PASSWORD).await.refused(401, "login_failed", None);
    kit.login("olga@example.org", PASSWORD).await.ok(200);
    let events = kit.events(&tenant.owner).await;
    let parts: Vec<_> =
        events.iter().filter(|event| event["type"] == "member.updated").map(|event| event["detail"]["parts"].clone()).collect();
    assert_eq!(parts, [json!(["password"]), json!(["name"]), json!(["name"]), json!(["email"])]);
}

async fn an_address_that_is_taken_is_refused(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (rita, _) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    let taken = json!({"email": "olga@example.com", "current_password": PASSWORD});
    kit.patch("/v1/me", &rita, taken).await.refused(409, "already_exists", Some("/email"));
}

async fn another_password_ends_all_other_sessions(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let other = kit.login("olga@example.com", PASSWORD).await.session();
    let change = json!({"password": NEW, "current_password": PASSWORD});
    kit.patch("/v1/me", &tenant.owner, change).await.ok(200);
    kit.get("/v1/me", &other).await.refused(401, "authentication_error", None);
    kit.get("/v1/me", &tenant.owner).await.ok(200);
    kit.login("olga@example.com", PASSWORD).await.refused(401, "login_failed", None);
    kit.login("olga@example.com", NEW).await.ok(200);
}

/// Somebody who found an open session cannot try passwords without end, here or at the login.
async fn the_password_until_now_is_tried_five_times(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let guess = json!({"password": NEW, "current_password": "wrong horse battery staple"});
    for _ in 0..5 {
        kit.patch("/v1/me", &tenant.owner, guess.clone()).await.refused(401, "login_failed", Some("/current_password"));
    }
    let right = json!({"password": NEW, "current_password": PASSWORD});
    kit.patch("/v1/me", &tenant.owner, right.clone()).await.refused(429, "rate_limited", None);
    kit.login("olga@example.com", PASSWORD).await.refused(429, "rate_limited", None);
    kit.advance(Duration::from_secs(15 * 60));
    kit.patch("/v1/me", &tenant.owner, right).await.ok(200);
}

async fn an_access_token_changes_a_name_and_nothing_that_logs_in(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let token = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    let token = Who::Bearer(token["token"].as_str().unwrap().into());
    kit.patch("/v1/me", &token, json!({"name": "Olga O."})).await.ok(200);
    for change in
        [json!({"password": NEW, "current_password": PASSWORD}), json!({"email": "olga@example.org", "current_password": PASSWORD})]
    {
        kit.patch("/v1/me", &token, change).await.refused(403, "permission_denied", None);
    }
}

async fn a_key_sees_itself_and_changes_nothing(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let key = kit.post("/v1/key", &tenant.owner, json!({"name": "agent", "scopes": ["task:read"]})).await.ok(201);
    let agent = Who::Bearer(key["key"].as_str().unwrap().into());
    let me = kit.get("/v1/me", &agent).await.ok(200);
    assert_eq!((&me["kind"], &me["key"]["id"], &me["member"]), (&json!("agent"), &key["id"], &json!(null)));
    assert_eq!(me["permissions"], json!(["task.read"]));
    kit.patch("/v1/me", &agent, json!({"name": "Agent"})).await.refused(403, "permission_denied", None);
    let organization = kit.get("/v1/organization", &agent).await.ok(200);
    assert_eq!(organization["id"], me["organization"]["id"]);
}
