//! `/task/{id}/comment` and `/task/{id}/event`: what is said and what happened beside a task.

use axum::{
    Json,
    extract::{OriginalUri, State},
    http::StatusCode,
    response::IntoResponse,
};
use signoff_app::{
    events::TaskHistory,
    tasks::{CommentOnTask, ListComments},
};
use signoff_domain::id::TaskId;
use signoff_wire::{event, task as wire};

use crate::{
    Face,
    extract::{Body, CallerOf, Cursor, IdempotencyHeader, Once, Params, PathId, page},
    present,
    problem::{Reading, Result, Writing},
};

/// The comments on a task, oldest first.
#[utoipa::path(
    get, path = "/task/{id}/comment", tag = "task", operation_id = "listComments", params(("id" = String, Path)),
    responses((status = 200, body = Vec<wire::Comment>), Reading),
)]
pub(crate) async fn list(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
) -> Result<Json<Vec<wire::Comment>>> {
    let comments = face.app.read(ListComments { caller, id }).await?;
    Ok(Json(comments.into_iter().map(present::comment).collect()))
}

/// Says something beside a task.
#[utoipa::path(
    post, path = "/task/{id}/comment", tag = "task", operation_id = "commentOnTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::CreateComment, responses((status = 201, body = wire::Comment), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::CreateComment>>,
) -> Result<impl IntoResponse> {
    let idempotency = key.of(&caller);
    let command = CommentOnTask { caller, moment: face.app.moment(), id, body: body.body, asks: body.asks };
    let comment = face.app.write_once(idempotency, command).await?;
    Ok((StatusCode::CREATED, Json(present::comment(comment))))
}

/// What happened to a task, oldest first.
#[utoipa::path(
    get, path = "/task/{id}/event", tag = "task", operation_id = "listTaskEvents",
    params(("id" = String, Path), ("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<event::Event>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn history(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    OriginalUri(uri): OriginalUri,
    mut params: Params,
) -> Result<impl IntoResponse> {
    let limit = params.limit();
    let cursor = Cursor::of(&uri, params.text("cursor"));
    params.finish()?;
    let after = cursor.after::<i64>()?.unwrap_or(-1);
    let mut events = face.app.read(TaskHistory { caller, id, after, limit: limit + 1 }).await?;
    let headers = page(&mut events, limit, &uri, &cursor, |event| event.seq);
    Ok((headers, Json(events.into_iter().map(present::event).collect::<Vec<_>>())))
}
