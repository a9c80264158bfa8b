//! Headers with a meaning: `Idempotency-Key`, `If-Match`.

use axum::{
    extract::{FromRequest, Request},
    http::HeaderMap,
};
use sha2::{Digest, Sha256};
use signoff_app::{Caller, Idempotency, Slot};
use signoff_domain::{Code, Refusal, text::Limit};

use super::body::{Raw, collect};
use crate::problem::Answer;

/// `Idempotency-Key`, as the description of the API tells of it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its shape is told")]
pub(crate) struct IdempotencyHeader {
    /// Any text, in quotes or without. The same key and request get the same answer for 24 hours.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 257, pattern = r#"^"?[!#-~]([ !#-~]{0,253}[!#-~])?"?$"#)]
    key: Option<String>,
}

/// `If-Match`, as the description of the API tells of it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its shape is told")]
pub(crate) struct RevisionHeader {
    /// The task's revision that was looked at, such as "1".
    #[param(rename = "If-Match", pattern = r#"^(W/)?"?[0-9]{1,18}"?$"#)]
    revision: String,
}

/// The `Idempotency-Key` of a request and the request's fingerprint, and the request itself for the body that follows.
pub(crate) struct IdempotencyKey {
    key: Option<(String, [u8; 32])>,
}

impl IdempotencyKey {
    /// What the application is told.
    pub(crate) fn of(self, caller: &Caller) -> Option<Idempotency> {
        self.key.map(|(key, fingerprint)| Idempotency {
            slot: Slot { organization_id: caller.organization_id, principal: caller.principal_id(), key },
            fingerprint,
        })
    }
}

impl IdempotencyKey {
    /// Takes the key from a request; the body is read for it and put back.
    pub(crate) async fn take(mut request: Request) -> Result<(Self, Request), Answer> {
        let Some(value) = request.headers().get("idempotency-key") else { return Ok((Self { key: None }, request)) };
        // A structured field string is quoted (draft-ietf-httpapi-idempotency-key-header); most clients send it bare.
        let key = value.to_str().unwrap_or_default().trim().trim_matches('"').to_owned();
        if let Some(problem) = Limit::line(1, 255).problem(&key) {
            return Err(Refusal::invalid("Idempotency-Key", problem).into());
        }
        if key.contains('"') {
            return Err(Refusal::invalid("Idempotency-Key", "Must not hold quotes, but may be held by them.").into());
        }
        let (parts, body) = request.into_parts();
        let bytes = collect(body).await?;
        let fingerprint = Sha256::new()
            .chain_update(parts.method.as_str())
            .chain_update([0])
            .chain_update(parts.uri.path())
            .chain_update([0])
            .chain_update(parts.headers.get("if-match").map_or(&[][..], |value| value.as_bytes()))
            .chain_update([0])
            .chain_update(&bytes)
            .finalize();
        request = Request::from_parts(parts, axum::body::Body::empty());
        request.extensions_mut().insert(Raw(bytes));
        Ok((Self { key: Some((key, fingerprint.into())) }, request))
    }
}

/// A body with the idempotency key of its request.
pub(crate) struct Once<T>(pub(crate) IdempotencyKey, pub(crate) T);

impl<T: FromRequest<S>, S: Send + Sync> FromRequest<S> for Once<T>
where
    Answer: From<T::Rejection>,
{
    type Rejection = Answer;

    async fn from_request(request: Request, state: &S) -> Result<Self, Answer> {
        let (key, request) = IdempotencyKey::take(request).await?;
        Ok(Self(key, T::from_request(request, state).await?))
    }
}

/// The revision or version that `If-Match` names, if it is sent.
///
/// # Errors
/// [`Code::ValidationError`] when it is not a number.
pub(crate) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
    let Some(value) = headers.get("if-match") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim().trim_start_matches("W/").trim_matches('"');
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|digit| digit.is_ascii_digit());
    match text.parse() {
        Ok(revision) if digits => Ok(Some(revision)),
        _ => Err(Refusal::invalid("If-Match", "Must be the number that was looked at, such as \"1\".")),
    }
}

/// The revision that `If-Match` names.
///
/// # Errors
/// [`Code::RevisionRequired`] when it is not sent, [`Code::ValidationError`] when it is not a revision.
pub(crate) fn require_if_match(headers: &HeaderMap) -> Result<i64, Refusal> {
    if_match(headers)?.ok_or_else(|| {
        Refusal::at(Code::RevisionRequired, "If-Match", "Send the revision that was looked at as If-Match.")
            .hint("It is the task's `revision`, and its ETag.")
    })
}
