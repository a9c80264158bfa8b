//! Problems: refusals and faults as answers (RFC 9457).
//!
//! A refusal says what the caller can do. A fault says nothing but the request's id: what broke is in the log.

use std::collections::BTreeMap;

use axum::{
    Json,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use signoff_app::{Error, Fault};
use signoff_domain::{Code, Refusal, refusal::Kind};
use signoff_wire::problem::{NestedError, Problem};
use utoipa::openapi::{ContentBuilder, RefOr, ResponseBuilder, ResponsesBuilder, response::Response as Documented};

use crate::layers::RequestInfo;

/// Where the pages of the codes are.
const PAGES: &str = "https://signoff.dev/problems/";

/// An answer other than 2xx.
#[derive(Debug)]
pub(crate) enum Answer {
    Refused(Box<Refusal>),
    Fault(Fault),
}

/// What handlers answer.
pub(crate) type Result<T> = std::result::Result<T, Answer>;

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Error> for Answer {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let refusal = match self {
            Self::Refused(refusal) => *refusal,
            Self::Fault(Fault::Full) => {
                Refusal { retry_after: Some(1), ..Refusal::new(Code::Overloaded, "More is asked than can be done now.") }
            }
            Self::Fault(fault) => {
                tracing::error!(error = %fault, request_id = %RequestInfo::current_id(), "a request met a fault");
                let detail = "Something in the server is broken. It is not known whether the request took effect.";
                let refusal = Refusal { retry_after: Some(1), ..Refusal::new(Code::Fault, detail) };
                refusal.hint("Try again with the same Idempotency-Key.")
            }
        };
        respond(&refusal)
    }
}

fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::Invalid => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Method => StatusCode::METHOD_NOT_ALLOWED,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::Mismatch => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Precondition => StatusCode::PRECONDITION_REQUIRED,
        Kind::Limit => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn respond(refusal: &Refusal) -> Response {
    let status = status(refusal.code.kind());
    let code = refusal.code.as_str();
    let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for place in &refusal.places {
        errors.entry(place.pointer.clone()).or_default().push(place.message.clone());
    }
    let problem = Problem {
        kind: format!("{PAGES}{code}"),
        title: refusal.code.title().into(),
        status: status.as_u16(),
        detail: refusal.detail.clone(),
        code: code.into(),
        message: refusal.detail.clone(),
        hint: refusal.hint.clone(),
        errors,
        entity_id: refusal.entity.clone(),
        retry_after: refusal.retry_after,
        request_id: RequestInfo::current_id(),
        error: NestedError { code: code.into(), message: refusal.detail.clone() },
    };
    let mut response = (status, Json(problem)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = refusal.retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// The answer to a path that is not there.
pub(crate) async fn no_such_path(uri: Uri) -> Answer {
    Refusal::not_found("path", uri.path()).into()
}

/// The answer to a method that a path does not take.
pub(crate) async fn no_such_method(method: Method, uri: Uri) -> Answer {
    Refusal::new(Code::MethodNotAllowed, format!("{} does not take {method}.", uri.path())).into()
}

macro_rules! documented {
    ($($(#[$doc:meta])* $name:ident: $($status:literal)*;)*) => { $(
        $(#[$doc])*
        pub(crate) struct $name;

        impl utoipa::IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Documented>> {
                let mut responses = ResponsesBuilder::new();
                $(responses = responses.response($status, problem_response($status));)*
                responses.build().into()
            }
        }
    )* };
}

documented! {
    /// What any read may answer.
    Reading: "400" "401" "403" "404" "429" "503";
    /// What any change may answer.
    Writing: "400" "401" "403" "404" "409" "413" "415" "422" "429" "503";
    /// What a change that needs a precondition may answer.
    Conditional: "400" "401" "403" "404" "409" "413" "415" "422" "428" "429" "503";
}

fn problem_response(status: &str) -> Documented {
    let meaning = match status {
        "400" => "The request is not what it has to be; `errors` names the places",
        "401" => "Nobody is known by these credentials",
        "403" => "Known, but not allowed",
        "404" => "Not there, or not visible",
        "409" => "The state of things does not allow it now",
        "413" => "The body is over 1 MiB",
        "415" => "The body is not JSON",
        "422" => "The Idempotency-Key was used for another request",
        "428" => "`If-Match` has to be sent",
        "429" => "Too often; see `Retry-After`",
        _ => "Not now; try again with the same Idempotency-Key",
    };
    let content = ContentBuilder::new().schema(Some(utoipa::openapi::Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(meaning).content("application/problem+json", content).build()
}
