//! The order in which tasks come up: priority, then due, then age, then id. Ageing moves a task up in the first of these and leaves the
//! order itself alone.

use jiff::SignedDuration;

use crate::{Timestamp, id::TaskId, task::Priority};

/// Place in the order of turns, 0 first, of a task that has waited so long: its priority gains one step for every `ageing_minutes`, never
/// past urgent.
#[must_use]
pub fn effective_rank(priority: Priority, ageing_minutes: Option<i64>, waited: SignedDuration) -> i64 {
    let steps = ageing_minutes.filter(|minutes| *minutes > 0).map_or(0, |minutes| waited.as_mins().max(0) / minutes);
    priority.rank().saturating_sub(steps).max(0)
}

/// The first moment after `now` at which the task gains a step, for a rank that is stored and not computed.
#[must_use]
pub fn next_rise(priority: Priority, ageing_minutes: Option<i64>, waits_since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let minutes = ageing_minutes.filter(|minutes| *minutes > 0)?;
    let waited = now.duration_since(waits_since).max(SignedDuration::ZERO);
    if effective_rank(priority, ageing_minutes, waited) == 0 {
        return None;
    }
    let steps = waited.as_mins() / minutes + 1;
    waits_since.checked_add(SignedDuration::from_mins(minutes.checked_mul(steps)?)).ok()
}

/// Where a task stands among others; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// [`effective_rank`].
    pub rank: i64,
    /// When it ought to be decided; tasks without come after those with.
    pub deadline: Option<Timestamp>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// Its id.
    pub id: TaskId,
}

impl Ord for Turn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |turn: &Self| (turn.rank, turn.deadline.is_none(), turn.deadline, turn.created_at, turn.id);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
