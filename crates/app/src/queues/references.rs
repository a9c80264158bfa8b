//! What the settings of a queue name outside it has to be there when the queue is saved: members, groups, calendars, the queue that helps out.

use std::collections::{HashMap, HashSet};

use serde::de::DeserializeOwned;
use signoff_domain::{
    Refusal,
    assignment::check_overflow,
    calendar::Calendar,
    escalation::{Escalation, Existing},
    group::Group,
    id::{MemberId, OrganizationId},
    member::MemberState,
    queue::{Queue, QueueConfig},
    refusal::Places,
    schedule::Schedule,
    stage::{Rule, StageActor},
};
use signoff_store::{Error, Tx, members, queues, resources};

use crate::{Caller, clocks::CALENDAR, escalation::SCHEDULE, tasks::audience::GROUP};

/// The place of the overflow queue.
const OVERFLOW: &str = "/routing/overflow_queue";

/// Checks the parts of a queue against each other, and then what they name. The overflow queue is looked at when the queue is stored: see [`check_helpers`].
///
/// # Errors
/// A validation error that names every place, or a fault.
pub(super) async fn check(tx: &mut Tx<'_>, organization: OrganizationId, config: &QueueConfig) -> Result<(), Error> {
    config.validate()?;
    let mut places = Places::default();
    check_members(tx, organization, config, &mut places).await?;
    let sizes = check_groups(tx, organization, config, &mut places).await?;
    if let Some(key) = config.sla.as_ref().and_then(|sla| sla.calendar.as_deref()) {
        let there = resources::get::<Calendar>(tx, organization, CALENDAR, key).await?.is_some();
        places.require(there, "/sla/calendar", "There is no such calendar.");
    }
    if let Some(escalation) = &config.escalation {
        note_missing(tx, organization, "", config, escalation, &mut places).await?;
    }
    // What does not depend on the groups was found right above.
    let options: Vec<String> = config.review_options.iter().map(|option| option.id.clone()).collect();
    config.workflow().validate(config.review_type, &options, |group| sizes.get(group).copied(), &mut places, "");
    Ok(places.finish()?)
}

async fn check_members(tx: &mut Tx<'_>, organization: OrganizationId, config: &QueueConfig, places: &mut Places) -> Result<(), Error> {
    let mut known = HashMap::new();
    for (pointer, member) in named_members(config) {
        let there = match known.get(&member) {
            Some(there) => *there,
            None => members::get(tx, organization, member).await?.is_some(),
        };
        known.insert(member, there);
        places.require(there, &pointer, "There is no such member.");
    }
    Ok(())
}

/// Every place where the queue names a member.
fn named_members(config: &QueueConfig) -> Vec<(String, MemberId)> {
    let mut named = Vec::new();
    let mut list = |at: String, ids: &[MemberId]| named.extend(ids.iter().enumerate().map(|(i, id)| (format!("{at}/{i}"), *id)));
    list("/reviewer_ids".into(), config.reviewer_ids.as_deref().unwrap_or_default());
    for (i, stage) in config.stages.iter().enumerate() {
        list(format!("/stages/{i}/reviewers/member_ids"), stage.reviewers.as_ref().map_or(&[], |reviewers| &reviewers.member_ids));
    }
    list("/routing/excluded_member_ids".into(), &config.routing.excluded_member_ids);
    list("/lead_ids".into(), &config.lead_ids);
    named
}

/// Every place where the queue names a group.
fn named_groups(config: &QueueConfig) -> Vec<(String, &str)> {
    let mut named = Vec::new();
    for (i, stage) in config.stages.iter().enumerate() {
        let groups = stage.reviewers.iter().flat_map(|reviewers| &reviewers.groups).enumerate();
        named.extend(groups.map(|(g, group)| (format!("/stages/{i}/reviewers/groups/{g}"), group.as_str())));
        if let Rule::RoleQuorum { groups } = &stage.rule {
            let groups = groups.iter().enumerate();
            named.extend(groups.map(|(g, count)| (format!("/stages/{i}/rule/groups/{g}/group"), count.group.as_str())));
        }
    }
    named
}

/// The sizes of the groups that the queue names.
async fn check_groups<'c>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    config: &'c QueueConfig,
    places: &mut Places,
) -> Result<HashMap<&'c str, usize>, Error> {
    let mut sizes = HashMap::new();
    for (pointer, key) in named_groups(config) {
        if sizes.contains_key(key) {
            continue;
        }
        match resources::get::<Group>(tx, organization, GROUP, key).await? {
            Some(group) => {
                sizes.insert(key, group.definition.member_ids.len());
            }
            None => places.add(pointer, "There is no such group."),
        }
    }
    Ok(sizes)
}

/// Checks that the queue's overflow queue is there and that overflow does not go round in a circle. The queue itself is stored; those that it leads to are locked,
/// so that of two changes that close a circle together one is refused.
///
/// # Errors
/// A validation error at the place, or a fault.
pub(super) async fn check_helpers(tx: &mut Tx<'_>, caller: &Caller, queue: &Queue) -> Result<(), Error> {
    let mut edges = Vec::new();
    let mut met = HashSet::from([queue.key.clone()]);
    let (mut from, mut next) = (queue.key.clone(), queue.config.routing.overflow_queue.clone());
    while let Some(key) = next {
        let helper = queues::lock(tx, caller.organization_id, &key).await?.filter(|helper| helper.key == key);
        if edges.is_empty() && helper.as_ref().is_none_or(|helper| helper.deleted_at.is_some() || !caller.sees_queue(&helper.key)) {
            return Err(Refusal::invalid(OVERFLOW, "There is no such queue.").into());
        }
        edges.push((from, key.clone()));
        if !met.insert(key.clone()) {
            break;
        }
        next = helper.and_then(|helper| helper.config.routing.overflow_queue);
        from = key;
    }
    Ok(check_overflow(&edges).map_err(|refusal| refusal.below("/routing"))?)
}

/// Refuses an escalation that names what is not there.
///
/// # Errors
/// A validation error that names every place, or a fault.
pub(crate) async fn check_escalation(tx: &mut Tx<'_>, queue: &Queue, escalation: &Escalation) -> Result<(), Error> {
    let mut places = Places::default();
    note_missing(tx, queue.organization_id, &queue.key, &queue.config, escalation, &mut places).await?;
    Ok(places.finish()?)
}

async fn note_missing(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    own_key: &str,
    config: &QueueConfig,
    escalation: &Escalation,
    places: &mut Places,
) -> Result<(), Error> {
    let active = members::all(tx, organization).await?.into_iter().filter(|member| member.state == MemberState::Active);
    let members: HashSet<MemberId> = active.map(|member| member.id).collect();
    let open = queues::all(tx, organization).await?.into_iter().filter(|queue| queue.deleted_at.is_none() && queue.key != own_key);
    // A task can only move to where it is decided in the same way.
    let queues: HashSet<String> = open.filter(|queue| queue.config.review_type == config.review_type).map(|queue| queue.key).collect();
    let groups = keys::<Group>(tx, organization, GROUP).await?;
    let schedules = keys::<Schedule>(tx, organization, SCHEDULE).await?;
    let calendars = keys::<Calendar>(tx, organization, CALENDAR).await?;
    let workflow = config.workflow();
    let existing = Existing {
        member: &|member| members.contains(&member),
        group: &|key| groups.contains(key),
        schedule: &|key| schedules.contains(key),
        queue: &|key| queues.contains(key),
        calendar: &|key| calendars.contains(key),
        stage: &|key| workflow.stages.iter().any(|stage| stage.key == key && stage.actor == StageActor::People),
        result: &|result| config.review_options.iter().any(|option| option.id == result),
    };
    escalation.validate(places, "/escalation", &existing);
    Ok(())
}

async fn keys<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, kind: &str) -> Result<HashSet<String>, Error> {
    Ok(resources::all::<T>(tx, organization, kind).await?.into_iter().map(|resource| resource.key).collect())
}
