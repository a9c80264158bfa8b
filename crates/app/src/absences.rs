//! Who is away, who acts for whom, and what becomes of their work.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Refusal, Timestamp,
    delegation::{Absence, Delegation, Handover, OpenWork, Scope, To, acting, is_absent, on_start},
    event::{Event, EventType},
    group::Group,
    hold::Standing,
    id::{AbsenceId, DelegationId, MemberId, OrganizationId},
    member::MemberState,
    moment::Ids,
    permission::Action,
    queue::Queue,
    task::{Task, TaskState},
};
use signoff_store::{
    Command, Error, Query, Tx, absences,
    assignments::{self, Assigned},
    leases, members, queues, resources, routings, tasks, timers,
};

use crate::{
    Caller,
    caller::detail,
    due,
    tasks::{audience::GROUP, holders::stand},
};

mod coverage;

pub use coverage::PreviewAbsence;

/// Says that a member will be away.
pub struct CreateAbsence {
    /// Who says so: the member, or who manages availabilities.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Who is away.
    pub member_id: MemberId,
    /// From when on.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// What becomes of their open work.
    pub open_work: OpenWork,
    /// Why.
    pub reason: Option<String>,
}

impl Command for CreateAbsence {
    type Out = Absence;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Absence, Error> {
        require_self_or_manager(&self.caller, self.member_id)?;
        require_member(tx, self.caller.organization_id, self.member_id, "/member_id").await?;
        let mut ids = self.moment.ids();
        let absence = Absence {
            id: ids.draw(),
            member_id: self.member_id,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            open_work: self.open_work,
            reason: self.reason.clone(),
        };
        absence.validate()?;
        let organization = self.caller.organization_id;
        absences::insert(tx, organization, (absence.id, absence.member_id), &absence, absence.ends_at, self.moment.now).await?;
        timers::set(tx, organization, absence.id.0, due::ABSENCE, "", absence.starts_at).await?;
        let about = detail! {
            "absence_id": absence.id, "member_id": absence.member_id, "starts_at": absence.starts_at, "ends_at": absence.ends_at,
            "open_work": absence.open_work,
        };
        tx.record([Event { detail: about, ..self.caller.event(EventType::AbsenceCreated, &mut ids, self.moment.now) }]);
        Ok(absence)
    }
}

/// Takes an absence back; what was handed over stays where it is.
pub struct RevokeAbsence {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: AbsenceId,
}

impl Command for RevokeAbsence {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::SelfManage)?;
        let organization = self.caller.organization_id;
        let found = absences::get::<Absence>(tx, organization, self.id).await?;
        let absence = found.ok_or_else(|| Refusal::not_found("absence", self.id))?;
        require_self_or_manager(&self.caller, absence.member_id)?;
        absences::end(tx, organization, self.id, self.moment.now).await?;
        timers::clear_owner(tx, self.id.0).await?;
        if absence.holds(self.moment.now) {
            // Whoever is back may be asked.
            timers::route_now(tx, organization, self.moment.now).await?;
        }
        let about = detail! { "absence_id": absence.id, "member_id": absence.member_id };
        tx.record([Event { detail: about, ..self.caller.event(EventType::AbsenceRevoked, &mut self.moment.ids(), self.moment.now) }]);
        Ok(())
    }
}

/// The absences that have not ended.
pub struct ListAbsences {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
}

impl Query for ListAbsences {
    type Out = Vec<Absence>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Absence>, Error> {
        self.caller.require(Action::MemberRead)?;
        absences::all(tx, self.caller.organization_id, self.now).await
    }
}

/// What is delegated, as it is asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewDelegation {
    /// In whose place.
    pub from: MemberId,
    /// Who decides.
    pub to: To,
    /// From when on.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// When within this period.
    pub mode: signoff_domain::delegation::Mode,
    /// What.
    pub scope: Scope,
    /// Whether also what was assigned before an absence began.
    pub include_existing: bool,
    /// Why.
    pub reason: Option<String>,
}

/// Lets somebody decide in a member's place.
pub struct CreateDelegation {
    /// Who says so: the member, or who manages availabilities.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What is delegated.
    pub delegation: NewDelegation,
}

impl Command for CreateDelegation {
    type Out = Delegation;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Delegation, Error> {
        let asked = &self.delegation;
        require_self_or_manager(&self.caller, asked.from)?;
        let organization = self.caller.organization_id;
        require_member(tx, organization, asked.from, "/from").await?;
        match &asked.to {
            To::Member(member) => require_member(tx, organization, *member, "/to").await?,
            To::Group(key) if resources::get::<Group>(tx, organization, GROUP, key).await?.is_none() => {
                return Err(Refusal::invalid("/to/group", "There is no such group.").into());
            }
            To::Group(_) => {}
        }
        let mut ids = self.moment.ids();
        let delegation = Delegation {
            id: ids.draw(),
            from: asked.from,
            to: asked.to.clone(),
            starts_at: asked.starts_at,
            ends_at: asked.ends_at,
            mode: asked.mode,
            scope: asked.scope.clone(),
            include_existing: asked.include_existing,
            reason: asked.reason.clone(),
            revoked_at: None,
        };
        let others = absences::delegations::<Delegation>(tx, organization, self.moment.now).await?;
        delegation.validate(&others)?;
        absences::insert_delegation(tx, organization, (delegation.id, delegation.from), &delegation, delegation.ends_at, self.moment.now)
            .await?;
        let about = detail! {
            "delegation_id": delegation.id, "from": delegation.from, "to": delegation.to, "starts_at": delegation.starts_at,
            "ends_at": delegation.ends_at, "mode": delegation.mode, "scope": delegation.scope,
        };
        tx.record([Event { detail: about, ..self.caller.event(EventType::DelegationCreated, &mut ids, self.moment.now) }]);
        Ok(delegation)
    }
}

/// Takes a delegation back.
pub struct RevokeDelegation {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: DelegationId,
}

impl Command for RevokeDelegation {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::SelfManage)?;
        let organization = self.caller.organization_id;
        let found =
            absences::delegation::<Delegation>(tx, organization, self.id).await?.filter(|delegation| delegation.revoked_at.is_none());
        let delegation = found.ok_or_else(|| Refusal::not_found("delegation", self.id))?;
        require_self_or_manager(&self.caller, delegation.from)?;
        let delegation = Delegation { revoked_at: Some(self.moment.now), ..delegation };
        absences::revoke_delegation(tx, organization, self.id, &delegation, self.moment.now).await?;
        let about = detail! { "delegation_id": delegation.id, "from": delegation.from };
        tx.record([Event { detail: about, ..self.caller.event(EventType::DelegationRevoked, &mut self.moment.ids(), self.moment.now) }]);
        Ok(())
    }
}

/// The delegations that have not ended.
pub struct ListDelegations {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
}

impl Query for ListDelegations {
    type Out = Vec<Delegation>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Delegation>, Error> {
        self.caller.require(Action::MemberRead)?;
        absences::delegations(tx, self.caller.organization_id, self.now).await
    }
}

/// An absence begins: each open assignment stays, goes to the delegate, or goes back to the queue.
pub(crate) async fn begin(tx: &mut Tx<'_>, moment: &Moment, organization: OrganizationId, id: AbsenceId) -> Result<(), Error> {
    let now = moment.now;
    let Some(absence) = absences::get::<Absence>(tx, organization, id).await?.filter(|absence| absence.holds(now)) else { return Ok(()) };
    let all = absences::all::<Absence>(tx, organization, now).await?;
    let delegations = absences::delegations::<Delegation>(tx, organization, now).await?;
    let mut ids = moment.ids();
    for task in assignments::open_of(tx, absence.member_id).await? {
        let Some(task) = tasks::lock(tx, organization, task).await?.filter(|task| task.state == TaskState::Queued) else { continue };
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let review_type = queue.config.review_type;
        let delegation = acting(&delegations, absence.member_id, &queue.key, review_type, |member| is_absent(&all, member, now), now);
        let to = match on_start(&absence, delegation) {
            Handover::Keep => continue,
            Handover::Delegate(To::Member(member)) => Some(member),
            // Whoever of the group is chosen is for the router, or for who pulls.
            Handover::Delegate(To::Group(_)) | Handover::Return => None,
        };
        hand_over(tx, &mut ids, task, &queue, absence.member_id, to, now).await?;
    }
    Ok(())
}

async fn hand_over(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: Task,
    queue: &Queue,
    from: MemberId,
    to: Option<MemberId>,
    now: Timestamp,
) -> Result<(), Error> {
    let standings = assignments::at_stage(tx, &task).await?;
    // They may have given their review, or given the task back, before the lock was got.
    if !standings.iter().any(|assigned| assigned.member_id == from && assigned.standing == Standing::Accepted) {
        return Ok(());
    }
    let to = to.filter(|to| standings.iter().all(|assigned| assigned.member_id != *to || assigned.standing == Standing::Revoked));
    let to = match to {
        Some(to) if may_review(tx, task.organization_id, to).await? => Some(to),
        _ => None,
    };
    stand(tx, ids, &task, &Assigned::plain(from, Standing::Revoked), Some("absence"), now).await?;
    leases::delete(tx, task.id, from).await?;
    if let Some(to) = to {
        let assigned = Assigned {
            origin: "delegation".into(),
            on_behalf_of: Some(from),
            weight: queue.config.routing.weight,
            ..Assigned::plain(to, Standing::Accepted)
        };
        stand(tx, ids, &task, &assigned, None, now).await?;
    } else if queue.config.assignment.strategy().names_reviewer() {
        routings::put(tx, task.organization_id, task.id, now).await?;
    }
    let assignee_id = if task.assignee_id == Some(from) { to } else { task.assignee_id };
    let task = Task { assignee_id, updated_at: now, ..task };
    tasks::update(tx, &task).await?;
    let event = Caller::rule(task.organization_id).task_event(EventType::TaskAssigned, &task, ids, now);
    let cause = if to.is_some() { "delegation" } else { "absence" };
    let about = detail! { "assignee_id": to, "before": from, "on_behalf_of": to.map(|_| from), "cause": cause };
    tx.record([Event { detail: about, ..event }]);
    Ok(())
}

/// Whether somebody can log in and review at all. Who cannot is given nothing by a delegation.
async fn may_review(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId) -> Result<bool, Error> {
    let member = members::get(tx, organization, member).await?;
    Ok(member.is_some_and(|member| member.state == MemberState::Active && Action::TaskReview.is_allowed_to(member.role)))
}

/// Refuses unless the caller is the member, or manages availabilities.
pub(crate) fn require_self_or_manager(caller: &Caller, member: MemberId) -> Result<(), Refusal> {
    if caller.member().is_ok_and(|(id, _)| id == member) {
        return caller.require(Action::SelfManage);
    }
    caller.require(Action::AvailabilityManage)
}

pub(crate) async fn require_member(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId, pointer: &str) -> Result<(), Error> {
    match members::get(tx, organization, member).await? {
        Some(_) => Ok(()),
        None => Err(Refusal::invalid(pointer, "There is no such member.").into()),
    }
}
