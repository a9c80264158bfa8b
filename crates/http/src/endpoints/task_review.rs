//! `POST /task/{id}/review`: a reviewer decides.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use signoff_app::reviews::SubmitReview;
use signoff_domain::{
    id::TaskId,
    review::{Answer, ReviewValue},
};
use signoff_wire::review as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, PathId, RevisionHeader, parse_id_opt, require_if_match},
    present,
    problem::{Conditional, Result},
};

/// Submits a review of the revision that `If-Match` names.
#[utoipa::path(
    post, path = "/task/{id}/review", tag = "review", operation_id = "submitReview",
    params(("id" = String, Path), RevisionHeader, IdempotencyHeader),
    request_body = wire::SubmitReview, responses((status = 201, body = wire::Review), Conditional),
)]
pub(crate) async fn submit(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    headers: HeaderMap,
    Once(key, Body(body)): Once<Body<wire::SubmitReview>>,
) -> Result<impl IntoResponse> {
    let revision = require_if_match(&headers)?;
    let lease_id = parse_id_opt("/lease_id", body.lease_id.as_deref())?;
    let answer = Answer { result: body.result, value: body.value.map(value), data: body.data, feedback: body.feedback };
    let idempotency = key.of(&caller);
    let (moment, compiled) = (face.app.moment(), face.app.compiled());
    let review = face
        .app
        .write_once(idempotency, SubmitReview { caller, moment, compiled, id, revision, lease_id, keep_late: body.keep_late, answer })
        .await?;
    Ok((StatusCode::CREATED, Json(present::review(review))))
}

fn value(value: wire::ReviewValue) -> ReviewValue {
    use wire::ReviewValue as Wire;
    match value {
        Wire::Approval { approved } => ReviewValue::Approval { approved },
        Wire::Classification { option } => ReviewValue::Classification { option },
        Wire::Labeling { labels } => ReviewValue::Labeling { labels },
        Wire::Scoring { score } => ReviewValue::Scoring { score },
        Wire::MultipleChoice { choices } => ReviewValue::MultipleChoice { choices },
        Wire::Augmentation { edited } => ReviewValue::Augmentation { edited },
    }
}
