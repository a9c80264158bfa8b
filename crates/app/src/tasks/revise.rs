//! The agent sends new content.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    id::TaskId,
    permission::Action,
    submission::{self, Revision},
    task::Content,
};
use signoff_store::{Command, Error, Tx, contents, queues};

use super::{TaskView, digest, lock, unread::unread, view};
use crate::{
    Caller,
    caller::detail,
    clocks,
    compiled::{Compiled, Of},
    workflow::Course,
};

/// Makes a new revision of a task. Reviews and leases of the old one end: nobody decides on what they have not seen.
pub struct ReviseTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Compiled compiled.
    pub compiled: Compiled,
    /// Which.
    pub id: TaskId,
    /// The revision that is to be replaced, when the caller says so.
    pub if_revision: Option<i64>,
    /// What changes.
    pub revision: Revision,
}

impl Command for ReviseTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskSubmit)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        if let Some(revision) = self.if_revision {
            task.expect_revision(revision)?;
        }
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let validator = self.compiled.of(&queue, Of::Data)?;
        let content = contents::get(tx, task.id, task.revision).await?;
        let (task, content) = submission::revise(&task, content, &queue, validator.as_deref(), self.revision.clone(), now)?;
        let mut ids = self.moment.ids();
        let salt = ids.salt();
        let course = Course { caller: &self.caller, now, compiled: &self.compiled, queue: &queue, content: &content };
        clocks::resume(tx, &mut ids, &task, &queue, now).await?;
        let (way, voided) = course.again(tx, &mut ids, task).await?;
        let task = way.task.clone();
        contents::insert(tx, task.id, task.revision, &salt, &content).await?;
        let event = self.caller.task_event(EventType::TaskRevised, &task, &mut ids, now);
        tx.record([Event { content: Some(digest(&salt, &content)?), detail: detail! { "voided_reviews": voided }, ..event }]);
        course.arrive(tx, &mut ids, &way, None).await?;
        let view = view(tx, &self.caller, task, now).await?;
        if self.caller.may(Action::TaskRead) {
            return Ok(view);
        }
        let Revision { data, context, metadata, summary, choices } = self.revision.clone();
        let sent = Content { data: data.unwrap_or_default(), context: context.unwrap_or_default(), choices };
        Ok(unread(view, sent, metadata.unwrap_or_default(), summary))
    }
}
