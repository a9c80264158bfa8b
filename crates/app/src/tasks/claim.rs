//! A reviewer takes a task, keeps it, gives it back.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    event::{Event, EventType},
    id::{LeaseId, TaskId},
    moment::Ids,
    permission::Action,
    queue::Queue,
    task::{Lease, Task, may_hold, same_lease},
};
use signoff_store::{Command, Error, Tx, leases, queues};

use super::{Claim, lock, require_reviewer, view};
use crate::{Caller, caller::detail};

/// Takes the lease on a task. Who holds it already gets a fresh one.
pub struct ClaimTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
}

impl Command for ClaimTask {
    type Out = Claim;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Claim, Error> {
        self.caller.require(Action::TaskReview)?;
        let task = lock(tx, &self.caller, self.id).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        claim(tx, &self.caller, &self.moment, &mut self.moment.ids(), task, &queue).await
    }
}

/// Takes the lease on a locked task.
pub(super) async fn claim(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    task: Task,
    queue: &Queue,
) -> Result<Claim, Error> {
    require_reviewer(queue, caller)?;
    let (member, name) = caller.member()?;
    may_hold(&task, leases::get(tx, task.id).await?.as_ref(), member, moment.now)?;
    let lease = Lease { id: ids.draw(), member_id: member, member_name: name.into(), expires_at: end(moment.now) };
    leases::put(tx, task.id, &lease).await?;
    let event = caller.task_event(EventType::TaskClaimed, &task, ids, moment.now);
    tx.record([Event { detail: detail! { "lease_id": lease.id }, ..event }]);
    Ok(Claim { lease, view: view(tx, task, moment.now).await? })
}

fn end(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(Lease::SECONDS)).unwrap_or(Timestamp::MAX)
}

/// Makes a lease last from now on.
pub struct RenewLease {
    /// Who.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// On which task.
    pub id: TaskId,
    /// Which lease.
    pub lease_id: LeaseId,
}

impl Command for RenewLease {
    type Out = Lease;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Lease, Error> {
        self.caller.require(Action::TaskReview)?;
        let (member, _) = self.caller.member()?;
        let task = lock(tx, &self.caller, self.id).await?;
        let held = leases::get(tx, task.id).await?;
        // A lease that ran out and that nobody took since may go on: no work is lost.
        let held = same_lease(held.as_ref(), self.lease_id, member)?;
        may_hold(&task, Some(held), member, self.now)?;
        let lease = Lease { expires_at: end(self.now), ..held.clone() };
        leases::put(tx, task.id, &lease).await?;
        Ok(lease)
    }
}

/// Gives a lease back.
pub struct ReleaseTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// On which task.
    pub id: TaskId,
    /// Which lease.
    pub lease_id: LeaseId,
}

impl Command for ReleaseTask {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::TaskReview)?;
        let (member, _) = self.caller.member()?;
        let task = lock(tx, &self.caller, self.id).await?;
        if task.state.is_settled() {
            return Err(Refusal::new(Code::LeaseLost, "The task is settled; nobody holds it.").into());
        }
        same_lease(leases::get(tx, task.id).await?.as_ref(), self.lease_id, member)?;
        leases::delete(tx, task.id).await?;
        let mut ids = self.moment.ids();
        let event = self.caller.task_event(EventType::TaskReleased, &task, &mut ids, self.moment.now);
        tx.record([Event { detail: detail! { "lease_id": self.lease_id }, ..event }]);
        Ok(())
    }
}
