//! Somebody is named for a task.

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    id::{MemberId, TaskId},
    permission::Action,
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Tx, assignments, leases, queues, tasks};

use super::{TaskView, check_assignee, lock, view};
use crate::{Caller, caller::detail};

/// Names a reviewer for a task, or nobody. Administrators name anybody; a reviewer takes what is nobody's, and gives back what is theirs.
pub struct AssignTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
    /// For whom.
    pub assignee: Option<MemberId>,
}

impl Command for AssignTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskReview)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        self.may_assign(&task)?;
        transition(task.state, Move::Hold)?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        if let Some(member) = self.assignee {
            check_assignee(tx, self.caller.organization_id, &queue, member).await?;
        }
        let mut ids = self.moment.ids();
        if let Some(before) = task.assignee_id.filter(|before| Some(*before) != self.assignee) {
            assignments::put(tx, ids.draw(), &task, before, assignments::State::Revoked, None, now).await?;
        }
        if let Some(member) = self.assignee {
            assignments::put(tx, ids.draw(), &task, member, assignments::State::Accepted, None, now).await?;
            // Somebody else's lease ends: the task is no longer theirs to review.
            if leases::get(tx, task.id).await?.is_some_and(|lease| lease.member_id != member) {
                leases::delete(tx, task.id).await?;
            }
        }
        let before = task.assignee_id;
        let task = Task { assignee_id: self.assignee, updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        let event = self.caller.task_event(EventType::TaskAssigned, &task, &mut ids, now);
        tx.record([Event { detail: detail! { "assignee_id": self.assignee, "before": before }, ..event }]);
        view(tx, task, now).await
    }
}

impl AssignTask {
    fn may_assign(&self, task: &Task) -> Result<(), Refusal> {
        if self.caller.may(Action::TaskAssign) {
            return Ok(());
        }
        let me = self.caller.member()?.0;
        if task.assignee_id.is_some_and(|assignee| assignee != me) {
            return Err(Refusal::new(Code::TaskAssigned, "The task is assigned to another reviewer."));
        }
        match self.assignee {
            Some(other) if other != me => self.caller.require(Action::TaskAssign),
            _ => Ok(()),
        }
    }
}
