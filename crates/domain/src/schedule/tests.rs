//! Schedules: what is refused, turns across jumps of the clock, and a walk over the minutes to compare with.

use jiff::{SignedDuration, civil::date, tz::TimeZoneDatabase};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn member(id: u128) -> MemberId {
    MemberId(Uuid::from_u128(id))
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn layer(rotation: Rotation, handoff: &str, participants: &[u128]) -> Layer {
    Layer {
        name: "first".into(),
        participants: participants.iter().copied().map(member).collect(),
        rotation,
        handoff: handoff.into(),
        handoff_weekday: (rotation == Rotation::Weekly).then_some(Weekday::Monday),
        starts_on: date(2026, 3, 2),
        restrictions: Vec::new(),
    }
}

fn schedule(time_zone: &str, layers: Vec<Layer>) -> Schedule {
    Schedule { time_zone: time_zone.into(), layers, overrides: Vec::new(), gap_action: GapAction::default() }
}

fn night(days: &[Weekday]) -> Opening {
    Opening { days: days.to_vec(), from: "22:00".into(), to: "06:00".into() }
}

fn stand_in(id: u128, starts_at: &str, ends_at: &str) -> Override {
    Override { member_id: member(id), starts_at: at(starts_at), ends_at: at(ends_at), reason: None }
}

fn who(schedule: &Schedule, at: Timestamp) -> Option<MemberId> {
    Rota::of(schedule).unwrap().on_call(at, |_| false).member
}

fn pointers(schedule: &Schedule) -> Vec<String> {
    let mut places = Places::default();
    schedule.validate(&mut places, "/schedule", |id| id != member(99));
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

#[test]
fn it_is_written_as_people_write_it() {
    let written = json!({
        "time_zone": "Europe/Berlin",
        "layers": [
            {"name": "week", "participants": [member(1), member(2)], "rotation": "weekly", "handoff": "09:00", "handoff_weekday": "monday", "starts_on": "2026-03-02"},
            {"name": "night", "participants": [member(3)], "rotation": {"hours": 12}, "handoff": "20:00", "starts_on": "2026-03-02",
             "restrictions": [{"days": ["friday"], "from": "22:00", "to": "06:00"}]}
        ],
        "overrides": [{"member_id": member(4), "starts_at": "2026-03-04T00:00:00Z", "ends_at": "2026-03-05T00:00:00Z", "reason": "Swap"}],
        "gap_action": "nobody"
    });
    let schedule: Schedule = serde_json::from_value(written).unwrap();
    assert_eq!(pointers(&schedule), Vec::<String>::new());
    assert_eq!(serde_json::from_value::<Schedule>(serde_json::to_value(&schedule).unwrap()).unwrap(), schedule);
}

#[test]
fn every_wrong_place_is_named() {
    let good = layer(Rotation::Daily, "09:00", &[1]);
    let mut wrong = schedule(
        "Europe/Atlantis",
        vec![
            Layer { name: String::new(), participants: vec![], handoff: "24:00".into(), ..good.clone() },
            Layer { rotation: Rotation::Hours(0), handoff: "9:00".into(), handoff_weekday: Some(Weekday::Friday), ..good.clone() },
            Layer { rotation: Rotation::Weekly, participants: vec![member(1), member(99)], starts_on: date(1900, 1, 1), ..good.clone() },
        ],
    );
    wrong.overrides = vec![
        stand_in(1, "2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z"),
        stand_in(99, "2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z"),
        stand_in(2, "2026-03-01T08:00:00Z", "2026-03-01T20:00:00Z"),
        stand_in(3, "2026-03-01T15:00:00Z", "2026-03-01T16:00:00Z"),
        stand_in(4, "2026-03-01T20:00:00Z", "2026-03-01T21:00:00Z"),
    ];
    assert_eq!(
        pointers(&wrong),
        [
            "/schedule/time_zone",
            "/schedule/layers/0/name",
            "/schedule/layers/0/participants",
            "/schedule/layers/0/handoff",
            "/schedule/layers/1/rotation/hours",
            "/schedule/layers/1/handoff",
            "/schedule/layers/1/handoff_weekday",
            "/schedule/layers/2/name",
            "/schedule/layers/2/participants/1",
            "/schedule/layers/2/handoff_weekday",
            "/schedule/layers/2/starts_on",
            "/schedule/overrides/1/member_id",
            "/schedule/overrides/1/ends_at",
            "/schedule/overrides/0",
            "/schedule/overrides/3",
        ]
    );
    let closed = Opening { days: vec![], from: "25:00".into(), to: "06:00".into() };
    let wrong = schedule("UTC", vec![Layer { restrictions: vec![closed], ..good }]);
    let found = pointers(&wrong);
    assert!(!found.is_empty() && found.iter().all(|pointer| pointer.starts_with("/schedule/layers/0/restrictions/0/")), "{found:?}");
    assert_eq!(pointers(&schedule("UTC", vec![])), ["/schedule/layers"]);
    assert!(Rota::of(&wrong).is_err());
}

#[test]
fn a_daily_turn_changes_at_local_time_across_daylight_saving() {
    let berlin = schedule("Europe/Berlin", vec![layer(Rotation::Daily, "09:00", &[1, 2])]);
    let shifts = Rota::of(&berlin).unwrap().shifts(at("2026-03-27T08:00:00Z"), at("2026-03-31T07:00:00Z")).unwrap();
    // Berlin goes to summer time on 29 March: 09:00 is 08:00 UTC before and 07:00 UTC after.
    let expected = [(2, "2026-03-27T08:00:00Z"), (1, "2026-03-28T08:00:00Z"), (2, "2026-03-29T07:00:00Z"), (1, "2026-03-30T07:00:00Z")];
    assert_eq!(
        shifts.iter().map(|shift| (shift.member, shift.from)).collect::<Vec<_>>(),
        expected.map(|(id, from)| (Some(member(id)), at(from)))
    );
}

#[test]
fn a_handoff_that_the_clock_skips_is_as_it_jumps_and_one_shown_twice_is_the_first() {
    let berlin = schedule("Europe/Berlin", vec![layer(Rotation::Daily, "02:30", &[1, 2])]);
    let jump = at("2026-03-29T01:00:00Z");
    assert_ne!(who(&berlin, jump - SignedDuration::from_secs(1)), who(&berlin, jump));
    let first = at("2026-10-25T00:30:00Z");
    assert_ne!(who(&berlin, first - SignedDuration::from_secs(1)), who(&berlin, first));
    assert_eq!(who(&berlin, first), who(&berlin, first + SignedDuration::from_hours(24)));
}

#[test]
fn a_weekly_turn_changes_on_its_day_and_the_first_may_be_short() {
    let mut weekly = layer(Rotation::Weekly, "09:00", &[1, 2, 3]);
    weekly.starts_on = date(2026, 3, 5);
    let schedule = schedule("UTC", vec![weekly]);
    let table = [
        ("2026-03-05T08:59:59Z", None),
        ("2026-03-05T09:00:00Z", Some(1)),
        ("2026-03-09T08:59:59Z", Some(1)),
        ("2026-03-09T09:00:00Z", Some(2)),
        ("2026-03-16T09:00:00Z", Some(3)),
        ("2026-03-23T09:00:00Z", Some(1)),
    ];
    for (instant, expected) in table {
        assert_eq!(who(&schedule, at(instant)), expected.map(member), "{instant}");
    }
}

#[test]
fn later_layers_win_and_overrides_over_all() {
    let nights = Layer { name: "nights".into(), restrictions: vec![night(&[Weekday::Monday])], ..layer(Rotation::Daily, "00:00", &[7]) };
    let mut schedule = schedule("UTC", vec![layer(Rotation::Daily, "00:00", &[1]), nights]);
    schedule.overrides = vec![stand_in(9, "2026-03-02T23:00:00Z", "2026-03-03T01:00:00Z")];
    let rota = Rota::of(&schedule).unwrap();
    let shifts = rota.shifts(at("2026-03-02T00:00:00Z"), at("2026-03-04T00:00:00Z")).unwrap();
    let layer = |name: &str| Source::Layer(name.into());
    let expected = [
        (1, "2026-03-02T00:00:00Z", layer("first")),
        (7, "2026-03-02T22:00:00Z", layer("nights")),
        (9, "2026-03-02T23:00:00Z", Source::Override(0)),
        (7, "2026-03-03T01:00:00Z", layer("nights")),
        (1, "2026-03-03T06:00:00Z", layer("first")),
    ];
    let found: Vec<_> = shifts.iter().map(|shift| (shift.member, shift.from, shift.source.clone())).collect();
    assert_eq!(found, expected.map(|(id, from, source)| (Some(member(id)), at(from), source)));
    assert_eq!(shifts.last().unwrap().to, at("2026-03-04T00:00:00Z"));
    assert_eq!(rota.gaps(at("2026-03-01T00:00:00Z"), at("2026-03-04T00:00:00Z")).unwrap().len(), 1, "before the layers begin");
    assert!(rota.shifts(at("2026-03-02T00:00:00Z"), at("2026-03-02T00:00:00Z")).is_err());
    assert!(rota.shifts(at("2026-03-02T00:00:00Z"), at("2027-04-02T00:00:00Z")).is_err());
}

#[test]
fn whoever_is_absent_is_passed_over_and_told() {
    let upper = Layer { name: "upper".into(), ..layer(Rotation::Daily, "00:00", &[2, 3]) };
    let mut schedule = schedule("UTC", vec![layer(Rotation::Daily, "00:00", &[1, 3]), upper]);
    schedule.overrides = vec![stand_in(9, "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z")];
    let rota = Rota::of(&schedule).unwrap();
    let on_call = |absent: &[u128]| rota.on_call(at("2026-03-02T12:00:00Z"), |id| absent.iter().any(|absent| member(*absent) == id));
    let layer = |name: &str| Source::Layer(name.into());
    type Row = (&'static [u128], Option<u128>, Source, &'static [u128]);
    let table: [Row; 5] = [
        (&[1, 2, 3], Some(9), Source::Override(0), &[]),
        (&[9], Some(2), layer("upper"), &[9]),
        (&[9, 2], Some(3), layer("upper"), &[9, 2]),
        (&[9, 2, 3], Some(1), layer("first"), &[9, 2, 3]),
        (&[9, 2, 3, 1], None, Source::Gap, &[9, 2, 3, 1]),
    ];
    for (absent, expected, source, passed_over) in table {
        let expected = OnCall { member: expected.map(member), source, passed_over: passed_over.iter().copied().map(member).collect() };
        assert_eq!(on_call(absent), expected, "{absent:?}");
    }
}

/// Zones, and dates shortly before their clocks jump; one has a day that does not exist, two never jump.
const PLACES: [(&str, jiff::civil::Date); 9] = [
    ("UTC", date(2026, 6, 1)),
    ("Asia/Kolkata", date(2026, 3, 25)),
    ("Europe/Berlin", date(2026, 3, 26)),
    ("Europe/Berlin", date(2026, 10, 22)),
    ("America/New_York", date(2026, 3, 5)),
    ("America/New_York", date(2026, 10, 29)),
    ("Australia/Lord_Howe", date(2026, 4, 2)),
    ("Australia/Lord_Howe", date(2026, 10, 1)),
    ("Pacific/Apia", date(2011, 12, 27)),
];

/// The wall clock, minute by minute: counts the handoffs that were passed. Knows nothing of transitions, only of what the clock shows.
struct Walk<'a> {
    layer: &'a Layer,
    turn: Option<i64>,
    /// The latest time that the clock has shown.
    shown: jiff::civil::DateTime,
}

impl Walk<'_> {
    fn is_handoff(&self, local: jiff::civil::DateTime) -> bool {
        let start = self.layer.starts_on.to_datetime(rota::time_of_day(&self.layer.handoff).unwrap());
        let since = local.duration_since(start).as_mins();
        match self.layer.rotation {
            Rotation::Daily => since % (24 * 60) == 0,
            Rotation::Hours(hours) => since % (hours * 60) == 0,
            Rotation::Weekly => {
                since == 0
                    || (local.time() == start.time()
                        && Weekday::ALL[usize::try_from(local.weekday().to_monday_zero_offset()).unwrap()]
                            == self.layer.handoff_weekday.unwrap())
            }
        }
    }

    fn step(&mut self, local: jiff::civil::DateTime) {
        // Every minute up to what is shown now; several when the clock jumps, none while it shows minutes again.
        while self.shown < local {
            self.shown += SignedDuration::from_mins(1);
            let start = self.layer.starts_on.to_datetime(rota::time_of_day(&self.layer.handoff).unwrap());
            if self.shown == start {
                self.turn = Some(0);
            } else if self.shown > start && self.is_handoff(self.shown) {
                self.turn = self.turn.map(|turn| turn + 1);
            }
        }
    }

    fn member(&self, local: jiff::civil::DateTime) -> Option<MemberId> {
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let day =
            |back: i64| Weekday::ALL[usize::try_from((i64::from(local.weekday().to_monday_zero_offset()) - back).rem_euclid(7)).unwrap()];
        let minutes = |text: &str| text[..2].parse::<i64>().unwrap() * 60 + text[3..].parse::<i64>().unwrap();
        let open = self.layer.restrictions.is_empty()
            || self.layer.restrictions.iter().any(|opening| {
                let (from, to) = (minutes(&opening.from), minutes(&opening.to));
                let to = if to <= from { to + 24 * 60 } else { to };
                (opening.days.contains(&day(0)) && (from..to).contains(&minute))
                    || (opening.days.contains(&day(1)) && (from..to).contains(&(minute + 24 * 60)))
            });
        let turn = usize::try_from(self.turn.filter(|_| open)?).unwrap();
        Some(self.layer.participants[turn % self.layer.participants.len()])
    }
}

fn any_layer() -> impl Strategy<Value = Layer> {
    let rotation = prop_oneof![Just(Rotation::Daily), Just(Rotation::Weekly), (1i64..14).prop_map(Rotation::Hours)];
    let handoff = (0u8..24, prop::sample::select(vec![0u8, 15, 30, 59])).prop_map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    let restriction = (0usize..7, 0u8..24, 1u8..12, prop::sample::select(vec![0u8, 30])).prop_map(|(day, from, length, minute)| Opening {
        days: vec![Weekday::ALL[day], Weekday::ALL[(day + 3) % 7]],
        from: format!("{from:02}:{minute:02}"),
        to: format!("{:02}:{minute:02}", (from + length) % 24),
    });
    (rotation, handoff, 0usize..7, 0i64..12, 1u128..5, proptest::option::weighted(0.5, restriction)).prop_map(
        |(rotation, handoff, day, later, people, restriction)| Layer {
            name: "layer".into(),
            participants: (1..=people).map(member).collect(),
            rotation,
            handoff,
            handoff_weekday: (rotation == Rotation::Weekly).then_some(Weekday::ALL[day]),
            starts_on: date(2000, 1, 1) + SignedDuration::from_hours(24 * later),
            restrictions: restriction.into_iter().collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Around the jumps of the clock: what is said of an instant and of a period agrees with a walk over the minutes.
    #[test]
    fn turns_agree_with_a_walk_over_the_minutes(
        place in prop::sample::select(PLACES.to_vec()),
        layers in proptest::collection::vec(any_layer(), 1..3),
        stand_in in proptest::option::of((0i64..7_000, 1i64..3_000)),
    ) {
        let (zone, near) = place;
        let midnight = near.to_datetime(jiff::civil::Time::midnight());
        let tz = TimeZoneDatabase::bundled().get(zone).unwrap();
        let from = tz.to_timestamp(midnight).unwrap();
        let to = from + SignedDuration::from_hours(6 * 24);
        let layers: Vec<Layer> = layers.into_iter().enumerate().map(|(i, layer)| Layer {
            name: format!("layer {i}"),
            starts_on: near + (layer.starts_on.to_datetime(jiff::civil::Time::midnight()).duration_since(date(2000, 1, 9).to_datetime(jiff::civil::Time::midnight()))),
            ..layer
        }).collect();
        let mut schedule = schedule(zone, layers.clone());
        schedule.overrides = stand_in.into_iter().map(|(start, length)| Override {
            member_id: member(50),
            starts_at: from + SignedDuration::from_mins(start),
            ends_at: from + SignedDuration::from_mins(start + length),
            reason: None,
        }).collect();
        let rota = Rota::of(&schedule).unwrap();
        let shifts = rota.shifts(from, to).unwrap();
        prop_assert!(shifts.first().is_some_and(|shift| shift.from == from) && shifts.last().is_some_and(|shift| shift.to == to));
        prop_assert!(shifts.windows(2).all(|pair| pair[0].to == pair[1].from && (pair[0].member, &pair[0].source) != (pair[1].member, &pair[1].source)));

        // The clock is watched from eleven days before, so that every layer is seen to begin.
        let watched_from = from - SignedDuration::from_hours(11 * 24);
        let mut walks: Vec<Walk> = layers.iter().map(|layer| Walk { layer, turn: None, shown: tz.to_datetime(watched_from) }).collect();
        let mut instant = watched_from;
        let mut shift = shifts.iter().peekable();
        while instant < to {
            let local = tz.to_datetime(instant);
            walks.iter_mut().for_each(|walk| walk.step(local));
            if instant >= from {
                let by_override = schedule.overrides.iter().find(|one| (one.starts_at..one.ends_at).contains(&instant)).map(|one| one.member_id);
                let expected = by_override.or_else(|| walks.iter().rev().find_map(|walk| walk.member(local)));
                while shift.peek().is_some_and(|shift| shift.to <= instant) {
                    shift.next();
                }
                prop_assert_eq!(shift.peek().map(|shift| shift.member), Some(expected), "{} in {:?}", instant, schedule);
                // Asking for every minute would take long and teach little.
                if instant.as_second().rem_euclid(17 * 60) == 0 || (local.hour() < 4 && local.minute() % 15 == 0) {
                    prop_assert_eq!(rota.on_call(instant, |_| false).member, expected, "{}", instant);
                }
            }
            instant += SignedDuration::from_mins(1);
        }
    }
}
