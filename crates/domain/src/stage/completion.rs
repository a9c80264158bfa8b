//! How the reviews at a stage make a decision: what a [`Rule`] says about the votes that are in, and how many it still wants.
//!
//! [`evaluate`] looks at the votes as a set: in which order they came never matters. Withdrawn or voided reviews are left out by the caller, and the standing
//! is that of the rest. A rule with a fixed number of reviews ends as soon as the missing ones cannot change its result; `adaptive` and `weighted_posterior`
//! ask one reviewer after another and end where their threshold is reached.

use std::collections::BTreeMap;

use super::{Aggregate, GroupCount, Rule};
use crate::id::MemberId;

mod posterior;
mod quorum;
mod scores;

pub use posterior::{LEAST_ACCURACY, MOST_ACCURACY};

/// A review, as far as a rule looks at it.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote {
    /// Whose it is. Nobody votes twice: of several votes of one reviewer only the last of the list counts.
    pub reviewer: MemberId,
    /// Keys of the reviewer's groups.
    pub groups: Vec<String>,
    /// Canonical form of the result and the edited content: equal answers are equal strings.
    pub answer: String,
    /// On approval queues, whether it approves; `None` for an option that neither approves nor rejects.
    pub approves: Option<bool>,
    /// On scoring queues, the score; `None` (and what is no finite number) counts for nothing in `numeric`.
    pub score: Option<f64>,
    /// How often the reviewer is right, over 0.5 and under 1. `None`: not known, and the vote weighs nothing in `weighted_posterior`.
    pub accuracy: Option<f64>,
}

/// How many people may still review at the stage and have not: enabled, let in, separate from earlier stages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Eligible {
    /// Those in none of the groups that the rule names.
    pub others: usize,
    /// Those in exactly these groups, and how many they are; a list of groups stands here once.
    pub by_groups: Vec<(Vec<String>, usize)>,
}

impl Eligible {
    /// So many, for a rule that names no groups.
    #[must_use]
    pub fn people(others: usize) -> Self {
        Self { others, by_groups: Vec::new() }
    }

    fn total(&self) -> usize {
        self.by_groups.iter().fold(self.others, |sum, (_, count)| sum.saturating_add(*count))
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Verdict {
    /// The answer of the vote at this place in the list; among equal answers, that of the smallest reviewer id.
    Answer(usize),
    /// The aggregate of the scores. It need not be a step of the queue's scale.
    Score(f64),
}

/// Where a stage stands with the votes that are in.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// No decision yet.
    Open {
        /// How many more reviews are wanted at the same time. May be more than there are eligible reviewers.
        wanted: usize,
        /// At most how many of them from which group; together they can be more than `wanted`. Empty: from anybody.
        from_groups: Vec<GroupCount>,
    },
    /// A decision, whatever reviews might still come.
    Complete {
        /// What was decided.
        verdict: Verdict,
        /// The rule, as an outcome names it.
        method: &'static str,
        /// Share of the votes that gave the answer, from 0 to 1; `None` for scores.
        agreement: Option<f64>,
        /// Probability of the answer, for `weighted_posterior`.
        posterior: Option<f64>,
        /// Who answered otherwise, smallest id first; nobody for scores.
        dissenters: Vec<MemberId>,
    },
    /// The rule comes to no decision, whatever reviews might still come.
    Disagreement {
        /// The rule.
        method: &'static str,
        /// Share of the votes that gave the leading answer.
        agreement: Option<f64>,
        /// Probability of the leading answer, for `weighted_posterior`.
        posterior: Option<f64>,
        /// Distance between the highest and the lowest score, for `numeric`.
        spread: Option<f64>,
    },
    /// Undecided, and no reviews of the eligible can complete it.
    Impossible {
        /// How many more eligible reviewers it takes at least.
        missing: usize,
    },
}

/// Where a stage with this rule stands. `options` is how many answers a reviewer can choose from; only `weighted_posterior` asks.
///
/// Ties never decide: they are a disagreement, `single` with two different reviews that came at once among them.
#[must_use]
pub fn evaluate(rule: &Rule, votes: &[Vote], eligible: &Eligible, options: usize) -> Standing {
    let ballot = Ballot::of(votes);
    match rule {
        Rule::Single => ballot.count(rule, eligible, 1, |tally| tally.votes >= 1 && tally.next == 0),
        Rule::KOfN { k, n } => ballot.count(rule, eligible, *n, |tally| tally.lead >= *k && tally.ahead() > tally.left(*n)),
        Rule::Majority { n } => {
            let half = (*n).max(ballot.votes.len()) / 2;
            ballot.count(rule, eligible, *n, |tally| tally.lead > half)
        }
        Rule::Unanimous { n } => ballot.count(rule, eligible, *n, |tally| tally.next == 0 && tally.votes >= (*n).max(1)),
        Rule::Adaptive { n0, n_max, agreement } => ballot.count(rule, eligible, *n_max, |tally| {
            // Before n0 reviews are in, the missing ones may all dissent.
            let votes = tally.votes.max(*n0);
            reaches(tally.lead, votes, *agreement) && tally.ahead() > tally.left(*n0)
        }),
        Rule::AnyRejectVetoes { n } => ballot.veto(rule, eligible, *n),
        Rule::RoleQuorum { groups } => quorum::evaluate(&ballot, rule, groups, eligible),
        Rule::Numeric { n, aggregate, max_spread } => scores::evaluate(&ballot, rule, *n, *aggregate, *max_spread, eligible),
        Rule::WeightedPosterior { n_max, threshold } => posterior::evaluate(&ballot, rule, *n_max, *threshold, eligible, options),
    }
}

/// Whether `part` of `whole` is a share of at least `share`. The margin lets 7 of 10 be 0.7.
fn reaches(part: usize, whole: usize, share: f64) -> bool {
    part > 0 && part as f64 + 1e-9 >= share * whole as f64
}

/// The leading answers of a ballot, counted.
#[derive(Debug, Clone, Copy)]
struct Tally {
    /// Votes in all.
    votes: usize,
    /// Votes for the leading answer.
    lead: usize,
    /// Votes for the next.
    next: usize,
}

impl Tally {
    fn ahead(self) -> usize {
        self.lead - self.next
    }

    fn left(self, n: usize) -> usize {
        n.saturating_sub(self.votes)
    }

    /// With so many more votes for the leading answer.
    fn led_by(self, more: usize) -> Self {
        Self { votes: self.votes + more, lead: self.lead + more, ..self }
    }
}

/// The votes that count, one of each reviewer, smallest id first: that order makes sums and choices independent of the order in which they came.
struct Ballot<'a> {
    votes: Vec<(usize, &'a Vote)>,
}

impl<'a> Ballot<'a> {
    fn of(votes: &'a [Vote]) -> Self {
        let last: BTreeMap<_, _> = votes.iter().enumerate().map(|(i, vote)| (vote.reviewer, (i, vote))).collect();
        Self { votes: last.into_values().collect() }
    }

    /// How often each answer was given, most often first.
    fn answers(&self) -> Vec<(&'a str, usize)> {
        let mut counts = BTreeMap::new();
        for (_, vote) in &self.votes {
            *counts.entry(vote.answer.as_str()).or_insert(0) += 1;
        }
        let mut answers: Vec<_> = counts.into_iter().collect();
        answers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        answers
    }

    fn share(&self, part: usize) -> Option<f64> {
        (!self.votes.is_empty()).then(|| part as f64 / self.votes.len() as f64)
    }

    /// The standing by a rule that counts equal answers. `decides` is asked of the votes as they are, and of what they can become.
    fn count(&self, rule: &Rule, eligible: &Eligible, n: usize, decides: impl Fn(Tally) -> bool) -> Standing {
        let answers = self.answers();
        let nth = |place: usize| answers.get(place).map_or(0, |(_, count)| *count);
        let tally = Tally { votes: self.votes.len(), lead: nth(0), next: nth(1) };
        if let Some((answer, _)) = answers.first().filter(|_| decides(tally)) {
            return self.complete(rule, answer, None);
        }
        // The leading answer is the one that fewest votes can complete.
        let left = tally.left(n.max(1));
        let Some(needed) = (1..=left).find(|more| decides(tally.led_by(*more))) else { return self.disagreement(rule, None) };
        let wanted = match rule {
            Rule::Adaptive { n0, .. } => tally.left(*n0).max(1),
            _ => left,
        };
        open(wanted, needed, eligible)
    }

    fn veto(&self, rule: &Rule, eligible: &Eligible, n: usize) -> Standing {
        if let Some((_, vote)) = self.votes.iter().find(|(_, vote)| vote.approves == Some(false)) {
            return self.complete(rule, &vote.answer, None);
        }
        let approvals: Vec<_> = self.votes.iter().filter(|(_, vote)| vote.approves == Some(true)).map(|(_, vote)| &vote.answer).collect();
        let wanted = n.max(1).saturating_sub(approvals.len());
        match approvals.first() {
            Some(first) if wanted == 0 && approvals.iter().all(|answer| answer == first) => self.complete(rule, first, None),
            _ if wanted == 0 => self.disagreement(rule, None),
            // One rejection completes it.
            _ if eligible.total() > 0 => Standing::Open { wanted, from_groups: Vec::new() },
            _ => Standing::Impossible { missing: wanted },
        }
    }

    fn complete(&self, rule: &Rule, answer: &str, posterior: Option<f64>) -> Standing {
        let given = |vote: &Vote| vote.answer == answer;
        let dissenters: Vec<_> = self.votes.iter().filter(|(_, vote)| !given(vote)).map(|(_, vote)| vote.reviewer).collect();
        let Some((first, _)) = self.votes.iter().find(|(_, vote)| given(vote)) else { return self.disagreement(rule, posterior) };
        Standing::Complete {
            verdict: Verdict::Answer(*first),
            method: rule.method(),
            agreement: self.share(self.votes.len() - dissenters.len()),
            posterior,
            dissenters,
        }
    }

    fn disagreement(&self, rule: &Rule, posterior: Option<f64>) -> Standing {
        let lead = self.answers().first().map_or(0, |(_, count)| *count);
        Standing::Disagreement { method: rule.method(), agreement: self.share(lead), posterior, spread: None }
    }
}

/// Open with `wanted` reviews, or impossible when fewer are eligible than complete it at least.
fn open(wanted: usize, needed: usize, eligible: &Eligible) -> Standing {
    match needed.saturating_sub(eligible.total()) {
        0 => Standing::Open { wanted, from_groups: Vec::new() },
        missing => Standing::Impossible { missing },
    }
}

#[cfg(test)]
mod tests;
