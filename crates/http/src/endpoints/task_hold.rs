//! `/task/{id}/claim`, `renew`, `release`, `skip`: holding a task.

use axum::{Json, extract::State, http::StatusCode};
use signoff_app::tasks::{ClaimTask, ReleaseTask, RenewLease, SkipTask};
use signoff_domain::id::TaskId;
use signoff_wire::task as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, OptionalBody, PathId, parse_id, parse_id_opt},
    present,
    problem::{Result, Writing},
};

/// An empty body.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// Claims a task: takes its lease for 600 seconds.
#[utoipa::path(
    post, path = "/task/{id}/claim", tag = "review", operation_id = "claimTask", params(("id" = String, Path), IdempotencyHeader),
    responses((status = 200, body = wire::Claim), Writing),
)]
pub(crate) async fn claim(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, OptionalBody(Nothing {})): Once<OptionalBody<Nothing>>,
) -> Result<Json<wire::Claim>> {
    let idempotency = key.of(&caller);
    let claim = face.app.write_once(idempotency, ClaimTask { caller, moment: face.app.moment(), id }).await?;
    Ok(Json(present::claim(claim)))
}

/// Renews a lease for another 600 seconds.
#[utoipa::path(
    post, path = "/task/{id}/renew", tag = "review", operation_id = "renewLease", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::HoldLease, responses((status = 200, body = wire::Lease), Writing),
)]
pub(crate) async fn renew(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::HoldLease>>,
) -> Result<Json<wire::Lease>> {
    let lease_id = parse_id("/lease_id", &body.lease_id)?;
    let idempotency = key.of(&caller);
    let lease = face.app.write_once(idempotency, RenewLease { caller, now: face.app.moment().now, id, lease_id }).await?;
    Ok(Json(present::lease(&lease)))
}

/// Gives a lease back.
#[utoipa::path(
    post, path = "/task/{id}/release", tag = "review", operation_id = "releaseTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::HoldLease, responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn release(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::HoldLease>>,
) -> Result<StatusCode> {
    let lease_id = parse_id("/lease_id", &body.lease_id)?;
    let idempotency = key.of(&caller);
    face.app.write_once(idempotency, ReleaseTask { caller, moment: face.app.moment(), id, lease_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines a task: it is not offered to me again.
#[utoipa::path(
    post, path = "/task/{id}/skip", tag = "review", operation_id = "skipTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::SkipTask, responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn skip(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::SkipTask>>,
) -> Result<StatusCode> {
    let lease_id = parse_id_opt("/lease_id", body.lease_id.as_deref())?;
    let idempotency = key.of(&caller);
    face.app.write_once(idempotency, SkipTask { caller, moment: face.app.moment(), id, reason: body.reason, lease_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
