//! Logging in: by password, or by a link that works once.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    actor::Method,
    credential::fingerprint,
    event::{Channel, Event, EventType},
    id::{MemberId, OrganizationId},
    member::{Member, MemberState, parse_email},
    moment::Ids,
    permission::Role,
};
use signoff_store::{
    Command, Error, Query, Tx,
    members::{self, Login},
    sessions::{self, LoginLink},
};

use super::{
    password,
    sessions::{OpenedSession, open},
};
use crate::{App, Caller, Principal, caller::detail};

/// How long a login link works.
const LINK: SignedDuration = SignedDuration::from_mins(30);
/// Refused logins in a row, after which an account has to wait.
const PATIENCE: i64 = 5;
/// How long it waits after the last refused one.
const WAIT: SignedDuration = SignedDuration::from_mins(15);

/// Where a login comes from, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// The address.
    pub address: Option<String>,
}

fn refused() -> Refusal {
    Refusal::new(Code::LoginFailed, "E-mail address and password do not fit together.")
}

impl App {
    /// Logs in by password. The hash is checked outside any transaction; the session is opened only if nothing changed meanwhile.
    ///
    /// # Errors
    /// [`Code::LoginFailed`], [`Code::RateLimited`] after too many refused logins, or a fault.
    pub async fn login(&self, email: &str, password: String, secret: &str, origin: Origin) -> Result<OpenedSession, Error> {
        let email = parse_email("/email", email).map_err(|_| refused())?;
        let logins = self.read(FindLogins { email }).await?;
        if logins.is_empty() {
            password::verify(password, None).await?;
            return Err(refused().into());
        }
        let now = self.now();
        let waiting = logins.iter().filter_map(|login| wait(login, now)).max();
        for login in logins.iter().filter(|login| wait(login, now).is_none()) {
            if password::verify(password.clone(), Some(login.password_hash.clone())).await? {
                let opening = OpenSession { login: login.clone(), secret: secret.into(), origin, moment: self.moment() };
                return self.write(opening).await;
            }
            self.write(NoteFailure { login: login.clone(), moment: self.moment() }).await?;
        }
        Err(waiting.map_or_else(refused, |seconds| Refusal {
            retry_after: Some(seconds),
            ..Refusal::new(Code::RateLimited, "Too many logins were refused for this account. Wait, then try again.")
        }))?
    }
}

/// For how many seconds an account takes no login.
fn wait(login: &Login, now: Timestamp) -> Option<u32> {
    let last = login.failed_at.filter(|_| login.failed_logins >= PATIENCE)?;
    let left = WAIT - now.duration_since(last);
    u32::try_from(left.as_secs()).ok().filter(|seconds| *seconds > 0)
}

struct FindLogins {
    email: String,
}

impl Query for FindLogins {
    type Out = Vec<Login>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Login>, Error> {
        members::logins(tx, &self.email).await
    }
}

struct OpenSession {
    login: Login,
    secret: String,
    origin: Origin,
    moment: Moment,
}

impl Command for OpenSession {
    type Out = OpenedSession;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OpenedSession, Error> {
        let member = active(tx, self.login.organization_id, self.login.id).await?.ok_or_else(refused)?;
        // The password may have been changed while the old one was checked.
        if members::password_hash(tx, member.id).await?.as_deref() != Some(&self.login.password_hash) {
            return Err(refused().into());
        }
        members::set_failed_logins(tx, member.id, 0, None).await?;
        open(tx, &member, &self.secret, &self.origin, Method::Session, &self.moment, &mut self.moment.ids()).await
    }
}

struct NoteFailure {
    login: Login,
    moment: Moment,
}

impl Command for NoteFailure {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let now = self.moment.now;
        let Some(member) = active(tx, self.login.organization_id, self.login.id).await? else { return Ok(()) };
        // Another request may have counted meanwhile: count from what is there now.
        let logins = members::logins(tx, &member.email).await?;
        let before = logins.iter().find(|login| login.id == member.id);
        let recent = before.filter(|login| login.failed_at.is_some_and(|at| now.duration_since(at) < WAIT));
        members::set_failed_logins(tx, member.id, recent.map_or(0, |login| login.failed_logins) + 1, Some(now)).await?;
        let caller = Caller { organization_id: member.organization_id, principal: Principal::Operator, channel: Channel::Console };
        let event = caller.event(EventType::LoginFailed, &mut self.moment.ids(), now);
        let actor = signoff_domain::actor::Actor { name: "login".into(), ..event.actor.clone() };
        tx.record([Event { actor, detail: detail! { "member_id": member.id }, ..event }]);
        Ok(())
    }
}

async fn active(tx: &mut Tx<'_>, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    Ok(members::lock(tx, organization, id).await?.filter(|member| member.state == MemberState::Active))
}

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
        let all = members::all(tx, self.organization_id).await?;
        let mut active = all.into_iter().filter(|member| member.state == MemberState::Active);
        let member = match &self.email {
            Some(email) => active.find(|member| member.email == email.to_lowercase()),
            None => active.find(|member| member.role == Role::Owner),
        };
        let member = member.ok_or_else(|| Refusal::not_found("active member", self.email.as_deref().unwrap_or("owner")))?;
        let caller = Caller::operator(self.organization_id);
        make_link(tx, &caller, &member, &self.secret, &self.moment, &mut self.moment.ids()).await?;
        Ok(member)
    }
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
    let expires_at = moment.now.checked_add(LINK).unwrap_or(Timestamp::MAX);
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
