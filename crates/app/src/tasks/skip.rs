//! A reviewer will not review a task.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    id::{LeaseId, TaskId},
    permission::Action,
    task::{Task, may_hold, same_lease},
};
use signoff_store::{Command, Error, Tx, assignments, leases, queues, tasks};

use super::{cancel::require_reason, lock, reason::with_reason, require_reviewer};
use crate::{Caller, caller::detail};

/// Declines a task: it is not offered to this reviewer again at this stage, and stays open for others.
pub struct SkipTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
    /// Why.
    pub reason: String,
    /// The lease, when one is held.
    pub lease_id: Option<LeaseId>,
}

impl Command for SkipTask {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::TaskReview)?;
        let (member, _) = self.caller.member()?;
        require_reason(&self.reason)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        require_reviewer(&queues::at_version(tx, task.queue_id, task.queue_version).await?, &self.caller)?;
        let lease = leases::get(tx, task.id).await?;
        may_hold(&task, lease.as_ref(), member, now)?;
        if let Some(named) = self.lease_id {
            same_lease(lease.as_ref(), named, member)?;
        }
        let mut ids = self.moment.ids();
        assignments::put(tx, ids.draw(), &task, member, assignments::State::Declined, Some(&self.reason), now).await?;
        if lease.is_some_and(|lease| lease.member_id == member) {
            leases::delete(tx, task.id).await?;
        }
        let unassigned = task.assignee_id == Some(member);
        let task = if unassigned { Task { assignee_id: None, updated_at: now, ..task } } else { task };
        if unassigned {
            tasks::update(tx, &task).await?;
        }
        let event = self.caller.task_event(EventType::TaskSkipped, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, Some(&self.reason), &mut ids).await?;
        tx.record([Event { detail: detail! { "unassigned": unassigned }, ..event }]);
        Ok(())
    }
}
