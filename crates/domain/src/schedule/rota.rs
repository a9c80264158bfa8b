//! A schedule made ready for asking: who is on duty, which shifts a period has, and where nobody is.

use jiff::{
    SignedDuration,
    civil::{DateTime, Time},
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Serialize};

use super::{Layer, Override, Schedule};
use crate::{Refusal, Timestamp, calendar::Hours, id::MemberId, refusal::Places};

/// Longest period whose shifts are listed.
const LONGEST_PERIOD: SignedDuration = SignedDuration::from_hours(366 * 24);

/// Why somebody is on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// By the override at this position.
    Override(usize),
    /// It is their turn in the layer of this name.
    Layer(String),
    /// Nobody is on duty.
    Gap,
}

/// Who is on duty at an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnCall {
    /// Who; nobody in a gap.
    pub member: Option<MemberId>,
    /// Why.
    pub source: Source,
    /// Who would have been on duty before them, and is absent; each once.
    pub passed_over: Vec<MemberId>,
}

/// A period in which the same member is on duty for the same reason, or nobody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// Who; nobody in a gap.
    pub member: Option<MemberId>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub source: Source,
}

/// A schedule made ready for asking.
#[derive(Debug, Clone)]
pub struct Rota {
    zone: TimeZone,
    turns: Vec<Turns>,
    overrides: Vec<Override>,
}

/// A layer made ready for asking.
#[derive(Debug, Clone)]
struct Turns {
    layer: Layer,
    /// When turn 0 would begin on the wall clock, were it of full length.
    anchor: DateTime,
    begins_at: Timestamp,
    hours: Hours,
}

/// `HH:MM` of the day.
pub(super) fn time_of_day(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text).ok().filter(|_| text.len() == 5)
}

/// The first instant at which the clock shows this time or a later one: as it jumps, where it skips it.
fn first_instant(zone: &TimeZone, local: DateTime) -> Option<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(local);
    let earlier = ambiguous.earlier().ok()?;
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(earlier).next().map(|transition| transition.timestamp()),
        _ => Some(earlier),
    }
}

impl Turns {
    fn of(schedule: &Schedule, layer: &Layer, zone: &TimeZone) -> Option<Self> {
        let start = layer.starts_on.to_datetime(time_of_day(&layer.handoff)?);
        let into_week = layer.handoff_weekday.map_or(0, |day| {
            let starts_on = i64::from(layer.starts_on.weekday().to_monday_zero_offset());
            (starts_on - i64::from(day as u8)).rem_euclid(7)
        });
        let anchor = start.checked_sub(SignedDuration::from_hours(24 * into_week)).ok()?;
        let hours =
            if layer.restrictions.is_empty() { Hours::always() } else { Hours::of(&schedule.hours(layer.restrictions.clone())).ok()? };
        Some(Self { layer: layer.clone(), anchor, begins_at: first_instant(zone, start)?, hours })
    }

    /// When a turn begins.
    fn begin(&self, zone: &TimeZone, turn: i64) -> Option<Timestamp> {
        let length = SignedDuration::from_hours(self.layer.rotation.hours().checked_mul(turn)?);
        first_instant(zone, self.anchor.checked_add(length).ok()?)
    }

    /// The turn at an instant, from 0; none before the layer begins.
    fn turn(&self, zone: &TimeZone, at: Timestamp) -> Option<i64> {
        if at < self.begins_at {
            return None;
        }
        let since = zone.to_datetime(at).duration_since(self.anchor);
        // Right but for the hours around a jump of the clock.
        let mut turn = since.as_hours().div_euclid(self.layer.rotation.hours().max(1));
        while self.begin(zone, turn + 1).is_some_and(|begin| begin <= at) {
            turn += 1;
        }
        while turn > 0 && self.begin(zone, turn).is_some_and(|begin| begin > at) {
            turn -= 1;
        }
        Some(turn.max(0))
    }

    /// Whose turn it is at an instant, and after them the others in the order in which they would be next.
    fn in_turn(&self, zone: &TimeZone, at: Timestamp) -> impl Iterator<Item = MemberId> {
        let participants = &self.layer.participants;
        let turn = self.turn(zone, at).filter(|_| self.hours.is_open(at));
        let first = turn.and_then(|turn| usize::try_from(turn).ok()).map_or(0, |turn| turn % participants.len().max(1));
        participants.iter().cycle().skip(first).take(turn.map_or(0, |_| participants.len())).copied()
    }

    /// Instants from `from` to `to` at which something about the layer may change.
    fn changes(&self, zone: &TimeZone, from: Timestamp, to: Timestamp, changes: &mut Vec<Timestamp>) {
        changes.push(self.begins_at);
        let mut turn = self.turn(zone, from).unwrap_or(0);
        while let Some(begin) = self.begin(zone, turn).filter(|begin| *begin < to) {
            changes.push(begin);
            turn += 1;
        }
        if self.layer.restrictions.is_empty() {
            return;
        }
        let times = self.layer.restrictions.iter().flat_map(|opening| [&opening.from, &opening.to]);
        // 24:00 is the 00:00 of the next day.
        let times: Vec<Time> = times.map(|time| time_of_day(time).unwrap_or(Time::midnight())).collect();
        let last = zone.to_datetime(to).date();
        let mut date = zone.to_datetime(from).date().yesterday().ok();
        while let Some(today) = date.filter(|date| *date <= last) {
            for time in &times {
                let ambiguous = zone.to_ambiguous_timestamp(today.to_datetime(*time));
                changes.extend([ambiguous.earlier(), ambiguous.later()].into_iter().flatten());
            }
            date = today.tomorrow().ok();
        }
    }
}

impl Rota {
    /// A schedule made ready.
    ///
    /// # Errors
    /// What [`Schedule::validate`] finds, with pointers into the schedule. Members are taken to exist.
    pub fn of(schedule: &Schedule) -> Result<Self, Refusal> {
        let mut places = Places::default();
        schedule.validate(&mut places, "", |_| true);
        places.finish()?;
        let unknown = |_| Refusal::invalid("/time_zone", "Must be the name of a time zone in the IANA database.");
        let zone = TimeZoneDatabase::bundled().get(&schedule.time_zone).map_err(unknown)?;
        let turns: Option<Vec<_>> = schedule.layers.iter().map(|layer| Turns::of(schedule, layer, &zone)).collect();
        let turns = turns.ok_or_else(|| Refusal::invalid("/layers", "A layer begins at a time that no clock shows."))?;
        Ok(Self { zone, turns, overrides: schedule.overrides.clone() })
    }

    /// Who is on duty at an instant. Whoever is absent is passed over: in an override for the layers, in a layer for the next in the rotation, and when all of
    /// a layer are absent for the layer below.
    #[must_use]
    pub fn on_call(&self, at: Timestamp, absent: impl Fn(MemberId) -> bool) -> OnCall {
        let mut passed_over = Vec::new();
        let mut on_duty = |member: MemberId| {
            let here = !absent(member);
            if !here && !passed_over.contains(&member) {
                passed_over.push(member);
            }
            here
        };
        let mut overrides = self.overrides.iter().enumerate().filter(|(_, one)| one.starts_at <= at && at < one.ends_at);
        let by_override = overrides.find(|(_, one)| on_duty(one.member_id)).map(|(i, one)| (one.member_id, Source::Override(i)));
        let found = by_override.or_else(|| {
            let mut layers = self.turns.iter().rev();
            layers.find_map(|turns| {
                let member = turns.in_turn(&self.zone, at).find(|member| on_duty(*member))?;
                Some((member, Source::Layer(turns.layer.name.clone())))
            })
        });
        let (member, source) = found.map_or((None, Source::Gap), |(member, source)| (Some(member), source));
        OnCall { member, source, passed_over }
    }

    /// The shifts of a period in the order of time, gaps included, as planned: nobody is taken to be absent.
    ///
    /// # Errors
    /// Unless `to` is after `from` by at most 366 days.
    pub fn shifts(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Shift>, Refusal> {
        if from >= to || to.duration_since(from) > LONGEST_PERIOD {
            return Err(Refusal::invalid("/to", "Must be after from, by at most 366 days."));
        }
        let mut changes = vec![from];
        self.turns.iter().for_each(|turns| turns.changes(&self.zone, from, to, &mut changes));
        changes.extend(self.overrides.iter().flat_map(|one| [one.starts_at, one.ends_at]));
        changes.extend(self.zone.following(from).map(|transition| transition.timestamp()).take_while(|at| *at < to));
        changes.retain(|at| (from..to).contains(at));
        changes.sort_unstable();
        changes.dedup();
        let mut shifts: Vec<Shift> = Vec::new();
        for at in changes {
            let OnCall { member, source, .. } = self.on_call(at, |_| false);
            match shifts.last_mut() {
                Some(last) if last.member == member && last.source == source => continue,
                Some(last) => last.to = at,
                None => {}
            }
            shifts.push(Shift { member, from: at, to, source });
        }
        Ok(shifts)
    }

    /// The parts of a period in which nobody is on duty by plan.
    ///
    /// # Errors
    /// Those of [`Rota::shifts`].
    pub fn gaps(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Shift>, Refusal> {
        let shifts = self.shifts(from, to)?;
        Ok(shifts.into_iter().filter(|shift| shift.source == Source::Gap).collect())
    }
}
