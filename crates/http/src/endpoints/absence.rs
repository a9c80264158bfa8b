//! `/absence`: who is away, and what would be left without anybody.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::absences::{CreateAbsence, ListAbsences, PreviewAbsence, RevokeAbsence};
use signoff_domain::id::{AbsenceId, MemberId};
use signoff_wire::availability as wire;

use crate::{
    Face,
    convert::to_wire,
    extract::{Body, CallerOf, IdempotencyHeader, Once, Params, PathId, parse_id_opt},
    problem::{Reading, Result, Writing},
    settings,
};

/// The absences that have not ended.
#[utoipa::path(
    get, path = "/absence", tag = "availability", operation_id = "listAbsences",
    responses((status = 200, body = Vec<wire::Absence>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Absence>>> {
    Ok(Json(to_wire(&face.app.read(ListAbsences { caller, now: face.app.now() }).await?)?))
}

/// Says that a member will be away: oneself, or for administrators anybody.
#[utoipa::path(
    post, path = "/absence", tag = "availability", operation_id = "createAbsence", params(IdempotencyHeader),
    request_body = wire::CreateAbsence, responses((status = 201, body = wire::Absence), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, Body(body)): Once<Body<wire::CreateAbsence>>,
) -> Result<impl IntoResponse> {
    let member_id = match parse_id_opt("/member_id", body.member_id.as_deref())? {
        Some(member) => member,
        None => caller.member()?.0,
    };
    let command = CreateAbsence {
        moment: face.app.moment(),
        member_id,
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        open_work: settings::read("/open_work", &body.open_work)?,
        reason: body.reason,
        caller: caller.clone(),
    };
    let absence: wire::Absence = to_wire(&face.app.write_once(key.of(&caller), command).await?)?;
    Ok((StatusCode::CREATED, Json(absence)))
}

/// Takes an absence back; what was handed over stays where it is.
#[utoipa::path(
    delete, path = "/absence/{id}", tag = "availability", operation_id = "revokeAbsence", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn revoke(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<AbsenceId>) -> Result<StatusCode> {
    face.app.write(RevokeAbsence { caller, moment: face.app.moment(), id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The queues that would be without somebody between two instants, were a member absent then as well.
#[utoipa::path(
    get, path = "/absence/preview", tag = "availability", operation_id = "previewAbsence",
    params(
        ("member_id" = Option<String>, Query, description = "Who would be absent, beside those who are known to be"),
        ("from" = String, Query, format = DateTime),
        ("to" = String, Query, format = DateTime),
    ),
    responses((status = 200, body = Vec<wire::Uncovered>), Reading),
)]
pub(crate) async fn preview(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    mut params: Params,
) -> Result<Json<Vec<wire::Uncovered>>> {
    let member_id = params.parse::<MemberId>("member_id", "Must be the id of a member.");
    let (from, to) = (params.time("from"), params.time("to"));
    for (name, _) in [("from", from), ("to", to)].into_iter().filter(|(_, given)| given.is_none()) {
        params.refuse(name, "Must be an instant in RFC 3339, such as 2026-11-24T09:00:00Z.");
    }
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        params.refuse("to", "Must be after from.");
    }
    params.finish()?;
    // Neither is missing: that would have been refused.
    let (from, to) = (from.unwrap_or_default(), to.unwrap_or_default());
    let query = PreviewAbsence { caller, now: face.app.now(), member_id, from, to };
    Ok(Json(to_wire(&face.app.read(query).await?)?))
}
