//! Who is a member, and what administrators change about them.

use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    event::{Event, EventType},
    id::MemberId,
    member::{self, Member, MemberChange, MemberState},
    moment::Ids,
    permission::Action,
};
use signoff_store::{Command, Error, Query, Tx, credentials, members, sessions};

use crate::{Caller, caller::detail, tasks::withdraw};

/// A page of members, oldest first.
pub struct ListMembers {
    /// Who asks.
    pub caller: Caller,
    /// After which one.
    pub after: Option<(Timestamp, MemberId)>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListMembers {
    type Out = Vec<Member>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Member>, Error> {
        self.caller.require(Action::MemberRead)?;
        members::page(tx, self.caller.organization_id, self.after, self.limit).await
    }
}

/// A member.
pub struct GetMember {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub id: MemberId,
}

impl Query for GetMember {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        self.caller.require(Action::MemberRead)?;
        let member = members::get(tx, self.caller.organization_id, self.id).await?;
        member.ok_or_else(|| Refusal::not_found("member", self.id).into())
    }
}

/// Changes a member. Who is disabled is logged out at once; their access tokens and links end for good. Who may review no longer holds no task.
pub struct ChangeMember {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Whom.
    pub id: MemberId,
    /// How.
    pub change: MemberChange,
}

impl Command for ChangeMember {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        self.caller.require(Action::MemberManage)?;
        // Owners first, by id: two owners who change each other wait in one order, and nobody has to run again.
        members::lock_owners(tx, self.caller.organization_id).await?;
        let member = members::lock(tx, self.caller.organization_id, self.id).await?;
        let member = member.ok_or_else(|| Refusal::not_found("member", self.id))?;
        change_member(tx, &self.caller, &self.moment, &mut self.moment.ids(), &member, &self.change).await
    }
}

/// Changes a member who was read in this transaction.
pub(crate) async fn change_member(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    member: &Member,
    change: &MemberChange,
) -> Result<Member, Error> {
    let by = caller.role().ok_or_else(|| Refusal::new(Code::PermissionDenied, "An API key cannot change members."))?;
    let owners = members::lock_owners(tx, member.organization_id).await?;
    let others = owners.iter().filter(|owner| **owner != member.id).count();
    let changed = member::change(member, change, by, i64::try_from(others).unwrap_or(i64::MAX))?;
    if changed == *member {
        return Ok(changed);
    }
    members::update(tx, &changed).await?;
    if changed.state == MemberState::Disabled {
        sessions::end_all(tx, member.id, None, moment.now).await?;
        sessions::use_links(tx, member.id, moment.now).await?;
        credentials::revoke_tokens(tx, member.id, moment.now).await?;
    }
    if member.may_review() && !changed.may_review() {
        withdraw(tx, caller, moment, ids, member.id).await?;
    }
    let detail = detail! { "member_id": member.id, "role": changed.role.as_str(), "state": changed.state.as_str() };
    let event = caller.event(EventType::MemberUpdated, ids, moment.now);
    tx.record([Event { detail, ..event }]);
    Ok(changed)
}
