//! `/task/{id}/cancel`, `revise`, `reopen`, `assign`: what agents and administrators do with a task.

use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use signoff_app::tasks::{AssignTask, CancelTask, OverrideTask, ReopenTask, ReviseTask};
use signoff_domain::{id::TaskId, review::Answer, submission::Revision};
use signoff_wire::task as wire;

use super::task::{choices, tagged};
use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, OptionalBody, PathId, RevisionHeader, if_match, parse_id_opt, require_if_match},
    problem::{Conditional, Result, Writing},
};

/// Takes a task back.
#[utoipa::path(
    post, path = "/task/{id}/cancel", tag = "task", operation_id = "cancelTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = Option<wire::CancelTask>, responses((status = 200, body = wire::Task), Writing),
)]
pub(crate) async fn cancel(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, OptionalBody(body)): Once<OptionalBody<wire::CancelTask>>,
) -> Result<impl IntoResponse> {
    let idempotency = key.of(&caller);
    let view = face
        .app
        .write_once(idempotency, CancelTask { caller, moment: face.app.moment(), compiled: face.app.compiled(), id, reason: body.reason })
        .await?;
    Ok(tagged(view))
}

/// Replaces a task's content. A new revision; reviews and leases of the old one end.
#[utoipa::path(
    post, path = "/task/{id}/revise", tag = "task", operation_id = "reviseTask",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The revision to be replaced"), IdempotencyHeader),
    request_body = wire::ReviseTask, responses((status = 200, body = wire::Task), Writing),
)]
pub(crate) async fn revise(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    headers: HeaderMap,
    Once(key, Body(body)): Once<Body<wire::ReviseTask>>,
) -> Result<impl IntoResponse> {
    let revision = Revision {
        data: body.data,
        context: body.context,
        metadata: body.metadata,
        summary: body.summary,
        choices: body.choices.map(choices),
    };
    let idempotency = key.of(&caller);
    let (moment, compiled) = (face.app.moment(), face.app.compiled());
    let view =
        face.app.write_once(idempotency, ReviseTask { caller, moment, compiled, id, if_revision: if_match(&headers)?, revision }).await?;
    Ok(tagged(view))
}

/// Opens a decided task again; its reviews are void.
#[utoipa::path(
    post, path = "/task/{id}/reopen", tag = "task", operation_id = "reopenTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::ReopenTask, responses((status = 200, body = wire::Task), Writing),
)]
pub(crate) async fn reopen(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::ReopenTask>>,
) -> Result<impl IntoResponse> {
    let idempotency = key.of(&caller);
    let view = face
        .app
        .write_once(idempotency, ReopenTask { caller, moment: face.app.moment(), compiled: face.app.compiled(), id, reason: body.reason })
        .await?;
    Ok(tagged(view))
}

/// Names a reviewer for a task, or nobody.
#[utoipa::path(
    post, path = "/task/{id}/assign", tag = "task", operation_id = "assignTask", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::AssignTask, responses((status = 200, body = wire::Task), Writing),
)]
pub(crate) async fn assign(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::AssignTask>>,
) -> Result<impl IntoResponse> {
    let assignee = parse_id_opt("/assignee_id", body.assignee_id.as_deref())?;
    let idempotency = key.of(&caller);
    let view = face.app.write_once(idempotency, AssignTask { caller, moment: face.app.moment(), id, assignee }).await?;
    Ok(tagged(view))
}

/// Decides a task in place of its stages' rules, with a reason.
#[utoipa::path(
    post, path = "/task/{id}/override", tag = "task", operation_id = "overrideTask", params(("id" = String, Path), RevisionHeader, IdempotencyHeader),
    request_body = wire::OverrideTask, responses((status = 200, body = wire::Task), Conditional),
)]
pub(crate) async fn overrule(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    headers: HeaderMap,
    Once(key, Body(body)): Once<Body<wire::OverrideTask>>,
) -> Result<impl IntoResponse> {
    let revision = require_if_match(&headers)?;
    let answer = Answer { result: Some(body.result), value: None, data: body.data, feedback: None };
    let idempotency = key.of(&caller);
    let (moment, compiled) = (face.app.moment(), face.app.compiled());
    let command = OverrideTask { caller, moment, compiled, id, revision, answer, reason: body.reason };
    Ok(tagged(face.app.write_once(idempotency, command).await?))
}
