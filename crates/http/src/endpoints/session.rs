//! `/session`: my console sessions.

use axum::{Json, extract::State, http::StatusCode};
use signoff_app::{
    Principal,
    identity::{EndSession, ListSessions},
};
use signoff_domain::id::SessionId;
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{CallerOf, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// My sessions that are open.
#[utoipa::path(get, path = "/session", tag = "login", operation_id = "listSessions", responses((status = 200, body = Vec<wire::Session>), Reading))]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Session>>> {
    let current = if let Principal::Member { session, .. } = caller.principal { session } else { None };
    let sessions = face.app.read(ListSessions { caller, now: face.app.now() }).await?;
    Ok(Json(sessions.into_iter().map(|session| people::session(session, current)).collect()))
}

/// Ends one of my sessions.
#[utoipa::path(
    delete, path = "/session/{id}", tag = "login", operation_id = "endSession", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn end(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<SessionId>) -> Result<StatusCode> {
    face.app.write(EndSession { caller, moment: face.app.moment(), id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
