//! `/apply` and `/export`: queues and members as code.

use axum::{Json, extract::State};
use signoff_app::{
    Error,
    queues::{Apply, Change, ChangeKind, Document, ExportDocument, MemberDocument, QueueDocument},
};
use signoff_domain::{Refusal, permission::Role, queue::QueueConfig};
use signoff_wire::{apply as wire, routing::Routing};

use super::{apply_parts, queue_parts};
use crate::{
    Face,
    extract::{Body, CallerOf},
    present,
    problem::{Reading, Result, Writing},
    settings,
};

/// Makes the organization what a document says. What the document does not name stays as it is; applying twice changes nothing.
#[utoipa::path(
    post, path = "/apply", tag = "organization", operation_id = "apply",
    request_body = wire::Apply, responses((status = 200, body = Vec<wire::Change>), Writing),
)]
pub(crate) async fn apply(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::Apply>,
) -> Result<Json<Vec<wire::Change>>> {
    let document = document(body.document)?;
    let secrets = document.members.iter().map(|_| face.app.secret()).collect();
    let command = Apply { caller, moment: face.app.moment(), secrets, document, dry_run: body.dry_run };
    let changes = face.app.write(command).await.map_err(|error| match error {
        // Places are named within the document; the body holds it as a member.
        Error::Refused(refusal) => Error::Refused(refusal.below("/document")),
        fault => fault,
    })?;
    let show = |change: Change| wire::Change {
        kind: match change.kind {
            ChangeKind::Created => wire::ChangeKind::Created,
            ChangeKind::Updated => wire::ChangeKind::Updated,
            ChangeKind::Unchanged => wire::ChangeKind::Unchanged,
            ChangeKind::Invited => wire::ChangeKind::Invited,
        },
        to: change.to,
        parts: change.parts,
        link: change.link_token.map(|token| face.settings.invitation_link(&token)),
    };
    Ok(Json(changes.into_iter().map(show).collect()))
}

fn document(document: wire::Document) -> std::result::Result<Document, Refusal> {
    let member = |(i, member): (usize, wire::MemberDocument)| {
        let role = Role::parse(&member.role)
            .ok_or_else(|| Refusal::invalid(format!("/document/members/{i}/role"), "Must be owner, admin, reviewer or auditor."))?;
        Ok(MemberDocument { email: member.email, name: member.name, role })
    };
    let resources = apply_parts::read(&document)?;
    Ok(Document {
        queues: document.queues.into_iter().map(queue).collect(),
        members: document.members.into_iter().enumerate().map(member).collect::<std::result::Result<_, Refusal>>()?,
        ..resources
    })
}

fn queue(queue: wire::QueueDocument) -> QueueDocument {
    let default = QueueConfig::of_type(queue.name, queue_parts::review_type(queue.review_type));
    let max_selections = match queue.max_selections {
        None => default.max_selections,
        Some(0) => None,
        most => most,
    };
    let config = QueueConfig {
        description: queue.description,
        timing: queue.timing.map_or(default.timing, queue_parts::timing),
        review_options: queue.review_options.map_or(default.review_options, queue_parts::options),
        max_selections,
        result_required: queue.result_required.unwrap_or(default.result_required),
        feedback_required: queue.feedback_required.map_or(default.feedback_required, queue_parts::feedback_required),
        assignment: queue.assignment.map_or(default.assignment, queue_parts::assignment),
        sla_minutes: queue.sla_minutes,
        scale: queue.scale.map(queue_parts::scale).or(default.scale),
        allow_edits: queue.allow_edits.unwrap_or(default.allow_edits),
        data_schema: queue.data_schema,
        edit_schema: queue.edit_schema,
        instructions: queue.instructions,
        summary_template: queue.summary_template,
        name: default.name,
        review_type: default.review_type,
        otherwise: queue.otherwise,
        allow_own_review: queue.allow_own_review.unwrap_or(default.allow_own_review),
        ..default
    };
    // The parts that name members, by e-mail address, have the same form in the queue.
    let mut config = settings::object(&config);
    let named = [
        ("reviewer_ids", queue.reviewers.map(|reviewers| settings::json(&reviewers))),
        ("stages", queue.stages.map(|stages| settings::json(&stages))),
        ("routing", queue.routing.map(|routing| settings::json(&routing))),
        ("escalation", queue.escalation.map(|escalation| settings::json(&escalation))),
        ("sla", queue.sla.map(|sla| settings::json(&sla))),
        ("lead_ids", queue.leads.map(|leads| settings::json(&leads))),
    ];
    for (name, given) in named {
        config.extend(given.map(|given| (name.to_owned(), given)));
    }
    QueueDocument { key: queue.key, config }
}

/// The document that makes the organization what it is.
#[utoipa::path(get, path = "/export", tag = "organization", operation_id = "export", responses((status = 200, body = wire::Document), Reading))]
pub(crate) async fn export(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<wire::Document>> {
    let mut document = face.app.read(ExportDocument { caller }).await?;
    let (queues, members) = (std::mem::take(&mut document.queues), std::mem::take(&mut document.members));
    let members = members.into_iter().map(|member| wire::MemberDocument {
        email: member.email,
        name: member.name,
        role: member.role.as_str().into(),
    });
    let queues = queues.into_iter().map(show_queue).collect::<std::result::Result<_, Error>>()?;
    Ok(Json(wire::Document { queues, members: members.collect(), ..apply_parts::show(document)? }))
}

/// A queue as code, without what is the default of its type anyway.
fn show_queue(document: QueueDocument) -> std::result::Result<wire::QueueDocument, Error> {
    let QueueDocument { key, mut config } = document;
    let mut take = |name: &str| config.remove(name).unwrap_or_default();
    let reviewers = settings::in_document(take("reviewer_ids"))?;
    let (stages, routing, leads, escalation) = (take("stages"), take("routing"), take("lead_ids"), take("escalation"));
    let (stages, leads): (Vec<_>, Vec<_>) = (settings::in_document(stages)?, settings::in_document(leads)?);
    let routing: Routing = settings::in_document(routing)?;
    let escalation = settings::in_document(escalation)?;
    let config: QueueConfig = settings::in_document(config.into())?;
    let default = QueueConfig::of_type(config.name.clone(), config.review_type);
    fn unless<T: PartialEq>(value: T, default: &T) -> Option<T> {
        (value != *default).then_some(value)
    }
    Ok(wire::QueueDocument {
        key,
        name: config.name,
        description: config.description,
        review_type: present::review_type(config.review_type),
        timing: unless(config.timing, &default.timing).map(present::timing),
        review_options: unless(config.review_options, &default.review_options).map(present::options),
        max_selections: unless(config.max_selections, &default.max_selections).map(|most| most.unwrap_or(0)),
        result_required: unless(config.result_required, &default.result_required),
        feedback_required: unless(config.feedback_required, &default.feedback_required).map(present::feedback_required),
        assignment: unless(config.assignment, &default.assignment).map(present::assignment),
        sla_minutes: config.sla_minutes,
        scale: config.scale.filter(|scale| default.scale.as_ref() != Some(scale)).map(present::scale),
        allow_edits: unless(config.allow_edits, &default.allow_edits),
        data_schema: config.data_schema,
        edit_schema: config.edit_schema,
        instructions: config.instructions,
        summary_template: config.summary_template,
        reviewers,
        stages: Some(stages).filter(|stages| !stages.is_empty()),
        otherwise: config.otherwise,
        routing: unless(routing, &Routing::default()),
        sla: config.sla.as_ref().map(settings::show),
        escalation,
        leads: Some(leads).filter(|leads| !leads.is_empty()),
        allow_own_review: unless(config.allow_own_review, &default.allow_own_review),
    })
}
