//! Use cases of tasks. [`TaskView`] is what the faces show.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Refusal,
    hold::Lease,
    id::{OrganizationId, TaskId},
    log::{
        canonical,
        content::{Salt, content_digest},
    },
    queue::Queue,
    review::{self, Review},
    task::{Content, Task},
};
use signoff_store::{Error, Fault, Tx, contents, leases, queues, reviews, tasks};

use crate::Caller;

mod assign;
pub(crate) mod audience;
mod batch;
mod cancel;
mod claim;
mod comment;
mod get;
pub(crate) mod holders;
mod list;
mod next;
mod overrule;
pub(crate) mod reason;
mod reopen;
mod revise;
mod skip;
mod submit;
mod unread;
mod wait;
mod withdraw;

pub use assign::AssignTask;
pub use batch::{BatchView, GetBatch, SubmitBatch};
pub use cancel::CancelTask;
pub(crate) use cancel::require_reason;
pub(crate) use cancel::wake_batch;
pub use claim::{ClaimTask, ReleaseTask, RenewLease};
pub use comment::{CommentOnTask, ListComments};
pub use get::{GetStatus, GetTask};
pub use list::{ListTasks, QueueFilter, TaskFilter};
pub(crate) use list::{allowed_queues, queue_id};
pub use next::{ClaimNext, PeekNext};
pub use overrule::OverrideTask;
pub use reopen::ReopenTask;
pub use revise::ReviseTask;
pub use signoff_store::tasks::{Key, Order, Status};
pub use skip::SkipTask;
pub use submit::{SubmitTask, Submitted};
pub use wait::LONGEST as LONGEST_WAIT;
pub(crate) use withdraw::withdraw;

/// A task with what belongs to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// The content of its revision.
    pub content: Content,
    /// The queue as it was when the task was submitted; left out in lists.
    pub queue: Option<Queue>,
    /// Its reviews; left out in lists.
    pub reviews: Option<Vec<Review>>,
    /// Who holds it now.
    pub lease: Option<Lease>,
}

/// A lease that was taken, and the task it is on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The lease.
    pub lease: Lease,
    /// The task.
    pub view: TaskView,
}

/// The task, if the caller may see it.
pub(crate) async fn find(tx: &mut Tx<'_>, caller: &Caller, id: TaskId) -> Result<Task, Error> {
    visible(caller, tasks::get(tx, caller.organization_id, id).await?, id)
}

/// The task, locked, if the caller may see it.
pub(crate) async fn lock(tx: &mut Tx<'_>, caller: &Caller, id: TaskId) -> Result<Task, Error> {
    visible(caller, tasks::lock(tx, caller.organization_id, id).await?, id)
}

fn visible(caller: &Caller, task: Option<Task>, id: TaskId) -> Result<Task, Error> {
    task.filter(|task| caller.sees_queue(&task.queue_key)).ok_or_else(|| Refusal::not_found("task", id).into())
}

/// The task with all that belongs to it, as the caller may see it: the lease is the caller's own where they hold one, and others' reviews of a blind stage
/// are hidden from whoever could still review it.
pub(crate) async fn view(tx: &mut Tx<'_>, caller: &Caller, task: Task, now: signoff_domain::Timestamp) -> Result<TaskView, Error> {
    let member = caller.member().ok().map(|(id, _)| id);
    let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
    let mut reviews = reviews::of_task(tx, task.id).await?;
    let blind =
        usize::try_from(task.stage).ok().and_then(|at| queue.config.workflow().stages.get(at).map(|stage| stage.blind)).unwrap_or(true);
    reviews.retain(|review| review.voided_at.is_none() && !review.surplus);
    if let Some(member) = member.filter(|_| blind) {
        review::hide_others(&mut reviews, &task, member);
    }
    let mut leases = leases::of_task(tx, task.id).await?;
    leases.retain(|lease| lease.holds(now) && !task.state.is_settled());
    leases.sort_by_key(|lease| Some(lease.member_id) != member);
    Ok(TaskView {
        content: contents::get(tx, task.id, task.revision).await?,
        queue: Some(queue),
        reviews: Some(reviews),
        lease: leases.into_iter().next(),
        task,
    })
}

/// The queue of a key, if the caller may see it; it is neither changed nor deleted before the transaction ends.
pub(crate) async fn queue(tx: &mut Tx<'_>, caller: &Caller, key: &str) -> Result<Queue, Error> {
    let found = queues::hold(tx, caller.organization_id, key).await?.filter(|queue| caller.sees_queue(&queue.key));
    found.ok_or_else(|| Refusal::not_found("queue", key).into())
}

/// The salted digest under which the event log refers to content.
pub(crate) fn digest(salt: &Salt, value: &impl Serialize) -> Result<String, Error> {
    let bytes = canonical::of(value).map_err(|error| Fault::Bug(format!("content is not canonical: {error}")))?;
    Ok(content_digest(salt, &bytes).to_string())
}

/// Refuses to name somebody who is no active reviewer of the queue.
async fn check_assignee(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    queue: &Queue,
    member: signoff_domain::id::MemberId,
) -> Result<(), Error> {
    let found = signoff_store::members::hold(tx, organization, member).await?;
    Ok(signoff_domain::member::check_assignee(found.as_ref(), queue)?)
}
