//! Links that log a member in once.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    actor::Method,
    credential::fingerprint,
    event::{Event, EventType},
    id::OrganizationId,
    member::{Member, MemberState, parse_email},
    moment::Ids,
    permission::Role,
};
use signoff_store::{
    Command, Error, Tx, members,
    sessions::{self, LoginLink},
};

use super::{
    Origin,
    login::active,
    sessions::{OpenedSession, open},
};
use crate::{Caller, caller::detail};

/// How long a login link works.
const OPEN: SignedDuration = SignedDuration::from_mins(30);

/// Makes a link that logs a member in once; for the operator.
pub struct LoginLinkFor {
    /// For whom; the oldest active owner when left out.
    pub email: Option<String>,
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// The link's secret.
    pub secret: String,
    /// When.
    pub moment: Moment,
}

impl Command for LoginLinkFor {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        let found = match &self.email {
            Some(email) => members::by_email(tx, self.organization_id, &parse_email("/email", email)?).await?,
            None => {
                members::all(tx, self.organization_id).await?.into_iter().find(|member| can_log_in(member) && member.role == Role::Owner)
            }
        };
        let member =
            found.filter(can_log_in).ok_or_else(|| Refusal::not_found("active member", self.email.as_deref().unwrap_or("owner")))?;
        let caller = Caller::operator(self.organization_id);
        make_link(tx, &caller, &member, &self.secret, &self.moment, &mut self.moment.ids()).await?;
        Ok(member)
    }
}

fn can_log_in(member: &Member) -> bool {
    member.state == MemberState::Active
}

/// Makes a link that logs a member in once, and records it.
pub(super) async fn make_link(
    tx: &mut Tx<'_>,
    caller: &Caller,
    member: &Member,
    secret: &str,
    moment: &Moment,
    ids: &mut Ids,
) -> Result<(), Error> {
    let expires_at = moment.now.checked_add(OPEN).unwrap_or(Timestamp::MAX);
    let link = LoginLink { organization_id: member.organization_id, member_id: member.id, expires_at, used_at: None };
    sessions::add_link(tx, &link, &fingerprint(secret), moment.now).await?;
    let event = caller.event(EventType::LoginLinkCreated, ids, moment.now);
    tx.record([Event { detail: detail! { "member_id": member.id }, ..event }]);
    Ok(())
}

/// Exchanges a one-time link for a session.
pub struct UseLoginLink {
    /// The link's secret.
    pub token: String,
    /// The session's secret.
    pub secret: String,
    /// Where it comes from.
    pub origin: Origin,
    /// When.
    pub moment: Moment,
}

impl Command for UseLoginLink {
    type Out = OpenedSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OpenedSession, Error> {
        let gone = || Refusal::new(Code::LinkExpired, "This link was used before, or its time is over.").hint("Ask for another one.");
        let secret = fingerprint(&self.token);
        let link = sessions::link(tx, &secret).await?.ok_or_else(gone)?;
        if link.used_at.is_some() || link.expires_at <= self.moment.now {
            return Err(gone().into());
        }
        sessions::use_link(tx, &secret, self.moment.now).await?;
        let member = active(tx, link.organization_id, link.member_id).await?.ok_or_else(gone)?;
        open(tx, &member, &self.secret, &self.origin, Method::Link, &self.moment, &mut self.moment.ids()).await
    }
}
