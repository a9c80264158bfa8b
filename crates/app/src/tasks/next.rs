//! Whose turn it is: pulling the next task.

use signoff_domain::{Moment, Refusal, Timestamp, id::TaskId, permission::Action};
use signoff_store::{Command, Error, Query, Tx, leases, queues, tasks};

use super::{Claim, TaskView, claim::claim, view};
use crate::Caller;

/// How often the next task is looked for again when another reviewer was faster.
const TRIES: usize = 8;

/// The task that is next for a reviewer, without taking it.
pub struct PeekNext {
    /// For whom.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// Only in this queue.
    pub queue_key: Option<String>,
}

impl Query for PeekNext {
    type Out = Option<TaskView>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<TaskView>, Error> {
        let Some(id) = next(tx, &self.caller, self.queue_key.as_deref(), self.now).await? else { return Ok(None) };
        match tasks::get(tx, self.caller.organization_id, id).await? {
            Some(task) => view(tx, task, self.now).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Takes the task that is next for a reviewer.
pub struct ClaimNext {
    /// For whom.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Only in this queue.
    pub queue_key: Option<String>,
}

impl Command for ClaimNext {
    type Out = Option<Claim>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Claim>, Error> {
        let mut ids = self.moment.ids();
        let (member, _) = self.caller.member()?;
        for _ in 0..TRIES {
            let Some(id) = next(tx, &self.caller, self.queue_key.as_deref(), self.moment.now).await? else { return Ok(None) };
            let Some(task) = tasks::lock(tx, self.caller.organization_id, id).await? else { continue };
            // Under READ COMMITTED another reviewer may have been faster before the lock was got.
            let lease = leases::get(tx, id).await?;
            if signoff_domain::task::may_hold(&task, lease.as_ref(), member, self.moment.now).is_err() {
                continue;
            }
            let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
            return claim(tx, &self.caller, &self.moment, &mut ids, task, &queue).await.map(Some);
        }
        Ok(None)
    }
}

/// The first in the order of turns of all queues that the caller reviews. One probe of an index for each queue: the cost does not grow with the tasks that wait.
async fn next(tx: &mut Tx<'_>, caller: &Caller, queue_key: Option<&str>, now: Timestamp) -> Result<Option<TaskId>, Error> {
    caller.require(Action::TaskReview)?;
    let (member, _) = caller.member()?;
    let queues = match queue_key {
        None => queues::all(tx, caller.organization_id).await?,
        Some(key) => {
            let queue = queues::by_key(tx, caller.organization_id, key).await?.ok_or_else(|| Refusal::not_found("queue", key))?;
            super::require_reviewer(&queue, caller)?;
            vec![queue]
        }
    };
    let mut first = None;
    for queue in queues.iter().filter(|queue| queue.config.lets_review(member)) {
        let turn = tasks::turn(tx, queue.id, member, now).await?;
        first = first.into_iter().chain(turn).min();
    }
    Ok(first.map(|turn| turn.task))
}
