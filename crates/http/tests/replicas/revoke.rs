//! What is revoked on one replica is out of force on the other within a second.

use jiff::SignedDuration;
use serde_json::json;
use signoff_testkit::{Replica, TestServer, Who, id};

use crate::{end, two};

/// Asserts that the other replica, which has seen the credential a moment ago, refuses it a second after `path` was deleted on the first.
async fn refused_within_a_second(server: &TestServer, other: &Replica, who: &Who, by: &Who, path: &str) {
    other.get("/v1/queue", who).await.ok(200);
    server.delete(path, by).await.ok(204);
    // On the replica where it was revoked it is refused at once.
    server.get("/v1/queue", who).await.refused(401, "authentication_error", None);
    server.advance(SignedDuration::from_secs(1));
    other.get("/v1/queue", who).await.refused(401, "authentication_error", None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key() {
    let (server, other) = two().await;
    let made = server.post("/v1/key", &server.ours.admin.token, json!({"name": "agent"})).await.ok(201);
    let key = Who::Bearer(made["key"].as_str().unwrap().into());
    refused_within_a_second(&server, &other, &key, &server.ours.admin.token, &format!("/v1/key/{}", id(&made))).await;
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token() {
    let (server, other) = two().await;
    let session = server.session(&server.ours, &server.ours.reviewer).await;
    let made = server.post("/v1/token", &session, json!({"name": "script"})).await.ok(201);
    let token = Who::Bearer(made["token"].as_str().unwrap().into());
    refused_within_a_second(&server, &other, &token, &session, &format!("/v1/token/{}", id(&made))).await;
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session() {
    let (server, other) = two().await;
    let (kept, ended) =
        (server.session(&server.ours, &server.ours.reviewer).await, server.session(&server.ours, &server.ours.reviewer).await);
    let sessions = server.get("/v1/session", &ended).await.ok(200);
    let current = sessions.as_array().unwrap().iter().find(|session| session["current"] == true).unwrap();
    refused_within_a_second(&server, &other, &ended, &kept, &format!("/v1/session/{}", id(current))).await;
    other.get("/v1/queue", &kept).await.ok(200);
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_of_a_member_who_is_disabled() {
    let (server, other) = two().await;
    let reviewer = &server.ours.reviewer;
    let session = server.session(&server.ours, reviewer).await;
    for who in [&session, &reviewer.token] {
        other.get("/v1/queue", who).await.ok(200);
    }
    server.patch(&format!("/v1/member/{}", reviewer.id), &server.ours.owner.token, json!({"state": "disabled"})).await.ok(200);
    server.advance(SignedDuration::from_secs(1));
    for who in [&session, &reviewer.token] {
        other.get("/v1/queue", who).await.refused(401, "authentication_error", None);
    }
    end(server, other).await;
}
