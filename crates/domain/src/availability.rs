//! What is known of a member as a reviewer: presence, capacity, hours, skills, accuracy.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    capacity::{Capacity, Presence},
    refusal::Places,
    skill::Skill,
    text::{self, Limit},
};

/// Most skills of a member.
pub const MOST_SKILLS: usize = 100;

/// A member as a reviewer. The default is somebody who is there, with the usual capacity, at any hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Availability {
    /// Whether they are there.
    pub presence: Presence,
    /// How much they take on.
    pub capacity: Capacity,
    /// The key of the calendar with their working hours; `None` is at any hour.
    pub calendar: Option<String>,
    /// What they can do.
    pub skills: Vec<Skill>,
    /// How often they are right, over 0.5 and under 1; `None` is not known.
    pub accuracy: Option<f64>,
    /// Who they are beyond this membership: equal for two memberships of one person, who then never reviews one task twice.
    pub person: Option<String>,
}

impl Default for Availability {
    fn default() -> Self {
        Self { presence: Presence::Online, capacity: Capacity::default(), calendar: None, skills: Vec::new(), accuracy: None, person: None }
    }
}

impl Availability {
    /// # Errors
    /// [`crate::Code::ValidationError`] that names every place that is wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        let mut places = Places::default();
        self.capacity.validate(&mut places, "/capacity");
        places.require(self.skills.len() <= MOST_SKILLS, "/skills", "At most 100 skills.");
        let mut distinct = HashSet::new();
        for (i, skill) in self.skills.iter().enumerate() {
            let at = format!("/skills/{i}");
            skill.validate(&mut places, &at);
            places.require(distinct.insert(&skill.skill), &at, "This skill is named twice.");
        }
        let known = self.accuracy.is_none_or(|accuracy| accuracy > 0.5 && accuracy < 1.0);
        places.require(known, "/accuracy", "Must be over 0.5 and under 1.");
        text::check_opt(&mut places, "/person", self.person.as_deref(), Limit::line(1, 255));
        places.finish()
    }
}
