//! Somebody is named for a task.

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    hold::{Standing, may_be_named, may_hold},
    id::{MemberId, TaskId},
    permission::Action,
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Tx, assignments::Assigned, queues, tasks};

use super::{
    TaskView,
    audience::is_asked,
    check_assignee,
    holders::{dismiss, holders, make_room, stand},
    lock, view,
};
use crate::{Caller, caller::detail, routing};

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
        if let (Some(me), false) = (self.assignee, self.caller.may(Action::TaskAssign)) {
            // Taking a task for oneself does not push out who holds it.
            may_hold(&task, &holders(tx, &task).await?, me, now)?;
        }
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        if let Some(member) = self.assignee {
            check_assignee(tx, self.caller.organization_id, &queue, member).await?;
            if !is_asked(tx, &task, member, now).await? {
                return Err(Refusal::invalid("/assignee_id", "Not one of those whom the task's stage asks.").into());
            }
        }
        let mut ids = self.moment.ids();
        if let Some(member) = self.assignee {
            // Where one review is wanted, others' leases end: the task is no longer theirs to review.
            may_be_named(&holders(tx, &task).await?, member)?;
            if task.wanted == 1 {
                dismiss(tx, &mut ids, &task, Some(member), now).await?;
            } else {
                make_room(tx, &mut ids, &task, member, now).await?;
            }
            let assigned = Assigned { weight: queue.config.routing.weight, ..Assigned::plain(member, Standing::Accepted) };
            stand(tx, &mut ids, &task, &assigned, None, now).await?;
        } else if let Some(before) = task.assignee_id {
            stand(tx, &mut ids, &task, &Assigned::plain(before, Standing::Revoked), None, now).await?;
        }
        let before = task.assignee_id;
        let task = Task { assignee_id: self.assignee, updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        routing::look_again(tx, &task, &queue, now).await?;
        let event = self.caller.task_event(EventType::TaskAssigned, &task, &mut ids, now);
        tx.record([Event { detail: detail! { "assignee_id": self.assignee, "before": before }, ..event }]);
        view(tx, &self.caller, task, now).await
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
