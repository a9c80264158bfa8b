//! A stage of people opens: who may not review it, who is asked, what its clocks and timers are.

use std::collections::BTreeSet;

use signoff_domain::{
    actor::ActorKind,
    assignment::next_rise,
    event::{Event, EventType},
    hold::{Standing, may_be_named},
    id::MemberId,
    moment::Ids,
    queue::Queue,
    sla::OnDeadline,
    stage::Rule,
    task::Task,
    workflow::Why,
};
use signoff_store::{
    Error, Tx,
    assignments::{self, Assigned},
    reviews, routings, tasks, timers, workloads,
};

use super::{Course, Way};
use crate::{
    Caller,
    caller::detail,
    clocks, due, escalation,
    tasks::{
        audience::is_asked,
        holders::{holders, stand},
    },
};

impl Course<'_> {
    /// Records the stages that were passed without a person, and the review of the rule that decided.
    pub(super) async fn note_passed(&self, tx: &mut Tx<'_>, ids: &mut Ids, way: &Way) -> Result<(), Error> {
        let by_rule = Caller::rule(self.caller.organization_id);
        let workflow = self.workflow();
        for passed in &way.walk.passed {
            let Some(stage) = workflow.stages.get(passed.stage) else { continue };
            let (why, reason) = match &passed.why {
                Why::NotApplicable => ("not_applicable", None),
                Why::PolicyDecided => ("policy_decided", None),
                Why::Abstained(reason) => ("abstained", Some(reason.as_str())),
            };
            let event = by_rule.task_event(EventType::StagePassed, &way.task, ids, self.now);
            tx.record([Event { detail: detail! { "stage": stage.key, "why": why, "reason": reason }, ..event }]);
        }
        if let Some(review) = &way.policy {
            reviews::insert(tx, way.task.organization_id, review, &ids.salt()).await?;
        }
        Ok(())
    }

    /// Opens the stage that the stored task is at.
    pub(super) async fn enter(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task) -> Result<(), Error> {
        let workflow = self.workflow();
        let Some(stage) = usize::try_from(task.stage).ok().and_then(|at| workflow.stages.get(at)) else { return Ok(()) };
        self.keep_apart(tx, ids, task, stage.separate).await?;
        if let Some(member) = task.assignee_id {
            if may_be_named(&holders(tx, task).await?, member).is_err() || !is_asked(tx, task, member, self.now).await? {
                // Who may not review it, or whom the stage does not ask, has it no longer, whoever named them.
                let task = Task { assignee_id: None, ..task.clone() };
                tasks::update(tx, &task).await?;
                return Box::pin(self.enter(tx, ids, &task)).await;
            }
            let assigned = Assigned { weight: self.queue.config.routing.weight, ..Assigned::plain(member, Standing::Accepted) };
            stand(tx, ids, task, &assigned, None, self.now).await?;
        }
        if self.queue.config.assignment.strategy().names_reviewer() {
            routings::put(tx, task.organization_id, task.id, self.now).await?;
        }
        clocks::open(self, tx, task, &stage.key).await?;
        self.set_timers(tx, task).await?;
        if !escalates_at_deadline(self.queue) {
            escalation::begin(tx, task, self.queue, self.now).await?;
        }
        if workflow.stages.len() > 1 || stage.rule != Rule::Single {
            let by_rule = Caller::rule(self.caller.organization_id);
            let event = by_rule.task_event(EventType::StageOpened, task, ids, self.now);
            let opened = detail! { "stage": stage.key, "rule": stage.rule.method(), "wanted": task.wanted };
            tx.record([Event { detail: opened, ..event }]);
        }
        Ok(())
    }

    async fn set_timers(&self, tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
        let config = &self.queue.config;
        let opened_at = task.opened_at.unwrap_or(task.created_at);
        // A stage that opens after the deadline, as of a reopened task, is for people: the clock has had its say.
        let deadline = task.deadline.filter(|deadline| *deadline > self.now && due::acts_on_deadline(self.queue, task));
        let rise = next_rise(task.priority, config.routing.ageing_minutes, opened_at, self.now);
        for (kind, at) in [(due::DEADLINE, deadline), (due::AGEING, rise), (due::OVERFLOW, config.routing.overflows_at(opened_at))] {
            if let Some(at) = at {
                timers::set(tx, task.organization_id, task.id.0, kind, "", at).await?;
            }
        }
        Ok(())
    }

    /// Keeps those from the stage who submitted the task or, where it is separate, reviewed an earlier stage.
    async fn keep_apart(&self, tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, separate: bool) -> Result<(), Error> {
        let mut apart = BTreeSet::new();
        if task.created_by.kind == ActorKind::Member && !self.queue.config.allow_own_review {
            apart.extend(task.created_by.id.parse::<MemberId>().ok());
        }
        // Of a new task nobody has reviewed anything.
        if separate && (task.stage > 0 || task.created_at < self.now) {
            let earlier = assignments::of_task(tx, task.id).await?.into_iter().filter(|assigned| assigned.standing == Standing::Submitted);
            apart.extend(earlier.flat_map(|assigned| std::iter::once(assigned.member_id).chain(assigned.on_behalf_of)));
        }
        for member in apart {
            exclude(tx, ids, task, member, true, self.now).await?;
        }
        Ok(())
    }
}

fn escalates_at_deadline(queue: &Queue) -> bool {
    queue.config.sla.as_ref().is_some_and(|sla| sla.on_deadline == OnDeadline::Escalate)
}

/// Keeps everybody from a task's stage behind whom is the same person as behind `member`, and that member if `themself`.
pub(crate) async fn exclude(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: &Task,
    member: MemberId,
    themself: bool,
    now: signoff_domain::Timestamp,
) -> Result<(), Error> {
    let mut same: BTreeSet<_> = workloads::same_person(tx, task.organization_id, member).await?.into_iter().collect();
    same.remove(&member);
    same.extend(themself.then_some(member));
    let standings = holders(tx, task).await?;
    for other in same {
        if standings.standing_of(other).is_none_or(|standing| !super::is_over(standing)) {
            stand(tx, ids, task, &Assigned::plain(other, Standing::Excluded), None, now).await?;
        }
    }
    Ok(())
}
