//! A queue is made.

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    moment::Ids,
    permission::Action,
    queue::{COMES_BACK, Queue, QueueConfig, check_key},
};
use signoff_store::{Command, Error, Tx, queues};

use super::{QueueView, note_audiences, references};
use crate::{Caller, tasks::digest};

/// Makes a queue.
pub struct CreateQueue {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What programs call it.
    pub key: String,
    /// What it is made of.
    pub config: QueueConfig,
}

impl Command for CreateQueue {
    type Out = QueueView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<QueueView, Error> {
        self.caller.require(Action::QueueWrite)?;
        let queue = create(tx, &self.caller, &self.moment, &mut self.moment.ids(), &self.key, &self.config).await?;
        references::check_helpers(tx, &self.caller, &queue).await?;
        Ok(QueueView { queue, open_count: 0 })
    }
}

/// Makes a queue. Whoever calls it has [`references::check_helpers`] look at what it overflows into.
pub(super) async fn create(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    key: &str,
    config: &QueueConfig,
) -> Result<Queue, Error> {
    check_key(key)?;
    references::check(tx, caller.organization_id, config).await?;
    let known = queues::by_key(tx, caller.organization_id, key).await?;
    if known.is_some() || !caller.sees_queue(key) {
        let refusal = Refusal::at(Code::AlreadyExists, "/key", format!("There is a queue '{key}' already."));
        let deleted = known.is_some_and(|queue| queue.deleted_at.is_some()) && caller.sees_queue(key);
        return Err(if deleted { refusal.hint(COMES_BACK) } else { refusal }.into());
    }
    let queue = Queue {
        id: ids.draw(),
        organization_id: caller.organization_id,
        key: key.into(),
        version: 1,
        config: config.clone(),
        deleted_at: None,
        created_at: moment.now,
        updated_at: moment.now,
    };
    let salt = ids.salt();
    queues::insert(tx, &queue, &salt).await?;
    note_audiences(tx, &queue).await?;
    let event = caller.queue_event(EventType::QueueCreated, &queue, ids, moment.now);
    tx.record([Event { content: Some(digest(&salt, &queue.config)?), ..event }]);
    Ok(queue)
}
