//! Finding reviewers: tasks that look for one are offered to whoever the queue's strategy chooses, and every choice is explained.
//!
//! [`Route`] works through the tasks of one organization that have looked longest, in one transaction and as the only router of the organization, so that two
//! choices never count the same spare capacity.

use jiff::SignedDuration;
use signoff_domain::{
    Moment, Timestamp,
    assignment::{Decision, Explanation, Requirement, choose},
    event::{Event, EventType},
    id::{MemberId, OfferId, OrganizationId, TaskId},
    moment::Ids,
    queue::Queue,
    skill::next_drop,
    task::{Task, TaskState},
};
use signoff_store::{
    Command, Error, Query, Tx,
    offers::{self, Offer},
    queues, routing_facts, routings, tasks, timers, workloads,
};

use crate::{
    Caller,
    caller::detail,
    due, escalation,
    tasks::holders::{end_offer, holders},
};

mod explain;
mod offers_of;
mod roster;

pub use explain::{ExplainAssignment, Explained, Told};
pub(crate) use offers_of::accept;
pub use offers_of::{AcceptOffer, DeclineOffer, ListOffers, OfferView};
pub(crate) use roster::{Roster, thread};

/// Most tasks that are routed in one transaction.
const TASKS: i64 = 200;
/// Where nobody was found, reviewers are looked for again after so many seconds: somebody may have come.
const AGAIN_SECONDS: i64 = 60;

/// The organizations in which tasks look for reviewers.
pub struct Waiting;

impl Query for Waiting {
    type Out = Vec<OrganizationId>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<OrganizationId>, Error> {
        routings::waiting(tx).await
    }
}

/// Routes the tasks of an organization that have looked longest for reviewers; answers how many.
pub struct Route {
    /// When.
    pub moment: Moment,
    /// Whose tasks.
    pub organization_id: OrganizationId,
}

impl Command for Route {
    type Out = usize;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<usize, Error> {
        if !routings::lock_router(tx, self.organization_id).await? {
            return Ok(0);
        }
        let waiting = routings::first(tx, self.organization_id, TASKS).await?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let mut ids = self.moment.ids();
        let mut roster = Roster::load(tx, self.organization_id, self.moment.now).await?;
        for id in &waiting {
            self.task(tx, &mut ids, &mut roster, *id).await?;
        }
        Ok(waiting.len())
    }
}

impl Route {
    async fn task(&self, tx: &mut Tx<'_>, ids: &mut Ids, roster: &mut Roster, id: TaskId) -> Result<(), Error> {
        let now = self.moment.now;
        routings::delete(tx, id).await?;
        let Some(task) = tasks::lock(tx, self.organization_id, id).await?.filter(|task| task.state == TaskState::Queued) else {
            return Ok(());
        };
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        // The timer of an offer may be late: what is over does not stand in the way of the next.
        for offer in offers::standing(tx, id).await?.into_iter().filter(|offer| offer.expires_at <= now) {
            lose(tx, ids, &task, &offer, now).await?;
        }
        let holders = holders(tx, &task).await?;
        let free = usize::try_from(task.wanted).unwrap_or(0).saturating_sub(holders.places(now).len());
        if let Some(lapses_at) = holders.lapses_at(now) {
            // Who only holds a lease may let it run out: then the place is to be filled.
            timers::set(tx, task.organization_id, task.id.0, due::ROUTE, "", lapses_at).await?;
        }
        for _ in 0..free {
            let decision = decide(tx, roster, &task, &queue, now).await?;
            note_dropped(tx, ids, &task, &decision.explanation, now).await?;
            routing_facts::explain(tx, &task, &decision.explanation, now).await?;
            match decision.chosen {
                Some(member) => self.offer(tx, ids, roster, &task, &queue, member).await?,
                None => return nobody(tx, ids, &task, &queue, &decision.explanation, now).await,
            }
        }
        Ok(())
    }

    async fn offer(
        &self,
        tx: &mut Tx<'_>,
        ids: &mut Ids,
        roster: &mut Roster,
        task: &Task,
        queue: &Queue,
        member_id: MemberId,
    ) -> Result<(), Error> {
        let now = self.moment.now;
        let routing = &queue.config.routing;
        let expires_at = now.checked_add(SignedDuration::from_secs(routing.offer_timeout_seconds)).unwrap_or(Timestamp::MAX);
        let on_behalf_of = roster.on_behalf_of(member_id);
        let offer = Offer {
            id: ids.draw(),
            organization_id: task.organization_id,
            task_id: task.id,
            stage: task.stage,
            member_id,
            on_behalf_of,
            origin: queue.config.assignment.strategy().as_str().into(),
            weight: routing.weight,
            offered_at: now,
            expires_at,
        };
        offers::insert(tx, &offer).await?;
        workloads::add(tx, task.organization_id, member_id, routing.weight, true, now).await?;
        roster.assigned(member_id, routing.weight, now);
        timers::set(tx, task.organization_id, task.id.0, due::OFFER, &offer.id.to_string(), expires_at).await?;
        let offered = detail! {
            "offer_id": offer.id, "member_id": member_id, "on_behalf_of": on_behalf_of, "strategy": offer.origin, "expires_at": expires_at
        };
        let event = Caller::rule(task.organization_id).task_event(EventType::TaskOffered, task, ids, now);
        tx.record([Event { detail: offered, ..event }]);
        Ok(())
    }
}

/// Who is to review a locked task, and why.
pub(crate) async fn decide(tx: &mut Tx<'_>, roster: &mut Roster, task: &Task, queue: &Queue, now: Timestamp) -> Result<Decision, Error> {
    let requirement = Requirement::since(task.opened_at.unwrap_or(task.created_at));
    roster.look_at(tx, task, now).await?;
    let (strategy, routing) = (queue.config.assignment.strategy(), &queue.config.routing);
    let decision = choose(strategy, routing, &requirement, roster.candidates(), now);
    if decision.chosen.is_none() && roster.ask_again(tx, task).await? {
        return Ok(choose(strategy, routing, &requirement, roster.candidates(), now));
    }
    Ok(decision)
}

/// Nobody may be asked: that is told once for each reason, and looked at again.
async fn nobody(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: &Task,
    queue: &Queue,
    explanation: &Explanation,
    now: Timestamp,
) -> Result<(), Error> {
    let opened_at = task.opened_at.unwrap_or(task.created_at);
    let again = now.checked_add(SignedDuration::from_secs(AGAIN_SECONDS)).unwrap_or(Timestamp::MAX);
    let dropped = next_drop(&queue.config.routing.skills, opened_at, now).unwrap_or(again);
    timers::set(tx, task.organization_id, task.id.0, due::ROUTE, "", again.min(dropped)).await?;
    let reason = serde_json::to_value(explanation.reason).unwrap_or_default();
    if routing_facts::tell(tx, task, &reason.to_string()).await? {
        let event = Caller::rule(task.organization_id).task_event(EventType::TaskUnroutable, task, ids, now);
        let unroutable = detail! { "reason": reason, "candidates": explanation.candidates, "lead_ids": queue.config.lead_ids };
        tx.record([Event { detail: unroutable, ..event }]);
        escalation::unroutable(tx, ids, task, queue, now).await?;
    }
    Ok(())
}

/// Each skill that is no longer asked for is told once.
async fn note_dropped(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, explanation: &Explanation, now: Timestamp) -> Result<(), Error> {
    if explanation.dropped_skills.is_empty() {
        return Ok(());
    }
    let before = routing_facts::explanation::<Explanation>(tx, task).await?.map(|(before, _)| before.dropped_skills).unwrap_or_default();
    for skill in explanation.dropped_skills.iter().filter(|skill| !before.contains(skill)) {
        let event = Caller::rule(task.organization_id).task_event(EventType::SkillDropped, task, ids, now);
        tx.record([Event { detail: detail! { "skill": skill }, ..event }]);
    }
    Ok(())
}

/// An offer's time is over: it ends, and another reviewer is looked for. Who did not answer is not asked again at this stage.
pub(crate) async fn expire(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, id: OfferId, now: Timestamp) -> Result<(), Error> {
    let Some(offer) = offers::get(tx, id).await? else { return Ok(()) };
    if offer.expires_at > now {
        return timers::set(tx, task.organization_id, task.id.0, due::OFFER, &id.to_string(), offer.expires_at).await;
    }
    routings::put(tx, task.organization_id, task.id, now).await?;
    lose(tx, ids, task, &offer, now).await
}

/// An offer whose time is over ends.
async fn lose(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, offer: &Offer, now: Timestamp) -> Result<(), Error> {
    end_offer(tx, offer, "expired", now).await?;
    let event = Caller::rule(task.organization_id).task_event(EventType::OfferEnded, task, ids, now);
    tx.record([Event { detail: detail! { "offer_id": offer.id, "member_id": offer.member_id, "state": "expired" }, ..event }]);
    Ok(())
}

/// Has a task look for reviewers again, when its queue names them and the stage has a place.
pub(crate) async fn look_again(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    if task.state == TaskState::Queued && queue.config.assignment.strategy().names_reviewer() {
        routings::put(tx, task.organization_id, task.id, now).await?;
    }
    Ok(())
}
