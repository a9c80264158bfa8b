//! Queues that name reviewers, and what workers do, done at once.

use serde_json::{Value, json};
use signoff_app::{Caller, queues::ChangeQueue};
use signoff_domain::queue::QueueConfig;
use signoff_testkit::{Answer, Person, TestServer, id};

/// Makes an approval queue of these reviewers, with settings that the change makes.
pub(crate) async fn queue(
    server: &TestServer,
    key: &str,
    assignment: &str,
    reviewers: &[&Person],
    change: impl Fn(&mut QueueConfig) + Send + Sync + 'static,
) {
    let reviewer_ids: Vec<_> = reviewers.iter().map(|person| &person.id).collect();
    let body = json!({"key": key, "name": key, "review_type": "approval", "assignment": assignment, "reviewer_ids": reviewer_ids});
    server.queue(&server.ours, body).await;
    let edit = Box::new(move |config: &QueueConfig| {
        let mut config = config.clone();
        change(&mut config);
        Ok(config)
    });
    let caller = Caller::operator(server.ours.id);
    server.app.write(ChangeQueue { caller, moment: server.app.moment(), key_or_id: key.into(), if_version: None, edit }).await.unwrap();
}

/// Does what workers would do until nothing is due and no task looks for a reviewer.
pub(crate) async fn settle(server: &TestServer) {
    server.work().await;
}

/// Submits a task as the agent, and looks for its reviewers.
pub(crate) async fn task(server: &TestServer, queue_key: &str) -> Value {
    let task = server.task(&server.ours, queue_key, json!({})).await;
    settle(server).await;
    task
}

/// What is offered to a person.
pub(crate) async fn offers(server: &TestServer, person: &Person) -> Vec<Value> {
    server.get("/v1/me/offer", &person.token).await.ok(200).as_array().unwrap().clone()
}

/// Whether a task is offered to a person.
pub(crate) async fn is_offered(server: &TestServer, task: &Value, person: &Person) -> bool {
    offers(server, person).await.iter().any(|offer| offer["task_id"] == task["id"])
}

/// To whom of two a task is offered, and who the other one is.
pub(crate) async fn offered<'p>(server: &TestServer, task: &Value, one: &'p Person, other: &'p Person) -> (&'p Person, &'p Person) {
    match (is_offered(server, task, one).await, is_offered(server, task, other).await) {
        (true, false) => (one, other),
        (false, true) => (other, one),
        both => panic!("offered to {} and {}: {both:?}", one.name, other.name),
    }
}

pub(crate) async fn accept(server: &TestServer, task: &Value, person: &Person) -> Answer {
    server.act(task, "offer/accept", &person.token, json!({})).await
}

pub(crate) async fn decline(server: &TestServer, task: &Value, person: &Person) {
    server.act(task, "offer/decline", &person.token, json!({"reason": "Not my field."})).await.ok(204);
    settle(server).await;
}

/// Approves a task.
pub(crate) async fn approve(server: &TestServer, task: &Value, person: &Person) -> Value {
    let review = server.review(task, person, json!({"result": ["approved"]})).await.ok(201);
    settle(server).await;
    review
}

/// Changes how available a member is.
pub(crate) async fn available(server: &TestServer, person: &Person, change: Value) {
    let path = format!("/v1/member/{}/availability", person.id);
    server.patch(&path, &server.ours.admin.token, change).await.ok(200);
    settle(server).await;
}

/// Puts a definition.
pub(crate) async fn put(server: &TestServer, path: &str, definition: Value) -> Answer {
    server.request(reqwest::Method::PUT, path, &server.ours.admin.token).json(&definition).await
}

/// The events of a type, by their details.
pub(crate) async fn told(server: &TestServer, event_type: &str) -> Vec<Value> {
    let events = server.events(&server.ours).await;
    events.into_iter().filter(|event| event["type"] == event_type).map(|event| event["detail"].clone()).collect()
}

/// Why a task went to whom.
pub(crate) async fn explained(server: &TestServer, task: &Value) -> Value {
    server.get(&format!("/v1/task/{}/assignment/explain", id(task)), &server.ours.auditor.token).await.ok(200)
}

/// The filter that stops a person from being given a task.
pub(crate) async fn stopped_by(server: &TestServer, task: &Value, person: &Person) -> Value {
    let account = explained(server, task).await;
    let members = account["members"].as_array().unwrap();
    members.iter().find(|member| member["member_id"] == person.id.as_str()).unwrap()["stopped_by"].clone()
}
