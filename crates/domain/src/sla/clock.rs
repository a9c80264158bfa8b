//! One run of the clock of one metric.
//!
//! A cycle is a value that is stored between its moments. Every change first gives the alarms that have become due by then, so that none is lost when a task
//! is decided before its timer was looked at; every alarm is given at the first call at or after its instant and at no other.
//! Moments are expected in order: each at or after the one before.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Metric, MetricKind};
use crate::{Timestamp, calendar::Hours, task::Priority};

/// Where a cycle stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CycleState {
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

impl CycleState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Running, Self::Paused, Self::Met, Self::Breached, Self::Cancelled];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Breached => "breached",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What an alarm says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AlarmKind {
    /// A share of the target is used up.
    Warn {
        /// Which share, 1–99.
        percent: u8,
    },
    /// All of it is.
    Breach,
}

/// Something that is to be told about a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// When it was due, which may be long before it is told.
    pub at: Timestamp,
    /// What it says.
    pub what: AlarmKind,
}

/// One run of the clock of one metric. Rework makes a new one with the next number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// What is measured.
    pub metric: MetricKind,
    /// Which stage of the task, as the caller counts them.
    pub stage: i64,
    /// Which run of this metric in this stage, from 1.
    pub number: i64,
    /// Where it stands.
    pub state: CycleState,
    /// When it began.
    pub started_at: Timestamp,
    /// When its budget is or was used up; `None` while it is paused, and when that is more than ten years ahead.
    pub due_at: Option<Timestamp>,
    /// How much business time it has.
    pub budget: SignedDuration,
    /// How much of it was used until the last pause or its end. Time after the breach counts as well.
    pub used: SignedDuration,
    /// Since when time counts; `None` while it does not.
    pub resumed_at: Option<Timestamp>,
    /// The warnings that were given, in percent.
    pub warned: Vec<u8>,
    /// When its budget was used up.
    pub breached_at: Option<Timestamp>,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
}

impl Cycle {
    /// A cycle that runs from `now` on; `None` when the metric does not measure tasks of this priority.
    #[must_use]
    pub fn start(metric: &Metric, priority: Priority, stage: i64, number: i64, now: Timestamp, hours: &Hours) -> Option<Self> {
        let budget = metric.budget(priority)?;
        Some(Self {
            metric: metric.kind,
            stage,
            number,
            state: CycleState::Running,
            started_at: now,
            due_at: hours.due(now, budget),
            budget,
            used: SignedDuration::ZERO,
            resumed_at: Some(now),
            warned: Vec::new(),
            breached_at: None,
            stopped_at: None,
        })
    }

    /// Whether what it measures is still to come.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.stopped_at.is_none()
    }

    /// Time does not count from `now` on. Nothing changes when it does not count already.
    pub fn pause(&mut self, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        let alarms = self.fire(now, metric, hours);
        self.count(now, hours);
        if self.state == CycleState::Running {
            self.state = CycleState::Paused;
            self.due_at = None;
        }
        alarms
    }

    /// Time counts again from `now` on, and the due instant is reckoned anew. Nothing changes when it counts already, or when the cycle has ended.
    pub fn resume(&mut self, now: Timestamp, hours: &Hours) {
        if !self.is_open() || self.resumed_at.is_some() {
            return;
        }
        self.resumed_at = Some(now);
        if self.state == CycleState::Paused {
            self.state = CycleState::Running;
            self.due_at = hours.due(now, self.budget.saturating_sub(self.used));
        }
    }

    /// It has another budget from `now` on, as after a change of priority. What was used remains used, and no warning is repeated; a breach by `now` remains one.
    pub fn retarget(&mut self, budget: SignedDuration, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        let runs = self.state == CycleState::Running;
        if !runs && self.state != CycleState::Paused {
            return Vec::new();
        }
        let mut alarms = self.pause(now, metric, hours);
        if self.state == CycleState::Paused {
            self.budget = budget;
        }
        if runs {
            self.resume(now, hours);
            alarms.extend(self.fire(now, metric, hours));
        }
        alarms
    }

    /// What it measures has happened: the target is met unless it was used up by `now`.
    pub fn stop(&mut self, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        self.end(CycleState::Met, now, metric, hours)
    }

    /// What it measures will not happen. A breach by then remains one.
    pub fn cancel(&mut self, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        self.end(CycleState::Cancelled, now, metric, hours)
    }

    fn end(&mut self, state: CycleState, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        if !self.is_open() {
            return Vec::new();
        }
        let alarms = self.fire(now, metric, hours);
        self.count(now, hours);
        self.stopped_at = Some(now);
        if self.state != CycleState::Breached {
            self.state = state;
        }
        alarms
    }

    /// Adds the business time since it was resumed.
    fn count(&mut self, now: Timestamp, hours: &Hours) {
        if let Some(since) = self.resumed_at.take() {
            self.used = self.used.saturating_add(hours.elapsed(since, now));
        }
    }

    /// The earliest alarm that was not given yet; `None` while it is paused, after the breach and after the end.
    ///
    /// This is the instant for which a timer is set.
    #[must_use]
    pub fn next_alarm(&self, metric: &Metric, hours: &Hours) -> Option<Alarm> {
        if self.state != CycleState::Running {
            return None;
        }
        let since = self.resumed_at?;
        // Percentages ascend, so the first that was not given is the earliest.
        let percent = metric.warn_at_percent.iter().copied().find(|percent| !self.warned.contains(percent));
        let warning = percent.and_then(|percent| {
            let at = hours.due(since, share(self.budget, percent).saturating_sub(self.used))?;
            // The calendar may have changed since the due instant was reckoned: a warning never comes after the breach.
            Some(Alarm { at: self.due_at.map_or(at, |due| due.min(at)), what: AlarmKind::Warn { percent } })
        });
        warning.or_else(|| self.due_at.map(|at| Alarm { at, what: AlarmKind::Breach }))
    }

    /// The alarms that are due by `now` and were not given yet, in order; they count as given. To be called however often and however late.
    pub fn fire(&mut self, now: Timestamp, metric: &Metric, hours: &Hours) -> Vec<Alarm> {
        let mut alarms = Vec::new();
        while let Some(alarm) = self.next_alarm(metric, hours).filter(|alarm| alarm.at <= now) {
            match alarm.what {
                AlarmKind::Warn { percent } => self.warned.push(percent),
                AlarmKind::Breach => {
                    self.state = CycleState::Breached;
                    self.breached_at = Some(alarm.at);
                }
            }
            alarms.push(alarm);
        }
        alarms
    }
}

/// A share of a budget, rounded up so that a warning is never early.
fn share(budget: SignedDuration, percent: u8) -> SignedDuration {
    let nanos = (budget.as_nanos() * i128::from(percent) + 99) / 100;
    SignedDuration::new((nanos / 1_000_000_000) as i64, (nanos % 1_000_000_000) as i32)
}

#[cfg(test)]
mod tests;
