//! A decided task is opened again.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    id::TaskId,
    permission::Action,
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Tx, reviews, tasks};

use super::{TaskView, cancel::require_reason, lock, reason::with_reason, view};
use crate::{Caller, caller::detail};

/// Opens a decided task again; its reviews are void, and what was decided stays in the log.
pub struct ReopenTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
    /// Why.
    pub reason: String,
}

impl Command for ReopenTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskReopen)?;
        require_reason(&self.reason)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        let state = transition(task.state, Move::Reopen)?;
        let task = Task { state, stage: 0, outcome: None, reviewed_at: None, updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        let voided = reviews::void(tx, task.id, now).await?;
        let mut ids = self.moment.ids();
        let event = self.caller.task_event(EventType::TaskReopened, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, Some(&self.reason), &mut ids).await?;
        tx.record([Event { detail: detail! { "voided_reviews": voided }, ..event }]);
        view(tx, task, now).await
    }
}
