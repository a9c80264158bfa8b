//! `/session`: my console sessions.

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::{
    Principal,
    identity::{EndSession, ListSessions},
};
use signoff_domain::id::SessionId;
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{CallerOf, Listing, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// My sessions that are open, newest first.
#[utoipa::path(
    get, path = "/session", tag = "login", operation_id = "listSessions",
    params(("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<wire::Session>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf, listing: Listing<SessionId>) -> Result<impl IntoResponse> {
    let current = if let Principal::Member { session, .. } = caller.principal { session } else { None };
    let sessions = face.app.read(ListSessions { caller, now: face.app.now(), after: listing.after, limit: listing.limit() }).await?;
    Ok(listing.answer(sessions, |session| (session.created_at, session.id), |session| people::session(session, current)))
}

/// Ends one of my sessions.
#[utoipa::path(
    delete, path = "/session/{id}", tag = "login", operation_id = "endSession", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn end(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<SessionId>) -> Result<StatusCode> {
    face.app.write(EndSession { caller, moment: face.app.moment(), id }).await?;
    face.app.forget_identities();
    Ok(StatusCode::NO_CONTENT)
}
