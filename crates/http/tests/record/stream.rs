//! The stream of events: what comes, from where it resumes, that nothing is left out, and when it ends.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use signoff_app::{
    Caller,
    events::{EventFilter, FollowEvents, ListEvents},
};
use signoff_testkit::{Engine, Fixture, Request, TestServer, both, id};

use crate::feed::Feed;

both!(TestServer:
    without_a_place_it_starts_with_what_comes_next,
    it_resumes_after_the_last_event_that_was_seen,
    it_keeps_to_its_filters,
    nothing_is_left_out_while_many_write,
    it_ends_for_who_lost_their_rights,
    it_ends_when_the_server_drains,
    its_place_has_to_be_one,
    a_place_that_the_log_has_not_reached_is_refused,
    what_its_filters_pass_over_is_not_read_again,
);

/// An event that comes within this was not found by the sweep of every five seconds.
const BY_A_WAKE: Duration = Duration::from_secs(4);

fn stream(server: &TestServer, query: &str) -> Request {
    server.get(&format!("/v1/event/stream{query}"), &server.ours.agent)
}

async fn without_a_place_it_starts_with_what_comes_next(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    server.task(ours, "mails", json!({})).await;
    let size = i64::try_from(server.log_size(ours).await).unwrap();
    let mut feed = Feed::open(stream(server, "")).await;
    let started = tokio::time::Instant::now();
    let task = server.task(ours, "mails", json!({})).await;
    let first = feed.next().await;
    assert!(started.elapsed() < BY_A_WAKE);
    assert_eq!((first.id, first.event.as_deref(), &first.data["task_id"]), (Some(size), Some("task.submitted"), &task["id"]));
    server.review(&task, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    assert_eq!(feed.seqs(2).await, [size + 1, size + 2]);
    // What is streamed is what is listed.
    let listed = server.get(&format!("/v1/event?after={}", size - 1), &ours.agent).await.ok(200);
    assert_eq!(listed[0], first.data);
}

async fn it_resumes_after_the_last_event_that_was_seen(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    for _ in 0..3 {
        server.task(ours, "mails", json!({})).await;
    }
    let size = i64::try_from(server.log_size(ours).await).unwrap();
    let expected: Vec<_> = (size - 3..size).collect();
    let mut by_header = Feed::open(stream(server, "").header("last-event-id", &(size - 4).to_string())).await;
    assert_eq!(by_header.seqs(3).await, expected);
    let mut by_parameter = Feed::open(stream(server, &format!("?after={}", size - 4))).await;
    assert_eq!(by_parameter.seqs(3).await, expected);
    // A browser that connects again sends both: where it was counts.
    let mut both = Feed::open(stream(server, "?after=0").header("last-event-id", &(size - 4).to_string())).await;
    assert_eq!(both.seqs(3).await, expected);
    let mut whole = Feed::open(stream(server, "?after=-1")).await;
    assert_eq!(whole.seqs(usize::try_from(size).unwrap()).await, (0..size).collect::<Vec<_>>());
    server.task(ours, "mails", json!({})).await;
    for feed in [&mut by_header, &mut by_parameter, &mut both, &mut whole] {
        assert_eq!(feed.next().await.id, Some(size));
    }
}

async fn it_keeps_to_its_filters(server: &TestServer) {
    let ours = &server.ours;
    for key in ["mails", "posts"] {
        server.approval(ours, key).await;
    }
    let first = server.task(ours, "mails", json!({})).await;
    server.seal().await;
    let mut posts = Feed::open(stream(server, "?queue_key=posts")).await;
    let mut decisions = Feed::open(stream(server, "?type=task.reviewed&type=queue.*")).await;
    let mut one = Feed::open(stream(server, &format!("?task_id={}", id(&first)))).await;
    let second = server.task(ours, "posts", json!({})).await;
    server.review(&second, &ours.reviewer, json!({"result": ["rejected"]})).await.ok(201);
    server.review(&first, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.approval(ours, "more").await;
    for (feed, expected) in [
        (&mut posts, ["task.submitted", "review.submitted", "task.reviewed"].as_slice()),
        (&mut decisions, &["task.reviewed", "task.reviewed", "queue.created"]),
        (&mut one, &["review.submitted", "task.reviewed"]),
    ] {
        for event_type in expected {
            assert_eq!(feed.next().await.event.as_deref(), Some(*event_type));
        }
    }
}

async fn nothing_is_left_out_while_many_write(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let size = i64::try_from(server.log_size(ours).await).unwrap();
    let mut feeds = Vec::new();
    for _ in 0..3 {
        feeds.push(Feed::open(stream(server, "")).await);
    }
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let sends: Vec<_> =
                (0..15).map(|n| server.post("/v1/task", &ours.agent, json!({"queue_key": "mails", "data": {"n": n}}))).collect();
            tokio::spawn(async move {
                for send in sends {
                    send.await.ok(201);
                }
            })
        })
        .collect();
    // A reader that connects in the middle of it has the same from its place on.
    let mut late = Feed::open(stream(server, &format!("?after={}", size - 1))).await;
    let expected: Vec<_> = (size..size + 120).collect();
    for feed in &mut feeds {
        assert_eq!(feed.seqs(120).await, expected);
    }
    assert_eq!(late.seqs(120).await, expected);
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn it_ends_for_who_lost_their_rights(server: &TestServer) {
    let ours = &server.ours;
    let admin = server.session(ours, &ours.admin).await;
    let made = server.post("/v1/key", &admin, json!({"name": "reader", "scopes": ["event:read"]})).await.ok(201);
    let who = signoff_testkit::Who::Bearer(made["key"].as_str().unwrap().into());
    server.approval(ours, "mails").await;
    server.seal().await;
    let mut feed = Feed::open(server.get("/v1/event/stream", &who)).await;
    server.delete(&format!("/v1/key/{}", id(&made)), &admin).await.ok(204);
    for _ in 0..10 {
        server.task(ours, "mails", json!({})).await;
    }
    while let Some(message) = feed.message(Duration::from_secs(20)).await {
        // The revocation may still be heard; what comes after is not.
        assert!(message.event.as_deref().is_none_or(|event| event == "key.revoked"), "{message:?}");
    }
    server.advance(SignedDuration::from_secs(1));
    server.get("/v1/event/stream", &who).await.refused(401, "authentication_error", None);
}

async fn it_ends_when_the_server_drains(server: &TestServer) {
    let mut feed = Feed::open(stream(server, "")).await;
    server.drain();
    assert_eq!(feed.message(BY_A_WAKE).await, None);
}

async fn its_place_has_to_be_one(server: &TestServer) {
    for wrong in ["x", "-2", "1.5", "9007199254740992"] {
        stream(server, "").header("last-event-id", wrong).await.refused(400, "validation_error", Some("Last-Event-ID"));
    }
}

/// As after an older backup was restored: to wait for the number to be reached would leave out everything until then.
async fn a_place_that_the_log_has_not_reached_is_refused(server: &TestServer) {
    server.approval(&server.ours, "mails").await;
    let size = server.log_size(&server.ours).await;
    let after = |seq: u64| stream(server, &format!("?after={seq}"));
    stream(server, "").header("last-event-id", &size.to_string()).await.refused(400, "validation_error", Some("Last-Event-ID"));
    stream(server, "").header("last-event-id", "9007199254740991").await.refused(400, "validation_error", Some("Last-Event-ID"));
    after(size).await.refused(400, "validation_error", Some("after"));
    Feed::open(after(size - 1)).await;
    Feed::open(stream(server, "").header("last-event-id", &(size - 1).to_string())).await;
}

async fn what_its_filters_pass_over_is_not_read_again(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let size = i64::try_from(server.log_size(ours).await).unwrap();
    let follow = async |types: &[&str], after: i64, limit: i64| {
        let filter = EventFilter { types: types.iter().map(|name| (*name).to_owned()).collect(), ..EventFilter::default() };
        let list = ListEvents { caller: Caller::operator(ours.id), filter, after, limit };
        let followed = server.app.read(FollowEvents(list)).await.unwrap();
        (followed.events.iter().map(|event| event.seq).collect::<Vec<_>>(), followed.after)
    };
    // Nothing fits: the next page begins at the end of the log.
    assert_eq!(follow(&["task.expired"], -1, 100).await, (vec![], size - 1));
    for _ in 0..3 {
        server.task(ours, "mails", json!({})).await;
    }
    server.approval(ours, "posts").await;
    server.seal().await;
    let end = i64::try_from(server.log_size(ours).await).unwrap();
    assert_eq!(end, size + 4);
    // A full page ends with its last event, since more may fit; a short one at the end of the log.
    assert_eq!(follow(&["task.submitted"], size - 1, 2).await, (vec![size, size + 1], size + 1));
    assert_eq!(follow(&["task.submitted"], size + 1, 2).await, (vec![size + 2], end - 1));
    assert_eq!(follow(&["task.submitted"], end - 1, 2).await, (vec![], end - 1));
}

/// The database has no part in it, so one engine is enough for the wait of a quarter of a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comment_comes_every_fifteen_seconds() {
    let server = TestServer::open(Engine::Sqlite).await;
    let mut feed = Feed::open(stream(&server, "")).await;
    let started = tokio::time::Instant::now();
    let heard = feed.message(Duration::from_secs(20)).await.unwrap();
    assert_eq!(heard.comment.as_deref(), Some("alive"));
    assert!((14..18).contains(&started.elapsed().as_secs()));
    server.close().await;
}
