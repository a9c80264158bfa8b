//! Tasks on the wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Object, Timestamp, nullable, queue::Queue, review::Review};

/// How urgent a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// After everything else.
    Low,
    /// As usual.
    #[default]
    Normal,
    /// Before what is usual.
    High,
    /// Before everything else.
    Urgent,
}

/// Where a task is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Accepted, not yet open to a reviewer.
    Pending,
    /// Open to reviewers.
    Queued,
    /// Decided.
    Reviewed,
    /// Taken back.
    Cancelled,
    /// Ended by the clock.
    Expired,
}

/// The order of a list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskOrder {
    /// Newest first.
    #[default]
    CreatedDesc,
    /// Whose turn it is: by priority, deadline and age.
    Turn,
}

/// A candidate of a `multiple_choice` task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What a result calls it; unique in the task.
    #[schema(min_length = 1, max_length = 255)]
    pub key: String,
    /// What people read.
    #[schema(min_length = 1, max_length = 255)]
    pub label: String,
    /// More about it.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: Option<String>,
    /// Its structured content.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Object>,
}

/// Makes a type of what an agent submits, after the members that are given.
macro_rules! submission {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// The content to be reviewed.
            #[schema(value_type = Object)]
            pub data: Object,
            /// Its background.
            #[serde(default)]
            #[schema(value_type = Option<Object>)]
            pub context: Option<Object>,
            /// Filterable attributes: text, numbers, true, false, null.
            #[serde(default)]
            #[schema(value_type = Option<Object>)]
            pub metadata: Option<Object>,
            /// One line for lists; else made from the queue's template.
            #[serde(default)]
            #[schema(min_length = 1, max_length = 255)]
            pub summary: Option<String>,
            /// The submitter's own id, unique in the queue. The same content again is answered with the first task, other content is refused.
            #[serde(default)]
            #[schema(min_length = 1, max_length = 255)]
            pub external_id: Option<String>,
            /// The candidates, for `multiple_choice`.
            #[serde(default)]
            #[schema(min_items = 1, max_items = 100)]
            pub choices: Option<Vec<Choice>>,
            /// Overrides the queue's limit, for `multiple_choice`.
            #[serde(default)]
            #[schema(minimum = 1, maximum = 200)]
            pub max_selections: Option<i64>,
            /// How urgent it is.
            #[serde(default)]
            pub priority: Option<Priority>,
            /// When it ought to be decided. Not together with `sla_minutes`.
            #[serde(default)]
            pub deadline: Option<Timestamp>,
            /// Minutes until it ought to be decided.
            #[serde(default)]
            #[schema(minimum = 1, maximum = 525_600)]
            pub sla_minutes: Option<i64>,
            /// A reviewer of the queue.
            #[serde(default)]
            pub assignee_id: Option<String>,
        }
    };
}

submission! {
    /// A task as an agent submits it, without its queue: an item of a batch.
    SubmitItem {}
}

submission! {
    /// A task as an agent submits it.
    SubmitTask {
        /// The queue.
        pub queue_key: String,
    }
}

impl SubmitTask {
    /// The queue's key and the rest.
    #[must_use]
    pub fn into_parts(self) -> (String, SubmitItem) {
        let item = SubmitItem {
            data: self.data,
            context: self.context,
            metadata: self.metadata,
            summary: self.summary,
            external_id: self.external_id,
            choices: self.choices,
            max_selections: self.max_selections,
            priority: self.priority,
            deadline: self.deadline,
            sla_minutes: self.sla_minutes,
            assignee_id: self.assignee_id,
        };
        (self.queue_key, item)
    }
}

/// New content for a task; what is left out stays as it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseTask {
    /// The content to be reviewed.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Object>,
    /// Its background.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub context: Option<Object>,
    /// Filterable attributes.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub metadata: Option<Object>,
    /// One line for lists.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 255)]
    pub summary: Option<String>,
    /// The candidates.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 100)]
    pub choices: Option<Vec<Choice>>,
}

/// Takes a task back.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelTask {
    /// Why.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// Opens a decided task again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenTask {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Decides a task whatever its stages still want.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideTask {
    /// The selection.
    #[schema(max_items = 200)]
    pub result: Vec<String>,
    /// The content as edited.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Object>,
    /// Why; required.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// Names a reviewer for a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignTask {
    /// The member, or null for nobody.
    #[serde(deserialize_with = "nullable::given")]
    #[schema(required)]
    pub assignee_id: Option<String>,
}

/// Asks for the next task.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimNext {
    /// Only from this queue.
    #[serde(default)]
    pub queue_key: Option<String>,
}

/// Names a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldLease {
    /// The lease.
    pub lease_id: String,
}

/// Declines a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipTask {
    /// Why.
    #[schema(min_length = 1, max_length = 1000)]
    pub reason: String,
    /// The lease, when one is held.
    #[serde(default)]
    pub lease_id: Option<String>,
}

/// Says something beside a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateComment {
    /// Markdown.
    #[schema(min_length = 1, max_length = 10_000)]
    pub body: String,
    /// Asks the requester: the task's clocks stand still until it answers with a comment or a revision. For reviewers.
    #[serde(default)]
    pub asks: bool,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Actor {
    /// `member`, `agent` or `system`.
    pub kind: String,
    /// `mem_…`, `key_…` or `system`.
    pub id: String,
    /// Their name at the time.
    pub name: Option<String>,
}

/// A comment on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Comment {
    /// Its id.
    pub id: String,
    /// The task.
    pub task_id: String,
    /// Who wrote it.
    pub author: Actor,
    /// Markdown.
    pub body: String,
    /// When.
    pub created_at: Timestamp,
}

/// The right of one reviewer to review a task now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Lease {
    /// Its id.
    pub id: String,
    /// Who holds it.
    pub member_id: String,
    /// Their name.
    pub member_name: String,
    /// When it ends unless renewed.
    pub expires_at: Timestamp,
}

/// A lease that was taken, and its task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// The lease.
    pub lease: Lease,
    /// The task.
    pub task: Task,
}

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// By reviews.
    Decided,
    /// Taken back.
    Cancelled,
    /// By the clock. Not a denial.
    Expired,
}

/// What a task resolved to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Outcome {
    /// How it ended.
    pub kind: OutcomeKind,
    /// The deciding selection; empty unless decided.
    pub result: Vec<String>,
    /// The same, typed.
    #[schema(value_type = Option<Object>)]
    pub value: Option<Value>,
    /// The content as edited, when it was.
    #[schema(value_type = Option<Object>)]
    pub data: Option<Object>,
    /// The rule that resolved it.
    pub rule: String,
    /// When.
    pub at: Timestamp,
    /// The reason that was given.
    pub reason: Option<String>,
    /// Share of the reviews that gave the result, from 0 to 1, where several were asked.
    pub agreement: Option<f64>,
    /// Probability of the result, where the rule weighs reviews.
    pub posterior: Option<f64>,
    /// Who reviewed otherwise.
    pub dissenter_ids: Vec<String>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// The queue.
    pub queue_id: String,
    /// The queue's key.
    pub queue_key: String,
    /// The version of the queue it was submitted under.
    pub queue_version: i64,
    /// The batch it came with.
    pub batch_id: Option<String>,
    /// The submitter's own id.
    pub external_id: Option<String>,
    /// Where it is in its life.
    pub state: TaskState,
    /// Counts the revisions of its content, from 1.
    pub revision: i64,
    /// The stage that it is at, from 0.
    pub stage: i64,
    /// How many reviews the stage still wants at the same time.
    pub wanted: i64,
    /// How urgent it is.
    pub priority: Priority,
    /// The content to be reviewed.
    #[schema(value_type = Object)]
    pub data: Object,
    /// Its background.
    #[schema(value_type = Object)]
    pub context: Object,
    /// Filterable attributes.
    #[schema(value_type = Object)]
    pub metadata: Object,
    /// The candidates.
    pub choices: Option<Vec<Choice>>,
    /// Overrides the queue's limit.
    pub max_selections: Option<i64>,
    /// One line for lists.
    pub summary: Option<String>,
    /// When it ought to be decided.
    pub sla_deadline: Option<Timestamp>,
    /// Whose task it is.
    pub assignee_id: Option<String>,
    /// Who submitted it.
    pub created_by: Actor,
    /// What it resolved to; null while it is open.
    pub outcome: Option<Outcome>,
    /// When it was decided.
    pub reviewed_at: Option<Timestamp>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
    /// The queue as it was when the task was submitted; null in lists.
    pub queue: Option<Queue>,
    /// Its reviews, oldest first; null in lists.
    pub reviews: Option<Vec<Review>>,
    /// Who holds it now.
    pub lease: Option<Lease>,
}

/// What a poller wants to know of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaskStatus {
    /// Where it is in its life.
    pub state: TaskState,
    /// When it was decided.
    pub reviewed_at: Option<Timestamp>,
    /// The revision of its content.
    pub revision: i64,
}
