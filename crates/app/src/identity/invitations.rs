//! Invitations to become a member: made, listed, taken back.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    credential::fingerprint,
    event::{Event, EventType},
    id::{InvitationId, OrganizationId},
    member::parse_email,
    moment::Ids,
    permission::{Action, Role},
};
use signoff_store::{
    Command, Error, Query, Tx,
    invitations::{self, Invitation},
    members,
};

use crate::{Caller, caller::detail};

/// How long an invitation can be accepted.
const OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Invites somebody. Invitations of the same address that are open are taken back: the newest link alone works.
pub struct CreateInvitation {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// The link's secret.
    pub secret: String,
}

impl Command for CreateInvitation {
    type Out = Invitation;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Invitation, Error> {
        self.caller.require(Action::MemberManage)?;
        let email = parse_email("/email", &self.email)?;
        if members::by_email(tx, self.caller.organization_id, &email).await?.is_some() {
            return Err(Refusal::at(Code::AlreadyExists, "/email", "There is a member of this address already.").into());
        }
        let mut ids = self.moment.ids();
        for id in invitations::open_of(tx, self.caller.organization_id, &email, self.moment.now).await? {
            revoke(tx, &self.caller, id, &self.moment, &mut ids).await?;
        }
        invite(tx, &self.caller, &self.moment, &mut ids, &email, self.role, &self.secret).await
    }
}

/// Invites the owner of an address that belongs to no member.
pub(crate) async fn invite(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    email: &str,
    role: Role,
    secret: &str,
) -> Result<Invitation, Error> {
    if role == Role::Owner && caller.role() != Some(Role::Owner) {
        return Err(Refusal::at(Code::PermissionDenied, "/role", "Only an owner invites owners.").into());
    }
    let invitation = Invitation {
        id: ids.draw(),
        organization_id: caller.organization_id,
        email: email.into(),
        role,
        created_at: moment.now,
        expires_at: moment.now.checked_add(OPEN).unwrap_or(Timestamp::MAX),
        accepted_at: None,
        revoked_at: None,
    };
    invitations::insert(tx, &invitation, &fingerprint(secret)).await?;
    let event = caller.event(EventType::MemberInvited, ids, moment.now);
    tx.record([Event { detail: detail! { "invitation_id": invitation.id, "role": role.as_str() }, ..event }]);
    Ok(invitation)
}

/// Whether an address has an invitation that can be accepted.
pub(crate) async fn has_open_invitation(tx: &mut Tx<'_>, organization: OrganizationId, email: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(!invitations::open_of(tx, organization, email, now).await?.is_empty())
}

/// A page of the invitations that were not taken back, newest first.
pub struct ListInvitations {
    /// Who asks.
    pub caller: Caller,
    /// After which one.
    pub after: Option<(Timestamp, InvitationId)>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListInvitations {
    type Out = Vec<Invitation>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Invitation>, Error> {
        self.caller.require(Action::MemberManage)?;
        invitations::page(tx, self.caller.organization_id, self.after, self.limit).await
    }
}

/// Takes an invitation back.
pub struct RevokeInvitation {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: InvitationId,
}

impl Command for RevokeInvitation {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::MemberManage)?;
        let invitation = invitations::get(tx, self.caller.organization_id, self.id).await?;
        let invitation = invitation.ok_or_else(|| Refusal::not_found("invitation", self.id))?;
        if invitation.accepted_at.is_some() {
            return Err(Refusal::new(Code::LinkExpired, "The invitation was accepted.").hint("Disable the member instead.").into());
        }
        if invitation.revoked_at.is_none() {
            revoke(tx, &self.caller, invitation.id, &self.moment, &mut self.moment.ids()).await?;
        }
        Ok(())
    }
}

async fn revoke(tx: &mut Tx<'_>, caller: &Caller, id: InvitationId, moment: &Moment, ids: &mut Ids) -> Result<(), Error> {
    invitations::revoke(tx, id, moment.now).await?;
    let event = caller.event(EventType::InvitationRevoked, ids, moment.now);
    tx.record([Event { detail: detail! { "invitation_id": id }, ..event }]);
    Ok(())
}
