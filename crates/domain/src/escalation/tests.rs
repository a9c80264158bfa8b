//! Escalations: what is refused, when steps are due by a second reckoning, and runs with late, early and repeated firings.

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::{
    run::{Clock, Due, Facts, Fired, Run, StepKey, Why, dry_run, fire, next},
    *,
};
use crate::{Timestamp, condition::Fault};

/// Minutes after the epoch.
fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(minutes * 60).unwrap()
}

fn minutes(at: Timestamp) -> i64 {
    at.as_second() / 60
}

fn member() -> Target {
    Target::Member(MemberId(Uuid::from_u128(1)))
}

fn notify(after: i64) -> Step {
    let action = Action::Notify { targets: vec![member()], profile: Profile::Default };
    Step { after: After::ElapsedMinutes(after), unless: None, when: None, action }
}

fn of(steps: Vec<Step>, loops: i64) -> Escalation {
    Escalation { steps, loops, acknowledge_timeout_minutes: None, support_hours: None }
}

fn decide(after: i64, result: &str) -> Step {
    Step { action: Action::DefaultDecision { result: result.into(), i_accept_approval_without_review: false }, ..notify(after) }
}

/// Business time is elapsed time at half speed, the deadline is 200 minutes after the epoch, support is open in the first 60 minutes of every 180.
const CLOCK: Clock<'static> = Clock {
    due_after_business: &|start, minutes| start.checked_add(jiff::SignedDuration::from_mins(minutes * 2)).ok(),
    sla: &|percent| Some(minute(percent * 2)),
    next_support_opening: &|at| {
        let into = at.as_second().rem_euclid(180 * 60);
        Some(if into < 3600 { at } else { Timestamp::from_second(at.as_second() - into + 180 * 60).unwrap() })
    },
};

fn facts(now: Timestamp) -> Facts {
    let opens_at = (CLOCK.next_support_opening)(now);
    Facts {
        now,
        claimed: false,
        assigned: false,
        acknowledged: false,
        in_support_hours: opens_at == Some(now),
        support_opens_at: opens_at,
        condition: None,
    }
}

fn done(escalation: &Escalation, run: Run, clock: &Clock<'_>, facts: impl Fn(Timestamp) -> Facts) -> Vec<(i64, i64, usize)> {
    let (mut run, mut done) = (run, Vec::new());
    while let Some(due) = next(escalation, &run, clock) {
        let (fired, then) = fire(escalation, &run, due, &facts(due.at));
        if matches!(fired, Fired::Do(_)) {
            done.push((minutes(due.at), due.loop_no, due.step));
        }
        assert_ne!(fired, Fired::NotNow, "what is due fires");
        run = then;
    }
    done
}

fn pointers(escalation: &Escalation) -> Vec<String> {
    let existing = Existing {
        member: &|id| id == MemberId(Uuid::from_u128(1)),
        group: &|key| key == "leads",
        schedule: &|key| key == "night",
        queue: &|key| key == "overflow",
        calendar: &|key| key == "office",
        stage: &|key| key == "senior",
        result: &|result| ["approved", "rejected"].contains(&result),
    };
    let mut places = Places::default();
    escalation.validate(&mut places, "/escalation", &existing);
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

#[test]
fn it_is_written_as_people_write_it() {
    let written = json!({
        "steps": [
            {"after": {"elapsed_minutes": 10}, "unless": "claimed",
             "action": {"type": "notify", "targets": [{"member": MemberId(Uuid::from_u128(1))}, {"schedule": "night"}, "queue_lead"]}},
            {"after": {"business_minutes": 60}, "when": "task.data.amount > 500", "action": {"type": "add_stage", "stage": "senior"}},
            {"after": {"sla_percent": 90}, "action": {"type": "reassign", "targets": [{"group": "leads"}]}},
            {"after": {"sla_percent": 100}, "action": {"type": "default_decision", "result": "rejected"}}
        ],
        "support_hours": "office"
    });
    let escalation: Escalation = serde_json::from_value(written).unwrap();
    assert_eq!(escalation.loops, 2);
    assert_eq!(pointers(&escalation), Vec::<String>::new());
    let again: Escalation = serde_json::from_value(serde_json::to_value(&escalation).unwrap()).unwrap();
    assert_eq!(again, escalation);
}

#[test]
fn every_wrong_place_is_named() {
    let action = |action| Step { action, ..notify(50) };
    let targets = |targets| action(Action::Reassign { targets });
    let escalation = Escalation {
        steps: vec![
            notify(0),
            decide(50, "approved"),
            notify(40),
            targets(vec![]),
            targets(vec![
                member(),
                member(),
                Target::Group("x".into()),
                Target::Schedule("x".into()),
                Target::Member(MemberId(Uuid::nil())),
            ]),
            action(Action::RaisePriority { to: Priority::Low }),
            action(Action::MoveQueue { queue: "x".into() }),
            action(Action::AddStage { stage: "x".into() }),
            Step { when: Some("amount > 1".into()), after: After::SlaPercent(1001), ..notify(0) },
            decide(60, "maybe"),
        ],
        loops: 10,
        acknowledge_timeout_minutes: Some(0),
        support_hours: Some("x".into()),
    };
    assert_eq!(
        pointers(&escalation),
        [
            "/escalation/loops",
            "/escalation/acknowledge_timeout_minutes",
            "/escalation/support_hours",
            "/escalation/steps/0/after/elapsed_minutes",
            "/escalation/steps/2/after/elapsed_minutes",
            "/escalation/steps/8/after/sla_percent",
            "/escalation/steps/1/action/result",
            "/escalation/steps/1/action",
            "/escalation/steps/3/action/targets",
            "/escalation/steps/4/action/targets/1",
            "/escalation/steps/4/action/targets/2",
            "/escalation/steps/4/action/targets/3",
            "/escalation/steps/4/action/targets/4",
            "/escalation/steps/5/action/to",
            "/escalation/steps/6/action/queue",
            "/escalation/steps/7/action/stage",
            "/escalation/steps/8/when",
            "/escalation/steps/9/action/result",
        ]
    );
    assert_eq!(pointers(&of(vec![], 1)), ["/escalation/steps"]);
    assert_eq!(pointers(&of(vec![notify(5); 21], 1)), ["/escalation/steps"]);
    assert_eq!(pointers(&of(vec![notify(0), notify(0)], 1)), Vec::<String>::new());
}

#[test]
fn approval_without_review_has_to_be_accepted_in_so_many_words() {
    let mut escalation = of(vec![decide(10, "approved")], 1);
    assert_eq!(pointers(&escalation), ["/escalation/steps/0/action/result"]);
    escalation.steps[0].action = Action::DefaultDecision { result: "approved".into(), i_accept_approval_without_review: true };
    assert_eq!(pointers(&escalation), Vec::<String>::new());
}

#[test]
fn steps_are_counted_from_the_beginning_of_their_round() {
    let escalation = of(vec![notify(10), notify(10), notify(30)], 2);
    let all = [(10, 1, 0), (10, 1, 1), (30, 1, 2), (40, 2, 0), (40, 2, 1), (60, 2, 2)];
    assert_eq!(done(&escalation, Run::begin(1, minute(0)), &CLOCK, facts), all);
}

#[test]
fn a_step_with_an_earlier_time_waits_for_the_one_above_it() {
    let mut escalation = of(vec![notify(90), notify(5), notify(5), notify(100)], 1);
    escalation.steps[1].after = After::BusinessMinutes(20);
    escalation.steps[2].after = After::SlaPercent(60);
    assert_eq!(done(&escalation, Run::begin(1, minute(0)), &CLOCK, facts), [(90, 1, 0), (90, 1, 1), (120, 1, 2), (120, 1, 3)]);
}

#[test]
fn later_rounds_count_the_same_share_of_the_time_to_the_deadline() {
    let mut escalation = of(vec![notify(0)], 3);
    escalation.steps[0].after = After::SlaPercent(50);
    assert_eq!(done(&escalation, Run::begin(1, minute(20)), &CLOCK, facts), [(100, 1, 0), (180, 2, 0), (260, 3, 0)]);
}

#[test]
fn what_cannot_be_measured_is_passed_over_on_record() {
    let mut escalation = of(vec![notify(10), notify(20), notify(30)], 1);
    escalation.steps[1].after = After::SlaPercent(50);
    let clock = Clock { sla: &|_| None, ..CLOCK };
    assert_eq!(done(&escalation, Run::begin(1, minute(0)), &clock, facts), [(10, 1, 0), (30, 1, 2)]);
    let lines = dry_run(&escalation, minute(0), &clock);
    assert_eq!(
        lines.iter().map(|line| (minutes(line.at), line.note.is_some())).collect::<Vec<_>>(),
        [(10, false), (10, true), (30, false)]
    );
}

#[test]
fn a_decision_falls_in_the_last_round_and_ends_the_run() {
    let escalation = of(vec![notify(10), decide(20, "rejected")], 2);
    assert_eq!(done(&escalation, Run::begin(1, minute(0)), &CLOCK, facts), [(10, 1, 0), (30, 2, 0), (40, 2, 1)]);
    let run = Run { loop_no: 2, step: 1, ..Run::begin(1, minute(20)) };
    let due = next(&escalation, &run, &CLOCK).unwrap();
    let (fired, then) = fire(&escalation, &run, due, &facts(due.at));
    assert!(matches!(fired, Fired::Do(Action::DefaultDecision { .. })) && then.ended);
    assert_eq!(next(&escalation, &then, &CLOCK), None);
}

#[test]
fn a_failed_condition_reaches_people_but_never_decides() {
    let with = |step: Step| of(vec![Step { when: Some("task.data.x > 1".into()), ..step }], 1);
    let fired = |escalation: &Escalation, condition| {
        let run = Run::begin(1, minute(0));
        let due = next(escalation, &run, &CLOCK).unwrap();
        fire(escalation, &run, due, &Facts { condition, ..facts(due.at) }).0
    };
    let fault = || Some(Err(Fault("There is no 'task.data.x'.".into())));
    for condition in [fault(), None, Some(Ok(true))] {
        assert!(matches!(fired(&with(notify(5)), condition), Fired::Do(_)));
    }
    assert_eq!(fired(&with(notify(5)), Some(Ok(false))), Fired::Skipped(Why::ConditionFalse));
    for condition in [fault(), None] {
        assert_eq!(fired(&with(decide(5, "rejected")), condition), Fired::Skipped(Why::ConditionFailed));
    }
    assert!(matches!(fired(&with(decide(5, "rejected")), Some(Ok(true))), Fired::Do(_)));
}

#[test]
fn a_step_is_passed_over_when_it_is_unnecessary() {
    for (unless, of_facts) in [
        (Unless::Claimed, Facts { claimed: true, ..facts(minute(5)) }),
        (Unless::Assigned, Facts { assigned: true, ..facts(minute(5)) }),
        (Unless::Acknowledged, Facts { acknowledged: true, ..facts(minute(5)) }),
    ] {
        let escalation = of(vec![Step { unless: Some(unless), ..notify(5) }], 1);
        let run = Run::begin(1, minute(0));
        let due = next(&escalation, &run, &CLOCK).unwrap();
        assert_eq!(fire(&escalation, &run, due, &of_facts).0, Fired::Skipped(Why::Unnecessary));
        assert!(matches!(fire(&escalation, &run, due, &facts(minute(5))).0, Fired::Do(_)));
    }
}

#[test]
fn an_acknowledgement_holds_back_until_it_lapses_and_the_rest_keeps_its_distance() {
    let mut escalation = of(vec![notify(10), notify(30), notify(45)], 1);
    let run = Run::begin(1, minute(0)).acknowledge(minute(5)).acknowledge(minute(7));
    assert_eq!(next(&escalation, &run, &CLOCK), None, "for good, without a timeout");
    escalation.acknowledge_timeout_minutes = Some(60);
    assert_eq!(done(&escalation, run.clone(), &CLOCK, facts), [(65, 1, 0), (85, 1, 1), (100, 1, 2)]);
    let due = next(&escalation, &Run::begin(1, minute(0)), &CLOCK).unwrap();
    assert_eq!(fire(&escalation, &run, due, &facts(minute(20))).0, Fired::NotNow, "a timer that was set before");
    let returned = run.give_back(minute(40));
    assert_eq!(done(&escalation, returned, &CLOCK, facts), [(40, 1, 0), (60, 1, 1), (75, 1, 2)]);
    let returned = Run::begin(1, minute(0)).acknowledge(minute(5)).give_back(minute(6));
    assert_eq!(done(&escalation, returned, &CLOCK, facts), [(10, 1, 0), (30, 1, 1), (45, 1, 2)]);
}

#[test]
fn outside_the_support_hours_steps_are_held_until_they_open() {
    let mut escalation = of(vec![notify(30), notify(70), notify(100)], 1);
    escalation.support_hours = Some("office".into());
    assert_eq!(done(&escalation, Run::begin(1, minute(0)), &CLOCK, facts), [(30, 1, 0), (180, 1, 1), (210, 1, 2)]);
    let run = Run { step: 1, ..Run::begin(1, minute(0)) };
    let due = next(&escalation, &run, &CLOCK).unwrap();
    let (fired, held) = fire(&escalation, &run, due, &facts(minute(90)));
    assert_eq!((fired, held.held), (Fired::Held(minute(180)), Some(minute(180))));
    assert_eq!(fire(&escalation, &held, due, &facts(minute(100))).0, Fired::NotNow);
    let never = Facts { support_opens_at: None, ..facts(minute(90)) };
    assert!(matches!(fire(&escalation, &run, due, &never).0, Fired::Do(_)), "a calendar that never opens forgets no task");
    let lines = dry_run(&escalation, minute(0), &CLOCK);
    assert_eq!(lines.iter().map(|line| minutes(line.at)).collect::<Vec<_>>(), [30, 180, 210]);
    assert_eq!(lines[1].note.as_deref(), Some("Held from 1970-01-01T01:10:00Z until the support hours."));
}

#[test]
fn the_names_of_steps_are_told_apart_by_version_round_and_step() {
    let run = Run { loop_no: 2, step: 3, ..Run::begin(7, minute(0)) };
    assert_eq!(run.key(), StepKey { policy_version: 7, loop_no: 2, step: 3 });
}

/// A second way to reckon the times: all of them at once, by addition.
fn reference(escalation: &Escalation, start: i64) -> Vec<(i64, i64, usize)> {
    let (mut all, mut round, mut before) = (Vec::new(), start, start);
    for loop_no in 1..=escalation.loops {
        for (step, Step { after, .. }) in escalation.steps.iter().enumerate() {
            let own = match after {
                After::ElapsedMinutes(minutes) => round + minutes,
                After::BusinessMinutes(minutes) => round + 2 * minutes,
                After::SlaPercent(percent) => 2 * percent + round - start,
            };
            before = before.max(own);
            all.push((before, loop_no, step));
        }
        round = before;
    }
    all
}

fn escalation() -> impl Strategy<Value = Escalation> {
    let after = prop_oneof![
        (0i64..200).prop_map(After::ElapsedMinutes),
        (0i64..100).prop_map(After::BusinessMinutes),
        (0i64..150).prop_map(After::SlaPercent)
    ];
    (proptest::collection::vec(after, 1..8), 1i64..=9, proptest::option::of(1i64..100), any::<bool>()).prop_map(
        |(afters, loops, acknowledge_timeout_minutes, hours)| Escalation {
            steps: afters.into_iter().map(|after| Step { after, ..notify(0) }).collect(),
            loops,
            acknowledge_timeout_minutes,
            support_hours: hours.then(|| "office".to_owned()),
        },
    )
}

/// Something that happens between two firings.
#[derive(Debug, Clone)]
enum Event {
    Fire { late: i64 },
    FireAgain,
    FireEarly,
    Acknowledge,
    GiveBack,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => (0i64..120).prop_map(|late| Event::Fire { late }),
        2 => Just(Event::FireAgain),
        2 => Just(Event::FireEarly),
        1 => Just(Event::Acknowledge),
        1 => Just(Event::GiveBack),
    ]
}

proptest! {
    #[test]
    fn times_agree_with_the_reference(escalation in escalation(), start in 0i64..100) {
        let escalation = Escalation { support_hours: None, ..escalation };
        prop_assert_eq!(done(&escalation, Run::begin(1, minute(start)), &CLOCK, facts), reference(&escalation, start));
        let lines: Vec<_> = dry_run(&escalation, minute(start), &CLOCK).iter().map(|line| (minutes(line.at), line.loop_no, line.step)).collect();
        prop_assert_eq!(lines, reference(&escalation, start));
    }

    /// Late, early and repeated firings, acknowledgements and closed hours: every step once, in order, never before its planned time, never while it is held back.
    #[test]
    fn every_step_is_done_once_in_order_and_never_early(escalation in escalation(), events in proptest::collection::vec(event(), 0..120)) {
        let planned = reference(&escalation, 0);
        let mut run = Run::begin(1, minute(0));
        let (mut now, mut last): (i64, Option<Due>) = (0, None);
        let (mut keys, mut acknowledged): (Vec<StepKey>, Option<i64>) = (Vec::new(), None);
        // When the events have run out, what is left fires on time.
        for event in events.into_iter().chain(std::iter::repeat_n(Event::GiveBack, 1)).chain(std::iter::repeat_n(Event::Fire { late: 0 }, 400)) {
            let due = next(&escalation, &run, &CLOCK);
            let (due, at) = match (event, due, last) {
                (Event::Fire { late }, Some(due), _) => (due, now.max(minutes(due.at)) + late),
                (Event::FireAgain, _, Some(last)) => (last, now),
                (Event::FireEarly, Some(due), _) if minutes(due.at) > now => (due, minutes(due.at) - 1),
                (Event::Acknowledge, ..) => {
                    acknowledged = acknowledged.or(Some(now));
                    run = run.acknowledge(minute(now));
                    continue;
                }
                (Event::GiveBack, ..) => {
                    acknowledged = None;
                    run = run.give_back(minute(now));
                    continue;
                }
                _ => continue,
            };
            now = at.max(now);
            let key = StepKey { policy_version: 1, loop_no: due.loop_no, step: due.step };
            let (fired, then) = fire(&escalation, &run, due, &facts(minute(now)));
            match &fired {
                Fired::Do(_) => {
                    prop_assert_eq!(key, run.key());
                    prop_assert!(keys.last().is_none_or(|before| *before < key), "{keys:?} then {key:?}");
                    let (planned_at, ..) = planned[keys.len()];
                    prop_assert!(now >= planned_at, "{now} is before {planned_at}");
                    let lapse = acknowledged.map(|since| escalation.acknowledge_timeout_minutes.map(|timeout| since + timeout));
                    prop_assert!(lapse.is_none_or(|lapse| lapse.is_some_and(|lapse| now >= lapse)), "acknowledged");
                    prop_assert!(escalation.support_hours.is_none() || facts(minute(now)).in_support_hours);
                    keys.push(key);
                    acknowledged = None;
                    last = Some(due);
                }
                Fired::Held(until) => prop_assert!(*until > minute(now)),
                Fired::NotNow => prop_assert_eq!(&then, &run),
                Fired::Skipped(why) => prop_assert!(false, "{:?}", why),
            }
            run = then;
        }
        prop_assert_eq!(keys.len(), planned.len(), "no step is forgotten");
    }
}
