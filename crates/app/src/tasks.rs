//! Use cases of tasks. [`TaskView`] is what the faces show.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Refusal,
    id::{OrganizationId, TaskId},
    log::{
        canonical,
        content::{Salt, content_digest},
    },
    queue::Queue,
    review::Review,
    task::{Content, Lease, Task},
};
use signoff_store::{Error, Fault, Tx, contents, leases, queues, reviews, tasks};

use crate::Caller;

mod assign;
mod batch;
mod cancel;
mod claim;
mod comment;
mod get;
mod list;
mod next;
mod reason;
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
pub(crate) use cancel::wake_batch;
pub use claim::{ClaimTask, ReleaseTask, RenewLease};
pub use comment::{CommentOnTask, ListComments};
pub use get::{GetStatus, GetTask};
pub use list::{ListTasks, QueueFilter, TaskFilter};
pub(crate) use list::{allowed_queues, queue_id};
pub use next::{ClaimNext, PeekNext};
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

/// The task with all that belongs to it.
pub(crate) async fn view(tx: &mut Tx<'_>, task: Task, now: signoff_domain::Timestamp) -> Result<TaskView, Error> {
    Ok(TaskView {
        content: contents::get(tx, task.id, task.revision).await?,
        queue: Some(queues::at_version(tx, task.queue_id, task.queue_version).await?),
        reviews: Some(reviews::of_task(tx, task.id).await?),
        lease: leases::get(tx, task.id).await?.filter(|lease| lease.holds(now)),
        task,
    })
}

/// The queue of a key, if the caller may see it; it is neither changed nor deleted before the transaction ends.
pub(crate) async fn queue(tx: &mut Tx<'_>, caller: &Caller, key: &str) -> Result<Queue, Error> {
    let found = queues::hold(tx, caller.organization_id, key).await?.filter(|queue| caller.sees_queue(&queue.key));
    found.ok_or_else(|| Refusal::not_found("queue", key).into())
}

/// Refuses unless the member may review in the queue.
pub(crate) fn require_reviewer(queue: &Queue, caller: &Caller) -> Result<(), Error> {
    let (member, _) = caller.member()?;
    if queue.config.lets_review(member) {
        return Ok(());
    }
    Err(Refusal::new(signoff_domain::Code::NotAReviewer, format!("You are not a reviewer of the queue '{}'.", queue.key)).into())
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
