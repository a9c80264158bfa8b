//! Which calendars are refused; calendars by chance and a second reading of them for the tests of what is built on them.

use std::{cell::RefCell, collections::HashSet};

use jiff::{SignedDuration, civil::date, tz::TimeZoneDatabase};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Timestamp;

/// Zones with what makes clocks difficult, each with an instant near which it happens.
const ZONES: &[(&str, &str)] = &[
    ("UTC", "2026-02-28T12:00:00Z"),
    ("Europe/Berlin", "2026-03-29T01:00:00Z"),
    ("Europe/Berlin", "2026-10-25T01:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    // Half an hour of daylight saving time.
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    // Midnight itself is skipped or comes twice.
    ("Asia/Beirut", "2026-03-28T22:00:00Z"),
    ("Africa/Cairo", "2026-10-29T21:00:00Z"),
    ("America/Havana", "2026-11-01T05:00:00Z"),
    // Two hours at once.
    ("Antarctica/Troll", "2026-03-29T01:00:00Z"),
    // A whole day is skipped.
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Asia/Kathmandu", "2024-02-29T00:00:00Z"),
];

pub(crate) fn opening(days: &[Weekday], from: &str, to: &str) -> Opening {
    Opening { days: days.to_vec(), from: from.into(), to: to.into() }
}

fn closed(date: Date) -> CalendarException {
    CalendarException { date, openings: Vec::new(), label: None }
}

/// Monday to Friday, nine to five.
pub(crate) fn office(time_zone: &str) -> Calendar {
    Calendar { time_zone: time_zone.into(), weekly: vec![opening(&Weekday::ALL[..5], "09:00", "17:00")], exceptions: Vec::new() }
}

pub(crate) fn pointers(calendar: &Calendar) -> Vec<String> {
    let mut places = Places::default();
    calendar.validate(&mut places, "");
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

/// The rule of openness read once more, straight from what is written.
pub(crate) struct Reading<'a> {
    calendar: &'a Calendar,
    zone: jiff::tz::TimeZone,
    begun: RefCell<HashMap<Date, Vec<(u16, u16)>>>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(calendar: &'a Calendar) -> Self {
        let zone = TimeZoneDatabase::bundled().get(&calendar.time_zone).unwrap();
        Self { calendar, zone, begun: RefCell::default() }
    }

    /// How many openings hold at an instant of whole minutes.
    pub(crate) fn holding(&self, at: Timestamp) -> usize {
        let local = self.zone.to_datetime(at);
        let now = u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
        let (today, yesterday) = (local.date(), local.date().yesterday().unwrap());
        let crosses = |opening: &(u16, u16)| opening.1 <= opening.0;
        let begun = self.begun_on(today).into_iter().filter(|opening| opening.0 <= now && (crosses(opening) || now < opening.1));
        let exceptional = self.calendar.exceptions.iter().any(|exception| exception.date == today);
        let reaching = self.begun_on(yesterday).into_iter().filter(|opening| !exceptional && crosses(opening) && now < opening.1);
        begun.count() + reaching.count()
    }

    /// The openings that begin on a date.
    fn begun_on(&self, date: Date) -> Vec<(u16, u16)> {
        let read = |time: &str| time[..2].parse::<u16>().unwrap() * 60 + time[3..].parse::<u16>().unwrap();
        let find = || {
            if let Some(exception) = self.calendar.exceptions.iter().find(|exception| exception.date == date) {
                return exception.openings.iter().map(|opening| (read(&opening.from), read(&opening.to))).collect();
            }
            let name = format!("{:?}", date.weekday());
            let named = |opening: &&Opening| opening.days.iter().any(|day| format!("{day:?}") == name);
            self.calendar.weekly.iter().filter(named).map(|opening| (read(&opening.from), read(&opening.to))).collect()
        };
        self.begun.borrow_mut().entry(date).or_insert_with(find).clone()
    }
}

fn time() -> impl Strategy<Value = String> {
    (0u16..=24 * 60).prop_map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60))
}

fn raw_opening() -> impl Strategy<Value = Opening> {
    let days = prop::sample::subsequence(Weekday::ALL.to_vec(), 1..=7);
    (days, time(), time()).prop_map(|(days, from, to)| Opening { days, from, to })
}

/// A calendar that is valid, with an instant of whole minutes near which its clock does something.
pub(crate) fn calendars() -> impl Strategy<Value = (Calendar, Timestamp)> {
    let exception = (-6i64..=12, prop::collection::vec((time(), time()), 0..=2));
    let parts = (prop::sample::select(ZONES), prop::collection::vec(raw_opening(), 1..=6), prop::collection::vec(exception, 0..=4));
    (parts, -8 * 1440i64..=2 * 1440).prop_filter_map("never open", |(((zone, near), openings, exceptions), minutes)| {
        let near: Timestamp = near.parse().unwrap();
        let mut calendar = Calendar { time_zone: zone.into(), weekly: Vec::new(), exceptions: Vec::new() };
        // What does not fit the rest is left out.
        for opening in openings {
            calendar.weekly.push(opening);
            if !pointers(&calendar).is_empty() {
                calendar.weekly.pop();
            }
        }
        let day = TimeZoneDatabase::bundled().get(zone).unwrap().to_datetime(near).date();
        for (days, openings) in exceptions {
            let openings = openings.into_iter().map(|(from, to)| DateOpening { from, to }).collect();
            calendar.exceptions.push(CalendarException { openings, ..closed(day + jiff::Span::new().days(days)) });
            if !pointers(&calendar).is_empty() {
                calendar.exceptions.pop();
            }
        }
        let start = near + SignedDuration::from_mins(minutes);
        pointers(&calendar).is_empty().then_some((calendar, start))
    })
}

#[test]
fn calendars_are_written_like_this() {
    let written = json!({
        "time_zone": "Europe/Berlin",
        "weekly": [{"days": ["monday", "friday"], "from": "09:00", "to": "17:00"}, {"days": ["saturday"], "from": "00:00", "to": "24:00"}],
        "exceptions": [
            {"date": "2026-12-25", "openings": [], "label": "Christmas Day"},
            {"date": "2026-12-24", "openings": [{"from": "09:00", "to": "12:00"}], "label": null},
        ],
    });
    let calendar: Calendar = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(pointers(&calendar), Vec::<String>::new());
    assert_eq!(serde_json::to_value(&calendar).unwrap(), written);
}

#[test]
fn openings_that_touch_are_right() {
    let shifts =
        [opening(&Weekday::ALL, "06:00", "14:00"), opening(&Weekday::ALL, "14:00", "22:00"), opening(&Weekday::ALL, "22:00", "06:00")];
    assert!(pointers(&Calendar { weekly: shifts.to_vec(), ..office("UTC") }).is_empty());
    let whole_days = [opening(&Weekday::ALL, "08:00", "08:00")];
    assert!(pointers(&Calendar { weekly: whole_days.to_vec(), ..office("UTC") }).is_empty());
}

#[test]
fn openings_that_overlap_are_named() {
    use Weekday::*;
    let cases: &[(&str, [Opening; 2])] = &[
        ("on one day", [opening(&[Monday], "09:00", "12:00"), opening(&[Monday], "11:59", "13:00")]),
        ("across midnight", [opening(&[Monday], "22:00", "06:00"), opening(&[Tuesday], "05:00", "07:00")]),
        ("one inside another", [opening(&[Monday], "00:00", "24:00"), opening(&[Monday], "23:00", "23:30")]),
        ("after a shorter one inside", [opening(&[Monday], "08:00", "18:00"), opening(&[Monday], "17:00", "19:00")]),
    ];
    for (name, weekly) in cases {
        assert_eq!(pointers(&Calendar { weekly: weekly.to_vec(), ..office("UTC") }), ["/weekly/1"], "{name}");
    }
    let wrapping = vec![opening(&[Monday], "01:00", "02:00"), opening(&[Sunday], "23:00", "01:30")];
    assert_eq!(pointers(&Calendar { weekly: wrapping, ..office("UTC") }), ["/weekly/0"], "from Sunday into Monday");
    let itself = vec![opening(&[Monday, Tuesday], "08:00", "09:00"), opening(&[Wednesday, Wednesday], "08:00", "09:00")];
    assert_eq!(pointers(&Calendar { weekly: itself, ..office("UTC") }), ["/weekly/1/days"]);
}

#[test]
fn exceptions_that_overlap_are_named() {
    let of = |openings: &[(&str, &str)], day| {
        let openings = openings.iter().map(|(from, to)| DateOpening { from: (*from).into(), to: (*to).into() }).collect();
        CalendarException { openings, ..closed(date(2026, 12, day)) }
    };
    let wrong = |exceptions: Vec<CalendarException>| pointers(&Calendar { exceptions, ..office("Europe/Berlin") });
    assert_eq!(wrong(vec![of(&[("09:00", "12:00"), ("11:00", "13:00")], 24)]), ["/exceptions/0/openings/1"]);
    assert_eq!(wrong(vec![closed(date(2026, 12, 25)), closed(date(2026, 12, 25))]), ["/exceptions/1/date"]);
    // 22 December 2026 is a Tuesday, and Wednesday opens at nine.
    assert_eq!(wrong(vec![of(&[("20:00", "09:30")], 22)]), ["/exceptions/0/openings/0"]);
    assert!(wrong(vec![of(&[("20:00", "09:00")], 22)]).is_empty());
    assert!(wrong(vec![of(&[("20:00", "09:30")], 22), closed(date(2026, 12, 23))]).is_empty());
}

#[test]
fn every_wrong_place_is_named() {
    let calendar = Calendar {
        time_zone: "Europe/Berln".into(),
        weekly: vec![
            opening(&[], "9:00", "17:00"),
            opening(&[Weekday::Monday], "24:00", "24:01"),
            opening(&[Weekday::Monday], "08:60", "é0:0"),
        ],
        exceptions: vec![CalendarException { label: Some("a".repeat(121)), ..closed(date(2026, 1, 1)) }],
    };
    let expected = [
        "/time_zone",
        "/weekly/0/days",
        "/weekly/0/from",
        "/weekly/1/from",
        "/weekly/1/to",
        "/weekly/2/from",
        "/weekly/2/to",
        "/exceptions/0/label",
    ];
    assert_eq!(pointers(&calendar), expected);
    assert!(Hours::of(&calendar).is_err());
}

#[test]
fn a_calendar_that_is_never_open_is_refused() {
    let never = Calendar { weekly: Vec::new(), exceptions: vec![closed(date(2026, 1, 1))], ..office("UTC") };
    assert_eq!(pointers(&never), ["/weekly"]);
    let once = DateOpening { from: "09:00".into(), to: "10:00".into() };
    let exceptions = vec![CalendarException { openings: vec![once], ..closed(date(2026, 1, 1)) }];
    assert!(pointers(&Calendar { exceptions, ..never }).is_empty());
}

#[test]
fn a_zone_is_named_as_the_database_names_it() {
    for good in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Calcutta"] {
        assert!(pointers(&office(good)).is_empty(), "{good}");
    }
    for bad in ["", "utc", "europe/berlin", "Etc/Unknown", "CET-1CEST", "+02:00", "../etc/localtime", "Mars/Olympus_Mons"] {
        assert_eq!(pointers(&office(bad)), ["/time_zone"], "{bad}");
    }
}

#[test]
fn limits_hold() {
    let many = Calendar { weekly: vec![opening(&[Weekday::Monday], "09:00", "10:00"); 51], ..office("UTC") };
    assert!(pointers(&many).contains(&"/weekly".into()));
    let day = |n: usize| closed(date(2026, 1, 1) + jiff::Span::new().days(n as i64));
    let exceptions: Vec<_> = (0..1_001).map(day).collect();
    assert!(pointers(&Calendar { exceptions: exceptions[..1_000].to_vec(), ..office("UTC") }).is_empty());
    assert_eq!(pointers(&Calendar { exceptions, ..office("UTC") }), ["/exceptions"]);
}

#[test]
fn a_weekday_knows_its_dates() {
    // 5 January 2026 is a Monday.
    let found: Vec<Weekday> = (5..12).map(|day| Weekday::of(date(2026, 1, day))).collect();
    assert_eq!(found, Weekday::ALL);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_week_is_refused_exactly_when_two_openings_hold_at_once(weekly in prop::collection::vec(raw_opening(), 1..=4)) {
        let calendar = Calendar { weekly, ..office("UTC") };
        let wrong = pointers(&calendar);
        prop_assume!(wrong.iter().all(|pointer| !pointer.ends_with("/from")));
        let monday: Timestamp = "2026-01-05T00:00:00Z".parse().unwrap();
        let reading = Reading::of(&calendar);
        let overlaps = (0..7 * 1440).any(|minute| reading.holding(monday + SignedDuration::from_mins(minute)) > 1);
        prop_assert_eq!(!wrong.is_empty(), overlaps);
        prop_assert_eq!(wrong.iter().collect::<HashSet<_>>().len(), wrong.len());
    }
}
