//! A client of the event stream.

use std::time::Duration;

use serde_json::Value;
use signoff_testkit::Request;

/// How long an event is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// One message of a stream.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) id: Option<i64>,
    pub(crate) event: Option<String>,
    pub(crate) data: Value,
    pub(crate) comment: Option<String>,
    pub(crate) retry: Option<String>,
}

/// An open stream.
pub(crate) struct Feed {
    response: reqwest::Response,
    text: String,
}

impl Feed {
    /// Opens a stream and reads its greeting.
    pub(crate) async fn open(request: Request) -> Self {
        let response = request.open().await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        let mut feed = Self { response, text: String::new() };
        let hello = feed.message(PATIENCE).await.unwrap();
        assert_eq!((hello.comment.as_deref(), hello.retry.as_deref()), (Some("connected"), Some("1000")));
        feed
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Message {
        loop {
            let message = self.message(PATIENCE).await.expect("the stream ended, or nothing came");
            if message.event.is_some() {
                assert_eq!(message.data["seq"], message.id.unwrap());
                assert_eq!(message.data["type"].as_str(), message.event.as_deref());
                return message;
            }
        }
    }

    /// The `seq` of the next events.
    pub(crate) async fn seqs(&mut self, count: usize) -> Vec<i64> {
        let mut seqs = Vec::new();
        while seqs.len() < count {
            seqs.push(self.next().await.id.unwrap());
        }
        seqs
    }

    /// Whatever comes next; `None` at the end of the stream, or when nothing comes.
    pub(crate) async fn message(&mut self, patience: Duration) -> Option<Message> {
        loop {
            if let Some((whole, rest)) = self.text.split_once("\n\n") {
                let message = parse(whole);
                self.text = rest.to_owned();
                return Some(message);
            }
            let chunk = tokio::time::timeout(patience, self.response.chunk()).await.ok()?.unwrap()?;
            self.text.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

fn parse(text: &str) -> Message {
    let mut message = Message::default();
    for line in text.lines() {
        let (field, value) = line.split_once(':').unwrap();
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => message.id = Some(value.parse().unwrap()),
            "event" => message.event = Some(value.into()),
            "data" => message.data = serde_json::from_str(value).unwrap(),
            "" => message.comment = Some(value.into()),
            "retry" => message.retry = Some(value.into()),
            other => panic!("unknown field {other}"),
        }
    }
    message
}
