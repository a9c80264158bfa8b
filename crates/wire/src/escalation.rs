//! What happens when nobody takes care of a task, on the wire: the setting, and its dry run.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, tagged, task::Priority};

/// What happens when nobody takes care of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Its steps, in the order of time.
    #[schema(min_items = 1, max_items = 20)]
    pub steps: Vec<EscalationStep>,
    /// How many rounds there are in all.
    #[serde(default = "two")]
    #[schema(minimum = 1, maximum = 9, default = 2)]
    pub loops: i64,
    /// Minutes after which an acknowledgement no longer holds the steps back; null is for good.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 525_600)]
    pub acknowledge_timeout_minutes: Option<i64>,
    /// Key of a calendar: outside its hours steps are held until it opens; null is at all hours.
    #[serde(default)]
    pub support_hours: Option<String>,
}

fn two() -> i64 {
    2
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EscalationStep {
    /// When it is due.
    pub after: EscalationAfter,
    /// What makes it unnecessary.
    #[serde(default)]
    pub unless: Option<EscalationUnless>,
    /// CEL condition that has to hold when it is due. If it fails the step is done, except a decision.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub when: Option<String>,
    /// What it does.
    #[serde(deserialize_with = "tagged::read")]
    pub action: EscalationAction,
}

/// When a step is due, from the beginning of the round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationAfter {
    /// So many minutes, 0–525600.
    ElapsedMinutes(i64),
    /// So many minutes of business time of the calendar of the queue's SLA.
    BusinessMinutes(i64),
    /// This share of the time to the task's deadline, 0–1000; 100 is the deadline.
    SlaPercent(i64),
}

/// What makes a step unnecessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationUnless {
    /// Somebody has accepted the task.
    Acknowledged,
    /// Somebody holds the task.
    Claimed,
    /// The task is somebody's.
    Assigned,
}

/// Whom a step reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationTarget {
    /// One member: their id, and in a document their e-mail address.
    Member(String),
    /// Everybody in the group of this key.
    Group(String),
    /// Whoever is on call by the schedule of this key.
    Schedule(String),
    /// The leads of the queue; without any, its administrators.
    QueueLead,
}

/// Which of their notification rules people are reached by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EscalationProfile {
    /// Those for what is usual.
    #[default]
    Default,
    /// Those for what cannot wait.
    Important,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum EscalationAction {
    /// Tells people.
    Notify {
        /// Whom.
        #[schema(min_items = 1, max_items = 20)]
        targets: Vec<EscalationTarget>,
        /// How.
        #[serde(default)]
        profile: EscalationProfile,
    },
    /// Takes the task from whom it is assigned to and gives it to one of others.
    Reassign {
        /// Among whom.
        #[schema(min_items = 1, max_items = 20)]
        targets: Vec<EscalationTarget>,
    },
    /// Asks one more reviewer.
    AddReviewer {
        /// Among whom.
        #[schema(min_items = 1, max_items = 20)]
        targets: Vec<EscalationTarget>,
    },
    /// Makes the task more urgent; never less.
    RaisePriority {
        /// The least priority it then has.
        to: Priority,
    },
    /// Moves the task, which starts anew there.
    MoveQueue {
        /// Key of a queue of the same review type.
        queue: String,
    },
    /// Opens a stage that the workflow would have passed by, in place of the one that is open.
    AddStage {
        /// Its key.
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

/// Asks what an escalation would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DryRunEscalation {
    /// The queue.
    pub queue_key: String,
    /// An escalation to try, in place of that of the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// When the task would be submitted; now when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Timestamp>,
    /// When it would be due; as the queue says when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
}

/// One line of what would happen if nobody did anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlannedStep {
    /// When.
    pub at: Timestamp,
    /// The round, from 1.
    #[serde(rename = "loop")]
    pub loop_no: i64,
    /// The step, from 0.
    pub step: i64,
    /// What.
    pub action: EscalationAction,
    /// Under which condition, why not, or what it waited for.
    pub note: Option<String>,
}
