//! `/policy`: trying conditions.

use axum::{Json, extract::State};
use signoff_app::policy::{Answer, Sample, TestPolicy, Tried};
use signoff_domain::{
    Refusal,
    actor::{Actor, ActorKind, Method},
};
use signoff_wire::policy as wire;

use super::task::priority;
use crate::{
    Face,
    extract::{Body, CallerOf, parse_id_opt},
    problem::{Result, Writing},
};

/// Evaluates conditions on tasks, given or of a queue. Changes nothing.
///
/// A fault is no answer: at a stage it leads to people.
#[utoipa::path(
    post, path = "/policy/test", tag = "queue", operation_id = "testPolicy",
    request_body = wire::TestPolicy, responses((status = 200, body = Vec<wire::TestedCondition>), Writing),
)]
pub(crate) async fn test(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Body(body): Body<wire::TestPolicy>,
) -> Result<Json<Vec<wire::TestedCondition>>> {
    let wire::TestPolicy { conditions, queue_key, newest, tasks } = body;
    let samples = tasks.into_iter().enumerate().map(sample).collect::<std::result::Result<_, Refusal>>()?;
    let test = TestPolicy { caller, moment: face.app.moment(), conditions: conditions.clone(), queue_key, newest, samples };
    let answers = face.app.test_policy(test).await?;
    let told = conditions.into_iter().zip(answers);
    Ok(Json(
        told.map(|(condition, answers)| wire::TestedCondition { condition, results: answers.into_iter().map(result).collect() }).collect(),
    ))
}

fn sample((i, task): (usize, wire::SampleTask)) -> std::result::Result<Sample, Refusal> {
    let requester = task.requester.map(|requester| Actor {
        kind: match requester.kind {
            wire::RequesterKind::Agent => ActorKind::Agent,
            wire::RequesterKind::Member => ActorKind::Member,
        },
        id: requester.id,
        name: requester.name,
        method: Method::Key,
    });
    Ok(Sample {
        id: parse_id_opt(&format!("/tasks/{i}/id"), task.id.as_deref())?,
        data: task.data,
        context: task.context,
        metadata: task.metadata,
        summary: task.summary,
        external_id: task.external_id,
        priority: priority(task.priority.unwrap_or_default()),
        revision: task.revision.unwrap_or(1),
        deadline: task.deadline,
        requester,
        first_uses: task.first_uses,
    })
}

fn result((tried, answer): Answer) -> wire::ConditionResult {
    let (index, task_id) = match tried {
        Tried::Sample(index) => (i64::try_from(index).ok(), None),
        Tried::Task(id) => (None, Some(id.to_string())),
    };
    let (answer, fault) = match answer {
        Ok(true) => (wire::ConditionAnswer::True, None),
        Ok(false) => (wire::ConditionAnswer::False, None),
        Err(fault) => (wire::ConditionAnswer::Fault, Some(fault)),
    };
    wire::ConditionResult { index, task_id, answer, fault }
}
