//! Reviews: list with each filter, get.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer, both, id};

use crate::{clients, has};

/// Submits a task and has it reviewed, a minute after the last one; answers the review.
async fn review(server: &TestServer, queue_key: &str, person: &Person) -> Value {
    server.advance(SignedDuration::from_mins(1));
    let task = server.task(&server.ours, queue_key, json!({})).await;
    server.review(&task, person, json!({"result": ["approved"]})).await.ok(201)
}

/// Four reviews, oldest first: two of refunds by two people, two of mails by the first.
async fn four(server: &TestServer) -> [Value; 4] {
    server.approval(&server.ours, "refund").await;
    server.approval(&server.ours, "mail").await;
    let (first, second) = (&server.ours.reviewer, &server.ours.second);
    [
        review(server, "refund", first).await,
        review(server, "refund", second).await,
        review(server, "mail", first).await,
        review(server, "mail", first).await,
    ]
}

/// Asserts which reviews a filter leaves, newest first, with either base address.
async fn left(server: &TestServer, filter: &[(&str, &str)], expected: &[&Value]) {
    for client in clients(server) {
        let reviews = client.reviews(filter).await.unwrap();
        let found: Vec<_> = reviews.iter().map(id).collect();
        let expected: Vec<_> = expected.iter().map(|review| id(review)).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

fn text<'a>(review: &'a Value, member: &str) -> &'a str {
    review[member].as_str().unwrap()
}

async fn reviews_are_a_bare_array_with_every_member_that_the_client_knows(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    left(server, &[], &[&d, &c, &b, &a]).await;
    for client in clients(server) {
        let reviews = client.reviews(&[]).await.unwrap();
        has(&reviews[0], &["id", "task_id", "queue_id", "reviewer_id", "result", "data", "feedback", "created_at"]);
        assert_eq!((&reviews[0]["result"], &reviews[0]["data"], &reviews[0]["feedback"]), (&json!(["approved"]), &json!({}), &json!(null)));
    }
}

async fn reviews_are_filtered_by_task(server: &TestServer) {
    let [_, b, _, _] = four(server).await;
    left(server, &[("task_id", text(&b, "task_id"))], &[&b]).await;
}

async fn reviews_are_filtered_by_reviewer(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    left(server, &[("reviewer_id", &server.ours.second.id)], &[&b]).await;
    left(server, &[("reviewer_id", &server.ours.reviewer.id)], &[&d, &c, &a]).await;
}

async fn reviews_are_filtered_by_queue_key(server: &TestServer) {
    let [a, b, _, _] = four(server).await;
    left(server, &[("queue_key", "refund")], &[&b, &a]).await;
    left(server, &[("queue_key", "nobody-made-it")], &[]).await;
}

async fn reviews_are_filtered_by_the_type_of_reviewer(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    left(server, &[("reviewer_type", "human")], &[&d, &c, &b, &a]).await;
    left(server, &[("reviewer_type", "ai")], &[]).await;
}

async fn reviews_are_filtered_by_when_they_were_given(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    // As the client writes instants: with milliseconds.
    let between = |review: &Value, seconds: i64| {
        let at: jiff::Timestamp = text(review, "created_at").parse().unwrap();
        format!("{:.3}", at + SignedDuration::from_secs(seconds))
    };
    left(server, &[("created_after", &between(&b, 30))], &[&d, &c]).await;
    left(server, &[("created_before", &between(&b, 30))], &[&b, &a]).await;
    left(server, &[("created_after", &between(&a, 30)), ("created_before", &between(&c, 30))], &[&c, &b]).await;
}

async fn reviews_are_paged_by_limit_and_offset(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    left(server, &[("limit", "3")], &[&d, &c, &b]).await;
    left(server, &[("limit", "2"), ("offset", "1")], &[&c, &b]).await;
    left(server, &[("limit", "2"), ("offset", "3")], &[&a]).await;
    left(server, &[("offset", "4")], &[]).await;
}

async fn a_limit_and_an_offset_of_nought_are_not_sent_and_mean_all(server: &TestServer) {
    let [a, b, c, d] = four(server).await;
    left(server, &[("limit", "0"), ("offset", "0")], &[&d, &c, &b, &a]).await;
}

async fn filters_work_together(server: &TestServer) {
    let [_, _, c, d] = four(server).await;
    let reviewer = ("reviewer_id", server.ours.reviewer.id.as_str());
    left(server, &[("queue_key", "mail"), reviewer, ("reviewer_type", "human"), ("limit", "1")], &[&d]).await;
    left(server, &[("queue_key", "mail"), reviewer, ("task_id", text(&c, "task_id"))], &[&c]).await;
}

async fn a_review_is_got_by_its_id(server: &TestServer) {
    let [a, ..] = four(server).await;
    for client in clients(server) {
        assert_eq!(client.review(id(&a)).await.unwrap(), a);
    }
}

both!(TestServer:
    reviews_are_a_bare_array_with_every_member_that_the_client_knows,
    reviews_are_filtered_by_task,
    reviews_are_filtered_by_reviewer,
    reviews_are_filtered_by_queue_key,
    reviews_are_filtered_by_the_type_of_reviewer,
    reviews_are_filtered_by_when_they_were_given,
    reviews_are_paged_by_limit_and_offset,
    a_limit_and_an_offset_of_nought_are_not_sent_and_mean_all,
    filters_work_together,
    a_review_is_got_by_its_id,
);
