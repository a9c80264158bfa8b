//! `/schedule`: who is on call when.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use signoff_app::resources::{DeleteResource, GetOnCall, GetResource, ListResources, PutResource};
use signoff_domain::schedule::Schedule;
use signoff_wire::resource as wire;

use super::calendar::status;
use crate::{
    Face,
    extract::{Body, CallerOf, Params},
    present::operations,
    problem::{Reading, Result, Writing},
    settings,
};

/// All on-call schedules, by key.
#[utoipa::path(
    get, path = "/schedule", tag = "resource", operation_id = "listSchedules",
    responses((status = 200, body = Vec<wire::Schedule>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Schedule>>> {
    let all = face.app.read(ListResources::<Schedule>::new(caller)).await?;
    Ok(Json(all.iter().map(operations::named).collect::<Result<_>>()?))
}

/// An on-call schedule.
#[utoipa::path(
    get, path = "/schedule/{key}", tag = "resource", operation_id = "getSchedule", params(("key" = String, Path)),
    responses((status = 200, body = wire::Schedule), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<Json<wire::Schedule>> {
    Ok(Json(operations::named(&face.app.read(GetResource::<Schedule>::new(caller, key)).await?)?))
}

/// Makes or changes an on-call schedule.
#[utoipa::path(
    put, path = "/schedule/{key}", tag = "resource", operation_id = "putSchedule", params(("key" = String, Path)),
    request_body = wire::ScheduleDefinition,
    responses((status = 200, body = wire::Schedule), (status = 201, description = "Made", body = wire::Schedule), Writing),
)]
pub(crate) async fn put(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key): Path<String>,
    Body(body): Body<wire::ScheduleDefinition>,
) -> Result<impl IntoResponse> {
    let definition: Schedule = settings::read("", &body)?;
    let (found, put) = face.app.write(PutResource { caller, moment: face.app.moment(), key, definition }).await?;
    Ok((status(put), Json(operations::named::<_, wire::Schedule>(&found)?)))
}

/// Takes an on-call schedule away, unless a queue names it.
#[utoipa::path(
    delete, path = "/schedule/{key}", tag = "resource", operation_id = "deleteSchedule", params(("key" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn delete(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<StatusCode> {
    face.app.write(DeleteResource::<Schedule>::new(caller, face.app.moment(), key)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is on call at an instant, and the shifts of the week from then on.
#[utoipa::path(
    get, path = "/schedule/{key}/on-call", tag = "resource", operation_id = "getOnCall",
    params(("key" = String, Path), ("at" = Option<String>, Query, format = DateTime, description = "Now when left out")),
    responses((status = 200, body = wire::OnCall), Reading),
)]
pub(crate) async fn on_call(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key): Path<String>,
    mut params: Params,
) -> Result<Json<wire::OnCall>> {
    let at = params.time("at");
    params.finish()?;
    Ok(Json(operations::on_duty(face.app.read(GetOnCall { caller, now: face.app.now(), key, at }).await?)?))
}
