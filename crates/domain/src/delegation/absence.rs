//! Absences: when a member is away, and what becomes of the work that they have.

use serde::{Deserialize, Serialize};

use super::{Delegation, To, check_period};
use crate::{
    Refusal, Timestamp,
    id::{AbsenceId, MemberId},
    refusal::Places,
    text::{self, Limit},
};

/// What becomes of open work when an absence starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenWork {
    /// It waits.
    #[default]
    Keep,
    /// It goes to the delegate.
    Delegate,
    /// It goes back to the queue.
    Return,
}

/// A time in which a member is away: they are given nothing new.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absence {
    /// Its id.
    pub id: AbsenceId,
    /// Who.
    pub member_id: MemberId,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer.
    pub ends_at: Timestamp,
    /// What becomes of the work that they have.
    pub open_work: OpenWork,
    /// Why.
    pub reason: Option<String>,
}

impl Absence {
    /// # Errors
    /// [`crate::Code::ValidationError`] that names every place that is wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        let mut places = Places::default();
        check_period(&mut places, self.starts_at, self.ends_at);
        text::check_opt(&mut places, "/reason", self.reason.as_deref(), Limit::block(1_000));
        places.finish()
    }

    /// Whether the member is away at this moment.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.starts_at <= now && now < self.ends_at
    }
}

/// Whether the member is away now.
pub fn is_absent<'a>(absences: impl IntoIterator<Item = &'a Absence>, member: MemberId, now: Timestamp) -> bool {
    absences.into_iter().any(|absence| absence.member_id == member && absence.holds(now))
}

/// What becomes of one open assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handover {
    /// It stays where it is.
    Keep,
    /// It goes to them, if they pass [`super::check`]; else back to the queue.
    Delegate(To),
    /// It goes back to the queue.
    Return,
}

/// What becomes of an open assignment of the member when the absence starts. `delegation` is that of the assignment's task: see [`super::acting`].
///
/// Work that is to be delegated goes back to the queue when there is no delegation for it, so that it does not lie until the member is
/// back; it stays when there is one that leaves out what was assigned before.
#[must_use]
pub fn on_start(absence: &Absence, delegation: Option<&Delegation>) -> Handover {
    match (absence.open_work, delegation) {
        (OpenWork::Keep, _) => Handover::Keep,
        (OpenWork::Return, _) | (OpenWork::Delegate, None) => Handover::Return,
        (OpenWork::Delegate, Some(delegation)) if delegation.include_existing => Handover::Delegate(delegation.to.clone()),
        (OpenWork::Delegate, Some(_)) => Handover::Keep,
    }
}
