//! Offers: a task put before one reviewer until they answer or the time is over; the slots of a stage; and what comes too late.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    Code, Refusal, Timestamp,
    id::{MemberId, OfferId, TaskId},
};

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Waits for an answer.
    Offered,
    /// Taken: an assignment was made.
    Accepted,
    /// Not taken.
    Declined,
    /// Not answered in time.
    Expired,
    /// Taken back.
    Revoked,
}

impl OfferState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Offered, Self::Accepted, Self::Declined, Self::Expired, Self::Revoked];

    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }

    /// The state that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What may move an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OfferMove {
    /// The reviewer takes it.
    Accept,
    /// The reviewer does not.
    Decline,
    /// Its time is over.
    Expire,
    /// The task was settled, revised or given to another.
    Revoke,
}

impl OfferMove {
    /// Every move.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Decline, Self::Expire, Self::Revoke];

    fn verb(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Expire => "expired",
            Self::Revoke => "revoked",
        }
    }
}

/// The state that a move leads to. Every answer is final: whoever declined can be offered the task again only by a new offer.
///
/// # Errors
/// [`Code::IllegalTransition`] unless the offer waits for an answer.
pub fn transition(from: OfferState, by: OfferMove) -> Result<OfferState, Refusal> {
    match (from, by) {
        (OfferState::Offered, OfferMove::Accept) => Ok(OfferState::Accepted),
        (OfferState::Offered, OfferMove::Decline) => Ok(OfferState::Declined),
        (OfferState::Offered, OfferMove::Expire) => Ok(OfferState::Expired),
        (OfferState::Offered, OfferMove::Revoke) => Ok(OfferState::Revoked),
        (from, by) => Err(Refusal::new(Code::IllegalTransition, format!("An offer that is {} cannot be {}.", from.as_str(), by.verb()))),
    }
}

/// A task put before one reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// The task.
    pub task_id: TaskId,
    /// The stage that the task is at, from 0.
    pub stage: i64,
    /// Before whom.
    pub member_id: MemberId,
    /// How it stands.
    pub state: OfferState,
    /// Since when.
    pub offered_at: Timestamp,
    /// From when on it can no longer be accepted.
    pub expires_at: Timestamp,
}

impl Offer {
    /// A new offer that stands for `timeout_seconds`.
    #[must_use]
    pub fn new(id: OfferId, task_id: TaskId, stage: i64, member_id: MemberId, timeout_seconds: i64, now: Timestamp) -> Self {
        let expires_at = now.checked_add(SignedDuration::from_secs(timeout_seconds)).unwrap_or(Timestamp::MAX);
        Self { id, task_id, stage, member_id, state: OfferState::Offered, offered_at: now, expires_at }
    }

    /// Whether it can still be accepted.
    #[must_use]
    pub fn stands(&self, now: Timestamp) -> bool {
        self.state == OfferState::Offered && now < self.expires_at
    }

    /// The offer after a move. It cannot be accepted from the instant at which it ends, also while nobody has noted that it ended, and does
    /// not end before. A late decline is noted: the reviewer is not asked again.
    ///
    /// # Errors
    /// [`Code::IllegalTransition`].
    pub fn moved(&self, by: OfferMove, now: Timestamp) -> Result<Self, Refusal> {
        let state = transition(self.state, by)?;
        let over = now >= self.expires_at;
        match by {
            OfferMove::Accept if over => Err(Refusal::new(Code::IllegalTransition, "The time of the offer is over.")
                .hint("Take the task from the queue if it is still open.")),
            OfferMove::Expire if !over => Err(Refusal::new(Code::IllegalTransition, "The time of the offer is not over yet.")),
            _ => Ok(Self { state, ..self.clone() }),
        }
    }
}

/// How many more reviewers a stage can be offered to, when it wants so many in all. Each reviewer is counted once, as far as they have
/// come: `leased` hold a lease or have submitted a review that counts, `accepted` have an assignment and no lease, `offered` an open offer
/// alone.
#[must_use]
pub fn free_slots(wanted: usize, accepted: usize, offered: usize, leased: usize) -> usize {
    wanted.saturating_sub(accepted).saturating_sub(offered).saturating_sub(leased)
}

/// What becomes of a review that comes after its lease ran out. It is kept in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// It counts like one in time.
    Counts,
    /// It is kept beside the decision and does not count.
    Surplus,
}

/// Whether a late review counts: when its stage is open at the same revision (`standing_open`) and, of the `wanted` slots, those
/// `submitted` and those that others hold by a lease (`leased_by_others`) leave one. Offers and assignments without a lease do not stand
/// against work that is done: whoever has one gives way.
#[must_use]
pub fn late(standing_open: bool, wanted: usize, submitted: usize, leased_by_others: usize) -> Late {
    if standing_open && submitted.saturating_add(leased_by_others) < wanted { Late::Counts } else { Late::Surplus }
}

#[cfg(test)]
mod tests;
