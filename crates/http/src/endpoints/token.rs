//! `/token`: my access tokens.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::identity::{CreateToken, ListTokens, RevokeToken};
use signoff_domain::id::TokenId;
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, Listing, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// My access tokens, newest first.
#[utoipa::path(
    get, path = "/token", tag = "login", operation_id = "listTokens",
    params(("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<wire::Token>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf, listing: Listing<TokenId>) -> Result<impl IntoResponse> {
    let tokens = face.app.read(ListTokens { caller, after: listing.after, limit: listing.limit() }).await?;
    Ok(listing.answer(tokens, |token| (token.created_at, token.id), |token| people::token(token, None)))
}

/// Makes an access token. It is shown in this answer and never again, so an Idempotency-Key has no effect here.
#[utoipa::path(
    post, path = "/token", tag = "login", operation_id = "createToken",
    request_body = wire::CreateToken, responses((status = 201, body = wire::Token), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::CreateToken>,
) -> Result<impl IntoResponse> {
    let command = CreateToken {
        caller,
        member: None,
        moment: face.app.moment(),
        name: body.name,
        expires_in_days: body.expires_in_days,
        random: face.app.random(),
    };
    let (token, secret) = face.app.write(command).await?;
    Ok((StatusCode::CREATED, Json(people::token(token, Some(secret)))))
}

/// Ends one of my access tokens.
#[utoipa::path(
    delete, path = "/token/{id}", tag = "login", operation_id = "revokeToken", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn revoke(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<TokenId>) -> Result<StatusCode> {
    face.app.write(RevokeToken { caller, moment: face.app.moment(), id }).await?;
    face.app.forget_identities();
    Ok(StatusCode::NO_CONTENT)
}
