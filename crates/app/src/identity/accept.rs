//! How people become members: an invitation link, accepted with a name and a password.

use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    actor::Method,
    credential::fingerprint,
    event::{Channel, Event, EventType},
    member::{Member, MemberState, check_name, check_password},
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
        // A link that leads nowhere costs no hash.
        self.read(CheckLink { token: token.into(), now: self.now() }).await?;
        let hash = password::hash(password, self.moment().ids().salt()).await?;
        let command = AcceptInvitation { token: token.into(), name, hash, secret: secret.into(), origin, moment: self.moment() };
        self.write(command).await
    }
}

/// The invitation, if it can be accepted.
fn still_open(invitation: Option<Invitation>, now: Timestamp) -> Result<Invitation, Refusal> {
    let open = |invitation: &Invitation| invitation.accepted_at.is_none() && invitation.revoked_at.is_none() && now < invitation.expires_at;
    invitation.filter(open).ok_or_else(|| {
        Refusal::new(Code::LinkExpired, "This invitation was accepted or taken back, or its time is over.").hint("Ask for another one.")
    })
}

struct CheckLink {
    token: String,
    now: Timestamp,
}

impl Query for CheckLink {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        still_open(invitations::by_secret(tx, &fingerprint(&self.token)).await?, self.now)?;
        Ok(())
    }
}

struct AcceptInvitation {
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
        let invitation = still_open(invitations::lock_by_secret(tx, &fingerprint(&self.token)).await?, now)?;
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
        let principal = Principal::Member {
            id: member.id,
            name: member.name.clone(),
            role: member.role,
            method: Method::Link,
            session: None,
            token: None,
        };
        let caller = Caller { organization_id: member.organization_id, principal, channel: Channel::Console };
        let event = caller.event(EventType::MemberJoined, &mut ids, now);
        let detail = detail! { "member_id": member.id, "role": member.role.as_str(), "invitation_id": invitation.id };
        tx.record([Event { detail, ..event }]);
        open(tx, &member, &self.secret, &self.origin, Method::Link, &self.moment, &mut ids).await
    }
}
