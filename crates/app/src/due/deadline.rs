//! A task is at its deadline and still open. What happens is the queue's word, and stays visible as the clock's doing.

use signoff_domain::{
    Timestamp,
    moment::Ids,
    outcome::{self, Outcome, OutcomeKind},
    queue::{APPROVED, REJECTED},
    sla::OnDeadline,
    task::{Move, Task, transition},
    workflow::{Ended, Ending},
};
use signoff_store::{Error, Tx, reviews, tasks, timers};

use crate::{escalation, workflow::Course};

pub(super) async fn fire(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>) -> Result<(), Error> {
    let (queue, now) = (course.queue, course.now);
    let Some(deadline) = task.deadline else { return Ok(()) };
    if deadline > now {
        return timers::set(tx, task.organization_id, task.id.0, super::DEADLINE, "", deadline).await;
    }
    let stages = queue.config.workflow().stages;
    let at = usize::try_from(task.stage).unwrap_or(usize::MAX);
    if stages.get(at).is_some_and(|stage| stage.on_timeout.is_some()) {
        let before = task.stage;
        let ended = Ended { stage: at, ending: Ending::TimedOut, earlier: None };
        let way = course.proceed(tx, ids, task, ended, None).await?;
        tasks::update(tx, &way.task).await?;
        return course.arrive(tx, ids, &way, Some(before)).await;
    }
    let on_deadline = queue.config.sla.as_ref().map(|sla| &sla.on_deadline);
    let decided = |result: Vec<String>, rule: &'static str| Some((result, rule));
    let by_policy = match on_deadline {
        Some(OnDeadline::Reject) => decided(vec![REJECTED.into()], "deadline_reject"),
        Some(OnDeadline::DefaultAnswer { result }) => decided(result.clone(), "deadline_default_answer"),
        Some(OnDeadline::Approve { i_accept_approval_without_review: true }) => {
            decided(vec![APPROVED.into()], "deadline_approve_without_review")
        }
        _ => None,
    };
    let task = match (by_policy, on_deadline) {
        (Some((result, rule)), _) => {
            let feedback = Some("Nobody decided before the deadline.".to_owned());
            let review = outcome::by_policy(queue, &task, ids.draw(), result, feedback, now);
            reviews::insert(tx, task.organization_id, &review, &ids.salt()).await?;
            course.decided(task, Outcome::of(&review, rule, now))?
        }
        (None, Some(OnDeadline::Expire)) => expired(task, "deadline", now)?,
        (None, Some(OnDeadline::ReturnToAgent)) => expired(task, "returned_to_agent", now)?,
        (None, Some(OnDeadline::Escalate)) => return escalation::begin(tx, &task, queue, now).await,
        (None, _) => return Ok(()),
    };
    tasks::update(tx, &task).await?;
    course.settle(tx, ids, &task, true).await
}

fn expired(task: Task, rule: &str, now: Timestamp) -> Result<Task, Error> {
    let state = transition(task.state, Move::Expire)?;
    let outcome = Outcome::without_result(OutcomeKind::Expired, rule, Some("Nobody decided before the deadline.".into()), now);
    Ok(Task { state, outcome: Some(outcome), updated_at: now, ..task })
}
