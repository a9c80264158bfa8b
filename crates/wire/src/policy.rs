//! Trying conditions on tasks, on the wire.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Object, Timestamp, task::Priority};

/// Evaluates conditions on tasks that are given, on the newest tasks of a queue, or on both. Nothing is changed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestPolicy {
    /// CEL conditions, as in a stage's `when`.
    #[schema(min_items = 1, max_items = 50)]
    pub conditions: Vec<String>,
    /// The queue that `queue` stands for in a condition. Without one, its `key` and `name` are empty and its `review_type` is `approval`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_key: Option<String>,
    /// How many of the queue's newest tasks to look at; 20 when neither this nor `tasks` is given. Belongs to `queue_key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 100)]
    pub newest: Option<i64>,
    /// Tasks to try.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub tasks: Vec<SampleTask>,
}

/// A task that is only tried.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleTask {
    /// Decides `sample(…)`; drawn anew each time when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The content.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub data: Object,
    /// Its background.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub context: Object,
    /// Filterable attributes.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub metadata: Object,
    /// One line for lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The submitter's own id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// How urgent it is; `normal` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The revision of its content; 1 when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    pub revision: Option<i64>,
    /// When it ought to be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Timestamp>,
    /// Who submitted it; the caller when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<SampleRequester>,
    /// For names in `first_use(…)`: whether the requester has not sent this value before. What is not named here is a fault.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub first_uses: BTreeMap<String, bool>,
}

/// Who is said to have submitted a task that is only tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleRequester {
    /// Their kind.
    pub kind: RequesterKind,
    /// Their id.
    #[schema(max_length = 255)]
    pub id: String,
    /// Their name.
    #[schema(max_length = 255)]
    pub name: String,
}

/// Who submits tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RequesterKind {
    /// A program.
    Agent,
    /// A person.
    Member,
}

/// What one condition says of the tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TestedCondition {
    /// The condition.
    pub condition: String,
    /// What it says of each task: first those that were given, then those of the queue, newest first.
    pub results: Vec<ConditionResult>,
}

/// What a condition says of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConditionResult {
    /// The place of the task in the request; null for a task of the queue.
    pub index: Option<i64>,
    /// The task of the queue; null for one that was given.
    pub task_id: Option<String>,
    /// What the condition says.
    pub answer: ConditionAnswer,
    /// Why there is no answer.
    pub fault: Option<String>,
}

/// What a condition can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConditionAnswer {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It has no answer. At a stage of people this opens the stage; a policy or a model is passed by, and people decide.
    Fault,
}
