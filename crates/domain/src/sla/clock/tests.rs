//! The clock against a count of business minutes outside the pauses, and what each change does to a cycle.

use proptest::prelude::*;

use super::*;
use crate::{
    calendar::tests::{Reading, calendars, office},
    sla::Targets,
};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn metric(minutes: i64, warn_at_percent: &[u8]) -> Metric {
    let target_minutes = Targets { default: Some(minutes), ..Targets::default() };
    Metric { kind: MetricKind::Total, stage: None, target_minutes, warn_at_percent: warn_at_percent.to_vec() }
}

fn started(metric: &Metric, now: Timestamp, hours: &Hours) -> Cycle {
    Cycle::start(metric, Priority::Normal, 0, 1, now, hours).unwrap()
}

fn warn(percent: u8, text: &str) -> Alarm {
    Alarm { at: at(text), what: AlarmKind::Warn { percent } }
}

fn breach(text: &str) -> Alarm {
    Alarm { at: at(text), what: AlarmKind::Breach }
}

#[test]
fn a_pause_moves_the_due_instant_by_its_business_time() {
    // The published case S6.
    let hours = Hours::of(&office("Europe/Berlin")).unwrap();
    let metric = metric(240, &[]);
    let mut cycle = started(&metric, at("2026-03-26T09:00+01:00"), &hours);
    assert_eq!(cycle.due_at, Some(at("2026-03-26T13:00+01:00")));
    assert_eq!(cycle.pause(at("2026-03-26T10:00+01:00"), &metric, &hours), []);
    assert_eq!((cycle.state, cycle.due_at, cycle.used), (CycleState::Paused, None, MINUTE * 60));
    assert_eq!(cycle.next_alarm(&metric, &hours), None);
    cycle.resume(at("2026-03-26T14:00+01:00"), &hours);
    assert_eq!((cycle.state, cycle.due_at), (CycleState::Running, Some(at("2026-03-26T17:00+01:00"))));
    assert_eq!(cycle.next_alarm(&metric, &hours), Some(breach("2026-03-26T17:00+01:00")));
}

#[test]
fn a_decision_before_its_due_instant_meets_the_target_and_one_at_it_does_not() {
    let (metric, hours) = (metric(60, &[50]), Hours::always());
    let mut met = started(&metric, at("2026-03-26T09:00Z"), &hours);
    assert_eq!(met.stop(at("2026-03-26T09:59:59.999999Z"), &metric, &hours), [warn(50, "2026-03-26T09:30Z")]);
    assert_eq!((met.state, met.breached_at), (CycleState::Met, None));
    assert_eq!(met.stopped_at, Some(at("2026-03-26T09:59:59.999999Z")));
    let mut late = started(&metric, at("2026-03-26T09:00Z"), &hours);
    let alarms = late.stop(at("2026-03-26T10:00Z"), &metric, &hours);
    assert_eq!(alarms, [warn(50, "2026-03-26T09:30Z"), breach("2026-03-26T10:00Z")]);
    assert_eq!(late.state, CycleState::Breached);
}

#[test]
fn a_breach_remains_whatever_follows() {
    let (metric, hours) = (metric(60, &[]), Hours::always());
    let mut cycle = started(&metric, at("2026-03-26T09:00Z"), &hours);
    // The timer comes an hour late, and the breach is dated right.
    assert_eq!(cycle.fire(at("2026-03-26T11:00Z"), &metric, &hours), [breach("2026-03-26T10:00Z")]);
    assert_eq!(cycle.breached_at, Some(at("2026-03-26T10:00Z")));
    assert_eq!(cycle.pause(at("2026-03-26T12:00Z"), &metric, &hours), []);
    cycle.resume(at("2026-03-26T13:00Z"), &hours);
    assert_eq!((cycle.state, cycle.due_at), (CycleState::Breached, Some(at("2026-03-26T10:00Z"))));
    assert_eq!(cycle.retarget(MINUTE * 600, at("2026-03-26T13:00Z"), &metric, &hours), []);
    assert_eq!(cycle.stop(at("2026-03-26T13:30Z"), &metric, &hours), []);
    assert_eq!((cycle.state, cycle.stopped_at), (CycleState::Breached, Some(at("2026-03-26T13:30Z"))));
    assert_eq!(cycle.used, MINUTE * 210, "time after the breach counts, the pause does not");
}

#[test]
fn a_cycle_is_cancelled_unless_it_was_breached_by_then() {
    let (metric, hours) = (metric(60, &[]), Hours::always());
    let mut early = started(&metric, at("2026-03-26T09:00Z"), &hours);
    assert_eq!(early.cancel(at("2026-03-26T09:30Z"), &metric, &hours), []);
    assert_eq!(early.state, CycleState::Cancelled);
    let mut late = started(&metric, at("2026-03-26T09:00Z"), &hours);
    assert_eq!(late.cancel(at("2026-03-26T10:30Z"), &metric, &hours), [breach("2026-03-26T10:00Z")]);
    assert_eq!(late.state, CycleState::Breached);
}

#[test]
fn nothing_happens_after_the_end() {
    let (metric, hours) = (metric(60, &[50]), Hours::always());
    let mut cycle = started(&metric, at("2026-03-26T09:00Z"), &hours);
    cycle.stop(at("2026-03-26T09:10Z"), &metric, &hours);
    let ended = cycle.clone();
    let later = at("2026-03-27T09:00Z");
    assert_eq!(cycle.fire(later, &metric, &hours), []);
    assert_eq!(cycle.pause(later, &metric, &hours), []);
    cycle.resume(later, &hours);
    assert_eq!(cycle.cancel(later, &metric, &hours), []);
    assert_eq!(cycle.retarget(MINUTE, later, &metric, &hours), []);
    assert_eq!(cycle, ended);
}

#[test]
fn a_paused_cycle_can_end() {
    let (metric, hours) = (metric(60, &[50]), Hours::always());
    let mut cycle = started(&metric, at("2026-03-26T09:00Z"), &hours);
    cycle.pause(at("2026-03-26T09:10Z"), &metric, &hours);
    cycle.pause(at("2026-03-26T09:20Z"), &metric, &hours);
    assert_eq!(cycle.stop(at("2026-03-27T09:00Z"), &metric, &hours), []);
    assert_eq!((cycle.state, cycle.used), (CycleState::Met, MINUTE * 10));
}

#[test]
fn another_budget_keeps_what_was_used() {
    let (metric, hours) = (metric(60, &[50]), Hours::always());
    let mut cycle = started(&metric, at("2026-03-26T09:00Z"), &hours);
    assert_eq!(cycle.retarget(MINUTE * 120, at("2026-03-26T09:40Z"), &metric, &hours), [warn(50, "2026-03-26T09:30Z")]);
    assert_eq!(cycle.due_at, Some(at("2026-03-26T11:00Z")));
    assert_eq!(cycle.next_alarm(&metric, &hours), Some(breach("2026-03-26T11:00Z")), "no warning comes twice");
    // Half an hour is used up already: it is due now, not in the past.
    assert_eq!(cycle.retarget(MINUTE * 30, at("2026-03-26T09:50Z"), &metric, &hours), [breach("2026-03-26T09:50Z")]);
    let mut paused = started(&metric, at("2026-03-26T09:00Z"), &hours);
    paused.pause(at("2026-03-26T09:10Z"), &metric, &hours);
    assert_eq!(paused.retarget(MINUTE * 20, at("2026-03-26T09:40Z"), &metric, &hours), []);
    paused.resume(at("2026-03-26T12:00Z"), &hours);
    assert_eq!(paused.due_at, Some(at("2026-03-26T12:10Z")));
}

#[test]
fn a_target_beyond_ten_years_is_never_missed() {
    let metric = metric(525_600, &[99]);
    let hours = Hours::of(&office("UTC")).unwrap();
    let cycle = started(&metric, at("2026-01-01T00:00Z"), &hours);
    assert!(
        cycle.due_at.is_some_and(|due| due > at("2030-03-01T00:00Z") && due < at("2030-04-01T00:00Z")),
        "a year of office hours are four"
    );
    let mut rare = office("UTC");
    rare.weekly[0].days.truncate(1);
    rare.weekly[0].to = "09:30".into();
    let hours = Hours::of(&rare).unwrap();
    let mut cycle = started(&metric, at("2026-01-01T00:00Z"), &hours);
    assert_eq!((cycle.due_at, cycle.next_alarm(&metric, &hours)), (None, None));
    cycle.stop(at("2026-02-01T00:00Z"), &metric, &hours);
    assert_eq!(cycle.state, CycleState::Met);
}

#[test]
fn a_warning_that_a_changed_calendar_moves_past_the_due_instant_comes_with_it() {
    let metric = metric(60, &[50]);
    let mut cycle = started(&metric, at("2026-03-26T07:00Z"), &Hours::always());
    let hours = Hours::of(&office("UTC")).unwrap();
    let alarms = cycle.fire(at("2026-03-26T08:00Z"), &metric, &hours);
    assert_eq!(alarms, [warn(50, "2026-03-26T08:00Z"), breach("2026-03-26T08:00Z")]);
}

#[test]
fn cycles_survive_being_stored() {
    let (metric, hours) = (metric(61, &[33, 66]), Hours::always());
    let mut cycle = started(&metric, at("2026-03-26T09:00:00.123456Z"), &hours);
    cycle.pause(at("2026-03-26T09:40Z"), &metric, &hours);
    let written = serde_json::to_string(&cycle).unwrap();
    assert_eq!(serde_json::from_str::<Cycle>(&written).unwrap(), cycle);
    for state in CycleState::ALL {
        assert_eq!(CycleState::parse(state.as_str()), Some(state));
    }
}

/// Something that happens to a cycle, some minutes after the last.
#[derive(Debug, Clone)]
enum Step {
    /// A timer, at any instant.
    Fire {
        nanos: i64,
    },
    Pause,
    Resume,
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let step = prop_oneof![
        2 => (0..60_000_000_000i64).prop_map(|nanos| Step::Fire { nanos }),
        1 => Just(Step::Pause),
        1 => Just(Step::Resume),
    ];
    prop::collection::vec((0..900i64, step), 0..14)
}

/// The alarms of a cycle by counting its open minutes outside pauses, until the end; and how much was used.
fn counted(reading: &Reading<'_>, metric: &Metric, start: Timestamp, paused: &[bool]) -> (Vec<Alarm>, SignedDuration) {
    let budget = metric.budget(Priority::Normal).unwrap();
    let thresholds = metric.warn_at_percent.iter().map(|&percent| (budget * i32::from(percent) / 100, AlarmKind::Warn { percent }));
    let mut thresholds = thresholds.chain([(budget, AlarmKind::Breach)]).peekable();
    let (mut alarms, mut used) = (Vec::new(), SignedDuration::ZERO);
    for (minute, paused) in paused.iter().enumerate() {
        let now = start + MINUTE * minute as i32;
        if *paused || reading.holding(now) == 0 {
            continue;
        }
        while let Some((threshold, what)) = thresholds.next_if(|(threshold, _)| *threshold <= used + MINUTE) {
            alarms.push(Alarm { at: now + (threshold - used), what });
        }
        used += MINUTE;
    }
    (alarms, used)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_alarm_comes_once_never_early_and_pauses_do_not_count(
        (calendar, start) in calendars(),
        steps in steps(),
        minutes in 1..3_000i64,
        percents in prop::sample::subsequence((1..=99u8).collect::<Vec<_>>(), 0..=5),
        cancelled: bool,
    ) {
        let (hours, reading, metric) = (Hours::of(&calendar).unwrap(), Reading::of(&calendar), metric(minutes, &percents));
        // Which minutes are paused, up to the end.
        let (mut paused, mut is_paused) = (Vec::new(), false);
        for (after, step) in &steps {
            paused.extend(std::iter::repeat_n(is_paused, *after as usize));
            match step {
                Step::Fire { .. } => paused.push(is_paused),
                Step::Pause => is_paused = true,
                Step::Resume => is_paused = false,
            }
        }
        let (expected, used) = counted(&reading, &metric, start, &paused);

        let mut cycle = started(&metric, start, &hours);
        let (mut now, mut given) = (start, Vec::new());
        for (after, step) in steps {
            now += MINUTE * after as i32;
            let (moment, alarms) = match step {
                Step::Fire { nanos } => {
                    let moment = now + SignedDuration::from_nanos(nanos);
                    // The next step comes after this one.
                    now += MINUTE;
                    (moment, cycle.fire(moment, &metric, &hours))
                }
                Step::Pause => (now, cycle.pause(now, &metric, &hours)),
                Step::Resume => {
                    cycle.resume(now, &hours);
                    (now, cycle.fire(now, &metric, &hours))
                }
            };
            given.extend(alarms);
            let due: Vec<Alarm> = expected.iter().copied().filter(|alarm| alarm.at <= moment).collect();
            prop_assert_eq!(&given, &due);
            prop_assert_eq!(cycle.fire(moment, &metric, &hours), vec![]);
            if let (CycleState::Running, Some(since), Some(due)) = (cycle.state, cycle.resumed_at, cycle.due_at) {
                prop_assert_eq!(cycle.used + hours.elapsed(since, due), cycle.budget);
            }
        }
        given.extend(if cancelled { cycle.cancel(now, &metric, &hours) } else { cycle.stop(now, &metric, &hours) });
        prop_assert_eq!(&given, &expected);
        prop_assert_eq!(cycle.used, used);
        let breached = expected.last().filter(|alarm| alarm.what == AlarmKind::Breach).map(|alarm| alarm.at);
        prop_assert_eq!(cycle.breached_at, breached);
        let unbreached = if cancelled { CycleState::Cancelled } else { CycleState::Met };
        prop_assert_eq!(cycle.state, if breached.is_some() { CycleState::Breached } else { unbreached });
    }
}
