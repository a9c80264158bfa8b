//! A reviewer takes a task, keeps it, gives it back.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    event::{Event, EventType},
    hold::{Lease, may_hold, same_lease},
    id::{LeaseId, MemberId, TaskId},
    moment::Ids,
    permission::Action,
    sla::MetricKind,
    task::Task,
};
use signoff_store::{Command, Error, Tx, leases, offers, queues};

use super::{Claim, audience::require_reviewer, holders::holders, lock, view};
use crate::{Caller, caller::detail, clocks, escalation, routing};

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
        claim(tx, &self.caller, &self.moment, &mut self.moment.ids(), task).await
    }
}

/// Takes the lease on a locked task.
pub(super) async fn claim(tx: &mut Tx<'_>, caller: &Caller, moment: &Moment, ids: &mut Ids, task: Task) -> Result<Claim, Error> {
    require_reviewer(tx, &task, caller, moment.now).await?;
    let (member, name) = caller.member()?;
    may_hold(&task, &holders(tx, &task).await?, member, moment.now)?;
    let task = taken(tx, caller, ids, task, member, moment.now).await?;
    let lease = Lease { id: ids.draw(), member_id: member, member_name: name.into(), expires_at: end(moment.now) };
    leases::put(tx, task.id, &lease).await?;
    let event = caller.task_event(EventType::TaskClaimed, &task, ids, moment.now);
    tx.record([Event { detail: detail! { "lease_id": lease.id }, ..event }]);
    Ok(Claim { lease, view: view(tx, caller, task, moment.now).await? })
}

/// Takes the offer that stands to the claiming member, if there is one, and stops the clocks that a claim ends.
async fn taken(tx: &mut Tx<'_>, caller: &Caller, ids: &mut Ids, task: Task, member: MemberId, now: Timestamp) -> Result<Task, Error> {
    let offer = offers::standing(tx, task.id).await?.into_iter().find(|offer| offer.member_id == member && now < offer.expires_at);
    let task = match offer {
        Some(offer) => routing::accept(tx, caller, ids, task, &offer, now).await?,
        None => task,
    };
    let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
    clocks::stop(tx, ids, &task, &queue, &[MetricKind::TimeToAssign, MetricKind::TimeToFirstView], now).await?;
    escalation::acknowledge(tx, &task, &queue, now).await?;
    Ok(task)
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
        let holders = holders(tx, &task).await?;
        // A lease that ran out may go on while the stage has a place for it: no work is lost.
        let held = same_lease(holders.lease_of(member), self.lease_id)?;
        may_hold(&task, &holders, member, self.now)?;
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
        same_lease(holders(tx, &task).await?.lease_of(member), self.lease_id)?;
        leases::delete(tx, task.id, member).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        escalation::give_back(tx, &task, &queue, self.moment.now).await?;
        routing::look_again(tx, &task, &queue, self.moment.now).await?;
        let mut ids = self.moment.ids();
        let event = self.caller.task_event(EventType::TaskReleased, &task, &mut ids, self.moment.now);
        tx.record([Event { detail: detail! { "lease_id": self.lease_id }, ..event }]);
        Ok(())
    }
}
