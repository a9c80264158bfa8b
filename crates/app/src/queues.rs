//! Use cases of queues.

use signoff_domain::{Refusal, queue::Queue};
use signoff_store::{Error, Tx, queues};

use crate::Caller;

mod apply;
mod change;
mod create;
mod delete;
mod get;
mod named;
mod references;

pub use apply::{
    Apply, CalendarDocument, Change, ChangeKind, Document, ExportDocument, GroupDocument, MemberDocument, OverrideDocument, QueueDocument,
    ScheduleDocument,
};
pub use change::{ChangeQueue, Edit};
pub use create::CreateQueue;
pub use delete::DeleteQueue;
pub(crate) use get::find;
pub use get::{GetQueue, ListQueues, QueueView};
pub(crate) use references::check_escalation;

/// The queue, locked, if the caller may see it.
async fn lock(tx: &mut Tx<'_>, caller: &Caller, key_or_id: &str) -> Result<Queue, Error> {
    let found = queues::lock(tx, caller.organization_id, key_or_id).await?;
    found.filter(|queue| caller.sees_queue(&queue.key)).ok_or_else(|| Refusal::not_found("queue", key_or_id).into())
}

/// Notes whom the stages of a queue ask, so that whose turn it is can be looked up for each of them.
async fn note_audiences(tx: &mut Tx<'_>, queue: &Queue) -> Result<(), Error> {
    queues::add_audience(tx, queue.id, "").await?;
    for reviewers in queue.config.stages.iter().filter_map(|stage| stage.reviewers.as_ref()) {
        queues::add_audience(tx, queue.id, &reviewers.audience()).await?;
    }
    Ok(())
}
