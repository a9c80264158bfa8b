//! `/login`, `/login/link`, `/logout`: console sessions.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Method, StatusCode, header},
    response::IntoResponse,
};
use signoff_app::{
    Principal,
    identity::{EndSession, GetMe, OpenedSession, Origin, UseLoginLink},
};
use signoff_domain::event::Channel;
use signoff_wire::people as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, SessionCookie, check_origin},
    present::people,
    problem::{Result, Writing},
};

/// Logs in by password: sets the session cookie.
#[utoipa::path(
    post, path = "/login", tag = "login", operation_id = "login", security(()),
    request_body = wire::Login, responses((status = 200, body = wire::Me, headers(("Set-Cookie" = String))), Writing),
)]
pub(crate) async fn login(State(face): State<Face>, headers: HeaderMap, Body(body): Body<wire::Login>) -> Result<impl IntoResponse> {
    check_origin(&Method::POST, &headers, &face.settings.public_url)?;
    let secret = face.app.secret();
    let opened = face.app.login(&body.email, body.password, &secret, origin(&face, &headers)).await?;
    answer(&face, opened, &secret).await
}

/// Logs in by a link that works once: sets the session cookie.
#[utoipa::path(
    post, path = "/login/link", tag = "login", operation_id = "loginByLink", security(()),
    request_body = wire::UseLink, responses((status = 200, body = wire::Me, headers(("Set-Cookie" = String))), Writing),
)]
pub(crate) async fn link(State(face): State<Face>, headers: HeaderMap, Body(body): Body<wire::UseLink>) -> Result<impl IntoResponse> {
    check_origin(&Method::POST, &headers, &face.settings.public_url)?;
    let secret = face.app.secret();
    let command = UseLoginLink { token: body.token, secret: secret.clone(), origin: origin(&face, &headers), moment: face.app.moment() };
    let opened = face.app.write(command).await?;
    answer(&face, opened, &secret).await
}

/// Ends the session that asks.
#[utoipa::path(post, path = "/logout", tag = "login", operation_id = "logout", responses((status = 204, description = "Done"), Writing))]
pub(crate) async fn logout(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<impl IntoResponse> {
    if let Principal::Member { session: Some(id), .. } = caller.principal {
        face.app.write(EndSession { caller, moment: face.app.moment(), id }).await?;
        face.app.forget_identities();
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, SessionCookie::clear(face.settings.is_https()))]))
}

/// Who has logged in, with the cookie.
pub(super) async fn answer(face: &Face, opened: OpenedSession, secret: &str) -> Result<impl IntoResponse + use<>> {
    debug_assert_eq!(opened.caller.channel, Channel::Console);
    let seconds = opened.session.expires_at.duration_since(opened.session.created_at).as_secs();
    let cookie = SessionCookie::set(secret, face.settings.is_https(), seconds);
    let me = face.app.read(GetMe { caller: opened.caller }).await?;
    Ok(([(header::SET_COOKIE, cookie)], Json(people::me(me))))
}

/// Where a request comes from, as far as that is known.
pub(super) fn origin(face: &Face, headers: &HeaderMap) -> Origin {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(|text| text.trim().to_owned());
    let forwarded = text("x-forwarded-for").filter(|_| face.settings.trust_proxy);
    let address = forwarded.and_then(|list| Some(list.rsplit(',').next()?.trim().chars().take(64).collect()));
    Origin { user_agent: text("user-agent"), address }
}
