//! A reviewer decides.

use serde::Serialize;
use signoff_domain::{
    Code, Moment, Object, Refusal,
    event::{Event, EventType},
    hold::{Holders, Standing, may_hold, same_lease},
    id::{LeaseId, ReviewId, TaskId},
    moment::Ids,
    permission::Action,
    queue::Queue,
    review::{self, Answer, Review, Verdict},
    sla::MetricKind,
    stage::{Rule, completion},
    task::{Task, TaskState},
    workflow::{Ended, Ending},
};
use signoff_store::{
    Command, Error, Tx,
    assignments::{self, Assigned},
    contents, leases, queues, reviews, routing_facts, tasks,
};

use crate::{
    Caller,
    caller::detail,
    clocks,
    compiled::{Compiled, Of},
    routing,
    tasks::{
        audience::require_reviewer,
        digest,
        holders::{holders, stand},
        lock,
    },
    workflow::{Count, Course, count, exclude, selected},
};

/// Submits a review. When the rule of the stage is complete with it, the task goes on: to the next stage, or to its outcome, and whoever waits is woken.
pub struct SubmitReview {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What is compiled of queues.
    pub compiled: Compiled,
    /// Of which task.
    pub id: TaskId,
    /// The revision that was looked at.
    pub revision: i64,
    /// The lease, when one is held.
    pub lease_id: Option<LeaseId>,
    /// Keep the review as surplus when it comes too late to count. It needs the lease under which it was written.
    pub keep_late: bool,
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
        let task = lock(tx, &self.caller, self.id).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let mut ids = self.moment.ids();
        let on_behalf_of = require_reviewer(tx, &task, &self.caller, self.moment.now).await?;
        let surplus = self.is_late(&task, &holders(tx, &task).await?)?;
        let content = contents::get(tx, task.id, task.revision).await?;
        let validator = self.compiled.of(&queue, Of::Edits)?;
        let verdict = review::judge(&queue, &task, &content, validator.as_deref(), self.answer.clone())?;
        let (member, _) = self.caller.member()?;
        let named = assignments::at_stage(tx, &task).await?.into_iter().find(|assigned| assigned.member_id == member);
        let on_behalf_of = named.and_then(|assigned| assigned.on_behalf_of).or(on_behalf_of);
        let review = Review { surplus, on_behalf_of, ..self.review(&task, verdict, ids.draw())? };
        self.keep(tx, &mut ids, &task, &queue, &review).await?;
        if !surplus {
            let course = Course { caller: &self.caller, now: self.moment.now, compiled: &self.compiled, queue: &queue, content: &content };
            self.counted(tx, &mut ids, &course, task, &review).await?;
        }
        Ok(review)
    }
}

impl SubmitReview {
    /// Whether the review comes too late to count, and is to be kept all the same.
    fn is_late(&self, task: &Task, holders: &Holders) -> Result<bool, Refusal> {
        let (member, _) = self.caller.member()?;
        task.expect_revision(self.revision)?;
        let lease = holders.lease_of(member);
        match may_hold(task, holders, member, self.moment.now) {
            Ok(()) => {
                if let Some(named) = self.lease_id {
                    same_lease(lease, named)?;
                }
                Ok(false)
            }
            Err(refusal) => {
                let late = matches!(refusal.code, Code::AlreadyDecided | Code::TaskLeased | Code::TaskAssigned);
                let theirs = self.lease_id.is_some() && lease.map(|lease| lease.id) == self.lease_id;
                if late && theirs && self.keep_late { Ok(true) } else { Err(refusal) }
            }
        }
    }

    fn review(&self, task: &Task, verdict: Verdict, id: ReviewId) -> Result<Review, Error> {
        Ok(Review::by_person(id, task, self.caller.member()?, verdict, self.moment.now))
    }

    /// Stores the review and what it changes of its reviewer's part in the task.
    async fn keep(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, queue: &Queue, review: &Review) -> Result<(), Error> {
        let now = self.moment.now;
        let salt = ids.salt();
        reviews::insert(tx, task.organization_id, review, &salt).await?;
        leases::delete(tx, task.id, review.reviewer_id).await?;
        if !review.surplus {
            let assigned = Assigned { on_behalf_of: review.on_behalf_of, ..Assigned::plain(review.reviewer_id, Standing::Submitted) };
            stand(tx, ids, task, &assigned, None, now).await?;
            if let Some(thread) = routing::thread(task) {
                routing_facts::reviewed_thread(tx, task.queue_id, thread, review.reviewer_id, now).await?;
            }
        }
        let mut detail = detail! { "stage": review.stage, "edited": review.data.is_some() };
        // Where others are still to review, they read this event: the result is not spelt out. The digest binds it.
        let stages = queue.config.workflow().stages;
        if usize::try_from(review.stage)
            .ok()
            .and_then(|at| stages.get(at))
            .is_some_and(|stage| stage.rule == Rule::Single && !review.surplus)
        {
            detail = selected(&review.result, detail);
        }
        if review.surplus {
            detail.insert("surplus".into(), true.into());
        }
        if let Some(principal) = review.on_behalf_of {
            detail.insert("on_behalf_of".into(), principal.to_string().into());
        }
        let submitted = Event {
            review_id: Some(review.id),
            content: Some(digest(&salt, &Written::of(review))?),
            detail,
            ..self.caller.task_event(EventType::ReviewSubmitted, task, ids, now)
        };
        tx.record([submitted]);
        Ok(())
    }

    /// Counts the reviews of the stage with the new one, and lets the task go on when they are enough.
    async fn counted(&self, tx: &mut Tx<'_>, ids: &mut Ids, course: &Course<'_>, task: Task, review: &Review) -> Result<(), Error> {
        let now = self.moment.now;
        let workflow = course.queue.config.workflow();
        let at = usize::try_from(task.stage).unwrap_or(usize::MAX);
        let rule = workflow.stages.get(at).map(|stage| stage.rule.clone()).unwrap_or_default();
        if rule.most_reviews() > 1 {
            exclude(tx, ids, &task, review.reviewer_id, false, now).await?;
            if let Some(principal) = review.on_behalf_of {
                // One mandate is one vote.
                exclude(tx, ids, &task, principal, true, now).await?;
            }
        }
        let all = if rule.most_reviews() > 1 { reviews::of_task(tx, task.id).await? } else { vec![review.clone()] };
        let holders = holders(tx, &task).await?;
        let Count { standing, outcome } = count(tx, &task, course.queue, &rule, &holders, &all, now).await?;
        let ending = match (&standing, &outcome) {
            (completion::Standing::Complete { .. }, Some(outcome)) => Ending::with(&outcome.result, course.queue.config.review_type),
            (completion::Standing::Disagreement { .. }, _) => Ending::Disagreed,
            _ => return wait(tx, ids, task, course.queue, &standing, holders.places(now).len(), now).await,
        };
        if workflow.stages.len() > 1 || rule.most_reviews() > 1 {
            let (ended, stage) = (if ending == Ending::Disagreed { "disagreement" } else { "complete" }, workflow.stages.get(at));
            let mut detail =
                detail! { "stage": stage.map(|stage| &stage.key), "ended": ended, "rule": rule.method(), "reviews": all.len() };
            if let Some(outcome) = &outcome {
                detail.extend(
                    detail! { "agreement": outcome.agreement.map(|share| share.to_string()), "dissenter_ids": outcome.dissenter_ids },
                );
                detail = selected(&outcome.result, detail);
            }
            let event = self.caller.task_event(EventType::StageCompleted, &task, ids, now);
            tx.record([Event { detail, ..event }]);
        }
        // Who reviewed without a claim has taken the task on and seen it as well.
        let measured = [MetricKind::TimeToAssign, MetricKind::TimeToFirstView, MetricKind::TimeToDecision];
        clocks::stop(tx, ids, &task, course.queue, &measured, now).await?;
        let before = task.stage;
        let way = course.proceed(tx, ids, task, Ended { stage: at, ending, earlier: None }, outcome).await?;
        tasks::update(tx, &way.task).await?;
        course.arrive(tx, ids, &way, Some(before)).await
    }
}

/// The stage wants more reviews: how many at the same time may have changed, and there may be too few who could give them.
async fn wait(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: Task,
    queue: &Queue,
    standing: &completion::Standing,
    taken: usize,
    now: signoff_domain::Timestamp,
) -> Result<(), Error> {
    let wanted = match standing {
        completion::Standing::Open { wanted, .. } => *wanted,
        completion::Standing::Impossible { missing } => {
            let event = Caller::rule(task.organization_id).task_event(EventType::StageImpossible, &task, ids, now);
            tx.record([Event { detail: detail! { "missing": missing, "lead_ids": queue.config.lead_ids }, ..event }]);
            *missing
        }
        _ => return Ok(()),
    };
    debug_assert_eq!(task.state, TaskState::Queued);
    // Whoever was asked beyond the rule, as by an escalation, keeps their place.
    let task = Task { wanted: i64::try_from(wanted.max(taken).max(1)).unwrap_or(i64::MAX), assignee_id: None, updated_at: now, ..task };
    tasks::update(tx, &task).await?;
    routing::look_again(tx, &task, queue, now).await
}
