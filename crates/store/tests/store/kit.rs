//! An organization with a log, commands that write to it, and reading what is there.

use std::{sync::Arc, time::Duration};

use signoff_domain::{
    Code, Moment, Object, Refusal, Timestamp,
    actor::Actor,
    event::{Channel, Event, EventType},
    id::OrganizationId,
    log::merkle::{Frontier, Hash, leaf_hash},
};
use signoff_store::{
    Command, Config, Error, Fault, Listener, Query, Store, Tx,
    log::{self, LogKey},
    organizations::{self, Organization},
};
use signoff_testkit::Database;

/// A moment whose ids are those of `n`.
pub(crate) fn moment(n: u64) -> Moment {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    Moment::new(Timestamp::from_second(1_764_000_000).unwrap(), seed)
}

pub(crate) async fn open(database: &Database) -> Store {
    open_with(database, Arc::new(())).await
}

pub(crate) async fn open_with(database: &Database, listener: Arc<dyn Listener>) -> Store {
    Store::open(&database.config(), listener).await.unwrap()
}

/// The same database with a pool of this size.
pub(crate) async fn open_wide(database: &Database, connections: usize) -> Store {
    let config = match database.config() {
        Config::Postgres { url, .. } => Config::Postgres { url, connections },
        sqlite => sqlite,
    };
    Store::open(&config, Arc::new(())).await.unwrap()
}

fn organization(n: u64) -> Organization {
    Organization { id: moment(n).ids().draw(), name: n.to_string(), created_at: moment(n).now }
}

/// Makes an organization with an empty log; its id.
pub(crate) async fn founded(store: &Store, n: u64) -> OrganizationId {
    store.write(Found(n)).await.unwrap();
    organization(n).id
}

struct Found(u64);

impl Command for Found {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let organization = organization(self.0);
        organizations::insert(tx, &organization).await?;
        let key = LogKey { name: format!("signoff.example/log/{}", organization.id), seed: [7; 32] };
        log::start(tx, organization.id, &key, organization.created_at).await
    }
}

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Well,
    Refuses,
    Panics,
    AwaitsSomethingForeign,
    RecordsWhatNoLogCanHold,
    BreaksAConstraint,
}

/// Writes a row and records an event, both called `n`, and then ends so.
pub(crate) struct Write {
    pub(crate) log: OrganizationId,
    pub(crate) n: u64,
    pub(crate) end: End,
}

/// An event that says `n`.
pub(crate) fn event(log: OrganizationId, n: u64) -> Event {
    let mut detail = Object::new();
    detail.insert("n".into(), n.into());
    Event {
        id: moment(n).ids().draw(),
        organization_id: log,
        event_type: EventType::OrganizationCreated,
        at: moment(n).now,
        actor: Actor::operator(),
        channel: Channel::Cli,
        task_id: None,
        queue: None,
        revision: None,
        content: None,
        review_id: None,
        detail,
    }
}

impl Command for Write {
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
        let row = organization(self.n);
        organizations::insert(tx, &row).await?;
        tx.record([event(self.log, self.n)]);
        match self.end {
            End::Well => Ok(self.n),
            End::Refuses => Err(Refusal::new(Code::ValidationError, "No.").into()),
            End::Panics => panic!("on purpose"),
            End::AwaitsSomethingForeign => {
                tokio::time::sleep(Duration::from_millis(1)).await;
                Ok(self.n)
            }
            End::RecordsWhatNoLogCanHold => {
                let mut large = event(self.log, self.n);
                large.detail.insert("text".into(), "x".repeat(40_000).into());
                tx.record([large]);
                Ok(self.n)
            }
            End::BreaksAConstraint => {
                organizations::insert(tx, &row).await?;
                Ok(self.n)
            }
        }
    }
}

/// The names of the organizations but those that were founded, as numbers.
pub(crate) async fn written(store: &Store) -> Vec<u64> {
    struct Names;
    impl Query for Names {
        type Out = Vec<u64>;
        async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<u64>, Error> {
            let all = organizations::all(tx).await?;
            Ok(all.iter().filter_map(|organization| organization.name.parse().ok()).filter(|n| *n < FOUNDED).collect())
        }
    }
    let mut names = store.read(Names).await.unwrap();
    names.sort_unstable();
    names
}

/// Organizations from this number on are founded.
pub(crate) const FOUNDED: u64 = 1_000_000;

/// The log of an organization: the entries in their order, checked to be gapless and to lead to the root that is stored.
pub(crate) async fn sealed(store: &Store, organization: OrganizationId) -> Vec<u64> {
    struct Whole(OrganizationId);
    impl Query for Whole {
        type Out = (Vec<(i64, String)>, Vec<Hash>, Frontier);
        async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
            let entries = log::entries(tx, self.0, 0, i64::MAX, i64::MAX).await?;
            Ok((entries, log::leaves(tx, self.0, 0, i64::MAX).await?, log::head(tx, self.0).await?))
        }
    }
    let (entries, leaves, head) = store.read(Whole(organization)).await.unwrap();
    let mut frontier = Frontier::new();
    let mut numbers = Vec::new();
    for (i, (seq, entry)) in entries.iter().enumerate() {
        assert_eq!(*seq, i64::try_from(i).unwrap(), "the numbers have a gap");
        assert_eq!(leaf_hash(entry.as_bytes()), leaves[i]);
        frontier.push(leaves[i]);
        let entry: serde_json::Value = serde_json::from_str(entry).unwrap();
        numbers.push(entry["detail"]["n"].as_u64().unwrap());
    }
    assert_eq!((head.size(), head.root()), (frontier.size(), frontier.root()));
    numbers
}

/// Seals until nothing waits.
pub(crate) async fn seal(store: &Store) {
    while store.seal().await.unwrap() > 0 {}
}

/// Whether it is what a broken command answers.
pub(crate) fn is_bug(error: &Error) -> bool {
    matches!(error, Error::Fault(Fault::Bug(_)))
}
