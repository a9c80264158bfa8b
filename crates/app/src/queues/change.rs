//! A queue gets a new version.

use signoff_domain::{
    Moment, Refusal,
    event::{Event, EventType},
    moment::Ids,
    permission::Action,
    queue::{Queue, QueueConfig},
};
use signoff_store::{Command, Error, Tx, queues};

use super::{QueueView, lock, note_audiences, references};
use crate::{Caller, tasks::digest};

/// What a change makes of a queue's parts.
pub type Edit = Box<dyn Fn(&QueueConfig) -> Result<QueueConfig, Refusal> + Send + Sync>;

/// Changes a queue: tasks from now on are decided under a new version, those that are there keep theirs.
pub struct ChangeQueue {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub key_or_id: String,
    /// The version that is to be changed, when the caller says so.
    pub if_version: Option<i64>,
    /// How.
    pub edit: Edit,
}

impl Command for ChangeQueue {
    type Out = QueueView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<QueueView, Error> {
        self.caller.require(Action::QueueWrite)?;
        let queue = lock(tx, &self.caller, &self.key_or_id).await?;
        queue.takes_changes()?;
        if let Some(version) = self.if_version {
            queue.expect_version(version)?;
        }
        let config = (self.edit)(&queue.config)?;
        let queue = change(tx, &self.caller, &self.moment, &mut self.moment.ids(), queue, config).await?;
        references::check_helpers(tx, &self.caller, &queue).await?;
        let open_count = queues::open_count(tx, queue.id).await?;
        Ok(QueueView { queue, open_count })
    }
}

/// Gives a locked queue a new version, unless nothing changes. Whoever calls it has [`references::check_helpers`] look at what it then overflows into.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    queue: Queue,
    config: QueueConfig,
) -> Result<Queue, Error> {
    if config.review_type != queue.config.review_type {
        return Err(Refusal::invalid("/review_type", "The review type of a queue never changes.").hint("Make another queue.").into());
    }
    if config == queue.config && queue.deleted_at.is_none() {
        return Ok(queue);
    }
    references::check(tx, caller.organization_id, &config).await?;
    let queue = Queue { version: queue.version + 1, config, deleted_at: None, updated_at: moment.now, ..queue };
    let salt = ids.salt();
    queues::update(tx, &queue, &salt).await?;
    note_audiences(tx, &queue).await?;
    let event = caller.queue_event(EventType::QueueUpdated, &queue, ids, moment.now);
    tx.record([Event { content: Some(digest(&salt, &queue.config)?), ..event }]);
    Ok(queue)
}
