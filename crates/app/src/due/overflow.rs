//! A task has waited so long that the reviewers of another queue help.

use signoff_domain::{
    Timestamp,
    event::{Event, EventType},
    group::Reviewers,
    moment::Ids,
    queue::Queue,
    task::Task,
};
use signoff_store::{Error, Tx, members, queues, routings, tasks};

use crate::{Caller, caller::detail};

pub(super) async fn fire(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, queue: &Queue, now: Timestamp) -> Result<(), Error> {
    let Some(key) = &queue.config.routing.overflow_queue else { return Ok(()) };
    let Some(helpers) = queues::by_key(tx, task.organization_id, key).await?.filter(|helpers| helpers.deleted_at.is_none()) else {
        return Ok(());
    };
    let everybody = members::reviewers(tx, task.organization_id).await?;
    let mut asked = match Reviewers::parse(&task.audience) {
        Some(reviewers) => reviewers,
        None => {
            let own = queues::current(tx, task.queue_id).await?;
            Reviewers {
                groups: Vec::new(),
                member_ids: everybody.iter().copied().filter(|member| own.config.lets_review(*member)).collect(),
            }
        }
    };
    asked.member_ids.extend(everybody.into_iter().filter(|member| helpers.config.lets_review(*member)));
    let task = Task { audience: asked.audience(), updated_at: now, ..task };
    queues::add_audience(tx, task.queue_id, &task.audience).await?;
    tasks::update(tx, &task).await?;
    if queue.config.assignment.strategy().names_reviewer() {
        routings::put(tx, task.organization_id, task.id, now).await?;
    }
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskOverflowed, &task, ids, now);
    tx.record([Event { detail: detail! { "overflow_queue": helpers.key }, ..event }]);
    Ok(())
}
