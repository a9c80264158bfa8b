//! Somebody decides in place of the stage's rule.

use signoff_domain::{
    Code, Moment, Refusal,
    actor::ActorKind,
    event::{Event, EventType},
    hold::Standing,
    id::TaskId,
    moment::Ids,
    outcome::Outcome,
    permission::Action,
    queue::Queue,
    review::{self, Answer, Review, Verdict},
    task::{Move, Task, transition},
};
use signoff_store::{Command, Error, Tx, assignments::Assigned, contents, queues, reviews, tasks, workloads};

use super::{TaskView, cancel::require_reason, digest, holders::stand, lock, reason::with_reason, view};
use crate::{
    Caller,
    caller::detail,
    compiled::{Compiled, Of},
    reviews::Written,
    workflow::{Course, selected},
};

/// Decides a task whatever its stages still want. It takes a permission of its own and a reason, and is recorded as what it is.
pub struct OverrideTask {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What is compiled of queues.
    pub compiled: Compiled,
    /// Which.
    pub id: TaskId,
    /// The revision that was looked at.
    pub revision: i64,
    /// What they decide.
    pub answer: Answer,
    /// Why.
    pub reason: String,
}

impl Command for OverrideTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskOverride)?;
        require_reason(&self.reason)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        transition(task.state, Move::Decide)?;
        task.expect_revision(self.revision)?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        self.keep_apart(tx, &task, &queue).await?;
        let content = contents::get(tx, task.id, task.revision).await?;
        let validator = self.compiled.of(&queue, Of::Edits)?;
        let answer = Answer { feedback: self.answer.feedback.clone().or_else(|| Some(self.reason.clone())), ..self.answer.clone() };
        let verdict = review::judge(&queue, &task, &content, validator.as_deref(), answer)?;
        let mut ids = self.moment.ids();
        let review = self.review(tx, &mut ids, &task, verdict).await?;
        let course = Course { caller: &self.caller, now, compiled: &self.compiled, queue: &queue, content: &content };
        let outcome = Outcome { reason: Some(self.reason.clone()), ..Outcome::of(&review, "override", now) };
        let task = course.decided(task, outcome)?;
        tasks::update(tx, &task).await?;
        let event = self.caller.task_event(EventType::TaskOverridden, &task, &mut ids, now);
        let event = with_reason(tx, event, task.id, Some(&self.reason), &mut ids).await?;
        let detail = selected(&review.result, detail! { "stage": review.stage });
        tx.record([Event { review_id: Some(review.id), detail, ..event }]);
        course.settle(tx, &mut ids, &task, false).await?;
        view(tx, &self.caller, task, now).await
    }
}

impl OverrideTask {
    /// Nobody decides what they submitted themself, also not through a second membership and not by overriding.
    async fn keep_apart(&self, tx: &mut Tx<'_>, task: &Task, queue: &Queue) -> Result<(), Error> {
        let (member, _) = self.caller.member()?;
        let mut same = workloads::same_person(tx, task.organization_id, member).await?;
        same.push(member);
        let own = task.created_by.kind == ActorKind::Member && same.iter().any(|member| member.to_string() == task.created_by.id);
        if own && !queue.config.allow_own_review {
            return Err(Refusal::new(Code::SeparationOfDuties, "You submitted this task.")
                .hint("Another person has to decide here.")
                .into());
        }
        Ok(())
    }

    /// Stores the decision as a review. One that the same person gave at this stage before gives way to it.
    async fn review(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, verdict: Verdict) -> Result<Review, Error> {
        let (reviewer_id, _) = self.caller.member()?;
        let now = self.moment.now;
        let review = Review::by_person(ids.draw(), task, self.caller.member()?, verdict, now);
        let salt = ids.salt();
        reviews::void_of(tx, task.id, task.stage, reviewer_id, now).await?;
        reviews::insert(tx, task.organization_id, &review, &salt).await?;
        stand(tx, ids, task, &Assigned::plain(reviewer_id, Standing::Submitted), None, now).await?;
        let event = self.caller.task_event(EventType::ReviewSubmitted, task, ids, now);
        let detail = detail! { "stage": review.stage, "edited": review.data.is_some(), "override": true };
        tx.record([Event { review_id: Some(review.id), content: Some(digest(&salt, &Written::of(&review))?), detail, ..event }]);
        Ok(review)
    }
}
