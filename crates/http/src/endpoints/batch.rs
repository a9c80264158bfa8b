//! `/batch`: many tasks in one request.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::tasks::{GetBatch, SubmitBatch};
use signoff_domain::id::BatchId;
use signoff_wire::batch as wire;

use super::task::{patience, submission};
use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, Params, PathId},
    present,
    problem::{Reading, Result, Writing},
};

/// Submits many tasks to a queue. What is wrong with one does not stop the others.
#[utoipa::path(
    post, path = "/batch", tag = "batch", operation_id = "submitBatch", params(IdempotencyHeader),
    request_body = wire::SubmitBatch, responses((status = 201, body = wire::Batch), Writing),
)]
pub(crate) async fn submit(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, Body(body)): Once<Body<wire::SubmitBatch>>,
) -> Result<impl IntoResponse> {
    let items = body.tasks.into_iter().map(submission).collect();
    let idempotency = key.of(&caller);
    let (moment, compiled) = (face.app.moment(), face.app.compiled());
    let view = face.app.write_once(idempotency, SubmitBatch { caller, moment, compiled, queue_key: body.queue_key, items }).await?;
    Ok((StatusCode::CREATED, Json(present::batch(&view))))
}

/// A batch and how far it has come.
#[utoipa::path(
    get, path = "/batch/{id}", tag = "batch", operation_id = "getBatch", params(("id" = String, Path)),
    responses((status = 200, body = wire::Batch), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<BatchId>) -> Result<Json<wire::Batch>> {
    let view = face.app.read(GetBatch { caller, id }).await?;
    Ok(Json(present::batch(&view)))
}

/// Waits until no task of a batch is open, or time is up.
#[utoipa::path(
    get, path = "/batch/{id}/wait", tag = "batch", operation_id = "waitForBatch",
    params(("id" = String, Path), ("timeout" = Option<i64>, Query, minimum = 0, maximum = 60, description = "Seconds; 60 when left out")),
    responses((status = 200, body = wire::Batch), Reading),
)]
pub(crate) async fn wait(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<BatchId>,
    mut params: Params,
) -> Result<Json<wire::Batch>> {
    let patience = patience(&mut params);
    params.finish()?;
    let view = tokio::select! {
        view = face.app.wait_for_batch(&caller, id, patience) => view?,
        () = face.drained() => face.app.read(GetBatch { caller: caller.clone(), id }).await?,
    };
    Ok(Json(present::batch(&view)))
}
