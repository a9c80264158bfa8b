//! `GET /task`: lists of tasks.

use axum::{
    Json,
    extract::{OriginalUri, State},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};
use signoff_app::{
    Caller,
    tasks::{Key, ListTasks, Order, QueueFilter, TaskFilter},
};
use signoff_domain::{
    Timestamp,
    id::{MemberId, TaskId},
    task::TaskState,
};
use signoff_wire::task as wire;

use crate::{
    Face,
    extract::{CallerOf, Cursor, Params, page},
    present,
    problem::{Reading, Result},
};

/// Lists tasks, newest first or in the order of turns.
///
/// `metadata.<name>=<text>` filters by an attribute. The next page's cursor is in `X-Next-Cursor` and `Link`.
#[utoipa::path(
    get, path = "/task", tag = "task", operation_id = "listTasks",
    params(
        ("queue_key" = Option<String>, Query), ("queue_id" = Option<String>, Query),
        ("state" = Option<Vec<wire::TaskState>>, Query, description = "May repeat"),
        ("external_id" = Option<String>, Query), ("batch_id" = Option<String>, Query),
        ("assignee_id" = Option<String>, Query, description = "A member's id, or `me`"),
        ("created_after" = Option<String>, Query, format = "date-time"), ("created_before" = Option<String>, Query, format = "date-time"),
        ("reviewed_after" = Option<String>, Query, format = "date-time"), ("reviewed_before" = Option<String>, Query, format = "date-time"),
        ("order" = Option<wire::TaskOrder>, Query),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 100), ("cursor" = Option<String>, Query),
    ),
    responses((status = 200, body = Vec<wire::Task>, headers(("X-Next-Cursor" = String), ("Link" = String))), Reading),
)]
pub(crate) async fn list(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    OriginalUri(uri): OriginalUri,
    mut params: Params,
) -> Result<impl IntoResponse> {
    let limit = params.limit();
    let cursor = Cursor::of(&uri, params.text("cursor"));
    let after = cursor.after::<Place>()?.map(Place::into_key);
    let query = ListTasks {
        now: face.app.now(),
        queue: queue_filter(&mut params),
        filter: filter(&mut params, &caller),
        order: params.word("order", order, "Must be created_desc or turn.").unwrap_or_default(),
        after,
        limit: limit + 1,
        caller,
    };
    params.finish()?;
    let mut views = face.app.read(query).await?;
    let headers = page(&mut views, limit, &uri, &cursor, |view| Place::of(Key::of(&view.task)));
    let tasks: Vec<_> = views.into_iter().map(present::task).collect();
    Ok((headers, Json(tasks)))
}

/// A queue named by `queue_key` or `queue_id`.
pub(super) fn queue_filter(params: &mut Params) -> Option<QueueFilter> {
    let by_id = params.parse("queue_id", "Must be the id of a queue.").map(QueueFilter::Id);
    let by_key = params.text("queue_key").map(QueueFilter::Key);
    if by_id.is_some() && by_key.is_some() {
        params.refuse("queue_id", "Give `queue_key` or `queue_id`, not both.");
    }
    by_key.or(by_id)
}

fn filter(params: &mut Params, caller: &Caller) -> TaskFilter {
    let mut states = Vec::new();
    for word in params.all("state") {
        match TaskState::parse(&word) {
            Some(state) => states.push(state),
            None => params.refuse("state", "Must be pending, queued, reviewed, cancelled or expired."),
        }
    }
    TaskFilter {
        states,
        external_id: params.text("external_id"),
        batch_id: params.parse("batch_id", "Must be the id of a batch."),
        assignee_id: params.word("assignee_id", |text| assignee(text, caller), "Must be the id of a member, or `me`."),
        metadata: params.starting_with("metadata."),
        created_after: params.time("created_after"),
        created_before: params.time("created_before"),
        reviewed_after: params.time("reviewed_after"),
        reviewed_before: params.time("reviewed_before"),
        ..TaskFilter::default()
    }
}

fn assignee(text: &str, caller: &Caller) -> Option<MemberId> {
    if text == "me" { caller.member().ok().map(|(id, _)| id) } else { text.parse().ok() }
}

fn order(word: &str) -> Option<Order> {
    match word {
        "created_desc" => Some(Order::CreatedDesc),
        "turn" => Some(Order::Turn),
        _ => None,
    }
}

/// A key as a cursor writes it.
#[derive(Serialize, Deserialize)]
struct Place(i64, Timestamp, Timestamp, TaskId);

impl Place {
    fn of(key: Key) -> Self {
        Self(key.rank, key.due_at, key.created_at, key.id)
    }

    fn into_key(self) -> Key {
        Key { rank: self.0, due_at: self.1, created_at: self.2, id: self.3 }
    }
}
