//! A reviewer decides.

use serde::Serialize;
use signoff_domain::{
    Moment, Object,
    event::{Event, EventType},
    id::{LeaseId, TaskId},
    permission::Action,
    review::{self, Answer, Review, ReviewerKind, Verdict},
    task::{Lease, Move, Task, may_hold, same_lease, transition},
};
use signoff_store::{Command, Error, Tx, assignments, contents, leases, queues, reviews, tasks};

use crate::{
    Caller,
    caller::detail,
    schemas::{Of, Schemas},
    tasks::{digest, lock, require_reviewer, wake_batch},
};

/// Submits a review. With one people stage that one review decides, it also settles the task and wakes whoever waits.
pub struct SubmitReview {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Compiled schemas.
    pub schemas: Schemas,
    /// Of which task.
    pub id: TaskId,
    /// The revision that was looked at.
    pub revision: i64,
    /// The lease, when one is held.
    pub lease_id: Option<LeaseId>,
    /// What they say.
    pub answer: Answer,
}

/// What the digest of a review covers: all that a reviewer wrote.
#[derive(Serialize)]
pub(crate) struct Written<'a> {
    data: Option<&'a Object>,
    feedback: Option<&'a str>,
    result: &'a [String],
}

impl<'a> Written<'a> {
    pub(crate) fn of(review: &'a Review) -> Self {
        Self { data: review.data.as_ref(), feedback: review.feedback.as_deref(), result: &review.result }
    }
}

impl Command for SubmitReview {
    type Out = Review;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Review, Error> {
        self.caller.require(Action::TaskReview)?;
        let now = self.moment.now;
        let task = lock(tx, &self.caller, self.id).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        require_reviewer(&queue, &self.caller)?;
        let state = transition(task.state, Move::Decide)?;
        self.check_turn(&task, leases::get(tx, task.id).await?.as_ref())?;

        let content = contents::get(tx, task.id, task.revision).await?;
        let validator = self.schemas.of(&queue, Of::Edits)?;
        let verdict = review::judge(&queue, &task, &content, validator.as_deref(), self.answer.clone())?;
        let mut ids = self.moment.ids();
        let review = self.review(&task, verdict, ids.draw())?;
        let outcome = review::outcome(&review);
        let task = Task { state, outcome: Some(outcome), reviewed_at: Some(now), updated_at: now, ..task };

        let salt = ids.salt();
        reviews::insert(tx, task.organization_id, &review, &salt).await?;
        tasks::update(tx, &task).await?;
        assignments::put(tx, ids.draw(), &task, review.reviewer_id, assignments::State::Submitted, None, now).await?;
        leases::delete(tx, task.id).await?;

        let submitted = Event {
            review_id: Some(review.id),
            content: Some(digest(&salt, &Written::of(&review))?),
            detail: selected(&review.result, detail! { "stage": review.stage, "edited": review.data.is_some() }),
            ..self.caller.task_event(EventType::ReviewSubmitted, &task, &mut ids, now)
        };
        let reviewed = Event {
            detail: selected(&review.result, detail! { "rule": "single_review" }),
            ..self.caller.task_event(EventType::TaskReviewed, &task, &mut ids, now)
        };
        tx.record([submitted, reviewed]);
        wake_batch(tx, &task).await?;
        Ok(review)
    }
}

/// Longest selection, in bytes, that an entry of the log spells out.
const SPELT_OUT: usize = 8 * 1024;

/// The detail with what was selected, or with how many when that is too long for an entry: the digest of the review binds it all the same.
fn selected(result: &[String], mut detail: Object) -> Object {
    if result.iter().map(String::len).sum::<usize>() <= SPELT_OUT {
        detail.insert("result".into(), result.into());
    } else {
        detail.insert("selected".into(), result.len().into());
    }
    detail
}

impl SubmitReview {
    fn check_turn(&self, task: &Task, lease: Option<&Lease>) -> Result<(), Error> {
        let (member, _) = self.caller.member()?;
        task.expect_revision(self.revision)?;
        may_hold(task, lease, member, self.moment.now)?;
        if let Some(named) = self.lease_id {
            same_lease(lease, named, member)?;
        }
        Ok(())
    }

    fn review(&self, task: &Task, verdict: Verdict, id: signoff_domain::id::ReviewId) -> Result<Review, Error> {
        let (reviewer_id, name) = self.caller.member()?;
        Ok(Review {
            id,
            task_id: task.id,
            queue_id: task.queue_id,
            queue_key: task.queue_key.clone(),
            stage: task.stage,
            revision: task.revision,
            reviewer_id,
            reviewer_name: name.into(),
            reviewer_kind: ReviewerKind::Human,
            result: verdict.result,
            value: verdict.value,
            data: verdict.data,
            patch: verdict.patch,
            feedback: verdict.feedback,
            voided_at: None,
            created_at: self.moment.now,
        })
    }
}
