//! Two applications over one database, with reviewers who are always there.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_app::{
    App, Caller, Command, Environment, Error, Principal, Query,
    identity::CreateOrganization,
    queues::CreateQueue,
    tasks::{CancelTask, SubmitTask},
};
use signoff_domain::{
    Object, Timestamp,
    actor::Method,
    event::Channel,
    id::{MemberId, OrganizationId, TaskId},
    member::{Member, MemberState},
    permission::Role,
    queue::{QueueConfig, ReviewType},
    submission::{Due, Submission},
    task::{Content, Priority},
};
use signoff_store::{Row, Sql, Tx, members, workloads};
use signoff_testkit::{Database, Engine, Fixture, MockClock, SeededEntropy};

pub(crate) struct Two {
    pub(crate) apps: [App; 2],
    pub(crate) organization: OrganizationId,
    owner: Caller,
    people: Vec<(MemberId, Caller)>,
    clock: MockClock,
    _database: Database,
}

impl Two {
    /// An organization with so many reviewers, each with room for so many units.
    pub(crate) async fn open(reviewers: usize, units: i64) -> Self {
        let (database, clock) = (Database::open(Engine::Postgres).await, MockClock::default());
        let config = database.config();
        let open = async |seed| App::open(&config, Environment::new(clock.clone(), SeededEntropy::new(seed))).await.unwrap();
        let apps = [open(1).await, open(2).await];
        let app = &apps[0];
        let make = CreateOrganization {
            moment: app.moment(),
            name: "Two".into(),
            email: "owner@two.example".into(),
            owner: "Olga Owner".into(),
            host: "signoff.example".into(),
            log_seed: app.random(),
            secret: "link".into(),
            only_first: false,
        };
        let made = app.write(make).await.unwrap().unwrap();
        let mut people = Vec::new();
        for n in 0..reviewers {
            let member = Member {
                id: app.moment().ids().draw(),
                organization_id: made.organization.id,
                email: format!("m{n}@two.example"),
                name: format!("Member {n}"),
                role: Role::Reviewer,
                state: MemberState::Active,
                created_at: app.now(),
                last_seen_at: None,
            };
            people.push((member.id, caller(&member)));
            app.write(Join { member, units, now: app.now() }).await.unwrap();
        }
        Self { organization: made.organization.id, owner: caller(&made.owner), people, clock, apps, _database: database }
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    pub(crate) fn members(&self) -> Vec<MemberId> {
        self.people.iter().map(|(id, _)| *id).collect()
    }

    pub(crate) fn caller(&self, member: MemberId) -> Caller {
        self.people.iter().find(|(id, _)| *id == member).unwrap().1.clone()
    }

    /// Makes the queue `q`, which the reviewers review for.
    pub(crate) async fn queue(&self, parts: Value) {
        let mut config = serde_json::to_value(QueueConfig::of_type("Queue", ReviewType::Approval)).unwrap();
        config["reviewer_ids"] = self.members().iter().map(ToString::to_string).collect();
        config["routing"] = json!({"strategy": "manual", "offer_timeout_seconds": 60});
        for (name, part) in parts.as_object().unwrap() {
            config[name] = part.clone();
        }
        let config = serde_json::from_value(config).unwrap();
        let create = CreateQueue { caller: self.owner.clone(), moment: self.apps[0].moment(), key: "q".into(), config };
        self.apps[0].write(create).await.unwrap();
    }

    pub(crate) async fn submit(&self) -> TaskId {
        let submission = Submission {
            content: Content { data: Object::new(), context: Object::new(), choices: None },
            metadata: Object::new(),
            summary: None,
            external_id: None,
            max_selections: None,
            priority: Priority::Normal,
            due: Due::Queue,
            assignee_id: None,
        };
        let app = &self.apps[0];
        let submit =
            SubmitTask { caller: self.owner.clone(), moment: app.moment(), compiled: app.compiled(), queue_key: "q".into(), submission };
        app.write(submit).await.unwrap().view.task.id
    }

    pub(crate) async fn cancel(&self, id: TaskId) {
        let app = &self.apps[0];
        let cancel = CancelTask { caller: self.owner.clone(), moment: app.moment(), compiled: app.compiled(), id, reason: None };
        app.write(cancel).await.unwrap();
    }

    pub(crate) async fn rows<T: Send + 'static>(
        &self,
        sql: &str,
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Vec<T> {
        self.apps[0].read(Rows { sql: sql.to_owned().leak(), organization: self.organization, read }).await.unwrap()
    }

    /// How many rows a table has.
    pub(crate) async fn count(&self, table: &str) -> usize {
        self.rows(&format!("SELECT 1 FROM {table} WHERE CAST($1 AS uuid) IS NOT NULL"), |_| Ok(())).await.len()
    }

    /// How many events of a type there are.
    pub(crate) async fn told(&self, what: &str) -> usize {
        while self.apps[0].store().seal().await.unwrap() > 0 {}
        self.rows(&format!("SELECT seq FROM events WHERE organization_id = $1 AND event_type = '{what}'"), |_| Ok(())).await.len()
    }

    /// The units of all together.
    pub(crate) async fn units(&self) -> i64 {
        self.rows("SELECT units FROM workloads WHERE organization_id = $1", |row| row.get::<i64>(0)).await.into_iter().sum()
    }
}

fn caller(member: &Member) -> Caller {
    let Member { id, name, role, organization_id, .. } = member.clone();
    let principal = Principal::Member { id, name, role, method: Method::Session, session: None, token: None };
    Caller { organization_id, principal, channel: Channel::Console }
}

struct Join {
    member: Member,
    units: i64,
    now: Timestamp,
}

impl Command for Join {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        members::insert(tx, &self.member, None).await?;
        let availability = json!({"capacity": {"units": self.units}});
        workloads::set_availability(tx, self.member.organization_id, self.member.id, &availability, self.now).await
    }
}

struct Rows<F> {
    sql: &'static str,
    organization: OrganizationId,
    read: F,
}

impl<T: Send + 'static, F: Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static> Query for Rows<F> {
    type Out = Vec<T>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<T>, Error> {
        tx.all(&Sql { postgres: self.sql, sqlite: self.sql }, &[self.organization.into()], &self.read).await
    }
}
