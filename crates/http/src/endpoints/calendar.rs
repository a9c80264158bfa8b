//! `/calendar`: when work is done.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use signoff_app::resources::{DeleteResource, GetResource, ImportHolidays, ListResources, Put, PutResource};
use signoff_domain::calendar::Calendar;
use signoff_wire::resource as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once},
    present::operations,
    problem::{Reading, Result, Writing},
    settings,
};

/// All calendars, by key.
#[utoipa::path(
    get, path = "/calendar", tag = "resource", operation_id = "listCalendars",
    responses((status = 200, body = Vec<wire::Calendar>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Calendar>>> {
    let all = face.app.read(ListResources::<Calendar>::new(caller)).await?;
    Ok(Json(all.iter().map(operations::named).collect::<Result<_>>()?))
}

/// A calendar.
#[utoipa::path(
    get, path = "/calendar/{key}", tag = "resource", operation_id = "getCalendar", params(("key" = String, Path)),
    responses((status = 200, body = wire::Calendar), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<Json<wire::Calendar>> {
    Ok(Json(operations::named(&face.app.read(GetResource::<Calendar>::new(caller, key)).await?)?))
}

/// Makes or changes a calendar. What was computed with it before stays; what starts from now on is computed anew.
#[utoipa::path(
    put, path = "/calendar/{key}", tag = "resource", operation_id = "putCalendar", params(("key" = String, Path)),
    request_body = wire::CalendarDefinition,
    responses((status = 200, body = wire::Calendar), (status = 201, description = "Made", body = wire::Calendar), Writing),
)]
pub(crate) async fn put(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key): Path<String>,
    Body(body): Body<wire::CalendarDefinition>,
) -> Result<impl IntoResponse> {
    let definition: Calendar = settings::read("", &body)?;
    let (found, put) = face.app.write(PutResource { caller, moment: face.app.moment(), key, definition }).await?;
    Ok((status(put), Json(operations::named::<_, wire::Calendar>(&found)?)))
}

/// The status of an answer to putting something.
pub(super) fn status(put: Put) -> StatusCode {
    if put == Put::Created { StatusCode::CREATED } else { StatusCode::OK }
}

/// Takes a calendar away, unless a queue or member names it.
#[utoipa::path(
    delete, path = "/calendar/{key}", tag = "resource", operation_id = "deleteCalendar", params(("key" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn delete(State(face): State<Face>, CallerOf(caller): CallerOf, Path(key): Path<String>) -> Result<StatusCode> {
    face.app.write(DeleteResource::<Calendar>::new(caller, face.app.moment(), key)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Closes the days of an iCalendar file's all-day events. A date that has an exception already keeps it.
#[utoipa::path(
    post, path = "/calendar/{key}/import", tag = "resource", operation_id = "importCalendar",
    params(("key" = String, Path), IdempotencyHeader), request_body = wire::ImportHolidays,
    responses((status = 200, body = wire::ImportedHolidays), Writing),
)]
pub(crate) async fn import(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(key): Path<String>,
    Once(once, Body(body)): Once<Body<wire::ImportHolidays>>,
) -> Result<Json<wire::ImportedHolidays>> {
    let idempotency = once.of(&caller);
    let command = ImportHolidays { caller, moment: face.app.moment(), key, ical: body.ical, years: body.years };
    Ok(Json(operations::imported(&face.app.write_once(idempotency, command).await?)?))
}
