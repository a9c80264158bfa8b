//! What workers do beside the requests: forgetting what has expired, noting when credentials were used.

use jiff::SignedDuration;
use serde_json::json;
use signoff_app::operations::Sweep;
use signoff_testkit::{TestServer, Who, both};

both!(TestServer:
    answers_are_forgotten_after_a_day,
    answers_are_forgotten_in_slices,
    counted_logins_are_forgotten_after_their_window,
    sessions_and_links_are_forgotten_a_month_after_their_end,
    sweeping_keeps_what_is_in_force,
    a_use_is_noted_by_the_worker_and_at_most_once_a_minute,
);

async fn sweep(server: &TestServer) {
    server.app.write(Sweep { now: server.app.now() }).await.unwrap();
}

async fn count(server: &TestServer, table: &str) -> usize {
    server.database.column(&format!("SELECT '1' FROM {table}")).await.len()
}

async fn answers_are_forgotten_after_a_day(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).header("idempotency-key", "a").await.ok(201);
    server.advance(SignedDuration::from_hours(23));
    sweep(server).await;
    assert_eq!(count(server, "idempotency").await, 1);
    server.advance(SignedDuration::from_hours(1));
    sweep(server).await;
    assert_eq!(count(server, "idempotency").await, 0);
}

async fn answers_are_forgotten_in_slices(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).header("idempotency-key", "a").await.ok(201);
    let numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2500) SELECT n FROM n";
    let copies = format!(
        "INSERT INTO idempotency (organization_id, principal, key, fingerprint, reply, expires_at) \
         SELECT i.organization_id, i.principal, 'k' || n.n, i.fingerprint, i.reply, i.expires_at FROM idempotency i, ({numbers}) n"
    );
    server.database.execute(&copies).await;
    server.advance(SignedDuration::from_hours(25));
    assert!(server.app.write(Sweep { now: server.app.now() }).await.unwrap(), "more is left");
    assert_eq!(count(server, "idempotency").await, 1_501);
    server.app.sweep().await.unwrap();
    assert_eq!(count(server, "idempotency").await, 0);
}

async fn counted_logins_are_forgotten_after_their_window(server: &TestServer) {
    server.post("/v1/login", &Who::Nobody, json!({"email": "nobody@ours.example", "password": "x"})).await.refused(
        401,
        "login_failed",
        None,
    );
    sweep(server).await;
    assert_eq!(count(server, "login_attempts").await, 1);
    server.advance(SignedDuration::from_mins(15));
    sweep(server).await;
    assert_eq!(count(server, "login_attempts").await, 0);
}

async fn sessions_and_links_are_forgotten_a_month_after_their_end(server: &TestServer) {
    let ours = &server.ours;
    let session = server.session(ours, &ours.reviewer).await;
    server.post("/v1/logout", &session, json!({})).await.ok(204);
    server.advance(SignedDuration::from_hours(29 * 24));
    sweep(server).await;
    assert_eq!(count(server, "sessions").await, 1);
    server.advance(SignedDuration::from_hours(3 * 24));
    sweep(server).await;
    assert_eq!((count(server, "sessions").await, count(server, "login_links").await), (0, 0));
}

async fn sweeping_keeps_what_is_in_force(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let session = server.session(ours, &ours.reviewer).await;
    let task = server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).header("idempotency-key", "a").await.ok(201);
    sweep(server).await;
    server.get("/v1/me", &session).await.ok(200);
    let again =
        server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}})).header("idempotency-key", "a").await.ok(201);
    assert_eq!(again, task);
}

async fn a_use_is_noted_by_the_worker_and_at_most_once_a_minute(server: &TestServer) {
    let ours = &server.ours;
    let used = async || {
        let keys = server.get("/v1/key?limit=100", &ours.admin.token).await.ok(200);
        keys.as_array().unwrap().iter().find(|key| key["name"] == "agent").unwrap()["last_used_at"].clone()
    };
    server.get("/v1/me", &ours.agent).await.ok(200);
    assert!(used().await.is_null(), "a request writes nothing");
    server.app.note_uses().await.unwrap();
    assert_eq!(used().await, "2025-11-24T16:00:00Z");
    server.advance(SignedDuration::from_secs(30));
    server.get("/v1/me", &ours.agent).await.ok(200);
    server.app.note_uses().await.unwrap();
    assert_eq!(used().await, "2025-11-24T16:00:00Z");
    server.advance(SignedDuration::from_secs(40));
    server.get("/v1/me", &ours.agent).await.ok(200);
    server.app.note_uses().await.unwrap();
    assert_eq!(used().await, "2025-11-24T16:01:10Z");
    let member = server.get(&format!("/v1/member/{}", ours.admin.id), &ours.owner.token).await.ok(200);
    assert!(!member["last_seen_at"].is_null());
}
