//! What a task resolves to, and how reviews become votes on it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Object, Timestamp,
    id::{MemberId, ReviewId},
    log::canonical,
    queue::{APPROVED, Queue, REJECTED, ReviewType},
    review::{self, Review, ReviewValue, ReviewerKind},
    stage::completion::{Standing, Verdict, Vote},
    task::Task,
};

/// How a task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// By reviews, or by a rule of the queue in their place.
    Decided,
    /// Taken back.
    Cancelled,
    /// By the clock.
    Expired,
}

impl OutcomeKind {
    /// The kind as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "decided",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// What a task resolved to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub kind: OutcomeKind,
    /// The deciding selection; empty unless decided.
    pub result: Vec<String>,
    /// The same, typed by the review type.
    pub value: Option<Value>,
    /// The content as edited, when it was.
    pub data: Option<Object>,
    /// The rule that resolved it: `single_review`, `majority`, `policy`, `deadline_reject`, `cancelled_by_agent`, …
    pub rule: String,
    /// When.
    pub at: Timestamp,
    /// The reason that was given.
    pub reason: Option<String>,
    /// Share of the reviews that gave the result, from 0 to 1, where several were asked.
    #[serde(default)]
    pub agreement: Option<f64>,
    /// Probability of the result, where the rule weighs reviews.
    #[serde(default)]
    pub posterior: Option<f64>,
    /// Who reviewed otherwise.
    #[serde(default)]
    pub dissenter_ids: Vec<MemberId>,
}

impl Outcome {
    /// An outcome without a result.
    #[must_use]
    pub fn without_result(kind: OutcomeKind, rule: &str, reason: Option<String>, at: Timestamp) -> Self {
        Self {
            kind,
            result: Vec::new(),
            value: None,
            data: None,
            rule: rule.into(),
            at,
            reason,
            agreement: None,
            posterior: None,
            dissenter_ids: Vec::new(),
        }
    }

    /// The outcome that one review decides by this rule.
    #[must_use]
    pub fn of(review: &Review, rule: &str, at: Timestamp) -> Self {
        Self {
            result: review.result.clone(),
            value: serde_json::to_value(&review.value).ok(),
            data: review.data.clone(),
            ..Self::without_result(OutcomeKind::Decided, rule, None, at)
        }
    }
}

/// The outcome of reviews of which the rule of a stage says that they are complete; `None` when it does not.
#[must_use]
pub fn of_stage(standing: &Standing, reviews: &[&Review], at: Timestamp) -> Option<Outcome> {
    let Standing::Complete { verdict, method, agreement, posterior, dissenters } = standing else { return None };
    let decided = match verdict {
        Verdict::Answer(place) => Outcome::of(reviews.get(*place)?, method, at),
        Verdict::Score(score) => Outcome {
            result: vec![review::written(*score)],
            value: serde_json::to_value(ReviewValue::Scoring { score: Some(*score) }).ok(),
            ..Outcome::without_result(OutcomeKind::Decided, method, None, at)
        },
    };
    let several = reviews.len() > 1;
    Some(Outcome { agreement: agreement.filter(|_| several), posterior: *posterior, dissenter_ids: dissenters.clone(), ..decided })
}

/// A review as its stage counts it.
#[must_use]
pub fn vote(review: &Review, review_type: ReviewType, groups: Vec<String>, accuracy: Option<f64>) -> Vote {
    let mut result = review.result.clone();
    if matches!(review_type, ReviewType::Labeling | ReviewType::MultipleChoice) {
        result.sort();
    }
    // What was stored once is canonical JSON; were it not, the answer would equal no other and so never make a quorum.
    let answer = canonical::of(&(&result, &review.data))
        .map_or_else(|_| review.id.to_string(), |text| String::from_utf8_lossy(text.as_ref()).into_owned());
    let approves = (review_type == ReviewType::Approval).then(|| {
        let first = review.result.first().map(String::as_str);
        (first == Some(APPROVED)).then_some(true).or((first == Some(REJECTED)).then_some(false))
    });
    let score = match review.value {
        ReviewValue::Scoring { score } => score,
        _ => None,
    };
    Vote { reviewer: review.reviewer_id, groups, answer, approves: approves.flatten(), score, accuracy }
}

/// The review that a rule of the queue gives in place of a person.
#[must_use]
pub fn by_policy(queue: &Queue, task: &Task, id: ReviewId, result: Vec<String>, feedback: Option<String>, now: Timestamp) -> Review {
    Review {
        id,
        task_id: task.id,
        queue_id: task.queue_id,
        queue_key: task.queue_key.clone(),
        stage: task.stage,
        revision: task.revision,
        reviewer_id: Review::POLICY,
        reviewer_name: "policy".into(),
        reviewer_kind: ReviewerKind::Policy,
        value: review::typed(queue.config.review_type, &result),
        result,
        data: None,
        patch: None,
        feedback,
        voided_at: None,
        surplus: false,
        on_behalf_of: None,
        created_at: now,
    }
}
