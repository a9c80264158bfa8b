//! `/member/{id}/availability`, `/me/presence`: how available members are as reviewers.

use axum::{Json, extract::State};
use signoff_app::availability::{AvailabilityChange, ChangeAvailability, GetAvailability};
use signoff_domain::{capacity::Presence, id::MemberId, skill::Skill};
use signoff_wire::availability as wire;

use crate::{
    Face,
    convert::to_wire,
    extract::{Body, CallerOf, PathId},
    problem::{Reading, Result, Writing},
    settings,
};

/// How available a member is.
#[utoipa::path(
    get, path = "/member/{id}/availability", tag = "availability", operation_id = "getAvailability", params(("id" = String, Path)),
    responses((status = 200, body = wire::Availability), Reading),
)]
pub(crate) async fn get(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<MemberId>,
) -> Result<Json<wire::Availability>> {
    Ok(Json(to_wire(&face.app.read(GetAvailability { caller, id }).await?)?))
}

/// Changes how available a member is; what is left out stays. Whether they are there members may say themselves.
#[utoipa::path(
    patch, path = "/member/{id}/availability", tag = "availability", operation_id = "changeAvailability", params(("id" = String, Path)),
    request_body = wire::ChangeAvailability, responses((status = 200, body = wire::Availability), Writing),
)]
pub(crate) async fn change(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<MemberId>,
    Body(body): Body<wire::ChangeAvailability>,
) -> Result<Json<wire::Availability>> {
    let capacity = body.capacity.unwrap_or_default();
    let presence: Option<Presence> = settings::read("/presence", &body.presence)?;
    let skills: Option<Vec<Skill>> = settings::read("/skills", &body.skills)?;
    let change = AvailabilityChange {
        presence,
        units: capacity.units,
        max_per_day: capacity.max_per_day,
        calendar: body.calendar,
        skills,
        accuracy: body.accuracy,
        person: body.person,
    };
    Ok(Json(to_wire(&face.app.write(ChangeAvailability { caller, moment: face.app.moment(), id, change }).await?)?))
}

/// Says whether I am there.
#[utoipa::path(
    put, path = "/me/presence", tag = "availability", operation_id = "setPresence",
    request_body = wire::SetPresence, responses((status = 200, body = wire::Availability), Writing),
)]
pub(crate) async fn presence(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::SetPresence>,
) -> Result<Json<wire::Availability>> {
    let (id, _) = caller.member()?;
    let change = AvailabilityChange { presence: Some(settings::read("/presence", &body.presence)?), ..AvailabilityChange::default() };
    Ok(Json(to_wire(&face.app.write(ChangeAvailability { caller, moment: face.app.moment(), id, change }).await?)?))
}
