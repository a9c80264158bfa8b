//! Absences: what becomes of open work, what would be left without anybody, who may say so.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Person, TestServer, both, id};

use crate::kit::{accept, approve, is_offered, offered, queue, settle, stopped_by, task, told};

both!(TestServer:
    who_is_absent_gets_nothing,
    open_work_is_kept_returned_or_delegated,
    what_a_delegate_reviews_is_on_behalf_of_the_absent_member,
    an_absence_is_taken_back,
    a_preview_names_what_would_be_left_without_anybody,
    members_are_absent_themselves_and_administrators_say_it_of_others,
    an_absence_has_a_beginning_and_an_end,
);

/// An absence of an hour in one hour.
fn soon(person: &Person, open_work: &str) -> Value {
    json!({
        "member_id": person.id, "starts_at": "2025-11-24T17:00:00Z", "ends_at": "2025-11-24T18:00:00Z", "open_work": open_work,
    })
}

async fn who_is_absent_gets_nothing(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let absence = server.post("/v1/absence", &ours.reviewer.token, soon(&ours.reviewer, "keep")).await.ok(201);
    assert!(id(&absence).starts_with("abs_"));
    assert_eq!((&absence["open_work"], &absence["reason"]), (&json!("keep"), &Value::Null));
    server.advance(SignedDuration::from_hours(1));
    let task = task(server, "mails").await;
    assert!(!is_offered(server, &task, &ours.reviewer).await);
    assert_eq!(stopped_by(server, &task, &ours.reviewer).await, "hours");
    server.advance(SignedDuration::from_hours(1));
    settle(server).await;
    assert!(is_offered(server, &task, &ours.reviewer).await, "back again");
    let created = told(server, "absence.created").await;
    assert_eq!((&created[0]["absence_id"], &created[0]["member_id"]), (&absence["id"], &json!(ours.reviewer.id)));
}

/// A task that one of the two has accepted; answers who, and who has not.
async fn accepted(server: &TestServer) -> (Value, &Person, &Person) {
    let ours = &server.ours;
    let task = task(server, "mails").await;
    let (one, other) = offered(server, &task, &ours.reviewer, &ours.second).await;
    accept(server, &task, one).await.ok(200);
    (task, one, other)
}

async fn open_work_is_kept_returned_or_delegated(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let (kept, one, _) = accepted(server).await;
    server.post("/v1/absence", &one.token, soon(one, "keep")).await.ok(201);
    server.advance(SignedDuration::from_hours(1));
    settle(server).await;
    assert_eq!(server.reread(ours, &kept).await["assignee_id"], one.id.as_str());

    server.advance(SignedDuration::from_hours(1));
    let (returned, one, other) = accepted(server).await;
    let absence = json!({"starts_at": "2025-11-24T19:00:00Z", "ends_at": "2025-11-24T20:00:00Z", "open_work": "return"});
    server.post("/v1/absence", &one.token, absence).await.ok(201);
    server.advance(SignedDuration::from_hours(1));
    settle(server).await;
    assert!(server.reread(ours, &returned).await["assignee_id"].is_null());
    assert!(is_offered(server, &returned, other).await);
    assert_eq!(told(server, "task.assigned").await.last().unwrap()["cause"], "absence");
}

async fn what_a_delegate_reviews_is_on_behalf_of_the_absent_member(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let delegation = json!({
        "to": {"member": ours.second.id}, "starts_at": "2025-11-24T16:00:00Z", "ends_at": "2025-11-25T00:00:00Z", "include_existing": true,
    });
    server.post("/v1/delegation", &ours.reviewer.token, delegation).await.ok(201);
    let open = task(server, "mails").await;
    accept(server, &open, &ours.reviewer).await.ok(200);
    assert!(!is_offered(server, &open, &ours.second).await, "the member is there");
    server.post("/v1/absence", &ours.reviewer.token, soon(&ours.reviewer, "delegate")).await.ok(201);
    server.advance(SignedDuration::from_hours(1));
    settle(server).await;
    // What was open went over, what is new is offered.
    assert_eq!(server.reread(ours, &open).await["assignee_id"], ours.second.id.as_str());
    let handed = told(server, "task.assigned").await.pop().unwrap();
    assert_eq!(
        (&handed["cause"], &handed["before"], &handed["on_behalf_of"]),
        (&json!("delegation"), &json!(ours.reviewer.id), &json!(ours.reviewer.id))
    );
    let new = task(server, "mails").await;
    let offer = crate::kit::offers(server, &ours.second).await.remove(0);
    assert_eq!((&offer["task_id"], &offer["on_behalf_of"]), (&new["id"], &json!(ours.reviewer.id)));
    for task in [&open, &new] {
        let review = approve(server, task, &ours.second).await;
        assert_eq!((&review["reviewer_id"], &review["on_behalf_of"]), (&json!(ours.second.id), &json!(ours.reviewer.id)));
    }
    let reviewed = told(server, "review.submitted").await;
    assert!(reviewed.iter().all(|detail| detail["on_behalf_of"] == ours.reviewer.id.as_str()), "{reviewed:?}");
}

async fn an_absence_is_taken_back(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let absence = server.post("/v1/absence", &ours.reviewer.token, soon(&ours.reviewer, "keep")).await.ok(201);
    server.advance(SignedDuration::from_mins(90));
    let task = task(server, "mails").await;
    assert!(!is_offered(server, &task, &ours.reviewer).await);
    let path = format!("/v1/absence/{}", id(&absence));
    server.delete(&path, &ours.second.token).await.refused(403, "permission_denied", None);
    server.delete(&path, &ours.reviewer.token).await.ok(204);
    settle(server).await;
    assert!(is_offered(server, &task, &ours.reviewer).await, "back at once");
    server.delete(&path, &ours.reviewer.token).await.refused(404, "not_found", None);
    assert_eq!(server.get("/v1/absence", &ours.auditor.token).await.ok(200), json!([]));
    assert_eq!(told(server, "absence.revoked").await.len(), 1);
}

async fn a_preview_names_what_would_be_left_without_anybody(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    queue(server, "posts", "pull", &[&ours.reviewer], |_| ()).await;
    server.post("/v1/absence", &ours.second.token, soon(&ours.second, "keep")).await.ok(201);
    let preview = |query: &str| server.get(&format!("/v1/absence/preview?{query}"), &ours.auditor.token);
    let day = "from=2025-11-24T16:00:00Z&to=2025-11-25T16:00:00Z";
    assert_eq!(preview(day).await.ok(200), json!([]));
    let gap = |key: &str, from: &str, to: &str| json!({"queue_key": key, "lack": {"kind": "anybody"}, "from": from, "to": to});
    let uncovered = preview(&format!("{day}&member_id={}", ours.reviewer.id)).await.ok(200);
    assert_eq!(
        uncovered,
        json!([gap("mails", "2025-11-24T17:00:00Z", "2025-11-24T18:00:00Z"), gap("posts", "2025-11-24T16:00:00Z", "2025-11-25T16:00:00Z")])
    );
    preview("from=2025-11-24T16:00:00Z").await.refused(400, "validation_error", Some("to"));
    preview("from=2025-11-25T16:00:00Z&to=2025-11-24T16:00:00Z").await.refused(400, "validation_error", Some("to"));
    preview(&format!("{day}&member_id=x")).await.refused(400, "validation_error", Some("member_id"));
    let theirs = &server.theirs.reviewer.id;
    preview(&format!("{day}&member_id={theirs}")).await.refused(400, "validation_error", Some("member_id"));
    assert_eq!(server.get("/v1/absence", &ours.auditor.token).await.ok(200).as_array().unwrap().len(), 1, "a preview is no absence");
}

async fn members_are_absent_themselves_and_administrators_say_it_of_others(server: &TestServer) {
    let ours = &server.ours;
    let of_second = soon(&ours.second, "keep");
    server.post("/v1/absence", &ours.reviewer.token, of_second.clone()).await.refused(403, "permission_denied", None);
    server.post("/v1/absence", &ours.admin.token, of_second.clone()).await.ok(201);
    server.post("/v1/absence", &ours.agent, of_second).await.refused(403, "permission_denied", None);
    let theirs = soon(&server.theirs.reviewer, "keep");
    server.post("/v1/absence", &ours.admin.token, theirs).await.refused(400, "validation_error", Some("/member_id"));
    // The same key and body make one absence.
    let own = soon(&ours.reviewer, "keep");
    let once = async || server.post("/v1/absence", &ours.reviewer.token, own.clone()).header("idempotency-key", "a").await.ok(201);
    assert_eq!(once().await, once().await);
    assert_eq!(server.get("/v1/absence", &ours.second.token).await.ok(200).as_array().unwrap().len(), 2);
    assert_eq!(server.get("/v1/absence", &server.theirs.owner.token).await.ok(200), json!([]));
}

async fn an_absence_has_a_beginning_and_an_end(server: &TestServer) {
    let ours = &server.ours;
    let size = server.log_size(ours).await;
    for (starts_at, ends_at) in [("2025-12-02T00:00:00Z", "2025-12-01T00:00:00Z"), ("2025-12-01T00:00:00Z", "2026-12-03T00:00:00Z")] {
        let body = json!({"starts_at": starts_at, "ends_at": ends_at});
        server.post("/v1/absence", &ours.reviewer.token, body).await.refused(400, "validation_error", Some("/ends_at"));
    }
    assert_eq!(server.log_size(ours).await, size);
}
