//! An agent submits a task.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    id::BatchId,
    log::canonical,
    moment::Ids,
    permission::Action,
    queue::Queue,
    submission::{self, Arrival, EXTERNAL_ID, Submission},
    task::{Content, Task},
};
use signoff_store::{Command, Error, Fault, Tx, contents, tasks};

use super::{TaskView, check_assignee, digest, queue, unread::unread, view};
use crate::{
    Caller,
    caller::detail,
    compiled::{Compiled, Of},
    workflow::Course,
};

/// Submits a task to a queue.
pub struct SubmitTask {
    /// Who submits.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Compiled compiled.
    pub compiled: Compiled,
    /// Where to.
    pub queue_key: String,
    /// What.
    pub submission: Submission,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// The task.
    pub view: TaskView,
    /// False when the queue had a task of this external id with the same content: that one is answered.
    pub created: bool,
}

impl Command for SubmitTask {
    type Out = Submitted;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Submitted, Error> {
        self.caller.require(Action::TaskSubmit)?;
        let queue = queue(tx, &self.caller, &self.queue_key).await?;
        let submit = Submit { caller: &self.caller, moment: &self.moment, compiled: &self.compiled, queue: &queue, batch_id: None };
        submit.run(tx, &mut self.moment.ids(), self.submission.clone()).await
    }
}

/// Submitting one task, alone or as part of a batch.
pub(super) struct Submit<'a> {
    pub(super) caller: &'a Caller,
    pub(super) moment: &'a Moment,
    pub(super) compiled: &'a Compiled,
    pub(super) queue: &'a Queue,
    pub(super) batch_id: Option<BatchId>,
}

impl Submit<'_> {
    pub(super) async fn run(&self, tx: &mut Tx<'_>, ids: &mut Ids, submission: Submission) -> Result<Submitted, Error> {
        let Self { caller, moment, queue, .. } = self;
        // An id that cannot be one is refused below, with everything else that is wrong.
        if let Some(external_id) = submission.external_id.as_ref().filter(|id| EXTERNAL_ID.problem(id).is_none())
            && let Some(first) = tasks::by_external_id(tx, queue.id, external_id).await?
        {
            return Ok(Submitted { view: self.replay(tx, first, submission).await?, created: false });
        }
        let validator = self.compiled.of(queue, Of::Data)?;
        let arrival = Arrival { task_id: ids.draw(), batch_id: self.batch_id };
        let (task, content) = submission::submit(queue, validator.as_deref(), submission, arrival, &caller.actor(), moment)?;
        if let Some(member) = task.assignee_id {
            check_assignee(tx, caller.organization_id, queue, member).await?;
        }
        let salt = ids.salt();
        let course = Course { caller, now: moment.now, compiled: self.compiled, queue, content: &content };
        let way = course.start(tx, ids, task).await?;
        let task = way.task.clone();
        tasks::insert(tx, &task).await?;
        contents::insert(tx, task.id, task.revision, &salt, &content).await?;
        let mut detail = detail! { "priority": task.priority.as_str() };
        for (name, value) in
            [("batch_id", task.batch_id.map(|id| id.to_string())), ("assignee_id", task.assignee_id.map(|id| id.to_string()))]
        {
            detail.extend(value.map(|value| (name.into(), value.into())));
        }
        let event = caller.task_event(EventType::TaskSubmitted, &task, ids, moment.now);
        tx.record([Event { content: Some(digest(&salt, &content)?), detail, ..event }]);
        course.arrive(tx, ids, &way, None).await?;
        let reviews = way.policy.into_iter().collect();
        let view = TaskView { task, content, queue: Some((*queue).clone()), reviews: Some(reviews), lease: None };
        Ok(Submitted { view, created: true })
    }

    /// The first task of an external id, for who submits it again: a decision on it was made on its content, and is no answer to other content.
    async fn replay(&self, tx: &mut Tx<'_>, first: Task, again: Submission) -> Result<TaskView, Error> {
        let content = contents::get(tx, first.id, first.revision).await?;
        if !is_same(&content, &again.content)? && (first.revision == 1 || !is_same(&contents::get(tx, first.id, 1).await?, &again.content)?)
        {
            let detail = format!("The queue has the task {} of this external id, with other content.", first.id);
            let refusal = Refusal { entity: Some(first.id.to_string()), ..Refusal::at(Code::ExternalIdReused, "/external_id", detail) };
            return Err(refusal.hint("Revise that task, or submit the other content under an id of its own.").into());
        }
        let view = TaskView { lease: None, ..view(tx, self.caller, first, self.moment.now).await? };
        if self.caller.may(Action::TaskRead) {
            return Ok(view);
        }
        let task = Task { outcome: None, reviewed_at: None, ..view.task };
        Ok(unread(TaskView { task, ..view }, again.content, again.metadata, again.summary))
    }
}

/// Whether two contents are one to who reads them: the order of members and the way in which a number is written do not count.
fn is_same(one: &Content, other: &Content) -> Result<bool, Error> {
    let bytes = |content| canonical::of(content).map_err(|error| Fault::Bug(format!("content is not canonical: {error}")));
    Ok(bytes(one)? == bytes(other)?)
}
