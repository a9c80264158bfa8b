//! How a task goes through the stages of its queue within one command: conditions are asked, stages open, votes are counted, the outcome settles it.
//!
//! A command makes a [`Course`], lets it say where the task goes ([`Course::start`], [`Course::proceed`]), stores the task as it then is, and has the course do
//! the rest ([`Course::arrive`]): reviewers, clocks, timers, events.

use signoff_domain::{
    Timestamp,
    hold::Standing,
    moment::Ids,
    outcome::{self, Outcome},
    queue::Queue,
    review::Review,
    stage::{StageActor, completion},
    task::{Content, Move, Task, TaskState, transition},
    workflow::{At, Ended, Walk, Workflow},
};
use signoff_store::{Error, Tx, assignments, leases, reviews, tasks};

use crate::{Caller, clocks, compiled::Compiled, tasks::holders::dismiss};

pub(crate) mod conditions;
mod enter;
mod settle;
mod votes;

pub(crate) use enter::exclude;
pub(crate) use settle::selected;
pub(crate) use votes::{Count, count};

/// A task on its way, within a command.
pub(crate) struct Course<'a> {
    /// Who carries out the command.
    pub(crate) caller: &'a Caller,
    /// When.
    pub(crate) now: Timestamp,
    /// What is compiled of queues.
    pub(crate) compiled: &'a Compiled,
    /// The queue at the task's version.
    pub(crate) queue: &'a Queue,
    /// The content of the task's revision.
    pub(crate) content: &'a Content,
}

/// Where a task went.
pub(crate) struct Way {
    /// The task as it is there.
    pub(crate) task: Task,
    /// The stages that it passed, and where it is.
    walk: Walk,
    /// The review by which a rule decided, if one did.
    pub(crate) policy: Option<Review>,
}

impl Course<'_> {
    /// Whether a condition of the queue holds for a task; the inner error is why there is no answer.
    pub(crate) async fn holds(&self, tx: &mut Tx<'_>, task: &Task, when: &str) -> Result<Result<bool, String>, Error> {
        Ok(conditions::Asked::of(self, tx, task).await?.holds(self, task, when))
    }

    /// The way of a task that is sent to a stage of people at this place.
    pub(crate) fn at_stage(&self, task: Task, at: usize) -> Result<Way, Error> {
        let task = self.opened(Task { opened_at: None, ..task }, &self.workflow(), at)?;
        Ok(Way { task, walk: Walk { passed: Vec::new(), at: At::People(at) }, policy: None })
    }

    fn workflow(&self) -> Workflow {
        self.queue.config.workflow()
    }

    /// The way of a task that is new, revised, or opened again. It is not stored yet.
    pub(crate) async fn start(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: Task) -> Result<Way, Error> {
        // No stage is open yet: the one that the task comes to opens, even the first.
        let task = Task { opened_at: None, ..task };
        let workflow = self.workflow();
        let conditions = conditions::Asked::of(self, tx, &task).await?;
        let walk = workflow.enter(self.queue.config.review_type, false, |stage| conditions.applies(self, &task, stage));
        self.way(ids, task, &workflow, walk, None)
    }

    /// The way of a task that is to be reviewed anew, from the first stage on: what was reviewed is void, and everybody's part in it ends. The task is stored;
    /// answers how many reviews were voided as well.
    pub(crate) async fn again(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: Task) -> Result<(Way, u64), Error> {
        self.leave(tx, ids, &task).await?;
        leases::delete_all(tx, task.id).await?;
        let voided = reviews::void(tx, task.id, self.now).await?;
        assignments::void(tx, task.id, self.now).await?;
        let assignee_id = task.assignee_id;
        let way = self.start(tx, ids, task).await?;
        let way = Way { task: Task { assignee_id: assignee_id.filter(|_| !way.task.state.is_settled()), ..way.task }, ..way };
        tasks::update(tx, &way.task).await?;
        Ok((way, voided))
    }

    /// The way of a task whose stage ended so, with this outcome if it came to one.
    pub(crate) async fn proceed(
        &self,
        tx: &mut Tx<'_>,
        ids: &mut Ids,
        task: Task,
        ended: Ended,
        outcome: Option<Outcome>,
    ) -> Result<Way, Error> {
        let workflow = self.workflow();
        let conditions = conditions::Asked::of(self, tx, &task).await?;
        let walk = workflow.after(ended, self.queue.config.review_type, false, |stage| conditions.applies(self, &task, stage));
        let before = task.clone();
        let way = self.way(ids, task, &workflow, walk, outcome.map(|outcome| (ended.stage, outcome)))?;
        if way.task.stage != before.stage {
            self.leave(tx, ids, &before).await?;
        }
        Ok(way)
    }

    /// The stage that a task was at is over: nobody holds anything of it, and nothing of it is measured any longer.
    pub(crate) async fn leave(&self, tx: &mut Tx<'_>, ids: &mut Ids, before: &Task) -> Result<(), Error> {
        dismiss(tx, ids, before, None, self.now).await?;
        clocks::leave(tx, ids, before, self.queue, self.now).await
    }

    fn way(&self, ids: &mut Ids, task: Task, workflow: &Workflow, walk: Walk, ended: Option<(usize, Outcome)>) -> Result<Way, Error> {
        let mut policy = None;
        let task = match &walk.at {
            At::People(place) => self.opened(task, workflow, *place)?,
            At::Verdict(place) => match ended {
                Some((stage, outcome)) if stage == *place => self.decided(task, outcome)?,
                // Nobody knows the verdict: people decide again.
                _ => self.opened(task, workflow, *place)?,
            },
            At::Finished { result, rule, stage } => {
                let task = Task { stage: stage.map_or(task.stage, place), ..task };
                let review = outcome::by_policy(self.queue, &task, ids.draw(), result.clone(), None, self.now);
                let outcome = Outcome::of(&review, rule, self.now);
                policy = Some(review);
                self.decided(task, outcome)?
            }
            At::Ai(_) | At::Deadline(_) | At::Exhausted => task,
        };
        Ok(Way { task, walk, policy })
    }

    /// The task with the people stage at this place open.
    fn opened(&self, task: Task, workflow: &Workflow, at: usize) -> Result<Task, Error> {
        if place(at) == task.stage && task.opened_at.is_some() && task.state == TaskState::Queued {
            // It stays open: reviews of a stage that came to nothing are over, another may still be wanted.
            return Ok(task);
        }
        let Some(stage) = workflow.stages.get(at).filter(|stage| stage.actor == StageActor::People) else { return Ok(task) };
        let wanted =
            match completion::evaluate(&stage.rule, &[], &completion::Eligible::people(usize::MAX), self.queue.config.review_options.len())
            {
                completion::Standing::Open { wanted, .. } => wanted,
                // A quorum of groups is asked as a whole: who is in them is only known when votes are counted.
                _ => stage.rule.most_reviews(),
            };
        Ok(Task {
            state: transition(task.state, Move::Open)?,
            stage: place(at),
            wanted: place(wanted),
            audience: stage.reviewers.as_ref().map(signoff_domain::group::Reviewers::audience).unwrap_or_default(),
            // Who was named was named for the stage before.
            assignee_id: task.assignee_id.filter(|_| task.stage == place(at)),
            opened_at: Some(self.now),
            updated_at: self.now,
            ..task
        })
    }

    /// The task with its outcome.
    pub(crate) fn decided(&self, task: Task, outcome: Outcome) -> Result<Task, Error> {
        let state = transition(task.state, Move::Decide)?;
        Ok(Task { state, outcome: Some(outcome), reviewed_at: Some(self.now), updated_at: self.now, ..task })
    }

    /// Does what follows from where the task is now; the task itself is stored. `before` is the stage at which it was, if it was at one.
    pub(crate) async fn arrive(&self, tx: &mut Tx<'_>, ids: &mut Ids, way: &Way, before: Option<i64>) -> Result<(), Error> {
        self.note_passed(tx, ids, way).await?;
        if way.task.state.is_settled() {
            return self.settle(tx, ids, &way.task, way.policy.is_some()).await;
        }
        if before == Some(way.task.stage) {
            return Ok(());
        }
        self.enter(tx, ids, &way.task).await
    }
}

/// Counts and places are small; what is not is an open stage that nobody can fill.
pub(crate) fn place(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Whether a standing ends somebody's part in a stage.
pub(crate) fn is_over(standing: Standing) -> bool {
    matches!(standing, Standing::Submitted | Standing::Declined | Standing::Excluded)
}
