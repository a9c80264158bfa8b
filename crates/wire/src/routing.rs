//! How reviewers are found, on the wire: what stands beside a queue's `assignment`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::workflow::yes;

/// How a queue's tasks find their reviewers, beside `assignment`. What is left out has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Routing {
    /// How `skill_based` chooses among those who have the skills.
    pub then: Ranking,
    /// How long `sticky` remembers who reviewed a thread, in seconds.
    #[schema(minimum = 1, maximum = 2_592_000, default = 3_600)]
    pub sticky_seconds: i64,
    /// How long an offer stands, in seconds.
    #[schema(minimum = 10, maximum = 604_800, default = 120)]
    pub offer_timeout_seconds: i64,
    /// After how many minutes of waiting a task gains one step of priority; null is never.
    #[schema(minimum = 1, maximum = 525_600)]
    pub ageing_minutes: Option<i64>,
    /// What a reviewer needs to be able to do, whatever the assignment.
    #[schema(max_items = 20)]
    pub skills: Vec<SkillRequirement>,
    /// Units of capacity that a task takes.
    #[schema(minimum = 1, maximum = 1_000, default = 1)]
    pub weight: i64,
    /// The key of the queue whose reviewers help out.
    pub overflow_queue: Option<String>,
    /// After how many minutes of waiting they do. Belongs to `overflow_queue`.
    #[schema(minimum = 1, maximum = 525_600)]
    pub overflow_after_minutes: Option<i64>,
    /// Who is never given a task of the queue.
    #[schema(max_items = 1000)]
    pub excluded_member_ids: Vec<String>,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            then: Ranking::default(),
            sticky_seconds: 3_600,
            offer_timeout_seconds: 120,
            ageing_minutes: None,
            skills: Vec::new(),
            weight: 1,
            overflow_queue: None,
            overflow_after_minutes: None,
            excluded_member_ids: Vec::new(),
        }
    }
}

/// How one of several eligible reviewers is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// Whoever was assigned a task least recently.
    RoundRobin,
    /// Whoever has the largest share of their capacity to spare.
    #[default]
    LoadBalanced,
}

/// What a reviewer of a task needs to be able to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillRequirement {
    /// The key of the skill.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub skill: String,
    /// The least level.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    pub min_level: i64,
    /// Whether it stays needed however long the task waits.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub mandatory: bool,
    /// After how many seconds at the stage it is no longer needed. Belongs to skills that are not mandatory, and to them alone.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 2_592_000)]
    pub drop_after_seconds: Option<i64>,
}
