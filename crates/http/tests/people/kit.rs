//! Two organizations on a fresh database of either engine, with a clock that the test moves, asked through the router without a socket.

use std::{
    process::Command,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use signoff_app::{App, Clock, Config, Entropy, Environment, identity::CreateOrganization};
use signoff_domain::Timestamp;
use signoff_http::{Face, Settings, router};
use tower::ServiceExt;

/// A password that is long enough.
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const URL: &str = "http://localhost:8080";

/// On which database a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// Runs the test once on each engine.
macro_rules! on_both {
    ($(#[$doc:meta])* async fn $name:ident($kit:ident: &Kit) $body:block) => {
        $(#[$doc])*
        mod $name {
            use super::*;

            async fn run($kit: &Kit) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(&Kit::open(Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(&Kit::open(Engine::Postgres).await).await;
            }
        }
    };
}
pub(crate) use on_both;

#[derive(Clone)]
struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

/// Differs from call to call, and is nothing that a test could expect.
struct TestEntropy;

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        static CALLS: AtomicU64 = AtomicU64::new(0);
        let call = CALLS.fetch_add(1, Ordering::Relaxed);
        let block = Sha256::new().chain_update(std::process::id().to_be_bytes()).chain_update(call.to_be_bytes()).finalize();
        bytes.copy_from_slice(&block[..bytes.len()]);
    }
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) enum Who {
    Nobody,
    /// An API key or access token.
    Bearer(String),
    /// A console session.
    Session(String),
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body, if the status is this.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// Asserts a problem: its status, its code, and the place that it names.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str, place: Option<&str>) {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        if let Some(place) = place {
            assert!(self.body["errors"].get(place).is_some(), "{place} is not named: {}", self.body);
        }
    }

    /// The secret in the session cookie.
    #[track_caller]
    pub(crate) fn session(&self) -> Who {
        let cookie = self.headers[header::SET_COOKIE].to_str().unwrap();
        let secret = cookie.strip_prefix("signoff=").unwrap().split(';').next().unwrap();
        Who::Session(secret.into())
    }
}

/// An organization with its owner's session.
pub(crate) struct Tenant {
    pub(crate) owner: Who,
    pub(crate) owner_id: String,
}

/// A server on a fresh database.
pub(crate) struct Kit {
    pub(crate) app: App,
    config: Config,
    router: Router,
    clock: Arc<AtomicI64>,
    _draining: tokio::sync::watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Kit {
    pub(crate) async fn open(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = match engine {
            Engine::Sqlite => Config::Sqlite { path: folder.path().join("signoff.db"), durable: false },
            Engine::Postgres => Config::Postgres { url: fresh_schema().await, connections: 8 },
        };
        let clock = Arc::new(AtomicI64::new(1_764_000_000_000_000));
        let app = App::open(&config, Environment::new(TestClock(Arc::clone(&clock)), TestEntropy)).await.unwrap();
        let (draining, drained) = tokio::sync::watch::channel(false);
        let settings = Settings { public_url: URL.into(), trust_proxy: true };
        let router = router(Face::new(app.clone(), settings, drained));
        Self { app, config, router, clock, _draining: draining, _folder: folder }
    }

    /// Another replica on the same database; only PostgreSQL has them.
    pub(crate) async fn replica(&self) -> Option<App> {
        let Config::Postgres { .. } = self.config else { return None };
        let environment = Environment::new(TestClock(Arc::clone(&self.clock)), TestEntropy);
        Some(App::open(&self.config, environment).await.unwrap())
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
    }

    /// Makes an organization; answers the secret of its owner's login link.
    pub(crate) async fn organization(&self, name: &str, email: &str) -> String {
        let secret = self.app.secret();
        let command = CreateOrganization {
            moment: self.app.moment(),
            name: name.into(),
            email: email.into(),
            owner: "Olga".into(),
            host: "localhost".into(),
            log_seed: self.app.random(),
            secret: secret.clone(),
            only_first: false,
        };
        self.app.write(command).await.unwrap();
        secret
    }

    /// Makes an organization whose owner has logged in and set [`PASSWORD`].
    pub(crate) async fn tenant(&self, email: &str) -> Tenant {
        let link = self.organization("Example", email).await;
        let opened = self.post("/v1/login/link", &Who::Nobody, json!({"token": link})).await;
        let owner = opened.session();
        let owner_id = opened.ok(200)["member"]["id"].as_str().unwrap().to_owned();
        self.patch("/v1/me", &owner, json!({"password": PASSWORD})).await.ok(200);
        Tenant { owner, owner_id }
    }

    /// Makes a member of a role by an invitation; answers their session and id.
    pub(crate) async fn member(&self, tenant: &Tenant, role: &str, email: &str) -> (Who, String) {
        let invited = self.post("/v1/invitation", &tenant.owner, json!({"email": email, "role": role})).await.ok(201);
        let body = json!({"token": token_of(&invited["link"]), "name": role, "password": PASSWORD});
        let joined = self.post("/v1/invitation/accept", &Who::Nobody, body).await;
        let session = joined.session();
        (session, joined.ok(200)["member"]["id"].as_str().unwrap().to_owned())
    }

    pub(crate) async fn login(&self, email: &str, password: &str) -> Answer {
        self.post("/v1/login", &Who::Nobody, json!({"email": email, "password": password})).await
    }

    pub(crate) async fn get(&self, path: &str, who: &Who) -> Answer {
        self.send("GET", path, who, None, &[]).await
    }

    pub(crate) async fn delete(&self, path: &str, who: &Who) -> Answer {
        self.send("DELETE", path, who, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, who: &Who, body: Value) -> Answer {
        self.send("POST", path, who, Some(body), &[]).await
    }

    pub(crate) async fn patch(&self, path: &str, who: &Who, body: Value) -> Answer {
        self.send("PATCH", path, who, Some(body), &[]).await
    }

    /// Sends a request as a same-origin page would, unless `headers` say otherwise; an empty value leaves a header out.
    pub(crate) async fn send(&self, method: &str, path: &str, who: &Who, body: Option<Value>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        request = match who {
            Who::Nobody => request,
            Who::Bearer(secret) => request.header(header::AUTHORIZATION, format!("Bearer {secret}")),
            Who::Session(secret) => request.header(header::COOKIE, format!("signoff={secret}")),
        };
        let usual =
            [("sec-fetch-site", "same-origin"), ("x-signoff-csrf", "1"), ("user-agent", "test browser"), ("x-forwarded-for", "192.0.2.7")];
        for (name, value) in usual.iter().filter(|(name, _)| headers.iter().all(|(other, _)| other != name)).chain(headers) {
            if !value.is_empty() {
                request = request.header(*name, *value);
            }
        }
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        let response = self.router.clone().oneshot(request.unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 22).await.unwrap();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// All events of an organization, as an owner reads them.
    pub(crate) async fn events(&self, owner: &Who) -> Vec<Value> {
        while self.app.store().seal().await.unwrap() > 0 {}
        let events = self.get("/v1/event?limit=100", owner).await.ok(200);
        events.as_array().unwrap().clone()
    }

    /// How many events of a type there are.
    pub(crate) async fn count(&self, owner: &Who, event_type: &str) -> usize {
        self.events(owner).await.iter().filter(|event| event["type"] == event_type).count()
    }
}

/// The secret behind the `#` of a link.
#[track_caller]
pub(crate) fn token_of(link: &Value) -> String {
    link.as_str().unwrap().split_once('#').unwrap().1.to_owned()
}

async fn fresh_schema() -> String {
    static SCHEMAS: AtomicU64 = AtomicU64::new(0);
    let url = postgres();
    let schema = format!("people_{}_{}", std::process::id(), SCHEMAS.fetch_add(1, Ordering::Relaxed));
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20search_path%3D{schema}")
}

/// The server for tests: the one that is named, or a private one.
fn postgres() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var("SIGNOFF_TEST_POSTGRES_URL").unwrap_or_else(|_| {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
            let started = Command::new(script).arg("start").output().unwrap();
            assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
            String::from_utf8(started.stdout).unwrap().trim().to_owned()
        })
    })
}
