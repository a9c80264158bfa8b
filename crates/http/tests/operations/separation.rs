//! Separation of duties: nobody decides what they asked for, nobody decides twice, under whatever membership.

use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer, both};

use crate::kit::{accept, approve, available, is_offered, queue, settle, stopped_by, task};

both!(TestServer:
    who_asked_for_a_task_is_not_offered_it,
    who_reviewed_an_earlier_stage_is_not_offered_the_next,
    the_same_person_under_another_membership_is_kept_out,
    a_delegate_is_kept_out_where_the_delegator_is,
);

async fn asked_by(server: &TestServer, person: &Person) -> Value {
    asked_in(server, "mails", person).await
}

async fn asked_in(server: &TestServer, queue_key: &str, person: &Person) -> Value {
    let task = server.post("/v1/task", &person.token, json!({"queue_key": queue_key, "data": {}})).await.ok(201);
    settle(server).await;
    task
}

async fn who_asked_for_a_task_is_not_offered_it(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.admin, &ours.second], |_| ()).await;
    for _ in 0..3 {
        let task = asked_by(server, &ours.admin).await;
        assert!(is_offered(server, &task, &ours.second).await);
        assert_eq!(stopped_by(server, &task, &ours.admin).await, "requester");
        server.act(&task, "claim", &ours.admin.token, json!({})).await.refused(403, "separation_of_duties", None);
        accept(server, &task, &ours.second).await.ok(200);
    }
}

fn two_stages(config: &mut signoff_domain::queue::QueueConfig) {
    config.stages = ["first", "second"].map(|key| serde_json::from_value(json!({"key": key, "actor": "people"})).unwrap()).to_vec();
}

async fn who_reviewed_an_earlier_stage_is_not_offered_the_next(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], two_stages).await;
    let task = task(server, "mails").await;
    let (one, other) = crate::kit::offered(server, &task, &ours.reviewer, &ours.second).await;
    approve(server, &task, one).await;
    assert_eq!(server.reread(ours, &task).await["stage"], 1);
    assert!(is_offered(server, &task, other).await && !is_offered(server, &task, one).await);
    assert_eq!(stopped_by(server, &task, one).await, "earlier_stage");
    server.review(&task, one, json!({"result": ["approved"]})).await.refused(403, "separation_of_duties", None);
    approve(server, &task, other).await;
    assert_eq!(server.reread(ours, &task).await["state"], "reviewed");
}

async fn the_same_person_under_another_membership_is_kept_out(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    for person in [&ours.admin, &ours.second] {
        available(server, person, json!({"person": "sam"})).await;
    }
    let task = asked_by(server, &ours.admin).await;
    assert!(is_offered(server, &task, &ours.reviewer).await && !is_offered(server, &task, &ours.second).await);
    assert_eq!(stopped_by(server, &task, &ours.second).await, "excluded");
    server.act(&task, "claim", &ours.second.token, json!({})).await.refused(403, "separation_of_duties", None);
    // Known no longer to be one person, they are two.
    available(server, &ours.second, json!({"person": null})).await;
    let task = asked_by(server, &ours.admin).await;
    assert_ne!(stopped_by(server, &task, &ours.second).await, "excluded");
}

async fn a_delegate_is_kept_out_where_the_delegator_is(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.admin], |_| ()).await;
    let delegation = json!({
        "from": ours.admin.id, "to": {"member": ours.second.id}, "mode": "always",
        "starts_at": "2025-11-24T00:00:00Z", "ends_at": "2025-12-24T00:00:00Z",
    });
    server.post("/v1/delegation", &ours.admin.token, delegation).await.ok(201);
    let task = asked_by(server, &ours.admin).await;
    assert!(!is_offered(server, &task, &ours.second).await, "whoever asks does not have it decided by their delegate");
    assert_eq!(stopped_by(server, &task, &ours.second).await, "excluded");
    server.act(&task, "claim", &ours.second.token, json!({})).await.refused(403, "separation_of_duties", None);
    let review = server.review(&task, &ours.second, json!({"result": ["approved"]})).await;
    review.refused(403, "separation_of_duties", None);
    // What is next passes it over.
    queue(server, "posts", "pull", &[&ours.admin], |_| ()).await;
    asked_in(server, "posts", &ours.admin).await;
    let other = server.task(ours, "posts", json!({})).await;
    let next = server.post("/v1/task/next", &ours.second.token, json!({"queue_key": "posts"})).await.ok(200);
    assert_eq!(next["task"]["id"], other["id"]);
}
