//! `/key`: agents' keys.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::identity::{CreateKey, ListKeys, RevokeKey};
use signoff_domain::{credential::CredentialKind, id::KeyId, permission::Scope};
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, Listing, PathId},
    present::people,
    problem::{Reading, Result, Writing},
};

/// Keys, newest first.
#[utoipa::path(
    get, path = "/key", tag = "key", operation_id = "listKeys",
    params(("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = Vec<wire::Key>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf, listing: Listing<KeyId>) -> Result<impl IntoResponse> {
    let keys = face.app.read(ListKeys { caller, after: listing.after, limit: listing.limit() }).await?;
    Ok(listing.answer(keys, |key| (key.created_at, key.id), |key| people::key(key, None)))
}

/// Makes a key. It is shown in this answer and never again, so an Idempotency-Key has no effect here.
#[utoipa::path(
    post, path = "/key", tag = "key", operation_id = "createKey",
    request_body = wire::CreateKey, responses((status = 201, body = wire::Key), Writing),
)]
pub(crate) async fn create(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::CreateKey>,
) -> Result<impl IntoResponse> {
    let command = CreateKey {
        caller,
        moment: face.app.moment(),
        name: body.name,
        scopes: body.scopes.map_or(Scope::DEFAULT.to_vec(), |scopes| scopes.into_iter().map(people::read_scope).collect()),
        queue_keys: body.queue_keys,
        kind: match body.mode.unwrap_or_default() {
            wire::KeyMode::Live => CredentialKind::LiveKey,
            wire::KeyMode::Test => CredentialKind::TestKey,
        },
        expires_in_days: body.expires_in_days,
        random: face.app.random(),
    };
    let (key, secret) = face.app.write(command).await?;
    Ok((StatusCode::CREATED, Json(people::key(key, Some(secret)))))
}

/// Ends a key, within a second on every replica.
#[utoipa::path(
    delete, path = "/key/{id}", tag = "key", operation_id = "revokeKey", params(("id" = String, Path)),
    responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn revoke(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<KeyId>) -> Result<StatusCode> {
    face.app.write(RevokeKey { caller, moment: face.app.moment(), id }).await?;
    face.app.forget_identities();
    Ok(StatusCode::NO_CONTENT)
}
