//! `/sla` and `/task/{id}/sla`: when a task would be due, and how its clocks stand.

use axum::{Json, extract::State};
use signoff_app::sla::{ClockView, SimulateSla, Simulated, TaskClocks, TaskSla};
use signoff_domain::{
    id::TaskId,
    sla::{CycleState, MetricKind},
};
use signoff_wire::sla as wire;

use super::task::priority;
use crate::{
    Face,
    extract::{Body, CallerOf, PathId},
    problem::{Reading, Result, Writing},
    settings,
};

/// Says when a task would be due: submitted now or then, in a queue or with times that are only tried. Changes nothing.
#[utoipa::path(
    post, path = "/sla/simulate", tag = "queue", operation_id = "simulateSla",
    request_body = wire::SimulateSla, responses((status = 200, body = wire::SlaSimulation), Writing),
)]
pub(crate) async fn simulate(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::SimulateSla>,
) -> Result<Json<wire::SlaSimulation>> {
    let sla = body.sla.map(|sla| settings::read("/sla", &sla)).transpose()?;
    let (of, submitted_at) = (body.priority.unwrap_or_default(), body.submitted_at.unwrap_or_else(|| face.app.now()));
    let query = SimulateSla { caller, queue_key: body.queue_key, sla, priority: priority(of), submitted_at };
    let Simulated { sla, time_zone, forecasts, deadline } = face.app.read(query).await?;
    Ok(Json(wire::SlaSimulation {
        submitted_at,
        priority: of,
        metrics: settings::show(&forecasts),
        on_deadline: settings::show(&sla.on_deadline),
        calendar: sla.calendar,
        time_zone,
        deadline,
    }))
}

/// The clocks of a task.
#[utoipa::path(
    get, path = "/task/{id}/sla", tag = "task", operation_id = "getTaskSla", params(("id" = String, Path)),
    responses((status = 200, body = wire::TaskSla), Reading),
)]
pub(crate) async fn of_task(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    PathId(id): PathId<TaskId>,
) -> Result<Json<wire::TaskSla>> {
    let TaskClocks { task, sla, time_zone, clocks } = face.app.read(TaskSla { caller, now: face.app.now(), id }).await?;
    Ok(Json(wire::TaskSla {
        task_id: task.id.to_string(),
        on_deadline: settings::show(&sla.on_deadline),
        calendar: sla.calendar,
        time_zone,
        deadline: task.deadline,
        clocks: clocks.into_iter().map(clock).collect(),
    }))
}

fn clock(ClockView { cycle, stage, used }: ClockView) -> wire::SlaClock {
    wire::SlaClock {
        kind: match cycle.metric {
            MetricKind::TimeToAssign => wire::MetricKind::TimeToAssign,
            MetricKind::TimeToFirstView => wire::MetricKind::TimeToFirstView,
            MetricKind::TimeToDecision => wire::MetricKind::TimeToDecision,
            MetricKind::Total => wire::MetricKind::Total,
        },
        stage,
        number: cycle.number,
        state: match cycle.state {
            CycleState::Running => wire::ClockState::Running,
            CycleState::Paused => wire::ClockState::Paused,
            CycleState::Met => wire::ClockState::Met,
            CycleState::Breached => wire::ClockState::Breached,
            CycleState::Cancelled => wire::ClockState::Cancelled,
        },
        started_at: cycle.started_at,
        due_at: cycle.due_at,
        target_seconds: cycle.budget.as_secs(),
        used_seconds: used.as_secs(),
        warned_at_percent: cycle.warned,
        breached_at: cycle.breached_at,
        stopped_at: cycle.stopped_at,
    }
}
