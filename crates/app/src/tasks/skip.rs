//! A reviewer will not review a task.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    hold::{Standing, may_hold, same_lease},
    id::{LeaseId, TaskId},
    permission::Action,
    task::Task,
};
use signoff_store::{Command, Error, Tx, assignments::Assigned, leases, queues, tasks};

use super::{
    audience::require_reviewer,
    cancel::require_reason,
    holders::{holders, stand},
    lock,
    reason::with_reason,
};
use crate::{Caller, caller::detail, escalation, routing};

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
        require_reviewer(tx, &task, &self.caller, now).await?;
        let holders = holders(tx, &task).await?;
        may_hold(&task, &holders, member, now)?;
        if let Some(named) = self.lease_id {
            same_lease(holders.lease_of(member), named)?;
        }
        let mut ids = self.moment.ids();
        stand(tx, &mut ids, &task, &Assigned::plain(member, Standing::Declined), Some(&self.reason), now).await?;
        leases::delete(tx, task.id, member).await?;
        let unassigned = task.assignee_id == Some(member);
        let task = if unassigned { Task { assignee_id: None, updated_at: now, ..task } } else { task };
        if unassigned {
            tasks::update(tx, &task).await?;
        }
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        escalation::give_back(tx, &task, &queue, now).await?;
        routing::look_again(tx, &task, &queue, now).await?;
        let event = self.caller.task_event(EventType::TaskSkipped, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, Some(&self.reason), &mut ids).await?;
        tx.record([Event { detail: detail! { "unassigned": unassigned }, ..event }]);
        Ok(())
    }
}
