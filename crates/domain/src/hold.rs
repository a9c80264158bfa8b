//! Who has a part in a task now: leases, assignments and offers, and whether somebody else may take it.
//!
//! A stage wants a number of reviews at the same time. Everybody who holds a live lease, was named, or has a standing offer takes one of these places.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Code, Refusal, Timestamp,
    id::{LeaseId, MemberId},
    task::{Move, Task, transition},
};

/// The renewable right of one reviewer to review a task now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Its id; a new claim makes a new one, so an old holder cannot act by mistake.
    pub id: LeaseId,
    /// Who holds it.
    pub member_id: MemberId,
    /// Their name.
    pub member_name: String,
    /// When it ends unless renewed.
    pub expires_at: Timestamp,
}

impl Lease {
    /// How long a lease lasts, in seconds.
    pub const SECONDS: i64 = 600;

    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// How a member stands to a task at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Named for it, or took the offer.
    Accepted,
    /// Gave the review.
    Submitted,
    /// Will not review it.
    Declined,
    /// Another was named, or the task came back with new content.
    Revoked,
    /// May not review it: submitted it, or reviewed an earlier stage.
    Excluded,
}

impl Standing {
    /// Every standing.
    pub const ALL: [Self; 5] = [Self::Accepted, Self::Submitted, Self::Declined, Self::Revoked, Self::Excluded];

    /// The standing as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Submitted => "submitted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::Excluded => "excluded",
        }
    }

    /// The standing that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text)
    }
}

/// Everybody who has a part in a task at its stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holders {
    /// The leases; they may have run out.
    pub leases: Vec<Lease>,
    /// How members stand to it.
    pub standings: Vec<(MemberId, Standing)>,
    /// To whom it is offered, and until when.
    pub offers: Vec<(MemberId, Timestamp)>,
}

impl Holders {
    /// The lease of a member, which may have run out.
    #[must_use]
    pub fn lease_of(&self, member: MemberId) -> Option<&Lease> {
        self.leases.iter().find(|lease| lease.member_id == member)
    }

    /// How a member stands to the task, if at all.
    #[must_use]
    pub fn standing_of(&self, member: MemberId) -> Option<Standing> {
        self.standings.iter().find(|(holder, _)| *holder == member).map(|(_, standing)| *standing)
    }

    /// Whether the task is offered to a member now.
    #[must_use]
    pub fn is_offered_to(&self, member: MemberId, now: Timestamp) -> bool {
        self.offers.iter().any(|(holder, until)| *holder == member && now < *until)
    }

    /// Who takes a place of the stage now.
    #[must_use]
    pub fn places(&self, now: Timestamp) -> BTreeSet<MemberId> {
        let leased = self.leases.iter().filter(|lease| lease.holds(now)).map(|lease| lease.member_id);
        let named = self.standings.iter().filter(|(_, standing)| *standing == Standing::Accepted).map(|(member, _)| *member);
        let offered = self.offers.iter().filter(|(_, until)| now < *until).map(|(member, _)| *member);
        leased.chain(named).chain(offered).collect()
    }

    /// When the first place may come free by itself: the end of a lease whose holder was neither named nor took an offer.
    #[must_use]
    pub fn lapses_at(&self, now: Timestamp) -> Option<Timestamp> {
        let only_leased =
            |lease: &&Lease| self.standing_of(lease.member_id) != Some(Standing::Accepted) && !self.is_offered_to(lease.member_id, now);
        self.leases.iter().filter(|lease| lease.holds(now)).filter(only_leased).map(|lease| lease.expires_at).min()
    }

    fn lease_of_others(&self, member: MemberId, now: Timestamp) -> impl Iterator<Item = &Lease> {
        self.leases.iter().filter(move |lease| lease.holds(now) && lease.member_id != member)
    }
}

/// Whether a member may be named for a task at all, whoever holds it now.
///
/// # Errors
/// [`Code::AlreadyReviewed`] when they reviewed it at this stage, [`Code::SeparationOfDuties`] when they may not.
pub fn may_be_named(holders: &Holders, member: MemberId) -> Result<(), Refusal> {
    match holders.standing_of(member) {
        Some(Standing::Submitted) => Err(Refusal::new(Code::AlreadyReviewed, "This reviewer has reviewed the task at this stage.")),
        Some(Standing::Excluded) => {
            let refusal = Refusal::new(Code::SeparationOfDuties, "This reviewer submitted the task or reviewed an earlier stage of it.");
            Err(refusal.hint("Another reviewer has to decide here."))
        }
        _ => Ok(()),
    }
}

/// Whether `member` may take or review the task now.
///
/// # Errors
/// [`Code::AlreadyReviewed`] when they did, [`Code::SeparationOfDuties`] when they may not, [`Code::TaskLeased`] when others hold all places of the stage,
/// [`Code::TaskAssigned`] when these are others' by assignment or offer.
pub fn may_hold(task: &Task, holders: &Holders, member: MemberId, now: Timestamp) -> Result<(), Refusal> {
    transition(task.state, Move::Hold)?;
    may_be_named(holders, member)?;
    let wanted = usize::try_from(task.wanted).unwrap_or(0);
    let mut leased: Vec<&Lease> = holders.lease_of_others(member, now).collect();
    if leased.len() >= wanted {
        leased.sort_by_key(|lease| lease.expires_at);
        let Some(first) = leased.first() else {
            return Err(Refusal::new(Code::TaskAssigned, "The stage wants no more reviews."));
        };
        return Err(Refusal {
            retry_after: u32::try_from(first.expires_at.duration_since(now).as_secs().max(1)).ok(),
            ..Refusal::new(Code::TaskLeased, format!("{} is reviewing this task.", first.member_name))
        });
    }
    let places = holders.places(now);
    if places.contains(&member) || places.len() < wanted {
        return Ok(());
    }
    Err(Refusal::new(Code::TaskAssigned, "The task is assigned to another reviewer."))
}

/// The lease that a reviewer names, if it is still theirs.
///
/// # Errors
/// [`Code::LeaseLost`] when it ran out and another was given, or it was given back.
pub fn same_lease(lease: Option<&Lease>, named: LeaseId) -> Result<&Lease, Refusal> {
    lease
        .filter(|lease| lease.id == named)
        .ok_or_else(|| Refusal::at(Code::LeaseLost, "/lease_id", "This lease is no longer yours.").hint("Claim the task again."))
}
