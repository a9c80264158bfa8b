//! Who and what there is: fifty reviewers in several zones with skills and capacities, groups, an on-call schedule, twenty queues that differ in all they can.

use std::collections::BTreeMap;

use jiff::{SignedDuration, civil::Date};
use serde_json::{Value, json};
use signoff_app::{
    App, Caller, Clock as _, Command, Environment, Error, Principal, Query,
    identity::CreateOrganization,
    queues::{ChangeQueue, CreateQueue},
};
use signoff_domain::{
    Timestamp,
    actor::Method,
    assignment::Routing,
    availability::Availability,
    calendar::Calendar,
    event::Channel,
    group::Group,
    id::{KeyId, MemberId, OrganizationId, TaskId},
    member::{Member, MemberState},
    permission::{Role, Scope},
    queue::QueueConfig,
    schedule::Schedule,
};
use signoff_store::{Arg, Row, Sql, Tx, members, resources, workloads};
use signoff_testkit::{Database, Engine, Fixture, MockClock, SeededEntropy};

use crate::{business::Business, random::Random};

const REVIEWERS: usize = 50;
const ADMINS: usize = 3;
const GROUPS: usize = 4;
/// The day on which it all begins: within thirty days the clocks of New York, Berlin and Sydney change.
const BEGINS: Timestamp = Timestamp::constant(1_772_798_400, 0);

/// The zones of the calendars, with the hours that are worked there.
const PLACES: [(&str, &str, &str); 6] = [
    ("America/New_York", "09:00", "17:30"),
    ("Europe/Berlin", "08:00", "16:30"),
    ("Asia/Kolkata", "10:00", "19:00"),
    ("Australia/Sydney", "08:30", "17:00"),
    ("UTC", "22:00", "06:00"),
    ("America/Sao_Paulo", "07:00", "15:00"),
];

/// A person who reviews, or administers.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: MemberId,
    pub(crate) caller: Caller,
    pub(crate) availability: Availability,
    /// Whether they can log in.
    pub(crate) active: bool,
}

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) organization: OrganizationId,
    pub(crate) agent: Caller,
    pub(crate) admins: Vec<Person>,
    pub(crate) reviewers: Vec<Person>,
    pub(crate) queues: BTreeMap<String, QueueConfig>,
    pub(crate) business: BTreeMap<String, Business>,
    clock: MockClock,
    /// Kept for as long as it is in use.
    _database: Database,
}

impl World {
    /// All of it.
    pub(crate) async fn whole(engine: Engine, seed: u64, random: &mut Random) -> Self {
        let mut world = Self::of(engine, seed, REVIEWERS, random).await;
        world.resources(random).await;
        world.make_queues(random).await;
        world
    }

    /// An organization with so many reviewers, and nothing else.
    pub(crate) async fn of(engine: Engine, seed: u64, reviewers: usize, random: &mut Random) -> Self {
        let database = Database::open(engine).await;
        let clock = MockClock::default();
        clock.advance(BEGINS.duration_since(clock.now()));
        let app = App::open(&database.config(), Environment::new(clock.clone(), SeededEntropy::new(seed))).await.unwrap();
        let make = CreateOrganization {
            moment: app.moment(),
            name: "Month".into(),
            email: "owner@month.example".into(),
            owner: "Olga Owner".into(),
            host: "signoff.example".into(),
            log_seed: app.random(),
            secret: "link".into(),
            only_first: false,
        };
        let made = app.write(make).await.unwrap().unwrap();
        let organization = made.organization.id;
        let key: KeyId = app.moment().ids().draw();
        let principal = Principal::Agent { key, name: "agent".into(), scopes: Scope::DEFAULT.to_vec(), queue_keys: None };
        let agent = Caller { organization_id: organization, principal, channel: Channel::Api };
        let mut world = Self {
            app,
            organization,
            agent,
            admins: Vec::new(),
            reviewers: Vec::new(),
            queues: BTreeMap::new(),
            business: BTreeMap::new(),
            clock,
            _database: database,
        };
        world.people(made.owner, reviewers, random).await;
        world
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Somebody who can log in.
    pub(crate) fn person(&self, id: MemberId) -> Option<&Person> {
        self.reviewers.iter().chain(&self.admins).find(|person| person.id == id && person.active)
    }

    /// Moves the clock on; never back.
    pub(crate) fn move_to(&self, at: Timestamp) {
        self.clock.advance(at.duration_since(self.now()).max(SignedDuration::ZERO));
    }

    pub(crate) fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
    }

    /// Does something that may be refused, but must not fail.
    pub(crate) async fn attempt<C: Command>(&self, command: C) -> Option<C::Out> {
        match self.app.write(command).await {
            Ok(out) => Some(out),
            Err(Error::Refused(_)) => None,
            Err(Error::Fault(fault)) => panic!("{fault}"),
        }
    }

    /// What a statement answers. Its one argument is the organization.
    pub(crate) async fn rows<T: Send + 'static>(
        &self,
        sql: &'static str,
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Vec<T> {
        self.app.read(Rows { sql, args: vec![self.organization.into()], read }).await.unwrap()
    }

    /// The same of a statement that takes a number as well.
    pub(crate) async fn rows_after<T: Send + 'static>(
        &self,
        sql: &'static str,
        after: i64,
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Vec<T> {
        self.app.read(Rows { sql, args: vec![self.organization.into(), after.into()], read }).await.unwrap()
    }

    /// The same of a statement that takes a task as well.
    pub(crate) async fn rows_of_task<T: Send + 'static>(
        &self,
        sql: &'static str,
        task: &str,
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static,
    ) -> Vec<T> {
        let task: TaskId = task.parse().unwrap();
        self.app.read(Rows { sql, args: vec![self.organization.into(), task.into()], read }).await.unwrap()
    }

    /// What the log tells of a task, for whoever looks into a failure.
    pub(crate) async fn story(&self, task: &str) -> String {
        let sql = "SELECT e.event_type, e.entry FROM events e WHERE e.organization_id = $1 AND e.task_id = $2 ORDER BY e.seq";
        let told = self.rows_of_task(sql, task, |row| {
            let entry: Value = row.json(1)?;
            Ok(format!("{} {} {} {}", entry["at"], row.get::<String>(0)?, entry["actor"]["id"], entry["detail"]))
        });
        format!("at {}:\n{}", self.now(), told.await.join("\n"))
    }

    /// Stores how available a reviewer is.
    pub(crate) async fn keep_availability(&self, person: &Person) {
        let (organization, id, availability, now) = (self.organization, person.id, person.availability.clone(), self.now());
        availability.validate().unwrap();
        self.app.write(SetAvailability { organization, id, availability, now }).await.unwrap();
    }

    async fn people(&mut self, owner: Member, reviewers: usize, random: &mut Random) {
        let mut everybody = vec![owner];
        for n in 0..reviewers + ADMINS {
            let member = Member {
                id: self.app.moment().ids().draw(),
                organization_id: self.organization,
                email: format!("m{n}@month.example"),
                name: format!("Member {n}"),
                role: if n < ADMINS { Role::Admin } else { Role::Reviewer },
                state: MemberState::Active,
                created_at: self.now(),
                last_seen_at: None,
            };
            self.app.write(Insert(member.clone())).await.unwrap();
            everybody.push(member);
        }
        for (n, Member { id, name, role, .. }) in everybody.into_iter().enumerate() {
            let principal = Principal::Member { id, name, role, method: Method::Session, session: None, token: None };
            let caller = Caller { organization_id: self.organization, principal, channel: Channel::Console };
            let skill = |random: &mut Random, skill| random.one_in(2).then(|| json!({"skill": skill, "level": random.within(1, 100)}));
            let skills: Vec<Value> = ["french", "law", "images"].into_iter().filter_map(|name| skill(random, name)).collect();
            let availability = json!({
                "presence": if random.one_in(8) { "away" } else { "online" },
                "capacity": {"units": random.within(2, 12), "max_per_day": random.one_in(4).then_some(6)},
                "calendar": (!random.one_in(4)).then(|| format!("place-{}", n % PLACES.len())),
                "skills": skills,
                "accuracy": 0.8,
            });
            let person = Person { id, caller, availability: serde_json::from_value(availability).unwrap(), active: true };
            self.keep_availability(&person).await;
            if role == Role::Reviewer { self.reviewers.push(person) } else { self.admins.push(person) }
        }
    }

    async fn resources(&mut self, random: &mut Random) {
        for (n, (zone, from, to)) in PLACES.into_iter().enumerate() {
            let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
            let calendar = json!({
                "time_zone": zone,
                "weekly": [{"days": days, "from": from, "to": to}],
                "exceptions": [{"date": Date::constant(2026, 3, 17).to_string(), "label": "Holiday"}],
            });
            let key = format!("place-{n}");
            let read: Calendar = serde_json::from_value(calendar.clone()).unwrap();
            self.business.insert(key.clone(), Business::of(&read, BEGINS, 45));
            self.keep("calendar", key, calendar).await;
        }
        let ids: Vec<MemberId> = self.reviewers.iter().map(|person| person.id).collect();
        for n in 0..GROUPS {
            let group: Vec<MemberId> = ids.iter().skip(n).step_by(GROUPS).copied().collect();
            let group = json!({"name": null, "member_ids": group});
            let _: Group = serde_json::from_value(group.clone()).unwrap();
            self.keep("group", format!("group-{n}"), group).await;
        }
        let schedule = json!({
            "time_zone": "Europe/Berlin",
            "layers": [
                {"name": "day", "participants": random.some(&ids, 6), "rotation": "daily", "handoff": "09:00", "starts_on": "2026-03-01"},
                {"name": "night", "participants": random.some(&ids, 3), "rotation": {"hours": 12}, "handoff": "20:00", "starts_on": "2026-03-01",
                 "restrictions": [{"days": ["saturday", "sunday"], "from": "20:00", "to": "08:00"}]},
            ],
        });
        let _: Schedule = serde_json::from_value(schedule.clone()).unwrap();
        self.keep("schedule", "on-call".into(), schedule).await;
    }

    async fn keep(&self, kind: &'static str, key: String, definition: Value) {
        self.app.write(Resource { organization: self.organization, kind, key, definition, now: self.now() }).await.unwrap();
    }

    async fn make_queues(&mut self, random: &mut Random) {
        let ids: Vec<MemberId> = self.reviewers.iter().map(|person| person.id).collect();
        for n in 0..crate::queues::COUNT {
            let mut config: QueueConfig = crate::queues::config(n, random);
            config.reviewer_ids = random.one_in(2).then(|| random.some(&ids, 25));
            config.lead_ids = random.some(&ids, 1);
            let key = crate::queues::key(n);
            // What a queue names of others has to be there: they are made first, and told of each other then.
            let alone = QueueConfig { routing: Routing::default(), escalation: None, ..config.clone() };
            let create = CreateQueue { caller: self.admins[0].caller.clone(), moment: self.app.moment(), key: key.clone(), config: alone };
            self.app.write(create).await.unwrap();
            self.queues.insert(key, config);
        }
        for (key, config) in &self.queues {
            let (caller, whole) = (self.admins[0].caller.clone(), config.clone());
            let edit = Box::new(move |_: &QueueConfig| Ok(whole.clone()));
            let change = ChangeQueue { caller, moment: self.app.moment(), key_or_id: key.clone(), if_version: None, edit };
            self.app.write(change).await.unwrap();
        }
    }
}

struct Insert(Member);

impl Command for Insert {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        members::insert(tx, &self.0, None).await
    }
}

struct SetAvailability {
    organization: OrganizationId,
    id: MemberId,
    availability: Availability,
    now: Timestamp,
}

impl Command for SetAvailability {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        workloads::set_availability(tx, self.organization, self.id, &self.availability, self.now).await
    }
}

struct Resource {
    organization: OrganizationId,
    kind: &'static str,
    key: String,
    definition: Value,
    now: Timestamp,
}

impl Command for Resource {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        resources::put(tx, self.organization, self.kind, &self.key, &self.definition, self.now).await
    }
}

struct Rows<F> {
    sql: &'static str,
    args: Vec<Arg<'static>>,
    read: F,
}

impl<T: Send + 'static, F: Fn(&Row<'_>) -> Result<T, Error> + Send + Sync + 'static> Query for Rows<F> {
    type Out = Vec<T>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<T>, Error> {
        tx.all(&Sql { postgres: self.sql, sqlite: self.sql }, &self.args, &self.read).await
    }
}
