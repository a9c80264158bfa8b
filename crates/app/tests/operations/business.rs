//! Business time reckoned another way than the server does: minute by minute, by what the wall clock of the zone shows.

use signoff_domain::{Timestamp, calendar::Calendar};

/// Seconds from midnight that an opening's `HH:MM` means.
fn minutes(clock: &str) -> u16 {
    let (hours, minutes) = clock.split_once(':').unwrap();
    hours.parse::<u16>().unwrap() * 60 + minutes.parse::<u16>().unwrap()
}

/// How many minutes of each calendar were open before each minute of the simulated time.
pub(crate) struct Business {
    /// The first minute, in minutes since 1970.
    first: i64,
    /// Before minute i so many were open.
    open_before: Vec<i64>,
}

impl Business {
    /// Reckons `days` from `from` on.
    pub(crate) fn of(calendar: &Calendar, from: Timestamp, days: i64) -> Self {
        let first = from.as_second().div_euclid(60);
        let mut open_before = vec![0];
        for minute in first..first + days * 1_440 {
            let open = is_open(calendar, Timestamp::from_second(minute * 60).unwrap());
            open_before.push(open_before.last().unwrap() + i64::from(open));
        }
        Self { first, open_before }
    }

    /// Open microseconds between two instants.
    pub(crate) fn elapsed(&self, from: Timestamp, to: Timestamp) -> i64 {
        self.until(to) - self.until(from)
    }

    fn until(&self, at: Timestamp) -> i64 {
        let micros = at.as_microsecond() - self.first * 60_000_000;
        let minute = usize::try_from(micros.div_euclid(60_000_000)).unwrap();
        let (before, after) = (self.open_before[minute], self.open_before[minute + 1]);
        before * 60_000_000 + (after - before) * micros.rem_euclid(60_000_000)
    }
}

/// Whether the wall clock shows a time inside an opening of this weekday, or of the one before that crosses midnight. Calendars here have no exceptions beside
/// closed dates.
fn is_open(calendar: &Calendar, at: Timestamp) -> bool {
    let local = at.to_zoned(jiff::tz::TimeZone::get(&calendar.time_zone).unwrap());
    if calendar.exceptions.iter().any(|exception| exception.date == local.date()) {
        return false;
    }
    let shown = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
    let name = |weekday: jiff::civil::Weekday| format!("{weekday:?}").to_lowercase();
    let (today, before) = (name(local.weekday()), name(local.weekday().previous()));
    let before_is_closed = local.date().yesterday().is_ok_and(|date| calendar.exceptions.iter().any(|exception| exception.date == date));
    calendar.weekly.iter().any(|opening| {
        let (opens, closes) = (minutes(&opening.from), minutes(&opening.to));
        let on = |day: &str| opening.days.iter().any(|weekday| weekday.as_str() == day);
        let crosses = closes <= opens;
        let begun_today = on(&today) && shown >= opens && (crosses || shown < closes);
        let begun_before = crosses && on(&before) && !before_is_closed && shown < closes;
        begun_today || begun_before
    })
}
