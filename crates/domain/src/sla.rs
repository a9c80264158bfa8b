//! How long the steps of a task may take, and what becomes of a task at its deadline.
//!
//! [`Sla`] is what a queue says: metrics with targets in business time, and the action at the deadline. [`Cycle`] is one run of the clock of one metric:
//! it starts, pauses, stops, and tells which warnings are due and whether the target was missed. [`Sla::simulate`] answers when a task would be due.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    calendar::Hours,
    queue::{APPROVED, ReviewType, check_key},
    refusal::Places,
    task::Priority,
};

mod clock;

pub use clock::{Alarm, AlarmKind, Cycle, CycleState};

/// How many metrics an SLA has at most.
pub const MAX_METRICS: usize = 50;
/// How many warnings a metric has at most.
pub const MAX_WARNINGS: usize = 5;
/// The longest target in minutes of business time: as many as a year has.
pub const MAX_TARGET_MINUTES: i64 = 525_600;

/// What is measured. Each starts when its stage opens, the total when the task is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

impl MetricKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::TimeToAssign, Self::TimeToFirstView, Self::TimeToDecision, Self::Total];

    /// The kind as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TimeToAssign => "time_to_assign",
            Self::TimeToFirstView => "time_to_first_view",
            Self::TimeToDecision => "time_to_decision",
            Self::Total => "total",
        }
    }

    /// The kind that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Minutes of business time by priority, each from 1 to [`MAX_TARGET_MINUTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Targets {
    /// For the priorities that have none of their own; without it they are not measured.
    pub default: Option<i64>,
    /// For tasks of low priority.
    pub low: Option<i64>,
    /// For tasks of normal priority.
    pub normal: Option<i64>,
    /// For tasks of high priority.
    pub high: Option<i64>,
    /// For urgent tasks.
    pub urgent: Option<i64>,
}

/// A measured time and its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// What is measured.
    pub kind: MetricKind,
    /// The key of the stage in which; `None` is every stage that has no metric of this kind of its own. A total has none.
    #[serde(default)]
    pub stage: Option<String>,
    /// How long it may take, in minutes of business time.
    pub target_minutes: Targets,
    /// At which percentages of the target a warning is given: 1–99, ascending, at most [`MAX_WARNINGS`].
    #[serde(default = "default_warnings")]
    pub warn_at_percent: Vec<u8>,
}

fn default_warnings() -> Vec<u8> {
    vec![75]
}

impl Metric {
    /// The budget of a task of this priority; `None` when it is not measured.
    #[must_use]
    pub fn budget(&self, priority: Priority) -> Option<SignedDuration> {
        let Targets { default, low, normal, high, urgent } = self.target_minutes;
        let own = match priority {
            Priority::Low => low,
            Priority::Normal => normal,
            Priority::High => high,
            Priority::Urgent => urgent,
        };
        own.or(default).map(|minutes| SignedDuration::from_mins(minutes.clamp(0, MAX_TARGET_MINUTES)))
    }
}

/// What becomes of a task that is still open at its deadline. That it was the time and nobody's decision stays visible whichever it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum OnDeadline {
    /// It stays open, and late.
    #[default]
    Keep,
    /// It is rejected by policy. For approval queues.
    Reject,
    /// It expires.
    Expire,
    /// It is escalated as the queue's escalation policy says.
    Escalate,
    /// It is resolved with this answer, by policy.
    DefaultAnswer {
        /// Ids of options of the queue; never the approval.
        result: Vec<String>,
    },
    /// It goes back to its agent undecided.
    ReturnToAgent,
    /// It is approved without a review. For approval queues.
    Approve {
        /// Has to be true, so that nobody chooses this unknowingly.
        i_accept_approval_without_review: bool,
    },
}

/// The times that a queue promises.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Sla {
    /// The key of the calendar in which time counts; `None` counts all time.
    #[serde(default)]
    pub calendar: Option<String>,
    /// What is measured.
    #[serde(default)]
    pub metrics: Vec<Metric>,
    /// What becomes of a task that is still open at its deadline.
    #[serde(default)]
    pub on_deadline: OnDeadline,
}

/// When one metric of a task would be due.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Forecast {
    /// What is measured.
    pub kind: MetricKind,
    /// In which stage; `None` is any.
    pub stage: Option<String>,
    /// When the target is used up; `None` when that is more than ten years ahead.
    pub due_at: Option<Timestamp>,
    /// When warnings are given, in order.
    pub warnings: Vec<Warning>,
}

/// When one warning would be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// At which share of the target.
    pub percent: u8,
    /// When.
    pub at: Timestamp,
}

impl Sla {
    /// Notes every wrong place below the pointer `at`. `options` are the ids of the options of the queue, `stages` the keys of its stages.
    pub fn validate(&self, review_type: ReviewType, options: &[&str], stages: &[&str], places: &mut Places, at: &str) {
        if let Some(key) = &self.calendar {
            places.require(check_key(key).is_ok(), &format!("{at}/calendar"), "Must be the key of a calendar.");
        }
        self.check_metrics(stages, places, &format!("{at}/metrics"));
        self.on_deadline.check(review_type, options, places, &format!("{at}/on_deadline"));
    }

    fn check_metrics(&self, stages: &[&str], places: &mut Places, at: &str) {
        places.require(self.metrics.len() <= MAX_METRICS, at, "At most 50 metrics.");
        let mut distinct = HashSet::new();
        for (i, metric) in self.metrics.iter().enumerate().take(MAX_METRICS) {
            let at = format!("{at}/{i}");
            let fresh = distinct.insert((metric.kind, &metric.stage));
            places.require(fresh, &at, "Another metric measures the same in the same stage.");
            if let Some(stage) = &metric.stage {
                let at = format!("{at}/stage");
                if metric.kind == MetricKind::Total {
                    places.add(at, "A total is over all stages.");
                } else if !stages.contains(&stage.as_str()) {
                    places.add(at, "The queue has no stage of this key.");
                }
            }
            let Targets { default, low, normal, high, urgent } = metric.target_minutes;
            let targets = [("default", default), ("low", low), ("normal", normal), ("high", high), ("urgent", urgent)];
            let any = targets.iter().any(|(_, target)| target.is_some());
            places.require(any, &format!("{at}/target_minutes"), "Needs a target.");
            for (name, target) in targets {
                let right = target.is_none_or(|minutes| (1..=MAX_TARGET_MINUTES).contains(&minutes));
                places.require(right, &format!("{at}/target_minutes/{name}"), "Must be from 1 to 525600 minutes.");
            }
            let warnings = &metric.warn_at_percent;
            let at = format!("{at}/warn_at_percent");
            places.require(warnings.len() <= MAX_WARNINGS, &at, "At most 5 warnings.");
            places.require(warnings.iter().all(|percent| (1..=99).contains(percent)), &at, "Must be from 1 to 99 percent.");
            places.require(warnings.is_sorted_by(|first, second| first < second), &at, "Must be ascending, each once.");
        }
    }

    /// The metric of this kind that holds in a stage: its own before the one for every stage.
    #[must_use]
    pub fn metric(&self, kind: MetricKind, stage: &str) -> Option<&Metric> {
        let mut of_kind = self.metrics.iter().filter(|metric| metric.kind == kind);
        let own = of_kind.clone().find(|metric| metric.stage.as_deref() == Some(stage));
        own.or_else(|| of_kind.find(|metric| metric.stage.is_none()))
    }

    /// When each metric of a task of this priority would be due, were its clock to start at `submitted_at` and never pause.
    /// Metrics that do not measure this priority are left out.
    #[must_use]
    pub fn simulate(&self, priority: Priority, hours: &Hours, submitted_at: Timestamp) -> Vec<Forecast> {
        let forecast = |metric: &Metric| {
            let mut cycle = Cycle::start(metric, priority, 0, 1, submitted_at, hours)?;
            let due_at = cycle.due_at;
            let alarms = cycle.fire(Timestamp::MAX, metric, hours);
            let warning = |alarm: Alarm| match alarm.what {
                AlarmKind::Warn { percent } => Some(Warning { percent, at: alarm.at }),
                AlarmKind::Breach => None,
            };
            let warnings = alarms.into_iter().filter_map(warning).collect();
            Some(Forecast { kind: metric.kind, stage: metric.stage.clone(), due_at, warnings })
        };
        self.metrics.iter().filter_map(forecast).collect()
    }
}

impl OnDeadline {
    /// The action as it is written.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Reject => "reject",
            Self::Expire => "expire",
            Self::Escalate => "escalate",
            Self::DefaultAnswer { .. } => "default_answer",
            Self::ReturnToAgent => "return_to_agent",
            Self::Approve { .. } => "approve",
        }
    }

    fn check(&self, review_type: ReviewType, options: &[&str], places: &mut Places, at: &str) {
        let approval = review_type == ReviewType::Approval;
        match self {
            Self::Keep | Self::Expire | Self::Escalate | Self::ReturnToAgent => {}
            Self::Reject => places.require(approval, &format!("{at}/action"), "Only an approval can be rejected."),
            Self::Approve { i_accept_approval_without_review: accepted } => {
                places.require(approval, &format!("{at}/action"), "Only approval queues approve.");
                let told = "Must be true: at the deadline actions go ahead that nobody has reviewed.";
                places.require(*accepted, &format!("{at}/i_accept_approval_without_review"), told);
            }
            Self::DefaultAnswer { result } => {
                if !review_type.has_options() {
                    places.add(format!("{at}/action"), "The queue has no options that could be the answer.");
                    return;
                }
                let at = format!("{at}/result");
                places.require(!result.is_empty(), &at, "Needs an option.");
                let single = review_type.default_max_selections() == Some(1);
                places.require(!single || result.len() <= 1, &at, "This review type selects exactly one.");
                let mut distinct = HashSet::new();
                for (i, option) in result.iter().enumerate().take(options.len() + 1) {
                    let at = format!("{at}/{i}");
                    places.require(options.contains(&option.as_str()), &at, "The queue has no option of this id.");
                    places.require(distinct.insert(option), &at, "The option is named twice.");
                    let approves = approval && option == APPROVED;
                    places.require(!approves, &at, "An approval without a review is the action 'approve', which asks for its own consent.");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
