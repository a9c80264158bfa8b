//! The event stream on one replica tells of what happened on both, each event once and in order.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use signoff_testkit::{Replica, TestServer};
use tokio::time::timeout;

use crate::{end, two};

const TASKS: usize = 30;

/// An open event stream, read message by message.
struct Events {
    bytes: futures_util::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    rest: String,
}

impl Events {
    async fn open(replica: &Replica, server: &TestServer, last: Option<i64>) -> Self {
        let mut request = replica.get("/v1/event/stream", &server.ours.owner.token);
        if let Some(last) = last {
            request = request.header("last-event-id", &last.to_string());
        }
        let response = request.open().await;
        assert_eq!(response.status(), 200);
        let mut events = Self { bytes: response.bytes_stream().boxed(), rest: String::new() };
        // The first message is a comment: from now on nothing is missed.
        let hello = events.message().await;
        assert!(hello.contains(": connected"), "{hello}");
        events
    }

    /// The text up to the next empty line.
    async fn message(&mut self) -> String {
        loop {
            if let Some((message, rest)) = self.rest.split_once("\n\n") {
                let (message, rest) = (message.to_owned(), rest.to_owned());
                self.rest = rest;
                return message;
            }
            let bytes =
                timeout(Duration::from_secs(10), self.bytes.next()).await.expect("the next event").expect("an open stream").unwrap();
            self.rest.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// The next event: its `id:` and its data agree.
    async fn next(&mut self) -> Value {
        loop {
            let message = self.message().await;
            let field = |name: &str| message.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            let Some(data) = field("data") else { continue };
            let event: Value = serde_json::from_str(data).unwrap();
            assert_eq!(field("id").unwrap(), event["seq"].to_string());
            assert_eq!(field("event").unwrap(), event["type"]);
            return event;
        }
    }
}

/// Submits and decides tasks on both replicas at once.
async fn work(server: &TestServer, other: &Replica) {
    let one = |n: usize| async move {
        let (submits, decides) = if n.is_multiple_of(2) { (&**server, other) } else { (other, &**server) };
        let task = submits.task(&server.ours, "refund", json!({"n": n})).await;
        decides.review(&task, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    };
    futures_util::stream::iter(0..TASKS).map(one).buffer_unordered(6).collect::<Vec<()>>().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_tells_each_event_of_both_replicas_once_and_in_order() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    let start = server.log_size(&server.ours).await;
    let mut streams = [Events::open(&server, &server, None).await, Events::open(&other, &server, None).await];
    work(&server, &other).await;
    let all = server.events(&server.ours).await;
    let expected = &all[usize::try_from(start).unwrap()..];
    assert!(expected.len() >= 3 * TASKS);
    for stream in &mut streams {
        for expected in expected {
            assert_eq!(&stream.next().await, expected);
        }
    }
    drop(streams);
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_breaks_goes_on_at_the_other_replica_where_it_was() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    let start = i64::try_from(server.log_size(&server.ours).await).unwrap();
    let read = async {
        let mut seen = vec![start - 1];
        // Every few events the connection is lost, and the client connects to the other replica.
        for round in 0..12 {
            let replica = if round % 2 == 0 { &*server } else { &other };
            let mut stream = Events::open(replica, &server, seen.last().copied()).await;
            for _ in 0..7 {
                seen.push(stream.next().await["seq"].as_i64().unwrap());
            }
        }
        seen
    };
    let (seen, ()) = tokio::join!(read, work(&server, &other));
    assert_eq!(seen, (start - 1..start - 1 + i64::try_from(seen.len()).unwrap()).collect::<Vec<_>>());
    end(server, other).await;
}
