//! Logging in: by link, by password, and how often.

use std::time::Duration;

use reqwest::header;
use serde_json::json;
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::Kit;

both!(Kit:
    a_link_logs_in_once,
    a_link_works_for_half_an_hour,
    a_password_logs_in_and_another_does_not,
    five_tries_in_a_quarter_of_an_hour,
    the_right_password_starts_the_count_again,
    many_tries_at_once_are_no_more_than_five,
    an_address_of_two_organizations_opens_the_one_whose_password_it_is,
    another_site_cannot_log_in_and_a_cookie_needs_its_mark,
    the_log_holds_no_address_and_no_secret,
);

const MINUTE: Duration = Duration::from_secs(60);

async fn a_link_logs_in_once(kit: &Kit) {
    let link = kit.organization("Example", "olga@example.com").await;
    let opened = kit.post("/v1/login/link", &Who::Nobody, json!({"token": link})).await;
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200"), "{cookie}");
    let session = opened.session();
    let me = opened.ok(200);
    assert_eq!(me["kind"], "member");
    assert_eq!(me["has_password"], false);
    assert_eq!(me["organization"]["name"], "Example");
    assert_eq!(me["member"]["role"], "owner");
    assert!(me["permissions"].as_array().unwrap().contains(&json!("member.manage")));
    assert_eq!(kit.get("/v1/me", &session).await.ok(200)["member"]["email"], "olga@example.com");
    kit.post("/v1/login/link", &Who::Nobody, json!({"token": link})).await.refused(409, "link_expired", None);
    kit.post("/v1/login/link", &Who::Nobody, json!({"token": "nothing"})).await.refused(409, "link_expired", None);

    let events = kit.events(&session).await;
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["organization.created", "member.joined", "login_link.created", "session.created"]);
    assert_eq!(events[3]["actor"]["method"], "link");
    assert_eq!(events[0]["actor"]["method"], "operator");
}

async fn a_link_works_for_half_an_hour(kit: &Kit) {
    let link = kit.organization("Example", "olga@example.com").await;
    kit.advance(30 * MINUTE);
    kit.post("/v1/login/link", &Who::Nobody, json!({"token": link})).await.refused(409, "link_expired", None);
}

async fn a_password_logs_in_and_another_does_not(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let opened = kit.login(" Olga@Example.com ", PASSWORD).await;
    let session = opened.session();
    assert_eq!(opened.ok(200)["has_password"], true);
    kit.get("/v1/me", &session).await.ok(200);

    let wrong = kit.login("olga@example.com", "wrong horse battery staple").await;
    let unknown = kit.login("nobody@example.com", PASSWORD).await;
    for refused in [&wrong, &unknown] {
        refused.refused(401, "login_failed", None);
        assert!(refused.headers.get(header::SET_COOKIE).is_none());
    }
    assert_eq!(wrong.body["detail"], unknown.body["detail"]);
    let events = kit.events(&tenant.owner).await;
    let failed: Vec<_> = events.iter().filter(|event| event["type"] == "login.failed").collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["detail"]["member_id"], json!(tenant.owner_id));
    assert_eq!(failed[0]["actor"]["kind"], "system");
}

/// The right password is refused as well, and an address that nobody has is treated alike.
async fn five_tries_in_a_quarter_of_an_hour(kit: &Kit) {
    kit.tenant("olga@example.com").await;
    for email in ["olga@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            kit.login(email, "wrong horse battery staple").await.refused(401, "login_failed", None);
            kit.advance(MINUTE);
        }
        let refused = kit.login(email, PASSWORD).await;
        refused.refused(429, "rate_limited", None);
        assert_eq!(refused.body["retryAfter"], 601);
        assert_eq!(refused.headers[header::RETRY_AFTER], "601");
        kit.advance(10 * MINUTE);
    }
    kit.login("olga@example.com", PASSWORD).await.ok(200);
    kit.login("nobody@example.com", PASSWORD).await.refused(401, "login_failed", None);
}

async fn the_right_password_starts_the_count_again(kit: &Kit) {
    kit.tenant("olga@example.com").await;
    for _ in 0..3 {
        for _ in 0..4 {
            kit.login("olga@example.com", "wrong horse battery staple").await.refused(401, "login_failed", None);
        }
        kit.login("olga@example.com", PASSWORD).await.ok(200);
    }
}

/// Tries are counted before the passwords are looked at.
async fn many_tries_at_once_are_no_more_than_five(kit: &Kit) {
    kit.tenant("olga@example.com").await;
    let tries = (0..20).map(|_| kit.login("olga@example.com", "wrong horse battery staple"));
    let answers = futures_util::future::join_all(tries).await;
    let (looked_at, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
    assert_eq!((looked_at.len(), refused.len()), (5, 15));
    assert!(refused.iter().all(|answer| answer.status == 429));
}

async fn an_address_of_two_organizations_opens_the_one_whose_password_it_is(kit: &Kit) {
    let (one, other) = (kit.tenant("olga@example.com").await, kit.tenant("olga@example.com").await);
    let changed = json!({"password": "another long password", "current_password": PASSWORD});
    kit.patch("/v1/me", &other.owner, changed).await.ok(200);
    assert_eq!(kit.login("olga@example.com", PASSWORD).await.ok(200)["member"]["id"], json!(one.owner_id));
    assert_eq!(kit.login("olga@example.com", "another long password").await.ok(200)["member"]["id"], json!(other.owner_id));
    assert_eq!(kit.count(&one.owner, "login.failed").await + kit.count(&other.owner, "login.failed").await, 0);
    kit.login("olga@example.com", "wrong horse battery staple").await.refused(401, "login_failed", None);
    assert_eq!((kit.count(&one.owner, "login.failed").await, kit.count(&other.owner, "login.failed").await), (1, 1));
}

async fn another_site_cannot_log_in_and_a_cookie_needs_its_mark(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let body = json!({"email": "olga@example.com", "password": PASSWORD});
    let foreign: [&[_]; 3] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", ""), ("origin", "https://evil.example")],
    ];
    for headers in foreign {
        kit.send("POST", "/v1/login", &Who::Nobody, Some(body.clone()), headers).await.refused(403, "cross_site_request", None);
        kit.send("PATCH", "/v1/me", &tenant.owner, Some(json!({"name": "Eve"})), headers).await.refused(403, "cross_site_request", None);
    }
    let unmarked = [("x-signoff-csrf", "")];
    kit.send("PATCH", "/v1/me", &tenant.owner, Some(json!({"name": "Eve"})), &unmarked).await.refused(403, "cross_site_request", None);
    kit.send("GET", "/v1/me", &tenant.owner, None, &unmarked).await.ok(200);
    let own = [("sec-fetch-site", ""), ("origin", kit.url.as_str())];
    kit.send("POST", "/v1/login", &Who::Nobody, Some(body), &own).await.ok(200);
}

/// Who reads the log learns ids and names; addresses and secrets are not in it.
async fn the_log_holds_no_address_and_no_secret(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    kit.member(&tenant, "admin", "adam@example.com").await;
    let key = kit.post("/v1/key", &tenant.owner, json!({"name": "agent"})).await.ok(201);
    let token = kit.post("/v1/token", &tenant.owner, json!({"name": "cli"})).await.ok(201);
    kit.patch("/v1/me", &tenant.owner, json!({"email": "olga@example.org", "current_password": PASSWORD})).await.ok(200);
    kit.login("olga@example.org", "wrong horse battery staple").await.refused(401, "login_failed", None);
    let log = json!(kit.events(&tenant.owner).await).to_string();
    let Who::Session(session) = &tenant.owner else { panic!("the owner has a session") };
    for secret in ["example.com", "example.org", "horse", "argon2", session, key["key"].as_str().unwrap(), token["token"].as_str().unwrap()]
    {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
}
