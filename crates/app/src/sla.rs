//! The times of a task: when one would be due, and how the clocks of one that is there stand.

use jiff::SignedDuration;
use signoff_domain::{
    Refusal, Timestamp,
    calendar::{Calendar, Hours},
    id::{OrganizationId, TaskId},
    permission::Action,
    queue::{APPROVED, REJECTED, ReviewType},
    refusal::Places,
    sla::{Cycle, Forecast, MetricKind, OnDeadline, Sla},
    task::{Priority, Task},
};
use signoff_store::{Error, Query, Tx, queues, resources};

use crate::{
    Caller,
    clocks::{self, CALENDAR},
    queues::find as find_queue,
    tasks::find,
};

/// When a task would be due.
pub struct SimulateSla {
    /// Who asks.
    pub caller: Caller,
    /// In this queue.
    pub queue_key: Option<String>,
    /// With these times in place of those of the queue.
    pub sla: Option<Sla>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it is submitted.
    pub submitted_at: Timestamp,
}

/// What is foreseen of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulated {
    /// The times that hold.
    pub sla: Sla,
    /// The zone of their calendar.
    pub time_zone: Option<String>,
    /// When each metric is due.
    pub forecasts: Vec<Forecast>,
    /// When the task ought to be decided.
    pub deadline: Option<Timestamp>,
}

impl Query for SimulateSla {
    type Out = Simulated;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Simulated, Error> {
        self.caller.require(Action::QueueRead)?;
        let queue = match &self.queue_key {
            None => None,
            Some(key) => Some(find_queue(tx, &self.caller, key).await?),
        };
        let config = queue.map(|queue| queue.config);
        let mut places = Places::default();
        match (&self.sla, &config) {
            (None, None) => places.add("/queue_key", "Name a queue, or give the times to try as 'sla'."),
            (None, Some(_)) => {}
            (Some(sla), Some(config)) => {
                let stages = config.workflow().stages;
                let stages: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
                let options: Vec<&str> = config.review_options.iter().map(|option| option.id.as_str()).collect();
                sla.validate(config.review_type, &options, &stages, &mut places, "/sla");
            }
            // Nobody says which stages and options there are: those that the times name.
            (Some(sla), None) => {
                let stages: Vec<&str> = sla.metrics.iter().filter_map(|metric| metric.stage.as_deref()).collect();
                let mut options = vec![APPROVED, REJECTED];
                if let OnDeadline::DefaultAnswer { result } = &sla.on_deadline {
                    options.extend(result.iter().map(String::as_str));
                }
                sla.validate(ReviewType::Approval, &options, &stages, &mut places, "/sla");
            }
        }
        places.finish()?;
        let own = config.as_ref().and_then(|config| config.sla.clone());
        let sla = self.sla.clone().or(own).unwrap_or_default();
        let calendar = calendar(tx, self.caller.organization_id, &sla).await?;
        if self.sla.is_some() && sla.calendar.is_some() && calendar.is_none() {
            return Err(Refusal::invalid("/sla/calendar", "There is no such calendar.").into());
        }
        let hours = calendar.as_ref().map_or_else(|| Ok(Hours::always()), Hours::of)?;
        let minutes = config.and_then(|config| config.sla_minutes);
        Ok(Simulated {
            forecasts: sla.simulate(self.priority, &hours, self.submitted_at),
            deadline: minutes.and_then(|minutes| self.submitted_at.checked_add(SignedDuration::from_mins(minutes)).ok()),
            time_zone: calendar.map(|calendar| calendar.time_zone),
            sla,
        })
    }
}

async fn calendar(tx: &mut Tx<'_>, organization: OrganizationId, sla: &Sla) -> Result<Option<Calendar>, Error> {
    let Some(key) = &sla.calendar else { return Ok(None) };
    Ok(resources::get::<Calendar>(tx, organization, CALENDAR, key).await?.map(|calendar| calendar.definition))
}

/// The clocks of a task.
pub struct TaskSla {
    /// Who asks.
    pub caller: Caller,
    /// When: how much is used by then.
    pub now: Timestamp,
    /// Which.
    pub id: TaskId,
}

/// A clock of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct ClockView {
    /// The clock.
    pub cycle: Cycle,
    /// The key of its stage; `None` for the total.
    pub stage: Option<String>,
    /// How much of its budget is used by now.
    pub used: SignedDuration,
}

/// A task and its clocks.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskClocks {
    /// The task.
    pub task: Task,
    /// The times that hold for it.
    pub sla: Sla,
    /// The zone of their calendar.
    pub time_zone: Option<String>,
    /// The clocks that were started, by stage.
    pub clocks: Vec<ClockView>,
}

impl Query for TaskSla {
    type Out = TaskClocks;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskClocks, Error> {
        self.caller.require(Action::TaskRead)?;
        let task = find(tx, &self.caller, self.id).await?;
        let config = queues::at_version(tx, task.queue_id, task.queue_version).await?.config;
        let sla = config.sla.clone().unwrap_or_default();
        let hours = clocks::hours(tx, task.organization_id, sla.calendar.as_deref()).await?;
        let stages = config.workflow().stages;
        let view = |cycle: Cycle| {
            let running = cycle.resumed_at.map_or(SignedDuration::ZERO, |since| hours.elapsed(since, self.now));
            let stage = usize::try_from(cycle.stage).ok().and_then(|place| stages.get(place)).map(|stage| stage.key.clone());
            ClockView { stage: stage.filter(|_| cycle.metric != MetricKind::Total), used: cycle.used.saturating_add(running), cycle }
        };
        let clocks = clocks::of_task(tx, &task).await?.into_iter().map(view).collect();
        let time_zone = calendar(tx, task.organization_id, &sla).await?.map(|calendar| calendar.time_zone);
        Ok(TaskClocks { task, sla, time_zone, clocks })
    }
}
