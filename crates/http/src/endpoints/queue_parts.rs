//! Reading the parts of a queue from the wire.

use signoff_domain::{
    Refusal,
    queue::{Assignment, FeedbackRequired, QueueConfig, ReviewOption, ReviewType, Scale, Timing},
};
use signoff_wire::queue as wire;

use crate::{extract::parse_id, settings};

pub(super) fn review_type(review_type: wire::ReviewType) -> ReviewType {
    match review_type {
        wire::ReviewType::Approval => ReviewType::Approval,
        wire::ReviewType::Classification => ReviewType::Classification,
        wire::ReviewType::Labeling => ReviewType::Labeling,
        wire::ReviewType::Scoring => ReviewType::Scoring,
        wire::ReviewType::MultipleChoice => ReviewType::MultipleChoice,
        wire::ReviewType::Augmentation => ReviewType::Augmentation,
    }
}

pub(super) fn timing(timing: wire::Timing) -> Timing {
    match timing {
        wire::Timing::Before => Timing::Before,
        wire::Timing::After => Timing::After,
    }
}

pub(super) fn feedback_required(feedback: wire::FeedbackRequired) -> FeedbackRequired {
    match feedback {
        wire::FeedbackRequired::Never => FeedbackRequired::Never,
        wire::FeedbackRequired::Always => FeedbackRequired::Always,
        wire::FeedbackRequired::WhenEmpty => FeedbackRequired::WhenEmpty,
        wire::FeedbackRequired::WhenRejected => FeedbackRequired::WhenRejected,
    }
}

pub(super) fn assignment(assignment: wire::Assignment) -> Assignment {
    use wire::Assignment as Wire;
    match assignment {
        Wire::Manual => Assignment::Manual,
        Wire::Pull => Assignment::Pull,
        Wire::RoundRobin => Assignment::RoundRobin,
        Wire::LoadBalanced => Assignment::LoadBalanced,
        Wire::SkillBased => Assignment::SkillBased,
        Wire::Sticky => Assignment::Sticky,
        Wire::AiFirst => Assignment::AiFirst,
        Wire::AiLast => Assignment::AiLast,
    }
}

pub(super) fn scale(scale: wire::Scale) -> Scale {
    Scale { min: scale.min, max: scale.max, step: scale.step, min_label: scale.min_label, max_label: scale.max_label }
}

/// Options in the order in which they are shown.
pub(super) fn options(options: Vec<wire::ReviewOption>) -> Vec<ReviewOption> {
    let read = |(place, option): (usize, wire::ReviewOption)| ReviewOption {
        id: option.id,
        label: option.label,
        display_order: option.display_order.unwrap_or(i64::try_from(place).unwrap_or(i64::MAX)),
        description: option.description,
        color: option.color,
        hotkey: option.hotkey,
    };
    let mut options: Vec<_> = options.into_iter().enumerate().map(read).collect();
    options.sort_by_key(|option| option.display_order);
    options
}

/// What a queue is made of after a change.
///
/// # Errors
/// A validation error that names an id that is none.
pub(super) fn change(config: &QueueConfig, parts: wire::ChangeQueue) -> Result<QueueConfig, Refusal> {
    let reviewer_ids = match parts.reviewer_ids {
        None => config.reviewer_ids.clone(),
        Some(None) => None,
        Some(Some(ids)) => {
            let read = |(i, id): (usize, &String)| parse_id(&format!("/reviewer_ids/{i}"), id);
            Some(ids.iter().enumerate().map(read).collect::<Result<_, _>>()?)
        }
    };
    let config = config.clone();
    let stages = match parts.stages {
        None => config.stages,
        Some(stages) => settings::read("/stages", &stages.unwrap_or_default())?,
    };
    let routing = parts.routing.map_or(Ok(config.routing), |routing| settings::read("/routing", &routing))?;
    let escalation = match parts.escalation {
        None => config.escalation,
        Some(given) => given.map(|escalation| settings::read("/escalation", &escalation)).transpose()?,
    };
    let sla = parts.sla.map_or(Ok(config.sla), |sla| settings::read("/sla", &sla))?;
    let lead_ids = parts.lead_ids.map_or(Ok(config.lead_ids), |ids| settings::read("/lead_ids", &ids))?;
    Ok(QueueConfig {
        name: parts.name.unwrap_or(config.name),
        description: parts.description.unwrap_or(config.description),
        timing: parts.timing.map_or(config.timing, timing),
        review_type: config.review_type,
        review_options: parts.review_options.map_or(config.review_options, options),
        max_selections: parts.max_selections.unwrap_or(config.max_selections),
        result_required: parts.result_required.unwrap_or(config.result_required),
        feedback_required: parts.feedback_required.map_or(config.feedback_required, feedback_required),
        assignment: parts.assignment.map_or(config.assignment, assignment),
        sla_minutes: parts.sla_minutes.unwrap_or(config.sla_minutes),
        scale: parts.scale.map(scale).or(config.scale),
        allow_edits: parts.allow_edits.unwrap_or(config.allow_edits),
        data_schema: parts.data_schema.unwrap_or(config.data_schema),
        edit_schema: parts.edit_schema.unwrap_or(config.edit_schema),
        instructions: parts.instructions.unwrap_or(config.instructions),
        summary_template: parts.summary_template.unwrap_or(config.summary_template),
        reviewer_ids,
        stages,
        otherwise: parts.otherwise.unwrap_or(config.otherwise),
        routing,
        sla,
        escalation,
        allow_own_review: parts.allow_own_review.unwrap_or(config.allow_own_review),
        lead_ids,
    })
}
