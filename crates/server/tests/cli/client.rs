//! The Rust client against the real server: every call that no command of this program makes.

use std::time::Duration;

use serde_json::json;
use signoff_client::{
    Client, Options,
    review::ReviewFilter,
    task::{TaskFilter, is_settled},
    wire::{queue::CreateQueue, task::TaskState},
};

use crate::program::Server;

fn read<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

async fn client() -> (Server, Client) {
    let server = tokio::task::spawn_blocking(Server::start).await.unwrap();
    let client = Client::new(Options::new(&server.url).credential(&server.token)).unwrap();
    let queue: CreateQueue = read(json!({"key": "mails", "name": "Mails", "review_type": "approval", "allow_own_review": true}));
    assert_eq!(client.create_queue(&queue).await.unwrap().version, 1);
    (server, client)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_is_held_revised_reopened_and_talked_about() {
    let (_server, client) = client().await;
    assert_eq!(client.queues(None).await.unwrap().items.len(), 1);
    let me = client.members(None).await.unwrap().items.remove(0).id;
    let id = client.submit_task(&read(json!({"queue_key": "mails", "data": {"n": 1}}))).await.unwrap().task.id;
    assert_eq!(client.next_task(Some("mails")).await.unwrap().unwrap().id, id);
    assert_eq!(client.assign_task(&id, Some(&me)).await.unwrap().assignee_id.as_ref(), Some(&me));

    let lease = client.claim_task(&id).await.unwrap().lease;
    assert!(client.renew_lease(&id, &lease.id).await.unwrap().expires_at >= lease.expires_at);
    client.release_lease(&id, &lease.id).await.unwrap();
    assert_eq!(client.renew_lease(&id, &lease.id).await.unwrap_err().code(), Some("lease_lost"));

    let revision = read(json!({"data": {"n": 2}}));
    assert_eq!(client.revise_task(&id, Some(7), &revision).await.unwrap_err().code(), Some("stale_revision"));
    assert_eq!(client.revise_task(&id, Some(1), &revision).await.unwrap().revision, 2);
    assert_eq!(client.comment_task(&id, "Look").await.unwrap().body, "Look");

    let review = client.review_task(&id, 2, &read(json!({"result": ["approved"]}))).await.unwrap();
    let filter = ReviewFilter { task_id: Some(id.clone()), ..ReviewFilter::default() };
    assert_eq!(client.reviews(&filter).await.unwrap().items, [review]);
    assert_eq!(client.reopen_task(&id, "Once more").await.unwrap().state, TaskState::Queued);
    client.skip_task(&id, &read(json!({"reason": "Not mine"}))).await.unwrap();
    assert!(client.next_task(None).await.unwrap().is_none() && client.claim_next(None).await.unwrap().is_none());
    assert!(client.wait_for_task(&id, Some(Duration::ZERO)).await.unwrap().is_none());
    client.cancel_task(&id, Some("Sent by hand")).await.unwrap();
    assert!(is_settled(client.task_status(&id).await.unwrap().state));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_submitted_and_waited_for() {
    let (_server, client) = client().await;
    let tasks = json!([{"data": {"n": 1}}, {"data": {"n": 2}}]);
    let batch = client.submit_batch(&read(json!({"queue_key": "mails", "tasks": tasks}))).await.unwrap();
    assert_eq!((batch.total, batch.queued), (2, 2));
    assert_eq!(client.batch(&batch.id).await.unwrap(), batch);
    let filter = TaskFilter { batch_id: Some(batch.id.clone()), ..TaskFilter::default() };
    let waiting = {
        let (client, id) = (client.clone(), batch.id.clone());
        tokio::spawn(async move { client.wait_for_batch_once(&id, Duration::from_secs(20)).await })
    };
    for task in client.tasks(&filter).await.unwrap().items {
        client.cancel_task(&task.id, None).await.unwrap();
    }
    assert_eq!(waiting.await.unwrap().unwrap().cancelled, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_invited_joins_and_tokens_end() {
    let (_server, client) = client().await;
    let link = client.invite(&read(json!({"email": "ann@example.com", "role": "reviewer"}))).await.unwrap().link.unwrap();
    let token = link.rsplit_once('#').unwrap().1;
    let acceptance = read(json!({"token": token, "name": "Ann", "password": "correct horse battery staple"}));
    client.accept_invitation(&acceptance).await.unwrap();
    assert_eq!(client.members(None).await.unwrap().items.len(), 2);
    client.me().await.unwrap();
    let mine = client.tokens(None).await.unwrap().items.remove(0);
    client.revoke_token(&mine.id).await.unwrap();
    // A revocation is in force within a second.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert_eq!(client.me().await.unwrap_err().code(), Some("authentication_error"));
}
