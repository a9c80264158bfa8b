//! `/queue`: kinds of decision.

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use signoff_app::queues::{ChangeQueue, CreateQueue, DeleteQueue, GetQueue, ListQueues, QueueView};
use signoff_domain::queue::QueueConfig;
use signoff_wire::queue as wire;

use super::queue_parts;
use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, if_match},
    present,
    problem::{Reading, Result, Writing},
};

/// A queue with its version as the entity tag.
fn tagged(view: QueueView) -> (HeaderMap, Json<wire::Queue>) {
    (present::tag(view.queue.version), Json(present::queue_view(view)))
}

/// All queues, by key.
#[utoipa::path(get, path = "/queue", tag = "queue", operation_id = "listQueues", responses((status = 200, body = Vec<wire::Queue>), Reading))]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Queue>>> {
    let views = face.app.read(ListQueues { caller }).await?;
    Ok(Json(views.into_iter().map(present::queue_view).collect()))
}

/// Makes a queue.
#[utoipa::path(
    post, path = "/queue", tag = "queue", operation_id = "createQueue", params(IdempotencyHeader),
    request_body = wire::CreateQueue, responses((status = 201, body = wire::Queue), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, Body(body)): Once<Body<wire::CreateQueue>>,
) -> Result<impl IntoResponse> {
    let (queue_key, review_type, parts) = body.into_parts();
    let default = QueueConfig::of_type("", queue_parts::review_type(review_type));
    let config = queue_parts::change(&default, parts)?;
    let idempotency = key.of(&caller);
    let view = face.app.write_once(idempotency, CreateQueue { caller, moment: face.app.moment(), key: queue_key, config }).await?;
    Ok((StatusCode::CREATED, tagged(view)))
}

/// A queue, by key or id.
#[utoipa::path(
    get, path = "/queue/{key}", tag = "queue", operation_id = "getQueue", params(("key" = String, Path, description = "Key or id")),
    responses((status = 200, body = wire::Queue), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key_or_id): Path<String>) -> Result<impl IntoResponse> {
    let view = face.app.read(GetQueue { caller, key_or_id }).await?;
    Ok(tagged(view))
}

/// Changes a queue: a new version. Tasks that are there keep theirs.
#[utoipa::path(
    patch, path = "/queue/{key}", tag = "queue", operation_id = "changeQueue",
    params(("key" = String, Path, description = "Key or id"), ("If-Match" = Option<String>, Header, pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#, description = "The version to be changed")),
    request_body = wire::ChangeQueue, responses((status = 200, body = wire::Queue), Writing),
)]
pub(crate) async fn change(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key_or_id): Path<String>,
    headers: HeaderMap,
    Body(body): Body<wire::ChangeQueue>,
) -> Result<impl IntoResponse> {
    let if_version = if_match(&headers)?;
    let edit = Box::new(move |config: &QueueConfig| queue_parts::change(config, body.clone()));
    let view = face.app.write(ChangeQueue { caller, moment: face.app.moment(), key_or_id, if_version, edit }).await?;
    Ok(tagged(view))
}

/// Deletes a queue softly: open tasks are still decided, new ones are refused.
#[utoipa::path(
    delete, path = "/queue/{key}", tag = "queue", operation_id = "deleteQueue", params(("key" = String, Path, description = "Key or id")),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn delete(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key_or_id): Path<String>) -> Result<StatusCode> {
    face.app.write(DeleteQueue { caller, moment: face.app.moment(), key_or_id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
