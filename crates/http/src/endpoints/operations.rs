//! Outside `/v1`: health, metrics, the API's description.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use signoff_app::operations::Probe;

use crate::{Face, description};

/// The routes.
pub(crate) fn routes() -> Router<Face> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(async || Json(description())))
}

async fn ready(State(face): State<Face>) -> impl IntoResponse {
    if *face.draining.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    match face.app.read(Probe).await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

async fn metrics(State(face): State<Face>) -> impl IntoResponse {
    let text = face.metrics.text(face.app.hub().waiting());
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}
