//! `/group`: members that queues, stages and escalations name together.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use signoff_app::resources::{DeleteResource, GetResource, ListResources, PutResource};
use signoff_domain::group::Group;
use signoff_wire::resource as wire;

use super::calendar::status;
use crate::{
    Face,
    extract::{Body, CallerOf, parse_id},
    present::operations,
    problem::{Reading, Result, Writing},
};

/// All groups, by key.
#[utoipa::path(
    get, path = "/group", tag = "resource", operation_id = "listGroups", responses((status = 200, body = Vec<wire::Group>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Group>>> {
    let all = face.app.read(ListResources::<Group>::new(caller)).await?;
    Ok(Json(all.iter().map(operations::named).collect::<Result<_>>()?))
}

/// A group.
#[utoipa::path(
    get, path = "/group/{key}", tag = "resource", operation_id = "getGroup", params(("key" = String, Path)),
    responses((status = 200, body = wire::Group), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<Json<wire::Group>> {
    Ok(Json(operations::named(&face.app.read(GetResource::<Group>::new(caller, key)).await?)?))
}

/// Makes or changes a group. It counts at once, also for tasks that wait already.
#[utoipa::path(
    put, path = "/group/{key}", tag = "resource", operation_id = "putGroup", params(("key" = String, Path)),
    request_body = wire::GroupDefinition,
    responses((status = 200, body = wire::Group), (status = 201, description = "Made", body = wire::Group), Writing),
)]
pub(crate) async fn put(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key): Path<String>,
    Body(body): Body<wire::GroupDefinition>,
) -> Result<impl IntoResponse> {
    let read = |(i, id): (usize, &String)| parse_id(&format!("/member_ids/{i}"), id);
    let member_ids = body.member_ids.iter().enumerate().map(read).collect::<std::result::Result<_, _>>()?;
    let definition = Group { name: body.name, member_ids };
    let (found, put) = face.app.write(PutResource { caller, moment: face.app.moment(), key, definition }).await?;
    Ok((status(put), Json(operations::named::<_, wire::Group>(&found)?)))
}

/// Takes a group away, unless a queue or delegation names it.
#[utoipa::path(
    delete, path = "/group/{key}", tag = "resource", operation_id = "deleteGroup", params(("key" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn delete(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<StatusCode> {
    face.app.write(DeleteResource::<Group>::new(caller, face.app.moment(), key)).await?;
    Ok(StatusCode::NO_CONTENT)
}
