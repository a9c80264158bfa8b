//! Tasks that were submitted together.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Timestamp,
    id::{BatchId, OrganizationId, QueueId, TaskId},
    task::TaskState,
};

/// Most tasks of a batch.
pub const MOST: usize = 1_000;

/// Tasks that were submitted together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The queue of all its tasks.
    pub queue_id: QueueId,
    /// The queue's key.
    pub queue_key: String,
    /// What became of each item, in the order of the request.
    pub items: Vec<Item>,
    /// When it was submitted.
    pub created_at: Timestamp,
}

/// What became of one item of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The item's own id for it.
    pub external_id: Option<String>,
    /// The task, or why there is none.
    pub result: ItemResult,
}

/// What became of one item when the batch was submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum ItemResult {
    /// A new task.
    Created {
        /// Its id.
        task_id: TaskId,
    },
    /// The queue had a task of this external id.
    Existing {
        /// Its id.
        task_id: TaskId,
    },
    /// No task.
    Refused {
        /// The code of the refusal.
        code: String,
        /// What is wrong.
        detail: String,
        /// Where: pointers into the item.
        pointers: Vec<String>,
    },
}

impl ItemResult {
    /// The item was refused.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Self {
        Self::Refused {
            code: refusal.code.as_str().into(),
            detail: refusal.detail.clone(),
            pointers: refusal.places.iter().map(|place| place.pointer.clone()).collect(),
        }
    }

    /// The task, if there is one.
    #[must_use]
    pub fn task_id(&self) -> Option<TaskId> {
        match self {
            Self::Created { task_id } | Self::Existing { task_id } => Some(*task_id),
            Self::Refused { .. } => None,
        }
    }
}

/// How far a batch has come: how many of its tasks are in each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    counts: [i64; TaskState::ALL.len()],
}

impl Progress {
    /// Adds `count` tasks in `state`.
    pub fn add(&mut self, state: TaskState, count: i64) {
        self.counts[state as usize] += count;
    }

    /// How many are in `state`.
    #[must_use]
    pub fn of(&self, state: TaskState) -> i64 {
        self.counts[state as usize]
    }

    /// Whether no task of it is open.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        TaskState::ALL.into_iter().all(|state| state.is_settled() || self.of(state) == 0)
    }
}
