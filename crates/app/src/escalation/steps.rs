//! What the steps of an escalation do.

use signoff_domain::{
    Object,
    assignment::{Eligibility, Requirement},
    escalation::{Action, Profile, Target},
    event::{Event, EventType},
    hold::Standing,
    id::MemberId,
    moment::Ids,
    outcome::{self, Outcome},
    task::Task,
};
use signoff_store::{Error, Tx, assignments::Assigned, contents, queues, reviews, routings, tasks, timers};

use super::{name, targets::members_of};
use crate::{
    Caller,
    caller::detail,
    clocks,
    due::{self, raise},
    routing::{Roster, look_again},
    tasks::holders::{dismiss, stand},
    workflow::{Course, place},
};

/// Carries out a step, and records what it did.
pub(super) async fn carry_out(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: Task,
    course: &Course<'_>,
    action: &Action,
    at: Object,
) -> Result<(), Error> {
    let (queue, now) = (course.queue, course.now);
    let mut detail = detail! { "action": name(action) };
    detail.extend(at);
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskEscalated, &task, ids, now);
    match action {
        Action::Notify { targets, profile } => {
            let profile = if *profile == Profile::Important { "important" } else { "default" };
            detail.extend(detail! { "profile": profile, "member_ids": members_of(tx, queue, targets, now).await? });
        }
        Action::Reassign { targets } => {
            let to = choose(tx, &task, course, targets).await?;
            detail.extend(detail! { "member_ids": to.as_slice() });
            if let Some(to) = to {
                dismiss(tx, ids, &task, Some(to), now).await?;
                let task = assign(tx, ids, task, course, to, true).await?;
                // Where several are wanted, the places of the others are to be filled anew.
                look_again(tx, &task, queue, now).await?;
            }
        }
        Action::AddReviewer { targets } => {
            let to = choose(tx, &task, course, targets).await?;
            detail.extend(detail! { "member_ids": to.as_slice() });
            if let Some(to) = to {
                let task = Task { wanted: task.wanted + 1, ..task };
                assign(tx, ids, task, course, to, false).await?;
            }
        }
        Action::RaisePriority { to } => {
            detail.extend(detail! { "priority": to.as_str() });
            if *to > task.priority {
                raise(tx, ids, task, queue, *to, "escalation", now).await?;
            }
        }
        Action::MoveQueue { queue: key } => {
            detail.extend(detail! { "queue": key, "moved": move_to(tx, ids, task, course, key).await? });
        }
        Action::AddStage { stage } => {
            detail.extend(detail! { "stage": stage });
            add_stage(tx, ids, task, course, stage).await?;
        }
        Action::DefaultDecision { result, .. } => {
            detail = crate::workflow::selected(std::slice::from_ref(result), detail);
            tx.record([Event { detail, ..event }]);
            return decide(tx, ids, task, course, result).await;
        }
    }
    tx.record([Event { detail, ..event }]);
    Ok(())
}

/// The target who is to have the task: of those who may review it by hand, who has most to spare; presence, hours and capacity are passed over when nobody else is left.
async fn choose(tx: &mut Tx<'_>, task: &Task, course: &Course<'_>, targets: &[Target]) -> Result<Option<MemberId>, Error> {
    let members = members_of(tx, course.queue, targets, course.now).await?;
    let mut roster = Roster::load(tx, task.organization_id, course.now).await?;
    roster.look_at(tx, task, course.now).await?;
    let requirement = Requirement::since(task.opened_at.unwrap_or(task.created_at));
    let eligibility = Eligibility::new(&course.queue.config.routing, &requirement, course.now);
    let named = |member: &MemberId| roster.candidates().iter().find(|candidate| candidate.member_id == *member);
    // Whom an escalation names may review, whoever the stage asks.
    let fit =
        members.iter().filter_map(named).map(|candidate| signoff_domain::assignment::Candidate { may_review: true, ..candidate.clone() });
    let mut fit: Vec<_> = fit.filter_map(|candidate| Some((eligibility.explain_by_hand(&candidate).ok()?.len(), candidate))).collect();
    fit.sort_by_key(|(missed, candidate)| (*missed, candidate.load_units, candidate.member_id));
    Ok(fit.first().map(|(_, candidate)| candidate.member_id))
}

async fn assign(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>, to: MemberId, named: bool) -> Result<Task, Error> {
    let assigned =
        Assigned { origin: "escalation".into(), weight: course.queue.config.routing.weight, ..Assigned::plain(to, Standing::Accepted) };
    let before = task.assignee_id;
    let assignee_id = if named && task.wanted == 1 { Some(to) } else { before };
    let task = Task { assignee_id, updated_at: course.now, ..task };
    stand(tx, ids, &task, &assigned, None, course.now).await?;
    tasks::update(tx, &task).await?;
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskAssigned, &task, ids, course.now);
    tx.record([Event { detail: detail! { "assignee_id": to, "before": before, "cause": "escalation" }, ..event }]);
    Ok(task)
}

/// Moves the task to another queue, where it starts anew. A queue that takes no tasks, or none of this kind, is no place to go; answers whether it went.
async fn move_to(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>, key: &str) -> Result<bool, Error> {
    let to = queues::by_key(tx, task.organization_id, key).await?;
    let fits = |to: &signoff_domain::queue::Queue| {
        to.id != task.queue_id && to.takes_tasks().is_ok() && to.config.review_type == course.queue.config.review_type
    };
    let Some(to) = to.filter(fits) else { return Ok(false) };
    let content = contents::get(tx, task.id, task.revision).await?;
    let caller = Caller::rule(task.organization_id);
    let there = Course { caller: &caller, now: course.now, compiled: course.compiled, queue: &to, content: &content };
    let from = task.queue_key.clone();
    // External ids are unique in a queue: it stays with the task that had it there first.
    let taken = match &task.external_id {
        Some(external_id) => tasks::by_external_id(tx, to.id, external_id).await?.is_some(),
        None => false,
    };
    if taken {
        return Ok(false);
    }
    clocks::leave_queue(tx, ids, &task, course.queue, course.now).await?;
    super::forget(tx, &task).await?;
    for kind in [due::AGEING, due::OVERFLOW, due::ROUTE, due::DEADLINE] {
        timers::clear(tx, task.id.0, kind, "").await?;
    }
    routings::delete(tx, task.id).await?;
    let moved = Task { queue_id: to.id, queue_key: to.key.clone(), queue_version: to.version, assignee_id: None, ..task };
    let (way, _) = there.again(tx, ids, moved).await?;
    let event = caller.task_event(EventType::TaskMoved, &way.task, ids, course.now);
    tx.record([Event { detail: detail! { "from": from, "to": to.key }, ..event }]);
    there.arrive(tx, ids, &way, None).await?;
    Ok(true)
}

/// Opens a stage that the workflow passed by, in place of the one that is open.
async fn add_stage(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>, key: &str) -> Result<(), Error> {
    let Some(at) = course.queue.config.workflow().position(key).filter(|at| place(*at) != task.stage) else { return Ok(()) };
    course.leave(tx, ids, &task).await?;
    let (way, before) = (course.at_stage(task, at)?, None);
    tasks::update(tx, &way.task).await?;
    course.arrive(tx, ids, &way, before).await
}

async fn decide(tx: &mut Tx<'_>, ids: &mut Ids, task: Task, course: &Course<'_>, result: &str) -> Result<(), Error> {
    let feedback = Some("Nobody decided before the escalation ended.".to_owned());
    let review = outcome::by_policy(course.queue, &task, ids.draw(), vec![result.to_owned()], feedback, course.now);
    reviews::insert(tx, task.organization_id, &review, &ids.salt()).await?;
    let task = course.decided(task, Outcome::of(&review, "escalation_default_decision", course.now))?;
    tasks::update(tx, &task).await?;
    course.settle(tx, ids, &task, true).await
}
