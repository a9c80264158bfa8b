//! Times without anybody, against asking everybody every day.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{delegation::OpenWork, id::AbsenceId};

const DAYS: i64 = 12;

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn absence(who: u128, starts: i64, ends: i64) -> Absence {
    Absence {
        id: AbsenceId(Uuid::from_u128(1)),
        member_id: member(who),
        starts_at: at(starts),
        ends_at: at(ends),
        open_work: OpenWork::Keep,
        reason: None,
    }
}

fn skill(key: &str, level: i64, until: Option<i64>) -> Skill {
    Skill { skill: key.into(), level, valid_until: until.map(at) }
}

fn staff(n: u128, skills: &[Skill]) -> Staff {
    Staff { member_id: member(n), queue_keys: vec!["gate".into()], skills: skills.to_vec() }
}

fn need(skills: &[&str]) -> Need {
    let skills =
        skills.iter().map(|key| SkillRequirement { skill: (*key).into(), min_level: 50, mandatory: true, drop_after_seconds: None });
    Need { queue_key: "gate".into(), skills: skills.collect() }
}

fn found(need: Need, staff: &[Staff], absences: &[Absence]) -> Vec<(Lack, i64, i64)> {
    let day = |instant: Timestamp| instant.duration_since(at(0)).as_secs() / 86_400;
    let found = preview(at(0), at(DAYS), &[need], staff, absences);
    found.into_iter().map(|uncovered| (uncovered.lack, day(uncovered.from), day(uncovered.to))).collect()
}

fn lacks_skill(key: &str) -> Lack {
    Lack::Skill { skill: key.into() }
}

#[test]
fn a_queue_has_nobody_while_all_are_away() {
    let both = [staff(1, &[]), staff(2, &[])];
    assert_eq!(found(need(&[]), &both, &[absence(1, 2, 6)]), []);
    assert_eq!(found(need(&[]), &both, &[absence(1, 2, 6), absence(2, 4, 9)]), [(Lack::Anybody, 4, 6)]);
    assert_eq!(found(need(&[]), &both, &[absence(1, -5, 3), absence(1, 3, 6), absence(2, -9, 99)]), [(Lack::Anybody, 0, 6)]);
    assert_eq!(found(need(&[]), &[], &[]), [(Lack::Anybody, 0, DAYS)]);
}

#[test]
fn members_of_other_queues_do_not_count() {
    let elsewhere = Staff { queue_keys: vec!["other".into()], ..staff(2, &[]) };
    assert_eq!(found(need(&[]), &[staff(1, &[]), elsewhere], &[absence(1, 2, 3)]), [(Lack::Anybody, 2, 3)]);
}

#[test]
fn a_skill_is_missing_while_nobody_there_has_it_at_its_level() {
    let all = [staff(1, &[skill("french", 50, None)]), staff(2, &[skill("french", 49, None)])];
    assert_eq!(found(need(&["french"]), &all, &[absence(1, 2, 5)]), [(lacks_skill("french"), 2, 5)]);
}

#[test]
fn a_skill_that_runs_out_is_missing_from_then_on() {
    let renewed = [staff(1, &[skill("french", 80, Some(4)), skill("french", 60, Some(7))])];
    assert_eq!(found(need(&["french"]), &renewed, &[]), [(lacks_skill("french"), 7, DAYS)]);
}

#[test]
fn skills_that_nobody_has_together_are_missing_together() {
    let split = [staff(1, &[skill("a", 90, None)]), staff(2, &[skill("b", 90, None)])];
    let expected = [(lacks_skill("b"), 3, 5), (Lack::SkillsTogether, 0, 3), (Lack::SkillsTogether, 5, DAYS)];
    assert_eq!(found(need(&["a", "b"]), &split, &[absence(2, 3, 5)]), expected);
}

#[test]
fn what_is_dropped_in_time_is_not_missed() {
    let mut optional = need(&["french"]);
    optional.skills[0].mandatory = false;
    optional.skills[0].drop_after_seconds = Some(60);
    assert_eq!(found(optional, &[staff(1, &[])], &[]), []);
}

#[test]
fn an_empty_period_lacks_nothing() {
    assert_eq!(preview(at(3), at(3), &[need(&[])], &[], &[]), []);
    assert_eq!(preview(at(3), at(2), &[need(&["a", "b"])], &[], &[absence(1, 0, 9)]), []);
}

fn any_staff() -> impl Strategy<Value = Vec<Staff>> {
    let facts = ("[abc]", prop::sample::select(vec![40_i64, 60]), prop::option::of(-1..DAYS + 2));
    let skills = prop::collection::vec(facts.prop_map(|(key, level, until)| skill(&key, level, until)), 0..4);
    let one = (skills, prop::collection::hash_set(prop::sample::select(vec!["gate", "other"]), 0..3));
    prop::collection::vec(one, 0..5).prop_map(|all| {
        let staff = all.into_iter().zip(1_u128..);
        staff
            .map(|((skills, queues), n)| Staff { member_id: member(n), queue_keys: queues.into_iter().map(Into::into).collect(), skills })
            .collect()
    })
}

proptest! {
    /// Day by day, everybody is asked whether they are there and what they can do.
    #[test]
    fn the_preview_is_what_asking_everybody_every_day_finds(
        all in any_staff(), away in prop::collection::vec((1_u128..6, -3..DAYS, 0_i64..9), 0..8),
        keys in prop::sample::subsequence(vec!["a", "b", "c"], 0..4),
    ) {
        let absences: Vec<_> = away.into_iter().map(|(who, starts, days)| absence(who, starts, starts + days)).collect();
        let found = found(need(&keys), &all, &absences);
        for day in 0..DAYS {
            let there: Vec<_> = all.iter().filter(|one| {
                one.queue_keys.iter().any(|key| key == "gate")
                    && !absences.iter().any(|absence| absence.member_id == one.member_id && absence.starts_at <= at(day) && at(day) < absence.ends_at)
            }).collect();
            let has = |one: &Staff, key: &str| {
                one.skills.iter().any(|skill| skill.skill == key && skill.level >= 50 && skill.valid_until.is_none_or(|end| at(day) < end))
            };
            let mut expected = Vec::new();
            if there.is_empty() {
                expected.push(Lack::Anybody);
            }
            expected.extend(keys.iter().filter(|key| !there.iter().any(|one| has(one, key))).map(|key| lacks_skill(key)));
            if expected.is_empty() && !there.iter().any(|one| keys.iter().all(|key| has(one, key))) {
                expected.push(Lack::SkillsTogether);
            }
            let on_day: Vec<_> = found.iter().filter(|(_, from, to)| (*from..*to).contains(&day)).map(|(lack, ..)| lack.clone()).collect();
            prop_assert_eq!(on_day, expected, "day {}", day);
        }
        // Spans of one lack neither touch nor overlap: each is as long as can be.
        for (i, (lack, _, to)) in found.iter().enumerate() {
            prop_assert!(found.iter().skip(i + 1).filter(|other| other.0 == *lack).all(|other| other.1 > *to));
        }
    }
}
