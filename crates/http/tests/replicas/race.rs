//! Of two who race on two replicas one wins, and the log tells of one.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, id};

use crate::{end, two};

const ROUNDS: usize = 20;

/// How many events of a type there are for a task.
fn told(events: &[Value], event_type: &str, task: &Value) -> usize {
    events.iter().filter(|event| event["type"] == event_type && event["task_id"] == task["id"]).count()
}

async fn tasks(server: &TestServer) -> Vec<Value> {
    server.approval(&server.ours, "refund").await;
    let mut tasks = Vec::new();
    for n in 0..ROUNDS {
        tasks.push(server.task(&server.ours, "refund", json!({"n": n})).await);
    }
    tasks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_claims_gets_the_lease() {
    let (server, other) = two().await;
    let tasks = tasks(&server).await;
    for task in &tasks {
        let one = server.act(task, "claim", &server.ours.reviewer.token, json!({}));
        let two = other.act(task, "claim", &server.ours.second.token, json!({}));
        let (one, two) = tokio::join!(one, two);
        let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
        lost.refused(409, "task_leased", None);
        let held = server.reread(&server.ours, task).await;
        assert_eq!(held["lease"]["id"], won.ok(200)["lease"]["id"]);
    }
    let events = server.events(&server.ours).await;
    assert!(tasks.iter().all(|task| told(&events, "task.claimed", task) == 1));
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_reviews_decides() {
    let (server, other) = two().await;
    let tasks = tasks(&server).await;
    for task in &tasks {
        let one = server.review(task, &server.ours.reviewer, json!({"result": ["approved"]}));
        let two = other.review(task, &server.ours.second, json!({"result": ["rejected"]}));
        let (one, two) = tokio::join!(one, two);
        let (won, lost) = if one.status == 201 { (one, two) } else { (two, one) };
        assert_eq!((lost.status, lost.body["code"].as_str()), (409, Some("already_decided")), "{}", lost.text);
        let (won, decided) = (won.ok(201), server.reread(&server.ours, task).await);
        assert_eq!((&decided["reviews"], &decided["outcome"]["result"]), (&json!([won]), &won["result"]));
    }
    let events = server.events(&server.ours).await;
    for event_type in ["review.submitted", "task.reviewed"] {
        assert!(tasks.iter().all(|task| told(&events, event_type, task) == 1), "{event_type}");
    }
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_review_and_a_cancellation_exclude_each_other() {
    let (server, other) = two().await;
    let tasks = tasks(&server).await;
    for task in &tasks {
        let review = server.review(task, &server.ours.reviewer, json!({"result": ["approved"]}));
        let cancel = other.act(task, "cancel", &server.ours.admin.token, json!({}));
        let (review, cancel) = tokio::join!(review, cancel);
        let state = server.reread(&server.ours, task).await["state"].clone();
        match (review.status, cancel.status) {
            (201, 409) => assert_eq!(state, "reviewed"),
            (409, 200) => assert_eq!(state, "cancelled"),
            _ => panic!("{} and {}", review.text, cancel.text),
        }
    }
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_given_the_task_that_another_was_given() {
    let (server, other) = two().await;
    let tasks = tasks(&server).await;
    let mut given = Vec::new();
    for _ in 0..ROUNDS / 2 {
        let one = server.post("/v1/task/next", &server.ours.reviewer.token, json!({}));
        let two = other.post("/v1/task/next", &server.ours.second.token, json!({}));
        let (one, two) = tokio::join!(one, two);
        for claim in [one.ok(200), two.ok(200)] {
            // Whoever holds a task is given it again until it is reviewed.
            let person = if claim["lease"]["member_id"] == server.ours.reviewer.id { &server.ours.reviewer } else { &server.ours.second };
            server.review(&claim["task"], person, json!({"result": ["approved"]})).await.ok(201);
            given.push(id(&claim["task"]).to_owned());
        }
    }
    given.sort();
    given.dedup();
    assert_eq!(given.len(), tasks.len());
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_idempotency_key_has_one_effect_and_one_answer() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    for n in 0..ROUNDS {
        let (body, key) = (json!({"queue_key": "refund", "data": {"n": n}}), format!("key-{n}"));
        let one = server.post("/v1/task", &server.ours.agent, body.clone()).header("idempotency-key", &key);
        let two = other.post("/v1/task", &server.ours.agent, body).header("idempotency-key", &key);
        let (one, two) = tokio::join!(one, two);
        assert_eq!((one.status, &one.text), (201, &two.text));
    }
    assert_eq!(server.all_pages("/v1/task", &server.ours.agent).await.len(), ROUNDS);
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_external_id_has_one_task() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    for n in 0..ROUNDS {
        let body = json!({"queue_key": "refund", "data": {"n": n}, "external_id": format!("order-{n}")});
        let (one, two) = tokio::join!(
            server.post("/v1/task", &server.ours.agent, body.clone()),
            other.post("/v1/task", &server.ours.agent, body.clone()),
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!((statuses, &one.body["id"]), ([200, 201], &two.body["id"]));
    }
    end(server, other).await;
}

/// Applying writes a member as they were read: what another replica changed meanwhile is not undone by it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applying_does_not_undo_what_is_changed_meanwhile() {
    let (server, other) = two().await;
    let (ours, path) = (&server.ours, format!("/v1/member/{}", server.ours.second.id));
    for n in 0..ROUNDS {
        server.patch(&path, &ours.owner.token, json!({"state": "active"})).await.ok(200);
        let name = format!("Sam {n}");
        let document = json!({"members": [{"email": ours.second.email, "name": name, "role": "reviewer"}]});
        let apply = server.post("/v1/apply", &ours.owner.token, json!({"document": document}));
        let disable = other.patch(&path, &ours.owner.token, json!({"state": "disabled"}));
        let (applied, disabled) = tokio::join!(apply, disable);
        assert_eq!((applied.status, disabled.status), (200, 200), "{} {}", applied.text, disabled.text);
        let member = server.get(&path, &ours.owner.token).await.ok(200);
        assert_eq!((&member["state"], &member["name"]), (&json!("disabled"), &json!(name)));
    }
    end(server, other).await;
}
