//! A reviewer sees what is offered to them, takes it, or does not.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    event::{Event, EventType},
    hold::Standing,
    id::{MemberId, OfferId, TaskId},
    moment::Ids,
    permission::Action,
    sla::MetricKind,
    task::Task,
};
use signoff_store::{
    Command, Error, Query, Tx,
    assignments::Assigned,
    offers::{self, Offer},
    queues, tasks,
};

use super::look_again;
use crate::{
    Caller,
    caller::detail,
    clocks, escalation,
    tasks::{TaskView, holders::stand, lock, require_reason, view},
};

/// An offer and the task that it is of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferView {
    /// Its id.
    pub id: OfferId,
    /// The task.
    pub task: Task,
    /// For whom the reviewer would act.
    pub on_behalf_of: Option<MemberId>,
    /// The strategy that chose the reviewer.
    pub strategy: String,
    /// Since when.
    pub offered_at: Timestamp,
    /// Until when it stands.
    pub expires_at: Timestamp,
}

/// What is offered to the caller.
pub struct ListOffers {
    /// Who asks.
    pub caller: Caller,
    /// When: what has run out is not shown.
    pub now: Timestamp,
}

impl Query for ListOffers {
    type Out = Vec<OfferView>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<OfferView>, Error> {
        self.caller.require(Action::TaskReview)?;
        let (member, _) = self.caller.member()?;
        let mut views = Vec::new();
        for offer in offers::of_member(tx, self.caller.organization_id, member).await? {
            if offer.expires_at <= self.now {
                continue;
            }
            let Some(task) = tasks::get(tx, self.caller.organization_id, offer.task_id).await? else { continue };
            views.push(OfferView {
                id: offer.id,
                task,
                on_behalf_of: offer.on_behalf_of,
                strategy: offer.origin,
                offered_at: offer.offered_at,
                expires_at: offer.expires_at,
            });
        }
        Ok(views)
    }
}

/// Takes an offered task: it is the caller's to review.
pub struct AcceptOffer {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which task.
    pub id: TaskId,
}

impl Command for AcceptOffer {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskReview)?;
        let task = lock(tx, &self.caller, self.id).await?;
        let offer = offered(tx, &self.caller, &task, self.moment.now).await?;
        let task = accept(tx, &self.caller, &mut self.moment.ids(), task, &offer, self.moment.now).await?;
        view(tx, &self.caller, task, self.moment.now).await
    }
}

/// Makes an offer that stands the reviewer's assignment.
pub(crate) async fn accept(
    tx: &mut Tx<'_>,
    caller: &Caller,
    ids: &mut Ids,
    task: Task,
    offer: &Offer,
    now: Timestamp,
) -> Result<Task, Error> {
    let assigned = Assigned {
        member_id: offer.member_id,
        standing: Standing::Accepted,
        origin: offer.origin.clone(),
        on_behalf_of: offer.on_behalf_of,
        weight: offer.weight,
    };
    stand(tx, ids, &task, &assigned, None, now).await?;
    let assignee_id = if task.wanted == 1 { Some(offer.member_id) } else { task.assignee_id };
    let task = Task { assignee_id, updated_at: now, ..task };
    tasks::update(tx, &task).await?;
    let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
    clocks::stop(tx, ids, &task, &queue, &[MetricKind::TimeToAssign], now).await?;
    escalation::acknowledge(tx, &task, &queue, now).await?;
    let event = caller.task_event(EventType::TaskAssigned, &task, ids, now);
    let detail = detail! {
        "assignee_id": offer.member_id, "offer_id": offer.id, "strategy": offer.origin, "on_behalf_of": offer.on_behalf_of
    };
    tx.record([Event { detail, ..event }]);
    Ok(task)
}

/// Does not take an offered task: it is not offered to the caller again at this stage.
pub struct DeclineOffer {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which task.
    pub id: TaskId,
    /// Why.
    pub reason: String,
}

impl Command for DeclineOffer {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::TaskReview)?;
        require_reason(&self.reason)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        let offer = offered(tx, &self.caller, &task, now).await?;
        let mut ids = self.moment.ids();
        stand(tx, &mut ids, &task, &Assigned::plain(offer.member_id, Standing::Declined), Some(&self.reason), now).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        look_again(tx, &task, &queue, now).await?;
        let event = self.caller.task_event(EventType::OfferEnded, &task, &mut ids, now);
        tx.record([Event { detail: detail! { "offer_id": offer.id, "member_id": offer.member_id, "state": "declined" }, ..event }]);
        Ok(())
    }
}

async fn offered(tx: &mut Tx<'_>, caller: &Caller, task: &Task, now: Timestamp) -> Result<Offer, Error> {
    let (member, _) = caller.member()?;
    let offers = offers::standing(tx, task.id).await?;
    let mine = offers.into_iter().find(|offer| offer.member_id == member && now < offer.expires_at);
    mine.ok_or_else(|| Refusal::new(Code::OfferEnded, "The task is not offered to you, or the offer has ended.").into())
}
