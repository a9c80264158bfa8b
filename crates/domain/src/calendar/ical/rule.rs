//! Yearly recurrence (RFC 5545 §3.3.10): on which dates an event returns.

use jiff::civil::{Date, Weekday};

/// A rule of `FREQ=YEARLY`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    interval: i16,
    count: Option<u32>,
    until: Option<Date>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    /// The days of the week, each with its place in the month or year; 0 is every one.
    days: Vec<(i16, Weekday)>,
    places: Vec<i16>,
}

impl Rule {
    /// The rule that is written so, for an event that begins on `start`.
    ///
    /// # Errors
    /// Why it cannot be followed.
    pub(super) fn read(text: &str, start: Date) -> Result<Self, String> {
        let mut rule = Self { interval: 1, count: None, until: None, months: vec![], month_days: vec![], days: vec![], places: vec![] };
        let mut yearly = false;
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(|| wrong(part))?;
            let (name, value) = (name.to_ascii_uppercase(), value.to_ascii_uppercase());
            match name.as_str() {
                "FREQ" if value == "YEARLY" => yearly = true,
                "FREQ" => return Err(format!("It returns {}; only yearly rules are followed.", value.to_ascii_lowercase())),
                "INTERVAL" => rule.interval = value.parse().ok().filter(|years| *years >= 1).ok_or_else(|| wrong(part))?,
                "COUNT" => rule.count = Some(value.parse().ok().filter(|count| *count >= 1).ok_or_else(|| wrong(part))?),
                "UNTIL" => rule.until = Some(value.get(..8).and_then(date).ok_or_else(|| wrong(part))?),
                "BYMONTH" => rule.months = numbers(&value, 1..=12).ok_or_else(|| wrong(part))?,
                "BYMONTHDAY" => rule.month_days = numbers(&value, -31..=31).ok_or_else(|| wrong(part))?,
                "BYDAY" => rule.days = value.split(',').map(weekday).collect::<Option<_>>().ok_or_else(|| wrong(part))?,
                "BYSETPOS" => rule.places = numbers(&value, -366..=366).ok_or_else(|| wrong(part))?,
                // The first day of the week matters to week numbers only.
                "WKST" => {}
                _ => return Err(format!("Its rule has {name}, which is not followed.")),
            }
        }
        if !yearly {
            return Err("Its rule names no frequency.".into());
        }
        if rule.month_days.is_empty() && rule.days.is_empty() {
            rule.month_days.push(start.day());
            if rule.months.is_empty() {
                rule.months.push(start.month());
            }
        }
        Ok(rule)
    }

    /// The dates from `start` on, in the years up to `last`, in order. Without a `COUNT`, years before `first` are left out.
    pub(super) fn dates(&self, start: Date, first: i16, last: i16) -> Vec<Date> {
        let mut dates = Vec::new();
        let mut year = start.year();
        if self.count.is_none() && first > year {
            // The last year of the rule before `first`.
            year += (first - year) / self.interval * self.interval;
        }
        let most = self.count.map_or(usize::MAX, |count| count as usize);
        while year <= last && dates.len() < most {
            let of_year = self.of_year(year);
            dates.extend(of_year.into_iter().filter(|date| *date >= start && self.until.is_none_or(|until| *date <= until)));
            let Some(next) = year.checked_add(self.interval) else { break };
            year = next;
        }
        dates.truncate(most);
        dates
    }

    fn of_year(&self, year: i16) -> Vec<Date> {
        let mut dates = Vec::new();
        for month in (1..=12).filter(|month| self.months.is_empty() || self.months.contains(month)) {
            let Ok(first) = Date::new(year, month, 1) else { continue };
            let length = first.days_in_month();
            let days = (1..=length)
                .filter(|day| self.month_days.is_empty() || self.month_days.contains(day) || self.month_days.contains(&(day - length - 1)));
            dates.extend(days.filter_map(|day| Date::new(year, month, day).ok()).filter(|date| self.has_weekday(*date)));
        }
        if self.places.is_empty() {
            return dates;
        }
        let size = dates.len() as i16;
        let chosen = |place: i16| self.places.contains(&(place + 1)) || self.places.contains(&(place - size));
        (0..size).zip(dates).filter(|(place, _)| chosen(*place)).map(|(_, date)| date).collect()
    }

    /// Whether the date is one of the days of the week, counted in the month when months are named, in the year otherwise.
    fn has_weekday(&self, date: Date) -> bool {
        let (day, length) = if self.months.is_empty() {
            (date.day_of_year(), date.days_in_year())
        } else {
            (i16::from(date.day()), i16::from(date.days_in_month()))
        };
        let (from_start, from_end) = ((day - 1) / 7 + 1, -((length - day) / 7 + 1));
        let fits =
            |&(place, weekday): &(i16, Weekday)| weekday == date.weekday() && (place == 0 || place == from_start || place == from_end);
        self.days.is_empty() || self.days.iter().any(fits)
    }
}

/// A date that is written `YYYYMMDD`.
pub(super) fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?).ok()
}

fn wrong(part: &str) -> String {
    let part: String = part.chars().take(60).collect();
    format!("Its rule cannot be read at '{part}'.")
}

/// Numbers without 0, parted by commas.
fn numbers<T: std::str::FromStr + PartialOrd + Default>(list: &str, range: std::ops::RangeInclusive<T>) -> Option<Vec<T>> {
    let one = |text: &str| text.parse::<T>().ok().filter(|number| range.contains(number) && *number != T::default());
    list.split(',').map(one).collect()
}

/// `MO`, `2TU`, `-1FR`.
fn weekday(text: &str) -> Option<(i16, Weekday)> {
    let (place, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let day = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let place = if place.is_empty() { 0 } else { place.parse().ok().filter(|place: &i16| *place != 0 && place.abs() <= 53)? };
    Some((place, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(rule: &str, start: &str, first: i16, last: i16) -> Vec<String> {
        let start = date(start).unwrap();
        Rule::read(rule, start).unwrap().dates(start, first, last).into_iter().map(|date| date.to_string()).collect()
    }

    /// Cases of RFC 5545 §3.8.5.3 as far as they are yearly and by date, and holidays of several countries.
    #[test]
    fn rules_give_the_dates_that_the_calendar_shows() {
        let cases: &[(&str, &str, &[&str])] = &[
            ("FREQ=YEARLY", "20251225", &["2026-12-25", "2027-12-25"]),
            ("FREQ=YEARLY", "20240229", &[]),
            ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "20251127", &["2026-11-26", "2027-11-25"]),
            ("FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5", "20250526", &["2026-05-25", "2027-05-31"]),
            ("FREQ=YEARLY;BYMONTH=9;BYDAY=SU;BYMONTHDAY=15,16,17,18,19,20,21", "20250921", &["2026-09-20", "2027-09-19"]),
            ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=4", "20241105", &[]),
            ("FREQ=YEARLY;BYDAY=20MO", "20250519", &["2026-05-18", "2027-05-17"]),
            ("FREQ=YEARLY;BYMONTH=6;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "20250630", &["2026-06-30", "2027-06-30"]),
            ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=-1", "20251231", &["2026-12-31", "2027-12-31"]),
            ("FREQ=YEARLY;BYMONTH=1,7", "20250101", &["2026-01-01", "2026-07-01", "2027-01-01", "2027-07-01"]),
            ("FREQ=YEARLY;UNTIL=20261225T000000Z", "20201225", &["2026-12-25"]),
            ("FREQ=YEARLY;INTERVAL=2", "20211003", &["2027-10-03"]),
            ("FREQ=YEARLY;INTERVAL=2", "20201003", &["2026-10-03"]),
        ];
        for (rule, start, expected) in cases {
            let found: Vec<String> = dates(rule, start, 2026, 2027).into_iter().filter(|date| date.as_str() >= "2026").collect();
            assert_eq!(found, *expected, "{rule} from {start}");
        }
    }

    #[test]
    fn a_count_counts_from_the_first_date() {
        assert_eq!(dates("FREQ=YEARLY;COUNT=3", "20241003", 2026, 2030), ["2024-10-03", "2025-10-03", "2026-10-03"]);
        assert_eq!(dates("FREQ=YEARLY;COUNT=2;BYMONTH=2;BYMONTHDAY=29", "20200229", 2020, 2040), ["2020-02-29", "2024-02-29"]);
    }

    #[test]
    fn what_cannot_be_followed_says_why() {
        let wrong = [
            "FREQ=DAILY",
            "COUNT=3",
            "FREQ",
            "FREQ=YEARLY;BYWEEKNO=1",
            "FREQ=YEARLY;BYYEARDAY=1",
            "FREQ=YEARLY;INTERVAL=0",
            "FREQ=YEARLY;COUNT=-1",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;BYMONTHDAY=0",
            "FREQ=YEARLY;BYDAY=0MO",
            "FREQ=YEARLY;BYDAY=é",
            "FREQ=YEARLY;BYDAY=54MO",
            "FREQ=YEARLY;UNTIL=é0261225",
            "FREQ=YEARLY;UNTIL=2026",
            "FREQ=YEARLY;BYSETPOS=x",
        ];
        for rule in wrong {
            assert!(Rule::read(rule, date("20260101").unwrap()).is_err(), "{rule}");
        }
    }
}
