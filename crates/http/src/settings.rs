//! The settings of a queue (stages, routing, times), which have the same form in the domain and on the wire: one is read from the other's JSON.
//!
//! A new setting is a member of the wire's queue types and one line in `queue_parts.rs`, in `present.rs` and in `endpoints/apply.rs` each. The test here goes
//! through every variant of each.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use signoff_app::Fault;
use signoff_domain::{Object, Refusal, queue::QueueConfig};

use crate::extract::typed;

/// Reads a setting from the wire.
///
/// # Errors
/// A validation error that names the place below `at`.
pub(crate) fn read<T: DeserializeOwned>(at: &str, wire: &impl Serialize) -> Result<T, Refusal> {
    typed(json(wire)).map_err(|refusal| refusal.below(at))
}

/// Shows a setting on the wire.
///
/// # Panics
/// Never: the two have the same form, which the test below holds for every variant, and what is stored was checked to have no number that JSON does not have.
pub(crate) fn show<T: DeserializeOwned>(domain: &impl Serialize) -> T {
    match serde_json::from_value(json(domain)) {
        Ok(wire) => wire,
        Err(error) => unreachable!("a setting has another form on the wire: {error}"),
    }
}

/// Reads a setting of a document, where members are named by e-mail address.
///
/// # Errors
/// A fault when it has another form.
pub(crate) fn in_document<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_json::from_value(value).map_err(|error| Fault::Bug(format!("a setting has another form on the wire: {error}")))
}

/// Anything that is only made of texts, numbers, lists and objects is JSON.
pub(crate) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The parts of a queue as JSON.
pub(crate) fn object(config: &QueueConfig) -> Object {
    match json(config) {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use signoff_domain as domain;
    use signoff_wire as wire;

    use super::*;

    /// The same JSON on both sides, and all of it.
    fn same<W: DeserializeOwned + Serialize, D: DeserializeOwned + Serialize>(value: &Value) {
        let on_the_wire: W = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"));
        let within: D = read("", &on_the_wire).unwrap_or_else(|refusal| panic!("{value}: {refusal}"));
        let shown: W = show(&within);
        assert_eq!(json(&on_the_wire), json(&shown));
        assert_eq!(json(&shown), json(&within));
    }

    fn stage(members: Value) -> Value {
        let mut stage = json!({"key": "review", "actor": "people"});
        stage.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        stage
    }

    #[test]
    fn every_stage_has_one_form() {
        let member = domain::id::MemberId(uuid::Uuid::from_u128(7)).to_string();
        let rules = [
            json!({"type": "single"}),
            json!({"type": "k_of_n", "k": 2, "n": 3}),
            json!({"type": "majority", "n": 3}),
            json!({"type": "unanimous", "n": 2}),
            json!({"type": "any_reject_vetoes", "n": 2}),
            json!({"type": "role_quorum", "groups": [{"group": "legal", "count": 1}]}),
            json!({"type": "numeric", "n": 3, "aggregate": "mean", "max_spread": null}),
            json!({"type": "numeric", "n": 3, "aggregate": "median", "max_spread": 1.5}),
            json!({"type": "weighted_posterior", "n_max": 5, "threshold": 0.95}),
            json!({"type": "adaptive", "n0": 2, "n_max": 5, "agreement": 0.7}),
        ];
        for rule in rules {
            same::<wire::workflow::Stage, domain::stage::Stage>(&stage(json!({"rule": rule})));
        }
        for actor in ["people", "policy", "ai"] {
            same::<wire::workflow::Stage, domain::stage::Stage>(&stage(json!({"actor": actor})));
        }
        for follow in [json!("next"), json!("finish"), json!("reject"), json!("open"), json!({"stage": "legal"})] {
            for on in ["on_approve", "on_reject", "on_abstain", "on_timeout", "on_disagreement"] {
                same::<wire::workflow::Stage, domain::stage::Stage>(&stage(json!({on: follow})));
            }
        }
        same::<wire::workflow::Stage, domain::stage::Stage>(&stage(json!({
            "name": "Legal", "when": "true", "decide": ["approved"], "blind": false, "separate": false,
            "reviewers": {"groups": ["legal"], "member_ids": [member]},
        })));
    }

    #[test]
    fn every_routing_has_one_form() {
        let member = domain::id::MemberId(uuid::Uuid::from_u128(7)).to_string();
        same::<wire::routing::Routing, domain::assignment::Routing>(&json!({}));
        for then in ["round_robin", "load_balanced"] {
            same::<wire::routing::Routing, domain::assignment::Routing>(&json!({
                "then": then, "sticky_seconds": 1, "offer_timeout_seconds": 60, "ageing_minutes": 5, "weight": 3,
                "skills": [{"skill": "german"}, {"skill": "law", "min_level": 50, "mandatory": false, "drop_after_seconds": 60}],
                "overflow_queue": "other", "overflow_after_minutes": 30, "excluded_member_ids": [member],
            }));
        }
    }

    #[test]
    fn every_sla_has_one_form() {
        same::<wire::sla::Sla, domain::sla::Sla>(&json!({}));
        for kind in ["time_to_assign", "time_to_first_view", "time_to_decision", "total"] {
            let targets = json!({"default": 60, "low": 240, "normal": 120, "high": 60, "urgent": 15});
            let metrics = json!([{"kind": kind, "target_minutes": targets}, {"kind": kind, "stage": "review", "target_minutes": {"low": 5}, "warn_at_percent": [50, 90]}]);
            same::<wire::sla::Sla, domain::sla::Sla>(&json!({"calendar": "berlin", "metrics": metrics}));
        }
        for on_deadline in [
            json!({"action": "keep"}),
            json!({"action": "reject"}),
            json!({"action": "expire"}),
            json!({"action": "escalate"}),
            json!({"action": "default_answer", "result": ["spam"]}),
            json!({"action": "return_to_agent"}),
            json!({"action": "approve", "i_accept_approval_without_review": true}),
        ] {
            same::<wire::sla::Sla, domain::sla::Sla>(&json!({"on_deadline": on_deadline}));
        }
    }

    #[test]
    fn every_escalation_has_one_form() {
        let member = domain::id::MemberId(uuid::Uuid::from_u128(7)).to_string();
        let targets = json!([{"member": member}, {"group": "legal"}, {"schedule": "nights"}, "queue_lead"]);
        for action in [
            json!({"type": "notify", "targets": targets}),
            json!({"type": "notify", "targets": targets, "profile": "important"}),
            json!({"type": "reassign", "targets": targets}),
            json!({"type": "add_reviewer", "targets": targets}),
            json!({"type": "raise_priority", "to": "urgent"}),
            json!({"type": "move_queue", "queue": "other"}),
            json!({"type": "add_stage", "stage": "lead"}),
            json!({"type": "default_decision", "result": "approved", "i_accept_approval_without_review": true}),
        ] {
            for after in [json!({"elapsed_minutes": 5}), json!({"business_minutes": 5}), json!({"sla_percent": 80})] {
                for unless in ["acknowledged", "claimed", "assigned"] {
                    let step = json!({"after": after, "unless": unless, "when": "task.priority == 'high'", "action": action});
                    let escalation = json!({"steps": [step], "loops": 3, "acknowledge_timeout_minutes": 5, "support_hours": "berlin"});
                    same::<wire::escalation::Escalation, domain::escalation::Escalation>(&escalation);
                }
            }
            same::<wire::escalation::Escalation, domain::escalation::Escalation>(
                &json!({"steps": [{"after": {"elapsed_minutes": 1}, "action": action}]}),
            );
        }
    }

    #[test]
    fn what_a_setting_does_not_have_is_refused() {
        let wrong = [
            json!({"rule": {"type": "single", "n": 2}}),
            json!({"rule": {"type": "majority"}}),
            json!({"rule": {"type": "majority", "n": -1}}),
            json!({"rule": ["single"]}),
            json!({"rule": {"type": "vote"}}),
            json!({"on_approve": {"queue": "x"}}),
            json!({"reviewers": {"members": []}}),
            json!({"retries": 1}),
        ];
        for members in wrong {
            assert!(serde_json::from_value::<wire::workflow::Stage>(stage(members.clone())).is_err(), "{members}");
        }
        let nobody = wire::workflow::Reviewers { groups: Vec::new(), member_ids: vec!["nobody".into()] };
        let refusal = read::<domain::group::Reviewers>("/stages/0/reviewers", &nobody).unwrap_err();
        assert_eq!(refusal.places[0].pointer, "/stages/0/reviewers/member_ids/0");
    }
}
