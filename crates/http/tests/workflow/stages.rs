//! One stage after another.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both};

use crate::{decide, history, now, queue, told};

both!(TestServer:
    an_approval_goes_on_and_a_rejection_ends,
    who_reviewed_an_earlier_stage_is_kept_from_the_next,
    a_requester_does_not_review_their_own_task,
    a_stage_asks_its_own_people_only,
    the_same_person_through_two_memberships_is_one,
    a_reopened_task_starts_at_the_first_stage,
    a_preset_with_a_model_goes_to_people_when_there_is_none,
);

fn two_stages(second: Value) -> Value {
    json!({"stages": [{"key": "first", "actor": "people"}, second]})
}

async fn an_approval_goes_on_and_a_rejection_ends(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "refund", two_stages(json!({"key": "second", "actor": "people"}))).await;
    let task = server.task(ours, "refund", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    let between = now(server, &task).await;
    assert_eq!((&between["state"], &between["stage"], &between["outcome"]), (&json!("queued"), &json!(1), &Value::Null));
    decide(server, &task, &ours.second, "approved").await;
    assert_eq!(now(server, &task).await["outcome"]["result"], json!(["approved"]));
    let expected =
        "task.submitted stage.opened review.submitted stage.completed stage.opened review.submitted stage.completed task.reviewed";
    assert_eq!(history(server, &task).await.join(" "), expected);

    let task = server.task(ours, "refund", json!({})).await;
    decide(server, &task, &ours.reviewer, "rejected").await;
    let decided = now(server, &task).await;
    assert_eq!(
        (&decided["state"], &decided["outcome"]["result"], &decided["stage"]),
        (&json!("reviewed"), &json!(["rejected"]), &json!(0))
    );
}

async fn who_reviewed_an_earlier_stage_is_kept_from_the_next(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "refund", two_stages(json!({"key": "second", "actor": "people"}))).await;
    let task = server.task(ours, "refund", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(403, "separation_of_duties", None);
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.refused(403, "separation_of_duties", None);
    assert_eq!(server.get("/v1/task/next", &ours.reviewer.token).await.status, 204);
    // Where a stage is not separate, the same person may go on.
    queue(server, "small", two_stages(json!({"key": "second", "actor": "people", "separate": false}))).await;
    let task = server.task(ours, "small", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    decide(server, &task, &ours.reviewer, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_requester_does_not_review_their_own_task(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let body = json!({"queue_key": "mails", "data": {}});
    let task = server.post("/v1/task", &ours.admin.token, body.clone()).await.ok(201);
    server.review(&task, &ours.admin, json!({"result": ["approved"]})).await.refused(403, "separation_of_duties", None);
    decide(server, &task, &ours.reviewer, "approved").await;
    server.patch("/v1/queue/mails", &ours.admin.token, json!({"allow_own_review": true})).await.ok(200);
    let task = server.post("/v1/task", &ours.admin.token, body).await.ok(201);
    decide(server, &task, &ours.admin, "approved").await;
}

async fn a_stage_asks_its_own_people_only(server: &TestServer) {
    let ours = &server.ours;
    let lead = json!({"key": "lead", "actor": "people", "reviewers": {"groups": [], "member_ids": [ours.second.id]}});
    queue(server, "refund", two_stages(lead)).await;
    let task = server.task(ours, "refund", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    server.review(&task, &ours.admin, json!({"result": ["approved"]})).await.refused(403, "not_a_reviewer", None);
    assert_eq!(server.get("/v1/task/next", &ours.admin.token).await.status, 204);
    let turns = server.get("/v1/task?order=turn&state=queued", &ours.admin.token).await.ok(200);
    assert_eq!(turns, json!([]), "nor is it in the list of turns");
    assert_eq!(server.get("/v1/task/next", &ours.second.token).await.ok(200)["id"], task["id"]);
    decide(server, &task, &ours.second, "approved").await;
}

async fn the_same_person_through_two_memberships_is_one(server: &TestServer) {
    let ours = &server.ours;
    for person in [&ours.reviewer, &ours.second] {
        let path = format!("/v1/member/{}/availability", person.id);
        server.patch(&path, &ours.admin.token, json!({"person": "rita@example.org"})).await.ok(200);
    }
    let rule = json!({"type": "unanimous", "n": 2});
    queue(server, "deploys", json!({"stages": [{"key": "review", "actor": "people", "rule": rule}]})).await;
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    server.review(&task, &ours.second, json!({"result": ["approved"]})).await.refused(403, "separation_of_duties", None);
    decide(server, &task, &ours.admin, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_reopened_task_starts_at_the_first_stage(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "refund", two_stages(json!({"key": "second", "actor": "people"}))).await;
    let task = server.task(ours, "refund", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    decide(server, &task, &ours.second, "approved").await;
    let open = server.act(&task, "reopen", &ours.admin.token, json!({"reason": "New facts"})).await.ok(200);
    assert_eq!((&open["stage"], &open["wanted"], &open["reviews"]), (&json!(0), &json!(1), &json!([])));
    decide(server, &task, &ours.second, "approved").await;
    decide(server, &task, &ours.reviewer, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_preset_with_a_model_goes_to_people_when_there_is_none(server: &TestServer) {
    let ours = &server.ours;
    for (assignment, stage) in [("ai_first", 1), ("ai_last", 0)] {
        queue(server, assignment, json!({"assignment": assignment})).await;
        let task = server.task(ours, assignment, json!({})).await;
        assert_eq!((&task["state"], &task["stage"]), (&json!("queued"), &json!(stage)), "{assignment}");
        decide(server, &task, &ours.reviewer, "approved").await;
        let decided = now(server, &task).await;
        assert_eq!((&decided["state"], &decided["outcome"]["rule"]), (&json!("reviewed"), &json!("single_review")), "{assignment}");
        let passed = told(server, &task, "stage.passed").await;
        assert_eq!((passed.len(), &passed[0]["why"]), (1, &json!("abstained")), "{assignment}: {passed:?}");
    }
}
