//! The run of an escalation for one task: which step is due when, and what follows when it fires.
//!
//! A [`Run`] is stored with the task. [`next`] says when its next step is due, [`fire`] decides what the step does and gives the run after it; both read no
//! clock. Firing late, twice or too early is safe: only the run's own next step fires, only once, and not before its time. What a step does is to be stored in
//! the same transaction as the run, under [`StepKey`].
//!
//! An acknowledgement and closed support hours put the next step off, and the rest of the round with it, so that people still get the time between steps that
//! was planned. Being fired late puts nothing off.

use serde::{Deserialize, Serialize};

use super::{Action, After, Escalation, Step, Unless};
use crate::{Timestamp, condition::Fault};

/// Where the escalation of one task is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The version of the escalation that the task is under: it stays the same for the whole run.
    pub policy_version: i64,
    /// The round of the next step, from 1.
    pub loop_no: i64,
    /// The next step, from 0.
    pub step: usize,
    /// When the escalation began.
    pub started_at: Timestamp,
    /// From when the steps of this round are counted: its beginning, and later for what was put off.
    pub round_started_at: Timestamp,
    /// When the step before was due; nothing is due before it.
    pub not_before: Timestamp,
    /// Since when somebody takes care of the task.
    pub acknowledged_at: Option<Timestamp>,
    /// Until when the next step is put off: the support hours were closed, or whoever took care of the task gave it back only then.
    pub held: Option<Timestamp>,
    /// Whether a decision ended it.
    pub ended: bool,
}

/// Names one step of one run, for doing it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepKey {
    /// The version of the escalation.
    pub policy_version: i64,
    /// The round, from 1.
    pub loop_no: i64,
    /// The step, from 0.
    pub step: usize,
}

impl Run {
    /// The run of an escalation that begins at `started_at`.
    #[must_use]
    pub fn begin(policy_version: i64, started_at: Timestamp) -> Self {
        Self {
            policy_version,
            loop_no: 1,
            step: 0,
            started_at,
            round_started_at: started_at,
            not_before: started_at,
            acknowledged_at: None,
            held: None,
            ended: false,
        }
    }

    /// The run after somebody has accepted or claimed the task. The first acknowledgement counts until it lapses or is given back.
    #[must_use]
    pub fn acknowledge(self, at: Timestamp) -> Self {
        Self { acknowledged_at: self.acknowledged_at.or(Some(at)), ..self }
    }

    /// The run after whoever took care of the task has given it back. A step that became due meanwhile is due now.
    #[must_use]
    pub fn give_back(self, at: Timestamp) -> Self {
        let held = self.acknowledged_at.map(|_| self.held.map_or(at, |held| held.max(at))).or(self.held);
        Self { acknowledged_at: None, held, ..self }
    }

    /// The run of a task that was settled and is opened again: what is done is done, and the next step has its time from now on.
    #[must_use]
    pub fn go_on(self, at: Timestamp) -> Self {
        Self { round_started_at: at, not_before: at, acknowledged_at: None, held: None, ..self }
    }

    /// The name of its next step.
    #[must_use]
    pub fn key(&self) -> StepKey {
        StepKey { policy_version: self.policy_version, loop_no: self.loop_no, step: self.step }
    }

    fn current<'a>(&self, escalation: &'a Escalation) -> Option<&'a Step> {
        escalation.steps.get(self.step).filter(|_| !self.ended && self.loop_no <= escalation.loops)
    }

    /// When the acknowledgement no longer holds anything back; `None` is never.
    fn lapses_at(&self, escalation: &Escalation) -> Option<Timestamp> {
        plus_minutes(self.acknowledged_at?, escalation.acknowledge_timeout_minutes?)
    }
}

/// How time is reckoned for one task.
#[expect(missing_debug_implementations, reason = "holds closures")]
pub struct Clock<'a> {
    /// When so many minutes of business time have passed since an instant; `None` when they never do.
    pub due_after_business: &'a dyn Fn(Timestamp, i64) -> Option<Timestamp>,
    /// When this percentage of the time to the task's deadline has passed; `None` without a deadline.
    pub sla: &'a dyn Fn(i64) -> Option<Timestamp>,
    /// The first instant from this one on inside the support hours, itself when it is inside; `None` when they never open. Read by [`dry_run`].
    pub next_support_opening: &'a dyn Fn(Timestamp) -> Option<Timestamp>,
}

/// A step and when it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The round, from 1.
    pub loop_no: i64,
    /// The step, from 0.
    pub step: usize,
    /// When to fire it.
    pub at: Timestamp,
    /// When it would be due if nothing had put it off.
    pub planned_at: Timestamp,
    /// Whether it has a time at all. Without a deadline or business time to measure by it is due at once, to be passed over on record.
    pub timed: bool,
}

/// The next step and when it is due; `None` when there is none, or as long as an acknowledgement without timeout holds it back.
#[must_use]
pub fn next(escalation: &Escalation, run: &Run, clock: &Clock<'_>) -> Option<Due> {
    let step = run.current(escalation)?;
    let own = match step.after {
        After::ElapsedMinutes(minutes) => plus_minutes(run.round_started_at, minutes),
        After::BusinessMinutes(minutes) => (clock.due_after_business)(run.round_started_at, minutes),
        After::SlaPercent(percent) if run.loop_no == 1 => (clock.sla)(percent),
        After::SlaPercent(percent) => {
            (clock.sla)(percent).and_then(|at| run.round_started_at.checked_add(at.duration_since(run.started_at)).ok())
        }
    };
    let planned_at = own.unwrap_or(run.not_before).max(run.not_before);
    let lapse = match run.acknowledged_at {
        None => None,
        Some(_) => Some(run.lapses_at(escalation)?),
    };
    let at = [lapse, run.held].into_iter().flatten().fold(planned_at, Timestamp::max);
    Some(Due { loop_no: run.loop_no, step: run.step, at, planned_at, timed: own.is_some() })
}

fn plus_minutes(at: Timestamp, minutes: i64) -> Option<Timestamp> {
    at.checked_add(jiff::SignedDuration::from_secs(minutes.checked_mul(60)?)).ok()
}

/// What is so at the moment in which a step fires.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The moment.
    pub now: Timestamp,
    /// Whether somebody holds the task.
    pub claimed: bool,
    /// Whether the task is somebody's.
    pub assigned: bool,
    /// Whether somebody has accepted the task.
    pub acknowledged: bool,
    /// Whether `now` lies in the support hours; true when the escalation has none.
    pub in_support_hours: bool,
    /// When they open next; `None` when they never do. A calendar that never opens again holds nothing.
    pub support_opens_at: Option<Timestamp>,
    /// What the step's `when` gave; not read for a step without one.
    pub condition: Option<Result<bool, Fault>>,
}

/// Why a step was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its `unless` holds.
    Unnecessary,
    /// Its `when` does not hold.
    ConditionFalse,
    /// Its `when` failed, and a fault never decides.
    ConditionFailed,
    /// It decides, and the last round is still to come.
    EarlierRound,
    /// There is no deadline, or no business time, to measure it by.
    Untimed,
}

/// What follows when a step fires.
#[derive(Debug, Clone, PartialEq)]
pub enum Fired {
    /// This is to be done.
    Do(Action),
    /// Nothing is to be done.
    Skipped(Why),
    /// The support hours are closed: the step is due again then.
    Held(Timestamp),
    /// It is not the run's next step, not yet its time, or an acknowledgement holds it back: the run is as it was.
    NotNow,
}

/// Decides what a step that is due does, and the run after it.
///
/// `due` is what [`next`] gave for this run. A `due` of another state of the run is [`Fired::NotNow`].
#[must_use]
pub fn fire(escalation: &Escalation, run: &Run, due: Due, facts: &Facts) -> (Fired, Run) {
    let Some(step) = run.current(escalation).filter(|_| (due.loop_no, due.step) == (run.loop_no, run.step)) else {
        return (Fired::NotNow, run.clone());
    };
    let held_back = run.acknowledged_at.is_some() && run.lapses_at(escalation).is_none_or(|lapses_at| facts.now < lapses_at);
    let too_early = facts.now < due.at || due.at < run.not_before || run.held.is_some_and(|until| facts.now < until);
    if held_back || too_early {
        return (Fired::NotNow, run.clone());
    }
    if let Some(why) = passed_over(escalation, run, step, due, facts) {
        return (Fired::Skipped(why), after(escalation, run, due, step, false));
    }
    let closed = escalation.support_hours.is_some() && !facts.in_support_hours;
    if let Some(until) = facts.support_opens_at.filter(|until| closed && *until > facts.now) {
        return (Fired::Held(until), Run { held: Some(until), ..run.clone() });
    }
    (Fired::Do(step.action.clone()), after(escalation, run, due, step, true))
}

fn passed_over(escalation: &Escalation, run: &Run, step: &Step, due: Due, facts: &Facts) -> Option<Why> {
    let decides = matches!(step.action, Action::DefaultDecision { .. });
    let unnecessary = step.unless.is_some_and(|unless| match unless {
        Unless::Acknowledged => facts.acknowledged,
        Unless::Claimed => facts.claimed,
        Unless::Assigned => facts.assigned,
    });
    let condition = step.when.as_ref().map(|_| facts.condition.as_ref());
    match condition {
        _ if !due.timed => Some(Why::Untimed),
        _ if decides && run.loop_no < escalation.loops => Some(Why::EarlierRound),
        _ if unnecessary => Some(Why::Unnecessary),
        Some(Some(Ok(false))) => Some(Why::ConditionFalse),
        Some(None | Some(Err(_))) if decides => Some(Why::ConditionFailed),
        _ => None,
    }
}

/// The run once its next step is behind it.
fn after(escalation: &Escalation, run: &Run, due: Due, step: &Step, done: bool) -> Run {
    let put_off = due.at.duration_since(due.planned_at);
    let round_started_at = run.round_started_at.checked_add(put_off).unwrap_or(run.round_started_at);
    let ended = done && matches!(step.action, Action::DefaultDecision { .. });
    let passed = Run { not_before: due.at, round_started_at, acknowledged_at: None, held: None, ended, ..run.clone() };
    if run.step + 1 < escalation.steps.len() {
        Run { step: run.step + 1, ..passed }
    } else {
        Run { loop_no: run.loop_no + 1, step: 0, round_started_at: due.at, ..passed }
    }
}

/// One line of what would happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// When.
    pub at: Timestamp,
    /// The round, from 1.
    pub loop_no: i64,
    /// The step, from 0.
    pub step: usize,
    /// What.
    pub action: Action,
    /// Under which condition, why not, or what it waited for.
    pub note: Option<String>,
}

/// What would happen, and when, if nobody did anything about a task whose escalation begins at `started_at`. Conditions are taken to hold, and named.
#[must_use]
pub fn dry_run(escalation: &Escalation, started_at: Timestamp, clock: &Clock<'_>) -> Vec<Planned> {
    let mut lines = Vec::new();
    let mut run = Run::begin(0, started_at);
    while let Some((due, step)) = next(escalation, &run, clock).zip(run.current(escalation)) {
        let opens_at = (clock.next_support_opening)(due.at);
        let facts = Facts {
            now: due.at,
            claimed: false,
            assigned: false,
            acknowledged: false,
            in_support_hours: opens_at == Some(due.at),
            support_opens_at: opens_at,
            condition: Some(Ok(true)),
        };
        let (fired, then) = fire(escalation, &run, due, &facts);
        let note = match fired {
            Fired::Held(_) => None,
            Fired::NotNow => break,
            Fired::Skipped(Why::Untimed) => Some("Passed over: there is nothing to measure its time by.".to_owned()),
            Fired::Skipped(_) => Some("Passed over: it decides in the last round only.".to_owned()),
            Fired::Do(_) => {
                let when = step.when.as_ref().map(|when| format!("If {when}."));
                let held = run.held.map(|_| format!("Held from {} until the support hours.", due.planned_at));
                Some([when, held].into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|note| !note.is_empty())
            }
        };
        if !matches!(fired, Fired::Held(_)) {
            lines.push(Planned { at: due.at, loop_no: due.loop_no, step: due.step, action: step.action.clone(), note });
        }
        run = then;
    }
    lines
}
