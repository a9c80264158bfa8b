//! Escalations: what the queue's steps say happens to a task that is not taken care of, each step in one transaction with the run's progress.

use signoff_domain::{
    Timestamp,
    calendar::Hours,
    condition::Fault,
    escalation::{
        Action, Escalation,
        run::{Clock, Facts, Fired, Run, Why, fire, next},
    },
    event::{Event, EventType},
    id::MemberId,
    moment::Ids,
    queue::Queue,
    task::Task,
};
use signoff_store::{Error, Tx, clocks as kept, timers};

use crate::{Caller, caller::detail, clocks, due, tasks::holders::holders, workflow::Course};

mod dry_run;
mod steps;
mod targets;

pub use dry_run::{DryRunEscalation, Planned};
pub(crate) use targets::{SCHEDULE, leads};

/// Begins the escalation of a task, if its queue has one and it has not begun under this version of the queue.
pub(crate) async fn begin(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    let Some(escalation) = &queue.config.escalation else { return Ok(()) };
    let begun = kept::run::<Run>(tx, task.id).await?;
    if begun.is_some_and(|run| run.policy_version == task.queue_version) {
        return Ok(());
    }
    keep(tx, task, queue, escalation, &Run::begin(task.queue_version, now), now).await
}

/// The task has left the queue whose escalation it was under.
async fn forget(tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
    kept::delete_run(tx, task.id).await?;
    timers::clear(tx, task.id.0, due::ESCALATION, "").await
}

/// A settled task is opened again: its escalation goes on with the step that it was at, and the times of the round are counted from now on.
pub(crate) async fn go_on(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    change(tx, task, queue, now, |run| run.go_on(now)).await
}

/// Somebody takes care of the task: steps are held back.
pub(crate) async fn acknowledge(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    change(tx, task, queue, now, |run| run.acknowledge(now)).await
}

/// Whoever took care of the task has given it back.
pub(crate) async fn give_back(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    if holders(tx, task).await?.places(now).is_empty() {
        change(tx, task, queue, now, |run| run.give_back(now)).await?;
    }
    Ok(())
}

async fn change(tx: &mut Tx<'_>, task: &Task, queue: &Queue, now: Timestamp, with: impl FnOnce(Run) -> Run) -> Result<(), Error> {
    let Some(escalation) = &queue.config.escalation else { return Ok(()) };
    let Some(run) = kept::run::<Run>(tx, task.id).await? else { return Ok(()) };
    keep(tx, task, queue, escalation, &with(run), now).await
}

/// Stores how far the escalation has gone, and sets the timer of its next step.
async fn keep(tx: &mut Tx<'_>, task: &Task, queue: &Queue, escalation: &Escalation, run: &Run, now: Timestamp) -> Result<(), Error> {
    let times = Times::of(tx, task, queue, escalation).await?;
    kept::put_run(tx, task.id, run, now).await?;
    match times.with(|clock| next(escalation, run, clock)) {
        Some(due) => timers::set(tx, task.organization_id, task.id.0, due::ESCALATION, "", due.at).await,
        None => timers::clear(tx, task.id.0, due::ESCALATION, "").await,
    }
}

/// The calendars that an escalation is reckoned by, and the time that the task has.
pub(crate) struct Times {
    business: Hours,
    support: Option<Hours>,
    span: Option<(Timestamp, Timestamp)>,
}

impl Times {
    async fn of(tx: &mut Tx<'_>, task: &Task, queue: &Queue, escalation: &Escalation) -> Result<Self, Error> {
        let span = task.deadline.map(|deadline| (task.created_at, deadline));
        Self::within(tx, queue, escalation, span).await
    }

    pub(crate) async fn within(
        tx: &mut Tx<'_>,
        queue: &Queue,
        escalation: &Escalation,
        span: Option<(Timestamp, Timestamp)>,
    ) -> Result<Self, Error> {
        let organization = queue.organization_id;
        let calendar = queue.config.sla.as_ref().and_then(|sla| sla.calendar.as_deref());
        let business = clocks::hours(tx, organization, calendar).await?;
        let support = match escalation.support_hours.as_deref() {
            None => None,
            Some(key) => Some(clocks::hours(tx, organization, Some(key)).await?),
        };
        Ok(Self { business, support, span })
    }

    pub(crate) fn with<T>(&self, read: impl FnOnce(&Clock<'_>) -> T) -> T {
        let business = |from: Timestamp, minutes: i64| self.business.due(from, jiff::SignedDuration::from_mins(minutes));
        let sla = |percent: i64| {
            let (from, to) = self.span?;
            let part = i128::from(to.as_microsecond() - from.as_microsecond()) * i128::from(percent) / 100;
            from.checked_add(jiff::SignedDuration::from_micros(i64::try_from(part).ok()?)).ok()
        };
        let opening = |at: Timestamp| self.support.as_ref().map_or(Some(at), |hours| hours.next_opening(at));
        read(&Clock { due_after_business: &business, sla: &sla, next_support_opening: &opening })
    }
}

/// The next step of an escalation is due.
pub(crate) async fn fire_step(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>) -> Result<(), Error> {
    let (now, queue) = (course.now, course.queue);
    let Some(escalation) = &queue.config.escalation else { return Ok(()) };
    let Some(run) = kept::run::<Run>(tx, task.id).await? else { return Ok(()) };
    let times = Times::of(tx, &task, queue, escalation).await?;
    let Some(due) = times.with(|clock| next(escalation, &run, clock)) else { return Ok(()) };
    let step = escalation.steps.get(due.step);
    let condition = match step.and_then(|step| step.when.as_deref()) {
        None => None,
        Some(when) => Some(course.holds(tx, &task, when).await?.map_err(Fault)),
    };
    let holders = holders(tx, &task).await?;
    let opens = times.with(|clock| (clock.next_support_opening)(now));
    let facts = Facts {
        now,
        claimed: holders.leases.iter().any(|lease| lease.holds(now)),
        assigned: task.assignee_id.is_some(),
        acknowledged: run.acknowledged_at.is_some(),
        in_support_hours: opens == Some(now),
        support_opens_at: opens,
        condition,
    };
    let (fired, then) = fire(escalation, &run, due, &facts);
    keep(tx, &task, queue, escalation, &then, now).await?;
    let place = detail! { "loop": due.loop_no, "step": due.step, "policy_version": run.policy_version };
    match fired {
        Fired::NotNow | Fired::Held(_) => Ok(()),
        Fired::Skipped(why) => {
            let event = Caller::rule(task.organization_id).task_event(EventType::TaskEscalated, &task, ids, now);
            let mut detail = detail! { "skipped": written(why) };
            detail.extend(place);
            tx.record([Event { detail, ..event }]);
            Ok(())
        }
        Fired::Do(action) => steps::carry_out(tx, ids, task, course, &action, place).await,
    }
}

fn written(why: Why) -> &'static str {
    match why {
        Why::Unnecessary => "unnecessary",
        Why::ConditionFalse => "condition_false",
        Why::ConditionFailed => "condition_failed",
        Why::EarlierRound => "earlier_round",
        Why::Untimed => "untimed",
    }
}

/// Nobody can be found for a task: whoever leads is told, and the queue's escalation begins.
pub(crate) async fn unroutable(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    let told: Vec<MemberId> = leads(tx, queue).await?;
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskEscalated, task, ids, now);
    tx.record([Event {
        detail: detail! { "cause": "unroutable", "action": "notify", "profile": "important", "member_ids": told },
        ..event
    }]);
    begin(tx, task, queue, now).await
}

/// What a step does, as events name it.
fn name(action: &Action) -> &'static str {
    match action {
        Action::Notify { .. } => "notify",
        Action::Reassign { .. } => "reassign",
        Action::AddReviewer { .. } => "add_reviewer",
        Action::RaisePriority { .. } => "raise_priority",
        Action::MoveQueue { .. } => "move_queue",
        Action::AddStage { .. } => "add_stage",
        Action::DefaultDecision { .. } => "default_decision",
    }
}
