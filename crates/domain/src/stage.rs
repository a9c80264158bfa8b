//! A step of a queue's workflow: who acts, when it applies, how many reviews decide it, and what follows.
//!
//! Here are the settings and their defaults; [`validation`] says which of them fit together, [`completion`] how reviews make a decision by a [`Rule`], and
//! [`workflow`](crate::workflow) how a task goes from one stage to the next.

use serde::{Deserialize, Serialize};

use crate::group::Reviewers;

pub mod completion;
pub mod validation;

pub use validation::validate_stages;

/// Most stages of a workflow.
pub const MOST_STAGES: usize = 10;
/// Most reviews that a rule may ask for.
pub const MOST_REVIEWS: usize = 50;

/// Who acts at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageActor {
    /// Reviewers; the rule says how many of them decide.
    People,
    /// Nobody: where the condition holds, `decide` is the result.
    Policy,
    /// A model.
    Ai,
}

/// Where a task goes from a stage. Only forward: a stage is never entered twice by following.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Follow {
    /// To the next stage that applies; a verdict is kept, and is final when no further stage applies.
    Next,
    /// To the end, with the stage's verdict.
    Finish,
    /// To the end, rejected. For approval queues.
    Reject,
    /// Nowhere: the stage stays open, until a changed review or an override decides.
    Open,
    /// To the later stage with this key.
    Stage(String),
}

/// So many people of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCount {
    /// The group's key.
    pub group: String,
    /// How many.
    pub count: usize,
}

/// How scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Their mean.
    Mean,
    /// The middle one; of an even number, the mean of the two in the middle.
    Median,
}

/// When a stage's reviews make a decision. Numbers of reviews are from 1 to [`MOST_REVIEWS`].
///
/// Equal answers are the same result with the same edits: two approvals that edit the content differently are two answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Rule {
    /// The first review decides.
    #[default]
    Single,
    /// Of `n` reviews, the answer given most often decides, if at least `k` gave it and no other was given as often.
    KOfN {
        /// How many have to be equal.
        k: usize,
        /// How many review.
        n: usize,
    },
    /// The answer of more than half of `n` reviews decides.
    Majority {
        /// How many review.
        n: usize,
    },
    /// `n` equal answers decide; two different ones are a disagreement.
    Unanimous {
        /// How many review.
        n: usize,
    },
    /// `n` equal approvals approve, one rejection rejects; a review that is neither counts for nothing. For approval queues.
    AnyRejectVetoes {
        /// How many have to approve.
        n: usize,
    },
    /// So many of each group, all of one answer; two different ones are a disagreement. Somebody in several of the groups counts for one of them,
    /// whichever fills most of the quorum.
    RoleQuorum {
        /// The groups, each named once, with how many of it.
        groups: Vec<GroupCount>,
    },
    /// The mean or median of `n` scores. For scoring queues.
    Numeric {
        /// How many score.
        n: usize,
        /// How scores become one.
        aggregate: Aggregate,
        /// Largest distance between two scores that is still no disagreement; `None` allows any.
        max_spread: Option<f64>,
    },
    /// One review after another, each weighted by its reviewer's accuracy, until one answer is probable enough. For approval and classification queues.
    WeightedPosterior {
        /// How many review at most; then it is a disagreement.
        n_max: usize,
        /// The probability that decides, between 0.5 and 1.
        threshold: f64,
    },
    /// `n0` reviews, then one more while too few of them agree.
    Adaptive {
        /// How many review at first, at least 2.
        n0: usize,
        /// How many review at most; then it is a disagreement.
        n_max: usize,
        /// The share of the leading answer that decides, over 0.5 up to 1.
        agreement: f64,
    },
}

impl Rule {
    /// How an outcome names the rule that resolved it.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Single => "single_review",
            Self::KOfN { .. } => "k_of_n",
            Self::Majority { .. } => "majority",
            Self::Unanimous { .. } => "unanimous",
            Self::AnyRejectVetoes { .. } => "any_reject_vetoes",
            Self::RoleQuorum { .. } => "role_quorum",
            Self::Numeric { aggregate: Aggregate::Mean, .. } => "numeric_mean",
            Self::Numeric { aggregate: Aggregate::Median, .. } => "numeric_median",
            Self::WeightedPosterior { .. } => "weighted_posterior",
            Self::Adaptive { .. } => "adaptive",
        }
    }

    /// Most reviews that it takes to a decision.
    #[must_use]
    pub fn most_reviews(&self) -> usize {
        match self {
            Self::Single => 1,
            Self::KOfN { n, .. } | Self::Majority { n } | Self::Unanimous { n } | Self::AnyRejectVetoes { n } | Self::Numeric { n, .. } => {
                *n
            }
            Self::RoleQuorum { groups } => groups.iter().fold(0, |sum, group| sum.saturating_add(group.count)),
            Self::WeightedPosterior { n_max, .. } | Self::Adaptive { n_max, .. } => *n_max,
        }
    }

    /// Whether its reviews can end without a decision.
    #[must_use]
    pub fn can_disagree(&self) -> bool {
        match self {
            Self::Numeric { n, max_spread, .. } => *n > 1 && max_spread.is_some(),
            Self::WeightedPosterior { .. } => true,
            _ => self.most_reviews() > 1,
        }
    }
}

/// A step of the workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// What programs and other stages call it; unique in the workflow.
    pub key: String,
    /// What people call it.
    pub name: Option<String>,
    /// Who acts.
    pub actor: StageActor,
    /// CEL condition, at most 500 characters: the stage is passed by where it does not hold. `None`: it always applies.
    pub when: Option<String>,
    /// How many reviews decide.
    #[serde(default)]
    pub rule: Rule,
    /// Who may review; `None` is whom the queue lets review.
    pub reviewers: Option<Reviewers>,
    /// Whether reviewers see the others' reviews only once their own is in.
    #[serde(default = "yes")]
    pub blind: bool,
    /// Whether those who reviewed an earlier stage of the task may not review here.
    #[serde(default = "yes")]
    pub separate: bool,
    /// The result of a policy stage, and of no other.
    pub decide: Option<Vec<String>>,
    /// What follows an approval, and any other answer that is not a rejection. `None`: `next`; of a policy stage `finish`.
    pub on_approve: Option<Follow>,
    /// What follows a rejection. `None`: `finish`.
    pub on_reject: Option<Follow>,
    /// What follows when a policy or model cannot say. `None`: `next`.
    pub on_abstain: Option<Follow>,
    /// What follows when people do not decide in time. `None`: what the queue's SLA does on deadline.
    pub on_timeout: Option<Follow>,
    /// What follows when people's reviews end without a decision. `None`: `reject` on approval queues; other queues have to name it if the rule can disagree.
    pub on_disagreement: Option<Follow>,
}

fn yes() -> bool {
    true
}

impl Stage {
    /// A stage with every setting at its default.
    #[must_use]
    pub fn new(key: impl Into<String>, actor: StageActor) -> Self {
        Self {
            key: key.into(),
            name: None,
            actor,
            when: None,
            rule: Rule::default(),
            reviewers: None,
            blind: true,
            separate: true,
            decide: None,
            on_approve: None,
            on_reject: None,
            on_abstain: None,
            on_timeout: None,
            on_disagreement: None,
        }
    }
}

#[cfg(test)]
mod tests;
