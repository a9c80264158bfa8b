//! Business time: when work is done in one place of the world, and how much of it lies between two instants.
//!
//! A [`Calendar`] is what people write: a time zone, the openings of a week, and dates on which something else holds. [`Hours`] is the same made ready for
//! reckoning; [`ical`] reads holidays from an iCalendar file.
//!
//! One rule gives every answer: at an instant it is open if and only if the wall clock of the zone then shows a time inside an opening. So an hour that the clock
//! skips is not worked, an hour that it shows twice is worked twice, and durations are elapsed time, whatever the clock does.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    refusal::Places,
    text::{self, Limit},
};

mod hours;
pub mod ical;

pub use hours::Hours;

/// Minutes of a civil day.
const DAY: u16 = 24 * 60;
/// Minutes of a week.
const WEEK: u16 = 7 * DAY;
/// How many openings a week or a date has at most.
pub const MAX_OPENINGS: usize = 50;
/// How many exceptions a calendar has at most.
pub const MAX_EXCEPTIONS: usize = 1_000;
/// How many characters the label of an exception has at most.
pub const MAX_LABEL: usize = 120;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days name themselves")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Every day, in order.
    pub const ALL: [Self; 7] = [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// The day as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// Days since Monday.
    fn index(self) -> u16 {
        self as u16
    }

    /// The day of a date.
    fn of(date: Date) -> Self {
        let monday_based = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        Self::ALL.into_iter().nth(monday_based).unwrap_or(Self::Monday)
    }
}

/// Hours of days of the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The days on which it begins.
    pub days: Vec<Weekday>,
    /// When it begins, `HH:MM` on the wall clock, from 00:00 to 23:59.
    pub from: String,
    /// When it ends, up to 24:00. At or before `from` it ends on the next day: 22:00–06:00 is a night, 08:00–08:00 a whole day.
    pub to: String,
}

/// Hours of one date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DateOpening {
    /// When it begins, as in [`Opening`].
    pub from: String,
    /// When it ends, as in [`Opening`].
    pub to: String,
}

/// A date on which the week does not hold: from its first to its last minute only these openings do.
///
/// An opening of the evening before ends at its midnight, and the openings of the week that would begin on it do not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarException {
    /// The date, `YYYY-MM-DD`, in the zone of the calendar.
    pub date: Date,
    /// When it is open; empty is closed all day. One that crosses midnight reaches into the next date, unless that is an exception as well.
    #[serde(default)]
    pub openings: Vec<DateOpening>,
    /// Why, as people call it.
    #[serde(default)]
    pub label: Option<String>,
}

/// When work is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    /// The name of a zone in the IANA database, in its spelling: `Europe/Berlin`, `UTC`.
    pub time_zone: String,
    /// The hours of an ordinary week.
    #[serde(default)]
    pub weekly: Vec<Opening>,
    /// The dates on which other hours hold.
    #[serde(default)]
    pub exceptions: Vec<CalendarException>,
}

impl Calendar {
    /// Notes every wrong place below the pointer `at`.
    pub fn validate(&self, places: &mut Places, at: &str) {
        if let Err(problem) = hours::zone(&self.time_zone) {
            places.add(format!("{at}/time_zone"), problem);
        }
        let opens = !self.weekly.is_empty() || self.exceptions.iter().any(|exception| !exception.openings.is_empty());
        places.require(opens, &format!("{at}/weekly"), "The calendar is never open: nothing would ever be due.");
        self.check_weekly(places, &format!("{at}/weekly"));
        self.check_exceptions(places, &format!("{at}/exceptions"));
    }

    fn check_weekly(&self, places: &mut Places, at: &str) {
        places.require(self.weekly.len() <= MAX_OPENINGS, at, "At most 50 openings.");
        // Minutes since Monday 00:00; an end may lie beyond the week.
        let mut taken = Vec::new();
        for (i, opening) in self.weekly.iter().enumerate().take(MAX_OPENINGS) {
            let at = format!("{at}/{i}");
            places.require(!opening.days.is_empty(), &format!("{at}/days"), "Needs at least one day.");
            let distinct: HashSet<_> = opening.days.iter().collect();
            places.require(distinct.len() == opening.days.len(), &format!("{at}/days"), "A day is named twice.");
            if let Some((from, to)) = check_times(places, &at, &opening.from, &opening.to) {
                taken.extend(distinct.into_iter().map(|day| (day.index() * DAY + from, day.index() * DAY + to, i)));
            }
        }
        taken.sort_unstable();
        // What reaches beyond Sunday stands before Monday.
        let wrapped = taken.iter().filter(|(_, to, _)| *to > WEEK).map(|&(_, to, i)| (to - WEEK, i)).max();
        let mut reach = wrapped;
        let mut named = HashSet::new();
        for &(from, to, i) in &taken {
            if let Some((until, other)) = reach.filter(|(until, _)| *until > from)
                && named.insert(i)
            {
                let day = Weekday::ALL.get(usize::from(from / DAY)).map_or("", |day| day.as_str());
                let until = clock(until);
                places.add(format!("{at}/{i}"), format!("Begins on {day} at {} while opening {other} lasts until {until}.", clock(from)));
            }
            reach = reach.max(Some((to, i)));
        }
    }

    fn check_exceptions(&self, places: &mut Places, at: &str) {
        places.require(self.exceptions.len() <= MAX_EXCEPTIONS, at, "At most 1000 exceptions.");
        let mut dates: HashMap<Date, usize> = HashMap::new();
        for (i, exception) in self.exceptions.iter().enumerate().take(MAX_EXCEPTIONS) {
            if let Some(other) = dates.insert(exception.date, i) {
                places.add(format!("{at}/{i}/date"), format!("Exception {other} is for {} as well.", exception.date));
            }
        }
        for (i, exception) in self.exceptions.iter().enumerate().take(MAX_EXCEPTIONS) {
            let at = format!("{at}/{i}");
            text::check_opt(places, &format!("{at}/label"), exception.label.as_deref(), Limit::line(1, MAX_LABEL));
            let at = format!("{at}/openings");
            places.require(exception.openings.len() <= MAX_OPENINGS, &at, "At most 50 openings.");
            let mut taken = Vec::new();
            for (k, opening) in exception.openings.iter().enumerate().take(MAX_OPENINGS) {
                let times = check_times(places, &format!("{at}/{k}"), &opening.from, &opening.to);
                taken.extend(times.map(|(from, to)| (from, to, k)));
            }
            taken.sort_unstable();
            let mut reach: Option<(u16, usize)> = None;
            for &(from, to, k) in &taken {
                if let Some((_, other)) = reach.filter(|(until, _)| *until > from) {
                    places.add(format!("{at}/{k}"), format!("Begins while opening {other} lasts."));
                }
                reach = reach.max(Some((to, k)));
            }
            let next = exception.date.tomorrow().ok().filter(|next| !dates.contains_key(next));
            let first = next.and_then(|next| self.first_opening(Weekday::of(next)));
            if let (Some((until, k)), Some(first)) = (reach, first)
                && until > DAY + first
            {
                places.add(format!("{at}/{k}"), format!("Lasts beyond {}, when the next day opens.", clock(first)));
            }
        }
    }

    /// When the first opening of the week that begins on this day begins.
    fn first_opening(&self, day: Weekday) -> Option<u16> {
        let openings = self.weekly.iter().filter(|opening| opening.days.contains(&day));
        openings.filter_map(|opening| minutes(&opening.from)).min()
    }
}

/// The two times of an opening in minutes since midnight, the end after the beginning, if both are right.
fn check_times(places: &mut Places, at: &str, from: &str, to: &str) -> Option<(u16, u16)> {
    let beginning = minutes(from).filter(|from| *from < DAY);
    places.require(beginning.is_some(), &format!("{at}/from"), "Must be a time HH:MM from 00:00 to 23:59.");
    places.require(minutes(to).is_some(), &format!("{at}/to"), "Must be a time HH:MM from 00:00 to 24:00.");
    span(from, to)
}

/// The minutes since midnight of both times; an end at or before the beginning is one of the next day.
fn span(from: &str, to: &str) -> Option<(u16, u16)> {
    let (from, to) = (minutes(from).filter(|from| *from < DAY)?, minutes(to)?);
    Some((from, if to <= from { to + DAY } else { to }))
}

/// `HH:MM` in minutes since midnight, up to 24:00.
fn minutes(time: &str) -> Option<u16> {
    let [h1, h2, b':', m1, m2] = *time.as_bytes() else { return None };
    if ![h1, h2, m1, m2].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let two = |tens: u8, ones: u8| u16::from(tens - b'0') * 10 + u16::from(ones - b'0');
    let (hour, minute) = (two(h1, h2), two(m1, m2));
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

/// Minutes since some midnight as a time of the day.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes % DAY / 60, minutes % 60)
}

#[cfg(test)]
pub(crate) mod tests;
