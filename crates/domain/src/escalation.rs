//! Escalation: what happens, step by step, when a task is not taken care of.
//!
//! An [`Escalation`] is what people write: steps in the order of time, repeated for some rounds. [`run`] is the runner: which step is due when, and what follows
//! when it fires. Times are counted from the beginning of a round. The first round begins with the escalation, every further one when the last step of
//! the round before was due.

use serde::{Deserialize, Serialize};

use crate::{condition::Condition, id::MemberId, queue::APPROVED, refusal::Places, task::Priority};

pub mod run;
#[cfg(test)]
mod tests;

/// Most steps of an escalation.
pub const MOST_STEPS: usize = 20;
/// Most rounds.
pub const MOST_LOOPS: i64 = 9;
/// Most targets of a step.
pub const MOST_TARGETS: usize = 20;
/// Longest time to a step or to the end of an acknowledgement: a year.
const MOST_MINUTES: i64 = 525_600;

/// When a step is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// So many minutes after the beginning of the round, 0–525600.
    ElapsedMinutes(i64),
    /// The same in business time of the queue's calendar.
    BusinessMinutes(i64),
    /// When this share of the time to the task's deadline has passed, 0–1000; 100 is the deadline.
    /// In later rounds the same length of time counts from the beginning of the round.
    SlaPercent(i64),
}

impl After {
    fn parts(self) -> (&'static str, i64, i64) {
        match self {
            Self::ElapsedMinutes(minutes) => ("elapsed_minutes", minutes, MOST_MINUTES),
            Self::BusinessMinutes(minutes) => ("business_minutes", minutes, MOST_MINUTES),
            Self::SlaPercent(percent) => ("sla_percent", percent, 1_000),
        }
    }
}

/// What makes a step unnecessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unless {
    /// Somebody has accepted the task.
    Acknowledged,
    /// Somebody holds the task.
    Claimed,
    /// The task is somebody's.
    Assigned,
}

/// Whom a step reaches.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// One member.
    Member(MemberId),
    /// Everybody in the group of this key.
    Group(String),
    /// Whoever is on call by the schedule of this key.
    Schedule(String),
    /// The lead of the queue.
    QueueLead,
}

/// Which of their notification rules people are reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Those for what is usual.
    #[default]
    Default,
    /// Those for what cannot wait.
    Important,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Tells people.
    Notify {
        /// Whom.
        targets: Vec<Target>,
        /// How.
        #[serde(default)]
        profile: Profile,
    },
    /// Takes the task from whom it is assigned to and offers it to others.
    Reassign {
        /// To whom.
        targets: Vec<Target>,
    },
    /// Asks one more reviewer.
    AddReviewer {
        /// Among whom.
        targets: Vec<Target>,
    },
    /// Makes the task more urgent; never less.
    RaisePriority {
        /// The least priority it then has.
        to: Priority,
    },
    /// Moves the task.
    MoveQueue {
        /// Key of the queue.
        queue: String,
    },
    /// Adds a stage that the workflow would have passed by.
    AddStage {
        /// Key of a stage whose condition did not hold, or of an extra stage.
        stage: String,
    },
    /// Ends the task with this result; stands last, and takes effect in the last round only.
    DefaultDecision {
        /// An option of the queue.
        result: String,
        /// Has to be true for `approved`: nobody will have looked at the task.
        #[serde(default)]
        i_accept_approval_without_review: bool,
    },
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When it is due.
    pub after: After,
    /// What makes it unnecessary.
    #[serde(default)]
    pub unless: Option<Unless>,
    /// CEL condition that has to hold when it is due. If it fails, the step is done, except a decision: a fault never decides.
    #[serde(default)]
    pub when: Option<String>,
    /// What it does.
    pub action: Action,
}

/// What happens when a task is not taken care of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Escalation {
    /// Its steps, 1–20, in the order of time.
    pub steps: Vec<Step>,
    /// How many rounds there are in all, 1–9.
    #[serde(default = "two")]
    pub loops: i64,
    /// Minutes after which an acknowledgement no longer holds the steps back, 1–525600. `None`: it holds them back for good.
    #[serde(default)]
    pub acknowledge_timeout_minutes: Option<i64>,
    /// Key of a calendar: outside its hours steps are held until it opens. `None`: at all hours.
    #[serde(default)]
    pub support_hours: Option<String>,
}

fn two() -> i64 {
    2
}

/// What there is in the organization, for checking what an escalation names.
#[expect(missing_debug_implementations, reason = "holds closures")]
pub struct Existing<'a> {
    /// Whether there is such an active member.
    pub member: &'a dyn Fn(MemberId) -> bool,
    /// Whether there is a group of this key.
    pub group: &'a dyn Fn(&str) -> bool,
    /// Whether there is a schedule of this key.
    pub schedule: &'a dyn Fn(&str) -> bool,
    /// Whether there is a queue of this key that takes tasks.
    pub queue: &'a dyn Fn(&str) -> bool,
    /// Whether there is a calendar of this key.
    pub calendar: &'a dyn Fn(&str) -> bool,
    /// Whether the workflow has a stage of this key that can be added.
    pub stage: &'a dyn Fn(&str) -> bool,
    /// Whether this can be the result of a task of the queue.
    pub result: &'a dyn Fn(&str) -> bool,
}

impl Escalation {
    /// Notes every wrong place below the pointer `at`.
    pub fn validate(&self, places: &mut Places, at: &str, existing: &Existing<'_>) {
        let steps = self.steps.len();
        places.require((1..=MOST_STEPS).contains(&steps), &format!("{at}/steps"), "An escalation has 1 to 20 steps.");
        places.require((1..=MOST_LOOPS).contains(&self.loops), &format!("{at}/loops"), "Must be from 1 to 9 rounds.");
        if let Some(minutes) = self.acknowledge_timeout_minutes {
            let pointer = format!("{at}/acknowledge_timeout_minutes");
            places.require((1..=MOST_MINUTES).contains(&minutes), &pointer, "Must be from 1 to 525600 minutes.");
        }
        if let Some(key) = self.support_hours.as_deref().filter(|key| !(existing.calendar)(key)) {
            places.add(format!("{at}/support_hours"), format!("There is no calendar '{key}'."));
        }
        self.check_order(places, at);
        for (i, step) in self.steps.iter().enumerate() {
            let at = format!("{at}/steps/{i}");
            if let Some(when) = &step.when {
                Condition::check(places, &format!("{at}/when"), when);
            }
            step.action.check(places, &format!("{at}/action"), existing);
            let decides = matches!(step.action, Action::DefaultDecision { .. });
            places.require(
                !decides || i + 1 == steps,
                &format!("{at}/action"),
                "A decision ends the escalation: it has to be the last step.",
            );
        }
    }

    /// Steps that are timed alike must be in order. Others are kept in order when they run: none is due before the one above it.
    fn check_order(&self, places: &mut Places, at: &str) {
        let mut latest: Vec<(&str, i64)> = Vec::new();
        for (i, step) in self.steps.iter().enumerate() {
            let (unit, amount, most) = step.after.parts();
            let pointer = format!("{at}/steps/{i}/after/{unit}");
            if !(0..=most).contains(&amount) {
                places.add(pointer, format!("Must be from 0 to {most}."));
                continue;
            }
            match latest.iter_mut().find(|(known, _)| *known == unit) {
                Some((_, before)) if amount < *before => places.add(pointer, "A step above is later: steps stand in the order of time."),
                Some((_, before)) => *before = amount,
                None => latest.push((unit, amount)),
            }
            let repeats_at_once = i == 0 && amount == 0 && self.loops > 1;
            let message = "With more than one round the first step waits: a round begins when the one before has ended.";
            places.require(!repeats_at_once, &format!("{at}/steps/{i}/after/{unit}"), message);
        }
    }
}

impl Action {
    fn check(&self, places: &mut Places, at: &str, existing: &Existing<'_>) {
        match self {
            Self::Notify { targets, .. } | Self::Reassign { targets } | Self::AddReviewer { targets } => {
                let pointer = format!("{at}/targets");
                places.require((1..=MOST_TARGETS).contains(&targets.len()), &pointer, "Needs 1 to 20 targets.");
                for (i, target) in targets.iter().enumerate() {
                    let pointer = format!("{pointer}/{i}");
                    if let Some(missing) = target.missing(existing) {
                        places.add(pointer, missing);
                    } else if targets.iter().take(i).any(|earlier| earlier == target) {
                        places.add(pointer, "This target is named twice.");
                    }
                }
            }
            Self::RaisePriority { to } => {
                places.require(*to != Priority::Low, &format!("{at}/to"), "No priority is below low: nothing would be raised.");
            }
            Self::MoveQueue { queue } if !(existing.queue)(queue) => {
                places.add(format!("{at}/queue"), format!("There is no queue '{queue}'."))
            }
            Self::AddStage { stage } if !(existing.stage)(stage) => {
                places.add(format!("{at}/stage"), format!("There is no stage '{stage}' that can be added."));
            }
            Self::DefaultDecision { result, i_accept_approval_without_review } => {
                if !(existing.result)(result) {
                    places.add(format!("{at}/result"), format!("The queue has no option '{result}'."));
                }
                let accepted = result != APPROVED || *i_accept_approval_without_review;
                let message = "This would approve tasks that nobody has looked at: it needs i_accept_approval_without_review.";
                places.require(accepted, &format!("{at}/result"), message);
            }
            _ => {}
        }
    }
}

impl Target {
    fn missing(&self, existing: &Existing<'_>) -> Option<String> {
        let (there, what) = match self {
            Self::Member(id) => ((existing.member)(*id), format!("member '{id}'")),
            Self::Group(key) => ((existing.group)(key), format!("group '{key}'")),
            Self::Schedule(key) => ((existing.schedule)(key), format!("schedule '{key}'")),
            Self::QueueLead => return None,
        };
        (!there).then(|| format!("There is no {what}."))
    }
}
