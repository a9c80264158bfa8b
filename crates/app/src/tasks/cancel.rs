//! A task is taken back.

use signoff_domain::{
    Moment, Object, Refusal,
    event::{Event, EventType},
    id::TaskId,
    permission::Action,
    task::{Content, Move, Outcome, Task, transition},
    text::Limit,
};
use signoff_store::{Command, Error, Tx, Wake, batches, leases, tasks};

use super::{TaskView, lock, reason::with_reason, unread::unread, view};
use crate::{Caller, Principal, caller::detail};

/// Takes a task back. Nobody is asked any longer, and whoever waits is told.
pub struct CancelTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
    /// Why.
    pub reason: Option<String>,
}

impl Command for CancelTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskCancel)?;
        check_reason(self.reason.as_deref())?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        let state = transition(task.state, Move::Cancel)?;
        let rule = if matches!(self.caller.principal, Principal::Agent { .. }) { "cancelled_by_agent" } else { "cancelled_by_member" };
        let outcome = Some(Outcome::cancelled(rule, self.reason.clone(), now));
        let task = Task { state, outcome, updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        leases::delete(tx, task.id).await?;
        let mut ids = self.moment.ids();
        let event = self.caller.task_event(EventType::TaskCancelled, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, self.reason.as_deref(), &mut ids).await?;
        tx.record([Event { detail: detail! { "rule": rule }, ..event }]);
        wake_batch(tx, &task).await?;
        let view = view(tx, task, now).await?;
        if self.caller.may(Action::TaskRead) {
            return Ok(view);
        }
        let sent = Content { data: Object::new(), context: Object::new(), choices: None };
        Ok(unread(view, sent, Object::new(), None))
    }
}

/// A reason is optional and short.
pub(super) fn check_reason(reason: Option<&str>) -> Result<(), Refusal> {
    match reason.and_then(|reason| Limit::block(1_000).problem(reason)) {
        None => Ok(()),
        Some(problem) => Err(Refusal::invalid("/reason", problem)),
    }
}

/// A reason that has to be given.
pub(super) fn require_reason(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::invalid("/reason", "Say why."));
    }
    check_reason(Some(reason))
}

/// Whoever waits for the task's batch, or for another that refers to the task, counts again.
pub(crate) async fn wake_batch(tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
    let referring = batches::referring(tx, task.id).await?;
    for batch in task.batch_id.into_iter().chain(referring) {
        tx.wake(Wake::Batch(batch));
    }
    Ok(())
}
