//! Random candidates and tasks for the tests.

use proptest::prelude::{Strategy as _, prop, prop_compose};
use uuid::Uuid;

use super::{Candidate, Ranking, Requirement, Routing, Strategy, Taken};
use crate::{
    Timestamp,
    capacity::Presence,
    id::MemberId,
    skill::{Skill, SkillRequirement},
};

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

pub(crate) fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

pub(crate) fn person(n: u128) -> Candidate {
    Candidate::present(member(n))
}

/// A property that rarely keeps somebody away, so that all filters are reached.
fn rarely() -> impl proptest::strategy::Strategy<Value = bool> {
    prop::bool::weighted(0.1)
}

fn skills() -> impl proptest::strategy::Strategy<Value = Vec<Skill>> {
    let skill = ("[ab]", 0_i64..100, prop::option::weighted(0.3, -50_i64..50));
    let skill = skill.prop_map(|(skill, level, end)| Skill { skill, level, valid_until: end.map(at) });
    prop::collection::vec(skill, 0..4)
}

prop_compose! {
    fn facts()(
        presence in prop::sample::select(vec![Presence::Online, Presence::Online, Presence::Online, Presence::Away, Presence::Offline]),
        skills in skills(),
        (capacity_units, load_units, assigned_today) in (0_i64..6, 0_i64..5, 0_i64..5),
        max_per_day in prop::option::weighted(0.3, 0_i64..6),
        (last_assigned_at, reviewed_thread_at) in (prop::option::of(-90_i64..0), prop::option::weighted(0.4, -90_i64..0)),
        identity in prop::option::of("[pqrs]"),
    ) -> Candidate {
        Candidate {
            presence, skills, capacity_units, load_units, assigned_today, max_per_day,
            identity: identity.map(String::into_boxed_str),
            last_assigned_at: last_assigned_at.map(at),
            reviewed_thread_at: reviewed_thread_at.map(at),
            ..person(0)
        }
    }
}

prop_compose! {
    pub(crate) fn candidate()(
        facts in facts(),
        away in (rarely(), rarely(), rarely()),
        parts in (rarely(), rarely(), rarely(), rarely(), rarely(), rarely()),
    ) -> Candidate {
        Candidate {
            enabled: !away.0, inside_hours: !away.1, may_review: !away.2,
            is_requester: parts.0, reviewed_earlier_stage: parts.1, voted: parts.2, declined: parts.3, excluded: parts.4, holds: parts.5,
            ..facts
        }
    }
}

/// Candidates with member ids from 1 on, in any order.
pub(crate) fn candidates() -> impl proptest::strategy::Strategy<Value = Vec<Candidate>> {
    prop::collection::vec(candidate(), 0..30)
        .prop_map(|mut all| {
            all.iter_mut().zip(1..).for_each(|(candidate, n)| candidate.member_id = member(n));
            all
        })
        .prop_shuffle()
}

fn needs() -> impl proptest::strategy::Strategy<Value = Vec<SkillRequirement>> {
    let need = ("[abc]", 0_i64..40, prop::option::weighted(0.6, 1_i64..100)).prop_map(|(skill, min_level, drop)| SkillRequirement {
        skill,
        min_level,
        mandatory: drop.is_none(),
        drop_after_seconds: drop,
    });
    prop::collection::vec(need, 0..2)
}

prop_compose! {
    pub(crate) fn routing()(
        skills in needs(),
        weight in 1_i64..4,
        excluded in prop::collection::btree_set(1_u128..31, 0..4),
        then in prop::sample::select(vec![Ranking::RoundRobin, Ranking::LoadBalanced]),
        sticky_seconds in 1_i64..90,
    ) -> Routing {
        let excluded_member_ids = excluded.into_iter().rev().map(member).collect();
        Routing { skills, weight, excluded_member_ids, then, sticky_seconds, ..Routing::default() }
    }
}

prop_compose! {
    pub(crate) fn requirement()(
        opened in -100_i64..1,
        skills in needs(),
        taken in prop::collection::vec((1_u128..31, "[pqrs]"), 0..2),
    ) -> Requirement {
        let taken = taken.into_iter().map(|(n, identity)| Taken { member_id: member(n), identity }).collect();
        Requirement { opened_at: at(opened), skills, taken }
    }
}

pub(crate) fn strategy() -> impl proptest::strategy::Strategy<Value = Strategy> {
    prop::sample::select(Strategy::ALL.to_vec())
}
