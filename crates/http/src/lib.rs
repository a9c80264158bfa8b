//! The face to programs and to the console: REST, long-poll, SSE, login, the console's files.
//!
//! Turns wire types into use cases and refusals into problems; decides nothing. [`router`] is the whole of it. Each endpoint is one file under [`endpoints`]:
//! its OpenAPI description and a short handler. What requests are read with is in [`extract`], what is answered in [`present`].

mod console;
mod convert;
pub mod endpoints;
mod extract;
mod layers;
mod metrics;
mod openapi;
mod present;
mod problem;
mod settings;
mod state;

pub use metrics::Metrics;
pub use openapi::description;
pub use state::{Face, Settings};

use axum::Router;

/// All routes.
pub fn router(face: Face) -> Router {
    let (api, _) = openapi::routes().split_for_parts();
    let (compatible, _) = openapi::published_routes().split_for_parts();
    let routes = Router::new().nest("/v1", api).merge(compatible).merge(endpoints::operations::routes()).merge(console::routes());
    layers::around(routes.fallback(problem::no_such_path).method_not_allowed_fallback(problem::no_such_method), &face).with_state(face)
}
