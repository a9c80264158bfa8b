//! Reviews on the wire.

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Object, Timestamp};

/// A result, typed by the review type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReviewValue {
    /// Yes or no.
    Approval {
        /// Whether the action may go ahead.
        approved: bool,
    },
    /// One category, or none.
    Classification {
        /// Its id.
        #[serde(default)]
        option: Option<String>,
    },
    /// Any number of labels.
    Labeling {
        /// Their ids.
        labels: Vec<String>,
    },
    /// A number on the queue's scale, or none.
    Scoring {
        /// The score.
        #[serde(default)]
        score: Option<f64>,
    },
    /// Candidates of the task.
    MultipleChoice {
        /// Their keys.
        choices: Vec<String>,
    },
    /// Edited content.
    Augmentation {
        /// Whether anything was changed.
        edited: bool,
    },
}

/// Reads a value from an object only. What serde derives would take an array of the members as well.
fn value<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ReviewValue>, D::Error> {
    let members = Option::<Object>::deserialize(from)?;
    members.map(|members| serde_json::from_value(Value::Object(members)).map_err(D::Error::custom)).transpose()
}

/// A reviewer's answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitReview {
    /// The selection.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub result: Option<Vec<String>>,
    /// The same, typed; one of the two is enough.
    #[serde(default, deserialize_with = "value")]
    pub value: Option<ReviewValue>,
    /// The content as edited.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Object>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub feedback: Option<String>,
    /// The lease, when one is held.
    #[serde(default)]
    pub lease_id: Option<String>,
    /// Keep the review when it comes too late to count, as `surplus`, instead of refusing it; needs `lease_id`.
    #[serde(default)]
    pub keep_late: bool,
}

/// What kind of reviewer reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewerType {
    /// A person.
    Human,
    /// A model.
    Ai,
    /// A rule of the queue.
    Policy,
}

/// Who reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reviewer {
    /// The member; `policy` for a rule of the queue.
    pub id: String,
    /// Their name at the time.
    pub name: String,
    /// `human`, `ai` or `policy`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// One reviewer's submitted result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Review {
    /// Its id.
    pub id: String,
    /// The task.
    pub task_id: String,
    /// The queue.
    pub queue_id: String,
    /// The queue's key.
    pub queue_key: String,
    /// The stage it was given at, from 0.
    pub stage: i64,
    /// The revision it is about.
    pub revision: i64,
    /// Who gave it.
    pub reviewer_id: String,
    /// Who gave it.
    pub reviewer: Reviewer,
    /// The selection.
    pub result: Vec<String>,
    /// The same, typed.
    pub value: ReviewValue,
    /// The content as edited; empty when it was not.
    #[schema(value_type = Object)]
    pub data: Object,
    /// RFC 6902 difference from the task's `data` to the edited content.
    #[schema(value_type = Option<Vec<Object>>)]
    pub patch: Option<Value>,
    /// Why.
    pub feedback: Option<String>,
    /// Since when it no longer counts: the task was revised or reopened.
    pub voided_at: Option<Timestamp>,
    /// It came when the stage wanted no more reviews: kept, and not counted.
    pub surplus: bool,
    /// For whom the reviewer acted.
    pub on_behalf_of: Option<String>,
    /// When it was given.
    pub created_at: Timestamp,
}
