//! How a reviewer's answer is checked, typed, and turned into a review.

use std::collections::HashSet;

use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Code, Object, Refusal, Timestamp,
    id::{MemberId, QueueId, ReviewId, TaskId},
    queue::{APPROVED, FeedbackRequired, Queue, REJECTED, ReviewType},
    schema,
    task::{Content, Task},
    text::Limit,
};

/// An answer as a reviewer gives it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The selection.
    pub result: Option<Vec<String>>,
    /// The same, typed.
    pub value: Option<ReviewValue>,
    /// Edited content.
    pub data: Option<Object>,
    /// Why.
    pub feedback: Option<String>,
}

/// A result, typed by the review type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ReviewValue {
    /// Yes or no; another option of the queue is neither.
    Approval {
        /// Whether the action may go ahead.
        approved: bool,
    },
    /// One category, or none.
    Classification {
        /// Its id.
        option: Option<String>,
    },
    /// Any number of labels.
    Labeling {
        /// Their ids.
        labels: Vec<String>,
    },
    /// A number on the queue's scale, or none.
    Scoring {
        /// The score.
        score: Option<f64>,
    },
    /// Candidates of the task.
    MultipleChoice {
        /// Their keys.
        choices: Vec<String>,
    },
    /// Edited content.
    Augmentation {
        /// Whether anything was changed.
        edited: bool,
    },
}

/// The kind of reviewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewerKind {
    /// A person.
    Human,
    /// A model.
    Ai,
    /// A rule of the queue.
    Policy,
}

impl ReviewerKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Human, Self::Ai, Self::Policy];

    /// The kind as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Ai => "ai",
            Self::Policy => "policy",
        }
    }
}

/// One reviewer's submitted result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Its id.
    pub id: ReviewId,
    /// The task.
    pub task_id: TaskId,
    /// The queue.
    pub queue_id: QueueId,
    /// The queue's key.
    pub queue_key: String,
    /// The stage it was given at.
    pub stage: i64,
    /// The revision it is about.
    pub revision: i64,
    /// Who gave it.
    pub reviewer_id: MemberId,
    /// Their name at the time.
    pub reviewer_name: String,
    /// What kind of reviewer it was.
    pub reviewer_kind: ReviewerKind,
    /// The selection.
    pub result: Vec<String>,
    /// The same, typed.
    pub value: ReviewValue,
    /// The content as edited; `None` when it was not.
    pub data: Option<Object>,
    /// RFC 6902 difference from the task's `data` to the edited content.
    pub patch: Option<Value>,
    /// Why.
    pub feedback: Option<String>,
    /// Since when it no longer counts: the task was revised or reopened.
    pub voided_at: Option<Timestamp>,
    /// It came when the stage wanted no more reviews: kept, and not counted.
    pub surplus: bool,
    /// For whom the reviewer acted.
    pub on_behalf_of: Option<MemberId>,
    /// When it was given.
    pub created_at: Timestamp,
}

impl Review {
    /// The reviewer of what a rule of the queue decides: no member.
    pub const POLICY: MemberId = MemberId(uuid::Uuid::nil());

    /// What a person gives of a task as it is, which counts until it is voided.
    #[must_use]
    pub fn by_person(id: ReviewId, task: &Task, (reviewer_id, name): (MemberId, &str), verdict: Verdict, now: Timestamp) -> Self {
        Self {
            id,
            task_id: task.id,
            queue_id: task.queue_id,
            queue_key: task.queue_key.clone(),
            stage: task.stage,
            revision: task.revision,
            reviewer_id,
            reviewer_name: name.into(),
            reviewer_kind: ReviewerKind::Human,
            result: verdict.result,
            value: verdict.value,
            data: verdict.data,
            patch: verdict.patch,
            feedback: verdict.feedback,
            voided_at: None,
            surplus: false,
            on_behalf_of: None,
            created_at: now,
        }
    }
}

/// A checked answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The selection.
    pub result: Vec<String>,
    /// The same, typed.
    pub value: ReviewValue,
    /// The content as edited; `None` when it was not.
    pub data: Option<Object>,
    /// The difference that the edits make.
    pub patch: Option<Value>,
    /// Why.
    pub feedback: Option<String>,
}

/// Checks an answer against the queue (at the task's version), the task and its content. `validator` belongs to the queue's
/// [`QueueConfig::schema_of_edits`](crate::queue::QueueConfig::schema_of_edits).
///
/// # Errors
/// The rule that the answer breaks, with the place.
pub fn judge(queue: &Queue, task: &Task, content: &Content, validator: Option<&Validator>, answer: Answer) -> Result<Verdict, Refusal> {
    let (data, patch) = edits(queue, content, validator, answer.data)?;
    let result = match queue.config.review_type {
        ReviewType::Augmentation => augmentation(answer.result.as_deref(), answer.value.as_ref(), data.is_some())?,
        _ => selection(queue, task, content, answer.result, answer.value)?,
    };
    if data.is_some() && result.iter().any(|option| option == REJECTED) {
        return Err(Refusal::at(Code::EditsNotAllowed, "/data", "A rejection carries no edits.")
            .hint("Approve with edits, or reject with feedback."));
    }
    let feedback = feedback(queue.config.feedback_required, answer.feedback, &result)?;
    let value = typed(queue.config.review_type, &result);
    Ok(Verdict { result, value, data, patch, feedback })
}

/// Hides what others said at the stage that a task is at, until the member's own review of it is in.
pub fn hide_others(reviews: &mut Vec<Review>, task: &Task, member: MemberId) {
    let current = |review: &Review| !task.state.is_settled() && review.stage == task.stage && review.voided_at.is_none();
    if !reviews.iter().any(|review| current(review) && !review.surplus && review.reviewer_id == member) {
        reviews.retain(|review| !current(review));
    }
}

fn edits(
    queue: &Queue,
    content: &Content,
    validator: Option<&Validator>,
    edited: Option<Object>,
) -> Result<(Option<Object>, Option<Value>), Refusal> {
    let Some(edited) = edited else { return Ok((None, None)) };
    // The published contract has `data: {}` on every review; empty content is no edit unless edits are expected.
    if !queue.config.allow_edits {
        return if edited.is_empty() {
            Ok((None, None))
        } else {
            Err(Refusal::at(Code::EditsNotAllowed, "/data", "This queue takes no edits."))
        };
    }
    // So is an approval that brings nothing; an augmentation may empty what it was given.
    let nothing = edited.is_empty() && queue.config.review_type != ReviewType::Augmentation;
    if nothing || edited == content.data {
        return Ok((None, None));
    }
    let (before, after) = (Value::Object(content.data.clone()), Value::Object(edited));
    if let Some(validator) = validator {
        schema::check(validator, &after, "/data")?;
    }
    let patch = serde_json::to_value(json_patch::diff(&before, &after)).ok();
    let Value::Object(edited) = after else { return Ok((None, None)) };
    Ok((Some(edited), patch))
}

fn augmentation(result: Option<&[String]>, value: Option<&ReviewValue>, edited: bool) -> Result<Vec<String>, Refusal> {
    let word = if edited { "edited" } else { "unchanged" };
    if let Some(result) = result.filter(|result| !result.is_empty() && *result != [word]) {
        let detail = format!("The content is {word}, the result says '{}'.", result.join("', '"));
        return Err(Refusal::at(Code::UnknownOption, "/result", detail).hint("Leave `result` out; it follows from `data`."));
    }
    if value.is_some_and(|value| *value != ReviewValue::Augmentation { edited }) {
        return Err(Refusal::invalid("/value", format!("The content is {word}, the value says otherwise.")));
    }
    Ok(vec![word.into()])
}

fn selection(
    queue: &Queue,
    task: &Task,
    content: &Content,
    result: Option<Vec<String>>,
    value: Option<ReviewValue>,
) -> Result<Vec<String>, Refusal> {
    let by_value = value.map(|value| plain(queue.config.review_type, value)).transpose()?;
    let selected = match (result, by_value) {
        (Some(result), Some(by_value)) if result != by_value => {
            return Err(Refusal::invalid("/value", "`value` and `result` say different things."));
        }
        (Some(selected), _) | (None, Some(selected)) => selected,
        (None, None) => Vec::new(),
    };
    let selected = if queue.config.review_type == ReviewType::Scoring { scores(queue, selected)? } else { selected };
    if selected.is_empty() {
        return if queue.config.result_required {
            Err(Refusal::at(Code::ResultRequired, "/result", "Select something."))
        } else {
            Ok(selected)
        };
    }
    let most = task.max_selections.or(queue.config.max_selections);
    if most.is_some_and(|most| selected.len() > usize::try_from(most).unwrap_or(usize::MAX)) {
        return Err(Refusal::at(Code::TooManySelections, "/result", format!("At most {} may be selected.", most.unwrap_or_default())));
    }
    known(queue, content, &selected)?;
    Ok(selected)
}

/// The selection that a typed value stands for.
fn plain(review_type: ReviewType, value: ReviewValue) -> Result<Vec<String>, Refusal> {
    match (review_type, value) {
        (ReviewType::Approval, ReviewValue::Approval { approved }) => Ok(vec![if approved { APPROVED } else { REJECTED }.into()]),
        (ReviewType::Classification, ReviewValue::Classification { option }) => Ok(option.into_iter().collect()),
        (ReviewType::Labeling, ReviewValue::Labeling { labels }) => Ok(labels),
        (ReviewType::Scoring, ReviewValue::Scoring { score }) => Ok(score.map(written).into_iter().collect()),
        (ReviewType::MultipleChoice, ReviewValue::MultipleChoice { choices }) => Ok(choices),
        (expected, _) => Err(Refusal::invalid("/value/type", format!("This queue takes values of the type '{}'.", expected.as_str()))),
    }
}

/// Checks scores against the scale and writes them in one way, so that `"4.50"` and `"4.5"` are one result.
fn scores(queue: &Queue, selected: Vec<String>) -> Result<Vec<String>, Refusal> {
    let scale = queue.config.scale.clone().unwrap_or_default();
    let check = |(i, text): (usize, String)| match text.parse::<f64>() {
        Ok(score) if scale.has(score) => Ok(written(score)),
        _ => Err(Refusal::at(
            Code::UnknownOption,
            format!("/result/{i}"),
            format!("Must be a number from {} to {} in steps of {}.", scale.min, scale.max, scale.step),
        )),
    };
    selected.into_iter().enumerate().map(check).collect()
}

/// A score as a result writes it.
pub(crate) fn written(score: f64) -> String {
    // Adding zero turns −0 into 0; rounding keeps 0.1 + 0.2 from being written with seventeen digits.
    let rounded = (score * 1e9).round() / 1e9 + 0.0;
    rounded.to_string()
}

fn known(queue: &Queue, content: &Content, selected: &[String]) -> Result<(), Refusal> {
    let options: Vec<&str> = match queue.config.review_type {
        ReviewType::Scoring | ReviewType::Augmentation => return Ok(()),
        ReviewType::MultipleChoice => content.choices.iter().flatten().map(|choice| choice.key.as_str()).collect(),
        _ => queue.config.review_options.iter().map(|option| option.id.as_str()).collect(),
    };
    let mut seen = HashSet::new();
    for (i, option) in selected.iter().enumerate() {
        if !options.contains(&option.as_str()) {
            let listed = options.iter().take(20).copied().collect::<Vec<_>>().join(", ");
            let detail = format!("'{}' is not an option here.", option.chars().take(100).collect::<String>());
            return Err(Refusal::at(Code::UnknownOption, format!("/result/{i}"), detail).hint(format!("Choose from: {listed}.")));
        }
        if !seen.insert(option) {
            return Err(Refusal::invalid(format!("/result/{i}"), format!("'{option}' is selected twice.")));
        }
    }
    Ok(())
}

/// A result, typed.
pub(crate) fn typed(review_type: ReviewType, result: &[String]) -> ReviewValue {
    let first = result.first().map(String::as_str);
    match review_type {
        ReviewType::Approval => ReviewValue::Approval { approved: first == Some(APPROVED) },
        ReviewType::Classification => ReviewValue::Classification { option: first.map(Into::into) },
        ReviewType::Labeling => ReviewValue::Labeling { labels: result.to_vec() },
        ReviewType::Scoring => ReviewValue::Scoring { score: first.and_then(|score| score.parse().ok()) },
        ReviewType::MultipleChoice => ReviewValue::MultipleChoice { choices: result.to_vec() },
        ReviewType::Augmentation => ReviewValue::Augmentation { edited: first == Some("edited") },
    }
}

fn feedback(required: FeedbackRequired, feedback: Option<String>, result: &[String]) -> Result<Option<String>, Refusal> {
    let feedback = feedback.filter(|text| !text.trim().is_empty());
    if let Some(problem) = feedback.as_deref().and_then(|text| Limit::block(10_000).problem(text)) {
        return Err(Refusal::invalid("/feedback", problem));
    }
    let needed = match required {
        FeedbackRequired::Never => false,
        FeedbackRequired::Always => true,
        FeedbackRequired::WhenEmpty => result.is_empty(),
        FeedbackRequired::WhenRejected => result.iter().any(|option| option == REJECTED),
    };
    if needed && feedback.is_none() {
        return Err(Refusal::at(Code::FeedbackRequired, "/feedback", "Say why."));
    }
    Ok(feedback)
}

#[cfg(test)]
mod tests;
