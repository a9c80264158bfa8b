//! Which stages are refused, and how they are written.

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::{id::MemberId, queue::ReviewType, refusal::Places};

fn read(stages: Value) -> Vec<Stage> {
    serde_json::from_value(stages).unwrap()
}

/// The wrong places, without the `/stages` that all of them begin with. The group `legal` has two members, `finance` ten.
fn refused(stages: Value, review_type: ReviewType) -> Vec<String> {
    let options = ["approved", "rejected"].map(String::from);
    let size = |group: &str| match group {
        "legal" => Some(2),
        "finance" => Some(10),
        _ => None,
    };
    let mut places = Places::default();
    validate_stages(&read(stages), review_type, &options, size, &mut places);
    let pointers = places.finish().err().map(|refusal| refusal.places).unwrap_or_default();
    pointers.into_iter().map(|place| place.pointer.trim_start_matches("/stages").to_owned()).collect()
}

fn people(settings: Value) -> Value {
    let mut stage = json!({"key": "review", "actor": "people"});
    stage.as_object_mut().unwrap().extend(settings.as_object().cloned().unwrap());
    stage
}

fn by(rule: Value, review_type: ReviewType) -> Vec<String> {
    refused(json!([people(json!({"rule": rule, "on_disagreement": "open"}))]), review_type)
}

const FINE: [&str; 0] = [];

#[test]
fn a_stage_is_written_like_this() {
    let stage = &read(json!([{"key": "review", "actor": "people"}]))[0];
    assert_eq!(*stage, Stage::new("review", StageActor::People));
    let full = json!({
        "key": "second", "name": "Second look", "actor": "people", "when": "task.data.amount > 500", "blind": false, "separate": false,
        "rule": {"type": "role_quorum", "groups": [{"group": "legal", "count": 1}]},
        "reviewers": {"groups": ["legal"], "member_ids": []}, "decide": null,
        "on_approve": "finish", "on_reject": {"stage": "third"}, "on_abstain": null, "on_timeout": "open", "on_disagreement": "reject",
    });
    let stage = read(json!([full.clone()])).remove(0);
    assert_eq!(stage.on_reject, Some(Follow::Stage("third".into())));
    assert_eq!(serde_json::to_value(&stage).unwrap(), full);
    for rule in [
        json!({"type": "single"}),
        json!({"type": "k_of_n", "k": 2, "n": 3}),
        json!({"type": "numeric", "n": 3, "aggregate": "median", "max_spread": 1.5}),
        json!({"type": "weighted_posterior", "n_max": 7, "threshold": 0.95}),
        json!({"type": "adaptive", "n0": 2, "n_max": 5, "agreement": 0.75}),
    ] {
        let read: Rule = serde_json::from_value(rule.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), rule);
    }
}

#[test]
fn every_rule_fits_these_review_types_and_no_other() {
    use ReviewType::{Approval, Classification, Scoring};
    let table: [(Value, &[ReviewType]); 9] = [
        (json!({"type": "single"}), &ReviewType::ALL),
        (json!({"type": "k_of_n", "k": 2, "n": 3}), &ReviewType::ALL),
        (json!({"type": "majority", "n": 3}), &ReviewType::ALL),
        (json!({"type": "unanimous", "n": 3}), &ReviewType::ALL),
        (json!({"type": "any_reject_vetoes", "n": 3}), &[Approval]),
        (json!({"type": "role_quorum", "groups": [{"group": "legal", "count": 2}]}), &ReviewType::ALL),
        (json!({"type": "numeric", "n": 3, "aggregate": "mean"}), &[Scoring]),
        (json!({"type": "weighted_posterior", "n_max": 5, "threshold": 0.9}), &[Approval, Classification]),
        (json!({"type": "adaptive", "n0": 2, "n_max": 5, "agreement": 1.0}), &ReviewType::ALL),
    ];
    for (rule, types) in table {
        for review_type in ReviewType::ALL {
            let expected = if types.contains(&review_type) { Vec::new() } else { vec!["/0/rule/type".to_owned()] };
            assert_eq!(by(rule.clone(), review_type), expected, "{rule} in {review_type:?}");
        }
    }
}

#[test]
fn numbers_of_a_rule_have_their_ranges() {
    let table = [
        (json!({"type": "k_of_n", "k": 4, "n": 3}), vec!["/0/rule/k"]),
        (json!({"type": "k_of_n", "k": 0, "n": 51}), vec!["/0/rule/n", "/0/rule/k"]),
        (json!({"type": "majority", "n": 0}), vec!["/0/rule/n"]),
        (json!({"type": "any_reject_vetoes", "n": 51}), vec!["/0/rule/n"]),
        (json!({"type": "role_quorum", "groups": []}), vec!["/0/rule/groups"]),
        (json!({"type": "role_quorum", "groups": [{"group": "legal", "count": 3}]}), vec!["/0/rule/groups/0/count"]),
        (
            json!({"type": "role_quorum", "groups": [{"group": "finance", "count": 1}, {"group": "finance", "count": 0}]}),
            vec!["/0/rule/groups/1/group", "/0/rule/groups/1/count"],
        ),
        (json!({"type": "role_quorum", "groups": [{"group": "a", "count": 30}, {"group": "b", "count": 30}]}), vec!["/0/rule/groups"]),
        (json!({"type": "weighted_posterior", "n_max": 5, "threshold": 0.5}), vec!["/0/rule/threshold"]),
        (json!({"type": "weighted_posterior", "n_max": 5, "threshold": 1.0}), vec!["/0/rule/threshold"]),
        (json!({"type": "adaptive", "n0": 1, "n_max": 5, "agreement": 0.5}), vec!["/0/rule/n0", "/0/rule/agreement"]),
        (json!({"type": "adaptive", "n0": 6, "n_max": 5, "agreement": 0.8}), vec!["/0/rule/n_max"]),
    ];
    for (rule, expected) in table {
        assert_eq!(by(rule.clone(), ReviewType::Approval), expected, "{rule}");
    }
    let spread = |most: f64| by(json!({"type": "numeric", "n": 2, "aggregate": "mean", "max_spread": most}), ReviewType::Scoring);
    assert_eq!(spread(-1.0), ["/0/rule/max_spread"]);
    assert_eq!(spread(0.0), FINE);
}

#[test]
fn a_rule_cannot_want_more_reviewers_than_the_stage_has() {
    let stage = |n: usize, groups: &[&str], members: usize| {
        let ids: Vec<MemberId> = (0..members).map(|i| MemberId(Uuid::from_u128(i as u128))).collect();
        let settings = json!({"rule": {"type": "unanimous", "n": n}, "reviewers": {"groups": groups, "member_ids": ids}});
        refused(json!([people(settings)]), ReviewType::Approval)
    };
    assert_eq!(stage(3, &["legal"], 0), ["/0/rule/n"]);
    assert_eq!(stage(3, &["legal"], 1), FINE);
    assert_eq!(stage(13, &["legal", "finance"], 0), ["/0/rule/n"]);
    assert_eq!(stage(13, &["legal", "other"], 0), FINE, "the size of a group is not known");
    assert_eq!(stage(1, &[], 0), ["/0/rule/n", "/0/reviewers"]);
    assert_eq!(stage(1, &["legal", "legal"], 0), ["/0/reviewers/groups"]);
}

#[test]
fn follows_lead_forward_to_stages_that_are_there() {
    let chain = |member: &str, follow: Value| {
        let mut first = people(json!({"key": "first"}));
        first[member] = follow;
        let mut last = people(json!({"key": "last"}));
        last[member] = json!({"stage": "first"});
        refused(json!([first, last]), ReviewType::Approval)
    };
    assert_eq!(chain("on_reject", json!({"stage": "last"})), ["/1/on_reject"], "backward");
    assert_eq!(chain("on_reject", json!({"stage": "first"})), ["/0/on_reject", "/1/on_reject"], "to itself");
    assert_eq!(chain("on_timeout", json!({"stage": "third"})), ["/0/on_timeout", "/1/on_timeout"], "nowhere");
    assert_eq!(chain("on_disagreement", json!("next")), ["/1/on_disagreement"]);
    assert_eq!(chain("on_disagreement", json!("finish")), ["/0/on_disagreement", "/1/on_disagreement"], "with no verdict");
    assert_eq!(chain("on_approve", json!("reject")), ["/0/on_approve", "/1/on_approve"]);
    assert_eq!(chain("on_abstain", json!("next")), ["/0/on_abstain", "/1/on_abstain"], "people do not abstain");
}

#[test]
fn what_people_leave_undecided_comes_before_people_again() {
    let chain = |follow: Value| {
        let policy = json!({"key": "policy", "actor": "policy", "when": "true", "decide": ["rejected"]});
        refused(json!([people(json!({"on_timeout": follow})), policy]), ReviewType::Approval)
    };
    assert_eq!(chain(json!("next")), ["/0/on_timeout"]);
    assert_eq!(chain(json!({"stage": "policy"})), ["/0/on_timeout"]);
    assert_eq!(chain(json!("reject")), FINE);
    assert_eq!(chain(json!("open")), FINE);
}

#[test]
fn other_queues_than_approval_say_what_follows_a_disagreement() {
    let stage = |rule: Value, review_type| refused(json!([people(json!({"rule": rule}))]), review_type);
    let majority = json!({"type": "majority", "n": 3});
    assert_eq!(stage(majority.clone(), ReviewType::Approval), FINE);
    assert_eq!(stage(majority, ReviewType::Classification), ["/0/on_disagreement"]);
    assert_eq!(stage(json!({"type": "single"}), ReviewType::Classification), FINE);
    assert_eq!(stage(json!({"type": "numeric", "n": 3, "aggregate": "mean"}), ReviewType::Scoring), FINE);
    let reject = people(json!({"on_disagreement": "reject", "on_reject": "next"}));
    assert_eq!(refused(json!([reject]), ReviewType::Labeling), ["/0/on_disagreement", "/0/on_reject"]);
}

#[test]
fn a_policy_has_a_condition_and_a_result_and_nothing_of_people() {
    let with = |policy: Value| refused(json!([policy, people(json!({}))]), ReviewType::Approval);
    assert_eq!(with(json!({"key": "p", "actor": "policy", "when": "x", "decide": ["approved"], "on_approve": "next"})), FINE);
    assert_eq!(with(json!({"key": "p", "actor": "policy"})), ["/0/when", "/0/decide"]);
    assert_eq!(with(json!({"key": "p", "actor": "policy", "when": " ", "decide": ["maybe"]})), ["/0/when", "/0/decide/0"]);
    let people_only = json!({
        "key": "p", "actor": "ai", "decide": ["approved"], "rule": {"type": "majority", "n": 3}, "reviewers": {"groups": ["legal"]},
        "on_timeout": "open", "on_disagreement": "open", "on_abstain": "reject", "on_approve": "finish",
    });
    let expected = ["rule", "reviewers", "decide", "on_abstain", "on_timeout", "on_disagreement", "on_approve"];
    assert_eq!(with(people_only), expected.map(|member| format!("/0/{member}")));
    assert_eq!(refused(json!([people(json!({"decide": ["approved"]}))]), ReviewType::Approval), ["/0/decide"]);
}

#[test]
fn a_policy_decides_what_the_review_type_can_result_in() {
    let policy = |decide: Value, review_type| {
        let policy = json!({"key": "p", "actor": "policy", "when": "x", "decide": decide});
        refused(json!([policy, people(json!({}))]), review_type)
    };
    assert_eq!(policy(json!(["approved", "rejected"]), ReviewType::Approval), ["/0/decide"]);
    assert_eq!(policy(json!(["approved", "approved"]), ReviewType::Labeling), ["/0/decide/1"]);
    assert_eq!(policy(json!(["approved", "rejected"]), ReviewType::Labeling), FINE);
    assert_eq!(policy(json!(["4.5"]), ReviewType::Scoring), FINE);
    assert_eq!(policy(json!(["inf"]), ReviewType::Scoring), ["/0/decide"]);
    assert_eq!(policy(json!(["x"]), ReviewType::MultipleChoice), ["/0/decide"]);
    assert_eq!(policy(json!(["edited"]), ReviewType::Augmentation), ["/0/decide"]);
}

#[test]
fn stages_are_few_and_told_apart_and_have_people_among_them() {
    let stages = |keys: &[&str]| json!(keys.iter().map(|key| people(json!({"key": key}))).collect::<Vec<_>>());
    assert_eq!(refused(stages(&["a", "b", "a", "B"]), ReviewType::Approval), ["/2/key", "/3/key"]);
    let many: Vec<String> = (0..11).map(|i| format!("s{i}")).collect();
    assert_eq!(refused(stages(&many.iter().map(String::as_str).collect::<Vec<_>>()), ReviewType::Approval), [""]);
    assert_eq!(refused(json!([]), ReviewType::Approval), [""]);
    assert_eq!(refused(json!([{"key": "ai", "actor": "ai"}]), ReviewType::Approval), [""]);
    let long = people(json!({"when": "x".repeat(501), "name": ""}));
    assert_eq!(refused(json!([long]), ReviewType::Approval), ["/0/name", "/0/when"]);
}
