//! What an agent may submit to a queue, and the task that comes of it.

use std::collections::HashSet;

use jiff::SignedDuration;
use jsonschema::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Moment, Object, Refusal, Timestamp,
    actor::Actor,
    id::{BatchId, MemberId, TaskId},
    queue::{Queue, ReviewType},
    refusal::Places,
    schema,
    task::{Choice, Content, Priority, Task, TaskState},
    text::{self, Limit},
};

/// A task as an agent submits it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// The content and its background.
    pub content: Content,
    /// Filterable attributes.
    pub metadata: Object,
    /// One line for lists.
    pub summary: Option<String>,
    /// The submitter's own id.
    pub external_id: Option<String>,
    /// Overrides the queue's limit.
    pub max_selections: Option<i64>,
    /// How urgent it is.
    pub priority: Priority,
    /// When it is due.
    pub due: Due,
    /// Who is to review it.
    pub assignee_id: Option<MemberId>,
}

/// When a task is due, as its submitter says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Due {
    /// As the queue says.
    #[default]
    Queue,
    /// At this instant.
    At(Timestamp),
    /// After so many minutes.
    Minutes(i64),
}

/// Longest summary, in characters.
pub const SUMMARY: usize = 255;
/// What an external id may be.
pub const EXTERNAL_ID: Limit = Limit::line(1, 255);
/// Most candidates of a task.
const CHOICES: usize = 100;
/// Most attributes of a task.
const METADATA: usize = 50;

/// Ids and other things that are known about a submission before it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// The new task's id.
    pub task_id: TaskId,
    /// The batch it comes with.
    pub batch_id: Option<BatchId>,
}

/// Decides what task comes of a submission. `validator` belongs to the queue's `data_schema`.
///
/// # Errors
/// [`crate::Code::QueueDeleted`], [`crate::Code::ValidationError`] with every wrong place, or [`crate::Code::SchemaMismatch`].
pub fn submit(
    queue: &Queue,
    validator: Option<&Validator>,
    submission: Submission,
    arrival: Arrival,
    actor: &Actor,
    moment: &Moment,
) -> Result<(Task, Content), Refusal> {
    queue.takes_tasks()?;
    let mut places = Places::default();
    check_metadata(&mut places, &submission.metadata);
    text::check_opt(&mut places, "/summary", submission.summary.as_deref(), Limit::line(1, SUMMARY));
    text::check_opt(&mut places, "/external_id", submission.external_id.as_deref(), EXTERNAL_ID);
    check_choices(&mut places, queue.config.review_type, &submission);
    let deadline = deadline(&mut places, queue, submission.due, moment.now);
    places.finish()?;
    check_data(validator, &submission.content.data)?;

    let summary = submission.summary.or_else(|| summarize(queue, &submission.content, &submission.metadata));
    let task = Task {
        id: arrival.task_id,
        organization_id: queue.organization_id,
        queue_id: queue.id,
        queue_key: queue.key.clone(),
        queue_version: queue.version,
        batch_id: arrival.batch_id,
        external_id: submission.external_id,
        state: TaskState::Queued,
        revision: 1,
        stage: 0,
        wanted: 1,
        audience: String::new(),
        opened_at: Some(moment.now),
        priority: submission.priority,
        metadata: submission.metadata,
        summary,
        max_selections: submission.max_selections,
        deadline,
        assignee_id: submission.assignee_id,
        created_by: actor.clone(),
        outcome: None,
        reviewed_at: None,
        created_at: moment.now,
        updated_at: moment.now,
    };
    Ok((task, submission.content))
}

/// New content for a task; absent parts stay as they are.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Revision {
    /// The content to be reviewed.
    pub data: Option<Object>,
    /// Its background.
    pub context: Option<Object>,
    /// Filterable attributes.
    pub metadata: Option<Object>,
    /// One line for lists.
    pub summary: Option<String>,
    /// The candidates.
    pub choices: Option<Vec<Choice>>,
}

/// Decides what a task and its content are after a revision. `queue` is at the task's version.
///
/// # Errors
/// As [`submit`]; [`crate::Code::IllegalTransition`] once the task is settled.
pub fn revise(
    task: &Task,
    content: Content,
    queue: &Queue,
    validator: Option<&Validator>,
    revision: Revision,
    now: Timestamp,
) -> Result<(Task, Content), Refusal> {
    let state = crate::task::transition(task.state, crate::task::Move::Revise)?;
    let mut places = Places::default();
    let empty = revision == Revision::default();
    places.require(!empty, "", "A revision changes at least one of data, context, metadata, summary, choices.");
    let metadata = revision.metadata.unwrap_or_else(|| task.metadata.clone());
    check_metadata(&mut places, &metadata);
    text::check_opt(&mut places, "/summary", revision.summary.as_deref(), Limit::line(1, SUMMARY));
    // A summary that was made from the template follows what it was made from; one that was given stays.
    let was_made = summarize(queue, &content, &task.metadata) == task.summary;
    let content = Content {
        data: revision.data.unwrap_or(content.data),
        context: revision.context.unwrap_or(content.context),
        choices: revision.choices.or(content.choices),
    };
    check_choice_list(&mut places, queue.config.review_type, content.choices.as_deref());
    places.finish()?;
    check_data(validator, &content.data)?;
    let kept = if was_made { summarize(queue, &content, &metadata) } else { None };
    let summary = revision.summary.or(kept).or_else(|| task.summary.clone());
    let task = Task { state, revision: task.revision + 1, metadata, summary, updated_at: now, ..task.clone() };
    Ok((task, content))
}

fn check_data(validator: Option<&Validator>, data: &Object) -> Result<(), Refusal> {
    let Some(validator) = validator else { return Ok(()) };
    schema::check(validator, &Value::Object(data.clone()), "/data")
}

fn check_metadata(places: &mut Places, metadata: &Object) {
    places.require(metadata.len() <= METADATA, "/metadata", "At most 50 attributes.");
    for (name, value) in metadata {
        let at = format!("/metadata/{}", name.replace('~', "~0").replace('/', "~1"));
        text::check(places, &at, name, Limit::line(1, 64));
        match value {
            Value::String(text) => text::check(places, &at, text, Limit::block(1_000)),
            Value::Number(_) | Value::Bool(_) | Value::Null => {}
            Value::Array(_) | Value::Object(_) => places.add(at, "An attribute is text, a number, true, false or null."),
        }
    }
}

fn check_choices(places: &mut Places, review_type: ReviewType, submission: &Submission) {
    check_choice_list(places, review_type, submission.content.choices.as_deref());
    if let Some(most) = submission.max_selections {
        let multiple = review_type == ReviewType::MultipleChoice;
        places.require(multiple, "/max_selections", "Only a multiple_choice task has its own limit.");
        places.require((1..=200).contains(&most), "/max_selections", "Must be from 1 to 200.");
    }
}

fn check_choice_list(places: &mut Places, review_type: ReviewType, choices: Option<&[Choice]>) {
    let multiple = review_type == ReviewType::MultipleChoice;
    let Some(choices) = choices else {
        places.require(!multiple, "/choices", "A multiple_choice task brings its choices.");
        return;
    };
    places.require(multiple, "/choices", "Only a multiple_choice task has choices.");
    places.require((1..=CHOICES).contains(&choices.len()), "/choices", "From 1 to 100 choices.");
    let mut keys = HashSet::new();
    for (i, choice) in choices.iter().enumerate() {
        text::check(places, &format!("/choices/{i}/key"), &choice.key, Limit::line(1, 255));
        text::check(places, &format!("/choices/{i}/label"), &choice.label, Limit::line(1, 255));
        text::check_opt(places, &format!("/choices/{i}/description"), choice.description.as_deref(), Limit::block(5_000));
        places.require(keys.insert(&choice.key), &format!("/choices/{i}/key"), "Another choice has this key.");
    }
}

fn deadline(places: &mut Places, queue: &Queue, due: Due, now: Timestamp) -> Option<Timestamp> {
    let minutes = match due {
        Due::At(at) => {
            places.require(at > now, "/deadline", "The deadline is in the past.");
            return Some(at);
        }
        Due::Minutes(minutes) => {
            places.require((1..=525_600).contains(&minutes), "/sla_minutes", "Must be from 1 to 525600 minutes.");
            minutes
        }
        Due::Queue => queue.config.sla_minutes?,
    };
    now.checked_add(SignedDuration::from_mins(minutes.clamp(1, 525_600))).ok()
}

/// Fills a queue's summary template; a path that leads nowhere is left out. At most [`SUMMARY`] characters, one line.
fn summarize(queue: &Queue, content: &Content, metadata: &Object) -> Option<String> {
    let template = queue.config.summary_template.as_deref()?;
    let mut summary = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        summary.push_str(before);
        let Some((path, after)) = after.split_once('}') else {
            summary.push('{');
            rest = after;
            continue;
        };
        let (root, path) = path.split_once('.').unwrap_or((path, ""));
        let root = match root {
            "data" => Some(&content.data),
            "context" => Some(&content.context),
            "metadata" => Some(metadata),
            _ => None,
        };
        match root.and_then(|root| find(root, path)) {
            Some(Value::String(text)) => summary.push_str(text),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => summary.push_str(&value.to_string()),
            _ => {}
        }
        rest = after;
    }
    summary.push_str(rest);
    let line: String = summary.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let line = line.trim();
    match line.char_indices().nth(SUMMARY - 1) {
        _ if line.is_empty() => None,
        Some((at, _)) if line.chars().count() > SUMMARY => Some(format!("{}…", &line[..at])),
        _ => Some(line.into()),
    }
}

fn find<'v>(root: &'v Object, path: &str) -> Option<&'v Value> {
    let mut steps = path.split('.');
    let first = root.get(steps.next()?)?;
    steps.try_fold(first, |value, step| match value {
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        value => value.get(step),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Code,
        actor::Method,
        id::{OrganizationId, QueueId},
        queue::QueueConfig,
    };
    use serde_json::json;
    use uuid::Uuid;

    fn moment() -> Moment {
        Moment::new(Timestamp::from_second(1_764_000_000).unwrap(), [1; 32])
    }

    fn queue(review_type: ReviewType) -> Queue {
        let now = moment().now;
        Queue {
            id: QueueId(Uuid::from_u128(1)),
            organization_id: OrganizationId(Uuid::from_u128(2)),
            key: "refunds".into(),
            version: 4,
            config: QueueConfig::of_type("Refunds", review_type),
            deleted_at: None,
            created_at: now,
            updated_at: now,
        }
    }

    fn object(value: Value) -> Object {
        value.as_object().cloned().unwrap()
    }

    fn submission(data: Value) -> Submission {
        Submission {
            content: Content { data: object(data), context: Object::new(), choices: None },
            metadata: Object::new(),
            summary: None,
            external_id: None,
            max_selections: None,
            priority: Priority::Normal,
            due: Due::Queue,
            assignee_id: None,
        }
    }

    fn submit_to(queue: &Queue, submission: Submission) -> Result<(Task, Content), Refusal> {
        let validator = queue.config.data_schema.as_ref().map(|schema| schema::compile(schema).unwrap());
        let arrival = Arrival { task_id: TaskId(Uuid::from_u128(9)), batch_id: None };
        let actor = Actor { kind: crate::actor::ActorKind::Agent, id: "key_1".into(), name: "mailer".into(), method: Method::Key };
        submit(queue, validator.as_ref(), submission, arrival, &actor, &moment())
    }

    #[test]
    fn a_task_keeps_the_queue_version_it_was_submitted_under() {
        let (task, _) = submit_to(&queue(ReviewType::Approval), submission(json!({}))).unwrap();
        assert_eq!((task.state, task.revision, task.queue_version), (TaskState::Queued, 1, 4));
    }

    #[test]
    fn every_wrong_place_of_a_submission_is_named_at_once() {
        let mut wrong = submission(json!({}));
        wrong.summary = Some("two\nlines".into());
        wrong.external_id = Some(String::new());
        wrong.metadata = object(json!({"nested": {}}));
        wrong.max_selections = Some(2);
        wrong.due = Due::At(moment().now);
        let refusal = submit_to(&queue(ReviewType::Approval), wrong).unwrap_err();
        let pointers: Vec<_> = refusal.places.iter().map(|place| place.pointer.as_str()).collect();
        assert_eq!(pointers, ["/metadata/nested", "/summary", "/external_id", "/max_selections", "/deadline"]);
    }

    #[test]
    fn choices_belong_to_multiple_choice_and_are_distinct() {
        assert!(submit_to(&queue(ReviewType::MultipleChoice), submission(json!({}))).is_err());
        let choice = |key: &str| Choice { key: key.into(), label: key.into(), description: None, data: None };
        let mut twice = submission(json!({}));
        twice.content.choices = Some(vec![choice("a"), choice("a")]);
        let refusal = submit_to(&queue(ReviewType::MultipleChoice), twice.clone()).unwrap_err();
        assert_eq!(refusal.places[0].pointer, "/choices/1/key");
        assert!(submit_to(&queue(ReviewType::Approval), twice).is_err());
    }

    #[test]
    fn content_that_does_not_fit_the_schema_is_refused_with_its_place() {
        let mut queue = queue(ReviewType::Approval);
        queue.config.data_schema = Some(json!({"properties": {"amount": {"type": "number"}}}));
        let refusal = submit_to(&queue, submission(json!({"amount": "ten"}))).unwrap_err();
        assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (Code::SchemaMismatch, "/data/amount"));
    }

    #[test]
    fn a_deleted_queue_takes_no_tasks() {
        let queue = Queue { deleted_at: Some(moment().now), ..queue(ReviewType::Approval) };
        assert_eq!(submit_to(&queue, submission(json!({}))).unwrap_err().code, Code::QueueDeleted);
    }

    #[test]
    fn the_deadline_comes_from_the_task_before_the_queue() {
        let mut queue = queue(ReviewType::Approval);
        queue.config.sla_minutes = Some(60);
        let minutes = |submission| {
            let (task, _) = submit_to(&queue, submission).unwrap();
            task.deadline.unwrap().duration_since(task.created_at).as_mins()
        };
        assert_eq!(minutes(submission(json!({}))), 60);
        assert_eq!(minutes(Submission { due: Due::Minutes(5), ..submission(json!({})) }), 5);
    }

    #[test]
    fn a_summary_is_made_from_the_template_and_stays_one_short_line() {
        let mut queue = queue(ReviewType::Approval);
        queue.config.summary_template = Some("{data.amount} EUR to {data.to.0.name}{data.missing} {unclosed".into());
        let (task, _) = submit_to(&queue, submission(json!({"amount": 12.5, "to": [{"name": "Ann\nB"}]}))).unwrap();
        assert_eq!(task.summary.as_deref(), Some("12.5 EUR to Ann B {unclosed"));
        let (task, _) = submit_to(&queue, submission(json!({"amount": 1, "to": [{"name": "ä".repeat(400)}]}))).unwrap();
        assert_eq!(task.summary.unwrap().chars().count(), SUMMARY);
    }

    #[test]
    fn only_a_summary_that_was_made_is_made_again() {
        let mut queue = queue(ReviewType::Approval);
        queue.config.summary_template = Some("{data.a}".into());
        let (made, content) = submit_to(&queue, submission(json!({"a": 1}))).unwrap();
        let given = Task { summary: Some("Mine".into()), ..made.clone() };
        let revision = Revision { data: Some(object(json!({"a": 2}))), ..Revision::default() };
        for (task, summary) in [(made, "2"), (given, "Mine")] {
            let (revised, _) = revise(&task, content.clone(), &queue, None, revision.clone(), moment().now).unwrap();
            assert_eq!(revised.summary.as_deref(), Some(summary));
        }
    }

    #[test]
    fn a_revision_counts_up_and_keeps_what_it_does_not_name() {
        let queue = queue(ReviewType::Approval);
        let (task, content) = submit_to(&queue, submission(json!({"a": 1}))).unwrap();
        let revision = Revision { context: Some(object(json!({"b": 2}))), ..Revision::default() };
        let (revised, content) = revise(&task, content, &queue, None, revision, moment().now).unwrap();
        assert_eq!((revised.revision, &content.data, &content.context), (2, &object(json!({"a": 1})), &object(json!({"b": 2}))));
        assert!(revise(&revised, content, &queue, None, Revision::default(), moment().now).is_err());
    }
}
