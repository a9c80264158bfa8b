//! `/member` and `/organization`: who belongs here.

use axum::{Json, extract::State, response::IntoResponse};
use signoff_app::identity::{ChangeMember, GetMember, GetOrganization, ListMembers};
use signoff_domain::{id::MemberId, member::MemberChange};
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, Listing, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// Members, oldest first.
#[utoipa::path(
    get, path = "/member", tag = "member", operation_id = "listMembers",
    params(("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<wire::Member>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf, listing: Listing<MemberId>) -> Result<impl IntoResponse> {
    let members = face.app.read(ListMembers { caller, after: listing.after, limit: listing.limit() }).await?;
    Ok(listing.answer(members, |member| (member.created_at, member.id), people::member))
}

/// A member.
#[utoipa::path(
    get, path = "/member/{id}", tag = "member", operation_id = "getMember", params(("id" = String, Path)),
    responses((status = 200, body = wire::Member), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<MemberId>) -> Result<Json<wire::Member>> {
    Ok(Json(people::member(face.app.read(GetMember { caller, id }).await?)))
}

/// Changes a member's name, role or state. Who is disabled is logged out at once.
#[utoipa::path(
    patch, path = "/member/{id}", tag = "member", operation_id = "changeMember", params(("id" = String, Path)),
    request_body = wire::ChangeMember, responses((status = 200, body = wire::Member), Writing),
)]
pub(crate) async fn change(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<MemberId>,
    Body(body): Body<wire::ChangeMember>,
) -> Result<Json<wire::Member>> {
    let change = MemberChange { name: body.name, role: body.role.map(people::read_role), state: body.state.map(people::read_state) };
    let member = face.app.write(ChangeMember { caller, moment: face.app.moment(), id, change }).await?;
    face.app.forget_identities();
    Ok(Json(people::member(member)))
}

/// The organization.
#[utoipa::path(
    get, path = "/organization", tag = "organization", operation_id = "getOrganization",
    responses((status = 200, body = wire::Organization), Reading),
)]
pub(crate) async fn organization(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<wire::Organization>> {
    Ok(Json(people::organization(face.app.read(GetOrganization { caller }).await?)))
}
