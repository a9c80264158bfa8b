//! Queues and members as code, on the wire.

mod resources;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

pub use resources::{CalendarDocument, GroupDocument, OverrideDocument, ScheduleDocument};

use crate::{
    escalation::Escalation,
    queue::{Assignment, FeedbackRequired, ReviewOption, ReviewType, Scale, Timing},
    routing::Routing,
    sla::Sla,
    workflow::Stage,
};

/// What an organization is made of.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Its calendars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub calendars: Vec<CalendarDocument>,
    /// Its groups of members.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub groups: Vec<GroupDocument>,
    /// Its on-call schedules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub schedules: Vec<ScheduleDocument>,
    /// Its queues.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub queues: Vec<QueueDocument>,
    /// Its members.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub members: Vec<MemberDocument>,
}

/// A queue as code; what is left out gets the default of the review type. Members are named by e-mail address, also where its settings have ids elsewhere:
/// `member_ids` of a stage's reviewers, `excluded_member_ids` of the routing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueDocument {
    /// What programs call it.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub key: String,
    /// What people call it.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What a reviewer does.
    pub review_type: ReviewType,
    /// Whether agents wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// What can be selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_options: Option<Vec<ReviewOption>>,
    /// How many may be selected; 0 is any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 200)]
    pub max_selections: Option<i64>,
    /// Whether something has to be selected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_required: Option<bool>,
    /// When a reviewer has to say why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_required: Option<FeedbackRequired>,
    /// How a task finds its reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<Assignment>,
    /// Minutes until a task is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_minutes: Option<i64>,
    /// The scale, for scoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// Whether an approval may carry edits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_edits: Option<bool>,
    /// JSON Schema of a task's `data`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub data_schema: Option<Value>,
    /// JSON Schema of edited content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub edit_schema: Option<Value>,
    /// Markdown for reviewers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Text from which a task's summary is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary_template: Option<String>,
    /// Who may review, by e-mail address; every member whose role may, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    pub reviewers: Option<Vec<String>>,
    /// The steps to a decision; those that `assignment` stands for, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 10)]
    pub stages: Option<Vec<Stage>>,
    /// What a task resolves to when no stage applies to it; people are asked all the same, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 200)]
    pub otherwise: Option<Vec<String>>,
    /// How reviewers are found, beside `assignment`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
    /// The times that it promises.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla: Option<Sla>,
    /// What happens when nobody takes care of a task; its targets name members by e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<Escalation>,
    /// Who leads it, by e-mail address: told when something is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 20)]
    pub leads: Option<Vec<String>>,
    /// Whether a member may review what they submitted themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_own_review: Option<bool>,
}

/// A member as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberDocument {
    /// Their address.
    #[schema(max_length = 254)]
    pub email: String,
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their role: `owner`, `admin`, `reviewer`, `auditor`.
    #[schema(value_type = crate::people::Role)]
    pub role: String,
}

/// Makes the organization what the document says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// What is to be.
    pub document: Document,
    /// Only say what would change.
    #[serde(default)]
    pub dry_run: bool,
}

/// What applying does to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Made it.
    Created,
    /// Changed it.
    Updated,
    /// Found it as it is to be.
    Unchanged,
    /// Invited a member.
    Invited,
}

/// One thing that applying changed, or would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// To what: `queue/outbound-email`, `member/ann@example.com`.
    pub to: String,
    /// Which parts of it.
    pub parts: Vec<String>,
    /// The invitation link, when somebody was invited: shown once.
    pub link: Option<String>,
}
