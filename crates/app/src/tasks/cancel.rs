//! A task is taken back.

use signoff_domain::{
    Moment, Object, Refusal,
    id::TaskId,
    outcome::{Outcome, OutcomeKind},
    permission::Action,
    task::{Content, Move, Task, transition},
    text::Limit,
};
use signoff_store::{Command, Error, Tx, Wake, batches, contents, queues, tasks};

use super::{TaskView, lock, unread::unread, view};
use crate::{Caller, Principal, compiled::Compiled, workflow::Course};

/// Takes a task back. Nobody is asked any longer, and whoever waits is told.
pub struct CancelTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What is compiled of queues.
    pub compiled: Compiled,
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
        let outcome = Some(Outcome::without_result(OutcomeKind::Cancelled, rule, self.reason.clone(), now));
        let task = Task { state, outcome, updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let content = contents::get(tx, task.id, task.revision).await?;
        let course = Course { caller: &self.caller, now, compiled: &self.compiled, queue: &queue, content: &content };
        course.settle(tx, &mut self.moment.ids(), &task, false).await?;
        let view = view(tx, &self.caller, task, now).await?;
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
pub(crate) fn require_reason(reason: &str) -> Result<(), Refusal> {
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
