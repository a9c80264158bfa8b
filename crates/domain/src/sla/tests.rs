//! Which SLAs are refused, which metric holds where, and the answers of the simulator.

use serde_json::json;

use super::*;
use crate::calendar::tests::office;

fn pointers(sla: &Sla, review_type: ReviewType) -> Vec<String> {
    let options: &[&str] = match review_type {
        ReviewType::Approval => &["approved", "rejected", "needs_changes"],
        ReviewType::Classification | ReviewType::Labeling => &["spam", "ham"],
        _ => &[],
    };
    let mut places = Places::default();
    sla.validate(review_type, options, &["first", "second"], &mut places, "/sla");
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

fn metric(kind: MetricKind, stage: Option<&str>, minutes: i64) -> Metric {
    let target_minutes = Targets { default: Some(minutes), ..Targets::default() };
    Metric { kind, stage: stage.map(Into::into), target_minutes, warn_at_percent: vec![75] }
}

fn acting(on_deadline: OnDeadline) -> Sla {
    Sla { on_deadline, ..Sla::default() }
}

#[test]
fn an_sla_is_written_like_this() {
    let written = json!({
        "calendar": "office",
        "metrics": [
            {"kind": "time_to_decision", "stage": "first", "target_minutes": {"default": 480, "urgent": 60}},
            {"kind": "total", "target_minutes": {"default": 960}, "warn_at_percent": [50, 90]},
        ],
        "on_deadline": {"action": "approve", "i_accept_approval_without_review": true},
    });
    let sla: Sla = serde_json::from_value(written).unwrap();
    assert_eq!(pointers(&sla, ReviewType::Approval), Vec::<String>::new());
    assert_eq!(sla.metrics[0].warn_at_percent, [75]);
    assert_eq!(sla.metrics[0].budget(Priority::Urgent), Some(SignedDuration::from_hours(1)));
    assert_eq!(sla.metrics[0].budget(Priority::Low), Some(SignedDuration::from_hours(8)));
    let again: Sla = serde_json::from_value(serde_json::to_value(&sla).unwrap()).unwrap();
    assert_eq!(again, sla);
    let silent: Sla = serde_json::from_value(json!({})).unwrap();
    assert_eq!(silent, acting(OnDeadline::Keep));
    // Consent is never assumed.
    assert!(serde_json::from_value::<OnDeadline>(json!({"action": "approve"})).is_err());
}

#[test]
fn every_wrong_place_is_named() {
    let none = Metric { target_minutes: Targets::default(), ..metric(MetricKind::TimeToAssign, None, 1) };
    let long = Targets { low: Some(525_601), high: Some(0), ..Targets::default() };
    let sla = Sla {
        calendar: Some(String::new()),
        metrics: vec![
            metric(MetricKind::Total, Some("first"), 5),
            metric(MetricKind::TimeToDecision, Some("third"), 5),
            metric(MetricKind::TimeToDecision, Some("third"), 5),
            none,
            Metric { target_minutes: long, ..metric(MetricKind::TimeToFirstView, None, 1) },
            Metric { warn_at_percent: vec![0, 100], ..metric(MetricKind::Total, None, 5) },
            Metric { warn_at_percent: vec![50, 50], ..metric(MetricKind::TimeToAssign, Some("first"), 5) },
            Metric { warn_at_percent: vec![1, 2, 3, 4, 5, 6], ..metric(MetricKind::TimeToAssign, Some("second"), 5) },
        ],
        on_deadline: OnDeadline::Keep,
    };
    let expected = [
        "/sla/calendar",
        "/sla/metrics/0/stage",
        "/sla/metrics/1/stage",
        "/sla/metrics/2",
        "/sla/metrics/2/stage",
        "/sla/metrics/3/target_minutes",
        "/sla/metrics/4/target_minutes/low",
        "/sla/metrics/4/target_minutes/high",
        "/sla/metrics/5/warn_at_percent",
        "/sla/metrics/6/warn_at_percent",
        "/sla/metrics/7/warn_at_percent",
    ];
    assert_eq!(pointers(&sla, ReviewType::Approval), expected);
    let many = Sla { metrics: vec![metric(MetricKind::Total, None, 5); 51], ..Sla::default() };
    assert!(pointers(&many, ReviewType::Approval).contains(&"/sla/metrics".into()));
}

#[test]
fn only_approval_queues_approve_or_reject_at_the_deadline() {
    let consented = OnDeadline::Approve { i_accept_approval_without_review: true };
    for review_type in ReviewType::ALL {
        let expected = if review_type == ReviewType::Approval { vec![] } else { vec!["/sla/on_deadline/action"] };
        assert_eq!(pointers(&acting(OnDeadline::Reject), review_type), expected, "{review_type:?}");
        assert_eq!(pointers(&acting(consented.clone()), review_type), expected, "{review_type:?}");
        for anywhere in [OnDeadline::Keep, OnDeadline::Expire, OnDeadline::Escalate, OnDeadline::ReturnToAgent] {
            assert!(pointers(&acting(anywhere), review_type).is_empty());
        }
    }
}

#[test]
fn approval_without_a_review_needs_consent_and_has_no_other_way() {
    let silent = OnDeadline::Approve { i_accept_approval_without_review: false };
    assert_eq!(pointers(&acting(silent), ReviewType::Approval), ["/sla/on_deadline/i_accept_approval_without_review"]);
    let disguised = OnDeadline::DefaultAnswer { result: vec!["approved".into()] };
    assert_eq!(pointers(&acting(disguised), ReviewType::Approval), ["/sla/on_deadline/result/0"]);
}

#[test]
fn a_default_answer_is_made_of_options() {
    let answer = |result: &[&str]| acting(OnDeadline::DefaultAnswer { result: result.iter().map(|&id| id.into()).collect() });
    assert!(pointers(&answer(&["needs_changes"]), ReviewType::Approval).is_empty());
    assert!(pointers(&answer(&["spam"]), ReviewType::Classification).is_empty());
    assert!(pointers(&answer(&["spam", "ham"]), ReviewType::Labeling).is_empty());
    assert_eq!(pointers(&answer(&["spam", "ham"]), ReviewType::Classification), ["/sla/on_deadline/result"]);
    assert_eq!(pointers(&answer(&[]), ReviewType::Labeling), ["/sla/on_deadline/result"]);
    assert_eq!(pointers(&answer(&["ham", "ham"]), ReviewType::Labeling), ["/sla/on_deadline/result/1"]);
    assert_eq!(pointers(&answer(&["egg"]), ReviewType::Labeling), ["/sla/on_deadline/result/0"]);
    for without in [ReviewType::Scoring, ReviewType::MultipleChoice, ReviewType::Augmentation] {
        assert_eq!(pointers(&answer(&["spam"]), without), ["/sla/on_deadline/action"], "{without:?}");
    }
}

#[test]
fn the_metric_of_a_stage_comes_before_the_one_for_every_stage() {
    let sla = Sla {
        metrics: vec![
            metric(MetricKind::TimeToDecision, None, 5),
            metric(MetricKind::TimeToDecision, Some("second"), 9),
            metric(MetricKind::TimeToAssign, Some("first"), 1),
        ],
        ..Sla::default()
    };
    let minutes = |kind, stage| sla.metric(kind, stage).and_then(|metric| metric.target_minutes.default);
    assert_eq!(minutes(MetricKind::TimeToDecision, "first"), Some(5));
    assert_eq!(minutes(MetricKind::TimeToDecision, "second"), Some(9));
    assert_eq!(minutes(MetricKind::TimeToAssign, "first"), Some(1));
    assert_eq!(minutes(MetricKind::TimeToAssign, "second"), None);
}

#[test]
fn a_task_at_friday_half_past_four_is_due_on_monday() {
    let hours = Hours::of(&office("Europe/Berlin")).unwrap();
    let urgent = Targets { urgent: Some(10), ..Targets::default() };
    let sla = Sla {
        metrics: vec![
            Metric { warn_at_percent: vec![50, 75], ..metric(MetricKind::TimeToDecision, Some("first"), 60) },
            Metric { target_minutes: urgent, ..metric(MetricKind::Total, None, 0) },
        ],
        ..Sla::default()
    };
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let forecasts = sla.simulate(Priority::Normal, &hours, at("2026-03-27T16:30+01:00"));
    let expected = Forecast {
        kind: MetricKind::TimeToDecision,
        stage: Some("first".into()),
        due_at: Some(at("2026-03-30T09:30+02:00")),
        warnings: vec![
            Warning { percent: 50, at: at("2026-03-27T17:00+01:00") },
            Warning { percent: 75, at: at("2026-03-30T09:15+02:00") },
        ],
    };
    assert_eq!(forecasts, [expected]);
    assert_eq!(sla.simulate(Priority::Urgent, &hours, at("2026-03-27T16:30+01:00")).len(), 2);
}

#[test]
fn kinds_are_written_as_they_are_read() {
    for kind in MetricKind::ALL {
        assert_eq!(MetricKind::parse(kind.as_str()), Some(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    let actions = [
        OnDeadline::Keep,
        OnDeadline::Reject,
        OnDeadline::Expire,
        OnDeadline::Escalate,
        OnDeadline::DefaultAnswer { result: Vec::new() },
        OnDeadline::ReturnToAgent,
        OnDeadline::Approve { i_accept_approval_without_review: true },
    ];
    for action in actions {
        assert_eq!(serde_json::to_value(&action).unwrap()["action"], action.as_str());
    }
}
