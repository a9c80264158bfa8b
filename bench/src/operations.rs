//! An application in this process over a durable SQLite file, with an organization that has as many reviewers and tasks as a measurement wants. Rows that are only
//! there to be many are written past the use cases.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::Context;
use signoff_app::{
    App, Caller, Clock, Command, Config, Entropy, Environment, Error, Principal, identity::CreateOrganization, queues::CreateQueue,
    tasks::SubmitTask,
};
use signoff_domain::{
    Moment, Object, Timestamp,
    actor::Method,
    event::Channel,
    id::{MemberId, OrganizationId, TaskId},
    member::{Member, MemberState},
    permission::Role,
    queue::{QueueConfig, ReviewType},
    submission::{Due, Submission},
    task::{Content, Priority},
};
use signoff_store::{Tx, members};

/// Most members or tasks that are made in one transaction.
const MADE_AT_ONCE: usize = 500;

struct Wall;

impl Clock for Wall {
    #[expect(clippy::disallowed_methods, reason = "the edge of this process")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Bytes that differ from call to call; nothing here has to be secret.
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z ^= z >> 27;
            chunk.copy_from_slice(&z.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// The application and its organization.
pub(crate) struct Operations {
    pub(crate) app: App,
    pub(crate) organization: OrganizationId,
    owner: Caller,
    file: PathBuf,
}

impl Operations {
    /// Opens it with so many reviewers.
    pub(crate) async fn open(folder: &Path, reviewers: usize) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = folder.join("signoff.db");
        let app = App::open(&Config::sqlite(&file), Environment::new(Wall, Counted(AtomicU64::new(1)))).await?;
        let make = CreateOrganization {
            moment: app.moment(),
            name: "Bench".into(),
            email: "owner@bench.example".into(),
            owner: "Owner".into(),
            host: "bench.example".into(),
            log_seed: app.random(),
            secret: "link".into(),
            only_first: false,
        };
        let made = app.write(make).await?.context("no organization")?;
        let (organization, Member { id, name, role, .. }) = (made.organization.id, made.owner);
        let principal = Principal::Member { id, name, role, method: Method::Session, session: None, token: None };
        let owner = Caller { organization_id: organization, principal, channel: Channel::Console };
        for first in (0..reviewers).step_by(MADE_AT_ONCE) {
            let numbers = first..reviewers.min(first + MADE_AT_ONCE);
            app.write(Join { organization, moment: app.moment(), numbers }).await?;
        }
        Ok(Self { app, organization, owner, file })
    }

    /// Makes a queue for approvals.
    pub(crate) async fn queue(&self, key: &str, change: impl FnOnce(&mut QueueConfig)) -> anyhow::Result<()> {
        let mut config = QueueConfig::of_type(key, ReviewType::Approval);
        change(&mut config);
        self.app.write(CreateQueue { caller: self.owner.clone(), moment: self.app.moment(), key: key.into(), config }).await?;
        Ok(())
    }

    /// Submits tasks, many at once; answers them.
    pub(crate) async fn submit(&self, queue_key: &str, count: usize) -> anyhow::Result<Vec<TaskId>> {
        let mut tasks = Vec::with_capacity(count);
        while tasks.len() < count {
            let mut set = tokio::task::JoinSet::new();
            for _ in 0..MADE_AT_ONCE.min(count - tasks.len()) {
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
                let (caller, moment, compiled) = (self.owner.clone(), self.app.moment(), self.app.compiled());
                let (app, queue_key) = (self.app.clone(), queue_key.to_owned());
                set.spawn(async move { app.write(SubmitTask { caller, moment, compiled, queue_key, submission }).await });
            }
            while let Some(done) = set.join_next().await {
                tasks.push(done??.view.task.id);
            }
        }
        Ok(tasks)
    }

    /// The file, for statements past the store.
    pub(crate) fn file(&self) -> anyhow::Result<rusqlite::Connection> {
        let connection = rusqlite::Connection::open(&self.file)?;
        connection.busy_timeout(std::time::Duration::from_secs(60))?;
        Ok(connection)
    }
}

/// Members who review and are always there.
struct Join {
    organization: OrganizationId,
    moment: Moment,
    numbers: std::ops::Range<usize>,
}

impl Command for Join {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mut ids = self.moment.ids();
        for n in self.numbers.clone() {
            let member = Member {
                id: ids.draw::<MemberId>(),
                organization_id: self.organization,
                email: format!("m{n}@bench.example"),
                name: format!("Member {n}"),
                role: Role::Reviewer,
                state: MemberState::Active,
                created_at: self.moment.now,
                last_seen_at: None,
            };
            members::insert(tx, &member, None).await?;
        }
        Ok(())
    }
}
