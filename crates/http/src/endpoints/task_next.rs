//! `/task/next`: whose turn it is.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use signoff_app::tasks::{ClaimNext, PeekNext};
use signoff_wire::task as wire;

use super::task::tagged;
use crate::{
    Face,
    extract::{CallerOf, IdempotencyHeader, Once, OptionalBody, Params},
    present,
    problem::{Reading, Result, Writing},
};

/// The task that is next for me, in the order of priority, deadline and age. Changes nothing.
#[utoipa::path(
    get, path = "/task/next", tag = "review", operation_id = "peekNextTask", params(("queue_key" = Option<String>, Query)),
    responses((status = 200, body = wire::Task), (status = 204, description = "Nothing waits"), Reading),
)]
pub(crate) async fn peek(State(face): State<Face>, CallerOf(caller): CallerOf, mut params: Params) -> Result<Response> {
    let queue_key = params.text("queue_key");
    params.finish()?;
    let next = face.app.read(PeekNext { caller, now: face.app.now(), queue_key }).await?;
    Ok(next.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |view| tagged(view).into_response()))
}

/// Claims the task that is next for me.
#[utoipa::path(
    post, path = "/task/next", tag = "review", operation_id = "claimNextTask",
    params(IdempotencyHeader), request_body = Option<wire::ClaimNext>,
    responses((status = 200, body = wire::Claim), (status = 204, description = "Nothing waits"), Writing),
)]
pub(crate) async fn claim(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, OptionalBody(body)): Once<OptionalBody<wire::ClaimNext>>,
) -> Result<Response> {
    let idempotency = key.of(&caller);
    let claim = face.app.write_once(idempotency, ClaimNext { caller, moment: face.app.moment(), queue_key: body.queue_key }).await?;
    Ok(claim.map_or_else(|| StatusCode::NO_CONTENT.into_response(), |claim| Json(present::claim(claim)).into_response()))
}
