//! How much a member takes on, and whether they are there to take it.

use serde::{Deserialize, Serialize};

use crate::refusal::Places;

/// Whether a member is there. Set by themself or on their behalf; absences and working hours are other facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// There, and gets work.
    Online,
    /// Keeps the work they have and gets none.
    Away,
    /// Not there.
    #[default]
    Offline,
}

impl Presence {
    /// Every presence.
    pub const ALL: [Self; 3] = [Self::Online, Self::Away, Self::Offline];

    /// The presence as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
            Self::Offline => "offline",
        }
    }
}

/// How much work a member has at once, and in a day. A task weighs what its queue says; the load is the sum of what is assigned to or leased by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Capacity {
    /// Units at once, from 0 to 10000; with 0 they are given nothing.
    pub units: i64,
    /// Tasks assigned in a day of theirs, from 0 to 10000; `None` is any number.
    pub max_per_day: Option<i64>,
}

impl Default for Capacity {
    fn default() -> Self {
        Self { units: 10, max_per_day: None }
    }
}

impl Capacity {
    /// Notes below `at` what is wrong with it.
    pub fn validate(&self, places: &mut Places, at: &str) {
        places.require((0..=10_000).contains(&self.units), &format!("{at}/units"), "Must be from 0 to 10000.");
        let in_a_day = self.max_per_day.is_none_or(|most| (0..=10_000).contains(&most));
        places.require(in_a_day, &format!("{at}/max_per_day"), "Must be from 0 to 10000, or null for no limit.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_object_is_the_usual_capacity() {
        let capacity: Capacity = serde_json::from_str("{}").unwrap();
        assert_eq!(capacity, Capacity { units: 10, max_per_day: None });
    }

    #[test]
    fn every_wrong_limit_is_named() {
        let mut places = Places::default();
        Capacity { units: -1, max_per_day: Some(10_001) }.validate(&mut places, "/capacity");
        let pointers: Vec<_> = places.finish().unwrap_err().places.into_iter().map(|place| place.pointer).collect();
        assert_eq!(pointers, ["/capacity/units", "/capacity/max_per_day"]);
    }

    #[test]
    fn presence_is_read_as_it_is_written() {
        for presence in Presence::ALL {
            assert_eq!(serde_json::to_value(presence).unwrap(), presence.as_str());
        }
    }
}
