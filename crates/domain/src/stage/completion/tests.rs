//! The rules of completion: single cases here, and against reference models in [`models`].

use uuid::Uuid;

use super::*;

mod models;

pub(super) fn member(number: usize) -> MemberId {
    MemberId(Uuid::from_u128(number as u128))
}

/// A vote of the reviewer with this number. On approval queues answers that begin with `a` approve, those with `r` reject.
pub(super) fn vote(reviewer: usize, answer: &str) -> Vote {
    let approves = match answer.as_bytes().first() {
        Some(b'a') => Some(true),
        Some(b'r') => Some(false),
        _ => None,
    };
    Vote { reviewer: member(reviewer), groups: Vec::new(), answer: answer.into(), approves, score: answer.parse().ok(), accuracy: None }
}

pub(super) fn votes(answers: &str) -> Vec<Vote> {
    answers.split_whitespace().enumerate().map(|(i, answer)| vote(i, answer)).collect()
}

fn of(group: &str, count: usize) -> GroupCount {
    GroupCount { group: group.into(), count }
}

/// What a standing comes to, in a word or two.
pub(super) fn told(standing: &Standing, votes: &[Vote]) -> String {
    match standing {
        Standing::Open { wanted, from_groups } => {
            let from: String = from_groups.iter().map(|from| format!(" {}×{}", from.count, from.group)).collect();
            format!("wants {wanted}{from}")
        }
        Standing::Complete { verdict: Verdict::Answer(place), .. } => votes[*place].answer.clone(),
        Standing::Complete { verdict: Verdict::Score(score), .. } => format!("= {score}"),
        Standing::Disagreement { .. } => "disagree".into(),
        Standing::Impossible { missing } => format!("lacks {missing}"),
    }
}

fn stands(rule: &Rule, answers: &str, eligible: usize) -> String {
    let votes = votes(answers);
    told(&evaluate(rule, &votes, &Eligible::people(eligible), 2), &votes)
}

#[test]
fn rules_that_count_equal_answers_stand_like_this() {
    let k_of_n = |k, n| Rule::KOfN { k, n };
    let majority = |n| Rule::Majority { n };
    let unanimous = |n| Rule::Unanimous { n };
    let adaptive = |n0, n_max, agreement| Rule::Adaptive { n0, n_max, agreement };
    let table = [
        (Rule::Single, "", 9, "wants 1"),
        (Rule::Single, "", 0, "lacks 1"),
        (Rule::Single, "x", 0, "x"),
        (Rule::Single, "x y", 9, "disagree"),
        (majority(5), "", 4, "wants 5"),
        (majority(5), "", 2, "lacks 1"),
        (majority(5), "x x", 9, "wants 3"),
        (majority(5), "x x x", 9, "x"),
        (majority(5), "x x y y", 0, "lacks 1"),
        (majority(5), "x y z", 9, "wants 2"),
        (majority(5), "x y z w", 9, "disagree"),
        (majority(4), "x x y y", 9, "disagree"),
        (majority(3), "x x y y", 9, "disagree"),
        (k_of_n(2, 3), "x x", 0, "x"),
        (k_of_n(2, 3), "x y", 1, "wants 1"),
        (k_of_n(3, 4), "x y", 9, "wants 2"),
        (k_of_n(3, 4), "x y z", 9, "disagree"),
        (k_of_n(2, 5), "x x", 9, "wants 3"),
        (k_of_n(2, 5), "x x y", 9, "wants 2"),
        (k_of_n(2, 5), "x x y z", 9, "wants 1"),
        (k_of_n(2, 5), "x x y z w", 9, "x"),
        (k_of_n(2, 5), "x x y y z", 9, "disagree"),
        (unanimous(3), "x x", 1, "wants 1"),
        (unanimous(3), "x x x", 1, "x"),
        (unanimous(3), "x y", 1, "disagree"),
        (unanimous(3), "x", 1, "lacks 1"),
        (unanimous(2), "x x y", 1, "disagree"),
        (adaptive(3, 6, 0.6), "", 9, "wants 3"),
        (adaptive(3, 6, 0.6), "x x", 9, "x"),
        (adaptive(3, 6, 0.7), "x x", 9, "wants 1"),
        (adaptive(3, 6, 0.7), "x x y", 9, "wants 1"),
        (adaptive(3, 6, 0.7), "x x y x", 9, "x"),
        (adaptive(3, 6, 0.7), "x x y y", 9, "disagree"),
        (adaptive(3, 6, 0.6), "x x y y", 1, "wants 1"),
        (adaptive(3, 6, 0.6), "x x y y", 0, "lacks 1"),
        (adaptive(3, 10, 0.7), "x y x y x x x x y x", 9, "x"),
    ];
    for (rule, answers, eligible, expected) in table {
        assert_eq!(stands(&rule, answers, eligible), expected, "{rule:?} with '{answers}', {eligible} eligible");
    }
}

#[test]
fn one_rejection_ends_what_all_have_to_approve() {
    let rule = Rule::AnyRejectVetoes { n: 2 };
    let table = [
        ("", 9, "wants 2"),
        ("a", 9, "wants 1"),
        ("a a", 9, "a"),
        ("a r", 9, "r"),
        ("r", 0, "r"),
        ("a a r", 0, "r"),
        ("m a", 9, "wants 1"),
        ("a ab", 9, "disagree"),
        ("a", 0, "lacks 1"),
        ("", 0, "lacks 2"),
    ];
    for (answers, eligible, expected) in table {
        assert_eq!(stands(&rule, answers, eligible), expected, "'{answers}', {eligible} eligible");
    }
}

#[test]
fn scores_become_one_unless_they_lie_too_far_apart() {
    let rule = |n, aggregate, max_spread| Rule::Numeric { n, aggregate, max_spread };
    use Aggregate::{Mean, Median};
    let table = [
        (rule(3, Mean, None), "1 2", 9, "wants 1"),
        (rule(3, Mean, None), "1 2 6", 9, "= 3"),
        (rule(3, Mean, None), "1 2 x", 9, "wants 1"),
        (rule(3, Mean, Some(2.0)), "1 4", 9, "disagree"),
        (rule(2, Mean, Some(0.3)), "0.1 0.4", 9, "= 0.25"),
        (rule(3, Mean, None), "1", 1, "lacks 1"),
        (rule(3, Median, None), "5 1 2", 9, "= 2"),
        (rule(4, Median, None), "5 1 2 4", 9, "= 3"),
        (rule(3, Median, None), "2 2", 0, "= 2"),
        (rule(3, Median, Some(1.0)), "2 2", 9, "wants 1"),
        (rule(3, Median, Some(1.0)), "2 2", 0, "lacks 1"),
        (rule(5, Median, None), "2 2", 1, "wants 3"),
        (rule(5, Median, None), "2 3", 1, "lacks 1"),
        (rule(1, Mean, None), "-0", 0, "= 0"),
    ];
    for (rule, answers, eligible, expected) in table {
        assert_eq!(stands(&rule, answers, eligible), expected, "{rule:?} with '{answers}', {eligible} eligible");
    }
}

#[test]
fn somebody_of_two_groups_fills_the_place_that_is_needed() {
    let rule = Rule::RoleQuorum { groups: vec![of("legal", 1), of("finance", 1)] };
    let by = |answer: &str, groups: &[&[&str]]| -> Vec<Vote> {
        let vote =
            |(i, groups): (usize, &&[&str])| Vote { groups: groups.iter().map(|group| (*group).into()).collect(), ..vote(i, answer) };
        groups.iter().enumerate().map(vote).collect()
    };
    let stands = |votes: &[Vote], eligible: &Eligible| told(&evaluate(&rule, votes, eligible, 2), votes);
    let both = Eligible { others: 0, by_groups: vec![(vec!["legal".into(), "finance".into()], 1)] };
    let plenty = Eligible { others: 5, by_groups: vec![(vec!["legal".into()], 5), (vec!["finance".into()], 5)] };
    assert_eq!(stands(&[], &plenty), "wants 2 1×legal 1×finance");
    assert_eq!(stands(&by("a", &[&["legal", "finance"]]), &plenty), "wants 1 1×legal 1×finance");
    assert_eq!(stands(&by("a", &[&["legal", "finance"], &["legal"]]), &plenty), "a");
    assert_eq!(stands(&by("a", &[&["legal"], &["legal", "finance"]]), &plenty), "a");
    assert_eq!(stands(&by("a", &[&["legal"], &["legal"]]), &plenty), "wants 1 1×finance");
    assert_eq!(stands(&by("a", &[&["other"]]), &both), "lacks 1");
    assert_eq!(stands(&by("a", &[&["legal"]]), &both), "wants 1 1×finance");
    assert_eq!(stands(&[], &Eligible::people(9)), "lacks 2");
    let mut split = by("a", &[&["legal"]]);
    split.push(vote(7, "r"));
    assert_eq!(stands(&split, &plenty), "disagree");
}

#[test]
fn a_complete_stage_says_who_dissented_and_how_many_agreed() {
    let votes = [vote(4, "x"), vote(2, "y"), vote(1, "x"), vote(3, "x")];
    let expected = Standing::Complete {
        verdict: Verdict::Answer(2),
        method: "majority",
        agreement: Some(0.75),
        posterior: None,
        dissenters: vec![member(2)],
    };
    assert_eq!(evaluate(&Rule::Majority { n: 5 }, &votes, &Eligible::people(1), 2), expected, "the smallest id carries the answer");
}

#[test]
fn a_reviewer_who_votes_twice_counts_once() {
    let votes = [vote(1, "x"), vote(1, "x"), vote(2, "y"), vote(2, "x")];
    let rule = Rule::Unanimous { n: 3 };
    assert_eq!(told(&evaluate(&rule, &votes, &Eligible::people(1), 2), &votes), "wants 1");
}

#[test]
fn evidence_weighs_by_accuracy_and_none_is_certain() {
    let rule = |threshold| Rule::WeightedPosterior { n_max: 3, threshold };
    let with = |accuracies: &[(f64, &str)]| -> Vec<Vote> {
        let vote = |(i, (accuracy, answer)): (usize, &(f64, &str))| Vote { accuracy: Some(*accuracy), ..vote(i, answer) };
        accuracies.iter().enumerate().map(vote).collect()
    };
    let stands = |threshold, accuracies: &[(f64, &str)], eligible| {
        let votes = with(accuracies);
        told(&evaluate(&rule(threshold), &votes, &Eligible::people(eligible), 2), &votes)
    };
    assert_eq!(stands(0.95, &[(0.9, "a")], 5), "wants 1");
    assert_eq!(stands(0.95, &[(0.9, "a"), (0.9, "a")], 5), "a");
    assert_eq!(stands(0.95, &[(0.9, "a"), (0.6, "r"), (0.9, "r")], 5), "disagree");
    assert_eq!(stands(0.99, &[(1.0, "a")], 5), "a");
    assert_eq!(stands(0.9995, &[(1.0, "a")], 5), "wants 1", "no single vote is certain");
    assert_eq!(stands(0.9, &[(0.4, "a"), (0.5, "a"), (f64::NAN, "a")], 5), "disagree", "these weigh nothing");
    assert_eq!(stands(0.9, &[], 0), "lacks 1");
    assert_eq!(stands(0.9999, &[], 1), "lacks 1", "it takes two of the best");
}
