//! People as they come by themselves: by links, invitations and passwords, from a browser that says what it is.

use std::{ops::Deref, time::Duration};

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_app::{App, identity::CreateOrganization};
use signoff_testkit::{Answer, Engine, Fixture, PASSWORD, TestServer, Who};

/// An organization with its owner's session.
pub(crate) struct Tenant {
    pub(crate) owner: Who,
    pub(crate) owner_id: String,
}

/// A server, asked as a browser asks.
pub(crate) struct Kit(TestServer);

impl Deref for Kit {
    type Target = TestServer;

    fn deref(&self) -> &TestServer {
        &self.0
    }
}

impl Fixture for Kit {
    async fn open(engine: Engine) -> Self {
        Self(TestServer::open(engine).await)
    }

    async fn close(self) {
        self.0.close().await;
    }
}

impl Kit {
    /// Another replica on the same database; only PostgreSQL has them.
    pub(crate) async fn other_replica(&self) -> Option<App> {
        match self.database.engine() {
            Engine::Sqlite => None,
            Engine::Postgres => Some(self.replica().await.app.clone()),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.advance(SignedDuration::try_from(by).unwrap());
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
        let usual =
            [("sec-fetch-site", "same-origin"), ("x-signoff-csrf", "1"), ("user-agent", "test browser"), ("x-forwarded-for", "192.0.2.7")];
        let mut request = self.request(method.parse().unwrap(), path, who);
        for (name, value) in usual.iter().chain(headers) {
            request = request.header(name, value);
        }
        match body {
            Some(body) => request.json(&body).await,
            None => request.await,
        }
    }

    /// All events of an organization, as an owner reads them.
    pub(crate) async fn events(&self, owner: &Who) -> Vec<Value> {
        self.seal().await;
        self.get("/v1/event?limit=100", owner).await.ok(200).as_array().unwrap().clone()
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
