//! Scores that become one: mean and median, with a limit on how far they may lie apart.

use super::{Aggregate, Ballot, Eligible, Rule, Standing, Verdict, open};

pub(super) fn evaluate(
    ballot: &Ballot<'_>,
    rule: &Rule,
    n: usize,
    aggregate: Aggregate,
    most: Option<f64>,
    eligible: &Eligible,
) -> Standing {
    let mut scores: Vec<f64> = ballot.votes.iter().filter_map(|(_, vote)| vote.score).filter(|score| score.is_finite()).collect();
    scores.sort_by(f64::total_cmp);
    let spread = scores.first().zip(scores.last()).map(|(low, high)| high - low);
    // The margin lets 0.4 − 0.1 be 0.3.
    if let (Some(spread), Some(most)) = (spread, most)
        && spread > most + 1e-9
    {
        return Standing::Disagreement { method: rule.method(), agreement: None, posterior: None, spread: Some(spread) };
    }
    let n = n.max(scores.len()).max(1);
    let wanted = n - scores.len();
    let needed = match aggregate {
        Aggregate::Median if most.is_none() => median_needs(&scores, n),
        _ => wanted,
    };
    if needed > 0 {
        return open(wanted, needed, eligible);
    }
    let score = match aggregate {
        Aggregate::Mean => scores.iter().sum::<f64>() / scores.len() as f64,
        Aggregate::Median => median(&scores, n),
    };
    // Adding zero turns −0 into 0.
    Standing::Complete {
        verdict: Verdict::Score(score + 0.0),
        method: rule.method(),
        agreement: None,
        posterior: None,
        dissenters: Vec::new(),
    }
}

/// How many more scores settle the median of `n`, at least.
///
/// With `left` scores to come, the one at place `p` (from 0) of all `n` lies between those now at `p − left` and `p`. So the median is settled by a run of
/// equal scores from `low − left` to `high`, where `low` and `high` are its places; scores of the run's own value lengthen it the fastest.
fn median_needs(scores: &[f64], n: usize) -> usize {
    let left = n - scores.len();
    let (low, high) = ((n - 1) / 2, n / 2);
    let needs = scores.chunk_by(|a, b| a == b).scan(0, |start, run| {
        let (first, after) = (*start, *start + run.len());
        *start = after;
        Some((first + left).saturating_sub(low).max((high + 1).saturating_sub(after)))
    });
    needs.min().unwrap_or((n - low).max(high + 1)).min(left)
}

/// The median of `n` sorted scores, or of as many as settle it.
fn median(scores: &[f64], n: usize) -> f64 {
    let at = |place: usize| scores.get(place).copied().unwrap_or_default();
    f64::midpoint(at((n - 1) / 2), at(n / 2))
}
