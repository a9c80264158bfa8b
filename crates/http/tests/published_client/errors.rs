//! The seven error classes (the seventh, the client's own timeout, is with the tasks): which answer raises which, and with what message.

use std::{sync::atomic::Ordering, time::Duration};

use reqwest::Method;
use serde_json::json;
use signoff_testkit::{TestServer, Who, both, id};

use crate::{
    client::{Client, ClientError, Submit},
    clients, clients_of,
};

fn refund() -> Submit {
    Submit { queue_key: "refund".into(), data: json!({}), ..Submit::default() }
}

async fn keys_start_with_what_the_client_demands(server: &TestServer) {
    let made = server.post("/v1/key", &server.ours.admin.token, json!({"name": "live"})).await.ok(201);
    assert!(made["key"].as_str().unwrap().starts_with("sk_"));
    let made = server.post("/v1/key", &server.ours.admin.token, json!({"name": "test", "mode": "test"})).await.ok(201);
    assert!(made["key"].as_str().unwrap().starts_with("sk_"));
}

async fn what_is_invalid_raises_a_validation_error_with_the_message_and_the_errors(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let refused = client.submit(Submit { summary: Some("x".repeat(256)), ..refund() }).await;
        let Err(ClientError::Validation { message, errors }) = refused else { panic!("{refused:?}") };
        assert_eq!(message, "Must have at most 255 characters; it has 256.");
        assert_eq!(errors["/summary"], json!(["Must have at most 255 characters; it has 256."]));

        let refused = client.reviews(&[("limit", "101")]).await;
        let Err(ClientError::Validation { message, errors }) = refused else { panic!("{refused:?}") };
        assert_eq!((message.as_str(), &errors["limit"]), ("Must be from 1 to 100.", &json!(["Must be from 1 to 100."])));
    }
}

async fn a_key_that_is_not_known_raises_an_authentication_error_with_the_message(server: &TestServer) {
    let unknown = Who::Bearer(format!("sk_live_{}", "a".repeat(36)));
    let revoked = server.post("/v1/key", &server.ours.admin.token, json!({"name": "gone"})).await.ok(201);
    server.delete(&format!("/v1/key/{}", id(&revoked)), &server.ours.admin.token).await.ok(204);
    for key in [unknown, Who::Bearer(revoked["key"].as_str().unwrap().into())] {
        for client in clients_of(server, &key) {
            let message = "Credentials are missing or not known.".to_owned();
            assert_eq!(client.queues().await, Err(ClientError::Authentication { message }));
        }
    }
}

async fn what_is_not_there_raises_a_not_found_error_that_names_it(server: &TestServer) {
    let theirs = server.approval(&server.theirs, "secret").await;
    let their_task = server.task(&server.theirs, "secret", json!({})).await;
    let not_found = |entity: &str| ClientError::NotFound { message: format!("Resource '{entity}' not found") };
    for client in clients(server) {
        let unknown = "task_00000000000000000000000000";
        assert_eq!(client.task(unknown).await, Err(not_found(unknown)));
        assert_eq!(client.status(unknown).await, Err(not_found(unknown)));
        assert_eq!(client.task("no-id").await, Err(not_found("no-id")));
        assert_eq!(client.queue("no-queue").await, Err(not_found("no-queue")));
        assert_eq!(client.review("rev_00000000000000000000000000").await, Err(not_found("rev_00000000000000000000000000")));
        assert_eq!(client.submit(refund()).await, Err(not_found("refund")));
        // What belongs to others does not exist.
        assert_eq!(client.task(id(&their_task)).await, Err(not_found(id(&their_task))));
        assert_eq!(client.queue(id(&theirs)).await, Err(not_found(id(&theirs))));
    }
}

async fn too_many_requests_raise_a_rate_limit_error_with_the_seconds_from_the_body(server: &TestServer) {
    let [client, v1] = clients(server);
    let body = json!({"email": server.ours.owner.email, "password": "wrong wrong wrong"});
    let path = "/login";
    let mut answered = v1.send(Method::POST, path, &[], Some(&body)).await;
    for _ in 0..50 {
        if matches!(answered, Err(ClientError::RateLimit { .. })) {
            break;
        }
        answered = v1.send(Method::POST, path, &[], Some(&body)).await;
    }
    let Err(ClientError::RateLimit { retry_after: Some(seconds) }) = answered else { panic!("{answered:?}") };
    assert!((1..=3_600).contains(&seconds));
    // It is not tried again by itself.
    let sent = v1.sent.load(Ordering::Relaxed);
    v1.send(Method::POST, path, &[], Some(&body)).await.unwrap_err();
    assert_eq!(v1.sent.load(Ordering::Relaxed), sent + 1);
    // A key of the client's is not held back by it.
    client.queues().await.unwrap();
}

async fn what_is_forbidden_raises_the_base_error_with_message_and_code(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients_of(server, server.ours.key("task:read")) {
        let refused = client.submit(refund()).await;
        let Err(ClientError::Other { message, code }) = refused else { panic!("{refused:?}") };
        assert_eq!(code.as_deref(), Some("permission_denied"));
        assert_eq!(message, "This needs the permission 'task.submit'.");
    }
}

async fn a_conflict_raises_the_base_error_with_message_and_code(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    server.delete("/v1/queue/refund", &server.ours.admin.token).await.ok(204);
    for client in clients(server) {
        let refused = client.submit(refund()).await;
        let Err(ClientError::Other { message, code }) = refused else { panic!("{refused:?}") };
        assert_eq!(code.as_deref(), Some("queue_deleted"));
        assert!(!message.is_empty() && !message.starts_with("Request failed"), "{message}");
    }
}

async fn a_fault_is_tried_four_times_and_raises_a_server_error(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    server.database.execute("ALTER TABLE queues RENAME TO queues_gone").await;
    for client in clients(server) {
        assert_eq!(client.queues().await, Err(ClientError::Server));
        assert_eq!(client.sent.load(Ordering::Relaxed), 4);
        assert_eq!(client.submit(refund()).await, Err(ClientError::Server));
        assert_eq!(client.sent.load(Ordering::Relaxed), 8);
    }
}

async fn a_fault_that_passes_is_not_noticed(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    server.database.execute("ALTER TABLE queues RENAME TO queues_gone").await;
    let [client, _] = clients(server);
    let mend = async {
        while client.sent.load(Ordering::Relaxed) < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        server.database.execute("ALTER TABLE queues_gone RENAME TO queues").await;
    };
    let (queues, ()) = tokio::join!(client.queues(), mend);
    assert_eq!(queues.unwrap()[0]["key"], "refund");
}

async fn no_answer_is_tried_four_times_and_raises_a_network_error(server: &TestServer) {
    // A port that nobody listens on: it was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let client = Client::new(format!("http://127.0.0.1:{port}"), server.ours.agent.secret());
    let Err(ClientError::Other { code, .. }) = client.queues().await else { panic!("an answer from nobody") };
    assert_eq!((code.as_deref(), client.sent.load(Ordering::Relaxed)), (Some("NETWORK_ERROR"), 4));
}

async fn errors_carry_the_documented_nested_body_too(server: &TestServer) {
    for path in ["/task", "/v1/task"] {
        let refused = server.post(path, &server.ours.agent, json!({"data": {}})).await;
        assert_eq!(refused.body["error"], json!({"code": "validation_error", "message": "Missing member 'queue_key'."}));
        refused.refused(400, "validation_error", Some("/queue_key"));
    }
}

both!(TestServer:
    keys_start_with_what_the_client_demands,
    what_is_invalid_raises_a_validation_error_with_the_message_and_the_errors,
    a_key_that_is_not_known_raises_an_authentication_error_with_the_message,
    what_is_not_there_raises_a_not_found_error_that_names_it,
    too_many_requests_raise_a_rate_limit_error_with_the_seconds_from_the_body,
    what_is_forbidden_raises_the_base_error_with_message_and_code,
    a_conflict_raises_the_base_error_with_message_and_code,
    a_fault_is_tried_four_times_and_raises_a_server_error,
    a_fault_that_passes_is_not_noticed,
    no_answer_is_tried_four_times_and_raises_a_network_error,
    errors_carry_the_documented_nested_body_too,
);
