//! How each endpoint is called so that it succeeds: what has to be there, the path, the body.

use serde_json::{Value, json};
use signoff_testkit::{Organization, PASSWORD, Person, Request, TestServer, Who, id};

use crate::{call_operations::quiet, table::Described};

/// A request that succeeds when who makes it may.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// What stands for `{…}` in the path, and the query.
    pub(crate) named: String,
    pub(crate) query: String,
    pub(crate) body: Option<Value>,
    pub(crate) if_match: bool,
}

impl Call {
    /// The request, by somebody.
    pub(crate) fn request(&self, server: &TestServer, endpoint: &Described, who: &Who) -> Request {
        self.request_with(server, endpoint, who, self.body.clone())
    }

    /// The request with another body.
    pub(crate) fn request_with(&self, server: &TestServer, endpoint: &Described, who: &Who, body: Option<Value>) -> Request {
        let path = match endpoint.path.split_once('{') {
            None => endpoint.path.clone(),
            Some((start, rest)) => format!("{start}{}{}", self.named, rest.split_once('}').unwrap().1),
        };
        let mut request = server.request(endpoint.method.clone(), &format!("{path}{}", self.query), who);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if self.if_match { request.header("if-match", "\"1\"") } else { request }
    }
}

pub(super) fn plain() -> Call {
    Call { named: String::new(), query: String::new(), body: None, if_match: false }
}

pub(super) fn named(value: &Value) -> Call {
    Call { named: id(value).into(), ..plain() }
}

pub(super) fn with(body: Value) -> Call {
    Call { body: Some(body), ..plain() }
}

pub(super) fn asking(query: String) -> Call {
    Call { query, ..plain() }
}

/// Makes what the endpoint needs in the organization, for a call by `actor`; `unique` makes names that nothing else has.
pub(crate) async fn prepare(server: &TestServer, organization: &Organization, operation: &str, actor: &Person, unique: u32) -> Call {
    quiet(server).await;
    let world = World { server, organization, actor, queue: format!("queue-{}-{unique}", organization.owner.email.len()), unique };
    match operation {
        "submitTask" => with(json!({"queue_key": world.queue().await["key"], "data": {}})),
        "listTasks" | "listReviews" => asking(format!("?queue_id={}", id(&world.queue().await))),
        "listEvents" => asking(format!("?task_id={}", id(&world.task().await))),
        "peekNextTask" => asking(format!("?queue_key={}", world.task().await["queue_key"].as_str().unwrap())),
        "claimNextTask" => with(json!({"queue_key": world.task().await["queue_key"]})),
        "testPolicy" => with(json!({"conditions": ["task.data.n > 1"], "queue_key": world.task().await["queue_key"]})),
        "dryRunEscalation" => {
            let step = json!({"after": {"elapsed_minutes": 5}, "action": {"type": "notify", "targets": ["queue_lead"]}});
            with(json!({"queue_key": world.queue().await["key"], "escalation": {"steps": [step]}}))
        }
        "simulateSla" => with(json!({"queue_key": world.queue().await["key"]})),
        "getTask" | "getTaskStatus" | "getTaskSla" | "claimTask" | "listComments" | "listTaskEvents" => named(&world.task().await),
        "waitForTask" => Call { query: "?timeout=0".into(), ..named(&world.task().await) },
        "renewLease" | "releaseTask" => world.held().await,
        "skipTask" => Call { body: Some(json!({"reason": "No"})), ..named(&world.task().await) },
        "submitReview" => Call { body: Some(json!({"result": ["approved"]})), if_match: true, ..named(&world.task().await) },
        "cancelTask" => Call { body: Some(json!({"reason": "No"})), ..named(&world.task().await) },
        "reviseTask" => Call { body: Some(json!({"data": {"n": 2}})), ..named(&world.task().await) },
        "reopenTask" => Call { body: Some(json!({"reason": "Look again"})), ..named(&world.review().await.0) },
        "overrideTask" => {
            let body = json!({"result": ["approved"], "reason": "Nobody else is here"});
            Call { body: Some(body), if_match: true, ..named(&world.task().await) }
        }
        "assignTask" => Call { body: Some(json!({"assignee_id": actor.id})), ..named(&world.task().await) },
        "commentOnTask" => Call { body: Some(json!({"body": "Hm"})), ..named(&world.task().await) },
        "submitBatch" => with(json!({"queue_key": world.queue().await["key"], "tasks": [{"data": {}}]})),
        "getBatch" => named(&world.batch().await),
        "waitForBatch" => Call { query: "?timeout=0".into(), ..named(&world.batch().await) },
        "createQueue" => {
            with(json!({"key": world.queue, "name": "New", "review_type": "approval", "reviewer_ids": [organization.reviewer.id]}))
        }
        "getQueue" | "deleteQueue" => named(&world.queue().await),
        "changeQueue" => Call { body: Some(json!({"name": "Other"})), ..named(&world.queue().await) },
        "getReview" => named(&world.review().await.1),
        "proveInclusion" => Call { named: "0".into(), ..plain() },
        "proveConsistency" => asking("?from=1&to=2".into()),
        "login" => world.login().await,
        "loginByLink" => with(json!({"token": server.link(organization, actor).await})),
        "changeMe" => with(json!({"name": actor.name})),
        "endSession" => named(&server.get("/v1/session", &server.session(organization, actor).await).await.ok(200)[0]),
        "createToken" => with(json!({"name": "cli"})),
        "revokeToken" => {
            let session = server.session(organization, actor).await;
            named(&server.post("/v1/token", &session, json!({"name": "cli"})).await.ok(201))
        }
        "getMember" => Call { named: organization.second.id.clone(), ..plain() },
        "changeMember" => Call { named: organization.second.id.clone(), ..with(json!({"name": "Sam Second"})) },
        "createInvitation" => with(world.invitation()),
        "acceptInvitation" => {
            let made = server.post("/v1/invitation", &organization.owner.token, world.invitation()).await.ok(201);
            let token = made["link"].as_str().unwrap().split_once('#').unwrap().1;
            with(json!({"token": token, "name": "Nina New", "password": PASSWORD}))
        }
        "revokeInvitation" => named(&server.post("/v1/invitation", &organization.owner.token, world.invitation()).await.ok(201)),
        "createKey" => with(json!({"name": "agent", "queue_keys": [world.queue().await["key"]]})),
        "revokeKey" => {
            named(&server.post("/v1/key", &server.session(organization, &organization.owner).await, json!({"name": "agent"})).await.ok(201))
        }
        "apply" => {
            let queue = json!({"key": world.queue, "name": "Applied", "review_type": "approval"});
            with(json!({"document": {"queues": [queue]}}))
        }
        "explainAssignment" => named(&world.task().await),
        "acceptOffer" => named(&world.offered().await),
        "declineOffer" => Call { body: Some(json!({"reason": "No"})), ..named(&world.offered().await) },
        "listQueues" | "streamEvents" | "getCheckpoint" | "exportLog" | "logout" | "getMe" | "listSessions" | "listTokens"
        | "listMembers" | "listInvitations" | "listKeys" | "getOrganization" | "export" => plain(),
        other => world.operation(other).await.unwrap_or_else(|| panic!("nothing says how {other} is called: add it here")),
    }
}

pub(super) struct World<'a> {
    pub(super) server: &'a TestServer,
    pub(super) organization: &'a Organization,
    pub(super) actor: &'a Person,
    /// A key that nothing else has.
    pub(super) queue: String,
    pub(super) unique: u32,
}

impl World<'_> {
    async fn queue(&self) -> Value {
        self.server.approval(self.organization, &self.queue).await
    }

    async fn task(&self) -> Value {
        self.queue().await;
        self.server.task(self.organization, &self.queue, json!({})).await
    }

    async fn batch(&self) -> Value {
        let key = &self.queue().await["key"];
        self.server.post("/v1/batch", &self.organization.agent, json!({"queue_key": key, "tasks": [{"data": {}}]})).await.ok(201)
    }

    /// A task that the actor holds, if the actor may hold one; the owner otherwise.
    async fn held(&self) -> Call {
        let task = self.task().await;
        let mut claimed = self.server.act(&task, "claim", &self.actor.token, json!({})).await;
        if claimed.status == 403 {
            claimed = self.server.act(&task, "claim", &self.organization.owner.token, json!({})).await;
        }
        Call { body: Some(json!({"lease_id": id(&claimed.ok(200)["lease"])})), ..named(&task) }
    }

    /// A decided task and its review.
    async fn review(&self) -> (Value, Value) {
        let task = self.task().await;
        let review = self.server.review(&task, &self.organization.reviewer, json!({"result": ["approved"]})).await.ok(201);
        (task, review)
    }

    fn invitation(&self) -> Value {
        json!({"email": format!("new{}@{}", self.unique, self.organization.owner.email.split_once('@').unwrap().1), "role": "reviewer"})
    }

    /// The actor sets a password, to log in with.
    async fn login(&self) -> Call {
        let session = self.server.session(self.organization, self.actor).await;
        self.server.patch("/v1/me", &session, json!({"password": PASSWORD})).await.ok(200);
        with(json!({"email": self.actor.email, "password": PASSWORD}))
    }
}
