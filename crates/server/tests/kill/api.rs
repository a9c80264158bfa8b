//! The server's API as its clients see it: an agent's key, a person's token, and answers that may never come.

use std::{net::SocketAddr, time::Duration};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use signoff_domain::log::{checkpoint::Checkpoint, note};
use tokio::time::sleep;

use crate::program::Program;

pub(crate) const QUEUE: &str = "outbound-email";

/// The connection broke before the whole answer was there: what was asked for may or may not have happened.
#[derive(Debug)]
pub(crate) struct Unanswered;

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) next: Option<String>,
    pub(crate) body: Value,
}

impl Answer {
    /// The body, if the status is this.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    Agent,
    Person,
}

/// A request that changes something, as it is sent the first time and every time after.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) who: Who,
    pub(crate) path: String,
    pub(crate) key: String,
    pub(crate) if_match: Option<&'static str>,
    pub(crate) body: Value,
}

#[derive(Clone)]
pub(crate) struct Api {
    client: reqwest::Client,
    address: SocketAddr,
    key: String,
    token: String,
}

impl Api {
    /// Makes a queue, an agent's key and a token of the owner.
    pub(crate) async fn prepare(program: &Program) -> Self {
        let token = program.run(&["member", "token", "--email", "owner@localhost"]);
        let client = reqwest::Client::builder().build().unwrap();
        let mut api = Self { client, address: program.address, key: String::new(), token };
        let queue = json!({"key": QUEUE, "review_type": "approval", "name": "Outbound e-mail"});
        api.post("/queue", queue).await.ok(201);
        let key = api.post("/key", json!({"name": "load"})).await.ok(201);
        key["key"].as_str().unwrap().clone_into(&mut api.key);
        api
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Who::Person, Method::POST, path, |request| request.json(&body)).await.expect("an answer")
    }

    /// Sends a change.
    pub(crate) async fn change(&self, change: &Change) -> Result<Answer, Unanswered> {
        let add = |mut request: reqwest::RequestBuilder| {
            if let Some(revision) = change.if_match {
                request = request.header("if-match", revision);
            }
            request.header("idempotency-key", &change.key).json(&change.body)
        };
        self.send(change.who, Method::POST, &change.path, add).await
    }

    /// Reads from a server that runs.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Who::Person, Method::GET, path, |request| request).await.expect("an answer")
    }

    /// All rows of a list, page by page.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}?limit=100{cursor}")).await;
            cursor = page.next.as_ref().map(|next| format!("&cursor={next}")).unwrap_or_default();
            let Value::Array(page) = page.ok(200) else { panic!("{path} is not a list") };
            rows.extend(page);
            if cursor.is_empty() {
                return rows;
            }
        }
    }

    /// Waits for a task as an agent does: over and over, whatever becomes of the server meanwhile.
    pub(crate) async fn wait_until_settled(&self, id: &str) -> Value {
        loop {
            match self.send(Who::Agent, Method::GET, &format!("/task/{id}/wait?timeout=60"), |request| request).await {
                Ok(answer) => {
                    let task = answer.ok(200);
                    if task["state"] != "queued" {
                        return task;
                    }
                }
                Err(Unanswered) => sleep(Duration::from_millis(10)).await,
            }
        }
    }

    /// How many requests wait on the server.
    pub(crate) async fn waiters(&self) -> u64 {
        let text = self.text("/metrics").await;
        let line = text.lines().find_map(|line| line.strip_prefix("signoff_waiters "));
        line.and_then(|count| count.parse().ok()).expect("the gauge of waiters")
    }

    /// The signed state of the log.
    pub(crate) async fn checkpoint(&self) -> Checkpoint {
        let note = self.text("/v1/audit/checkpoint").await;
        note::unverified_text(&note).unwrap().parse().unwrap()
    }

    /// The exported log, with its contents.
    pub(crate) async fn export(&self) -> String {
        self.text("/v1/audit/export?payloads=true").await
    }

    async fn text(&self, path: &str) -> String {
        let request = self.client.get(format!("http://{}{path}", self.address)).bearer_auth(&self.token);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.text().await.unwrap()
    }

    async fn send(
        &self,
        who: Who,
        method: Method,
        path: &str,
        add: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Result<Answer, Unanswered> {
        let secret = match who {
            Who::Agent => &self.key,
            Who::Person => &self.token,
        };
        let request = self.client.request(method, format!("http://{}/v1{path}", self.address)).bearer_auth(secret);
        let answer = add(request).send().await.map_err(|_| Unanswered)?;
        let status = answer.status();
        let next = answer.headers().get("x-next-cursor").map(|value| value.to_str().unwrap().to_owned());
        let bytes = answer.bytes().await.map_err(|_| Unanswered)?;
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("{status} without JSON: {bytes:?}"));
        Ok(Answer { status, next, body })
    }
}
