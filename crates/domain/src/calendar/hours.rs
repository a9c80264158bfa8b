//! A calendar made ready for reckoning: when a budget of business time is used up, and how much of it has passed.
//!
//! Time is walked in stretches of one UTC offset, so that inside a stretch wall clock and UTC differ by a constant and a day is 24 hours.
//! Where the clock jumps a new stretch begins; nothing else has to be known of daylight saving time.

use std::{collections::HashSet, ops::ControlFlow};

use jiff::{SignedDuration, civil::Date, tz::TimeZone, tz::TimeZoneDatabase};

use super::{Calendar, DAY as DAY_MINUTES, Weekday, span};
use crate::{Refusal, Timestamp, refusal::Places};

const SECOND: i128 = 1_000_000_000;
const MINUTE: i128 = 60 * SECOND;
const DAY: i128 = 24 * 60 * MINUTE;
/// Ten years: how far ahead something is looked for.
const HORIZON: i128 = 3_653 * DAY;

/// Parts of one civil day in minutes since its midnight, in order, apart from each other.
type Parts = Vec<(u16, u16)>;

/// The zone of this name, from the database that is built in.
///
/// # Errors
/// What is wrong with the name, in a sentence.
pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    let unknown = || "Must be the name of a time zone in the IANA database, such as Europe/Berlin.".to_owned();
    let zone = TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())?;
    match zone.iana_name() {
        Some(spelled) if spelled == name && !zone.is_unknown() => Ok(zone),
        // The database does not mind the case, other programs do.
        Some(spelled) if !zone.is_unknown() => Err(format!("The time zone is spelled {spelled}.")),
        _ => Err(unknown()),
    }
}

/// The open hours of a calendar, or all hours.
#[derive(Debug, Clone)]
pub struct Hours(Option<Local>);

#[derive(Debug, Clone)]
struct Local {
    zone: TimeZone,
    /// The parts of an ordinary day, from Monday on.
    week: [Parts; 7],
    /// The dates, in days since 1970-01-01, that are not ordinary; sorted.
    dates: Vec<(i128, Parts)>,
}

impl Hours {
    /// Always open: business time is elapsed time.
    #[must_use]
    pub fn always() -> Self {
        Self(None)
    }

    /// The hours of a calendar.
    ///
    /// # Errors
    /// What [`Calendar::validate`] finds, with pointers into the calendar.
    pub fn of(calendar: &Calendar) -> Result<Self, Refusal> {
        let mut places = Places::default();
        calendar.validate(&mut places, "");
        places.finish()?;
        let zone = zone(&calendar.time_zone).map_err(|problem| Refusal::invalid("/time_zone", problem))?;
        let mut week = [const { Vec::new() }; 7];
        for (day, parts) in Weekday::ALL.into_iter().zip(&mut week) {
            let before = Weekday::ALL[(usize::from(day.index()) + 6) % 7];
            *parts = merged([tails(calendar, before), heads(calendar, day)].concat());
        }
        let named: HashSet<Date> = calendar.exceptions.iter().map(|exception| exception.date).collect();
        let mut dates: Vec<(i128, Parts)> = Vec::new();
        for exception in &calendar.exceptions {
            let spans: Parts = exception.openings.iter().filter_map(|opening| span(&opening.from, &opening.to)).collect();
            dates.push((day_number(exception.date), merged(spans.iter().copied().map(head).collect())));
            // The next date is not ordinary either: from this one other openings reach into it than usual.
            if let Some(next) = exception.date.tomorrow().ok().filter(|next| !named.contains(next)) {
                let reaching = spans.into_iter().filter_map(tail).collect();
                dates.push((day_number(next), merged([reaching, heads(calendar, Weekday::of(next))].concat())));
            }
        }
        dates.sort_unstable();
        Ok(Self(Some(Local { zone, week, dates })))
    }

    /// The first instant at which `budget` of open time has passed since `start`; `start` itself when there is no budget to use up.
    /// `None` when that is more than ten years ahead.
    #[must_use]
    pub fn due(&self, start: Timestamp, budget: SignedDuration) -> Option<Timestamp> {
        let (from, mut left) = (start.as_nanosecond(), budget.as_nanos());
        if left <= 0 {
            return Some(start);
        }
        let until = horizon(from);
        let due = self.walk(from, until, |from, to| {
            if left <= to - from {
                return ControlFlow::Break(from + left);
            }
            left -= to - from;
            ControlFlow::Continue(())
        });
        due.and_then(|due| Timestamp::from_nanosecond(due).ok())
    }

    /// How much open time lies between two instants; none when `to` is not after `from`.
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut open = 0;
        self.walk(from.as_nanosecond(), to.as_nanosecond(), |from, to| {
            open += to - from;
            ControlFlow::Continue(())
        });
        // All time that a timestamp can hold has less than 2⁶⁰ seconds.
        SignedDuration::new((open / SECOND) as i64, (open % SECOND) as i32)
    }

    /// Whether it is open at this instant. The minute of an end is closed.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let at = at.as_nanosecond();
        self.walk(at, at + 1, |_, _| ControlFlow::Break(at)).is_some()
    }

    /// The first instant from `at` on at which it is open: `at` itself when it is. `None` when that is more than ten years ahead.
    #[must_use]
    pub fn next_opening(&self, at: Timestamp) -> Option<Timestamp> {
        let from = at.as_nanosecond();
        let opening = self.walk(from, horizon(from), |from, _| ControlFlow::Break(from));
        opening.and_then(|opening| Timestamp::from_nanosecond(opening).ok())
    }

    /// Shows `visit` the open stretches between two instants, in order, until it has seen enough. All in nanoseconds since 1970.
    fn walk(&self, from: i128, until: i128, mut visit: impl FnMut(i128, i128) -> ControlFlow<i128>) -> Option<i128> {
        let Some(local) = &self.0 else {
            return if from < until { visit(from, until).break_value() } else { None };
        };
        let mut at = from;
        while at < until {
            let instant = Timestamp::from_nanosecond(at).ok()?;
            let shift = i128::from(local.zone.to_offset(instant).seconds()) * SECOND;
            let change = local.zone.following(instant).next().map(|change| change.timestamp().as_nanosecond());
            let end = change.map_or(until, |change| change.min(until));
            // What the wall clock shows, as if it were UTC.
            let (first, last) = (at + shift, end + shift);
            let mut day = first.div_euclid(DAY);
            while day * DAY < last {
                for &(opens, closes) in local.day(day) {
                    let opens = (day * DAY + i128::from(opens) * MINUTE).max(first);
                    let closes = (day * DAY + i128::from(closes) * MINUTE).min(last);
                    if opens < closes
                        && let ControlFlow::Break(found) = visit(opens - shift, closes - shift)
                    {
                        return Some(found);
                    }
                }
                day += 1;
            }
            at = end;
        }
        None
    }
}

impl Local {
    /// The open parts of a date, given in days since 1970-01-01, a Thursday.
    fn day(&self, day: i128) -> &[(u16, u16)] {
        match self.dates.binary_search_by_key(&day, |(date, _)| *date) {
            Ok(found) => &self.dates[found].1,
            Err(_) => &self.week[(day + 3).rem_euclid(7) as usize],
        }
    }
}

/// Ten years on, or the end of time.
fn horizon(from: i128) -> i128 {
    (from + HORIZON).min(Timestamp::MAX.as_nanosecond())
}

/// Days since 1970-01-01.
fn day_number(date: Date) -> i128 {
    i128::from(date.duration_since(Date::constant(1970, 1, 1)).as_hours()) / 24
}

/// What the openings that begin on this day cover of it.
fn heads(calendar: &Calendar, day: Weekday) -> Parts {
    spans(calendar, day).map(head).collect()
}

/// What the openings that begin on this day cover of the next.
fn tails(calendar: &Calendar, day: Weekday) -> Parts {
    spans(calendar, day).filter_map(tail).collect()
}

fn spans(calendar: &Calendar, day: Weekday) -> impl Iterator<Item = (u16, u16)> {
    let openings = calendar.weekly.iter().filter(move |opening| opening.days.contains(&day));
    openings.filter_map(|opening| span(&opening.from, &opening.to))
}

/// What an opening covers of the day on which it begins.
fn head((from, to): (u16, u16)) -> (u16, u16) {
    (from, to.min(DAY_MINUTES))
}

/// What it covers of the next.
fn tail((_, to): (u16, u16)) -> Option<(u16, u16)> {
    (to > DAY_MINUTES).then(|| (0, to - DAY_MINUTES))
}

/// The same in order, with those that touch made one.
fn merged(mut parts: Parts) -> Parts {
    parts.sort_unstable();
    parts.dedup_by(|later, earlier| {
        let touches = later.0 <= earlier.1;
        if touches {
            earlier.1 = earlier.1.max(later.1);
        }
        touches
    });
    parts
}

#[cfg(test)]
mod tests;
