//! What counts as a skill, and when a need is dropped.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn mandatory(skill: &str, min_level: i64) -> SkillRequirement {
    SkillRequirement { skill: skill.into(), min_level, mandatory: true, drop_after_seconds: None }
}

fn optional(skill: &str, drop_after_seconds: i64) -> SkillRequirement {
    SkillRequirement { skill: skill.into(), min_level: 0, mandatory: false, drop_after_seconds: Some(drop_after_seconds) }
}

fn keys(requirements: &[&SkillRequirement]) -> Vec<String> {
    requirements.iter().map(|requirement| requirement.skill.clone()).collect()
}

fn pointers(requirements: &[SkillRequirement]) -> Vec<String> {
    let mut places = Places::default();
    validate_requirements(requirements, &mut places, "/skills");
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

#[test]
fn a_skill_counts_at_its_level_and_until_its_end() {
    let skill = Skill { skill: "french".into(), level: 60, valid_until: Some(at(10)) };
    assert!(skill.meets(&mandatory("french", 60), at(9)));
    assert!(!skill.meets(&mandatory("french", 61), at(9)), "too low");
    assert!(!skill.meets(&mandatory("german", 0), at(9)), "another");
    assert!(!skill.meets(&mandatory("french", 60), at(10)), "over");
}

#[test]
fn optional_skills_are_dropped_one_after_the_other_and_mandatory_ones_never() {
    let needs = [optional("b", 60), mandatory("m", 0), optional("a", 30)];
    let after = |seconds| {
        let (required, dropped) = relaxed(&needs, SignedDuration::from_secs(seconds));
        (keys(&required), keys(&dropped))
    };
    let lists = |required: &[&str], dropped: &[&str]| {
        (required.iter().map(ToString::to_string).collect::<Vec<_>>(), dropped.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(after(29), lists(&["b", "m", "a"], &[]));
    assert_eq!(after(30), lists(&["b", "m"], &["a"]));
    assert_eq!(after(60), lists(&["m"], &["a", "b"]));
    assert_eq!(after(1_000_000), lists(&["m"], &["a", "b"]));
}

#[test]
fn the_next_look_is_when_the_next_skill_is_dropped() {
    let needs = [optional("b", 60), mandatory("m", 0), optional("a", 30)];
    assert_eq!(next_drop(&needs, at(0), at(0)), Some(at(30)));
    assert_eq!(next_drop(&needs, at(0), at(30)), Some(at(60)));
    assert_eq!(next_drop(&needs, at(0), at(60)), None);
    assert_eq!(next_drop(&[optional("a", 30)], Timestamp::MAX, at(0)), None, "beyond the last instant");
}

#[test]
fn every_wrong_need_is_named() {
    assert_eq!(pointers(&[mandatory("a", 0), optional("b", 30)]), Vec::<String>::new());
    let wrong = [
        mandatory("Not a key", 101),
        SkillRequirement { drop_after_seconds: Some(30), ..mandatory("a", 0) },
        SkillRequirement { mandatory: false, ..mandatory("b", 0) },
        optional("b", 0),
    ];
    assert_eq!(
        pointers(&wrong),
        [
            "/skills/0/skill",
            "/skills/0/min_level",
            "/skills/1/drop_after_seconds",
            "/skills/2/drop_after_seconds",
            "/skills/3/drop_after_seconds",
            "/skills/3/skill"
        ]
    );
    let many: Vec<_> = (0..21).map(|i| mandatory(&format!("s{i}"), 0)).collect();
    assert_eq!(pointers(&many), ["/skills"]);
    let mut places = Places::default();
    Skill { skill: String::new(), level: -1, valid_until: None }.validate(&mut places, "/skills/0");
    assert_eq!(places.finish().unwrap_err().places.len(), 2);
}

#[test]
fn a_need_is_mandatory_unless_it_says_otherwise() {
    let need: SkillRequirement = serde_json::from_str(r#"{"skill": "french"}"#).unwrap();
    assert_eq!(need, mandatory("french", 0));
}

proptest! {
    /// Looking at every moment that `next_drop` names, and at no other, sees every drop in its order.
    #[test]
    fn no_drop_is_missed_between_two_looks(times in prop::collection::vec(prop::option::of(1_i64..50), 0..8)) {
        let needs: Vec<_> = times.iter().enumerate().map(|(i, time)| match time {
            Some(seconds) => optional(&format!("s{i}"), *seconds),
            None => mandatory(&format!("s{i}"), 0),
        }).collect();
        let (mut now, mut seen) = (at(0), Vec::new());
        while let Some(next) = next_drop(&needs, at(0), now) {
            let just_before = next.checked_sub(SignedDuration::from_nanos(1)).unwrap();
            prop_assert_eq!(relaxed(&needs, just_before.duration_since(at(0))).1.len(), seen.len());
            let (required, dropped) = relaxed(&needs, next.duration_since(at(0)));
            prop_assert!(dropped.len() > seen.len());
            prop_assert_eq!(&keys(&dropped)[..seen.len()], &seen[..]);
            prop_assert_eq!(required.len() + dropped.len(), needs.len());
            seen = keys(&dropped);
            now = next;
        }
        prop_assert_eq!(seen.len(), times.iter().flatten().count());
    }
}
