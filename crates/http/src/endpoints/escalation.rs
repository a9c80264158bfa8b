//! `/escalation/dry-run`: what the steps of a queue would do if nobody did anything.

use axum::{Json, extract::State};
use signoff_app::escalation::{DryRunEscalation, Planned};
use signoff_wire::escalation as wire;

use crate::{
    Face,
    extract::{Body, CallerOf},
    problem::{Result, Writing},
    settings,
};

/// Says what would happen, and when, to a task of a queue that nobody takes care of. Changes nothing.
#[utoipa::path(
    post, path = "/escalation/dry-run", tag = "queue", operation_id = "dryRunEscalation",
    request_body = wire::DryRunEscalation, responses((status = 200, body = Vec<wire::PlannedStep>), Writing),
)]
pub(crate) async fn dry_run(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::DryRunEscalation>,
) -> Result<Json<Vec<wire::PlannedStep>>> {
    let escalation = body.escalation.map(|escalation| settings::read("/escalation", &escalation)).transpose()?;
    let at = body.submitted_at.unwrap_or_else(|| face.app.now());
    let query = DryRunEscalation { caller, queue_key: body.queue_key, escalation, at, deadline: body.deadline };
    let show = |planned: Planned| wire::PlannedStep {
        at: planned.at,
        loop_no: planned.loop_no,
        step: i64::try_from(planned.step).unwrap_or(i64::MAX),
        action: settings::show(&planned.action),
        note: planned.note,
    };
    Ok(Json(face.app.read(query).await?.into_iter().map(show).collect()))
}
