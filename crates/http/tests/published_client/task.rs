//! Tasks: submit, get, list, wait.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use signoff_testkit::{TestServer, both, id};

use crate::{
    client::{ClientError, Submit},
    clients, has, ids,
};

const TASK: [&str; 16] = [
    "id",
    "organization_id",
    "queue_id",
    "external_id",
    "state",
    "data",
    "context",
    "metadata",
    "choices",
    "max_selections",
    "summary",
    "sla_deadline",
    "reviewed_at",
    "created_at",
    "updated_at",
    "reviews",
];

fn refund() -> Submit {
    Submit { queue_key: "refund".into(), data: json!({"amount": 12.5}), ..Submit::default() }
}

async fn submitting_answers_the_task_with_every_member_that_the_client_knows(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for (client, external_id) in clients(server).iter().zip(["a", "b"]) {
        let submit = Submit { summary: Some("Refund".into()), external_id: Some(external_id.into()), ..refund() };
        let task = client.submit(submit).await.unwrap();
        has(&task, &TASK);
        assert!(["pending", "queued"].contains(&task["state"].as_str().unwrap()));
        assert_eq!((&task["data"], &task["context"], &task["metadata"]), (&json!({"amount": 12.5}), &json!({}), &json!({})));
        assert_eq!((&task["summary"], &task["external_id"]), (&json!("Refund"), &json!(external_id)));
        assert_eq!((&task["choices"], &task["max_selections"], &task["reviewed_at"]), (&json!(null), &json!(null), &json!(null)));
    }
}

async fn context_and_metadata_come_back_as_they_were_sent(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let (context, metadata) = (json!({"thread": ["hello"]}), json!({"customer": "ada", "vip": true}));
        let submit = Submit { context: Some(context.clone()), metadata: Some(metadata.clone()), ..refund() };
        let task = client.submit(submit).await.unwrap();
        assert_eq!((&task["context"], &task["metadata"]), (&context, &metadata));
    }
}

async fn choices_and_max_selections_travel_with_a_multiple_choice_task(server: &TestServer) {
    server.queue(&server.ours, json!({"key": "match", "name": "Match", "review_type": "multiple_choice"})).await;
    for client in clients(server) {
        let choices = json!([
            {"key": "a", "label": "Ada", "description": "The first", "data": {"score": 0.9}},
            {"key": "b", "label": "Bob", "description": null, "data": null},
        ]);
        let submit = Submit { queue_key: "match".into(), choices: Some(choices.clone()), max_selections: Some(1), ..refund() };
        let task = client.submit(submit).await.unwrap();
        assert_eq!((&task["choices"], &task["max_selections"]), (&choices, &json!(1)));
    }
}

async fn choices_are_rejected_on_other_types(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let submit = Submit { choices: Some(json!([{"key": "a", "label": "A"}])), ..refund() };
        assert!(matches!(client.submit(submit).await, Err(ClientError::Validation { .. })));
    }
}

async fn a_submit_that_is_tried_again_with_its_external_id_makes_one_task(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    let [bare, v1] = clients(server);
    let submit = || Submit { external_id: Some("order-12345".into()), ..refund() };
    let (first, again) = (bare.submit(submit()).await.unwrap(), v1.submit(submit()).await.unwrap());
    assert_eq!(id(&first), id(&again));
    assert_eq!(bare.tasks(&[]).await.unwrap().as_array().unwrap().len(), 1);
}

async fn getting_a_reviewed_task_answers_its_reviews(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let task = client.submit(refund()).await.unwrap();
        server.review(&task, &server.ours.reviewer, json!({"result": ["approved"], "feedback": "Fine."})).await.ok(201);
        let task = client.task(id(&task)).await.unwrap();
        has(&task, &TASK);
        assert_eq!(task["state"], "reviewed");
        assert!(task["reviewed_at"].is_string());
        let review = &task["reviews"][0];
        has(review, &["id", "task_id", "queue_id", "reviewer_id", "result", "data", "feedback", "created_at"]);
        assert_eq!((&review["result"], &review["data"], &review["feedback"]), (&json!(["approved"]), &json!({}), &json!("Fine.")));
        assert_eq!(review["reviewer_id"], server.ours.reviewer.id);
        assert_eq!(task["queue"]["key"], "refund");
    }
}

async fn the_status_is_a_state_and_when_it_was_reviewed(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let task = client.submit(refund()).await.unwrap();
        let status = client.status(id(&task)).await.unwrap();
        assert_eq!((&status["state"], &status["reviewed_at"]), (&json!("queued"), &json!(null)));
        server.review(&task, &server.ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
        let status = client.status(id(&task)).await.unwrap();
        assert_eq!(status["state"], "reviewed");
        assert!(status["reviewed_at"].is_string());
    }
}

async fn waiting_polls_until_reviewed_and_answers_the_task(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let task = client.submit(refund()).await.unwrap();
        let decide = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            server.review(&task, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
        };
        let (reviewed, ()) = tokio::join!(client.wait_for_review(id(&task), Duration::from_secs(20)), decide);
        let reviewed = reviewed.unwrap();
        assert_eq!((&reviewed["state"], &reviewed["reviews"][0]["result"]), (&json!("reviewed"), &json!(["approved"])));
    }
}

async fn waiting_for_a_task_that_nobody_reviews_ends_with_the_clients_own_timeout(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let open = client.submit(refund()).await.unwrap();
        // Neither of the two states that the client does not know passes for a decision.
        let cancelled = client.submit(refund()).await.unwrap();
        server.act(&cancelled, "cancel", &server.ours.admin.token, json!({})).await.ok(200);
        for task in [open, cancelled] {
            assert_eq!(client.wait_for_review(id(&task), Duration::from_millis(100)).await, Err(ClientError::Timeout));
        }
    }
}

async fn the_list_is_a_bare_array(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        client.submit(refund()).await.unwrap();
        let list = client.tasks(&[]).await.unwrap();
        has(&list[0], &TASK);
    }
}

async fn the_list_is_filtered_by_queue_id_and_state(server: &TestServer) {
    let refunds = server.approval(&server.ours, "refund").await;
    let mails = server.approval(&server.ours, "mail").await;
    let [client, _] = clients(server);
    let decided = client.submit(refund()).await.unwrap();
    server.review(&decided, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.advance(SignedDuration::from_secs(1));
    let open = client.submit(refund()).await.unwrap();
    server.advance(SignedDuration::from_secs(1));
    let mail = client.submit(Submit { queue_key: "mail".into(), ..refund() }).await.unwrap();
    for client in clients(server) {
        let by_queue = client.tasks(&[("queue_id", id(&refunds))]).await.unwrap();
        assert_eq!(ids(&by_queue), [id(&open), id(&decided)]);
        let by_state = client.tasks(&[("state", "queued")]).await.unwrap();
        assert_eq!(ids(&by_state), [id(&mail), id(&open)]);
        let by_both = client.tasks(&[("queue_id", id(&refunds)), ("state", "reviewed")]).await.unwrap();
        assert_eq!(ids(&by_both), [id(&decided)]);
        let none = client.tasks(&[("queue_id", id(&mails)), ("state", "reviewed")]).await.unwrap();
        assert_eq!(ids(&none), [] as [&str; 0]);
    }
}

async fn the_documented_list_takes_queue_key_limit_and_cursor(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    let [client, _] = clients(server);
    for _ in 0..3 {
        client.submit(refund()).await.unwrap();
    }
    for prefix in ["", "/v1"] {
        let all = server.all_pages(&format!("{prefix}/task?queue_key=refund&limit=2"), &server.ours.agent).await;
        assert_eq!(all.len(), 3, "{prefix}");
    }
}

both!(TestServer:
    submitting_answers_the_task_with_every_member_that_the_client_knows,
    context_and_metadata_come_back_as_they_were_sent,
    choices_and_max_selections_travel_with_a_multiple_choice_task,
    choices_are_rejected_on_other_types,
    a_submit_that_is_tried_again_with_its_external_id_makes_one_task,
    getting_a_reviewed_task_answers_its_reviews,
    the_status_is_a_state_and_when_it_was_reviewed,
    waiting_polls_until_reviewed_and_answers_the_task,
    waiting_for_a_task_that_nobody_reviews_ends_with_the_clients_own_timeout,
    the_list_is_a_bare_array,
    the_list_is_filtered_by_queue_id_and_state,
    the_documented_list_takes_queue_key_limit_and_cursor,
);
