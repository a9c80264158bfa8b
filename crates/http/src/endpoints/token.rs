//! `/token`: my access tokens.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::identity::{CreateToken, ListTokens, RevokeToken};
use signoff_domain::id::TokenId;
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// My newest 500 access tokens.
#[utoipa::path(get, path = "/token", tag = "login", operation_id = "listTokens", responses((status = 200, body = Vec<wire::Token>), Reading))]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Token>>> {
    let tokens = face.app.read(ListTokens { caller }).await?;
    Ok(Json(tokens.into_iter().map(|token| people::token(token, None)).collect()))
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
    Ok(StatusCode::NO_CONTENT)
}
