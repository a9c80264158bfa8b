//! A task that waits gains a step of priority.

use jiff::SignedDuration;
use signoff_domain::{
    Timestamp,
    event::{Event, EventType},
    moment::Ids,
    queue::Queue,
    task::{Priority, Task},
};
use signoff_store::{Error, Tx, tasks, timers};

use crate::{Caller, caller::detail, clocks};

pub(super) async fn fire(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    let Some(minutes) = queue.config.routing.ageing_minutes else { return Ok(()) };
    let Some(priority) = Priority::from_rank(task.priority.rank() - 1) else { return Ok(()) };
    let task = raise(tx, ids, task, queue, priority, "ageing", now).await?;
    if let (false, Ok(at)) = (task.priority == Priority::Urgent, now.checked_add(SignedDuration::from_mins(minutes))) {
        timers::set(tx, task.organization_id, task.id.0, super::AGEING, "", at).await?;
    }
    Ok(())
}

/// Gives a locked task another priority.
pub(crate) async fn raise(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: Task,
    queue: &Queue,
    priority: Priority,
    cause: &str,
    now: Timestamp,
) -> Result<Task, Error> {
    let before = task.priority;
    let task = Task { priority, updated_at: now, ..task };
    tasks::update(tx, &task).await?;
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskPrioritized, &task, ids, now);
    tx.record([Event { detail: detail! { "priority": priority.as_str(), "before": before.as_str(), "cause": cause }, ..event }]);
    // What the new budget has used up already is told after what made it so.
    clocks::retarget(tx, ids, &task, queue, now).await?;
    Ok(task)
}
