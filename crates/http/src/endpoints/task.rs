//! `/task`: submit, read, poll, wait.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use signoff_app::tasks::{GetStatus, GetTask, SubmitTask, Submitted, TaskView};
use signoff_domain::{
    Refusal,
    id::TaskId,
    submission::{Due, Submission},
    task::{Choice, Content, Priority},
};
use signoff_wire::task as wire;

use crate::{
    Face,
    extract::{Body, CallerOf, IdempotencyHeader, Once, Params, PathId, parse_id_opt},
    present,
    problem::{Reading, Result, Writing},
};

/// Submits a task for decision.
///
/// A task whose `external_id` the queue knows already, with the same content, is answered with 200, anything new with 201.
#[utoipa::path(
    post, path = "/task", tag = "task", operation_id = "submitTask",
    params(IdempotencyHeader),
    request_body = wire::SubmitTask,
    responses((status = 201, body = wire::Task), (status = 200, description = "The first task of this external id", body = wire::Task), Writing),
)]
pub(crate) async fn submit(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Once(key, Body(body)): Once<Body<wire::SubmitTask>>,
) -> Result<impl IntoResponse> {
    let (queue_key, item) = body.into_parts();
    let submission = submission(item)?;
    let idempotency = key.of(&caller);
    let command = SubmitTask { caller, moment: face.app.moment(), compiled: face.app.compiled(), queue_key, submission };
    let Submitted { view, created } = face.app.write_once(idempotency, command).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, tagged(view)))
}

/// Reads what an agent submits.
pub(super) fn submission(item: wire::SubmitItem) -> std::result::Result<Submission, Refusal> {
    let due = match (item.deadline, item.sla_minutes) {
        (Some(_), Some(_)) => return Err(Refusal::invalid("/sla_minutes", "Give `deadline` or `sla_minutes`, not both.")),
        (Some(deadline), None) => Due::At(deadline),
        (None, Some(minutes)) => Due::Minutes(minutes),
        (None, None) => Due::Queue,
    };
    Ok(Submission {
        content: Content { data: item.data, context: item.context.unwrap_or_default(), choices: item.choices.map(choices) },
        metadata: item.metadata.unwrap_or_default(),
        summary: item.summary,
        external_id: item.external_id,
        max_selections: item.max_selections,
        priority: priority(item.priority.unwrap_or_default()),
        due,
        assignee_id: parse_id_opt("/assignee_id", item.assignee_id.as_deref())?,
    })
}

pub(super) fn choices(choices: Vec<wire::Choice>) -> Vec<Choice> {
    let read = |choice: wire::Choice| Choice { key: choice.key, label: choice.label, description: choice.description, data: choice.data };
    choices.into_iter().map(read).collect()
}

pub(super) fn priority(priority: wire::Priority) -> Priority {
    match priority {
        wire::Priority::Low => Priority::Low,
        wire::Priority::Normal => Priority::Normal,
        wire::Priority::High => Priority::High,
        wire::Priority::Urgent => Priority::Urgent,
    }
}

/// A task with its revision as the entity tag.
pub(super) fn tagged(view: TaskView) -> (HeaderMap, Json<wire::Task>) {
    (present::tag(view.task.revision), Json(present::task(view)))
}

/// A task with its queue and reviews.
#[utoipa::path(
    get, path = "/task/{id}", tag = "task", operation_id = "getTask", params(("id" = String, Path)),
    responses((status = 200, body = wire::Task), Reading),
)]
pub(crate) async fn get(State(face): State<Face>, CallerOf(caller): CallerOf, PathId(id): PathId<TaskId>) -> Result<impl IntoResponse> {
    let view = face.app.read(GetTask { caller, now: face.app.now(), id }).await?;
    Ok(tagged(view))
}

/// The state of a task, for pollers.
#[utoipa::path(
    get, path = "/task/{id}/status", tag = "task", operation_id = "getTaskStatus", params(("id" = String, Path)),
    responses((status = 200, body = wire::TaskStatus), Reading),
)]
pub(crate) async fn status(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
) -> Result<Json<wire::TaskStatus>> {
    let status = face.app.read(GetStatus { caller, id }).await?;
    Ok(Json(wire::TaskStatus { state: present::state(status.state), reviewed_at: status.reviewed_at, revision: status.revision }))
}

/// Waits for a decision.
///
/// Answers as soon as the task is settled (`reviewed`, `cancelled`, `expired`), or with the task as it is when time is up: look at `state`.
#[utoipa::path(
    get, path = "/task/{id}/wait", tag = "task", operation_id = "waitForTask",
    params(("id" = String, Path), ("timeout" = Option<i64>, Query, minimum = 0, maximum = 60, description = "Seconds; 60 when left out")),
    responses((status = 200, body = wire::Task), Reading),
)]
pub(crate) async fn wait(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
    mut params: Params,
) -> Result<impl IntoResponse> {
    let patience = patience(&mut params);
    params.finish()?;
    tokio::select! {
        view = face.app.wait_for_task(&caller, id, patience) => Ok(tagged(view?)),
        // A server that drains answers with the task as it is: the client asks again, elsewhere.
        () = face.drained() => Ok(tagged(face.app.read(GetTask { caller: caller.clone(), now: face.app.now(), id }).await?)),
    }
}

/// How long a request waits.
pub(super) fn patience(params: &mut Params) -> Duration {
    Duration::from_secs(params.number("timeout", 0, 60).unwrap_or(60).unsigned_abs())
}
