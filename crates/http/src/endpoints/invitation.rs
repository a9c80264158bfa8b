//! `/invitation`: how people become members.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::IntoResponse,
};
use signoff_app::identity::{CreateInvitation, ListInvitations, RevokeInvitation};
use signoff_domain::id::InvitationId;
use signoff_wire::people as wire;

use super::login::{answer, origin};
use crate::{
    Face,
    extract::{Body, CallerOf, Listing, PathId, check_origin},
    present::people,
    problem::{Reading, Result, Writing},
};

/// Invitations that were not taken back, newest first.
#[utoipa::path(
    get, path = "/invitation", tag = "member", operation_id = "listInvitations",
    params(("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<wire::Invitation>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    listing: Listing<InvitationId>,
) -> Result<impl IntoResponse> {
    let invitations = face.app.read(ListInvitations { caller, after: listing.after, limit: listing.limit() }).await?;
    Ok(listing.answer(invitations, |invitation| (invitation.created_at, invitation.id), |invitation| people::invitation(invitation, None)))
}

/// Invites somebody. The link is shown in this answer and never again, so an Idempotency-Key has no effect here.
#[utoipa::path(
    post, path = "/invitation", tag = "member", operation_id = "createInvitation",
    request_body = wire::CreateInvitation, responses((status = 201, body = wire::Invitation), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::CreateInvitation>,
) -> Result<impl IntoResponse> {
    let secret = face.app.secret();
    let link = face.settings.invitation_link(&secret);
    let role = people::read_role(body.role);
    let invitation = face.app.write(CreateInvitation { caller, moment: face.app.moment(), email: body.email, role, secret }).await?;
    Ok((StatusCode::CREATED, Json(people::invitation(invitation, Some(link)))))
}

/// Takes an invitation back.
#[utoipa::path(
    delete, path = "/invitation/{id}", tag = "member", operation_id = "revokeInvitation", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn revoke(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<InvitationId>) -> Result<StatusCode> {
    face.app.write(RevokeInvitation { caller, moment: face.app.moment(), id }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts an invitation: makes the member and sets the session cookie.
#[utoipa::path(
    post, path = "/invitation/accept", tag = "member", operation_id = "acceptInvitation", security(()),
    request_body = wire::AcceptInvitation, responses((status = 200, body = wire::Me, headers(("Set-Cookie" = String))), Writing),
)]
pub(crate) async fn accept(
    State(face): State<Face>,
    headers: HeaderMap,
    Body(body): Body<wire::AcceptInvitation>,
) -> Result<impl IntoResponse> {
    check_origin(&Method::POST, &headers, &face.settings.public_url)?;
    let secret = face.app.secret();
    let opened = face.app.accept_invitation(&body.token, body.name, body.password, &secret, origin(&face, &headers)).await?;
    answer(&face, opened, &secret).await
}
