//! Queues: list and get by key.

use serde_json::json;
use signoff_testkit::{TestServer, both};

use crate::{clients, has};

const QUEUE: [&str; 14] = [
    "id",
    "organization_id",
    "key",
    "name",
    "description",
    "review_type",
    "review_options",
    "max_selections",
    "result_required",
    "feedback_required",
    "assignment",
    "sla_minutes",
    "deleted_at",
    "created_at",
];

async fn queues_are_a_bare_array_with_every_member_that_the_client_knows(server: &TestServer) {
    let options = json!([{"id": "billing", "label": "Billing"}, {"id": "spam", "label": "Spam"}]);
    let ticket = json!({"key": "ticket", "name": "Ticket", "review_type": "classification", "review_options": options, "sla_minutes": 60});
    server.queue(&server.ours, ticket).await;
    server.approval(&server.ours, "refund").await;
    server.approval(&server.theirs, "not-ours").await;
    for client in clients(server) {
        let queues = client.queues().await.unwrap();
        let keys: Vec<_> = queues.as_array().unwrap().iter().map(|queue| queue["key"].as_str().unwrap()).collect();
        assert_eq!(keys, ["refund", "ticket"]);
        let ticket = &queues[1];
        has(ticket, &QUEUE);
        has(ticket, &["updated_at"]);
        has(&ticket["review_options"][0], &["id", "label", "display_order"]);
        assert_eq!((&ticket["review_type"], &ticket["max_selections"]), (&json!("classification"), &json!(1)));
        assert_eq!((&ticket["result_required"], &ticket["feedback_required"]), (&json!(true), &json!("never")));
        assert_eq!((&ticket["assignment"], &ticket["sla_minutes"]), (&json!("manual"), &json!(60)));
        assert_eq!((&ticket["description"], &ticket["deleted_at"]), (&json!(null), &json!(null)));
    }
}

async fn a_queue_is_got_by_its_key(server: &TestServer) {
    let refund = server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let queue = client.queue("refund").await.unwrap();
        has(&queue, &QUEUE);
        assert_eq!(queue["id"], refund["id"]);
    }
}

async fn an_approval_queue_has_the_option_that_the_readme_reads(server: &TestServer) {
    server.approval(&server.ours, "refund").await;
    for client in clients(server) {
        let queue = client.queue("refund").await.unwrap();
        let options: Vec<_> = queue["review_options"].as_array().unwrap().iter().map(|option| option["id"].as_str().unwrap()).collect();
        assert_eq!(options, ["approved", "rejected"]);
    }
}

both!(TestServer:
    queues_are_a_bare_array_with_every_member_that_the_client_knows,
    a_queue_is_got_by_its_key,
    an_approval_queue_has_the_option_that_the_readme_reads,
);
