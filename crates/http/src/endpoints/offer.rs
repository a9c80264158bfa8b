//! `/me/offer`, `/task/{id}/offer`, `/task/{id}/assignment/explain`: tasks that reviewers are asked to take, and why.

use axum::{Json, extract::State, http::StatusCode, response::IntoResponse};
use signoff_app::routing::{AcceptOffer, DeclineOffer, ExplainAssignment, ListOffers};
use signoff_domain::id::TaskId;
use signoff_wire::{offer as wire, task};

use super::{task::tagged, task_hold::Nothing};
use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, OptionalBody, PathId},
    present::operations,
    problem::{Reading, Result, Writing},
};

/// What is offered to me, longest first.
#[utoipa::path(
    get, path = "/me/offer", tag = "review", operation_id = "listOffers", responses((status = 200, body = Vec<wire::Offer>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<Json<Vec<wire::Offer>>> {
    let offers = face.app.read(ListOffers { caller, now: face.app.now() }).await?;
    Ok(Json(offers.into_iter().map(operations::offer).collect()))
}

/// Takes a task that is offered to me: it is mine to review. Claiming it does the same.
#[utoipa::path(
    post, path = "/task/{id}/offer/accept", tag = "review", operation_id = "acceptOffer", params(("id" = String, Path), IdempotencyHeader),
    responses((status = 200, body = task::Task), Writing),
)]
pub(crate) async fn accept(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, OptionalBody(Nothing {})): Once<OptionalBody<Nothing>>,
) -> Result<impl IntoResponse> {
    let idempotency = key.of(&caller);
    Ok(tagged(face.app.write_once(idempotency, AcceptOffer { caller, moment: face.app.moment(), id }).await?))
}

/// Does not take a task that is offered to me: it is not offered to me again at this stage.
#[utoipa::path(
    post, path = "/task/{id}/offer/decline", tag = "review", operation_id = "declineOffer", params(("id" = String, Path), IdempotencyHeader),
    request_body = wire::DeclineOffer, responses((status = 204, description = "Done"), Writing),
)]
pub(crate) async fn decline(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    Once(key, Body(body)): Once<Body<wire::DeclineOffer>>,
) -> Result<StatusCode> {
    let idempotency = key.of(&caller);
    face.app.write_once(idempotency, DeclineOffer { caller, moment: face.app.moment(), id, reason: body.reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a task went to whom, or to nobody; and how everybody stands to it now.
#[utoipa::path(
    get, path = "/task/{id}/assignment/explain", tag = "review", operation_id = "explainAssignment", params(("id" = String, Path)),
    responses((status = 200, body = wire::AssignmentAccount), Reading),
)]
pub(crate) async fn explain(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
) -> Result<Json<wire::AssignmentAccount>> {
    let account = face.app.read(ExplainAssignment { caller, now: face.app.now(), id }).await?;
    Ok(Json(operations::account(account)?))
}
