//! Whom a step of an escalation reaches.

use std::collections::BTreeSet;

use signoff_domain::{
    Timestamp,
    delegation::{Absence, is_absent},
    escalation::Target,
    group::Group,
    id::MemberId,
    member::MemberState,
    permission::Role,
    queue::Queue,
    schedule::{Rota, Schedule},
};
use signoff_store::{Error, Tx, absences, members, resources};

use crate::tasks::audience::GROUP;

/// The kind under which schedules are kept.
pub(crate) const SCHEDULE: &str = "schedule";

/// The active members that the targets come to, each once.
pub(super) async fn members_of(tx: &mut Tx<'_>, queue: &Queue, targets: &[Target], now: Timestamp) -> Result<Vec<MemberId>, Error> {
    let organization = queue.organization_id;
    let mut reached = BTreeSet::new();
    for target in targets {
        match target {
            Target::Member(member) => {
                reached.insert(*member);
            }
            Target::Group(key) => {
                let group = resources::get::<Group>(tx, organization, GROUP, key).await?;
                reached.extend(group.into_iter().flat_map(|group| group.definition.member_ids));
            }
            Target::Schedule(key) => {
                let away = absences::all::<Absence>(tx, organization, now).await?;
                let schedule = resources::get::<Schedule>(tx, organization, SCHEDULE, key).await?;
                let rota = schedule.map(|schedule| Rota::of(&schedule.definition)).transpose()?;
                let duty = rota.map(|rota| rota.on_call(now, |member| is_absent(&away, member, now)));
                match duty.and_then(|duty| duty.member) {
                    Some(member) => {
                        reached.insert(member);
                    }
                    // A gap in the schedule is nobody's fault and everybody's risk: the leads are told.
                    None => reached.extend(leads(tx, queue).await?),
                }
            }
            Target::QueueLead => reached.extend(leads(tx, queue).await?),
        }
    }
    active(tx, queue, reached).await
}

/// Who leads a queue: whom it names or, with nobody named, who administers the organization.
pub(crate) async fn leads(tx: &mut Tx<'_>, queue: &Queue) -> Result<Vec<MemberId>, Error> {
    let named = active(tx, queue, queue.config.lead_ids.iter().copied().collect()).await?;
    if !named.is_empty() {
        return Ok(named);
    }
    let all = members::all(tx, queue.organization_id).await?;
    let administers = |role: Role| matches!(role, Role::Owner | Role::Admin);
    Ok(all.iter().filter(|member| member.state == MemberState::Active && administers(member.role)).map(|member| member.id).collect())
}

async fn active(tx: &mut Tx<'_>, queue: &Queue, members: BTreeSet<MemberId>) -> Result<Vec<MemberId>, Error> {
    let mut active = Vec::new();
    for member in members {
        let found = members::get(tx, queue.organization_id, member).await?;
        active.extend(found.filter(|found| found.state == MemberState::Active).map(|found| found.id));
    }
    Ok(active)
}
