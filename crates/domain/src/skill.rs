//! Skills: what a member can do, what a task needs, and which needs are dropped when nobody turns up.
//!
//! The clock of a need is the wait of the task: it runs from the moment at which the task opened at its stage, whatever was offered or declined
//! meanwhile. The task that has waited longest has therefore had the most needs dropped.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{Timestamp, queue::check_key, refusal::Places};

/// The best level of a skill.
pub const BEST_LEVEL: i64 = 100;
/// Most needs that a queue, stage or task can have.
pub const MOST_REQUIREMENTS: usize = 20;

/// What a member can do, and how well.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Skill {
    /// Its key.
    pub skill: String,
    /// How well, from 0 to [`BEST_LEVEL`].
    pub level: i64,
    /// From when on it no longer counts; `None` is never.
    #[serde(default)]
    pub valid_until: Option<Timestamp>,
}

impl Skill {
    /// Notes below `at` what is wrong with it.
    pub fn validate(&self, places: &mut Places, at: &str) {
        check_skill(places, at, &self.skill);
        places.require((0..=BEST_LEVEL).contains(&self.level), &format!("{at}/level"), "Must be from 0 to 100.");
    }

    /// Whether it meets the need at this moment.
    #[must_use]
    pub fn meets(&self, requirement: &SkillRequirement, now: Timestamp) -> bool {
        self.level >= requirement.min_level && self.skill == requirement.skill && self.valid_until.is_none_or(|end| now < end)
    }
}

/// What a reviewer of a task needs to be able to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SkillRequirement {
    /// The key of the skill.
    pub skill: String,
    /// The least level, from 0 to [`BEST_LEVEL`].
    #[serde(default)]
    pub min_level: i64,
    /// Whether it stays needed however long the task waits.
    #[serde(default = "yes")]
    pub mandatory: bool,
    /// After how many seconds at the stage it is no longer needed. Belongs to needs that are not mandatory, and to them alone.
    #[serde(default)]
    pub drop_after_seconds: Option<i64>,
}

fn yes() -> bool {
    true
}

impl SkillRequirement {
    /// Notes below `at` what is wrong with it.
    pub fn validate(&self, places: &mut Places, at: &str) {
        check_skill(places, at, &self.skill);
        places.require((0..=BEST_LEVEL).contains(&self.min_level), &format!("{at}/min_level"), "Must be from 0 to 100.");
        let pointer = format!("{at}/drop_after_seconds");
        match (self.mandatory, self.drop_after_seconds) {
            (true, Some(_)) => places.add(pointer, "A mandatory skill is never dropped."),
            (false, None) => places.add(pointer, "A skill that is not mandatory needs the time after which it is dropped."),
            (false, Some(seconds)) => {
                places.require((1..=2_592_000).contains(&seconds), &pointer, "Must be from 1 to 2592000 seconds (30 days).");
            }
            (true, None) => {}
        }
    }

    /// How long a task waits before this is dropped; `None` is for ever.
    fn lasts(&self) -> Option<SignedDuration> {
        self.drop_after_seconds.filter(|_| !self.mandatory).map(SignedDuration::from_secs)
    }
}

/// Notes below `at` what is wrong with a list of needs.
pub fn validate_requirements(requirements: &[SkillRequirement], places: &mut Places, at: &str) {
    places.require(requirements.len() <= MOST_REQUIREMENTS, at, "At most 20 skills.");
    let mut keys = HashSet::new();
    for (i, requirement) in requirements.iter().enumerate() {
        let at = format!("{at}/{i}");
        requirement.validate(places, &at);
        places.require(keys.insert(&requirement.skill), &format!("{at}/skill"), "The skill is needed twice.");
    }
}

fn check_skill(places: &mut Places, at: &str, key: &str) {
    let fits = check_key(key).is_ok();
    places.require(fits, &format!("{at}/skill"), "Must be 1 to 63 of a–z, 0–9, '_', '-', and start with a letter or digit.");
}

/// What is still needed after `waited` at the stage, as written, and what is not, in the order in which it was dropped (as written where two were
/// dropped at once).
pub fn relaxed<'a>(
    requirements: impl IntoIterator<Item = &'a SkillRequirement>,
    waited: SignedDuration,
) -> (Vec<&'a SkillRequirement>, Vec<&'a SkillRequirement>) {
    let (mut dropped, required): (Vec<_>, Vec<_>) =
        requirements.into_iter().partition(|requirement| requirement.lasts().is_some_and(|lasts| waited >= lasts));
    dropped.sort_by_key(|requirement| requirement.lasts());
    (required, dropped)
}

/// The first moment after `now` at which a need is dropped: when to look for a reviewer again.
pub fn next_drop<'a>(
    requirements: impl IntoIterator<Item = &'a SkillRequirement>,
    opened_at: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let instants = requirements.into_iter().filter_map(|requirement| opened_at.checked_add(requirement.lasts()?).ok());
    instants.filter(|at| *at > now).min()
}

#[cfg(test)]
mod tests;
