//! The way of a task through its stages.

use proptest::prelude::*;

use super::{
    StageActor::{Ai, People, Policy},
    *,
};
use crate::queue::APPROVED;

const OPTIONS: [&str; 2] = [APPROVED, REJECTED];

fn stage(key: &str, actor: StageActor) -> Stage {
    let policy = actor == StageActor::Policy;
    Stage { when: Some("true".into()), decide: policy.then(|| vec![APPROVED.into()]), ..Stage::new(key, actor) }
}

fn workflow(stages: &[(&str, StageActor)]) -> Workflow {
    Workflow { stages: stages.iter().map(|(key, actor)| stage(key, *actor)).collect(), otherwise: None }
}

fn refused(workflow: &Workflow) -> Vec<String> {
    let options: Vec<String> = OPTIONS.map(Into::into).to_vec();
    let mut places = Places::default();
    workflow.validate(ReviewType::Approval, &options, |_| None, &mut places, "/workflow");
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

/// Where a new task goes; `conditions` has a letter for each stage: `y`es, `n`o, `f`aulty.
fn enter(workflow: &Workflow, conditions: &str) -> Walk {
    workflow.enter(ReviewType::Approval, false, |stage| condition(workflow, stage, conditions))
}

fn after(workflow: &Workflow, stage: usize, ending: Ending, conditions: &str) -> At {
    let ended = Ended { stage, ending, earlier: None };
    workflow.after(ended, ReviewType::Approval, false, |stage| condition(workflow, stage, conditions)).at
}

fn condition(workflow: &Workflow, stage: &Stage, conditions: &str) -> Applies {
    match workflow.position(&stage.key).map(|place| conditions.as_bytes()[place]) {
        Some(b'y') => Applies::Yes,
        Some(b'n') => Applies::No,
        _ => Applies::Faulty("no such member".into()),
    }
}

fn policy(stage: usize) -> At {
    At::Finished { result: vec![APPROVED.into()], rule: "policy", stage: Some(stage) }
}

#[test]
fn a_policy_decides_where_its_condition_holds_and_is_passed_by_where_not() {
    let chain = workflow(&[("small", Policy), ("review", People)]);
    assert_eq!(enter(&chain, "yy"), Walk { passed: vec![Passed { stage: 0, why: Why::PolicyDecided }], at: policy(0) });
    assert_eq!(enter(&chain, "ny"), Walk { passed: vec![Passed { stage: 0, why: Why::NotApplicable }], at: At::People(1) });
}

#[test]
fn a_faulty_condition_leads_to_people_whatever_else_is_there() {
    let mut chain = workflow(&[("first", Policy), ("second", Policy), ("review", People)]);
    chain.otherwise = Some(vec![APPROVED.into()]);
    for conditions in ["fnn", "fyn", "nfn", "ffn", "fyf", "nnf", "fny"] {
        assert_eq!(enter(&chain, conditions).at, At::People(2), "{conditions}");
    }
    chain.stages[1].decide = Some(vec![REJECTED.into()]);
    let rejected = At::Finished { result: vec![REJECTED.into()], rule: "policy", stage: Some(1) };
    assert_eq!(enter(&chain, "fyn").at, rejected, "a sound rejection still rejects");
}

#[test]
fn a_model_that_is_not_there_abstains_and_no_policy_approves_after_it() {
    let chain = workflow(&[("ai", Ai), ("small", Policy), ("review", People)]);
    assert_eq!(enter(&chain, "yyn").at, At::People(2));
    assert_eq!(enter(&chain, "nyn").at, policy(1));
    assert!(matches!(&enter(&chain, "yny").passed[0], Passed { stage: 0, why: Why::Abstained(_) }));
    let available = chain.enter(ReviewType::Approval, true, |_| Applies::Yes);
    assert_eq!(available, Walk { passed: Vec::new(), at: At::Ai(0) });
}

#[test]
fn where_no_stage_applies_otherwise_decides_or_else_people() {
    let mut chain = workflow(&[("first", People), ("last", People)]);
    assert_eq!(enter(&chain, "nn").at, At::People(1));
    chain.otherwise = Some(vec![APPROVED.into()]);
    assert_eq!(enter(&chain, "nn").at, At::Finished { result: vec![APPROVED.into()], rule: "otherwise", stage: None });
    assert_eq!(after(&chain, 0, Ending::Answered, "nn"), At::Verdict(0), "an approval is not overridden by it");
    chain.stages[0].on_timeout = Some(Follow::Next);
    assert_eq!(after(&chain, 0, Ending::TimedOut, "nn"), At::People(1), "a timeout does not come to it");
}

#[test]
fn endings_follow_these_defaults() {
    let chain = workflow(&[("first", People), ("last", People)]);
    let rejected = At::Finished { result: vec![REJECTED.into()], rule: "disagreement", stage: Some(0) };
    assert_eq!(after(&chain, 0, Ending::Answered, "yy"), At::People(1));
    assert_eq!(after(&chain, 0, Ending::Rejected, "yy"), At::Verdict(0));
    assert_eq!(after(&chain, 0, Ending::Disagreed, "yy"), rejected);
    assert_eq!(after(&chain, 0, Ending::TimedOut, "yy"), At::Deadline(0));
    assert_eq!(after(&chain, 1, Ending::Answered, "yy"), At::Verdict(1));
    let ended = Ended { stage: 0, ending: Ending::Disagreed, earlier: None };
    let labels = chain.after(ended, ReviewType::Labeling, false, |_| Applies::Yes);
    assert_eq!(labels.at, At::People(0), "only an approval can be rejected");
}

#[test]
fn endings_follow_what_the_stage_names() {
    let mut chain = workflow(&[("first", People), ("second", People), ("last", People)]);
    let first = &mut chain.stages[0];
    first.on_approve = Some(Follow::Finish);
    first.on_reject = Some(Follow::Stage("last".into()));
    first.on_disagreement = Some(Follow::Next);
    first.on_timeout = Some(Follow::Reject);
    assert_eq!(after(&chain, 0, Ending::Answered, "yyy"), At::Verdict(0));
    assert_eq!(after(&chain, 0, Ending::Rejected, "yyy"), At::People(2));
    assert_eq!(after(&chain, 0, Ending::Rejected, "yyn"), At::Verdict(0), "nobody looks again: the rejection stands");
    assert_eq!(after(&chain, 0, Ending::Disagreed, "yny"), At::People(2));
    assert_eq!(after(&chain, 0, Ending::Disagreed, "ynn"), At::People(2), "undecided: the last people are asked all the same");
    let rejected = At::Finished { result: vec![REJECTED.into()], rule: "timeout", stage: Some(0) };
    assert_eq!(after(&chain, 0, Ending::TimedOut, "yyy"), rejected);
    chain.stages[0].on_timeout = Some(Follow::Open);
    assert_eq!(after(&chain, 0, Ending::TimedOut, "yyy"), At::People(0));
}

#[test]
fn a_verdict_of_people_stands_unless_later_people_may_have_been_needed() {
    let chain = workflow(&[("review", People), ("fraud", Policy), ("second", People)]);
    assert_eq!(after(&chain, 0, Ending::Answered, "ynn"), At::Verdict(0));
    assert_eq!(after(&chain, 0, Ending::Answered, "yfn"), At::People(2));
    let chain = workflow(&[("review", People), ("fraud", Policy)]);
    assert_eq!(after(&chain, 0, Ending::Answered, "yf"), At::Verdict(0));
}

#[test]
fn a_policy_can_pass_its_result_on() {
    let mut chain = workflow(&[("small", Policy), ("large", People), ("check", Policy)]);
    chain.stages[0].on_approve = Some(Follow::Next);
    assert_eq!(enter(&chain, "ynn").at, policy(0));
    assert_eq!(enter(&chain, "yyn").at, At::People(1));
    assert_eq!(enter(&chain, "ynf").at, At::People(1), "a later doubt takes it back");
}

#[test]
fn a_model_confirms_a_verdict_or_rejects_and_never_approves_alone() {
    let last = Workflow::preset("ai_last").unwrap();
    let first = Workflow::preset("ai_first").unwrap();
    let after = |workflow: &Workflow, stage, ending, earlier| {
        workflow.after(Ended { stage, ending, earlier }, ReviewType::Approval, true, |_| Applies::Yes).at
    };
    assert_eq!(after(&last, 0, Ending::Answered, None), At::Ai(1));
    for ending in [Ending::Answered, Ending::Abstained, Ending::TimedOut] {
        assert_eq!(after(&last, 1, ending, Some(0)), At::Verdict(0), "{ending:?}");
        assert_eq!(after(&last, 1, ending, None), At::People(0), "nobody has decided: {ending:?}");
        assert_eq!(after(&first, 0, ending, None), At::People(1), "{ending:?}");
    }
    assert_eq!(after(&last, 1, Ending::Rejected, Some(0)), At::Verdict(1));
    let mut alone = last;
    alone.stages[1].on_approve = Some(Follow::Finish);
    assert_eq!(after(&alone, 1, Ending::Answered, None), At::People(0));
}

#[test]
fn the_presets_are_these_and_valid() {
    let keys = |assignment: &str| {
        let preset = Workflow::preset(assignment)?;
        assert_eq!(refused(&preset), Vec::<String>::new(), "{assignment}");
        Some(preset.stages.into_iter().map(|stage| stage.key).collect::<Vec<_>>().join(" "))
    };
    let presets = ["manual", "pull", "round_robin", "ai_first", "ai_last", "best"].map(keys);
    let expected = [Some("review"), Some("review"), Some("review"), Some("ai review"), Some("review ai"), None];
    assert_eq!(presets, expected.map(|keys| keys.map(String::from)));
    assert_eq!(Workflow::preset("manual"), Some(Workflow::default()));
}

#[test]
fn otherwise_is_a_result_of_the_queue() {
    let with = |otherwise: Vec<String>| refused(&Workflow { otherwise: Some(otherwise), ..Workflow::default() });
    assert_eq!(with(vec![REJECTED.into()]), Vec::<String>::new());
    assert_eq!(with(vec!["maybe".into()]), ["/workflow/otherwise/0"]);
    assert_eq!(with(Vec::new()), ["/workflow/otherwise"]);
}

fn follows() -> impl Strategy<Value = Option<Follow>> {
    let key = (0..6_usize).prop_map(|place| Follow::Stage(format!("s{place}")));
    proptest::option::of(prop_oneof![Just(Follow::Next), Just(Follow::Finish), Just(Follow::Reject), Just(Follow::Open), key])
}

prop_compose! {
    fn any_stage()(
        actor in prop_oneof![Just(People), Just(Policy), Just(Ai)],
        decide in 0..2_usize,
        follows in (follows(), follows(), follows(), follows(), follows()),
    ) -> Stage {
        Stage {
            decide: (actor == Policy).then(|| vec![OPTIONS[decide].into()]),
            on_approve: follows.0, on_reject: follows.1, on_abstain: follows.2, on_timeout: follows.3, on_disagreement: follows.4,
            ..stage("", actor)
        }
    }
}

prop_compose! {
    /// Valid workflows: what validation refuses is put back to its default.
    fn any_workflow()(mut stages in proptest::collection::vec(any_stage(), 1..6), people in 0..6_usize, otherwise: bool) -> Workflow {
        let place = people % stages.len();
        stages[place] = stage("", People);
        for (i, stage) in stages.iter_mut().enumerate() {
            stage.key = format!("s{i}");
        }
        let mut workflow = Workflow { stages, otherwise: otherwise.then(|| vec![APPROVED.into()]) };
        for pointer in refused(&workflow) {
            let parts: Vec<&str> = pointer.split('/').collect();
            let stage = &mut workflow.stages[parts[3].parse::<usize>().unwrap()];
            match parts[4] {
                "on_approve" => stage.on_approve = None,
                "on_reject" => stage.on_reject = None,
                "on_abstain" => stage.on_abstain = None,
                "on_timeout" => stage.on_timeout = None,
                "on_disagreement" => stage.on_disagreement = None,
                other => panic!("{other} is refused"),
            }
        }
        workflow
    }
}

proptest! {
    #[test]
    fn every_way_leads_forward_and_ends_and_no_fault_approves(
        workflow in any_workflow(), conditions in "[ynf]{6}", ending in 0..5_usize, start in 0..7_usize, available: bool,
    ) {
        prop_assert_eq!(refused(&workflow), Vec::<String>::new());
        let ending = [Ending::Answered, Ending::Rejected, Ending::Disagreed, Ending::TimedOut, Ending::Abstained][ending];
        let ended = start.checked_sub(1).filter(|place| workflow.stages.get(*place).is_some_and(|stage| stage.actor == People));
        let ending = if ending == Ending::Abstained { Ending::TimedOut } else { ending };
        let mut faults = false;
        let applies = |stage: &Stage| {
            let applies = condition(&workflow, stage, &conditions);
            faults |= stage.actor != People && matches!(applies, Applies::Faulty(_));
            applies
        };
        let walk = match ended {
            Some(stage) => workflow.after(Ended { stage, ending, earlier: None }, ReviewType::Approval, available, applies),
            None => workflow.enter(ReviewType::Approval, available, applies),
        };
        let places: Vec<usize> = walk.passed.iter().map(|passed| passed.stage).collect();
        prop_assert!(places.is_sorted_by(|a, b| a < b) && places.iter().all(|place| ended.is_none_or(|ended| *place > ended)));
        let decided = |place: &usize| ended == Some(*place) && matches!(ending, Ending::Answered | Ending::Rejected);
        match &walk.at {
            At::People(place) => {
                prop_assert_eq!(workflow.stages[*place].actor, People);
                prop_assert!(!decided(place), "people who decided are not asked again");
                prop_assert!(ended.is_none_or(|ended| *place >= ended));
            }
            At::Ai(place) => prop_assert!(available && workflow.stages[*place].actor == Ai),
            At::Verdict(place) => prop_assert!(decided(place)),
            At::Deadline(place) => prop_assert!(ended == Some(*place) && ending == Ending::TimedOut),
            At::Finished { result, rule, .. } => {
                let approved = result == &[APPROVED];
                prop_assert!(!(approved && faults), "a fault became an approval");
                prop_assert!(*rule != "otherwise" || ended.is_none());
                prop_assert!(!approved || *rule == "policy" || *rule == "otherwise");
            }
            At::Exhausted => prop_assert!(false, "nobody is left"),
        }
    }
}
