//! Offers: in turn, declined, passed by, taken; and when nobody is left.

use jiff::SignedDuration;
use serde_json::json;
use signoff_testkit::{TestServer, both, id};

use crate::kit::{accept, approve, available, decline, explained, is_offered, offered, offers, queue, settle, stopped_by, task, told};

both!(TestServer:
    tasks_are_offered_in_turn,
    an_offer_says_what_is_asked_and_until_when,
    accepting_makes_the_task_ones_own,
    claiming_an_offered_task_accepts_the_offer,
    a_declined_task_goes_to_the_next,
    an_offer_whose_time_is_over_goes_to_the_next,
    when_nobody_is_left_it_is_told_once,
    what_is_not_offered_is_neither_taken_nor_declined,
    the_account_of_an_assignment_says_why,
);

async fn tasks_are_offered_in_turn(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let mut order = Vec::new();
    for _ in 0..6 {
        server.advance(SignedDuration::from_secs(1));
        let task = task(server, "mails").await;
        order.push(offered(server, &task, &ours.reviewer, &ours.second).await.0.name.clone());
    }
    assert!(order.windows(2).all(|two| two[0] != two[1]), "{order:?}");
}

async fn an_offer_says_what_is_asked_and_until_when(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let task = task(server, "mails").await;
    let offer = offers(server, &ours.reviewer).await.remove(0);
    assert_eq!((&offer["task_id"], &offer["queue_key"], &offer["strategy"]), (&task["id"], &json!("mails"), &json!("round_robin")));
    assert_eq!((&offer["offered_at"], &offer["expires_at"]), (&json!("2025-11-24T16:00:00Z"), &json!("2025-11-24T16:02:00Z")));
    assert!(offer["on_behalf_of"].is_null());
    let told = told(server, "task.offered").await;
    assert_eq!(told.len(), 1);
    assert_eq!((&told[0]["member_id"], &told[0]["strategy"]), (&json!(ours.reviewer.id), &json!("round_robin")));
    assert!(offers(server, &ours.second).await.is_empty());
}

async fn accepting_makes_the_task_ones_own(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let task = task(server, "mails").await;
    let (one, other) = offered(server, &task, &ours.reviewer, &ours.second).await;
    // What is offered to one is not another's to take meanwhile.
    server.act(&task, "claim", &other.token, json!({})).await.refused(409, "task_assigned", None);
    let accepted = accept(server, &task, one).await;
    assert_eq!(accepted.header("etag"), Some("\"1\""));
    assert_eq!(accepted.ok(200)["assignee_id"], one.id.as_str());
    assert!(offers(server, one).await.is_empty());
    server.advance(SignedDuration::from_hours(1));
    settle(server).await;
    assert!(!is_offered(server, &task, other).await, "an accepted task is offered to nobody else");
    assert_eq!(told(server, "task.assigned").await[0]["assignee_id"], one.id.as_str());
    assert_eq!(approve(server, &task, one).await["reviewer_id"], one.id.as_str());
}

async fn claiming_an_offered_task_accepts_the_offer(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let task = task(server, "mails").await;
    let (one, _) = offered(server, &task, &ours.reviewer, &ours.second).await;
    let claim = server.act(&task, "claim", &one.token, json!({})).await.ok(200);
    assert_eq!(claim["task"]["assignee_id"], one.id.as_str());
    assert!(offers(server, one).await.is_empty());
    accept(server, &task, one).await.refused(409, "offer_ended", None);
}

async fn a_declined_task_goes_to_the_next(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let task = task(server, "mails").await;
    let (one, other) = offered(server, &task, &ours.reviewer, &ours.second).await;
    server.act(&task, "offer/decline", &one.token, json!({"reason": " "})).await.refused(400, "validation_error", Some("/reason"));
    decline(server, &task, one).await;
    assert!(is_offered(server, &task, other).await && !is_offered(server, &task, one).await);
    let ended = told(server, "offer.ended").await;
    assert_eq!((&ended[0]["member_id"], &ended[0]["state"]), (&json!(one.id), &json!("declined")));
    assert_eq!(stopped_by(server, &task, one).await, "declined");
}

async fn an_offer_whose_time_is_over_goes_to_the_next(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |config| config.routing.offer_timeout_seconds = 30).await;
    let task = task(server, "mails").await;
    let (one, other) = offered(server, &task, &ours.reviewer, &ours.second).await;
    server.advance(SignedDuration::from_secs(29));
    settle(server).await;
    assert!(is_offered(server, &task, one).await);
    server.advance(SignedDuration::from_secs(1));
    accept(server, &task, one).await.refused(409, "offer_ended", None);
    settle(server).await;
    assert!(is_offered(server, &task, other).await && !is_offered(server, &task, one).await);
    assert_eq!(told(server, "offer.ended").await[0]["state"], "expired");
    accept(server, &task, other).await.ok(200);
}

async fn when_nobody_is_left_it_is_told_once(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer, &ours.second], |_| ()).await;
    let task = task(server, "mails").await;
    let (one, other) = offered(server, &task, &ours.reviewer, &ours.second).await;
    decline(server, &task, one).await;
    decline(server, &task, other).await;
    for _ in 0..5 {
        server.advance(SignedDuration::from_secs(61));
        settle(server).await;
    }
    let unroutable = told(server, "task.unroutable").await;
    assert_eq!(unroutable.len(), 1, "{unroutable:?}");
    assert_eq!(unroutable[0]["reason"], json!({"kind": "emptied_by", "filter": "declined"}));
    // Whoever is not asked again may still take it.
    server.act(&task, "claim", &one.token, json!({})).await.ok(200);
}

async fn what_is_not_offered_is_neither_taken_nor_declined(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let task = task(server, "mails").await;
    accept(server, &task, &ours.second).await.refused(409, "offer_ended", None);
    let declined = server.act(&task, "offer/decline", &ours.second.token, json!({"reason": "No"})).await;
    declined.refused(409, "offer_ended", None);
    accept(server, &task, &ours.auditor).await.refused(403, "permission_denied", None);
    server.get("/v1/me/offer", &ours.auditor.token).await.refused(403, "permission_denied", None);
    server.get("/v1/me/offer", &ours.agent).await.refused(403, "permission_denied", None);
    server.act(&task, "offer/accept", &server.theirs.reviewer.token, json!({})).await.refused(404, "not_found", None);
    let path = format!("/v1/task/{}/assignment/explain", id(&task));
    server.get(&path, &server.theirs.owner.token).await.refused(404, "not_found", None);
    server.get(&path, &ours.agent).await.refused(403, "permission_denied", None);
}

async fn the_account_of_an_assignment_says_why(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "load_balanced", &[&ours.reviewer, &ours.second], |_| ()).await;
    available(server, &ours.reviewer, json!({"presence": "away"})).await;
    let task = task(server, "mails").await;
    let account = explained(server, &task).await;
    let last = &account["last"];
    assert_eq!(last["at"], "2025-11-24T16:00:00Z");
    assert_eq!((&last["explanation"]["strategy"], &last["explanation"]["candidates"]), (&json!("load_balanced"), &json!(5)));
    assert_eq!(last["explanation"]["score"], json!({"by": "spare_share", "spare_units": 10, "capacity_units": 10}));
    let left = last["explanation"]["left"].as_array().unwrap();
    assert_eq!(left.len(), 14);
    // The auditor cannot review, the reviewer is away, owner and administrator are not of the queue.
    assert_eq!((&left[0], &left[1]), (&json!({"filter": "enabled", "left": 4}), &json!({"filter": "presence", "left": 3})));
    assert_eq!(left[3], json!({"filter": "access", "left": 1}));
    assert_eq!((&account["now"]["reason"], &account["would_choose"]), (&json!({"kind": "emptied_by", "filter": "holds"}), &json!(null)));
    let members = account["members"].as_array().unwrap();
    let of = |person: &str| members.iter().find(|member| member["member_id"] == person).unwrap();
    assert_eq!(
        (&of(&ours.reviewer.id)["stopped_by"], &of(&ours.reviewer.id)["why"]),
        (&json!("presence"), &json!("The member is not online."))
    );
    assert_eq!(of(&ours.owner.id)["stopped_by"], "access");
    assert_eq!(of(&ours.second.id)["stopped_by"], "holds");

    approve(server, &task, &ours.second).await;
    let account = explained(server, &task).await;
    assert!(account["now"].is_null() && account["members"].as_array().unwrap().is_empty());
    assert!(!account["last"].is_null());
}
