//! The stages of a queue on the wire: who acts, when, by which rule, and what follows.
//!
//! Where members are named, the API takes and gives ids. In a document of queues as code ([`crate::apply`]) the same members of the settings hold e-mail addresses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::tagged;

/// A step of a queue's workflow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What programs and other stages call it; unique in the queue.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub key: String,
    /// What people call it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Who acts.
    pub actor: StageActor,
    /// CEL condition: the stage is passed by where it does not hold. Null: it always applies.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500)]
    pub when: Option<String>,
    /// How many reviews decide, for a stage of people.
    #[serde(default, deserialize_with = "tagged::read")]
    pub rule: Rule,
    /// Who may review, for a stage of people; null is whom the queue lets review.
    #[serde(default)]
    pub reviewers: Option<Reviewers>,
    /// Whether reviewers see the others' reviews only once their own is in.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub blind: bool,
    /// Whether those who reviewed an earlier stage of the task may not review here.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub separate: bool,
    /// The result of a policy stage.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub decide: Option<Vec<String>>,
    /// What follows an approval, and any other answer that is not a rejection. Null: `next`; of a policy stage `finish`.
    #[serde(default)]
    pub on_approve: Option<Follow>,
    /// What follows a rejection. Null: `finish`.
    #[serde(default)]
    pub on_reject: Option<Follow>,
    /// What follows when a policy or model cannot say. Null: `next`.
    #[serde(default)]
    pub on_abstain: Option<Follow>,
    /// What follows when people do not decide in time. Null: what the queue's SLA does on deadline.
    #[serde(default)]
    pub on_timeout: Option<Follow>,
    /// What follows when people's reviews end without a decision. Null: `reject` on approval queues; other queues have to name it if the rule can disagree.
    #[serde(default)]
    pub on_disagreement: Option<Follow>,
}

pub(crate) fn yes() -> bool {
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

/// Who acts at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageActor {
    /// Reviewers; the rule says how many of them decide.
    People,
    /// Nobody: where the condition holds, `decide` is the result.
    Policy,
    /// A model.
    Ai,
}

/// Whom a stage asks: anybody who is named or belongs to one of the groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviewers {
    /// Keys of groups.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub groups: Vec<String>,
    /// Members beside those of the groups.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub member_ids: Vec<String>,
}

/// When a stage's reviews make a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rule {
    /// The first review decides.
    Single {},
    /// Of `n` reviews, the answer given most often decides, if at least `k` gave it and no other was given as often.
    KOfN {
        /// How many have to be equal.
        #[schema(minimum = 1, maximum = 50)]
        k: u32,
        /// How many review.
        #[schema(minimum = 1, maximum = 50)]
        n: u32,
    },
    /// The answer of more than half of `n` reviews decides.
    Majority {
        /// How many review.
        #[schema(minimum = 1, maximum = 50)]
        n: u32,
    },
    /// `n` equal answers decide; two different ones are a disagreement.
    Unanimous {
        /// How many review.
        #[schema(minimum = 1, maximum = 50)]
        n: u32,
    },
    /// `n` equal approvals approve, one rejection rejects. For approval queues.
    AnyRejectVetoes {
        /// How many have to approve.
        #[schema(minimum = 1, maximum = 50)]
        n: u32,
    },
    /// So many of each group, all of one answer; two different ones are a disagreement.
    RoleQuorum {
        /// The groups, each named once, with how many of it.
        groups: Vec<GroupCount>,
    },
    /// The mean or median of `n` scores. For scoring queues.
    Numeric {
        /// How many score.
        #[schema(minimum = 1, maximum = 50)]
        n: u32,
        /// How scores become one.
        aggregate: Aggregate,
        /// Largest distance between two scores that is still no disagreement; null allows any.
        #[serde(default)]
        #[schema(minimum = 0)]
        max_spread: Option<f64>,
    },
    /// One review after another, each weighted by its reviewer's accuracy, until one answer is probable enough. For approval and classification queues.
    WeightedPosterior {
        /// How many review at most; then it is a disagreement.
        #[schema(minimum = 1, maximum = 50)]
        n_max: u32,
        /// The probability that decides, between 0.5 and 1.
        #[schema(exclusive_minimum = 0.5, exclusive_maximum = 1)]
        threshold: f64,
    },
    /// `n0` reviews, then one more while too few of them agree.
    Adaptive {
        /// How many review at first.
        #[schema(minimum = 2, maximum = 50)]
        n0: u32,
        /// How many review at most; then it is a disagreement.
        #[schema(minimum = 1, maximum = 50)]
        n_max: u32,
        /// The share of the leading answer that decides, over 0.5 up to 1.
        #[schema(exclusive_minimum = 0.5, maximum = 1)]
        agreement: f64,
    },
}

impl Default for Rule {
    fn default() -> Self {
        Self::Single {}
    }
}

/// So many people of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupCount {
    /// The group's key.
    pub group: String,
    /// How many.
    #[schema(minimum = 1, maximum = 50)]
    pub count: u32,
}

/// How scores become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Aggregate {
    /// Their mean.
    Mean,
    /// The middle one; of an even number, the mean of the two in the middle.
    Median,
}

/// Where a task goes from a stage: a word, or `{"stage": "key"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
