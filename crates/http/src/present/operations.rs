//! How resources, offers and the accounts of assignments are shown.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use signoff_app::{
    resources::{Definition, Imported, OnDuty, Resource},
    routing::{Explained, OfferView, Told},
};
use signoff_domain::{Timestamp, assignment::Explanation, schedule::Shift};
use signoff_wire::{offer as wire, resource};

use super::priority;
use crate::{
    convert::{to_wire, with},
    problem::Result,
};

/// A definition with its key and times.
pub(crate) fn named<T: Definition, W: DeserializeOwned>(found: &Resource<T>) -> Result<W> {
    let Resource { key, definition, created_at, updated_at } = found;
    with(definition, [("key", json!(key)), ("created_at", json!(created_at)), ("updated_at", json!(updated_at))])
}

pub(crate) fn imported(imported: &Imported) -> Result<resource::ImportedHolidays> {
    Ok(resource::ImportedHolidays {
        calendar: named(&imported.calendar)?,
        added: imported.added,
        kept: imported.kept,
        notices: to_wire(&imported.notices)?,
        further_notices: imported.further_notices,
    })
}

pub(crate) fn on_duty(duty: OnDuty) -> Result<resource::OnCall> {
    let shift = |shift: &Shift| {
        let Shift { member, from, to, source } = shift;
        Ok(resource::Shift { member_id: member.map(|id| id.to_string()), from: *from, to: *to, source: to_wire(source)? })
    };
    Ok(resource::OnCall {
        at: duty.at,
        member_id: duty.on_call.member.map(|id| id.to_string()),
        source: to_wire(&duty.on_call.source)?,
        passed_over: duty.on_call.passed_over.iter().map(ToString::to_string).collect(),
        shifts: duty.shifts.iter().map(shift).collect::<Result<_>>()?,
    })
}

pub(crate) fn offer(offer: OfferView) -> wire::Offer {
    wire::Offer {
        id: offer.id.to_string(),
        task_id: offer.task.id.to_string(),
        queue_key: offer.task.queue_key,
        summary: offer.task.summary,
        priority: priority(offer.task.priority),
        sla_deadline: offer.task.deadline,
        on_behalf_of: offer.on_behalf_of.map(|id| id.to_string()),
        strategy: offer.strategy,
        offered_at: offer.offered_at,
        expires_at: offer.expires_at,
    }
}

pub(crate) fn account(account: Explained) -> Result<wire::AssignmentAccount> {
    Ok(wire::AssignmentAccount {
        last: account.last.map(last).transpose()?,
        now: account.now.as_ref().map(explanation).transpose()?,
        would_choose: account.would_choose.map(|id| id.to_string()),
        members: account.members.into_iter().map(candidate).collect::<Result<_>>()?,
    })
}

fn last((explained, at): (Explanation, Timestamp)) -> Result<wire::LastDecision> {
    Ok(wire::LastDecision { at, explanation: explanation(&explained)? })
}

fn candidate(told: Told) -> Result<wire::Candidate> {
    Ok(wire::Candidate {
        member_id: told.member_id.to_string(),
        name: told.name,
        stopped_by: to_wire_opt(told.stopped_by.as_ref())?,
        why: told.stopped_by.map(|filter| filter.sentence().to_owned()),
    })
}

fn explanation(explanation: &Explanation) -> Result<wire::Explanation> {
    let Explanation { candidates, left, strategy, score, dropped_skills, reason } = explanation;
    let left = left.iter().map(|(filter, left)| Ok(wire::Left { filter: to_wire(filter)?, left: *left }));
    Ok(wire::Explanation {
        candidates: *candidates,
        left: left.collect::<Result<_>>()?,
        strategy: to_wire(strategy)?,
        score: to_wire_opt(score.as_ref())?,
        dropped_skills: dropped_skills.clone(),
        reason: to_wire_opt(reason.as_ref())?,
    })
}

fn to_wire_opt<W: DeserializeOwned>(domain: Option<&impl Serialize>) -> Result<Option<W>> {
    domain.map(to_wire).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use signoff_domain::{
        assignment::{Filter, Nobody, Score, Strategy},
        calendar::Weekday,
        capacity::Presence,
        delegation::{Lack, Mode, OpenWork, To},
        id::MemberId,
        schedule::{GapAction, Rotation, Source},
    };
    use signoff_wire::availability;
    use std::fmt::Debug;

    fn survives<W: DeserializeOwned + Serialize, D: Serialize + DeserializeOwned + PartialEq + Debug>(
        variants: impl IntoIterator<Item = D>,
    ) {
        for variant in variants {
            let wire: W = to_wire(&variant).unwrap();
            assert_eq!(crate::settings::read::<D>("", &wire).unwrap(), variant);
        }
    }

    #[test]
    fn every_variant_of_each_setting_is_written_alike_on_both_sides() {
        let at = Timestamp::UNIX_EPOCH;
        survives::<wire::Filter, _>(Filter::ALL);
        survives::<wire::Strategy, _>(Strategy::ALL);
        survives::<wire::Nobody, _>([Nobody::NoCandidates, Nobody::EmptiedBy { filter: Filter::Skills }, Nobody::LeftToPeople]);
        survives::<wire::Score, _>([
            Score::LeastRecent { last_assigned_at: None },
            Score::SpareShare { spare_units: 1, capacity_units: 2 },
            Score::SameThread { reviewed_at: at },
        ]);
        survives::<resource::Weekday, _>(Weekday::ALL);
        survives::<resource::Rotation, _>([Rotation::Daily, Rotation::Weekly, Rotation::Hours(12)]);
        survives::<resource::GapAction, _>([GapAction::Nobody, GapAction::QueueLead]);
        survives::<resource::ShiftSource, _>([Source::Override(1), Source::Layer("Day".into()), Source::Gap]);
        survives::<availability::Presence, _>(Presence::ALL);
        survives::<availability::OpenWork, _>([OpenWork::Keep, OpenWork::Delegate, OpenWork::Return]);
        survives::<availability::DelegationMode, _>([Mode::WhileAbsent, Mode::Always]);
        let member = MemberId(uuid::Uuid::from_u128(1));
        survives::<availability::DelegateTo, _>([To::Member(member), To::Group("legal".into())]);
        survives::<availability::Lack, _>([Lack::Anybody, Lack::Skill { skill: "law".into() }, Lack::SkillsTogether]);
    }
}
