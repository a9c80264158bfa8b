//! On-call schedules: who is on duty at an instant.
//!
//! A [`Schedule`] is what people write: layers in which participants take turns, and overrides for single periods. [`Rota`] is the same made ready for asking.
//! A later layer wins over an earlier one where it has somebody on duty, an override over every layer. Turns change at local time: a day of 23 or 25 hours has
//! a turn of 23 or 25 hours.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    calendar::{Calendar, Opening, Weekday},
    id::MemberId,
    refusal::Places,
    text::{self, Limit},
};

mod rota;
#[cfg(test)]
mod tests;

pub use rota::{OnCall, Rota, Shift, Source};

/// Most layers of a schedule.
pub const MOST_LAYERS: usize = 10;
/// Most participants of a layer.
pub const MOST_PARTICIPANTS: usize = 100;
/// Most overrides of a schedule.
pub const MOST_OVERRIDES: usize = 1_000;
/// Longest turn, in hours: a year.
const MOST_HOURS: i64 = 8_784;

/// How often the turn changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every so many hours on the wall clock, 1–8784.
    Hours(i64),
}

impl Rotation {
    fn hours(self) -> i64 {
        match self {
            Self::Daily => 24,
            Self::Weekly => 7 * 24,
            Self::Hours(hours) => hours,
        }
    }
}

/// People who take turns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What people call it; unique in the schedule.
    pub name: String,
    /// Who takes turns, in this order, 1–100. One who is named twice has two turns.
    pub participants: Vec<MemberId>,
    /// How often the turn changes.
    pub rotation: Rotation,
    /// When it changes, `HH:MM` on the wall clock, from 00:00 to 23:59. Where the clock skips this time the turn changes as it jumps,
    /// where it shows it twice, the first time.
    pub handoff: String,
    /// The day on which a weekly turn changes; for weekly rotation only.
    #[serde(default)]
    pub handoff_weekday: Option<Weekday>,
    /// The date on which, at `handoff`, the first participant's turn begins. A weekly turn that begins on another day than `handoff_weekday` is short.
    pub starts_on: Date,
    /// The hours in which the layer has somebody on duty; empty is always.
    #[serde(default)]
    pub restrictions: Vec<Opening>,
}

/// Somebody stands in for a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// Who.
    pub member_id: MemberId,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Who is reached when nobody is on duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapAction {
    /// Nobody.
    Nobody,
    /// The lead of the queue.
    #[default]
    QueueLead,
}

/// Who is on duty when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The name of a zone in the IANA database, in its spelling: `Europe/Berlin`, `UTC`.
    pub time_zone: String,
    /// Its layers, 1–10; the last one wins.
    pub layers: Vec<Layer>,
    /// Who stands in when. No two overlap.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Who is reached when nobody is on duty.
    #[serde(default)]
    pub gap_action: GapAction,
}

impl Schedule {
    /// Notes every wrong place below the pointer `at`. `exists` tells whether there is such an active member.
    pub fn validate(&self, places: &mut Places, at: &str, exists: impl Fn(MemberId) -> bool) {
        let zone = problems(&self.hours(Vec::new()), "/time_zone");
        zone.into_iter().for_each(|(_, message)| places.add(format!("{at}/time_zone"), message));
        let pointer = format!("{at}/layers");
        places.require((1..=MOST_LAYERS).contains(&self.layers.len()), &pointer, "A schedule has 1 to 10 layers.");
        for (i, layer) in self.layers.iter().enumerate() {
            let pointer = format!("{pointer}/{i}");
            let first = !self.layers.iter().take(i).any(|earlier| earlier.name == layer.name);
            places.require(first, &format!("{pointer}/name"), "Another layer has this name.");
            layer.check(places, &pointer, &exists);
            let wrong =
                if layer.restrictions.is_empty() { Vec::new() } else { problems(&self.hours(layer.restrictions.clone()), "/weekly") };
            wrong.into_iter().for_each(|(rest, message)| places.add(format!("{pointer}/restrictions{rest}"), message));
        }
        self.check_overrides(places, &format!("{at}/overrides"), &exists);
    }

    fn check_overrides(&self, places: &mut Places, at: &str, exists: impl Fn(MemberId) -> bool) {
        places.require(self.overrides.len() <= MOST_OVERRIDES, at, "At most 1000 overrides.");
        for (i, one) in self.overrides.iter().enumerate() {
            let at = format!("{at}/{i}");
            if !exists(one.member_id) {
                places.add(format!("{at}/member_id"), format!("There is no member '{}'.", one.member_id));
            }
            places.require(one.starts_at < one.ends_at, &format!("{at}/ends_at"), "Must be after starts_at.");
            text::check_opt(places, &format!("{at}/reason"), one.reason.as_deref(), Limit::block(500));
        }
        // In the order of time an override overlaps another one only if it overlaps the latest to end before it.
        let mut order: Vec<(usize, &Override)> = self.overrides.iter().enumerate().filter(|(_, one)| one.starts_at < one.ends_at).collect();
        order.sort_by_key(|(i, one)| (one.starts_at, *i));
        let mut taken: Option<(usize, Timestamp)> = None;
        for (i, one) in order {
            if let Some((other, _)) = taken.filter(|(_, until)| one.starts_at < *until) {
                places.add(format!("{at}/{i}"), format!("Overlaps the override at position {other}."));
            }
            if taken.is_none_or(|(_, until)| until < one.ends_at) {
                taken = Some((i, one.ends_at));
            }
        }
    }

    /// Hours of the week in the zone of the schedule.
    fn hours(&self, weekly: Vec<Opening>) -> Calendar {
        Calendar { time_zone: self.time_zone.clone(), weekly, exceptions: Vec::new() }
    }
}

impl Layer {
    fn check(&self, places: &mut Places, at: &str, exists: impl Fn(MemberId) -> bool) {
        text::check(places, &format!("{at}/name"), &self.name, Limit::line(1, 120));
        let pointer = format!("{at}/participants");
        places.require((1..=MOST_PARTICIPANTS).contains(&self.participants.len()), &pointer, "A layer has 1 to 100 participants.");
        for (i, id) in self.participants.iter().enumerate().filter(|(_, id)| !exists(**id)) {
            places.add(format!("{pointer}/{i}"), format!("There is no member '{id}'."));
        }
        places.require((1..=MOST_HOURS).contains(&self.rotation.hours()), &format!("{at}/rotation/hours"), "Must be from 1 to 8784 hours.");
        places.require(rota::time_of_day(&self.handoff).is_some(), &format!("{at}/handoff"), "Must be a time HH:MM from 00:00 to 23:59.");
        let weekly = self.rotation == Rotation::Weekly;
        let message = "A weekly rotation has a day on which it changes, and no other has.";
        places.require(self.handoff_weekday.is_some() == weekly, &format!("{at}/handoff_weekday"), message);
        places.require((1970..=9000).contains(&self.starts_on.year()), &format!("{at}/starts_on"), "Must be a date from 1970 on.");
    }
}

/// What is wrong with a calendar below one of its members: the rest of each pointer, and the message.
fn problems(calendar: &Calendar, member: &str) -> Vec<(String, String)> {
    let mut places = Places::default();
    calendar.validate(&mut places, "");
    let found = places.finish().err().map(|refusal| refusal.places).unwrap_or_default();
    found.into_iter().filter_map(|place| place.pointer.strip_prefix(member).map(|rest| (rest.to_owned(), place.message.clone()))).collect()
}
