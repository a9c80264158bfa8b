//! `/delegation`: who decides in another's place.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::absences::{CreateDelegation, ListDelegations, NewDelegation, RevokeDelegation};
use signoff_domain::{delegation::To, id::DelegationId};
use signoff_wire::availability as wire;

use crate::{
    Face,
    convert::to_wire,
    extract::{Body, CallerOf, IdempotencyHeader, Once, PathId, parse_id, parse_id_opt},
    problem::{Reading, Result, Writing},
    settings,
};

/// The delegations that have not ended.
#[utoipa::path(
    get, path = "/delegation", tag = "availability", operation_id = "listDelegations",
    responses((status = 200, body = Vec<wire::Delegation>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Delegation>>> {
    Ok(Json(to_wire(&face.app.read(ListDelegations { caller, now: face.app.now() }).await?)?))
}

/// Lets somebody decide in a member's place: in one's own, or for administrators in anybody's.
#[utoipa::path(
    post, path = "/delegation", tag = "availability", operation_id = "createDelegation", params(IdempotencyHeader),
    request_body = wire::CreateDelegation, responses((status = 201, body = wire::Delegation), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, Body(body)): Once<Body<wire::CreateDelegation>>,
) -> Result<impl IntoResponse> {
    let from = match parse_id_opt("/from", body.from.as_deref())? {
        Some(member) => member,
        None => caller.member()?.0,
    };
    let delegation = NewDelegation {
        from,
        to: match body.to {
            wire::DelegateTo::Member(id) => To::Member(parse_id("/to/member", &id)?),
            wire::DelegateTo::Group(key) => To::Group(key),
        },
        starts_at: body.starts_at,
        ends_at: body.ends_at,
        mode: settings::read("/mode", &body.mode)?,
        scope: settings::read("/scope", &body.scope)?,
        include_existing: body.include_existing,
        reason: body.reason,
    };
    let idempotency = key.of(&caller);
    let command = CreateDelegation { caller, moment: face.app.moment(), delegation };
    let delegation: wire::Delegation = to_wire(&face.app.write_once(idempotency, command).await?)?;
    Ok((StatusCode::CREATED, Json(delegation)))
}

/// Takes a delegation back.
#[utoipa::path(
    delete, path = "/delegation/{id}", tag = "availability", operation_id = "revokeDelegation", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn revoke(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<DelegationId>) -> Result<StatusCode> {
    face.app.write(RevokeDelegation { caller, moment: face.app.moment(), id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
