//! The clocks of tasks: cycles of the queue's metrics start and stop with what happens to a task, and their alarms become events.

use signoff_domain::{
    Timestamp,
    calendar::{Calendar, Hours},
    event::{Event, EventType},
    id::OrganizationId,
    moment::Ids,
    queue::Queue,
    sla::{Alarm, AlarmKind, Cycle, CycleState, Metric, MetricKind, Sla},
    task::Task,
};
use signoff_store::{
    Error, Tx,
    clocks::{self, CycleKey},
    resources, timers,
};

use crate::{Caller, caller::detail, due, workflow::Course};

/// The kind under which calendars are kept.
pub(crate) const CALENDAR: &str = "calendar";

/// The hours of a calendar; of none, and of one that was taken away, all time counts.
pub(crate) async fn hours(tx: &mut Tx<'_>, organization: OrganizationId, calendar: Option<&str>) -> Result<Hours, Error> {
    let Some(key) = calendar else { return Ok(Hours::always()) };
    match resources::get::<Calendar>(tx, organization, CALENDAR, key).await? {
        Some(calendar) => Ok(Hours::of(&calendar.definition)?),
        None => Ok(Hours::always()),
    }
}

/// A stage opened: its clocks start, and the total with the first of them.
pub(crate) async fn open(course: &Course<'_>, tx: &mut Tx<'_>, task: &Task, stage: &str) -> Result<(), Error> {
    let Some(sla) = &course.queue.config.sla else { return Ok(()) };
    let hours = hours(tx, task.organization_id, sla.calendar.as_deref()).await?;
    let cycles = clocks::of_task::<Cycle>(tx, task.id).await?;
    for kind in MetricKind::ALL {
        let Some(metric) = sla.metric(kind, stage) else { continue };
        let at = if kind == MetricKind::Total { 0 } else { task.stage };
        let before = cycles.iter().filter(|cycle| cycle.metric == kind && cycle.stage == at);
        if kind == MetricKind::Total && before.clone().any(Cycle::is_open) {
            continue;
        }
        let number = before.map(|cycle| cycle.number).max().unwrap_or(0) + 1;
        if let Some(cycle) = Cycle::start(metric, task.priority, at, number, course.now, &hours) {
            keep(tx, task, &cycle, metric, &hours).await?;
        }
    }
    Ok(())
}

/// What these metrics of the stage measure has happened.
pub(crate) async fn stop(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: &Task,
    queue: &Queue,
    kinds: &[MetricKind],
    now: Timestamp,
) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| {
        let here = cycle.stage == task.stage || cycle.metric == MetricKind::Total;
        if here && kinds.contains(&cycle.metric) { cycle.stop(now, metric, hours) } else { Vec::new() }
    })
    .await
}

/// A task has its outcome: what was decided is met or late, what did not come to it is over.
pub(crate) async fn settle(course: &Course<'_>, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task) -> Result<(), Error> {
    let decided = task.state == signoff_domain::task::TaskState::Reviewed;
    let now = course.now;
    each(tx, ids, task, course.queue, |cycle, metric, hours| {
        let measured = matches!(cycle.metric, MetricKind::TimeToDecision | MetricKind::Total);
        if decided && measured { cycle.stop(now, metric, hours) } else { cycle.cancel(now, metric, hours) }
    })
    .await
}

/// The task waits for who submitted it: its time does not count.
pub(crate) async fn pause(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| cycle.pause(now, metric, hours)).await
}

/// Who submitted the task has answered: its time counts again.
pub(crate) async fn resume(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, _, hours| {
        cycle.resume(now, hours);
        Vec::new()
    })
    .await
}

/// A stage is left, or is to be reviewed anew: what is measured of it will not happen. The total goes on.
pub(crate) async fn leave(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| match cycle.metric {
        MetricKind::Total => Vec::new(),
        _ => cycle.cancel(now, metric, hours),
    })
    .await
}

/// A task leaves its queue: the times that this one promised are over.
pub(crate) async fn leave_queue(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| cycle.cancel(now, metric, hours)).await
}

/// The budget of a task's clocks changes with its priority.
pub(crate) async fn retarget(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| match metric.budget(task.priority) {
        Some(budget) => cycle.retarget(budget, now, metric, hours),
        None => cycle.cancel(now, metric, hours),
    })
    .await
}

/// A timer of a clock is due: its alarms are recorded, each once however often this is done.
pub(crate) async fn fire(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    each(tx, ids, task, queue, |cycle, metric, hours| cycle.fire(now, metric, hours)).await
}

/// The clocks of a task that were started, with the state that each has at this moment.
pub(crate) async fn of_task(tx: &mut Tx<'_>, task: &Task) -> Result<Vec<Cycle>, Error> {
    clocks::of_task(tx, task.id).await
}

async fn each(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: &Task,
    queue: &Queue,
    mut change: impl FnMut(&mut Cycle, &Metric, &Hours) -> Vec<Alarm>,
) -> Result<(), Error> {
    let Some(sla) = &queue.config.sla else { return Ok(()) };
    let hours = hours(tx, task.organization_id, sla.calendar.as_deref()).await?;
    let workflow = queue.config.workflow();
    for mut cycle in clocks::of_task::<Cycle>(tx, task.id).await? {
        let stage = usize::try_from(cycle.stage).ok().and_then(|at| workflow.stages.get(at)).map_or("", |stage| stage.key.as_str());
        let Some(metric) = sla.metric(cycle.metric, stage).filter(|_| cycle.is_open()) else { continue };
        let before = cycle.clone();
        let alarms = change(&mut cycle, metric, &hours);
        for alarm in alarms {
            tx.record([told(ids, task, &cycle, stage, alarm, sla)]);
        }
        if cycle != before {
            keep(tx, task, &cycle, metric, &hours).await?;
        }
    }
    Ok(())
}

fn told(ids: &mut Ids, task: &Task, cycle: &Cycle, stage: &str, alarm: Alarm, sla: &Sla) -> Event {
    let about = detail! { "metric": cycle.metric.as_str(), "stage": stage, "cycle": cycle.number, "due_at": cycle.due_at, "calendar": sla.calendar };
    let (event_type, mut detail) = match alarm.what {
        AlarmKind::Warn { percent } => (EventType::SlaWarning, detail! { "percent": percent }),
        AlarmKind::Breach => (EventType::SlaBreached, detail! {}),
    };
    detail.extend(about);
    Event { detail, ..Caller::rule(task.organization_id).task_event(event_type, task, ids, alarm.at) }
}

/// Stores a cycle, and sets the timer of its next alarm.
async fn keep(tx: &mut Tx<'_>, task: &Task, cycle: &Cycle, metric: &Metric, hours: &Hours) -> Result<(), Error> {
    let name = cycle.metric.as_str();
    let key = CycleKey { metric: name, stage: cycle.stage, number: cycle.number };
    clocks::put(tx, task, key, cycle.state.as_str(), cycle, cycle.due_at).await?;
    let subject = format!("{name}/{}/{}", cycle.stage, cycle.number);
    match cycle.next_alarm(metric, hours).filter(|_| cycle.state == CycleState::Running) {
        Some(alarm) => timers::set(tx, task.organization_id, task.id.0, due::CLOCK, &subject, alarm.at).await,
        None => timers::clear(tx, task.id.0, due::CLOCK, &subject).await,
    }
}
