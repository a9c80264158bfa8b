//! `/review`: submitted results.

use axum::{
    Json,
    extract::{OriginalUri, State},
    response::IntoResponse,
};
use signoff_app::reviews::{GetReview, ListReviews, ReviewFilter, Start};
use signoff_domain::{
    Timestamp,
    id::{MemberId, ReviewId},
    review::ReviewerKind,
};
use signoff_wire::review as wire;

use super::task_list::queue_filter;
use crate::{
    Face,
    extract::{CallerOf, Cursor, Params, PathId, page},
    present,
    problem::{Reading, Result},
};

/// Lists reviews, newest first.
#[utoipa::path(
    get, path = "/review", tag = "review", operation_id = "listReviews",
    params(
        ("task_id" = Option<String>, Query), ("queue_key" = Option<String>, Query), ("queue_id" = Option<String>, Query),
        ("reviewer_id" = Option<String>, Query, description = "A member's id, or `me`"),
        ("reviewer_type" = Option<wire::ReviewerType>, Query),
        ("created_after" = Option<String>, Query, format = "date-time"), ("created_before" = Option<String>, Query, format = "date-time"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("offset" = Option<i64>, Query, minimum = 0, maximum = 2_147_483_647i64), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Vec<wire::Review>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    OriginalUri(uri): OriginalUri,
    mut params: Params,
) -> Result<impl IntoResponse> {
    let limit = params.limit();
    let offset = params.number("offset", 0, i64::from(i32::MAX));
    let cursor = Cursor::of(&uri, params.text("cursor"));
    let after = cursor.after::<(Timestamp, ReviewId)>()?;
    if offset.is_some() && after.is_some() {
        params.refuse("offset", "Give `cursor` or `offset`, not both.");
    }
    let me = caller.member().ok().map(|(id, _)| id);
    let reviewer = |text: &str| if text == "me" { me } else { text.parse::<MemberId>().ok() };
    let query = ListReviews {
        queue: queue_filter(&mut params),
        filter: ReviewFilter {
            task_id: params.parse("task_id", "Must be the id of a task."),
            reviewer_id: params.word("reviewer_id", reviewer, "Must be the id of a member, or `me`."),
            reviewer_kind: params.word("reviewer_type", kind, "Must be ai or human."),
            created_after: params.time("created_after"),
            created_before: params.time("created_before"),
            ..ReviewFilter::default()
        },
        start: after.map_or(Start::Offset(offset.unwrap_or(0)), |(created_at, id)| Start::After(created_at, id)),
        limit: limit + 1,
        caller,
    };
    params.finish()?;
    let mut reviews = face.app.read(query).await?;
    // A reader who counts by offset goes on counting; a cursor would be bound to the offset.
    let headers = if offset.is_some() {
        reviews.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        axum::http::HeaderMap::new()
    } else {
        page(&mut reviews, limit, &uri, &cursor, |review| (review.created_at, review.id))
    };
    Ok((headers, Json(reviews.into_iter().map(present::review).collect::<Vec<_>>())))
}

fn kind(word: &str) -> Option<ReviewerKind> {
    ReviewerKind::ALL.into_iter().find(|kind| kind.as_str() == word)
}

/// A review.
#[utoipa::path(
    get, path = "/review/{id}", tag = "review", operation_id = "getReview", params(("id" = String, Path)),
    responses((status = 200, body = wire::Review), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<ReviewId>) -> Result<Json<wire::Review>> {
    let review = face.app.read(GetReview { caller, id }).await?;
    Ok(Json(present::review(review)))
}
