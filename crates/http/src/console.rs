//! The console's files, embedded in the binary.
//!
//! `/` leads to `/app`. Files with a hash in their name are cached for ever; every other path below `/app` is the one page, which reads its address itself.

use axum::{
    Router,
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::Face;

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
#[allow_missing = true]
struct Files;

/// Nothing but what the server itself serves: no inline script, no other origin, no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// The routes.
pub(crate) fn routes() -> Router<Face> {
    Router::new()
        .route("/", get(async || Redirect::to("/app")))
        .route("/app", get(async || page()))
        .route("/app/", get(async || page()))
        .route("/app/{*path}", get(file))
}

async fn file(Path(path): Path<String>) -> Response {
    match Files::get(&path) {
        Some(file) => serve(file, path.starts_with("assets/")),
        // A file that is not there is an error; any other path is a place in the console.
        None if path.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        None => page(),
    }
}

fn page() -> Response {
    match Files::get("index.html") {
        Some(file) => serve(file, false),
        None => (StatusCode::NOT_FOUND, "This binary was built without the console: run `make console` and build again.\n").into_response(),
    }
}

fn serve(file: EmbeddedFile, hashed: bool) -> Response {
    let cache = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("application/octet-stream")),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static(cache)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    ];
    let cross_origin = [("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin")];
    (headers, cross_origin, file.data).into_response()
}
