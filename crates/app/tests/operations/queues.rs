//! The queues: of each strategy with each rule, and of the rest a mixture.

use serde_json::{Value, json};
use signoff_domain::queue::{QueueConfig, ReviewType};

use crate::random::Random;

pub(crate) const COUNT: usize = 20;
/// The queue that others overflow into and are moved to; it moves nothing on.
pub(crate) const LAST: usize = COUNT - 1;

pub(crate) fn key(n: usize) -> String {
    format!("queue-{n}")
}

fn rule(n: usize) -> Value {
    match n % 8 {
        0 => json!({"type": "single"}),
        1 => json!({"type": "k_of_n", "k": 2, "n": 3}),
        2 => json!({"type": "majority", "n": 3}),
        3 => json!({"type": "any_reject_vetoes", "n": 2}),
        4 => json!({"type": "adaptive", "n0": 2, "n_max": 4, "agreement": 0.7}),
        5 => json!({"type": "role_quorum", "groups": [{"group": "group-0", "count": 1}, {"group": "group-1", "count": 1}]}),
        6 => json!({"type": "unanimous", "n": 2}),
        _ => json!({"type": "weighted_posterior", "n_max": 4, "threshold": 0.9}),
    }
}

fn stages(n: usize) -> Vec<Value> {
    let mut stages = Vec::new();
    if n % 4 == 2 {
        stages.push(
            json!({"key": "small", "actor": "policy", "when": "task.data.amount < 20", "decide": ["approved"], "on_approve": "finish"}),
        );
    }
    let on_timeout = (n % 10 == 7).then_some(if n % 3 == 1 { "next" } else { "reject" });
    let groups = (n % 8 == 5).then(|| json!({"groups": ["group-0", "group-1"]}));
    stages.push(json!({"key": "first", "actor": "people", "rule": rule(n), "on_timeout": on_timeout, "reviewers": groups,
        "on_disagreement": if n % 3 == 1 { "next" } else { "reject" }}));
    if n % 3 == 1 {
        let senior = json!({"key": "second", "actor": "people", "rule": rule(n / 3), "reviewers": {"groups": ["group-2", "group-3"]},
            "on_disagreement": "reject"});
        stages.push(senior);
    }
    if has_extra(n) {
        stages.push(json!({"key": "extra", "actor": "people", "rule": {"type": "single"}, "when": "task.data.amount > 95"}));
    }
    stages
}

/// Whether the queue has a stage that its tasks mostly pass by.
fn has_extra(n: usize) -> bool {
    n % 5 == 3 || (n % 4 == 3 && !n.is_multiple_of(5))
}

fn routing(n: usize, random: &mut Random) -> Value {
    let skills = if n % 6 == 4 {
        json!([{"skill": "french", "min_level": 20, "mandatory": false, "drop_after_seconds": 1_800}, {"skill": "law", "min_level": 10}])
    } else {
        json!([])
    };
    let overflows = n.is_multiple_of(5) && n != LAST;
    json!({
        "strategy": "manual",
        "then": if n.is_multiple_of(2) { "round_robin" } else { "load_balanced" },
        "offer_timeout_seconds": random.within(60, 3_600),
        "ageing_minutes": n.is_multiple_of(3).then_some(180),
        "skills": skills,
        "weight": random.within(1, 3),
        "overflow_queue": overflows.then(|| key(LAST)),
        "overflow_after_minutes": overflows.then_some(90),
    })
}

fn sla(n: usize) -> Value {
    let on_deadline = match n % 7 {
        0 => json!({"action": "reject"}),
        1 => json!({"action": "expire"}),
        2 => json!({"action": "escalate"}),
        3 => json!({"action": "default_answer", "result": ["rejected"]}),
        4 => json!({"action": "return_to_agent"}),
        5 => json!({"action": "approve", "i_accept_approval_without_review": true}),
        _ => json!({"action": "keep"}),
    };
    json!({
        "calendar": (n % 4 != 3).then(|| format!("place-{}", n % 6)),
        "metrics": [
            {"kind": "time_to_assign", "target_minutes": {"default": 45}, "warn_at_percent": [50]},
            {"kind": "time_to_first_view", "target_minutes": {"default": 90, "urgent": 15}},
            {"kind": "time_to_decision", "target_minutes": {"default": 240, "high": 120, "urgent": 60}, "warn_at_percent": [50, 75, 90]},
            {"kind": "total", "target_minutes": {"low": 1_200, "normal": 600, "high": 300}},
        ],
        "on_deadline": on_deadline,
    })
}

fn escalation(n: usize) -> Value {
    let notify = json!({"type": "notify", "targets": ["queue_lead", {"schedule": "on-call"}], "profile": "important"});
    let mut steps = vec![json!({"after": {"elapsed_minutes": 45}, "unless": "claimed", "action": notify})];
    match n % 4 {
        0 => {
            steps.push(json!({"after": {"elapsed_minutes": 120}, "action": {"type": "reassign", "targets": [{"schedule": "on-call"}, {"group": "group-2"}]}}));
            steps.push(json!({"after": {"elapsed_minutes": 240}, "action": {"type": "raise_priority", "to": "high"}}));
        }
        1 => {
            steps.push(json!({"after": {"business_minutes": 90}, "action": {"type": "add_reviewer", "targets": [{"group": "group-3"}]}}));
            steps.push(json!({"after": {"business_minutes": 300}, "action": {"type": "default_decision", "result": "rejected"}}));
        }
        2 => steps.push(json!({"after": {"sla_percent": 80}, "unless": "assigned", "action": {"type": "move_queue", "queue": key(LAST)}})),
        _ => {
            steps.push(json!({"after": {"sla_percent": 60}, "when": "task.data.amount > 30", "action": {"type": "raise_priority", "to": "urgent"}}));
            if has_extra(n) {
                steps.push(json!({"after": {"elapsed_minutes": 600}, "action": {"type": "add_stage", "stage": "extra"}}));
            }
        }
    }
    json!({"steps": steps, "loops": 1 + n % 3, "acknowledge_timeout_minutes": n.is_multiple_of(2).then_some(60),
        "support_hours": (n % 5 == 1).then_some("place-1")})
}

/// The queue of this number. Reviewers and leads are for the world to add.
pub(crate) fn config(n: usize, random: &mut Random) -> QueueConfig {
    let assignment = ["manual", "pull", "round_robin", "load_balanced", "skill_based", "sticky"][n % 6];
    let mut config = serde_json::to_value(QueueConfig::of_type(format!("Queue {n}"), ReviewType::Approval)).unwrap();
    config["assignment"] = assignment.into();
    config["sla_minutes"] = random.within(120, 2_880).into();
    config["stages"] = if n.is_multiple_of(5) { json!([]) } else { stages(n).into() };
    config["routing"] = routing(n, random);
    config["sla"] = if n % 6 == 5 { Value::Null } else { sla(n) };
    config["escalation"] = if n == LAST || n % 5 == 4 { Value::Null } else { escalation(n) };
    let config: QueueConfig = serde_json::from_value(config).unwrap();
    config.validate().unwrap();
    config
}
