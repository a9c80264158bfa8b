//! A server on a loopback port, and requests to it.

use std::{
    fmt,
    future::{Future, IntoFuture},
    ops::Deref,
    pin::Pin,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use jiff::SignedDuration;
use reqwest::{
    Method,
    header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::{Value, json};
use signoff_app::{
    App, Command, Environment, Error, Query,
    due::{Due, Fire},
    identity::LoginLinkFor,
    routing::{Route, Waiting},
};
use signoff_domain::{Timestamp, id::OrganizationId};
use signoff_http::{Face, Settings};
use signoff_store::{Sql, Tx, log, resources};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{Answer, Database, Engine, MockClock, Organization, Person, SeededEntropy};

/// A password that is long enough.
pub const PASSWORD: &str = "correct horse battery staple";

/// What [`both!`](crate::both) opens for a test and closes after it.
pub trait Fixture: Sized {
    /// Opens it on an engine.
    fn open(engine: Engine) -> impl Future<Output = Self> + Send;
    /// Closes it.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Nobody that the server could know.
    Nobody,
    /// An API key or access token.
    Bearer(String),
    /// A console session: asks as a page of the console does.
    Session(String),
}

impl Who {
    /// The secret.
    ///
    /// # Panics
    /// For nobody.
    #[must_use]
    pub fn secret(&self) -> &str {
        match self {
            Self::Nobody => panic!("nobody has no secret"),
            Self::Bearer(secret) | Self::Session(secret) => secret,
        }
    }
}

/// The `id` of something that was answered.
#[must_use]
pub fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// A server on a fresh database, with two organizations that do not know of each other. Requests go to its first replica.
#[derive(Debug)]
pub struct TestServer {
    /// The organization that tests are about.
    pub ours: Organization,
    /// Another one.
    pub theirs: Organization,
    /// The time, on every replica.
    pub clock: MockClock,
    /// Under it all.
    pub database: Database,
    replica: Replica,
}

impl Deref for TestServer {
    type Target = Replica;

    fn deref(&self) -> &Replica {
        &self.replica
    }
}

impl Fixture for TestServer {
    async fn open(engine: Engine) -> Self {
        let database = Database::open(engine).await;
        let clock = MockClock::default();
        let replica = Replica::start(&database, &clock).await;
        let ours = Organization::make(&replica.app, "Ours").await;
        let theirs = Organization::make(&replica.app, "Theirs").await;
        Self { ours, theirs, clock, database, replica }
    }

    async fn close(self) {
        self.replica.close().await;
    }
}

impl TestServer {
    /// Moves the clock of every replica on.
    pub fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Another replica on the same database; only PostgreSQL has them.
    ///
    /// # Panics
    /// On SQLite.
    pub async fn replica(&self) -> Replica {
        assert_eq!(self.database.engine(), Engine::Postgres, "a SQLite file has one server");
        Replica::start(&self.database, &self.clock).await
    }
}

/// One server on a loopback port.
pub struct Replica {
    /// What serves.
    pub app: App,
    /// Where it listens: `http://127.0.0.1:…`.
    pub url: String,
    client: reqwest::Client,
    draining: watch::Sender<bool>,
    stop: CancellationToken,
    serving: JoinHandle<()>,
    working: JoinHandle<()>,
}

impl fmt::Debug for Replica {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replica").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Replica {
    async fn start(database: &Database, clock: &MockClock) -> Self {
        static STARTED: AtomicU64 = AtomicU64::new(1);
        let seed = STARTED.fetch_add(1, Ordering::Relaxed);
        let environment = Environment::new(clock.clone(), SeededEntropy::new(seed));
        let app = App::open(&database.config(), environment).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (draining, drained) = watch::channel(false);
        let settings = Settings { public_url: url.clone(), trust_proxy: true };
        let routes = signoff_http::router(Face::new(app.clone(), settings, drained.clone()));
        let stop = CancellationToken::new();
        let working = tokio::spawn(signoff_delivery::run(app.clone(), stop.clone(), |_| ()));
        let serving = tokio::spawn(async move {
            let mut drained = drained;
            let until = async move {
                // The sender is gone only when the replica is.
                let _ = drained.wait_for(|draining| *draining).await;
            };
            axum::serve(listener, routes).with_graceful_shutdown(until).await.unwrap();
        });
        // A second replica in one process finds the provider in place.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().build().unwrap();
        Self { app, url, client, draining, stop, serving, working }
    }

    /// Asks long answers to end, as when the process is told to stop.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Lets open requests end and stops the workers.
    pub async fn close(mut self) {
        self.drain();
        self.stop.cancel();
        (&mut self.working).await.unwrap();
        // Connections that clients keep open would be waited for.
        self.serving.abort();
    }

    /// A request, which is sent when it is awaited.
    pub fn request(&self, method: Method, path: &str, who: &Who) -> Request {
        let mut headers = HeaderMap::new();
        match who {
            Who::Nobody => {}
            Who::Bearer(secret) => {
                headers.insert(AUTHORIZATION, format!("Bearer {secret}").parse().unwrap());
            }
            Who::Session(secret) => {
                headers.insert(COOKIE, format!("signoff={secret}").parse().unwrap());
                headers.insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
                headers.insert("x-signoff-csrf", HeaderValue::from_static("1"));
            }
        }
        Request { client: self.client.clone(), method, url: format!("{}{path}", self.url), headers, body: None }
    }

    /// Reads.
    pub fn get(&self, path: &str, who: &Who) -> Request {
        self.request(Method::GET, path, who)
    }

    /// Posts a body.
    pub fn post(&self, path: &str, who: &Who, body: Value) -> Request {
        self.request(Method::POST, path, who).json(&body)
    }

    /// Changes.
    pub fn patch(&self, path: &str, who: &Who, body: Value) -> Request {
        self.request(Method::PATCH, path, who).json(&body)
    }

    /// Deletes.
    pub fn delete(&self, path: &str, who: &Who) -> Request {
        self.request(Method::DELETE, path, who)
    }

    /// Makes a queue; answers it. `body` has to name its key and review type.
    pub async fn queue(&self, organization: &Organization, body: Value) -> Value {
        self.post("/v1/queue", &organization.admin.token, body).await.ok(201)
    }

    /// Makes an approval queue that is called `key`.
    pub async fn approval(&self, organization: &Organization, key: &str) -> Value {
        self.queue(organization, json!({"key": key, "name": key, "review_type": "approval"})).await
    }

    /// Submits a task as the agent; answers it.
    pub async fn task(&self, organization: &Organization, queue_key: &str, data: Value) -> Value {
        self.post("/v1/task", &organization.agent, json!({"queue_key": queue_key, "data": data})).await.ok(201)
    }

    /// Does something with a task: posts to `/v1/task/{id}/{verb}`.
    pub fn act(&self, task: &Value, verb: &str, who: &Who, body: Value) -> Request {
        self.post(&format!("/v1/task/{}/{verb}", id(task)), who, body)
    }

    /// The task as it is now.
    pub async fn reread(&self, organization: &Organization, task: &Value) -> Value {
        self.get(&format!("/v1/task/{}", id(task)), &organization.owner.token).await.ok(200)
    }

    /// Sends a review of the task as it is in `task`.
    pub fn review(&self, task: &Value, person: &Person, body: Value) -> Request {
        self.act(task, "review", &person.token, body).header("if-match", &format!("\"{}\"", task["revision"]))
    }

    /// Makes a link that logs a member in once; answers its secret.
    pub async fn link(&self, organization: &Organization, person: &Person) -> String {
        let (secret, email) = (self.app.secret(), Some(person.email.clone()));
        let link = LoginLinkFor { email, organization_id: organization.id, secret: secret.clone(), moment: self.app.moment() };
        self.app.write(link).await.unwrap();
        secret
    }

    /// Opens a console session for a member, by a login link.
    pub async fn session(&self, organization: &Organization, person: &Person) -> Who {
        let secret = self.link(organization, person).await;
        let opened = self.post("/v1/login/link", &Who::Nobody, json!({"token": secret})).await;
        assert_eq!(opened.status, 200, "{}", opened.text);
        opened.session()
    }

    /// Stores a calendar, group or schedule, as `kind` says, under a key.
    pub async fn define(&self, organization: &Organization, kind: &'static str, key: &str, definition: Value) {
        let define = Define { organization: organization.id, kind, key: key.into(), definition, now: self.app.now() };
        self.app.write(define).await.unwrap();
    }

    /// Does what the workers would do, at once: until no timer is due and no task looks for reviewers.
    pub async fn work(&self) {
        let app = &self.app;
        loop {
            let (due, _) = app.read(Due { now: app.now(), limit: 500 }).await.unwrap();
            let waiting = app.read(Waiting).await.unwrap();
            if due.is_empty() && waiting.is_empty() {
                return;
            }
            for timer in due {
                app.write(Fire { moment: app.moment(), compiled: app.compiled(), timer }).await.unwrap();
            }
            for organization_id in waiting {
                app.write(Route { moment: app.moment(), organization_id }).await.unwrap();
            }
        }
    }

    /// Waits until the events that are committed are numbered.
    pub async fn seal(&self) {
        loop {
            self.app.store().seal().await.unwrap();
            // The worker may have been at it: then this pass left it alone.
            if self.app.read(Unsealed).await.unwrap() == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// How many events an organization's log has.
    pub async fn log_size(&self, organization: &Organization) -> u64 {
        self.seal().await;
        self.app.read(LogSize(organization.id)).await.unwrap()
    }

    /// All events of an organization.
    pub async fn events(&self, organization: &Organization) -> Vec<Value> {
        self.seal().await;
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events.last().map_or(-1, |event| event["seq"].as_i64().unwrap());
            let page = self.get(&format!("/v1/event?limit=100&after={after}"), &organization.owner.token).await.ok(200);
            let page = page.as_array().unwrap();
            if page.is_empty() {
                return events;
            }
            events.extend_from_slice(page);
        }
    }

    /// Every item of a list, page by page; `path` may have a query.
    pub async fn all_pages(&self, path: &str, who: &Who) -> Vec<Value> {
        let mut items = Vec::new();
        let mut next = path.to_owned();
        loop {
            let page = self.get(&next, who).await;
            let cursor = page.header("x-next-cursor").map(ToOwned::to_owned);
            items.extend(page.ok(200).as_array().unwrap().iter().cloned());
            let Some(cursor) = cursor else { return items };
            let separator = if path.contains('?') { '&' } else { '?' };
            next = format!("{path}{separator}cursor={cursor}");
        }
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        self.stop.cancel();
        self.serving.abort();
        self.working.abort();
    }
}

struct LogSize(OrganizationId);

impl Query for LogSize {
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
        Ok(log::head(tx, self.0).await?.size())
    }
}

struct Unsealed;

impl Query for Unsealed {
    type Out = i64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        let count = Sql { postgres: "SELECT count(*) FROM events WHERE seq IS NULL", sqlite: "SELECT 0" };
        Ok(tx.opt(&count, &[], |row| row.get(0)).await?.unwrap_or(0))
    }
}

/// A request that has not been sent; awaiting it sends it and reads the answer to its end.
#[derive(Debug, Clone)]
pub struct Request {
    client: reqwest::Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Bytes>,
}

impl Request {
    /// Sets a header; an empty value leaves it out.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().unwrap();
        if value.is_empty() {
            self.headers.remove(name);
        } else {
            self.headers.insert(name, value.parse().unwrap());
        }
        self
    }

    /// Sends JSON.
    pub fn json(self, body: &Value) -> Self {
        self.bytes(body.to_string())
    }

    /// Sends bytes that say that they are JSON.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Some(body.into());
        self
    }

    /// Sends it; the body of the answer is left to be read as it comes.
    pub async fn open(self) -> reqwest::Response {
        let mut request = self.client.request(self.method, self.url).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        request.send().await.unwrap()
    }
}

impl IntoFuture for Request {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Answer::read(self.open().await).await })
    }
}

struct Define {
    organization: OrganizationId,
    kind: &'static str,
    key: String,
    definition: Value,
    now: Timestamp,
}

impl Command for Define {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        resources::put(tx, self.organization, self.kind, &self.key, &self.definition, self.now).await
    }
}
