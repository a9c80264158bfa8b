//! The life of a task: its states, what may move it from one to another, and what it resolves to.

use serde::{Deserialize, Serialize};

use crate::{
    Code, Object, Refusal, Timestamp,
    actor::Actor,
    id::{BatchId, MemberId, OrganizationId, QueueId, TaskId},
    outcome::Outcome,
};

/// Where a task is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Accepted, not yet open to a reviewer.
    Pending,
    /// Open to reviewers.
    Queued,
    /// Decided, for good unless reopened.
    Reviewed,
    /// Taken back.
    Cancelled,
    /// Ended by the clock. Never a denial.
    Expired,
}

impl TaskState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Queued, Self::Reviewed, Self::Cancelled, Self::Expired];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Queued => "queued",
            Self::Reviewed => "reviewed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The state that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether nobody needs to wait any longer.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Reviewed | Self::Cancelled | Self::Expired)
    }
}

/// What may move a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// A people stage opens.
    Open,
    /// A reviewer takes, keeps or gives back the task, or is named for it.
    Hold,
    /// The stages have come to a decision.
    Decide,
    /// The agent sends new content.
    Revise,
    /// The agent or an administrator takes the task back.
    Cancel,
    /// The clock ends it.
    Expire,
    /// An administrator opens a decided task again.
    Reopen,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 7] = [Self::Open, Self::Hold, Self::Decide, Self::Revise, Self::Cancel, Self::Expire, Self::Reopen];

    fn verb(self) -> &'static str {
        match self {
            Self::Open => "opened",
            Self::Hold => "claimed or assigned",
            Self::Decide => "reviewed",
            Self::Revise => "revised",
            Self::Cancel => "cancelled",
            Self::Expire => "expired",
            Self::Reopen => "reopened",
        }
    }
}

/// The state that a move leads to.
///
/// # Errors
/// [`Code::AlreadyDecided`] when a review comes after the decision, else [`Code::IllegalTransition`].
pub fn transition(from: TaskState, by: Move) -> Result<TaskState, Refusal> {
    use TaskState::{Cancelled, Expired, Pending, Queued, Reviewed};
    match (from, by) {
        (Pending | Queued, Move::Open) => Ok(Queued),
        (Queued, Move::Hold) => Ok(Queued),
        (Pending | Queued, Move::Decide) => Ok(Reviewed),
        (Pending | Queued, Move::Revise) => Ok(Queued),
        (Pending | Queued, Move::Cancel) => Ok(Cancelled),
        (Pending | Queued, Move::Expire) => Ok(Expired),
        (Reviewed, Move::Reopen) => Ok(Queued),
        (Reviewed, Move::Decide | Move::Hold) => Err(Refusal::new(Code::AlreadyDecided, "The task was decided before.")),
        (from, by) => Err(Refusal::new(Code::IllegalTransition, format!("A task that is {} cannot be {}.", from.as_str(), by.verb()))),
    }
}

/// How urgent a task is. Urgent tasks come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
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

impl Priority {
    /// Every priority, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];

    /// The priority as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Urgent => "urgent",
        }
    }

    /// Place in the order of turns: 0 comes first.
    #[must_use]
    pub fn rank(self) -> i64 {
        3 - self as i64
    }

    /// The priority of a place in the order of turns.
    #[must_use]
    pub fn from_rank(rank: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|priority| priority.rank() == rank)
    }
}

/// One of the candidates that travel with a `multiple_choice` task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// What a result calls it; unique in the task.
    pub key: String,
    /// What people read.
    pub label: String,
    /// More about it.
    pub description: Option<String>,
    /// Its structured content.
    pub data: Option<Object>,
}

/// What is to be decided: one revision of a task's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The content to be reviewed.
    pub data: Object,
    /// Its background.
    pub context: Object,
    /// The candidates of a `multiple_choice` task.
    pub choices: Option<Vec<Choice>>,
}

/// A thing that was submitted for decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The queue.
    pub queue_id: QueueId,
    /// The queue's key.
    pub queue_key: String,
    /// The version of the queue it was submitted under.
    pub queue_version: i64,
    /// The batch it came with.
    pub batch_id: Option<BatchId>,
    /// The submitter's own id, unique in the queue.
    pub external_id: Option<String>,
    /// Where it is in its life.
    pub state: TaskState,
    /// Counts the revisions of its content, from 1.
    pub revision: i64,
    /// The stage that it is at, from 0.
    pub stage: i64,
    /// How many reviews the stage still wants at the same time.
    pub wanted: i64,
    /// Whom the stage asks, as [`crate::hold::audience`] writes it; empty is whoever the queue lets review.
    pub audience: String,
    /// Since when the stage is open.
    pub opened_at: Option<Timestamp>,
    /// How urgent it is.
    pub priority: Priority,
    /// Filterable attributes.
    pub metadata: Object,
    /// One line for lists.
    pub summary: Option<String>,
    /// Overrides the queue's limit, for `multiple_choice`.
    pub max_selections: Option<i64>,
    /// When it ought to be decided.
    pub deadline: Option<Timestamp>,
    /// Whose task it is.
    pub assignee_id: Option<MemberId>,
    /// Who submitted it.
    pub created_by: Actor,
    /// What it resolved to.
    pub outcome: Option<Outcome>,
    /// When it was decided.
    pub reviewed_at: Option<Timestamp>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// When anything about it changed last.
    pub updated_at: Timestamp,
}

impl Task {
    /// # Errors
    /// [`Code::StaleRevision`] unless `revision` is the task's.
    pub fn expect_revision(&self, revision: i64) -> Result<(), Refusal> {
        if revision == self.revision {
            return Ok(());
        }
        Err(Refusal::at(
            Code::StaleRevision,
            "If-Match",
            format!("The task is at revision {}, the request is for {revision}.", self.revision),
        )
        .hint("Read the task again and decide on what it is now."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, written out: every state against every move.
    #[test]
    fn the_legal_moves_are_exactly_these() {
        use Move::{Cancel, Decide, Expire, Hold, Open, Reopen, Revise};
        use TaskState::{Cancelled, Expired, Pending, Queued, Reviewed};
        let legal = [
            (Pending, Open, Queued),
            (Pending, Decide, Reviewed),
            (Pending, Revise, Queued),
            (Pending, Cancel, Cancelled),
            (Pending, Expire, Expired),
            (Queued, Open, Queued),
            (Queued, Hold, Queued),
            (Queued, Decide, Reviewed),
            (Queued, Revise, Queued),
            (Queued, Cancel, Cancelled),
            (Queued, Expire, Expired),
            (Reviewed, Reopen, Queued),
        ];
        for from in TaskState::ALL {
            for by in Move::ALL {
                let expected = legal.iter().find(|row| row.0 == from && row.1 == by).map(|row| row.2);
                assert_eq!(transition(from, by).ok(), expected, "{from:?} by {by:?}");
            }
        }
    }

    #[test]
    fn a_second_decision_is_told_apart_from_an_impossible_one() {
        assert_eq!(transition(TaskState::Reviewed, Move::Decide).unwrap_err().code, Code::AlreadyDecided);
        assert_eq!(transition(TaskState::Cancelled, Move::Decide).unwrap_err().code, Code::IllegalTransition);
    }

    #[test]
    fn ranks_put_urgent_first_and_are_reversible() {
        assert_eq!(Priority::Urgent.rank(), 0);
        for priority in Priority::ALL {
            assert_eq!(Priority::from_rank(priority.rank()), Some(priority));
        }
    }
}
