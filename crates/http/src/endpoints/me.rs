//! `/me`: who is asking.

use axum::{Json, extract::State};
use signoff_app::identity::{GetMe, SelfChange};
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf},
    present::people,
    problem::{Reading, Result, Writing},
};

/// Who is asking, and what they may do.
#[utoipa::path(get, path = "/me", tag = "member", operation_id = "getMe", responses((status = 200, body = wire::Me), Reading))]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<wire::Me>> {
    Ok(Json(people::me(face.app.read(GetMe { caller }).await?)))
}

/// Changes one's name, address or password. Another password ends all other sessions.
#[utoipa::path(
    patch, path = "/me", tag = "member", operation_id = "changeMe",
    request_body = wire::ChangeMe, responses((status = 200, body = wire::Me), Writing),
)]
pub(crate) async fn change(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::ChangeMe>,
) -> Result<Json<wire::Me>> {
    let change = SelfChange { name: body.name, email: body.email, password: body.password, current_password: body.current_password };
    face.app.change_me(&caller, change).await?;
    face.app.forget_identities();
    Ok(Json(people::me(face.app.read(GetMe { caller }).await?)))
}
