//! Every route, and the OpenAPI description that is generated from them.

use std::collections::HashSet;

use axum::http::Method;
use utoipa::{
    OpenApi,
    openapi::{
        RefOr,
        path::{Operation, Parameter, ParameterIn},
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Face,
    endpoints::{
        absence, apply, audit, availability, batch, calendar, delegation, escalation, event, group, invitation, key, login, me, member,
        offer, policy, queue, review, schedule, session, sla, task, task_comment, task_hold, task_list, task_manage, task_next,
        task_review, token,
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Signoff",
        description = "Puts a person's decision before an AI agent's action. docs/api.md says what holds everywhere.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
        contact()
    ),
    servers((url = "/v1")),
    components(schemas(signoff_wire::problem::Problem, signoff_wire::task::TaskOrder, signoff_wire::review::ReviewerType)),
    security(("key" = []), ("session" = [])),
    tags(
        (name = "task", description = "Things submitted for decision"),
        (name = "batch", description = "Many tasks in one request"),
        (name = "review", description = "Holding and deciding tasks"),
        (name = "queue", description = "Kinds of decision"),
        (name = "event", description = "What happened"),
        (name = "audit", description = "Proof of what happened"),
        (name = "login", description = "Logging in and out"),
        (name = "member", description = "People"),
        (name = "availability", description = "When people are there, and who acts for them"),
        (name = "resource", description = "Calendars, groups and on-call schedules"),
        (name = "key", description = "Agents' keys"),
        (name = "organization", description = "The organization"),
    )
)]
struct Description;

/// The routes under `/v1`.
pub(crate) fn routes() -> OpenApiRouter<Face> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(task::submit, task_list::list))
        .routes(routes!(task_next::peek, task_next::claim))
        .routes(routes!(task::get))
        .routes(routes!(task::status))
        .routes(routes!(task::wait))
        .routes(routes!(task_hold::claim))
        .routes(routes!(task_hold::renew))
        .routes(routes!(task_hold::release))
        .routes(routes!(task_hold::skip))
        .routes(routes!(task_review::submit))
        .routes(routes!(task_manage::cancel))
        .routes(routes!(task_manage::revise))
        .routes(routes!(task_manage::reopen))
        .routes(routes!(task_manage::overrule))
        .routes(routes!(task_manage::assign))
        .routes(routes!(task_comment::list, task_comment::create))
        .routes(routes!(task_comment::history))
        .routes(routes!(offer::list))
        .routes(routes!(offer::accept))
        .routes(routes!(offer::decline))
        .routes(routes!(offer::explain))
        .routes(routes!(batch::submit))
        .routes(routes!(batch::get))
        .routes(routes!(batch::wait))
        .routes(routes!(queue::list, queue::create))
        .routes(routes!(queue::get, queue::change, queue::delete))
        .routes(routes!(policy::test))
        .routes(routes!(escalation::dry_run))
        .routes(routes!(sla::simulate))
        .routes(routes!(sla::of_task))
        .routes(routes!(review::list))
        .routes(routes!(review::get))
        .routes(routes!(event::list))
        .routes(routes!(event::stream))
        .routes(routes!(audit::checkpoint))
        .routes(routes!(audit::export))
        .routes(routes!(audit::inclusion))
        .routes(routes!(audit::consistency))
        .routes(routes!(login::login))
        .routes(routes!(login::link))
        .routes(routes!(login::logout))
        .routes(routes!(me::get, me::change))
        .routes(routes!(session::list))
        .routes(routes!(session::end))
        .routes(routes!(token::list, token::create))
        .routes(routes!(token::revoke))
        .routes(routes!(member::list))
        .routes(routes!(member::get, member::change))
        .routes(routes!(availability::get, availability::change))
        .routes(routes!(availability::presence))
        .routes(routes!(absence::list, absence::create))
        .routes(routes!(absence::preview))
        .routes(routes!(absence::revoke))
        .routes(routes!(delegation::list, delegation::create))
        .routes(routes!(delegation::revoke))
        .routes(routes!(calendar::list))
        .routes(routes!(calendar::get, calendar::put, calendar::delete))
        .routes(routes!(calendar::import))
        .routes(routes!(group::list))
        .routes(routes!(group::get, group::put, group::delete))
        .routes(routes!(schedule::list))
        .routes(routes!(schedule::get, schedule::put, schedule::delete))
        .routes(routes!(schedule::on_call))
        .routes(routes!(invitation::list, invitation::create))
        .routes(routes!(invitation::accept))
        .routes(routes!(invitation::revoke))
        .routes(routes!(key::list, key::create))
        .routes(routes!(key::revoke))
        .routes(routes!(member::organization))
        .routes(routes!(apply::apply))
        .routes(routes!(apply::export))
}

/// The routes that the published client calls without a prefix.
pub(crate) fn published_routes() -> OpenApiRouter<Face> {
    OpenApiRouter::new()
        .routes(routes!(task::submit, task_list::list))
        .routes(routes!(task::get))
        .routes(routes!(task::status))
        .routes(routes!(queue::list))
        .routes(routes!(queue::get))
        .routes(routes!(review::list))
        .routes(routes!(review::get))
}

/// The description of the API (OpenAPI 3.1).
#[must_use]
pub fn description() -> utoipa::openapi::OpenApi {
    let (_, mut description) = routes().split_for_parts();
    description.info.version = env!("CARGO_PKG_VERSION").into();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key or a personal access token")).build();
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("signoff", "A console session")));
    let components = description.components.get_or_insert_default();
    components.add_security_scheme("key", SecurityScheme::Http(bearer));
    components.add_security_scheme("session", cookie);
    description
}

/// The method and path (without `/v1`) of every operation that takes no query parameter.
pub(crate) fn without_parameters() -> HashSet<(Method, String)> {
    let (_, description) = routes().split_for_parts();
    let takes_none = |operation: &Operation| {
        let stands_elsewhere = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(parameter) if !matches!(parameter.parameter_in, ParameterIn::Query));
        operation.parameters.iter().flatten().all(stands_elsewhere)
    };
    let mut without = HashSet::new();
    for (path, item) in description.paths.paths {
        for (method, operation) in [
            (Method::GET, item.get),
            (Method::POST, item.post),
            (Method::PUT, item.put),
            (Method::PATCH, item.patch),
            (Method::DELETE, item.delete),
        ] {
            if operation.is_some_and(|operation| takes_none(&operation)) {
                if method == Method::GET {
                    without.insert((Method::HEAD, path.clone()));
                }
                without.insert((method, path.clone()));
            }
        }
    }
    without
}
