//! What is said beside a task.

use signoff_domain::{
    Moment,
    comment::{Comment, check_body},
    event::{Event, EventType},
    id::TaskId,
    permission::Action,
};
use signoff_store::{Command, Error, Query, Tx, comments};

use super::{digest, find};
use crate::{Caller, caller::detail};

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
}

impl Command for CommentOnTask {
    type Out = Comment;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Comment, Error> {
        self.caller.require(Action::TaskComment)?;
        check_body(&self.body)?;
        let task = find(tx, &self.caller, self.id).await?;
        let mut ids = self.moment.ids();
        let comment =
            Comment { id: ids.draw(), task_id: task.id, author: self.caller.actor(), body: self.body.clone(), created_at: self.moment.now };
        let salt = ids.salt();
        comments::insert(tx, task.organization_id, &comment, &salt).await?;
        let event = self.caller.task_event(EventType::TaskCommented, &task, &mut ids, self.moment.now);
        let content = Some(digest(&salt, &comment.body)?);
        tx.record([Event { content, detail: detail! { "comment_id": comment.id }, ..event }]);
        Ok(comment)
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
