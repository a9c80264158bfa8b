//! A decided task is opened again.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    id::TaskId,
    permission::Action,
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Tx, contents, queues};

use super::{TaskView, cancel::require_reason, lock, reason::with_reason, view};
use crate::{Caller, caller::detail, compiled::Compiled, escalation, workflow::Course};

/// Opens a decided task again; its reviews are void, and what was decided stays in the log.
pub struct ReopenTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What is compiled of queues.
    pub compiled: Compiled,
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
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let content = contents::get(tx, task.id, task.revision).await?;
        let task = Task { state, outcome: None, reviewed_at: None, updated_at: now, ..task };
        let mut ids = self.moment.ids();
        let course = Course { caller: &self.caller, now, compiled: &self.compiled, queue: &queue, content: &content };
        let (way, voided) = course.again(tx, &mut ids, task).await?;
        let task = way.task.clone();
        let event = self.caller.task_event(EventType::TaskReopened, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, Some(&self.reason), &mut ids).await?;
        tx.record([Event { detail: detail! { "voided_reviews": voided }, ..event }]);
        escalation::go_on(tx, &task, &queue, now).await?;
        course.arrive(tx, &mut ids, &way, None).await?;
        view(tx, &self.caller, task, now).await
    }
}
