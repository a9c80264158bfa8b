//! Queues on the wire.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Timestamp, escalation::Escalation, nullable, routing::Routing, sla::Sla, workflow::Stage};

/// What a reviewer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewType {
    /// Says yes or no.
    Approval,
    /// Picks one category.
    Classification,
    /// Picks any number of labels.
    Labeling,
    /// Gives a number.
    Scoring,
    /// Picks among candidates that travel with the task.
    MultipleChoice,
    /// Edits the content.
    Augmentation,
}

/// Whether an agent waits for the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// A gate before the action.
    Before,
    /// Quality review of what was done.
    After,
}

/// When a reviewer has to say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackRequired {
    /// Never.
    Never,
    /// Always.
    Always,
    /// When nothing is selected.
    WhenEmpty,
    /// When an approval is refused.
    WhenRejected,
}

/// How a task finds its reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// Reviewers choose from the list, or somebody names one.
    Manual,
    /// Reviewers are given the next task.
    Pull,
    /// Whoever was assigned a task least recently.
    RoundRobin,
    /// Whoever has the largest share of their capacity to spare.
    LoadBalanced,
    /// Whoever has the skills that the queue asks for.
    SkillBased,
    /// Whoever reviewed the same thread last.
    Sticky,
    /// A model reviews before people.
    AiFirst,
    /// People review before a model.
    AiLast,
}

/// Something that can be selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewOption {
    /// What a result calls it.
    #[schema(min_length = 1, max_length = 64)]
    pub id: String,
    /// What people read.
    #[schema(min_length = 1, max_length = 120)]
    pub label: String,
    /// Its place in the list; its place in the request when left out.
    #[serde(default)]
    pub display_order: Option<i64>,
    /// When to choose it.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub description: Option<String>,
    /// `#rrggbb`.
    #[serde(default)]
    pub color: Option<String>,
    /// The key that selects it: one of `a`–`z`, `0`–`9`.
    #[serde(default)]
    pub hotkey: Option<String>,
}

/// The scale of a scoring queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Lowest score.
    pub min: f64,
    /// Highest score.
    pub max: f64,
    /// Distance between two scores.
    pub step: f64,
    /// What the lowest means.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub min_label: Option<String>,
    /// What the highest means.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub max_label: Option<String>,
}

/// A queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Queue {
    /// Its id.
    pub id: String,
    /// The tenant.
    pub organization_id: String,
    /// What programs call it.
    pub key: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether agents wait.
    pub timing: Timing,
    /// What a reviewer does.
    pub review_type: ReviewType,
    /// What can be selected.
    pub review_options: Vec<ReviewOption>,
    /// How many may be selected; null is any number.
    pub max_selections: Option<i64>,
    /// Whether something has to be selected.
    pub result_required: bool,
    /// When a reviewer has to say why.
    pub feedback_required: FeedbackRequired,
    /// How a task finds its reviewer.
    pub assignment: Assignment,
    /// Minutes until a task is due.
    pub sla_minutes: Option<i64>,
    /// The scale, for scoring.
    pub scale: Option<Scale>,
    /// Whether an approval may carry edits.
    pub allow_edits: bool,
    /// JSON Schema of a task's `data`.
    #[schema(value_type = Option<Object>)]
    pub data_schema: Option<Value>,
    /// JSON Schema of edited content.
    #[schema(value_type = Option<Object>)]
    pub edit_schema: Option<Value>,
    /// Markdown for reviewers.
    pub instructions: Option<String>,
    /// Text from which a task's summary is made.
    pub summary_template: Option<String>,
    /// Who may review; null is every member whose role may.
    pub reviewer_ids: Option<Vec<String>>,
    /// The steps to a decision: its own, or those that `assignment` stands for.
    pub stages: Vec<Stage>,
    /// What a task resolves to when no stage applies to it; null: people are asked all the same.
    pub otherwise: Option<Vec<String>>,
    /// How reviewers are found, beside `assignment`.
    pub routing: Routing,
    /// The times that it promises.
    pub sla: Option<Sla>,
    /// What happens when nobody takes care of a task.
    pub escalation: Option<Escalation>,
    /// Who leads it: told when something is wrong with it.
    pub lead_ids: Vec<String>,
    /// Whether a member may review what they submitted themself.
    pub allow_own_review: bool,
    /// Tasks that wait for a reviewer; 10000 stands for any number from there on. Null within a task.
    pub open_count: Option<i64>,
    /// Since when it takes no new tasks.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Makes a type of the parts of a queue that can be set, after the members that are given.
macro_rules! queue_parts {
    ($(#[$doc:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// What it is for.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<String>, max_length = 2000)]
            pub description: Option<Option<String>>,
            /// Whether agents wait.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub timing: Option<Timing>,
            /// What can be selected.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_items = 200)]
            pub review_options: Option<Vec<ReviewOption>>,
            /// How many may be selected; null is any number.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<i64>, minimum = 1, maximum = 200)]
            pub max_selections: Option<Option<i64>>,
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
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<i64>, minimum = 1, maximum = 525_600)]
            pub sla_minutes: Option<Option<i64>>,
            /// The scale, for scoring.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub scale: Option<Scale>,
            /// Whether an approval may carry edits.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub allow_edits: Option<bool>,
            /// JSON Schema 2020-12 of a task's `data`; local references only.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Object>)]
            pub data_schema: Option<Option<Value>>,
            /// JSON Schema 2020-12 of edited content; local references only.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Object>)]
            pub edit_schema: Option<Option<Value>>,
            /// Markdown for reviewers.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<String>, max_length = 20_000)]
            pub instructions: Option<Option<String>>,
            /// Text with `{data.path}`, `{context.path}`, `{metadata.path}`.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<String>, max_length = 500)]
            pub summary_template: Option<Option<String>>,
            /// Who may review; null is every member whose role may.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Vec<String>>, max_items = 1000)]
            pub reviewer_ids: Option<Option<Vec<String>>>,
            /// The steps to a decision; null or none are those that `assignment` stands for.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Vec<Stage>>, max_items = 10)]
            pub stages: Option<Option<Vec<Stage>>>,
            /// What a task resolves to when no stage applies to it; null: people are asked all the same.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Vec<String>>, max_items = 200)]
            pub otherwise: Option<Option<Vec<String>>>,
            /// How reviewers are found, beside `assignment`: replaced as a whole.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub routing: Option<Routing>,
            /// The times that it promises: replaced as a whole.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Sla>)]
            pub sla: Option<Option<Sla>>,
            /// What happens when nobody takes care of a task; null takes it away.
            #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
            #[schema(value_type = Option<Escalation>)]
            pub escalation: Option<Option<Escalation>>,
            /// Who leads it: told when something is wrong with it.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schema(max_items = 20)]
            pub lead_ids: Option<Vec<String>>,
            /// Whether a member may review what they submitted themself.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub allow_own_review: Option<bool>,
        }
    };
}

queue_parts! {
    /// Changes a queue: what is left out keeps its value, null takes a value away.
    ChangeQueue {
        /// What people call it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(min_length = 1, max_length = 120)]
        pub name: Option<String>,
    }
}

queue_parts! {
    /// Makes a queue: what is left out gets the default of the review type.
    CreateQueue {
        /// What programs call it: `[a-z0-9][a-z0-9_-]{0,62}`. Never changes.
        #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
        pub key: String,
        /// What a reviewer does. Never changes.
        pub review_type: ReviewType,
        /// What people call it.
        #[schema(min_length = 1, max_length = 120)]
        pub name: String,
    }
}

impl CreateQueue {
    /// Key, review type, and the rest.
    #[must_use]
    pub fn into_parts(self) -> (String, ReviewType, ChangeQueue) {
        let parts = ChangeQueue {
            name: Some(self.name),
            description: self.description,
            timing: self.timing,
            review_options: self.review_options,
            max_selections: self.max_selections,
            result_required: self.result_required,
            feedback_required: self.feedback_required,
            assignment: self.assignment,
            sla_minutes: self.sla_minutes,
            scale: self.scale,
            allow_edits: self.allow_edits,
            data_schema: self.data_schema,
            edit_schema: self.edit_schema,
            instructions: self.instructions,
            summary_template: self.summary_template,
            reviewer_ids: self.reviewer_ids,
            stages: self.stages,
            otherwise: self.otherwise,
            routing: self.routing,
            sla: self.sla,
            escalation: self.escalation,
            lead_ids: self.lead_ids,
            allow_own_review: self.allow_own_review,
        };
        (self.key, self.review_type, parts)
    }
}
