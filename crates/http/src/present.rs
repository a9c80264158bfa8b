//! How things are shown: from the domain to the wire.

pub(crate) mod operations;
pub(crate) mod people;

use axum::http::{HeaderMap, HeaderValue, header};
use serde_json::Value;
use signoff_app::{
    events::Stored,
    queues::QueueView,
    tasks::{BatchView, Claim, TaskView},
};
use signoff_domain::{
    actor::Actor,
    batch::ItemResult,
    comment::Comment,
    hold::Lease,
    outcome::{Outcome, OutcomeKind},
    queue::{self, Queue, QueueConfig},
    review::{Review, ReviewValue, ReviewerKind},
    task::{self, Choice, TaskState},
};
use signoff_wire as wire;

use crate::settings;

/// The entity tag of something that counts its changes.
pub(crate) fn tag(number: i64) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{number}\"")) {
        headers.insert(header::ETAG, tag);
    }
    headers
}

pub(crate) fn actor(actor: &Actor) -> wire::task::Actor {
    wire::task::Actor { kind: actor.kind.as_str().into(), id: actor.id.clone(), name: Some(actor.name.clone()) }
}

pub(crate) fn priority(priority: task::Priority) -> wire::task::Priority {
    match priority {
        task::Priority::Low => wire::task::Priority::Low,
        task::Priority::Normal => wire::task::Priority::Normal,
        task::Priority::High => wire::task::Priority::High,
        task::Priority::Urgent => wire::task::Priority::Urgent,
    }
}

pub(crate) fn state(state: TaskState) -> wire::task::TaskState {
    match state {
        TaskState::Pending => wire::task::TaskState::Pending,
        TaskState::Queued => wire::task::TaskState::Queued,
        TaskState::Reviewed => wire::task::TaskState::Reviewed,
        TaskState::Cancelled => wire::task::TaskState::Cancelled,
        TaskState::Expired => wire::task::TaskState::Expired,
    }
}

fn choice(choice: Choice) -> wire::task::Choice {
    wire::task::Choice { key: choice.key, label: choice.label, description: choice.description, data: choice.data }
}

fn outcome(outcome: Outcome) -> wire::task::Outcome {
    let kind = match outcome.kind {
        OutcomeKind::Decided => wire::task::OutcomeKind::Decided,
        OutcomeKind::Cancelled => wire::task::OutcomeKind::Cancelled,
        OutcomeKind::Expired => wire::task::OutcomeKind::Expired,
    };
    let Outcome { result, value, data, rule, at, reason, agreement, posterior, dissenter_ids, .. } = outcome;
    let dissenter_ids = dissenter_ids.iter().map(ToString::to_string).collect();
    wire::task::Outcome { kind, result, value, data, rule, at, reason, agreement, posterior, dissenter_ids }
}

pub(crate) fn lease(lease: &Lease) -> wire::task::Lease {
    wire::task::Lease {
        id: lease.id.to_string(),
        member_id: lease.member_id.to_string(),
        member_name: lease.member_name.clone(),
        expires_at: lease.expires_at,
    }
}

pub(crate) fn task(view: TaskView) -> wire::task::Task {
    let TaskView { task, content, queue, reviews, lease: held } = view;
    wire::task::Task {
        id: task.id.to_string(),
        organization_id: task.organization_id.to_string(),
        queue_id: task.queue_id.to_string(),
        queue_key: task.queue_key,
        queue_version: task.queue_version,
        batch_id: task.batch_id.map(|id| id.to_string()),
        external_id: task.external_id,
        state: state(task.state),
        revision: task.revision,
        priority: priority(task.priority),
        stage: task.stage,
        wanted: task.wanted,
        data: content.data,
        context: content.context,
        metadata: task.metadata,
        choices: content.choices.map(|choices| choices.into_iter().map(choice).collect()),
        max_selections: task.max_selections,
        summary: task.summary,
        sla_deadline: task.deadline,
        assignee_id: task.assignee_id.map(|id| id.to_string()),
        created_by: actor(&task.created_by),
        outcome: task.outcome.map(outcome),
        reviewed_at: task.reviewed_at,
        created_at: task.created_at,
        updated_at: task.updated_at,
        queue: queue.map(|queue| self::queue(queue, None)),
        reviews: reviews.map(|reviews| reviews.into_iter().map(review).collect()),
        lease: held.as_ref().map(lease),
    }
}

pub(crate) fn claim(claim: Claim) -> wire::task::Claim {
    wire::task::Claim { lease: lease(&claim.lease), task: task(claim.view) }
}

pub(crate) fn comment(comment: Comment) -> wire::task::Comment {
    wire::task::Comment {
        id: comment.id.to_string(),
        task_id: comment.task_id.to_string(),
        author: actor(&comment.author),
        body: comment.body,
        created_at: comment.created_at,
    }
}

pub(crate) fn batch(view: &BatchView) -> wire::batch::Batch {
    let (batch, progress) = (&view.batch, view.progress());
    let items: Vec<_> = batch
        .items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let (status, problem) = match &item.result {
                ItemResult::Created { .. } => (wire::batch::ItemStatus::Created, None),
                ItemResult::Existing { .. } => (wire::batch::ItemStatus::Existing, None),
                ItemResult::Refused { code, detail, pointers } => {
                    let problem = wire::batch::ItemProblem { code: code.clone(), detail: detail.clone(), pointers: pointers.clone() };
                    (wire::batch::ItemStatus::Refused, Some(problem))
                }
            };
            wire::batch::BatchItem {
                index: count(index),
                status,
                task_id: item.result.task_id().map(|id| id.to_string()),
                external_id: item.external_id.clone(),
                problem,
            }
        })
        .collect();
    wire::batch::Batch {
        id: batch.id.to_string(),
        queue_id: batch.queue_id.to_string(),
        queue_key: batch.queue_key.clone(),
        total: count(items.len()),
        pending: progress.of(TaskState::Pending),
        queued: progress.of(TaskState::Queued),
        reviewed: progress.of(TaskState::Reviewed),
        cancelled: progress.of(TaskState::Cancelled),
        expired: progress.of(TaskState::Expired),
        refused: count(items.iter().filter(|item| item.problem.is_some()).count()),
        created_at: batch.created_at,
        items,
    }
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(crate) fn value(value: ReviewValue) -> wire::review::ReviewValue {
    use wire::review::ReviewValue as Wire;
    match value {
        ReviewValue::Approval { approved } => Wire::Approval { approved },
        ReviewValue::Classification { option } => Wire::Classification { option },
        ReviewValue::Labeling { labels } => Wire::Labeling { labels },
        ReviewValue::Scoring { score } => Wire::Scoring { score },
        ReviewValue::MultipleChoice { choices } => Wire::MultipleChoice { choices },
        ReviewValue::Augmentation { edited } => Wire::Augmentation { edited },
    }
}

pub(crate) fn review(review: Review) -> wire::review::Review {
    let reviewer_id = if review.reviewer_kind == ReviewerKind::Policy { "policy".to_owned() } else { review.reviewer_id.to_string() };
    wire::review::Review {
        id: review.id.to_string(),
        task_id: review.task_id.to_string(),
        queue_id: review.queue_id.to_string(),
        queue_key: review.queue_key,
        stage: review.stage,
        revision: review.revision,
        reviewer_id: reviewer_id.clone(),
        reviewer: wire::review::Reviewer { id: reviewer_id, name: review.reviewer_name, kind: review.reviewer_kind.as_str().into() },
        result: review.result,
        value: value(review.value),
        data: review.data.unwrap_or_default(),
        patch: review.patch.filter(Value::is_array),
        feedback: review.feedback,
        voided_at: review.voided_at,
        surplus: review.surplus,
        on_behalf_of: review.on_behalf_of.map(|id| id.to_string()),
        created_at: review.created_at,
    }
}

pub(crate) fn review_type(review_type: queue::ReviewType) -> wire::queue::ReviewType {
    use wire::queue::ReviewType as Wire;
    match review_type {
        queue::ReviewType::Approval => Wire::Approval,
        queue::ReviewType::Classification => Wire::Classification,
        queue::ReviewType::Labeling => Wire::Labeling,
        queue::ReviewType::Scoring => Wire::Scoring,
        queue::ReviewType::MultipleChoice => Wire::MultipleChoice,
        queue::ReviewType::Augmentation => Wire::Augmentation,
    }
}

pub(crate) fn timing(timing: queue::Timing) -> wire::queue::Timing {
    match timing {
        queue::Timing::Before => wire::queue::Timing::Before,
        queue::Timing::After => wire::queue::Timing::After,
    }
}

pub(crate) fn feedback_required(feedback: queue::FeedbackRequired) -> wire::queue::FeedbackRequired {
    use wire::queue::FeedbackRequired as Wire;
    match feedback {
        queue::FeedbackRequired::Never => Wire::Never,
        queue::FeedbackRequired::Always => Wire::Always,
        queue::FeedbackRequired::WhenEmpty => Wire::WhenEmpty,
        queue::FeedbackRequired::WhenRejected => Wire::WhenRejected,
    }
}

pub(crate) fn assignment(assignment: queue::Assignment) -> wire::queue::Assignment {
    use wire::queue::Assignment as Wire;
    match assignment {
        queue::Assignment::Manual => Wire::Manual,
        queue::Assignment::Pull => Wire::Pull,
        queue::Assignment::RoundRobin => Wire::RoundRobin,
        queue::Assignment::LoadBalanced => Wire::LoadBalanced,
        queue::Assignment::SkillBased => Wire::SkillBased,
        queue::Assignment::Sticky => Wire::Sticky,
        queue::Assignment::AiFirst => Wire::AiFirst,
        queue::Assignment::AiLast => Wire::AiLast,
    }
}

pub(crate) fn options(options: Vec<queue::ReviewOption>) -> Vec<wire::queue::ReviewOption> {
    let show = |option: queue::ReviewOption| wire::queue::ReviewOption {
        id: option.id,
        label: option.label,
        display_order: Some(option.display_order),
        description: option.description,
        color: option.color,
        hotkey: option.hotkey,
    };
    options.into_iter().map(show).collect()
}

pub(crate) fn scale(scale: queue::Scale) -> wire::queue::Scale {
    wire::queue::Scale { min: scale.min, max: scale.max, step: scale.step, min_label: scale.min_label, max_label: scale.max_label }
}

pub(crate) fn queue(queue: Queue, open_count: Option<i64>) -> wire::queue::Queue {
    let stages = settings::show(&queue.config.workflow().stages);
    let QueueConfig { name, description, max_selections, result_required, sla_minutes, allow_edits, data_schema, edit_schema, .. } =
        queue.config;
    wire::queue::Queue {
        id: queue.id.to_string(),
        organization_id: queue.organization_id.to_string(),
        key: queue.key,
        version: queue.version,
        name,
        description,
        timing: timing(queue.config.timing),
        review_type: review_type(queue.config.review_type),
        review_options: options(queue.config.review_options),
        max_selections,
        result_required,
        feedback_required: feedback_required(queue.config.feedback_required),
        assignment: assignment(queue.config.assignment),
        sla_minutes,
        scale: queue.config.scale.map(scale),
        allow_edits,
        data_schema,
        edit_schema,
        instructions: queue.config.instructions,
        summary_template: queue.config.summary_template,
        reviewer_ids: queue.config.reviewer_ids.map(|ids| ids.iter().map(ToString::to_string).collect()),
        stages,
        otherwise: queue.config.otherwise,
        routing: settings::show(&queue.config.routing),
        sla: queue.config.sla.as_ref().map(settings::show),
        escalation: queue.config.escalation.as_ref().map(settings::show),
        lead_ids: queue.config.lead_ids.iter().map(ToString::to_string).collect(),
        allow_own_review: queue.config.allow_own_review,
        open_count,
        deleted_at: queue.deleted_at,
        created_at: queue.created_at,
        updated_at: queue.updated_at,
    }
}

pub(crate) fn queue_view(view: QueueView) -> wire::queue::Queue {
    queue(view.queue, Some(view.open_count))
}

pub(crate) fn event(stored: Stored) -> wire::event::Event {
    let Stored { seq, entry, queue_key, reason } = stored;
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    wire::event::Event {
        seq,
        id: entry.id,
        event_type: entry.event_type,
        at: entry.at,
        task_id: entry.task,
        queue_id: entry.queue,
        queue_key,
        queue_version: entry.queue_version.map(whole),
        actor: wire::event::EventActor {
            kind: entry.actor.kind,
            id: entry.actor.id,
            name: entry.actor.name,
            method: entry.actor.method,
            channel: entry.actor.channel,
        },
        revision: entry.revision.map(whole),
        review_id: entry.review,
        content: entry.content.map(|digest| digest.to_string()),
        detail: entry.detail.unwrap_or_default(),
        reason,
    }
}
