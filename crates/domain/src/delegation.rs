//! Deciding in another's place, and being away.
//!
//! A [`Delegation`] lets one member, or anyone of a group, decide for another. It does not cascade: a delegate who is away does not pass it
//! on. A decision keeps who acted and for whom. [`absence`] is when a member is away and what becomes of their work; [`coverage`] says
//! ahead which queues would have nobody.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Timestamp,
    assignment::{Candidate, Eligibility, Filter},
    id::{DelegationId, MemberId},
    queue::{ReviewType, check_key},
    refusal::Places,
    text::{self, Limit},
};

pub mod absence;
pub mod coverage;

pub use absence::{Absence, Handover, OpenWork, is_absent, on_start};
pub use coverage::{Lack, Need, Staff, Uncovered, preview};

/// Longest delegation or absence, in days.
pub const LONGEST_DAYS: i64 = 366;

/// Who decides in another's place.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// This member.
    Member(MemberId),
    /// Anyone of the group with this key.
    Group(String),
}

/// When a delegation has effect within its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// While the one who delegates is absent.
    #[default]
    WhileAbsent,
    /// All the time; both may decide.
    Always,
}

/// What is delegated; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// In these queues; `None` is all.
    pub queue_keys: Option<Vec<String>>,
    /// Reviews of these types; `None` is all.
    pub review_types: Option<Vec<ReviewType>>,
}

impl Scope {
    /// Whether tasks of this queue and type are in it.
    #[must_use]
    pub fn covers(&self, queue_key: &str, review_type: ReviewType) -> bool {
        self.queue_keys.as_ref().is_none_or(|keys| keys.iter().any(|key| key == queue_key))
            && self.review_types.as_ref().is_none_or(|types| types.contains(&review_type))
    }

    fn overlaps(&self, other: &Self) -> bool {
        common(self.queue_keys.as_deref(), other.queue_keys.as_deref())
            && common(self.review_types.as_deref(), other.review_types.as_deref())
    }

    fn validate(&self, places: &mut Places, at: &str) {
        if let Some(keys) = &self.queue_keys {
            let pointer = format!("{at}/queue_keys");
            check_list(places, &pointer, keys);
            for (i, key) in keys.iter().enumerate() {
                places.require(check_key(key).is_ok(), &format!("{pointer}/{i}"), "Must be the key of a queue.");
            }
        }
        if let Some(types) = &self.review_types {
            check_list(places, &format!("{at}/review_types"), types);
        }
    }
}

/// Whether two lists of which `None` is everything have something in common.
fn common<T: PartialEq>(one: Option<&[T]>, other: Option<&[T]>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.iter().any(|item| other.contains(item)),
        _ => true,
    }
}

fn check_list<T: Eq + std::hash::Hash>(places: &mut Places, pointer: &str, list: &[T]) {
    let distinct: HashSet<_> = list.iter().collect();
    places.require(!list.is_empty(), pointer, "Must not be empty; leave it out for everything.");
    places.require(list.len() <= 200, pointer, "At most 200.");
    places.require(distinct.len() == list.len(), pointer, "Something is named twice.");
}

/// Leave to decide in another's place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// In whose place.
    pub from: MemberId,
    /// Who decides.
    pub to: To,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer.
    pub ends_at: Timestamp,
    /// When within this period.
    pub mode: Mode,
    /// What.
    pub scope: Scope,
    /// Whether what the one who delegates has already goes over too when they become absent: see [`on_start`].
    pub include_existing: bool,
    /// Why.
    pub reason: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

impl Delegation {
    /// Checks it, and that none of the `others` says the same: a second one from and to the same, of which periods and scopes overlap, is
    /// refused. Revoked ones and one with its own id do not count.
    ///
    /// # Errors
    /// [`crate::Code::ValidationError`] that names every place that is wrong.
    pub fn validate<'a>(&self, others: impl IntoIterator<Item = &'a Self>) -> Result<(), Refusal> {
        let mut places = Places::default();
        match &self.to {
            To::Member(to) => places.require(*to != self.from, "/to", "Nobody can delegate to themself."),
            To::Group(key) => places.require(check_key(key).is_ok(), "/to/group", "Must be the key of a group."),
        }
        check_period(&mut places, self.starts_at, self.ends_at);
        self.scope.validate(&mut places, "/scope");
        text::check_opt(&mut places, "/reason", self.reason.as_deref(), Limit::block(1_000));
        if let Some(other) = others.into_iter().find(|other| self.repeats(other)) {
            places.add("/starts_at", format!("The delegation {} to the same overlaps with this one.", other.id));
        }
        places.finish()
    }

    fn repeats(&self, other: &Self) -> bool {
        other.id != self.id
            && other.revoked_at.is_none()
            && (&other.from, &other.to) == (&self.from, &self.to)
            && other.starts_at < self.ends_at
            && self.starts_at < other.ends_at
            && self.scope.overlaps(&other.scope)
    }

    /// Whether it lets anybody decide in this matter now. `absent` says whether a member is away at `now`.
    #[must_use]
    pub fn in_force(&self, queue_key: &str, review_type: ReviewType, absent: impl Fn(MemberId) -> bool, now: Timestamp) -> bool {
        self.starts_at <= now
            && now < self.ends_at
            && self.revoked_at.is_none_or(|at| now < at)
            && self.scope.covers(queue_key, review_type)
            && (self.mode == Mode::Always || absent(self.from))
    }

    /// Whether it is to this member, who is in the groups for which `in_group` says so. Nobody acts for themself.
    #[must_use]
    pub fn reaches(&self, member: MemberId, in_group: impl Fn(&str) -> bool) -> bool {
        member != self.from
            && match &self.to {
                To::Member(to) => *to == member,
                To::Group(key) => in_group(key),
            }
    }
}

fn check_period(places: &mut Places, starts_at: Timestamp, ends_at: Timestamp) {
    let length = ends_at.duration_since(starts_at);
    places.require(length > SignedDuration::ZERO, "/ends_at", "Must be after it starts.");
    places.require(length <= SignedDuration::from_hours(24 * LONGEST_DAYS), "/ends_at", "Must be within 366 days after it starts.");
}

/// The delegation by which somebody decides for `member` in this matter now. Of several the one that started last holds, then the one with
/// the largest id.
///
/// One to a member who is `absent` is passed over, and where that member delegates to is not looked at: delegations do not cascade. Whether
/// anyone of a group is there shows when its members pass or fail [`check`].
#[must_use]
pub fn acting<'a>(
    delegations: impl IntoIterator<Item = &'a Delegation>,
    member: MemberId,
    queue_key: &str,
    review_type: ReviewType,
    absent: impl Fn(MemberId) -> bool,
    now: Timestamp,
) -> Option<&'a Delegation> {
    let from_member = delegations.into_iter().filter(|delegation| delegation.from == member);
    let in_force = from_member.filter(|delegation| delegation.in_force(queue_key, review_type, &absent, now));
    let reachable = in_force.filter(|delegation| match &delegation.to {
        To::Member(to) => *to != member && !absent(*to),
        To::Group(_) => true,
    });
    reachable.max_by_key(|delegation| (delegation.starts_at, delegation.id))
}

/// Whether `actor` may be given the task in the place of `principal`: the actor passes every filter, and the principal those that would
/// keep them from reviewing the task themself. So nobody gets round separation of duties by delegating, or by being delegated to. That the
/// principal is away, busy or holds the task does not matter.
///
/// # Errors
/// The first filter that one of them does not pass.
pub fn check(eligibility: &Eligibility<'_>, actor: &Candidate, principal: &Candidate) -> Result<(), Filter> {
    let stops = |filter: &Filter| {
        let as_principal = filter.binds() || *filter == Filter::Declined;
        !eligibility.passes(*filter, actor) || (as_principal && !eligibility.passes(*filter, principal))
    };
    Filter::ALL.into_iter().find(stops).map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests;
