//! Logging in by password.

use signoff_domain::{
    Code, Moment, Refusal,
    actor::{Actor, Method},
    event::{Channel, Event, EventType},
    id::{MemberId, OrganizationId},
    member::{Member, MemberState, parse_email},
};
use signoff_store::{
    Command, Error, Tx,
    members::{self, Login},
};

use super::{
    attempts, password,
    sessions::{OpenedSession, open},
};
use crate::{App, Caller, Principal, caller::detail};

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
    /// Logs in by password. The try is counted first; the hash is checked outside any transaction; the session is opened only if nothing changed meanwhile. An
    /// address that several organizations know opens the one whose password it is.
    ///
    /// # Errors
    /// [`Code::LoginFailed`], [`Code::RateLimited`] after too many tries, or a fault.
    pub async fn login(&self, email: &str, password: String, secret: &str, origin: Origin) -> Result<OpenedSession, Error> {
        let email = parse_email("/email", email).map_err(|_| refused())?;
        let logins = self.write(CountTry { email: email.clone(), moment: self.moment() }).await?;
        if logins.is_empty() {
            password::verify(password, None).await?;
            return Err(refused().into());
        }
        for login in &logins {
            if password::verify(password.clone(), Some(login.password_hash.clone())).await? {
                let opening = OpenSession { email, login: login.clone(), secret: secret.into(), origin, moment: self.moment() };
                return self.write(opening).await;
            }
        }
        self.write(NoteFailure { logins, moment: self.moment() }).await?;
        Err(refused().into())
    }
}

/// Counts the try; answers what it is checked against.
struct CountTry {
    email: String,
    moment: Moment,
}

impl Command for CountTry {
    type Out = Vec<Login>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Login>, Error> {
        attempts::count(tx, &self.email, self.moment.now).await?;
        members::logins(tx, &self.email).await
    }
}

struct OpenSession {
    email: String,
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
        attempts::forget(tx, &self.email).await?;
        open(tx, &member, &self.secret, &self.origin, Method::Session, &self.moment, &mut self.moment.ids()).await
    }
}

struct NoteFailure {
    logins: Vec<Login>,
    moment: Moment,
}

impl Command for NoteFailure {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mut ids = self.moment.ids();
        for login in &self.logins {
            // Nobody has proved who they are: the server itself says what it refused.
            let caller = Caller { organization_id: login.organization_id, principal: Principal::Operator, channel: Channel::Console };
            let event = caller.event(EventType::LoginFailed, &mut ids, self.moment.now);
            let actor = Actor { name: "login".into(), ..event.actor.clone() };
            tx.record([Event { actor, detail: detail! { "member_id": login.id }, ..event }]);
        }
        Ok(())
    }
}

/// The member, locked, if they can log in.
pub(super) async fn active(tx: &mut Tx<'_>, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    Ok(members::lock(tx, organization, id).await?.filter(|member| member.state == MemberState::Active))
}
