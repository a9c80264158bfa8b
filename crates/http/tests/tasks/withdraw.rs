//! Who may no longer review holds no task: what was theirs is open to others.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

both!(TestServer:
    who_loses_the_right_to_review_holds_nothing,
    who_keeps_it_keeps_their_tasks,
    nobody_who_may_not_review_is_assigned,
);

/// A task that is assigned to the reviewer, one that they hold, one that is both, and one that they decided.
async fn held(server: &TestServer) -> [Value; 4] {
    let ours = &server.ours;
    let mut tasks = Vec::new();
    for (n, (assigned, claimed)) in [(true, false), (false, true), (true, true), (true, false)].into_iter().enumerate() {
        let task = server.task(ours, "mails", json!({"n": n})).await;
        if assigned {
            server.act(&task, "assign", &ours.admin.token, json!({"assignee_id": ours.reviewer.id})).await.ok(200);
        }
        if claimed {
            server.act(&task, "claim", &ours.reviewer.token, json!({})).await.ok(200);
        }
        tasks.push(task);
    }
    server.review(&tasks[3], &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    tasks.try_into().unwrap()
}

async fn who_loses_the_right_to_review_holds_nothing(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let path = format!("/v1/member/{}", ours.reviewer.id);
    for (change, back) in
        [(json!({"role": "auditor"}), json!({"role": "reviewer"})), (json!({"state": "disabled"}), json!({"state": "active"}))]
    {
        let [assigned, claimed, both, decided] = held(server).await;
        let size = server.events(ours).await.len();
        server.patch(&path, &ours.admin.token, change.clone()).await.ok(200);
        for task in [&assigned, &claimed, &both] {
            let task = server.reread(ours, task).await;
            assert!(task["assignee_id"].is_null() && task["lease"].is_null() && task["state"] == "queued", "{change}: {task}");
        }
        assert_eq!(server.reread(ours, &decided).await["assignee_id"], ours.reviewer.id, "what was decided stays as it was");
        let events = server.events(ours).await;
        let told: Vec<_> = events[size..].iter().map(|event| (&event["type"], &event["task_id"])).collect();
        let (released, unassigned) = (json!("task.released"), json!("task.assigned"));
        for row in [
            (&unassigned, &assigned["id"]),
            (&released, &claimed["id"]),
            (&unassigned, &both["id"]),
            (&json!("member.updated"), &Value::Null),
        ] {
            assert_eq!(told.iter().filter(|told| **told == row).count(), 1, "{row:?} in {told:?}");
        }
        assert_eq!(told.len(), 4);
        let event = events[size..].iter().find(|event| event["task_id"] == assigned["id"]).unwrap();
        assert_eq!(event["detail"], json!({"assignee_id": null, "before": ours.reviewer.id}));
        // Others go on at once.
        for task in [&assigned, &claimed, &both] {
            server.act(task, "claim", &ours.second.token, json!({})).await.ok(200);
            server.review(task, &ours.second, json!({"result": ["rejected"]})).await.ok(201);
        }
        server.patch(&path, &ours.admin.token, back).await.ok(200);
        if change["state"] == "disabled" {
            break;
        }
    }
    // The log of all this is one that can have happened.
    let export = server.get("/v1/audit/export?payloads=true", &ours.auditor.token).await.text;
    let mut verifier = signoff_domain::log::verify::Verifier::new(signoff_domain::log::verify::Trust::default());
    verifier.push(export.as_bytes()).unwrap();
    verifier.finish().unwrap();
}

async fn who_keeps_it_keeps_their_tasks(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let [assigned, claimed, ..] = held(server).await;
    let path = format!("/v1/member/{}", ours.reviewer.id);
    server.patch(&path, &ours.admin.token, json!({"name": "Rita", "role": "admin"})).await.ok(200);
    assert_eq!(server.reread(ours, &assigned).await["assignee_id"], ours.reviewer.id);
    assert_eq!(server.reread(ours, &claimed).await["lease"]["member_id"], ours.reviewer.id);
}

async fn nobody_who_may_not_review_is_assigned(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "mails", "name": "Mails", "review_type": "approval", "reviewer_ids": [ours.second.id]})).await;
    let task = server.task(ours, "mails", json!({})).await;
    let stranger = &server.theirs.reviewer.id;
    let text = "Not an active reviewer of this queue.";
    for member in [&ours.reviewer.id, &ours.auditor.id, stranger] {
        let assigned = server.act(&task, "assign", &ours.admin.token, json!({"assignee_id": member})).await;
        let submitted = server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {}, "assignee_id": member})).await;
        for refused in [assigned, submitted] {
            refused.refused(400, "validation_error", Some("/assignee_id"));
            assert_eq!(refused.body["detail"], text);
        }
    }
    server.act(&task, "assign", &ours.admin.token, json!({"assignee_id": ours.second.id})).await.ok(200);
    assert!(id(&task).starts_with("task_"));
}
