//! What is said beside a task.

use signoff_domain::{
    Moment,
    comment::{Comment, check_body},
    event::{Event, EventType},
    id::TaskId,
    moment::Ids,
    permission::Action,
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Query, Tx, comments, queues};

use super::{digest, find, lock};
use crate::{Caller, Principal, caller::detail, clocks};

/// Says something beside a task, whatever its state.
pub struct CommentOnTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TaskId,
    /// Markdown.
    pub body: String,
    /// Whether a reviewer asks the requester: the task's clocks stand still until the requester answers with a comment or a revision.
    pub asks: bool,
}

impl Command for CommentOnTask {
    type Out = Comment;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Comment, Error> {
        self.caller.require(Action::TaskComment)?;
        check_body(&self.body)?;
        let task = lock(tx, &self.caller, self.id).await?;
        let mut ids = self.moment.ids();
        self.clocks(tx, &mut ids, &task).await?;
        let comment =
            Comment { id: ids.draw(), task_id: task.id, author: self.caller.actor(), body: self.body.clone(), created_at: self.moment.now };
        let salt = ids.salt();
        comments::insert(tx, task.organization_id, &comment, &salt).await?;
        let event = self.caller.task_event(EventType::TaskCommented, &task, &mut ids, self.moment.now);
        let content = Some(digest(&salt, &comment.body)?);
        tx.record([Event { content, detail: detail! { "comment_id": comment.id, "asks": self.asks }, ..event }]);
        Ok(comment)
    }
}

impl CommentOnTask {
    async fn clocks(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task) -> Result<(), Error> {
        let answers = matches!(self.caller.principal, Principal::Agent { .. }) || self.caller.actor().id == task.created_by.id;
        if self.asks {
            self.caller.require(Action::TaskReview)?;
            transition(task.state, Move::Hold)?;
        }
        if task.state.is_settled() || !(self.asks || answers) {
            return Ok(());
        }
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        if self.asks {
            clocks::pause(tx, ids, task, &queue, self.moment.now).await
        } else {
            clocks::resume(tx, ids, task, &queue, self.moment.now).await
        }
    }
}

/// What was said beside a task, oldest first.
pub struct ListComments {
    /// Who asks.
    pub caller: Caller,
    /// Which task.
    pub id: TaskId,
}

impl Query for ListComments {
    type Out = Vec<Comment>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Comment>, Error> {
        self.caller.require(Action::TaskRead)?;
        let task = find(tx, &self.caller, self.id).await?;
        comments::of_task(tx, task.id).await
    }
}
