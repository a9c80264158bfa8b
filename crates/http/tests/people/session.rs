//! Sessions: listed, ended, idle, over.

use std::time::Duration;

use serde_json::json;
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::Kit;

both!(Kit:
    sessions_are_listed_and_ended,
    a_logout_ends_the_session_at_once,
    a_session_that_is_used_lasts_twelve_hours_and_an_idle_one_half_an_hour,
    what_was_used_is_noted_once_a_minute,
);

const MINUTE: Duration = Duration::from_secs(60);

async fn sessions_are_listed_and_ended(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.advance(MINUTE);
    let second = kit.login("olga@example.com", PASSWORD).await.session();
    let list = kit.get("/v1/session", &second).await.ok(200);
    let list = list.as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!((&list[0]["current"], &list[1]["current"]), (&json!(true), &json!(false)));
    assert_eq!((&list[0]["user_agent"], &list[0]["address"]), (&json!("test browser"), &json!("192.0.2.7")));
    let path = format!("/v1/session/{}", list[1]["id"].as_str().unwrap());

    let (stranger, _) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    kit.delete(&path, &stranger).await.refused(404, "not_found", None);
    kit.delete(&path, &second).await.ok(204);
    kit.get("/v1/me", &tenant.owner).await.refused(401, "authentication_error", None);
    kit.delete(&path, &second).await.ok(204);
    assert_eq!(kit.count(&second, "session.ended").await, 1);
    assert_eq!(kit.get("/v1/session", &second).await.ok(200).as_array().unwrap().len(), 1);
}

async fn a_logout_ends_the_session_at_once(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.get("/v1/me", &tenant.owner).await.ok(200);
    let answer = kit.send("POST", "/v1/logout", &tenant.owner, None, &[]).await;
    assert!(answer.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    answer.ok(204);
    kit.get("/v1/me", &tenant.owner).await.refused(401, "authentication_error", None);
    kit.send("POST", "/v1/logout", &Who::Nobody, None, &[]).await.refused(401, "authentication_error", None);
}

async fn a_session_that_is_used_lasts_twelve_hours_and_an_idle_one_half_an_hour(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let idle = kit.login("olga@example.com", PASSWORD).await.session();
    kit.advance(29 * MINUTE);
    kit.get("/v1/me", &tenant.owner).await.ok(200);
    kit.app.note_uses().await.unwrap();
    kit.advance(MINUTE);
    kit.get("/v1/me", &idle).await.refused(401, "authentication_error", None);
    assert_eq!(kit.get("/v1/session", &tenant.owner).await.ok(200).as_array().unwrap().len(), 1);
    for _ in 0..28 {
        kit.get("/v1/me", &tenant.owner).await.ok(200);
        kit.app.note_uses().await.unwrap();
        kit.advance(25 * MINUTE);
    }
    kit.get("/v1/me", &tenant.owner).await.refused(401, "authentication_error", None);
}

async fn what_was_used_is_noted_once_a_minute(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.advance(MINUTE);
    let seen = async || kit.get("/v1/session", &tenant.owner).await.ok(200)[0]["last_seen_at"].clone();
    let first = seen().await;
    kit.app.note_uses().await.unwrap();
    let noted = seen().await;
    assert_ne!(first, noted);
    kit.advance(MINUTE / 2);
    kit.app.note_uses().await.unwrap();
    assert_eq!(seen().await, noted);
    kit.advance(MINUTE / 2);
    kit.app.note_uses().await.unwrap();
    assert_ne!(seen().await, noted);
    let member = kit.get(&format!("/v1/member/{}", tenant.owner_id), &tenant.owner).await.ok(200);
    assert_eq!(member["last_seen_at"], seen().await);
}
