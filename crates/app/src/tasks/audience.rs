//! Whether somebody is one of those whom a task's stage asks, themself or in another's place.

use signoff_domain::{
    Code, Refusal, Timestamp,
    delegation::{Absence, Delegation, is_absent},
    group::{Group, Reviewers},
    hold::Standing,
    id::{MemberId, OrganizationId},
    queue::Queue,
    task::Task,
};
use signoff_store::{
    Error, Tx, absences,
    assignments::{self, Assigned},
    members, queues, resources,
};

use crate::Caller;

/// How an assignment came about that an escalation made.
pub(crate) const ESCALATION: &str = "escalation";
/// The kind under which groups are kept.
pub(crate) const GROUP: &str = "group";

/// For whom somebody acts who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acts {
    /// For themself.
    Themself,
    /// In this member's place.
    For(MemberId),
}

/// A member, the groups that they belong to, and in whose place they may act.
pub(crate) struct Belonging {
    member: MemberId,
    now: Timestamp,
    groups: Vec<(String, Group)>,
    delegations: Vec<Delegation>,
    absences: Vec<Absence>,
}

impl Belonging {
    /// Looks up what matters for these audiences: groups only where one of them names reviewers, absences only where somebody delegates.
    pub(crate) async fn of(
        tx: &mut Tx<'_>,
        organization: OrganizationId,
        member: MemberId,
        mut audiences: impl Iterator<Item = &str>,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let delegations = absences::delegations::<Delegation>(tx, organization, now).await?;
        let (mut absences, mut groups) = (Vec::new(), Vec::new());
        if !delegations.is_empty() {
            absences = absences::all(tx, organization, now).await?;
        }
        if !delegations.is_empty() || audiences.any(|audience| !audience.is_empty()) {
            let all = resources::all::<Group>(tx, organization, GROUP).await?;
            groups.extend(all.into_iter().map(|group| (group.key, group.definition)));
        }
        Ok(Self { member, now, groups, delegations, absences })
    }

    /// Whether, and for whom, the member is asked. An audience that cannot be read asks nobody.
    pub(crate) fn acts(&self, queue: &Queue, audience: &str) -> Option<Acts> {
        if self.asks(queue, audience, self.member) {
            return Some(Acts::Themself);
        }
        let absent = |member: MemberId| is_absent(&self.absences, member, self.now);
        let in_group = |key: &str| self.groups.iter().any(|(group, of)| group == key && of.member_ids.contains(&self.member));
        let lets_act = |delegation: &&Delegation| {
            delegation.reaches(self.member, in_group)
                && delegation.in_force(&queue.key, queue.config.review_type, absent, self.now)
                && self.asks(queue, audience, delegation.from)
        };
        self.delegations.iter().find(lets_act).map(|delegation| Acts::For(delegation.from))
    }

    fn asks(&self, queue: &Queue, audience: &str, member: MemberId) -> bool {
        if audience.is_empty() {
            return queue.config.lets_review(member);
        }
        let groups = self.groups.iter().filter(|(_, group)| group.member_ids.contains(&member)).map(|(key, _)| key.clone());
        Reviewers::parse(audience).is_some_and(|reviewers| reviewers.asks(member, &groups.collect::<Vec<_>>()))
    }
}

/// Refuses unless the caller is one of those whom the task's stage asks; answers in whose place they act. Who reviews for the queue is what the queue says
/// now, not at the task's version: who left cannot keep a task, and who came can take it.
pub(crate) async fn require_reviewer(tx: &mut Tx<'_>, task: &Task, caller: &Caller, now: Timestamp) -> Result<Option<MemberId>, Error> {
    let (member, _) = caller.member()?;
    let queue = queues::current(tx, task.queue_id).await?;
    let belonging = Belonging::of(tx, caller.organization_id, member, [task.audience.as_str()].into_iter(), now).await?;
    match belonging.acts(&queue, &task.audience) {
        Some(Acts::Themself) => Ok(None),
        Some(Acts::For(principal)) => {
            let standings = assignments::at_stage(tx, task).await?;
            let voted_for = |assigned: &&Assigned| {
                assigned.standing == Standing::Submitted && assigned.on_behalf_of == Some(principal) && assigned.member_id != member
            };
            if standings.iter().any(|assigned| voted_for(&assigned)) {
                stand_in(Some(Standing::Submitted))?;
            }
            stand_in(standings.iter().find(|assigned| assigned.member_id == principal).map(|assigned| assigned.standing))?;
            Ok(Some(principal))
        }
        None if is_named(tx, task, member).await? => Ok(None),
        None => Err(not_a_reviewer(&queue).into()),
    }
}

/// Whether an escalation named somebody for a task's stage: they may review it, whoever the stage asks. Nobody else's word does that.
async fn is_named(tx: &mut Tx<'_>, task: &Task, member: MemberId) -> Result<bool, Error> {
    let standings = assignments::at_stage(tx, task).await?;
    let named = |assigned: &Assigned| assigned.standing == Standing::Accepted && assigned.origin == ESCALATION;
    Ok(standings.iter().any(|assigned| assigned.member_id == member && named(assigned)))
}

/// Whether a member is active, may review, and is one of those whom the task's stage asks, themself or in another's place.
pub(crate) async fn is_asked(tx: &mut Tx<'_>, task: &Task, member: MemberId, now: Timestamp) -> Result<bool, Error> {
    let found = members::get(tx, task.organization_id, member).await?;
    if !found.is_some_and(|found| found.may_review()) {
        return Ok(false);
    }
    let queue = queues::current(tx, task.queue_id).await?;
    let belonging = Belonging::of(tx, task.organization_id, member, [task.audience.as_str()].into_iter(), now).await?;
    Ok(belonging.acts(&queue, &task.audience).is_some())
}

/// Refuses to act for somebody who may not review the task themself, by how they stand to it: nobody gets round separation of duties by delegating.
pub(crate) fn stand_in(principal: Option<Standing>) -> Result<(), Refusal> {
    match principal {
        Some(Standing::Excluded) => {
            let refusal =
                Refusal::new(Code::SeparationOfDuties, "Whom you would act for submitted this task or reviewed an earlier stage of it.");
            Err(refusal.hint("Another reviewer has to decide here."))
        }
        Some(Standing::Submitted) => {
            Err(Refusal::new(Code::AlreadyReviewed, "Whom you would act for has reviewed this task at this stage."))
        }
        _ => Ok(()),
    }
}

/// The refusal of who is not asked.
pub(crate) fn not_a_reviewer(queue: &Queue) -> Refusal {
    Refusal::new(Code::NotAReviewer, format!("You are not a reviewer of the queue '{}' at this stage.", queue.key))
}
