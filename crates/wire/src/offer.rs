//! Offers, and why a task went to whom, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, task::Priority};

/// A task that a reviewer is asked to take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Offer {
    /// Its id.
    pub id: String,
    /// The task.
    pub task_id: String,
    /// The queue of the task.
    pub queue_key: String,
    /// What the task is about.
    pub summary: Option<String>,
    /// How urgent the task is.
    pub priority: Priority,
    /// When the task is due.
    pub sla_deadline: Option<Timestamp>,
    /// For whom the reviewer would act; null is for themself.
    pub on_behalf_of: Option<String>,
    /// The strategy that chose the reviewer.
    pub strategy: String,
    /// Since when it stands.
    pub offered_at: Timestamp,
    /// Until when it stands.
    pub expires_at: Timestamp,
}

/// Does not take an offered task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineOffer {
    /// Why.
    #[schema(min_length = 1, max_length = 2000)]
    pub reason: String,
}

/// How a task finds its reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Reviewers choose from the list, or somebody names one.
    Manual,
    /// Reviewers are given the next task when they ask.
    Pull,
    /// Whoever was assigned a task least recently.
    RoundRobin,
    /// Whoever has the largest share of their capacity to spare.
    LoadBalanced,
    /// Whoever has the skills.
    SkillBased,
    /// Whoever reviewed the same thread last.
    Sticky,
}

/// Something that keeps a member from being given a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// They can log in.
    Enabled,
    /// They are online.
    Presence,
    /// It is within their working hours, and they are not absent.
    Hours,
    /// Role and queue let them review.
    Access,
    /// They have every skill that is still needed.
    Skills,
    /// They have room for the weight of the task.
    Capacity,
    /// They have not had all their tasks of today.
    DailyLimit,
    /// They did not ask for the task themself.
    Requester,
    /// They did not review an earlier stage of it.
    EarlierStage,
    /// They have not reviewed it at this stage.
    Voted,
    /// No other membership of the same person has a part in it.
    SamePerson,
    /// They did not decline it, or let an offer of it pass.
    Declined,
    /// They are not excluded.
    Excluded,
    /// They do not have it already.
    Holds,
}

/// How many were left after a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Left {
    /// The filter.
    pub filter: Filter,
    /// How many passed it, and all before.
    pub left: usize,
}

/// Why nobody was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Nobody {
    /// There was nobody to choose from.
    NoCandidates,
    /// Nobody was left after this filter, somebody before it.
    EmptiedBy {
        /// Which.
        filter: Filter,
    },
    /// There is somebody, but the strategy leaves it to people.
    LeftToPeople,
}

/// What set the chosen one apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Score {
    /// Was assigned a task least recently.
    LeastRecent {
        /// When; null is never.
        last_assigned_at: Option<Timestamp>,
    },
    /// Had the largest share of capacity to spare.
    SpareShare {
        /// Units to spare, before this task.
        spare_units: i64,
        /// Of so many.
        capacity_units: i64,
    },
    /// Reviewed the thread last.
    SameThread {
        /// When.
        reviewed_at: Timestamp,
    },
}

/// The account of a decision: why this one, or why nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    /// How many were looked at.
    pub candidates: usize,
    /// How many were left after each filter, in the order of the filters.
    pub left: Vec<Left>,
    /// By which strategy.
    pub strategy: Strategy,
    /// What set the chosen one apart.
    pub score: Option<Score>,
    /// The skills that were no longer needed, in the order in which they were dropped.
    pub dropped_skills: Vec<String>,
    /// Why nobody was chosen.
    pub reason: Option<Nobody>,
}

/// What was decided when reviewers were last looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LastDecision {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub explanation: Explanation,
}

/// How one member stands to a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Candidate {
    /// Who.
    pub member_id: String,
    /// What they are called.
    pub name: String,
    /// The first filter that they do not pass; null: they are eligible.
    pub stopped_by: Option<Filter>,
    /// The same in a sentence.
    pub why: Option<String>,
}

/// The account of a task's assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssignmentAccount {
    /// What was decided when reviewers were last looked for at the task's stage; null when they never were.
    pub last: Option<LastDecision>,
    /// What would be decided now; null when the task is not open.
    pub now: Option<Explanation>,
    /// Who would be chosen now.
    pub would_choose: Option<String>,
    /// How everybody stands to the task now, a thousand at the most.
    pub members: Vec<Candidate>,
}
