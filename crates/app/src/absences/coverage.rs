//! What would be left without anybody in a time to come.

use signoff_domain::{
    Timestamp,
    availability::Availability,
    delegation::{Absence, Need, Staff, Uncovered, preview},
    id::{AbsenceId, MemberId},
    permission::Action,
};
use signoff_store::{Error, Query, Tx, absences, members, queues, workloads};

use super::require_member;
use crate::Caller;

/// Which queues would be without somebody between two instants, were a member absent then as well.
pub struct PreviewAbsence {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// Who would be absent, beside those who are known to be.
    pub member_id: Option<MemberId>,
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

impl Query for PreviewAbsence {
    type Out = Vec<Uncovered>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Uncovered>, Error> {
        self.caller.require(Action::MemberRead)?;
        let organization = self.caller.organization_id;
        let mut away = absences::all::<Absence>(tx, organization, self.now).await?;
        if let Some(member_id) = self.member_id {
            require_member(tx, organization, member_id, "member_id").await?;
            let planned = Absence {
                id: AbsenceId(organization.0),
                member_id,
                starts_at: self.from,
                ends_at: self.to,
                open_work: signoff_domain::delegation::OpenWork::Keep,
                reason: None,
            };
            planned.validate()?;
            away.push(planned);
        }
        let queues: Vec<_> = queues::all(tx, organization).await?.into_iter().filter(|queue| queue.deleted_at.is_none()).collect();
        let known = workloads::availabilities::<Availability>(tx, organization).await?;
        let skills = |member: MemberId| {
            let found = known.iter().find(|(known, _)| *known == member);
            found.map(|(_, availability)| availability.skills.clone()).unwrap_or_default()
        };
        let staff = members::reviewers(tx, organization).await?.into_iter().map(|member_id| Staff {
            member_id,
            queue_keys: queues.iter().filter(|queue| queue.config.lets_review(member_id)).map(|queue| queue.key.clone()).collect(),
            skills: skills(member_id),
        });
        let staff: Vec<Staff> = staff.collect();
        let needs = queues.iter().map(|queue| Need { queue_key: queue.key.clone(), skills: queue.config.routing.skills.clone() });
        Ok(preview(self.from, self.to, &needs.collect::<Vec<_>>(), &staff, &away))
    }
}
