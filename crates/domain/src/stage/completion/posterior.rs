//! Votes weighted by how often each reviewer is right.
//!
//! With *K* possible answers, all equally probable before anybody votes, reviewer *i* gives the true answer with probability *pᵢ* and each of the others with
//! (1 − *pᵢ*) / (*K* − 1), independently of the rest. By Bayes' rule the answer *t* then has the probability
//!
//! > P(*t* | votes) = exp *s*(*t*) / Σᵤ exp *s*(*u*),  *s*(*t*) = Σ over the votes for *t* of ln (*pᵢ* (*K* − 1) / (1 − *pᵢ*)).
//!
//! This is the "one-coin" case of A. P. Dawid and A. M. Skene, Maximum likelihood estimation of observer error-rates using the EM algorithm, Applied Statistics
//! 28 (1979), with known error rates; for two answers its weights ln (*p* / (1 − *p*)) are the optimal ones of S. Nitzan and J. Paroush, Optimal decision rules in
//! uncertain dichotomous choice situations, International Economic Review 23 (1982).

use std::collections::{BTreeMap, BTreeSet};

use super::{Ballot, Eligible, Rule, Standing, open};

/// A reviewer who is right no more often than this has no weight.
pub const LEAST_ACCURACY: f64 = 0.5;
/// No reviewer has more weight than one who is right so often: nobody's single vote is certain.
pub const MOST_ACCURACY: f64 = 0.999;

pub(super) fn evaluate(ballot: &Ballot<'_>, rule: &Rule, n_max: usize, threshold: f64, eligible: &Eligible, options: usize) -> Standing {
    let answers: BTreeSet<_> = ballot.votes.iter().map(|(_, vote)| vote.answer.as_str()).collect();
    // An edited approval is an answer of its own.
    let k = options.max(answers.len()).max(2);
    let mut scores: BTreeMap<&str, f64> = answers.into_iter().map(|answer| (answer, 0.0)).collect();
    for (_, vote) in &ballot.votes {
        if let Some(score) = scores.get_mut(vote.answer.as_str()) {
            *score += vote.accuracy.map_or(0.0, |accuracy| weight(accuracy, k));
        }
    }
    let unseen = k - scores.len();
    // Of equal ones the first; a tie is below every threshold over one half.
    let lead = scores.iter().fold(None, |lead: Option<(&str, f64)>, (answer, score)| match lead {
        Some((_, best)) if best >= *score => lead,
        _ => Some((answer, *score)),
    });
    let others: Vec<f64> =
        scores.iter().filter(|(answer, _)| lead.is_none_or(|lead| lead.0 != **answer)).map(|(_, score)| *score).collect();
    let start = lead.map_or(0.0, |lead| lead.1);
    let unseen = if lead.is_none() { unseen - 1 } else { unseen };
    let probability = |more: usize| {
        let score = start + more as f64 * weight(MOST_ACCURACY, k);
        let against: f64 = others.iter().map(|other| (other - score).exp()).sum();
        1.0 / (1.0 + against + unseen as f64 * (-score).exp())
    };
    let posterior = lead.map(|_| probability(0));
    if let (Some((answer, _)), Some(reached)) = (lead, posterior)
        && reached >= threshold
    {
        return ballot.complete(rule, answer, posterior);
    }
    let left = n_max.max(1).saturating_sub(ballot.votes.len());
    match (1..=left).find(|more| probability(*more) >= threshold) {
        Some(needed) => open(1, needed, eligible),
        None => ballot.disagreement(rule, posterior),
    }
}

/// ln (p (K − 1) / (1 − p)), 0 for an accuracy that tells nothing.
fn weight(accuracy: f64, k: usize) -> f64 {
    if accuracy > LEAST_ACCURACY {
        let p = accuracy.min(MOST_ACCURACY);
        (p * (k as f64 - 1.0) / (1.0 - p)).ln()
    } else {
        0.0
    }
}
