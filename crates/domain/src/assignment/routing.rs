//! What a queue says about who reviews its tasks.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    id::MemberId,
    queue::check_key,
    refusal::Places,
    skill::{SkillRequirement, validate_requirements},
};

/// How a task finds its reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Reviewers choose from the list, or somebody names one.
    #[default]
    Manual,
    /// Reviewers are given the next task when they ask.
    Pull,
    /// Whoever was assigned a task least recently.
    RoundRobin,
    /// Whoever has the largest share of their capacity to spare; of several, the least recently assigned.
    LoadBalanced,
    /// Whoever has the skills; among them as [`Routing::then`] says.
    SkillBased,
    /// Whoever reviewed the same thread last, within [`Routing::sticky_seconds`]; else load-balanced.
    Sticky,
}

impl Strategy {
    /// Every strategy.
    pub const ALL: [Self; 6] = [Self::Manual, Self::Pull, Self::RoundRobin, Self::LoadBalanced, Self::SkillBased, Self::Sticky];

    /// The strategy as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Pull => "pull",
            Self::RoundRobin => "round_robin",
            Self::LoadBalanced => "load_balanced",
            Self::SkillBased => "skill_based",
            Self::Sticky => "sticky",
        }
    }

    /// Whether the server names the reviewer. Else reviewers take tasks, or somebody names one.
    #[must_use]
    pub fn names_reviewer(self) -> bool {
        !matches!(self, Self::Manual | Self::Pull)
    }
}

/// How one of several eligible reviewers is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// As [`Strategy::RoundRobin`].
    RoundRobin,
    /// As [`Strategy::LoadBalanced`].
    #[default]
    LoadBalanced,
}

/// How a queue's tasks find their reviewers, beside the strategy that its `assignment` names. An empty object is a valid one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Routing {
    /// How [`Strategy::SkillBased`] chooses among those who have the skills.
    pub then: Ranking,
    /// How long [`Strategy::Sticky`] remembers who reviewed a thread, in seconds, from 1 to 30 days.
    pub sticky_seconds: i64,
    /// How long an offer stands, in seconds, from 10 to 7 days.
    pub offer_timeout_seconds: i64,
    /// After how many minutes of waiting a task gains one step of priority; `None` is never. From 1 to 525600.
    pub ageing_minutes: Option<i64>,
    /// What a reviewer needs to be able to do, whatever the strategy.
    pub skills: Vec<SkillRequirement>,
    /// Units of capacity that a task takes, from 1 to 1000.
    pub weight: i64,
    /// The key of the queue whose reviewers help out.
    pub overflow_queue: Option<String>,
    /// After how many minutes of waiting they do, from 1 to 525600. Belongs to `overflow_queue`.
    pub overflow_after_minutes: Option<i64>,
    /// Who is never given a task of the queue.
    pub excluded_member_ids: Vec<MemberId>,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            then: Ranking::default(),
            sticky_seconds: 3_600,
            offer_timeout_seconds: 120,
            ageing_minutes: None,
            skills: Vec::new(),
            weight: 1,
            overflow_queue: None,
            overflow_after_minutes: None,
            excluded_member_ids: Vec::new(),
        }
    }
}

impl Routing {
    /// Notes below `at` what is wrong with it. Cycles among overflow queues show only beside the other queues: see [`super::check_overflow`].
    pub fn validate(&self, places: &mut Places, at: &str) {
        let pointer = |member: &str| format!("{at}/{member}");
        let mut within = |member: &str, value: i64, least: i64, most: i64| {
            if !(least..=most).contains(&value) {
                places.add(pointer(member), format!("Must be from {least} to {most}."));
            }
        };
        within("sticky_seconds", self.sticky_seconds, 1, 2_592_000);
        within("offer_timeout_seconds", self.offer_timeout_seconds, 10, 604_800);
        within("weight", self.weight, 1, 1_000);
        within("ageing_minutes", self.ageing_minutes.unwrap_or(1), 1, 525_600);
        within("overflow_after_minutes", self.overflow_after_minutes.unwrap_or(1), 1, 525_600);
        validate_requirements(&self.skills, places, &pointer("skills"));
        if let Some(key) = &self.overflow_queue {
            places.require(check_key(key).is_ok(), &pointer("overflow_queue"), "Must be the key of a queue.");
        }
        let both = self.overflow_queue.is_some() == self.overflow_after_minutes.is_some();
        places.require(both, &pointer("overflow_after_minutes"), "An overflow queue and the time after which it helps belong together.");
        let distinct: HashSet<_> = self.excluded_member_ids.iter().collect();
        places.require(self.excluded_member_ids.len() <= 1_000, &pointer("excluded_member_ids"), "At most 1000 members.");
        places.require(distinct.len() == self.excluded_member_ids.len(), &pointer("excluded_member_ids"), "A member is named twice.");
    }

    /// When the reviewers of the overflow queue come to help with a task that opened at its stage at `opened_at`.
    #[must_use]
    pub fn overflows_at(&self, opened_at: Timestamp) -> Option<Timestamp> {
        self.overflow_queue.as_ref()?;
        opened_at.checked_add(SignedDuration::from_mins(self.overflow_after_minutes?)).ok()
    }
}
