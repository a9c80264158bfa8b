//! Batches on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, task::SubmitItem};

/// Many tasks for one queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitBatch {
    /// The queue.
    pub queue_key: String,
    /// The tasks.
    #[schema(min_items = 1, max_items = 1000)]
    pub tasks: Vec<SubmitItem>,
}

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemStatus {
    /// A new task.
    Created,
    /// The queue had a task of this external id.
    Existing,
    /// No task; `problem` says why.
    Refused,
}

/// Why an item was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemProblem {
    /// The code.
    pub code: String,
    /// What is wrong.
    pub detail: String,
    /// The wrong places: pointers into the item.
    pub pointers: Vec<String>,
}

/// One item of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchItem {
    /// Its place in the request, from 0.
    pub index: i64,
    /// What became of it.
    pub status: ItemStatus,
    /// The task.
    pub task_id: Option<String>,
    /// The submitter's own id.
    pub external_id: Option<String>,
    /// Why there is none.
    pub problem: Option<ItemProblem>,
}

/// A batch and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// The queue.
    pub queue_id: String,
    /// The queue's key.
    pub queue_key: String,
    /// Items in the request.
    pub total: i64,
    /// Tasks of it that are pending: those that came with it and those that were there already, each once.
    pub pending: i64,
    /// … that are open.
    pub queued: i64,
    /// … that are decided.
    pub reviewed: i64,
    /// … that were taken back.
    pub cancelled: i64,
    /// … that the clock ended.
    pub expired: i64,
    /// Items that were refused.
    pub refused: i64,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// What became of each item.
    pub items: Vec<BatchItem>,
}
