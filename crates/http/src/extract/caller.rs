//! Who asks: an API key or access token in `Authorization`, or the console's session cookie.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header, request::Parts},
};
use signoff_app::Caller;
use signoff_domain::{Code, Refusal, event::Channel};

use crate::{Face, problem::Answer};

/// The name of the session cookie over HTTPS; over plain HTTP, on one's own machine, it has no prefix.
const SESSION: &str = "__Host-signoff";
const SESSION_PLAIN: &str = "signoff";
const CSRF: &str = "x-signoff-csrf";

/// The session cookie, read and written.
pub(crate) struct SessionCookie;

impl SessionCookie {
    fn name(https: bool) -> &'static str {
        if https { SESSION } else { SESSION_PLAIN }
    }

    /// The secret in the request's cookie.
    pub(crate) fn read(headers: &HeaderMap, https: bool) -> Option<String> {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        let mut values = pairs.filter_map(|pair| pair.trim().split_once('=')).filter(|(name, _)| *name == Self::name(https));
        values.next().map(|(_, value)| value.to_owned())
    }

    /// The header that sets it, for so many seconds.
    pub(crate) fn set(secret: &str, https: bool, seconds: i64) -> String {
        let secure = if https { "; Secure" } else { "" };
        format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", Self::name(https))
    }

    /// The header that takes it away.
    pub(crate) fn clear(https: bool) -> String {
        Self::set("", https, 0)
    }
}

impl FromRequestParts<Face> for CallerOf {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, face: &Face) -> Result<Self, Answer> {
        let https = face.settings.is_https();
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let bearer = value.to_str().ok().and_then(|value| value.split_once(' '));
            let Some((_, secret)) = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
                return Err(unauthenticated().into());
            };
            return Ok(Self(face.app.authenticate(secret.trim(), Channel::Api).await?));
        }
        let secret = SessionCookie::read(&parts.headers, https).ok_or_else(unauthenticated)?;
        check_same_site(&parts.method, &parts.headers, &face.settings.public_url)?;
        Ok(Self(face.app.authenticate_session(&secret).await?))
    }
}

/// The caller of a request.
pub(crate) struct CallerOf(pub(crate) Caller);

fn unauthenticated() -> Refusal {
    Refusal::new(Code::AuthenticationError, "Credentials are missing or not known.").hint("Send `Authorization: Bearer <key>`.")
}

/// A browser sends the cookie along with requests that another site made: changes need proof that this one did.
fn check_same_site(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Refusal> {
    check_origin(method, headers, public_url)?;
    let marked = headers.get(CSRF).is_some_and(|value| value == "1");
    if marked || is_safe(method) { Ok(()) } else { Err(cross_site()) }
}

/// Refuses what a page of another site sends. A program, which sends neither header, has no cookie of anybody's to misuse.
///
/// # Errors
/// [`Code::CrossSiteRequest`].
pub(crate) fn check_origin(method: &Method, headers: &HeaderMap, public_url: &str) -> Result<(), Refusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let same_site = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => origin == public_url || is_this_host(origin, text("host")),
        (None, None) => true,
    };
    if same_site || is_safe(method) { Ok(()) } else { Err(cross_site()) }
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn cross_site() -> Refusal {
    Refusal::new(Code::CrossSiteRequest, "The request did not come from the console.")
        .hint("Programs use an access token instead of the cookie.")
}

fn is_this_host(origin: &str, host: Option<&str>) -> bool {
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    authority.is_some() && authority == host
}
