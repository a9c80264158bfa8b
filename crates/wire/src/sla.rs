//! The times that a queue promises, on the wire: the setting, its simulation, and the clocks of a task.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, tagged, task::Priority};

/// The times that a queue promises.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Sla {
    /// The key of the calendar in which time counts; null counts all time.
    #[serde(default)]
    pub calendar: Option<String>,
    /// What is measured.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub metrics: Vec<Metric>,
    /// What becomes of a task that is still open at its deadline.
    #[serde(default, deserialize_with = "tagged::read")]
    pub on_deadline: OnDeadline,
}

/// A measured time and its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What is measured.
    pub kind: MetricKind,
    /// The key of the stage in which; null is every stage that has no metric of this kind of its own. A total has none.
    #[serde(default)]
    pub stage: Option<String>,
    /// How long it may take.
    pub target_minutes: Targets,
    /// At which percentages of the target a warning is given: ascending.
    #[serde(default = "warnings")]
    #[schema(max_items = 5, default = json!([75]))]
    pub warn_at_percent: Vec<u8>,
}

fn warnings() -> Vec<u8> {
    vec![75]
}

/// What is measured. Each starts when its stage opens, the total when the task is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricKind {
    /// Until a reviewer has taken on the stage.
    TimeToAssign,
    /// Until a reviewer has opened the task in the stage.
    TimeToFirstView,
    /// Until the stage is decided.
    TimeToDecision,
    /// Until the task is decided, over all its stages and revisions.
    Total,
}

/// Minutes of business time by priority; at least one is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Targets {
    /// For the priorities that have none of their own; without it they are not measured.
    #[schema(minimum = 1, maximum = 525_600)]
    pub default: Option<i64>,
    /// For tasks of low priority.
    #[schema(minimum = 1, maximum = 525_600)]
    pub low: Option<i64>,
    /// For tasks of normal priority.
    #[schema(minimum = 1, maximum = 525_600)]
    pub normal: Option<i64>,
    /// For tasks of high priority.
    #[schema(minimum = 1, maximum = 525_600)]
    pub high: Option<i64>,
    /// For urgent tasks.
    #[schema(minimum = 1, maximum = 525_600)]
    pub urgent: Option<i64>,
}

/// What becomes of a task that is still open at its deadline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "action", rename_all = "snake_case", deny_unknown_fields)]
pub enum OnDeadline {
    /// It stays open, and late.
    Keep {},
    /// It is rejected by policy. For approval queues.
    Reject {},
    /// It expires.
    Expire {},
    /// It is escalated as the queue's escalation policy says.
    Escalate {},
    /// It is resolved with this answer, by policy.
    DefaultAnswer {
        /// Ids of options of the queue; never the approval.
        result: Vec<String>,
    },
    /// It goes back to its agent undecided.
    ReturnToAgent {},
    /// It is approved without a review. For approval queues.
    Approve {
        /// Has to be true, so that nobody chooses this unknowingly.
        i_accept_approval_without_review: bool,
    },
}

impl Default for OnDeadline {
    fn default() -> Self {
        Self::Keep {}
    }
}

/// Asks when a task would be due.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulateSla {
    /// The queue whose times hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_key: Option<String>,
    /// Times to try, in place of those of the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla: Option<Sla>,
    /// How urgent the task is; `normal` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// When it is submitted; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Timestamp>,
}

/// When a task would be due, were its clocks to start when it is submitted and never pause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlaSimulation {
    /// When it is submitted.
    pub submitted_at: Timestamp,
    /// How urgent it is.
    pub priority: Priority,
    /// The calendar in which time counts; null counts all time.
    pub calendar: Option<String>,
    /// The calendar's time zone.
    pub time_zone: Option<String>,
    /// When the metrics that measure this priority are due, in the order of the setting.
    pub metrics: Vec<Forecast>,
    /// When the task ought to be decided, by the queue's `sla_minutes`; null when it has none.
    pub deadline: Option<Timestamp>,
    /// What becomes of it when it is still open then.
    pub on_deadline: OnDeadline,
}

/// When one metric would be due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// What is measured.
    pub kind: MetricKind,
    /// In which stage; null is any.
    pub stage: Option<String>,
    /// When the target is used up; null when that is more than ten years ahead.
    pub due_at: Option<Timestamp>,
    /// When warnings are given, in order.
    pub warnings: Vec<Warning>,
}

/// When one warning would be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// At which share of the target.
    pub percent: u8,
    /// When.
    pub at: Timestamp,
}

/// The clocks of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskSla {
    /// The task.
    pub task_id: String,
    /// The calendar in which time counts; null counts all time.
    pub calendar: Option<String>,
    /// The calendar's time zone.
    pub time_zone: Option<String>,
    /// When the task ought to be decided.
    pub deadline: Option<Timestamp>,
    /// What becomes of it when it is still open then.
    pub on_deadline: OnDeadline,
    /// The clocks that were started, by stage.
    pub clocks: Vec<SlaClock>,
}

/// One run of the clock of one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SlaClock {
    /// What it measures.
    pub kind: MetricKind,
    /// The key of the stage in which; null for the total.
    pub stage: Option<String>,
    /// Counts the runs of this metric in this stage, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: ClockState,
    /// When it began.
    pub started_at: Timestamp,
    /// When its target is or was used up; null while it is paused, and when that is more than ten years ahead.
    pub due_at: Option<Timestamp>,
    /// How much business time it has, in seconds.
    pub target_seconds: i64,
    /// How much of it is used, in seconds.
    pub used_seconds: i64,
    /// The warnings that were given, in percent.
    pub warned_at_percent: Vec<u8>,
    /// When the target was used up.
    pub breached_at: Option<Timestamp>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
}

/// Where a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    /// Time counts.
    Running,
    /// Time does not count.
    Paused,
    /// Stopped before its target was used up.
    Met,
    /// Its target was used up; for good, whether what it measures has happened since or not.
    Breached,
    /// What it measures will not happen.
    Cancelled,
}
