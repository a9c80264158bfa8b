//! What is due: a timer is taken and takes effect in one transaction, so early, late, twice and on two replicas at once are all the same.

use signoff_domain::{
    Moment,
    id::{AbsenceId, OfferId, TaskId},
    queue::Queue,
    sla::OnDeadline,
    task::Task,
};
use signoff_store::{
    Command, Error, Query, Tx, contents, queues, routings, tasks,
    timers::{self, Timer},
};

use crate::{Caller, absences, clocks, compiled::Compiled, escalation, routing, workflow::Course};

mod ageing;
mod deadline;
mod overflow;

pub(crate) use ageing::raise;

/// A task is at its deadline.
pub(crate) const DEADLINE: &str = "deadline";
/// A task gains a step of priority by waiting.
pub(crate) const AGEING: &str = "ageing";
/// The reviewers of another queue come to help.
pub(crate) const OVERFLOW: &str = "overflow";
/// A clock of a task has an alarm.
pub(crate) const CLOCK: &str = "clock";
/// An offer ends. Its subject is the offer.
pub(crate) const OFFER: &str = "offer";
/// Reviewers are looked for again.
pub(crate) const ROUTE: &str = "route";
/// A step of an escalation.
pub(crate) const ESCALATION: &str = "escalation";
/// An absence begins. Its owner is the absence.
pub(crate) const ABSENCE: &str = "absence";

/// A timer whose firing fails is tried again after so many seconds for each time that it failed, at most an hour.
const AGAIN_SECONDS: i64 = 5;

/// Whether something is to happen to a task at its deadline.
pub(crate) fn acts_on_deadline(queue: &Queue, task: &Task) -> bool {
    let stages = queue.config.workflow().stages;
    let stage = usize::try_from(task.stage).ok().and_then(|at| stages.get(at));
    stage.is_some_and(|stage| stage.on_timeout.is_some())
        || queue.config.sla.as_ref().is_some_and(|sla| sla.on_deadline != OnDeadline::Keep)
}

/// The timers that are due, and when the next will be.
pub struct Due {
    /// When.
    pub now: signoff_domain::Timestamp,
    /// How many at the most.
    pub limit: i64,
}

impl Query for Due {
    type Out = (Vec<Timer>, Option<signoff_domain::Timestamp>);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
        let due = timers::due(tx, self.now, self.limit).await?;
        Ok((due, timers::next(tx).await?))
    }
}

/// Fires a timer. Answers false when it was not due any more.
pub struct Fire {
    /// When.
    pub moment: Moment,
    /// What is compiled of queues.
    pub compiled: Compiled,
    /// Which.
    pub timer: Timer,
}

impl Command for Fire {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        if !timers::take(tx, &self.timer, self.moment.now).await? {
            return Ok(false);
        }
        if self.timer.kind == ABSENCE {
            absences::begin(tx, &self.moment, self.timer.organization_id, AbsenceId(self.timer.owner)).await?;
            return Ok(true);
        }
        let Some(task) = tasks::lock(tx, self.timer.organization_id, TaskId(self.timer.owner)).await? else { return Ok(true) };
        if !task.state.is_settled() {
            self.fire(tx, task).await?;
        }
        Ok(true)
    }
}

impl Fire {
    async fn fire(&self, tx: &mut Tx<'_>, task: Task) -> Result<(), Error> {
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let mut ids = self.moment.ids();
        let now = self.moment.now;
        match self.timer.kind.as_str() {
            CLOCK => clocks::fire(tx, &mut ids, &task, &queue, now).await,
            AGEING => ageing::fire(tx, &mut ids, task, &queue, now).await,
            OVERFLOW => overflow::fire(tx, &mut ids, task, &queue, now).await,
            ROUTE => routings::put(tx, task.organization_id, task.id, now).await,
            OFFER => match self.timer.subject.parse::<OfferId>() {
                Ok(offer) => routing::expire(tx, &mut ids, &task, offer, now).await,
                Err(_) => Ok(()),
            },
            DEADLINE | ESCALATION => {
                let content = contents::get(tx, task.id, task.revision).await?;
                let caller = Caller::rule(task.organization_id);
                let course = Course { caller: &caller, now, compiled: &self.compiled, queue: &queue, content: &content };
                if self.timer.kind == DEADLINE {
                    deadline::fire(tx, &mut ids, task, &course).await
                } else {
                    escalation::fire_step(tx, &mut ids, task, &course).await
                }
            }
            _ => Ok(()),
        }
    }
}

/// Puts off a timer whose firing failed.
pub struct Postpone {
    /// When.
    pub now: signoff_domain::Timestamp,
    /// Which.
    pub timer: Timer,
}

impl Command for Postpone {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let seconds = (AGAIN_SECONDS << self.timer.attempts.clamp(0, 9)).min(3_600);
        let until = self.now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(signoff_domain::Timestamp::MAX);
        timers::postpone(tx, &self.timer, until).await
    }
}
