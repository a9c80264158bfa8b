//! Members and their roles.

use std::time::Duration;

use serde_json::{Value, json};
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::{Kit, token_of};

both!(Kit:
    members_are_listed_and_renamed,
    another_role_is_in_force_at_once,
    who_is_disabled_is_out_at_once_and_for_good,
    owners_are_made_and_unmade_by_owners_and_one_stays,
    the_last_two_owners_cannot_unmake_each_other,
);

async fn members_are_listed_and_renamed(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.advance(Duration::from_secs(1));
    let (_, rita) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    let list = kit.get("/v1/member?limit=1", &tenant.owner).await;
    let next = list.headers["x-next-cursor"].to_str().unwrap().to_owned();
    assert_eq!(list.ok(200)[0]["id"], json!(tenant.owner_id));
    let list = kit.get(&format!("/v1/member?limit=1&cursor={next}"), &tenant.owner).await;
    assert!(list.headers.get("x-next-cursor").is_none());
    assert_eq!(list.ok(200)[0]["id"], json!(rita));

    let path = format!("/v1/member/{rita}");
    let member = kit.get(&path, &tenant.owner).await.ok(200);
    assert_eq!((&member["email"], &member["role"], &member["state"]), (&json!("rita@example.com"), &json!("reviewer"), &json!("active")));
    let changed = kit.patch(&path, &tenant.owner, json!({"name": "Rita", "role": "auditor"})).await.ok(200);
    assert_eq!((&changed["name"], &changed["role"]), (&json!("Rita"), &json!("auditor")));
    kit.patch(&path, &tenant.owner, json!({})).await.ok(200);
    assert_eq!(kit.count(&tenant.owner, "member.updated").await, 2, "one for the owner's password, one for the change");
    kit.patch(&path, &tenant.owner, json!({"name": " "})).await.refused(400, "validation_error", Some("/name"));
}

async fn another_role_is_in_force_at_once(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (rita, id) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    kit.get("/v1/key", &rita).await.refused(403, "permission_denied", None);
    kit.patch(&format!("/v1/member/{id}"), &tenant.owner, json!({"role": "admin"})).await.ok(200);
    kit.get("/v1/key", &rita).await.ok(200);
}

async fn who_is_disabled_is_out_at_once_and_for_good(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (rita, id) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    let token = kit.post("/v1/token", &rita, json!({"name": "cli"})).await.ok(201);
    let token = Who::Bearer(token["token"].as_str().unwrap().into());
    kit.get("/v1/me", &token).await.ok(200);
    let path = format!("/v1/member/{id}");
    kit.patch(&path, &tenant.owner, json!({"state": "disabled"})).await.ok(200);
    for who in [&rita, &token] {
        kit.get("/v1/me", who).await.refused(401, "authentication_error", None);
    }
    kit.login("rita@example.com", PASSWORD).await.refused(401, "login_failed", None);
    let again = json!({"email": "rita@example.com", "role": "admin"});
    kit.post("/v1/invitation", &tenant.owner, again).await.refused(409, "already_exists", Some("/email"));

    kit.patch(&path, &tenant.owner, json!({"state": "active"})).await.ok(200);
    for who in [&rita, &token] {
        kit.get("/v1/me", who).await.refused(401, "authentication_error", None);
    }
    kit.login("rita@example.com", PASSWORD).await.ok(200);
}

async fn owners_are_made_and_unmade_by_owners_and_one_stays(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (adam, adam_id) = kit.member(&tenant, "admin", "adam@example.com").await;
    let (owner, admin) = (format!("/v1/member/{}", tenant.owner_id), format!("/v1/member/{adam_id}"));
    kit.patch(&admin, &adam, json!({"role": "owner"})).await.refused(403, "permission_denied", None);
    kit.patch(&owner, &adam, json!({"state": "disabled"})).await.refused(403, "permission_denied", None);
    for change in [json!({"role": "admin"}), json!({"state": "disabled"})] {
        kit.patch(&owner, &tenant.owner, change).await.refused(409, "last_owner", None);
    }
    kit.patch(&admin, &tenant.owner, json!({"role": "owner"})).await.ok(200);
    kit.patch(&owner, &tenant.owner, json!({"role": "admin"})).await.ok(200);
}

/// Two owners who unmake each other at the same time leave one.
async fn the_last_two_owners_cannot_unmake_each_other(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let invited = kit.post("/v1/invitation", &tenant.owner, json!({"email": "otto@example.com", "role": "owner"})).await.ok(201);
    let body = json!({"token": token_of(&invited["link"]), "name": "Otto", "password": PASSWORD});
    let joined = kit.post("/v1/invitation/accept", &Who::Nobody, body).await;
    let otto = joined.session();
    let otto_id = joined.ok(200)["member"]["id"].as_str().unwrap().to_owned();
    let (one, other) = (format!("/v1/member/{otto_id}"), format!("/v1/member/{}", tenant.owner_id));
    let (demote, promote) = (json!({"role": "admin"}), json!({"role": "owner"}));
    for _ in 0..10 {
        let (left, right) = tokio::join!(kit.patch(&one, &tenant.owner, demote.clone()), kit.patch(&other, &otto, demote.clone()));
        let mut statuses = [left.status, right.status];
        statuses.sort_unstable();
        // Whoever came second is either known to be no owner any longer, or the last one.
        assert!(matches!(statuses, [200, 403 | 409]), "{} {}", left.body, right.body);
        let (first, loser) = if left.status == 200 { (&tenant.owner, &one) } else { (&otto, &other) };
        let members = kit.get("/v1/member", first).await.ok(200);
        let owners: Vec<&Value> = members.as_array().unwrap().iter().filter(|member| member["role"] == "owner").collect();
        assert_eq!(owners.len(), 1, "{members}");
        kit.patch(loser, first, promote.clone()).await.ok(200);
    }
}
