//! What stands around every route: request ids, counting and logging, headers, panics, and the refusal of parameters that nobody takes.

use std::{any::Any, collections::HashSet, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use signoff_app::Fault;
use signoff_domain::{Moment, id::RequestId};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate, predicate::NotForContentType},
};

use crate::{Face, extract::Params, openapi, problem::Answer};

tokio::task_local! {
    static REQUEST: RequestInfo;
}

/// The request that is being answered.
#[derive(Debug, Clone)]
pub(crate) struct RequestInfo {
    id: String,
}

impl RequestInfo {
    /// The id of the request that is being answered; empty outside one.
    pub(crate) fn current_id() -> String {
        REQUEST.try_with(|request| request.id.clone()).unwrap_or_default()
    }
}

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Puts the layers around all routes.
pub(crate) fn around(routes: Router<Face>, face: &Face) -> Router<Face> {
    // What streams must not wait in a compressor.
    let compress = DefaultPredicate::new()
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/x-ndjson"));
    routes
        .layer(middleware::from_fn_with_state(Arc::new(openapi::without_parameters()), refuse_parameters))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(CompressionLayer::new().compress_when(compress))
        .layer(middleware::from_fn_with_state(face.clone(), observe))
}

/// Refuses the parameters of an operation that takes none: no handler reads them, so none would notice. Operations that take some refuse the others themselves.
async fn refuse_parameters(
    State(without): State<Arc<HashSet<(Method, String)>>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let path = path.as_ref().map(MatchedPath::as_str).unwrap_or_default();
    let path = path.strip_prefix("/v1").unwrap_or(path);
    if request.uri().query().is_some() && without.contains(&(request.method().clone(), path.to_owned())) {
        let known = Params::of(request.uri()).and_then(Params::finish);
        if let Err(refusal) = known {
            return Answer::from(refusal).into_response();
        }
    }
    next.run(request).await
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response<Body> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Answer::Fault(Fault::Bug(text.unwrap_or_else(|| "panic".into()))).into_response()
}

async fn observe(State(face): State<Face>, path: Option<MatchedPath>, request: Request, next: Next) -> Response {
    let started = tokio::time::Instant::now();
    let moment: Moment = face.app.moment();
    let id = moment.ids().draw::<RequestId>().to_string();
    let method = request.method().clone();
    let route = path.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let info = RequestInfo { id: id.clone() };
    let mut response = REQUEST.scope(info, next.run(request)).await;
    let took: Duration = started.elapsed();
    face.metrics.request(method.as_str(), &route, response.status().as_u16(), took);
    tracing::debug!(request_id = %id, %method, route, status = response.status().as_u16(), took_ms = took.as_secs_f64() * 1e3, "answered");
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID.clone(), id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
