//! A task has its outcome: everybody's part in it ends, its clocks stop, and whoever waits is woken.

use signoff_domain::{
    Object,
    event::{Event, EventType},
    moment::Ids,
    outcome::OutcomeKind,
    task::Task,
};
use signoff_store::{Error, Tx, routings, timers};

use super::Course;
use crate::{
    Caller,
    caller::detail,
    clocks,
    tasks::{holders::take_back, reason::with_reason, wake_batch},
};

/// Longest selection, in bytes, that an entry of the log spells out.
const SPELT_OUT: usize = 8 * 1024;

/// The detail with what was selected, or with how many when that is too long for an entry: the digest of the review binds it all the same.
pub(crate) fn selected(result: &[String], mut detail: Object) -> Object {
    if result.iter().map(String::len).sum::<usize>() <= SPELT_OUT {
        detail.insert("result".into(), result.into());
    } else {
        detail.insert("selected".into(), result.len().into());
    }
    detail
}

impl Course<'_> {
    /// Ends everything about a task that has its outcome. `by_rule` says that no person's review brought it about.
    pub(crate) async fn settle(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, by_rule: bool) -> Result<(), Error> {
        end(tx, ids, task, self.now).await?;
        clocks::settle(self, tx, ids, task).await?;
        let Some(outcome) = &task.outcome else { return Ok(()) };
        let rule = Caller::rule(self.caller.organization_id);
        let caller = if by_rule { &rule } else { self.caller };
        let (event_type, detail) = match outcome.kind {
            OutcomeKind::Decided => (EventType::TaskReviewed, selected(&outcome.result, detail! { "rule": outcome.rule })),
            OutcomeKind::Cancelled => (EventType::TaskCancelled, detail! { "rule": outcome.rule }),
            OutcomeKind::Expired => (EventType::TaskExpired, detail! { "rule": outcome.rule }),
        };
        let event = caller.task_event(event_type, task, ids, self.now);
        let event = match outcome.kind {
            OutcomeKind::Cancelled => with_reason(tx, event, task.id, outcome.reason.as_deref(), ids).await?,
            OutcomeKind::Decided | OutcomeKind::Expired => event,
        };
        tx.record([Event { detail, ..event }]);
        wake_batch(tx, task).await
    }
}

/// Ends everybody's part in a task and takes its timers away.
async fn end(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, now: signoff_domain::Timestamp) -> Result<(), Error> {
    take_back(tx, ids, task, None, now).await?;
    timers::clear_owner(tx, task.id.0).await?;
    routings::delete(tx, task.id).await
}
