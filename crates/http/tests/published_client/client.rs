//! The published Datashift client (v0.4.0) as far as a server can tell: what it sends, how it reads answers, when it tries again. Its waits are shorter here.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep};

/// What the client raises: a class, with the members that callers read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ClientError {
    /// `ValidationError`, code `VALIDATION_ERROR`.
    Validation { message: String, errors: Map<String, Value> },
    /// `AuthenticationError`, code `AUTHENTICATION_ERROR`.
    Authentication { message: String },
    /// `NotFoundError`; the server's own message is dropped.
    NotFound { message: String },
    /// `RateLimitError`; seconds from the body, never from the header.
    RateLimit { retry_after: Option<u64> },
    /// `ServerError`; always of status 500.
    Server,
    /// `TimeoutError`, status 408, code `TIMEOUT`: the client's own.
    Timeout,
    /// `DatashiftError`, for everything else.
    Other { message: String, code: Option<String> },
}

/// The client.
pub(crate) struct Client {
    base_url: String,
    key: String,
    http: reqwest::Client,
    /// Waits before another try; 1 s, 2 s and 4 s as published.
    retries: [Duration; 3],
    /// How often it sent something.
    pub(crate) sent: AtomicU32,
}

/// Submits a task: the members that a caller gives.
#[derive(Default)]
pub(crate) struct Submit {
    pub(crate) queue_key: String,
    pub(crate) data: Value,
    pub(crate) context: Option<Value>,
    pub(crate) metadata: Option<Value>,
    pub(crate) summary: Option<String>,
    pub(crate) external_id: Option<String>,
    pub(crate) choices: Option<Value>,
    pub(crate) max_selections: Option<i64>,
}

impl Client {
    /// # Panics
    /// When the key does not start with `sk_`: the client refuses it without asking the server.
    pub(crate) fn new(base_url: String, key: &str) -> Self {
        assert!(key.starts_with("sk_"), "the client takes no such key");
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        let retries = [10, 20, 40].map(Duration::from_millis);
        Self { base_url, key: key.into(), http, retries, sent: 0.into() }
    }

    /// `task.submit`: context and metadata always go along, what is undefined is left out.
    pub(crate) async fn submit(&self, task: Submit) -> Result<Value, ClientError> {
        let mut body = json!({
            "queue_key": task.queue_key,
            "data": task.data,
            "context": task.context.unwrap_or(json!({})),
            "metadata": task.metadata.unwrap_or(json!({})),
        });
        let optional = [
            ("summary", task.summary.map(Value::from)),
            ("external_id", task.external_id.map(Value::from)),
            ("choices", task.choices),
            ("max_selections", task.max_selections.map(Value::from)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                body[name] = value;
            }
        }
        self.send(Method::POST, "/task", &[], Some(&body)).await
    }

    /// `task.get`.
    pub(crate) async fn task(&self, id: &str) -> Result<Value, ClientError> {
        self.get(&format!("/task/{id}"), &[]).await
    }

    /// The status that `waitForReview` polls.
    pub(crate) async fn status(&self, id: &str) -> Result<Value, ClientError> {
        self.get(&format!("/task/{id}/status"), &[]).await
    }

    /// `task.list`, by `queue_id` and `state`.
    pub(crate) async fn tasks(&self, query: &[(&str, &str)]) -> Result<Value, ClientError> {
        self.get("/task", query).await
    }

    /// `task.waitForReview`: polls the status, each time after half as long again, until it is `reviewed`; then gets the task.
    pub(crate) async fn wait_for_review(&self, id: &str, timeout: Duration) -> Result<Value, ClientError> {
        let (mut interval, longest) = (Duration::from_millis(10), Duration::from_millis(150));
        let end = Instant::now() + timeout;
        while Instant::now() < end {
            if self.status(id).await?["state"] == "reviewed" {
                return self.task(id).await;
            }
            sleep(interval).await;
            interval = longest.min(interval * 3 / 2);
        }
        Err(ClientError::Timeout)
    }

    /// `queue.list`.
    pub(crate) async fn queues(&self) -> Result<Value, ClientError> {
        self.get("/queue", &[]).await
    }

    /// `queue.get`, by key; keys go into the path as they are.
    pub(crate) async fn queue(&self, key: &str) -> Result<Value, ClientError> {
        self.get(&format!("/queue/{key}"), &[]).await
    }

    /// `review.list`, by its filters; a limit or offset of nought is not sent.
    pub(crate) async fn reviews(&self, query: &[(&str, &str)]) -> Result<Vec<Value>, ClientError> {
        let query: Vec<_> = query.iter().copied().filter(|(_, value)| *value != "0").collect();
        match self.get("/review", &query).await? {
            Value::Array(reviews) => Ok(reviews),
            other => panic!("not a bare array: {other}"),
        }
    }

    /// `review.get`.
    pub(crate) async fn review(&self, id: &str) -> Result<Value, ClientError> {
        self.get(&format!("/review/{id}"), &[]).await
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> Result<Value, ClientError> {
        self.send(Method::GET, path, query, None).await
    }

    /// Sends a request, and again after a network error and after every 5xx, whatever the method.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<Value, ClientError> {
        let mut waits = self.retries.iter();
        loop {
            let tried = self.once(method.clone(), path, query, body).await;
            let network = |error: &ClientError| matches!(error, ClientError::Other { code: Some(code), .. } if code == "NETWORK_ERROR");
            match (&tried, waits.next()) {
                (Err(error), Some(wait)) if *error == ClientError::Server || network(error) => sleep(*wait).await,
                _ => return tried,
            }
        }
    }

    async fn once(&self, method: Method, path: &str, query: &[(&str, &str)], body: Option<&Value>) -> Result<Value, ClientError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut request = self.http.request(method, format!("{}{path}", self.base_url)).bearer_auth(&self.key);
        if !query.is_empty() {
            request = request.query(query);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let network = |error: reqwest::Error| ClientError::Other { message: error.to_string(), code: Some("NETWORK_ERROR".into()) };
        let answer = request.send().await.map_err(network)?;
        let status = answer.status();
        let body = answer.json().await.unwrap_or(Value::Null);
        if status.is_success() { Ok(body) } else { Err(raise(status, &body)) }
    }
}

/// Which error an answer becomes. Only the flat members of the body are read.
fn raise(status: StatusCode, body: &Value) -> ClientError {
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let message = || text("message").unwrap_or_else(|| format!("Request failed with status code {}", status.as_u16()));
    match status.as_u16() {
        400 => ClientError::Validation { message: message(), errors: body["errors"].as_object().cloned().unwrap_or_default() },
        401 => ClientError::Authentication { message: message() },
        404 => ClientError::NotFound {
            message: text("entityId").map_or_else(|| "Resource not found".into(), |entity| format!("Resource '{entity}' not found")),
        },
        429 => ClientError::RateLimit { retry_after: body["retryAfter"].as_u64() },
        500.. => ClientError::Server,
        _ => ClientError::Other { message: message(), code: text("code") },
    }
}
