//! Several reviews make one decision.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

use crate::{decide, history, now, queue, told};

both!(TestServer:
    two_of_two_have_to_agree,
    one_rejection_ends_it_where_any_vetoes,
    a_majority_ends_it_before_the_last_review,
    reviews_are_blind_until_ones_own_is_in,
    nobody_reviews_twice_and_nobody_pushes_in,
    a_revision_voids_the_votes,
    a_mean_of_scores_is_the_outcome,
    scores_too_far_apart_go_to_adjudication,
    a_quorum_of_groups_asks_all_of_it_at_once,
    too_few_reviewers_are_reported,
    late_work_is_kept_as_surplus_when_asked,
    an_override_decides_with_a_reason_and_is_recorded_as_one,
);

fn rule(rule: Value) -> Value {
    json!({"stages": [{"key": "review", "actor": "people", "rule": rule}]})
}

async fn two_of_two_have_to_agree(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "unanimous", "n": 2}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    assert_eq!((&task["stage"], &task["wanted"]), (&json!(0), &json!(2)));
    decide(server, &task, &ours.reviewer, "approved").await;
    let between = now(server, &task).await;
    assert_eq!((&between["state"], &between["wanted"], &between["outcome"]), (&json!("queued"), &json!(1), &Value::Null));
    decide(server, &task, &ours.second, "approved").await;
    let decided = now(server, &task).await;
    assert_eq!((&decided["state"], &decided["outcome"]["rule"]), (&json!("reviewed"), &json!("unanimous")));
    assert_eq!((&decided["outcome"]["result"], &decided["outcome"]["agreement"]), (&json!(["approved"]), &json!(1.0)));
    assert_eq!(decided["reviews"].as_array().unwrap().len(), 2);
    // One who disagrees makes no approval: on an approval queue that is a rejection.
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    decide(server, &task, &ours.second, "rejected").await;
    let split = now(server, &task).await;
    assert_eq!((&split["outcome"]["result"], &split["outcome"]["rule"]), (&json!(["rejected"]), &json!("disagreement")));
    assert_eq!(split["reviews"].as_array().unwrap().last().unwrap()["reviewer"]["type"], "policy");
}

async fn one_rejection_ends_it_where_any_vetoes(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "any_reject_vetoes", "n": 3}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    decide(server, &task, &ours.second, "rejected").await;
    let decided = now(server, &task).await;
    assert_eq!((&decided["outcome"]["result"], &decided["outcome"]["rule"]), (&json!(["rejected"]), &json!("any_reject_vetoes")));
    server.review(&task, &ours.admin, json!({"result": ["approved"]})).await.refused(409, "already_decided", None);
}

async fn a_majority_ends_it_before_the_last_review(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "majority", "n": 3}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    assert_eq!(now(server, &task).await["wanted"], 2);
    decide(server, &task, &ours.second, "approved").await;
    let decided = now(server, &task).await;
    assert_eq!((&decided["outcome"]["result"], &decided["outcome"]["rule"]), (&json!(["approved"]), &json!("majority")));
    assert!(history(server, &task).await.ends_with(&["review.submitted".into(), "stage.completed".into(), "task.reviewed".into()]));
}

async fn reviews_are_blind_until_ones_own_is_in(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "unanimous", "n": 3}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    let first = decide(server, &task, &ours.reviewer, "approved").await;
    let path = format!("/v1/task/{}", id(&task));
    let seen_by = |token| server.get(&path, token);
    assert_eq!(seen_by(&ours.second.token).await.ok(200)["reviews"], json!([]));
    assert_eq!(seen_by(&ours.reviewer.token).await.ok(200)["reviews"][0]["id"], first["id"]);
    let listed = server.get(&format!("/v1/review?task_id={}", id(&task)), &ours.second.token).await.ok(200);
    assert_eq!(listed, json!([]), "the list of reviews tells no more than the task");
    server.get(&format!("/v1/review/{}", id(&first)), &ours.second.token).await.refused(404, "not_found", None);
    let submitted = told(server, &task, "review.submitted").await;
    assert_eq!(submitted[0].get("result"), None, "nor does the event");
    decide(server, &task, &ours.second, "approved").await;
    assert_eq!(seen_by(&ours.second.token).await.ok(200)["reviews"].as_array().unwrap().len(), 2);
    assert_eq!(seen_by(&ours.admin.token).await.ok(200)["reviews"], json!([]), "who may still review it does not see either");
}

async fn nobody_reviews_twice_and_nobody_pushes_in(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "unanimous", "n": 2}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
    server.act(&task, "claim", &ours.second.token, json!({})).await.ok(200);
    server.act(&task, "claim", &ours.admin.token, json!({})).await.refused(409, "task_leased", None);
    assert_eq!(server.get("/v1/task/next", &ours.admin.token).await.status, 204, "both places are taken");
    decide(server, &task, &ours.reviewer, "approved").await;
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.refused(409, "already_reviewed", None);
    assert_eq!(server.get("/v1/task/next", &ours.reviewer.token).await.status, 204);
    assert_eq!(server.get("/v1/task/next", &ours.second.token).await.ok(200)["id"], task["id"]);
}

async fn a_revision_voids_the_votes(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "unanimous", "n": 2}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    let revised = server.act(&task, "revise", &ours.agent, json!({"data": {"n": 2}})).await.ok(200);
    assert_eq!((&revised["wanted"], &revised["reviews"]), (&json!(2), &json!([])));
    // Who voted on the old content votes on the new one.
    decide(server, &revised, &ours.reviewer, "approved").await;
    assert_eq!(now(server, &task).await["state"], "queued");
    decide(server, &revised, &ours.second, "approved").await;
    assert_eq!(now(server, &task).await["state"], "reviewed");
}

async fn a_mean_of_scores_is_the_outcome(server: &TestServer) {
    let ours = &server.ours;
    let stages = rule(json!({"type": "numeric", "n": 2, "aggregate": "mean"}))["stages"].clone();
    server.queue(ours, json!({"key": "posts", "name": "Posts", "review_type": "scoring", "stages": stages})).await;
    let task = server.task(ours, "posts", json!({})).await;
    server.review(&task, &ours.reviewer, json!({"result": ["4"]})).await.ok(201);
    server.review(&task, &ours.second, json!({"result": ["5"]})).await.ok(201);
    let outcome = now(server, &task).await["outcome"].clone();
    assert_eq!((&outcome["result"], &outcome["value"]["score"], &outcome["rule"]), (&json!(["4.5"]), &json!(4.5), &json!("numeric_mean")));
}

async fn scores_too_far_apart_go_to_adjudication(server: &TestServer) {
    let ours = &server.ours;
    let stages = json!([
        {"key": "score", "actor": "people", "rule": {"type": "numeric", "n": 2, "aggregate": "median", "max_spread": 1.0},
         "on_approve": "finish", "on_disagreement": {"stage": "adjudication"}},
        {"key": "adjudication", "actor": "people", "blind": false, "reviewers": {"groups": [], "member_ids": [ours.admin.id]}},
    ]);
    server.queue(ours, json!({"key": "posts", "name": "Posts", "review_type": "scoring", "stages": stages})).await;
    let task = server.task(ours, "posts", json!({})).await;
    server.review(&task, &ours.reviewer, json!({"result": ["1"]})).await.ok(201);
    server.review(&task, &ours.second, json!({"result": ["5"]})).await.ok(201);
    let open = now(server, &task).await;
    assert_eq!((&open["state"], &open["stage"]), (&json!("queued"), &json!(1)));
    server.review(&task, &ours.owner, json!({"result": ["3"]})).await.refused(403, "not_a_reviewer", None);
    let seen = server.get(&format!("/v1/task/{}", id(&task)), &ours.admin.token).await.ok(200);
    assert_eq!(seen["reviews"].as_array().unwrap().len(), 2, "who adjudicates sees what was said");
    server.review(&task, &ours.admin, json!({"result": ["3"]})).await.ok(201);
    assert_eq!(now(server, &task).await["outcome"]["result"], json!(["3"]));
}

async fn a_quorum_of_groups_asks_all_of_it_at_once(server: &TestServer) {
    let ours = &server.ours;
    server.define(ours, "group", "legal", json!({"name": null, "member_ids": [ours.reviewer.id]})).await;
    server.define(ours, "group", "finance", json!({"name": null, "member_ids": [ours.second.id, ours.admin.id]})).await;
    let groups = json!([{"group": "legal", "count": 1}, {"group": "finance", "count": 1}]);
    queue(server, "deploys", rule(json!({"type": "role_quorum", "groups": groups}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    assert_eq!(task["wanted"], 2);
    decide(server, &task, &ours.second, "approved").await;
    decide(server, &task, &ours.admin, "approved").await;
    assert_eq!(now(server, &task).await["state"], "queued", "two of one group are no quorum of two");
    decide(server, &task, &ours.reviewer, "approved").await;
    let decided = now(server, &task).await;
    assert_eq!((&decided["outcome"]["result"], &decided["outcome"]["rule"]), (&json!(["approved"]), &json!("role_quorum")));
}

async fn too_few_reviewers_are_reported(server: &TestServer) {
    let ours = &server.ours;
    let mut settings = rule(json!({"type": "unanimous", "n": 2}));
    settings["reviewer_ids"] = json!([ours.reviewer.id, ours.second.id]);
    settings["lead_ids"] = json!([ours.admin.id]);
    queue(server, "deploys", settings).await;
    let task = server.task(ours, "deploys", json!({})).await;
    server.act(&task, "skip", &ours.second.token, json!({"reason": "I wrote it"})).await.ok(204);
    decide(server, &task, &ours.reviewer, "approved").await;
    assert_eq!(told(server, &task, "stage.impossible").await, [json!({"missing": 1, "lead_ids": [ours.admin.id]})]);
    assert_eq!(now(server, &task).await["state"], "queued", "it is never decided by default");
}

async fn late_work_is_kept_as_surplus_when_asked(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let lease = server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200)["lease"]["id"].clone();
    server.advance(jiff::SignedDuration::from_secs(700));
    server.act(&task, "claim", &ours.second.token, json!({})).await.ok(200);
    let late = json!({"result": ["rejected"], "feedback": "Wrong address", "lease_id": lease});
    server.review(&task, &ours.reviewer, late.clone()).await.refused(409, "task_leased", None);
    let mut kept = late;
    kept["keep_late"] = json!(true);
    let surplus = server.review(&task, &ours.reviewer, kept).await.ok(201);
    assert_eq!((&surplus["surplus"], &surplus["feedback"]), (&json!(true), &json!("Wrong address")));
    let open = now(server, &task).await;
    assert_eq!((&open["state"], &open["reviews"]), (&json!("queued"), &json!([])), "it counts for nothing");
    decide(server, &task, &ours.second, "approved").await;
    assert_eq!(now(server, &task).await["outcome"]["result"], json!(["approved"]));

    // Nor is what somebody was typing lost when another's review decided meanwhile.
    let stages = rule(json!({"type": "k_of_n", "k": 1, "n": 2}));
    queue(server, "first", stages).await;
    let task = server.task(ours, "first", json!({})).await;
    let lease = server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200)["lease"]["id"].clone();
    server
        .act(&task, "override", &ours.admin.token, json!({"result": ["approved"], "reason": "Urgent"}))
        .header("if-match", "\"1\"")
        .await
        .ok(200);
    let late = json!({"result": ["rejected"], "lease_id": lease, "keep_late": true});
    assert_eq!(server.review(&task, &ours.reviewer, late).await.ok(201)["surplus"], true);
    assert_eq!(now(server, &task).await["outcome"]["result"], json!(["approved"]));
}

async fn an_override_decides_with_a_reason_and_is_recorded_as_one(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "deploys", rule(json!({"type": "unanimous", "n": 3}))).await;
    let task = server.task(ours, "deploys", json!({})).await;
    decide(server, &task, &ours.reviewer, "approved").await;
    let overrule = |who, body: Value| server.act(&task, "override", who, body).header("if-match", "\"1\"");
    let body = json!({"result": ["rejected"], "reason": "The release is off"});
    overrule(&ours.second.token, body.clone()).await.refused(403, "permission_denied", None);
    overrule(&ours.admin.token, json!({"result": ["rejected"], "reason": " "})).await.refused(400, "validation_error", Some("/reason"));
    overrule(&ours.admin.token, json!({"result": ["maybe"], "reason": "x"})).await.refused(400, "unknown_option", Some("/result/0"));
    let decided = overrule(&ours.admin.token, body.clone()).await.ok(200);
    assert_eq!((&decided["outcome"]["rule"], &decided["outcome"]["reason"]), (&json!("override"), &json!("The release is off")));
    assert!(history(server, &task).await.ends_with(&["task.overridden".into(), "task.reviewed".into()]));
    overrule(&ours.admin.token, body).await.refused(409, "already_decided", None);
}
