//! Invitations.

use std::time::Duration;

use serde_json::{Value, json};
use signoff_testkit::{Answer, PASSWORD, Who, both};

use crate::kit::{Kit, Tenant, token_of};

both!(Kit:
    an_invitation_makes_a_member_once,
    many_who_accept_at_once_are_one_member,
    an_invitation_ends_after_seven_days_or_when_it_is_taken_back,
    the_newest_link_alone_works,
    who_may_not_be_invited,
    a_short_password_leaves_the_invitation_open,
);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn invite(kit: &Kit, tenant: &Tenant, email: &str, role: &str) -> Value {
    kit.post("/v1/invitation", &tenant.owner, json!({"email": email, "role": role})).await.ok(201)
}

async fn accept(kit: &Kit, token: &str) -> Answer {
    let body = json!({"token": token, "name": "Rita", "password": PASSWORD});
    kit.post("/v1/invitation/accept", &Who::Nobody, body).await
}

async fn an_invitation_makes_a_member_once(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let invited = invite(kit, &tenant, "Rita@Example.com", "reviewer").await;
    assert_eq!(
        (&invited["email"], &invited["role"], &invited["accepted_at"]),
        (&json!("rita@example.com"), &json!("reviewer"), &json!(null))
    );
    let link = invited["link"].as_str().unwrap();
    assert!(link.starts_with(&format!("{}/app/invitation#", kit.url)), "{link}");
    let token = token_of(&invited["link"]);
    assert!(!kit.get("/v1/invitation", &tenant.owner).await.ok(200).to_string().contains(&token), "a link is shown once");

    let joined = accept(kit, &token).await;
    let session = joined.session();
    assert_eq!(joined.ok(200)["member"]["role"], "reviewer");
    assert_eq!(kit.get("/v1/me", &session).await.ok(200)["member"]["name"], "Rita");
    kit.login("rita@example.com", PASSWORD).await.ok(200);
    accept(kit, &token).await.refused(409, "link_expired", None);
    let path = format!("/v1/invitation/{}", invited["id"].as_str().unwrap());
    kit.delete(&path, &tenant.owner).await.refused(409, "link_expired", None);
    assert_ne!(kit.get("/v1/invitation", &tenant.owner).await.ok(200)[0]["accepted_at"], json!(null));
    assert_eq!((kit.count(&tenant.owner, "member.invited").await, kit.count(&tenant.owner, "member.joined").await), (1, 2));
}

async fn many_who_accept_at_once_are_one_member(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let token = token_of(&invite(kit, &tenant, "rita@example.com", "reviewer").await["link"]);
    let answers = futures_util::future::join_all((0..6).map(|_| accept(kit, &token))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 409));
    assert_eq!(kit.get("/v1/member", &tenant.owner).await.ok(200).as_array().unwrap().len(), 2);
}

async fn an_invitation_ends_after_seven_days_or_when_it_is_taken_back(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let late = token_of(&invite(kit, &tenant, "late@example.com", "reviewer").await["link"]);
    kit.advance(7 * DAY);
    accept(kit, &late).await.refused(409, "link_expired", None);

    let owner = kit.login("olga@example.com", PASSWORD).await.session();
    let tenant = Tenant { owner, ..tenant };
    let invited = invite(kit, &tenant, "rita@example.com", "reviewer").await;
    let path = format!("/v1/invitation/{}", invited["id"].as_str().unwrap());
    kit.delete(&path, &tenant.owner).await.ok(204);
    kit.delete(&path, &tenant.owner).await.ok(204);
    accept(kit, &token_of(&invited["link"])).await.refused(409, "link_expired", None);
    assert_eq!(kit.count(&tenant.owner, "invitation.revoked").await, 1);
    accept(kit, "nothing").await.refused(409, "link_expired", None);
}

/// Somebody who was invited with too high a role and is invited again cannot use the first link.
async fn the_newest_link_alone_works(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let first = token_of(&invite(kit, &tenant, "rita@example.com", "admin").await["link"]);
    let second = token_of(&invite(kit, &tenant, "rita@example.com", "reviewer").await["link"]);
    accept(kit, &first).await.refused(409, "link_expired", None);
    assert_eq!(accept(kit, &second).await.ok(200)["member"]["role"], "reviewer");
    assert_eq!(kit.count(&tenant.owner, "invitation.revoked").await, 1);
    assert_eq!(kit.get("/v1/invitation", &tenant.owner).await.ok(200).as_array().unwrap().len(), 1);
}

async fn who_may_not_be_invited(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (adam, _) = kit.member(&tenant, "admin", "adam@example.com").await;
    let owner = json!({"email": "new@example.com", "role": "owner"});
    kit.post("/v1/invitation", &adam, owner.clone()).await.refused(403, "permission_denied", Some("/role"));
    kit.post("/v1/invitation", &tenant.owner, owner).await.ok(201);
    let member = json!({"email": "ADAM@example.com", "role": "reviewer"});
    kit.post("/v1/invitation", &tenant.owner, member).await.refused(409, "already_exists", Some("/email"));
    let no_address = json!({"email": "adam", "role": "reviewer"});
    kit.post("/v1/invitation", &tenant.owner, no_address).await.refused(400, "validation_error", Some("/email"));
}

async fn a_short_password_leaves_the_invitation_open(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let token = token_of(&invite(kit, &tenant, "rita@example.com", "reviewer").await["link"]);
    let short = json!({"token": token, "name": "Rita", "password": "too short"});
    kit.post("/v1/invitation/accept", &Who::Nobody, short).await.refused(400, "validation_error", Some("/password"));
    let nameless = json!({"token": token, "name": "", "password": PASSWORD});
    kit.post("/v1/invitation/accept", &Who::Nobody, nameless).await.refused(400, "validation_error", Some("/name"));
    accept(kit, &token).await.ok(200);
}
