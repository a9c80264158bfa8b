//! How people become members: an invitation link, accepted with a name and a password.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    actor::Method,
    credential::fingerprint,
    event::{Channel, Event, EventType},
    id::{InvitationId, OrganizationId},
    member::{Member, MemberState, check_name, check_password, parse_email},
    moment::Ids,
    permission::{Action, Role},
};
use signoff_store::{
    Command, Error, Query, Tx,
    invitations::{self, Invitation},
    members,
};

use super::{
    Origin, password,
    sessions::{OpenedSession, open},
};
use crate::{App, Caller, Principal, caller::detail};

/// How long an invitation can be accepted.
const OPEN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Invites somebody.
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
        invite(tx, &self.caller, &self.moment, &mut self.moment.ids(), &email, self.role, &self.secret).await
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
    invitations::has_open(tx, organization, email, now).await
}

/// The invitations that were not taken back.
pub struct ListInvitations {
    /// Who asks.
    pub caller: Caller,
}

impl Query for ListInvitations {
    type Out = Vec<Invitation>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Invitation>, Error> {
        self.caller.require(Action::MemberManage)?;
        invitations::list(tx, self.caller.organization_id).await
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
            invitations::revoke(tx, invitation.id, self.moment.now).await?;
            let event = self.caller.event(EventType::InvitationRevoked, &mut self.moment.ids(), self.moment.now);
            tx.record([Event { detail: detail! { "invitation_id": invitation.id }, ..event }]);
        }
        Ok(())
    }
}

impl App {
    /// Accepts an invitation: makes the member and opens a session.
    ///
    /// # Errors
    /// [`Code::LinkExpired`], validation errors, faults.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: String,
        password: String,
        secret: &str,
        origin: Origin,
    ) -> Result<OpenedSession, Error> {
        check_name("/name", &name)?;
        check_password("/password", &password)?;
        let hash = password::hash(password, self.moment().ids().salt()).await?;
        let command = AcceptInvitation { token: token.into(), name, hash, secret: secret.into(), origin, moment: self.moment() };
        self.write(command).await
    }
}

/// Accepts an invitation; see [`App::accept_invitation`].
pub struct AcceptInvitation {
    token: String,
    name: String,
    hash: String,
    secret: String,
    origin: Origin,
    moment: Moment,
}

impl Command for AcceptInvitation {
    type Out = OpenedSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OpenedSession, Error> {
        let now = self.moment.now;
        let gone = || {
            Refusal::new(Code::LinkExpired, "This invitation was accepted or taken back, or its time is over.").hint("Ask for another one.")
        };
        let invitation = invitations::by_secret(tx, &fingerprint(&self.token)).await?.ok_or_else(gone)?;
        if invitation.accepted_at.is_some() || invitation.revoked_at.is_some() || invitation.expires_at <= now {
            return Err(gone().into());
        }
        if members::by_email(tx, invitation.organization_id, &invitation.email).await?.is_some() {
            return Err(Refusal::new(Code::AlreadyExists, "There is a member of this address already.").hint("Log in.").into());
        }
        let mut ids = self.moment.ids();
        let member = Member {
            id: ids.draw(),
            organization_id: invitation.organization_id,
            email: invitation.email,
            name: self.name.clone(),
            role: invitation.role,
            state: MemberState::Active,
            created_at: now,
            last_seen_at: None,
        };
        members::insert(tx, &member, Some(&self.hash)).await?;
        invitations::accept(tx, invitation.id, now).await?;
        let principal =
            Principal::Member { id: member.id, name: member.name.clone(), role: member.role, method: Method::Link, session: None };
        let caller = Caller { organization_id: member.organization_id, principal, channel: Channel::Console };
        let event = caller.event(EventType::MemberJoined, &mut ids, now);
        let detail = detail! { "member_id": member.id, "role": member.role.as_str(), "invitation_id": invitation.id };
        tx.record([Event { detail, ..event }]);
        open(tx, &member, &self.secret, &self.origin, Method::Link, &self.moment, &mut ids).await
    }
}
