//! Every rule against a reference that knows nothing of early ends: it counts full sets of votes, and tries all ways in which the missing ones can come out.

use proptest::prelude::*;

use super::*;

/// What a reference says about the votes that are in.
#[derive(Debug, Clone, PartialEq)]
enum Expected {
    Complete(String),
    Disagreement,
    Open,
    Impossible(usize),
}

/// Every list of `length` out of `letters`.
fn every(letters: &[&str], length: usize) -> Vec<Vec<String>> {
    (0..length).fold(vec![Vec::new()], |lists, _| {
        lists.iter().flat_map(|list| letters.iter().map(move |letter| [list.as_slice(), &[(*letter).into()]].concat())).collect()
    })
}

/// What stays true however the missing of `n` votes come out. `full` gives the result of a full set.
fn settled(given: &[String], n: usize, letters: &[&str], full: &dyn Fn(&[String]) -> Option<String>) -> Option<Option<String>> {
    let left = n.saturating_sub(given.len());
    let mut results = every(letters, left).into_iter().map(|more| full(&[given, &more].concat()));
    let first = results.next()?;
    results.all(|result| result == first).then_some(first)
}

/// The standing of rules that have a fixed number of reviews.
fn reference(given: &[String], n: usize, eligible: usize, letters: &[&str], full: &dyn Fn(&[String]) -> Option<String>) -> Expected {
    match settled(given, n, letters, full) {
        Some(Some(answer)) => return Expected::Complete(answer),
        Some(None) => return Expected::Disagreement,
        None => {}
    }
    let left = n.saturating_sub(given.len());
    let completes = |more: &Vec<String>| matches!(settled(&[given, more].concat(), n, letters, full), Some(Some(_)));
    let needed = (1..=left).find(|more| every(letters, *more).iter().any(completes)).unwrap();
    if needed > eligible { Expected::Impossible(needed - eligible) } else { Expected::Open }
}

fn expected(standing: &Standing, votes: &[Vote]) -> Expected {
    match standing {
        Standing::Complete { .. } => Expected::Complete(told(standing, votes).trim_start_matches("= ").into()),
        Standing::Disagreement { .. } => Expected::Disagreement,
        Standing::Open { .. } => Expected::Open,
        Standing::Impossible { missing } => Expected::Impossible(*missing),
    }
}

fn times(full: &[String], answer: &str) -> usize {
    full.iter().filter(|given| *given == answer).count()
}

/// The answer that was given most often, and no other as often.
fn leader(full: &[String]) -> Option<String> {
    let best = full.iter().max_by_key(|answer| times(full, answer))?;
    let tied = full.iter().any(|answer| answer != best && times(full, answer) == times(full, best));
    (!tied).then(|| best.clone())
}

fn counted(rule: &Rule, full: &[String]) -> Option<String> {
    let leader = leader(full);
    let share = leader.as_ref().map_or(0, |answer| times(full, answer));
    match rule {
        Rule::Single | Rule::Unanimous { .. } => leader.filter(|_| share == full.len()),
        Rule::Majority { .. } => leader.filter(|_| 2 * share > full.len()),
        Rule::KOfN { k, .. } => leader.filter(|_| share >= *k),
        Rule::AnyRejectVetoes { .. } if times(full, "r") > 0 => Some("r".into()),
        Rule::AnyRejectVetoes { .. } => leader.filter(|_| share == full.len()),
        other => panic!("{other:?} does not count a fixed number"),
    }
}

fn median(full: &[String]) -> String {
    let mut scores: Vec<f64> = full.iter().map(|score| score.parse().unwrap()).collect();
    scores.sort_by(f64::total_cmp);
    let n = scores.len();
    let middle = if n % 2 == 1 { scores[n / 2] } else { (scores[n / 2 - 1] + scores[n / 2]) / 2.0 };
    middle.to_string()
}

/// `adaptive` played to its end: one review after another, over every way in which they can come out.
fn played(given: &[String], n0: usize, n_max: usize, agreement: f64, eligible: usize) -> Expected {
    let letters = ["x", "y", "z"];
    let enough = |full: &[String]| leader(full).filter(|answer| times(full, answer) as f64 >= agreement * full.len() as f64 - 1e-9);
    // Up to n0 reviews it waits for all of them, unless all ways lead to the same end there.
    let done = |given: &[String]| if given.len() < n0 { settled(given, n0, &letters, &enough).flatten() } else { enough(given) };
    if let Some(answer) = done(given) {
        return Expected::Complete(answer);
    }
    let left = n_max.saturating_sub(given.len());
    let completes = |more: &Vec<String>| done(&[given, more].concat()).is_some();
    match (1..=left).find(|more| every(&letters, *more).iter().any(completes)) {
        None => Expected::Disagreement,
        Some(needed) if needed > eligible => Expected::Impossible(needed - eligible),
        Some(_) => Expected::Open,
    }
}

/// Whether people with these groups fill the quorum, by trying every group for each of them.
fn fills(people: &[Vec<String>], quorum: &[GroupCount]) -> bool {
    if quorum.iter().all(|group| group.count == 0) {
        return true;
    }
    let Some((first, rest)) = people.split_first() else { return false };
    let seated = |i: usize| {
        let mut quorum = quorum.to_vec();
        quorum[i].count -= 1;
        fills(rest, &quorum)
    };
    let places = (0..quorum.len()).filter(|i| quorum[*i].count > 0 && first.contains(&quorum[*i].group));
    places.into_iter().any(seated) || fills(rest, quorum)
}

fn groups() -> impl Strategy<Value = Vec<String>> {
    proptest::sample::subsequence(vec!["a".to_owned(), "b".into(), "c".into()], 0..=3)
}

fn fixed() -> impl Strategy<Value = Rule> {
    prop_oneof![
        Just(Rule::Single),
        (1..=5_usize).prop_flat_map(|n| (1..=n).prop_map(move |k| Rule::KOfN { k, n })),
        (1..=5_usize).prop_map(|n| Rule::Majority { n }),
        (1..=5_usize).prop_map(|n| Rule::Unanimous { n }),
    ]
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let aggregate = prop_oneof![Just(Aggregate::Mean), Just(Aggregate::Median)];
    let spread = proptest::option::of(0.0..4.0);
    prop_oneof![
        fixed(),
        (1..=5_usize).prop_map(|n| Rule::AnyRejectVetoes { n }),
        (1..3_usize, 0..3_usize).prop_map(|(a, b)| Rule::RoleQuorum { groups: vec![of("a", a), of("b", b)] }),
        (1..=5_usize, aggregate, spread).prop_map(|(n, aggregate, max_spread)| Rule::Numeric { n, aggregate, max_spread }),
        (1..=5_usize, 0.6..0.99).prop_map(|(n_max, threshold)| Rule::WeightedPosterior { n_max, threshold }),
        (2..=3_usize, 3..=6_usize, 0.55..1.0).prop_map(|(n0, n_max, agreement)| Rule::Adaptive { n0, n_max, agreement }),
    ]
}

prop_compose! {
    fn any_votes(letters: &'static [&'static str], most: usize)(
        answers in proptest::collection::vec((proptest::sample::select(letters), groups(), proptest::option::of(0.5..1.0)), 0..=most),
    ) -> Vec<Vote> {
        let vote = |(i, (answer, groups, accuracy)): (usize, (&str, Vec<String>, Option<f64>))| Vote { groups, accuracy, ..vote(i, answer) };
        answers.into_iter().enumerate().map(vote).collect()
    }
}

fn answers(votes: &[Vote]) -> Vec<String> {
    votes.iter().map(|vote| vote.answer.clone()).collect()
}

/// A standing without the place of the vote that carries the answer: who that is stays.
fn named(standing: Standing, votes: &[Vote]) -> (Standing, Option<MemberId>) {
    match standing {
        Standing::Complete { verdict: Verdict::Answer(place), method, agreement, posterior, dissenters } => {
            let carrier = votes[place].reviewer;
            (Standing::Complete { verdict: Verdict::Answer(0), method, agreement, posterior, dissenters }, Some(carrier))
        }
        other => (other, None),
    }
}

proptest! {
    #[test]
    fn the_order_of_the_reviews_and_those_withdrawn_do_not_matter(
        rule in any_rule(),
        (first, shuffled) in any_votes(&["a", "ab", "r", "1", "2", "3.5"], 7).prop_flat_map(|votes| (Just(votes.clone()), Just(votes).prop_shuffle())),
        eligible in 0..6_usize, gone in 0..7_usize,
    ) {
        let eligible = Eligible { others: eligible, by_groups: vec![(vec!["a".into(), "b".into()], eligible)] };
        let stands = |votes: &[Vote]| named(evaluate(&rule, votes, &eligible, 3), votes);
        prop_assert_eq!(stands(&first), stands(&shuffled));
        // Withdrawn or voided, and given anew: as if it had been so from the start.
        let left = |votes: &[Vote]| votes.iter().filter(|vote| vote.reviewer != member(gone)).cloned().collect::<Vec<_>>();
        prop_assert_eq!(stands(&left(&first)), stands(&left(&shuffled)));
        if let Some(again) = first.iter().find(|vote| vote.reviewer == member(gone)) {
            let anew: Vec<_> = left(&shuffled).into_iter().chain([again.clone()]).collect();
            prop_assert_eq!(stands(&anew), stands(&first));
        }
    }

    #[test]
    fn equal_answers_are_counted_as_if_all_reviews_were_in(rule in fixed(), votes in any_votes(&["x", "y", "z"], 6), eligible in 0..6_usize) {
        let standing = evaluate(&rule, &votes, &Eligible::people(eligible), 2);
        let full = |full: &[String]| counted(&rule, full);
        // A letter that nobody has given stands for every answer that is still to come up.
        let model = reference(&answers(&votes), rule.most_reviews(), eligible, &["x", "y", "z", "w"], &full);
        prop_assert_eq!(expected(&standing, &votes), model);
        if let Standing::Open { wanted, .. } = standing {
            prop_assert_eq!(wanted, rule.most_reviews() - votes.len());
        }
    }

    #[test]
    fn a_veto_is_counted_as_if_all_reviews_were_in(n in 1..=5_usize, votes in any_votes(&["a", "ab", "r", "m"], 6), eligible in 0..6_usize) {
        let rule = Rule::AnyRejectVetoes { n };
        let standing = evaluate(&rule, &votes, &Eligible::people(eligible), 2);
        let said: Vec<String> = answers(&votes).into_iter().filter(|answer| answer != "m").collect();
        // One rejection settles it, so only with nobody left it is impossible; then all approvals count as missing.
        let model = match reference(&said, n, eligible, &["a", "ab", "r"], &|full| counted(&rule, full)) {
            Expected::Impossible(_) => Expected::Impossible(n - said.len()),
            other => other,
        };
        prop_assert_eq!(expected(&standing, &votes), model);
    }

    #[test]
    fn a_median_ends_when_no_score_can_move_it(n in 1..=5_usize, votes in any_votes(&["1", "2", "3"], 5), eligible in 0..6_usize) {
        let rule = Rule::Numeric { n, aggregate: Aggregate::Median, max_spread: None };
        let standing = evaluate(&rule, &votes, &Eligible::people(eligible), 2);
        let model = reference(&answers(&votes), n, eligible, &["0", "1", "2", "3", "4"], &|full| Some(median(full)));
        prop_assert_eq!(expected(&standing, &votes), model);
    }

    #[test]
    fn a_mean_waits_for_all_scores_that_lie_close_enough(
        n in 1..=5_usize, votes in any_votes(&["1", "2", "3.5"], 6), eligible in 0..6_usize, most in proptest::option::of(0.0..3.0),
    ) {
        let rule = Rule::Numeric { n, aggregate: Aggregate::Mean, max_spread: most };
        let scores: Vec<f64> = votes.iter().filter_map(|vote| vote.score).collect();
        let apart = scores.iter().any(|a| scores.iter().any(|b| most.is_some_and(|most| a - b > most)));
        let left = n.saturating_sub(scores.len());
        match evaluate(&rule, &votes, &Eligible::people(eligible), 2) {
            Standing::Disagreement { spread, .. } => prop_assert!(apart && spread.is_some()),
            Standing::Complete { verdict: Verdict::Score(score), .. } => {
                prop_assert!(!apart && left == 0);
                prop_assert!((score - scores.iter().sum::<f64>() / scores.len() as f64).abs() < 1e-12);
            }
            Standing::Open { wanted, .. } => prop_assert!(!apart && wanted == left && left <= eligible),
            Standing::Impossible { missing } => prop_assert!(!apart && left - eligible == missing),
            other @ Standing::Complete { .. } => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn adaptive_overlap_ends_like_every_way_played_out(
        votes in any_votes(&["x", "y", "z"], 5), n0 in 2..=4_usize, more in 0..=2_usize, agreement in 0.51..=1.0, eligible in 0..6_usize,
    ) {
        let rule = Rule::Adaptive { n0, n_max: n0 + more, agreement };
        let standing = evaluate(&rule, &votes, &Eligible::people(eligible), 2);
        prop_assert_eq!(expected(&standing, &votes), played(&answers(&votes), n0, n0 + more, agreement, eligible));
        if let Standing::Open { wanted, .. } = standing {
            prop_assert_eq!(wanted, if votes.len() < n0 { n0 - votes.len() } else { 1 });
        }
    }

    #[test]
    fn a_role_quorum_is_filled_as_by_trying_every_seat(
        counts in proptest::collection::vec(1..=2_usize, 1..=3), mut votes in any_votes(&["x"], 5), dissent in 0..8_usize,
        pool in proptest::collection::vec(groups(), 0..5),
    ) {
        let quorum: Vec<GroupCount> = ["a", "b", "c"].iter().zip(counts).map(|(group, count)| of(group, count)).collect();
        if let Some(vote) = votes.get_mut(dissent) {
            vote.answer = "y".into();
        }
        let mut eligible = Eligible { others: 3, by_groups: Vec::new() };
        for person in &pool {
            match eligible.by_groups.iter_mut().find(|(groups, _)| groups == person) {
                Some((_, count)) => *count += 1,
                None => eligible.by_groups.push((person.clone(), 1)),
            }
        }
        let seated: Vec<_> = votes.iter().map(|vote| vote.groups.clone()).collect();
        let all = [seated.as_slice(), &pool].concat();
        let everybody = vec!["a".to_owned(), "b".into(), "c".into()];
        let joined = |people: &[Vec<String>], more: usize| [people, &vec![everybody.clone(); more]].concat();
        let wanted = (0..).find(|more| fills(&joined(&seated, *more), &quorum)).unwrap();
        let missing = (0..).find(|more| fills(&joined(&all, *more), &quorum)).unwrap();
        let rule = Rule::RoleQuorum { groups: quorum.clone() };
        match evaluate(&rule, &votes, &eligible, 2) {
            Standing::Disagreement { .. } => prop_assert!(dissent < votes.len() && votes.len() > 1),
            Standing::Complete { .. } => prop_assert!(wanted == 0 && !votes.is_empty()),
            Standing::Impossible { missing: said } => prop_assert_eq!(said, missing),
            Standing::Open { wanted: said, from_groups } => {
                prop_assert!(missing == 0 && wanted > 0);
                prop_assert_eq!(said, wanted);
                for group in &quorum {
                    // One more of the group alone brings the end nearer exactly where one is wanted from it.
                    let one = [seated.as_slice(), &[vec![group.group.clone()]]].concat();
                    let nearer = fills(&joined(&one, wanted - 1), &quorum);
                    prop_assert_eq!(from_groups.iter().any(|from| from.group == group.group && from.count > 0), nearer);
                }
            }
        }
    }

    #[test]
    fn a_posterior_is_that_of_bayes(
        votes in any_votes(&["x", "y", "z"], 6), threshold in 0.55..0.999, n_max in 1..=7_usize, eligible in 0..4_usize, options in 3..6_usize,
    ) {
        // P(votes | truth) multiplied out, vote by vote, over options of which some have no vote.
        let all = ["x", "y", "z", "u", "v", "w"].into_iter().take(options);
        let likelihood = |truth: &str, best: usize, leader: &str| -> f64 {
            let others = options as f64 - 1.0;
            let given = votes.iter().map(|vote| (vote.answer.as_str(), vote.accuracy.unwrap_or(0.0)));
            let more = std::iter::repeat_n((leader, MOST_ACCURACY), best);
            let factor = |(answer, p): (&str, f64)| match p {
                p if p <= LEAST_ACCURACY => 1.0 / options as f64,
                p if answer == truth => p.min(MOST_ACCURACY),
                p => (1.0 - p.min(MOST_ACCURACY)) / others,
            };
            given.chain(more).map(factor).product()
        };
        let probability = |answer: &str, best: usize| {
            likelihood(answer, best, answer) / all.clone().map(|truth| likelihood(truth, best, answer)).sum::<f64>()
        };
        let highest = |best: usize| all.clone().map(|answer| probability(answer, best)).fold(0.0, f64::max);
        prop_assume!((0..8).all(|best| f64::abs(highest(best) - threshold) > 1e-9));
        let rule = Rule::WeightedPosterior { n_max, threshold };
        let left = n_max.saturating_sub(votes.len());
        let needed = (0..=left).find(|best| highest(*best) >= threshold);
        match evaluate(&rule, &votes, &Eligible::people(eligible), options) {
            Standing::Complete { verdict: Verdict::Answer(place), posterior, .. } => {
                prop_assert_eq!(needed, Some(0));
                prop_assert!((posterior.unwrap() - probability(&votes[place].answer, 0)).abs() < 1e-9);
                prop_assert!((posterior.unwrap() - highest(0)).abs() < 1e-9);
            }
            Standing::Disagreement { posterior, .. } => {
                prop_assert_eq!(needed, None);
                prop_assert!((posterior.unwrap() - highest(0)).abs() < 1e-9 || votes.is_empty());
            }
            Standing::Open { wanted, .. } => prop_assert!(wanted == 1 && needed.is_some_and(|needed| needed > 0 && needed <= eligible)),
            Standing::Impossible { missing } => prop_assert_eq!(needed.map(|needed| needed - eligible), Some(missing)),
            other @ Standing::Complete { .. } => prop_assert!(false, "{other:?}"),
        }
    }
}
