//! The rules of an answer, through [`judge`].

use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::{
    actor::Actor,
    id::OrganizationId,
    queue::{QueueConfig, ReviewOption, Scale},
    task::{Choice, Priority, TaskState},
};

fn now() -> Timestamp {
    Timestamp::from_second(1_764_000_000).unwrap()
}

fn queue(review_type: ReviewType, options: &[&str]) -> Queue {
    let mut config = QueueConfig::of_type("Queue", review_type);
    let option = |(i, id): (usize, &&str)| ReviewOption {
        id: (*id).into(),
        label: (*id).into(),
        display_order: i64::try_from(i).unwrap(),
        description: None,
        color: None,
        hotkey: None,
    };
    if !options.is_empty() {
        config.review_options = options.iter().enumerate().map(option).collect();
    }
    Queue {
        id: QueueId(Uuid::from_u128(1)),
        organization_id: OrganizationId(Uuid::from_u128(2)),
        key: "queue".into(),
        version: 1,
        config,
        deleted_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn content() -> Content {
    let choice = |key: &str| Choice { key: key.into(), label: key.into(), description: None, data: None };
    Content {
        data: json!({"subject": "Hello", "body": "World"}).as_object().cloned().unwrap(),
        context: Object::new(),
        choices: Some(vec![choice("x"), choice("y"), choice("z")]),
    }
}

fn task(max_selections: Option<i64>) -> Task {
    Task {
        id: TaskId(Uuid::from_u128(3)),
        organization_id: OrganizationId(Uuid::from_u128(2)),
        queue_id: QueueId(Uuid::from_u128(1)),
        queue_key: "queue".into(),
        queue_version: 1,
        batch_id: None,
        external_id: None,
        state: TaskState::Queued,
        revision: 1,
        stage: 0,
        wanted: 1,
        audience: String::new(),
        opened_at: None,
        priority: Priority::Normal,
        metadata: Object::new(),
        summary: None,
        max_selections,
        deadline: None,
        assignee_id: None,
        created_by: Actor::operator(),
        outcome: None,
        reviewed_at: None,
        created_at: now(),
        updated_at: now(),
    }
}

fn pick(options: &[&str]) -> Answer {
    Answer { result: Some(options.iter().map(|option| (*option).into()).collect()), ..Answer::default() }
}

fn judged(queue: &Queue, answer: Answer) -> Result<Verdict, Code> {
    judge(queue, &task(None), &content(), None, answer).map_err(|refusal| refusal.code)
}

#[test]
fn each_type_gives_result_and_typed_value() {
    let cases = [
        (queue(ReviewType::Approval, &[]), pick(&["rejected"]), vec!["rejected"], ReviewValue::Approval { approved: false }),
        (
            queue(ReviewType::Classification, &["bug", "idea"]),
            pick(&["idea"]),
            vec!["idea"],
            ReviewValue::Classification { option: Some("idea".into()) },
        ),
        (
            queue(ReviewType::Labeling, &["a", "b"]),
            pick(&["b", "a"]),
            vec!["b", "a"],
            ReviewValue::Labeling { labels: vec!["b".into(), "a".into()] },
        ),
        (queue(ReviewType::Scoring, &[]), pick(&["4.0"]), vec!["4"], ReviewValue::Scoring { score: Some(4.0) }),
        (
            queue(ReviewType::MultipleChoice, &[]),
            pick(&["z", "x"]),
            vec!["z", "x"],
            ReviewValue::MultipleChoice { choices: vec!["z".into(), "x".into()] },
        ),
        (queue(ReviewType::Augmentation, &[]), Answer::default(), vec!["unchanged"], ReviewValue::Augmentation { edited: false }),
    ];
    for (queue, answer, result, value) in cases {
        let verdict = judged(&queue, answer).unwrap();
        assert_eq!((verdict.result, verdict.value), (result.into_iter().map(String::from).collect(), value));
    }
}

#[test]
fn a_typed_value_alone_is_enough_and_a_contradiction_is_refused() {
    let gate = queue(ReviewType::Approval, &[]);
    let value = Some(ReviewValue::Approval { approved: true });
    assert_eq!(judged(&gate, Answer { value: value.clone(), ..Answer::default() }).unwrap().result, ["approved"]);
    assert_eq!(judged(&gate, Answer { value, ..pick(&["rejected"]) }), Err(Code::ValidationError));
    let other = Some(ReviewValue::Labeling { labels: vec!["approved".into()] });
    assert_eq!(judged(&gate, Answer { value: other, ..Answer::default() }), Err(Code::ValidationError));
}

#[test]
fn an_approval_is_never_assumed() {
    let gate = queue(ReviewType::Approval, &[]);
    assert_eq!(judged(&gate, Answer::default()), Err(Code::ResultRequired));
    assert_eq!(judged(&gate, pick(&["Approved"])), Err(Code::UnknownOption));
    assert_eq!(judged(&gate, pick(&["approved", "rejected"])), Err(Code::TooManySelections));
    let third = judged(&queue(ReviewType::Approval, &["approved", "rejected", "escalate"]), pick(&["escalate"])).unwrap();
    assert_eq!(third.value, ReviewValue::Approval { approved: false });
}

#[test]
fn selections_are_known_distinct_and_limited() {
    let labels = queue(ReviewType::Labeling, &["a", "b", "c"]);
    assert_eq!(judged(&labels, pick(&["a", "a"])), Err(Code::ValidationError));
    assert_eq!(judged(&labels, pick(&["d"])), Err(Code::UnknownOption));
    let choices = queue(ReviewType::MultipleChoice, &[]);
    let refused = judge(&choices, &task(Some(1)), &content(), None, pick(&["x", "y"])).unwrap_err();
    assert_eq!(refused.code, Code::TooManySelections);
}

#[test]
fn nothing_may_be_selected_only_where_the_queue_says_so() {
    let mut labels = queue(ReviewType::Labeling, &["a"]);
    assert_eq!(judged(&labels, pick(&[])), Err(Code::ResultRequired));
    labels.config.result_required = false;
    assert_eq!(judged(&labels, pick(&[])).unwrap().result, Vec::<String>::new());
    labels.config.feedback_required = FeedbackRequired::WhenEmpty;
    assert_eq!(judged(&labels, pick(&[])), Err(Code::FeedbackRequired));
    assert!(judged(&labels, pick(&["a"])).is_ok());
}

#[test]
fn feedback_of_spaces_is_no_feedback() {
    let mut gate = queue(ReviewType::Approval, &[]);
    gate.config.feedback_required = FeedbackRequired::WhenRejected;
    assert!(judged(&gate, pick(&["approved"])).is_ok());
    let spaces = Answer { feedback: Some("  ".into()), ..pick(&["rejected"]) };
    assert_eq!(judged(&gate, spaces), Err(Code::FeedbackRequired));
}

#[test]
fn edits_keep_the_original_apart_and_come_with_their_difference() {
    let augmentation = queue(ReviewType::Augmentation, &[]);
    let edited = json!({"subject": "Hello", "body": "Everybody"});
    let answer = Answer { data: edited.as_object().cloned(), ..Answer::default() };
    let verdict = judged(&augmentation, answer).unwrap();
    assert_eq!(verdict.result, ["edited"]);
    assert_eq!(verdict.patch, Some(json!([{"op": "replace", "path": "/body", "value": "Everybody"}])));
    let same = Answer { data: Some(content().data), ..Answer::default() };
    assert_eq!(judged(&augmentation, same).unwrap().result, ["unchanged"]);
}

#[test]
fn edits_are_refused_where_the_queue_takes_none_and_on_a_rejection() {
    let mut gate = queue(ReviewType::Approval, &[]);
    let edited = json!({"subject": "Hi"}).as_object().cloned();
    assert_eq!(judged(&gate, Answer { data: edited.clone(), ..pick(&["approved"]) }), Err(Code::EditsNotAllowed));
    gate.config.allow_edits = true;
    assert!(judged(&gate, Answer { data: edited.clone(), ..pick(&["approved"]) }).unwrap().data.is_some());
    assert_eq!(judged(&gate, Answer { data: edited, ..pick(&["rejected"]) }), Err(Code::EditsNotAllowed));
}

#[test]
fn an_approval_that_brings_nothing_edits_nothing() {
    let mut gate = queue(ReviewType::Approval, &[]);
    gate.config.allow_edits = true;
    let empty = || Some(Object::new());
    let verdict = judged(&gate, Answer { data: empty(), ..pick(&["approved"]) }).unwrap();
    assert_eq!((verdict.data, verdict.patch), (None, None));
    assert!(judged(&gate, Answer { data: empty(), ..pick(&["rejected"]) }).is_ok());
    // Where edits are what is asked for, taking everything out is one.
    let augmentation = queue(ReviewType::Augmentation, &[]);
    assert_eq!(judged(&augmentation, Answer { data: empty(), ..Answer::default() }).unwrap().data, empty());
}

#[test]
fn edits_must_fit_the_edit_schema() {
    let augmentation = queue(ReviewType::Augmentation, &[]);
    let validator = schema::compile(&json!({"properties": {"body": {"maxLength": 5}}})).unwrap();
    let answer = Answer { data: json!({"body": "far too long"}).as_object().cloned(), ..Answer::default() };
    let refusal = judge(&augmentation, &task(None), &content(), Some(&validator), answer).unwrap_err();
    assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (Code::SchemaMismatch, "/data/body"));
}

proptest! {
    #[test]
    fn every_score_that_passes_is_on_the_scale(text in "-?[0-9]{1,3}(\\.[0-9]{1,3})?|[a-zA-Z]{1,5}") {
        let mut scoring = queue(ReviewType::Scoring, &[]);
        scoring.config.scale = Some(Scale { min: 0.0, max: 10.0, step: 0.5, min_label: None, max_label: None });
        if let Ok(verdict) = judged(&scoring, pick(&[&text])) {
            let ReviewValue::Scoring { score: Some(score) } = verdict.value else { panic!("typed as a score") };
            prop_assert!((0.0..=10.0).contains(&score) && (score * 2.0).fract() == 0.0);
            prop_assert_eq!(verdict.result, vec![score.to_string()]);
        }
    }

    #[test]
    fn a_patch_turns_the_original_into_the_edit(body in "\\PC{0,30}", extra: bool) {
        let augmentation = queue(ReviewType::Augmentation, &[]);
        let mut edited = json!({"subject": "Hello", "body": body});
        if extra { edited["note"] = json!(1); }
        let verdict = judged(&augmentation, Answer { data: edited.as_object().cloned(), ..Answer::default() }).unwrap();
        let mut patched = Value::Object(content().data);
        if let Some(patch) = verdict.patch {
            json_patch::patch(&mut patched, &serde_json::from_value::<json_patch::Patch>(patch).unwrap()).unwrap();
        }
        prop_assert_eq!(patched, edited);
    }
}
