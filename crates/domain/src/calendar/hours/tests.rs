//! Business time against published cases, at the jumps of clocks, and against walking minute by minute.

use jiff::{civil::date, tz::TimeZoneDatabase};
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::calendar::{
    CalendarException, DateOpening,
    tests::{Reading, calendars, office, opening},
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A published case: `start` and `minutes` give `due`, around `pauses`, or the minutes between two instants are counted.
#[derive(Deserialize)]
struct Case {
    id: String,
    tz: String,
    week: String,
    start: Option<Timestamp>,
    minutes: Option<i64>,
    #[serde(default)]
    pauses: Vec<(Timestamp, Timestamp)>,
    due: Option<Timestamp>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    elapsed_minutes: Option<i64>,
}

impl Case {
    fn hours(&self) -> Hours {
        let full = |time: &str| if time.len() == 2 { format!("{time}:00") } else { time.to_owned() };
        let weekly = match self.week.strip_prefix("Mon-Fri ") {
            None => {
                assert_eq!(self.week, "24x7");
                vec![opening(&Weekday::ALL, "00:00", "24:00")]
            }
            Some(times) => {
                let parts = times.split(',').map(|part| part.split_once('-').unwrap());
                parts.map(|(from, to)| opening(&Weekday::ALL[..5], &full(from), &full(to))).collect()
            }
        };
        Hours::of(&Calendar { weekly, ..office(&self.tz) }).unwrap()
    }
}

#[test]
fn the_published_cases_come_out() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../business_time.json")).unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        let hours = case.hours();
        if let (Some(mut start), Some(minutes)) = (case.start, case.minutes) {
            let mut left = SignedDuration::from_mins(minutes);
            for (paused, resumed) in &case.pauses {
                left -= hours.elapsed(start, *paused);
                start = *resumed;
            }
            assert_eq!(hours.due(start, left), case.due, "{}", case.id);
        } else {
            let elapsed = hours.elapsed(case.from.unwrap(), case.to.unwrap());
            assert_eq!(elapsed, SignedDuration::from_mins(case.elapsed_minutes.unwrap()), "{}", case.id);
        }
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn nightly(zone: &str, from: &str, to: &str) -> Hours {
    Hours::of(&Calendar { weekly: vec![opening(&Weekday::ALL, from, to)], ..office(zone) }).unwrap()
}

#[test]
fn an_hour_that_is_skipped_is_not_worked_and_one_that_comes_twice_is_worked_twice() {
    let nights = nightly("Europe/Berlin", "22:00", "06:00");
    let night = |from, to| nights.elapsed(at(from), at(to)).as_mins();
    assert_eq!(night("2026-03-27T12:00Z", "2026-03-28T12:00Z"), 8 * 60);
    assert_eq!(night("2026-03-28T12:00Z", "2026-03-29T12:00Z"), 7 * 60);
    assert_eq!(night("2026-10-24T12:00Z", "2026-10-25T12:00Z"), 9 * 60);
}

#[test]
fn an_opening_inside_the_skipped_hour_does_not_happen() {
    let hours = nightly("Europe/Berlin", "02:15", "02:45");
    assert_eq!(hours.elapsed(at("2026-03-28T22:00Z"), at("2026-03-29T22:00Z")), SignedDuration::ZERO);
    assert_eq!(hours.next_opening(at("2026-03-28T22:00Z")), Some(at("2026-03-30T00:15Z")));
    // In autumn it happens twice, and is shut in between.
    let due = hours.due(at("2026-10-24T22:00Z"), SignedDuration::from_mins(45));
    assert_eq!(due, Some(at("2026-10-25T01:30Z")));
    assert!(!hours.is_open(at("2026-10-25T00:50Z")));
}

#[test]
fn an_opening_that_begins_in_the_skipped_hour_begins_when_the_clock_goes_on() {
    let hours = nightly("Europe/Berlin", "02:30", "04:00");
    assert_eq!(hours.next_opening(at("2026-03-28T22:00Z")), Some(at("2026-03-29T01:00Z")));
    assert_eq!(hours.due(at("2026-03-28T22:00Z"), SignedDuration::from_mins(60)), Some(at("2026-03-29T02:00Z")));
}

#[test]
fn a_day_that_a_country_skips_has_no_hours() {
    let hours = nightly("Pacific/Apia", "00:00", "24:00");
    let offices = nightly("Pacific/Apia", "09:00", "17:00");
    let (from, to) = (at("2011-12-29T10:00Z"), at("2011-12-31T10:00Z"));
    assert_eq!(hours.elapsed(from, to), SignedDuration::from_hours(48));
    assert_eq!(offices.elapsed(from, to), SignedDuration::from_hours(16));
}

#[test]
fn a_closed_date_is_closed_from_midnight_to_midnight() {
    let christmas = CalendarException { date: date(2026, 12, 25), openings: Vec::new(), label: None };
    let weekly = vec![opening(&Weekday::ALL, "22:00", "06:00")];
    let hours = Hours::of(&Calendar { weekly, exceptions: vec![christmas], ..office("Europe/Berlin") }).unwrap();
    assert!(hours.is_open(at("2026-12-24T22:59:59Z")));
    assert!(!hours.is_open(at("2026-12-24T23:00Z")), "the shift before ends at midnight");
    assert!(!hours.is_open(at("2026-12-25T22:00Z")), "its own shift does not begin");
    assert!(!hours.is_open(at("2026-12-26T02:00Z")));
    assert_eq!(hours.next_opening(at("2026-12-25T02:00Z")), Some(at("2026-12-26T21:00Z")));
}

#[test]
fn an_exception_opens_a_day_and_may_reach_into_the_next() {
    let saturday = DateOpening { from: "20:00".into(), to: "02:00".into() };
    let exceptions = vec![CalendarException { date: date(2026, 3, 21), openings: vec![saturday], label: None }];
    let hours = Hours::of(&Calendar { exceptions, ..office("Europe/Berlin") }).unwrap();
    assert_eq!(hours.due(at("2026-03-20T16:00Z"), SignedDuration::from_hours(6)), Some(at("2026-03-22T01:00Z")));
    assert_eq!(hours.due(at("2026-03-20T16:00Z"), SignedDuration::from_hours(7)), Some(at("2026-03-23T09:00Z")));
}

#[test]
fn the_instant_of_an_end_is_closed_and_a_budget_may_end_on_it() {
    let hours = Hours::of(&office("UTC")).unwrap();
    assert!(hours.is_open(at("2026-03-20T09:00Z")) && !hours.is_open(at("2026-03-20T17:00Z")));
    assert_eq!(hours.due(at("2026-03-20T16:00Z"), SignedDuration::from_hours(1)), Some(at("2026-03-20T17:00Z")));
    assert_eq!(hours.next_opening(at("2026-03-20T17:00Z")), Some(at("2026-03-23T09:00Z")));
    assert_eq!(hours.next_opening(at("2026-03-20T12:00Z")), Some(at("2026-03-20T12:00Z")));
}

#[test]
fn nothing_to_use_up_is_due_at_once() {
    let hours = Hours::of(&office("UTC")).unwrap();
    let saturday = at("2026-03-21T12:00Z");
    assert_eq!(hours.due(saturday, SignedDuration::ZERO), Some(saturday));
    assert_eq!(hours.due(saturday, SignedDuration::from_mins(-5)), Some(saturday));
    assert_eq!(hours.elapsed(at("2026-03-20T12:00Z"), at("2026-03-19T12:00Z")), SignedDuration::ZERO);
}

#[test]
fn what_is_not_used_up_in_ten_years_is_never_due() {
    let once = DateOpening { from: "09:00".into(), to: "10:00".into() };
    let exceptions = vec![CalendarException { date: date(2030, 1, 1), openings: vec![once], label: None }];
    let hours = Hours::of(&Calendar { weekly: Vec::new(), exceptions, ..office("UTC") }).unwrap();
    let start = at("2026-01-01T00:00Z");
    assert_eq!(hours.due(start, SignedDuration::from_mins(60)), Some(at("2030-01-01T10:00Z")));
    assert_eq!(hours.due(start, SignedDuration::from_mins(61)), None);
    assert_eq!(hours.next_opening(at("2019-01-01T00:00Z")), None);
    assert_eq!(hours.next_opening(at("2031-01-01T00:00Z")), None);
    assert_eq!(Hours::always().due(start, SignedDuration::MAX), None);
}

#[test]
fn the_ends_of_time_are_reckoned_with() {
    for hours in [Hours::always(), Hours::of(&office("Europe/Berlin")).unwrap(), nightly("Pacific/Apia", "00:00", "24:00")] {
        assert_eq!(hours.due(Timestamp::MAX, MINUTE), None);
        assert!(hours.due(Timestamp::MIN, MINUTE).is_some());
        assert!(hours.next_opening(Timestamp::MIN).is_some());
        assert!(hours.elapsed(Timestamp::MIN, Timestamp::MAX) > SignedDuration::from_hours(20_000 * 52 * 40));
        let _ = hours.is_open(Timestamp::MAX);
    }
}

#[test]
fn always_open_is_elapsed_time() {
    let (from, to) = (at("2026-03-28T23:00Z"), at("2026-03-29T23:00:00.5Z"));
    assert_eq!(Hours::always().elapsed(from, to), to.duration_since(from));
    assert_eq!(Hours::always().due(from, to.duration_since(from)), Some(to));
    assert_eq!(Hours::always().next_opening(from), Some(from));
    let whole = nightly("Europe/Berlin", "00:00", "24:00");
    assert_eq!(whole.elapsed(from, to), to.duration_since(from));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The reference asks of every minute of twelve days whether an opening holds.
    #[test]
    fn business_time_is_what_walking_minute_by_minute_counts((calendar, start) in calendars(), share in 0.0..=1.0f64) {
        let hours = Hours::of(&calendar).unwrap();
        let minutes: Vec<Timestamp> = (0..12 * 1440).map(|minute| start + MINUTE * minute).collect();
        let reading = Reading::of(&calendar);
        let open: Vec<Timestamp> = minutes.iter().copied().filter(|at| reading.holding(*at) > 0).collect();
        let end = start + MINUTE * 12 * 1440;
        prop_assert_eq!(hours.elapsed(start, end), MINUTE * open.len() as i32);
        for at in minutes.iter().step_by(97) {
            prop_assert_eq!(hours.is_open(*at), open.binary_search(at).is_ok(), "{}", at);
            let next = open.iter().find(|open| *open >= at);
            if let Some(next) = next {
                prop_assert_eq!(hours.next_opening(*at), Some(*next));
            }
        }
        let budget = (open.len() as f64 * share).ceil() as usize;
        if let Some(last) = budget.checked_sub(1).and_then(|last| open.get(last)) {
            prop_assert_eq!(hours.due(start, MINUTE * budget as i32), Some(*last + MINUTE));
        }
    }
}

proptest! {
    #[test]
    fn due_and_elapsed_are_inverse((calendar, start) in calendars(), nanos in 0..60_000_000_000i64, budget in 1..10_000_000_000_000_000i64) {
        let hours = Hours::of(&calendar).unwrap();
        let (start, budget) = (start + SignedDuration::from_nanos(nanos), SignedDuration::from_nanos(budget));
        // A calendar that opens on single dates only may not have so much time.
        if let Some(due) = hours.due(start, budget) {
            prop_assert_eq!(hours.elapsed(start, due), budget);
            let before = due - SignedDuration::from_nanos(1);
            prop_assert_eq!(hours.elapsed(start, before), budget - SignedDuration::from_nanos(1), "not the first such instant");
        }
    }

    #[test]
    fn time_between_is_the_sum_of_its_parts((calendar, start) in calendars(), first in 0..10_000_000i64, second in 0..10_000_000i64) {
        let hours = Hours::of(&calendar).unwrap();
        let middle = start + SignedDuration::from_millis(first * 100);
        let end = middle + SignedDuration::from_millis(second * 100);
        prop_assert_eq!(hours.elapsed(start, middle) + hours.elapsed(middle, end), hours.elapsed(start, end));
    }
}

/// The zones are those that are built in, whatever the machine has.
#[test]
fn every_zone_of_the_database_can_be_used() {
    let names: Vec<String> = TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    assert!(names.len() > 400, "{}", names.len());
    for name in names.iter().filter(|name| *name != "Etc/Unknown") {
        let hours = Hours::of(&office(name)).unwrap();
        assert!(hours.due(at("2026-01-01T00:00Z"), SignedDuration::from_hours(80)).is_some(), "{name}");
    }
}
