//! Who comes into question for a task: the filters, in their order.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Candidate, Routing};
use crate::{
    Timestamp,
    capacity::Presence,
    id::MemberId,
    skill::{SkillRequirement, relaxed},
};

/// Something that keeps a member from being given a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// They can log in.
    Enabled,
    /// They are online.
    Presence,
    /// It is within their working hours, and they are not absent.
    Hours,
    /// Role and queue let them review.
    Access,
    /// They have every skill that is still needed.
    Skills,
    /// They have room for the weight of the task.
    Capacity,
    /// They have not had all their tasks of today.
    DailyLimit,
    /// They did not ask for the task themself.
    Requester,
    /// They did not review an earlier stage of it.
    EarlierStage,
    /// They have not reviewed it at this stage.
    Voted,
    /// No other membership of the same person has a part in it.
    SamePerson,
    /// They did not decline it.
    Declined,
    /// They are not excluded.
    Excluded,
    /// They do not have it already.
    Holds,
}

impl Filter {
    /// Every filter, in the order in which they are applied.
    pub const ALL: [Self; 14] = [
        Self::Enabled,
        Self::Presence,
        Self::Hours,
        Self::Access,
        Self::Skills,
        Self::Capacity,
        Self::DailyLimit,
        Self::Requester,
        Self::EarlierStage,
        Self::Voted,
        Self::SamePerson,
        Self::Declined,
        Self::Excluded,
        Self::Holds,
    ];

    /// The filter as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Presence => "presence",
            Self::Hours => "hours",
            Self::Access => "access",
            Self::Skills => "skills",
            Self::Capacity => "capacity",
            Self::DailyLimit => "daily_limit",
            Self::Requester => "requester",
            Self::EarlierStage => "earlier_stage",
            Self::Voted => "voted",
            Self::SamePerson => "same_person",
            Self::Declined => "declined",
            Self::Excluded => "excluded",
            Self::Holds => "holds",
        }
    }

    /// Why somebody who does not pass it is not given the task, in a sentence for people.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Enabled => "The member is disabled.",
            Self::Presence => "The member is not online.",
            Self::Hours => "It is outside the member's working hours, or the member is absent.",
            Self::Access => "The member may not review in this queue.",
            Self::Skills => "The member lacks a skill that is needed.",
            Self::Capacity => "The member has no capacity left for the task.",
            Self::DailyLimit => "The member has had all their tasks of today.",
            Self::Requester => "The member asked for the task.",
            Self::EarlierStage => "The member reviewed an earlier stage of the task.",
            Self::Voted => "The member has reviewed the task.",
            Self::SamePerson => "The same person has a part in the task under another membership.",
            Self::Declined => "The member declined the task.",
            Self::Excluded => "The member is excluded.",
            Self::Holds => "The member has the task already.",
        }
    }

    /// Whether it holds also for a member whom a person names by hand, or who takes the task themself. The others say who is given work unasked.
    #[must_use]
    pub fn binds(self) -> bool {
        matches!(
            self,
            Self::Enabled | Self::Access | Self::Requester | Self::EarlierStage | Self::Voted | Self::SamePerson | Self::Excluded
        )
    }
}

/// Somebody who has a part in the task: asked for it, reviewed it, or has it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Who.
    pub member_id: MemberId,
    /// The person behind the member: see [`Candidate::identity`].
    pub identity: String,
}

/// What one task at one stage asks of its reviewer.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    /// When the task opened at the stage: from then on it waits.
    pub opened_at: Timestamp,
    /// Skills that are needed beside those of the queue.
    pub skills: Vec<SkillRequirement>,
    /// Who has a part in the task, as far as the person behind the member is known.
    pub taken: Vec<Taken>,
}

impl Requirement {
    /// Nothing beside what the queue asks.
    #[must_use]
    pub fn since(opened_at: Timestamp) -> Self {
        Self { opened_at, skills: Vec::new(), taken: Vec::new() }
    }
}

/// The filters of one task at one moment.
#[derive(Debug, Clone)]
pub struct Eligibility<'a> {
    required: Vec<&'a SkillRequirement>,
    dropped: Vec<&'a SkillRequirement>,
    taken: &'a [Taken],
    /// Sorted, as numbers: these are compared faster than their bytes.
    excluded: Vec<u128>,
    weight: i64,
    now: Timestamp,
}

impl<'a> Eligibility<'a> {
    /// The filters for a task of a queue with this routing.
    #[must_use]
    pub fn new(routing: &'a Routing, requirement: &'a Requirement, now: Timestamp) -> Self {
        let waited = now.duration_since(requirement.opened_at).max(SignedDuration::ZERO);
        let (required, dropped) = relaxed(routing.skills.iter().chain(&requirement.skills), waited);
        let mut excluded: Vec<_> = routing.excluded_member_ids.iter().map(|member| member.0.as_u128()).collect();
        excluded.sort_unstable();
        Self { required, dropped, taken: &requirement.taken, excluded, weight: routing.weight, now }
    }

    /// The skills that are no longer needed, in the order in which they were dropped.
    #[must_use]
    pub fn dropped(&self) -> &[&'a SkillRequirement] {
        &self.dropped
    }

    /// Whether the member may be given the task.
    ///
    /// # Errors
    /// The first filter that they do not pass.
    #[inline]
    pub fn explain_one(&self, candidate: &Candidate) -> Result<(), Filter> {
        // The order of `Filter::ALL`, written out: thousands pass here for one task, and so each filter is compiled to its own comparison
        // and not to a jump by its number.
        let pass = |filter| if self.passes(filter, candidate) { Ok(()) } else { Err(filter) };
        pass(Filter::Enabled)?;
        pass(Filter::Presence)?;
        pass(Filter::Hours)?;
        pass(Filter::Access)?;
        pass(Filter::Skills)?;
        pass(Filter::Capacity)?;
        pass(Filter::DailyLimit)?;
        pass(Filter::Requester)?;
        pass(Filter::EarlierStage)?;
        pass(Filter::Voted)?;
        pass(Filter::SamePerson)?;
        pass(Filter::Declined)?;
        pass(Filter::Excluded)?;
        pass(Filter::Holds)
    }

    /// Whether the member may have the task when a person names them, or they take it themself. The filters that were passed over come back, so that
    /// it can be recorded that capacity, say, was exceeded on purpose.
    ///
    /// # Errors
    /// The first filter that holds even so ([`Filter::binds`]).
    pub fn explain_by_hand(&self, candidate: &Candidate) -> Result<Vec<Filter>, Filter> {
        let missed: Vec<_> = Filter::ALL.into_iter().filter(|filter| !self.passes(*filter, candidate)).collect();
        missed.iter().find(|filter| filter.binds()).map_or(Ok(()), |filter| Err(*filter))?;
        Ok(missed)
    }

    /// Whether the member passes this one filter.
    #[must_use]
    #[inline(always)]
    pub fn passes(&self, filter: Filter, candidate: &Candidate) -> bool {
        match filter {
            Filter::Enabled => candidate.enabled,
            Filter::Presence => candidate.presence == Presence::Online,
            Filter::Hours => candidate.inside_hours,
            Filter::Access => candidate.may_review,
            Filter::Skills => self.has_skills(candidate),
            Filter::Capacity => candidate.capacity_units >= candidate.load_units.saturating_add(self.weight),
            Filter::DailyLimit => candidate.max_per_day.is_none_or(|most| candidate.assigned_today < most),
            Filter::Requester => !candidate.is_requester,
            Filter::EarlierStage => !candidate.reviewed_earlier_stage,
            Filter::Voted => !candidate.voted,
            Filter::SamePerson => self.taken.is_empty() || !self.is_taken_by_same_person(candidate),
            Filter::Declined => !candidate.declined,
            Filter::Excluded => !candidate.excluded && !self.is_excluded(candidate.member_id),
            Filter::Holds => !candidate.holds,
        }
    }

    fn has_skills(&self, candidate: &Candidate) -> bool {
        self.required.iter().all(|needed| candidate.skills.iter().any(|skill| skill.meets(needed, self.now)))
    }

    fn is_excluded(&self, member: MemberId) -> bool {
        !self.excluded.is_empty() && self.excluded.binary_search(&member.0.as_u128()).is_ok()
    }

    fn is_taken_by_same_person(&self, candidate: &Candidate) -> bool {
        let Some(identity) = candidate.identity.as_deref() else { return false };
        self.taken.iter().any(|taken| taken.member_id != candidate.member_id && taken.identity == identity)
    }
}
