//! What names a calendar, group or schedule: queues in their newest version, members' availabilities, delegations.

use serde_json::Value;
use signoff_domain::{
    Timestamp,
    availability::Availability,
    delegation::{Delegation, To},
    id::OrganizationId,
    queue::QueueConfig,
};
use signoff_store::{Error, Tx, absences, members, queues, workloads};

use crate::{clocks::CALENDAR, escalation::SCHEDULE, tasks::audience::GROUP};

/// The parts of a queue that name calendars, groups and schedules. The others are free text, or names that agents chose.
const PARTS: [&str; 4] = ["stages", "routing", "sla", "escalation"];

/// What names the definition of a key: `queue/refund`, `member/ann@example.com`, `delegation/dlg_…`.
pub(super) async fn uses(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    kind: &str,
    key: &str,
    now: Timestamp,
) -> Result<Vec<String>, Error> {
    let queues = queues::all(tx, organization).await?;
    let named = queues.iter().filter(|queue| queue.deleted_at.is_none() && names(&queue.config, kind, key));
    let mut uses: Vec<String> = named.map(|queue| format!("queue/{}", queue.key)).collect();
    if kind == CALENDAR {
        let of_members = workloads::availabilities::<Availability>(tx, organization).await?;
        for (member, _) in of_members.iter().filter(|(_, availability)| availability.calendar.as_deref() == Some(key)) {
            let found = members::get(tx, organization, *member).await?;
            uses.extend(found.map(|member| format!("member/{}", member.email)));
        }
    }
    if kind == GROUP {
        let delegations = absences::delegations::<Delegation>(tx, organization, now).await?;
        let to_group = |delegation: &&Delegation| matches!(&delegation.to, To::Group(group) if group == key);
        uses.extend(delegations.iter().filter(to_group).map(|delegation| format!("delegation/{}", delegation.id)));
    }
    Ok(uses)
}

/// Whether a queue names the definition. Looked at is how it is written: whatever its parts call a group is one.
fn names(config: &QueueConfig, kind: &str, key: &str) -> bool {
    let members: &[&str] = match kind {
        CALENDAR => &["calendar", "support_hours"],
        GROUP => &["group", "groups"],
        SCHEDULE => &["schedule"],
        _ => &[],
    };
    let written = serde_json::to_value(config).unwrap_or_default();
    PARTS.iter().filter_map(|part| written.get(part)).any(|part| mentions(part, members, key))
}

fn mentions(value: &Value, members: &[&str], key: &str) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(name, value)| {
            let named = members.contains(&name.as_str()) && is_or_holds(value, key);
            named || mentions(value, members, key)
        }),
        Value::Array(items) => items.iter().any(|item| mentions(item, members, key)),
        _ => false,
    }
}

fn is_or_holds(value: &Value, key: &str) -> bool {
    match value {
        Value::String(text) => text == key,
        Value::Array(items) => items.iter().any(|item| item == key),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signoff_domain::queue::ReviewType;

    #[test]
    fn stages_rules_and_clocks_name_what_they_use() {
        let config = QueueConfig::of_type("Refunds", ReviewType::Approval);
        let mut written = serde_json::to_value(config).unwrap();
        written["instructions"] = "group: sales".into();
        written["sla"] = serde_json::json!({"calendar": "berlin", "metrics": []});
        written["stages"] = serde_json::json!([{
            "key": "people", "actor": "people", "rule": {"type": "role_quorum", "groups": [{"group": "legal", "count": 1}]}, "reviewers": {"groups": ["finance"]},
        }]);
        let told = serde_json::json!({"type": "notify", "targets": [{"schedule": "payments"}, {"group": "leads"}]});
        written["escalation"] =
            serde_json::json!({"steps": [{"after": {"elapsed_minutes": 5}, "action": told}], "support_hours": "athens"});
        let config: QueueConfig = serde_json::from_value(written).unwrap();
        assert!(names(&config, GROUP, "legal") && names(&config, GROUP, "finance") && !names(&config, GROUP, "sales"));
        assert!(names(&config, CALENDAR, "berlin") && !names(&config, CALENDAR, "legal") && !names(&config, SCHEDULE, "legal"));
        assert!(names(&config, SCHEDULE, "payments") && names(&config, GROUP, "leads") && names(&config, CALENDAR, "athens"));
    }
}
