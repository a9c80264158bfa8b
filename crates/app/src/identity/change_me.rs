//! What I change about myself: name, address, password.

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    id::SessionId,
    member::{Member, check_name, check_password, parse_email},
    permission::Action,
};
use signoff_store::{Command, Error, Query, Tx, members, sessions};

use super::{attempts, password};
use crate::{App, Caller, Principal, caller::detail};

/// What somebody changes about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelfChange {
    /// A new name.
    pub name: Option<String>,
    /// A new address.
    pub email: Option<String>,
    /// A new password.
    pub password: Option<String>,
    /// The password until now, when there is one and address or password change.
    pub current_password: Option<String>,
}

impl App {
    /// Changes what somebody says about themselves. Another password or address needs a console session and, if there is one, the password until now; another
    /// password ends all other sessions and the links that were not used.
    ///
    /// # Errors
    /// [`Code::PermissionDenied`] for an access token, [`Code::LoginFailed`] for a wrong password, [`Code::RateLimited`] after too many,
    /// [`Code::AlreadyExists`] for an address that is taken, validation errors, faults.
    pub async fn change_me(&self, caller: &Caller, change: SelfChange) -> Result<Member, Error> {
        caller.require(Action::SelfManage)?;
        if let Some(name) = &change.name {
            check_name("/name", name)?;
        }
        let email = change.email.as_deref().map(|email| parse_email("/email", email)).transpose()?;
        if let Some(new) = &change.password {
            check_password("/password", new)?;
        }
        let (before, old_hash) = self.read(FindSelf { caller: caller.clone() }).await?;
        let email = email.filter(|email| *email != before.email);
        let session = if let Principal::Member { session, .. } = caller.principal { session } else { None };
        let proves = change.password.is_some() || email.is_some();
        if proves {
            if session.is_none() {
                let refusal = Refusal::new(Code::PermissionDenied, "An access token changes neither address nor password.");
                return Err(refusal.hint("Do it in the console.").into());
            }
            if old_hash.is_some() {
                self.prove(&before.email, change.current_password, old_hash.clone()).await?;
            }
        }
        let hash = match change.password {
            Some(password) => Some(password::hash(password, self.moment().ids().salt()).await?),
            None => None,
        };
        let known = proves.then_some((before.email, old_hash));
        self.write(ChangeMe { caller: caller.clone(), moment: self.moment(), name: change.name, email, hash, known, session }).await
    }

    /// Checks the password until now; tries are counted as those of logins are.
    async fn prove(&self, email: &str, current: Option<String>, hash: Option<String>) -> Result<(), Error> {
        let current = current.ok_or_else(|| Refusal::invalid("/current_password", "The password until now is needed."))?;
        self.write(CountTry { email: email.into(), moment: self.moment() }).await?;
        if password::verify(current, hash).await? {
            return Ok(());
        }
        Err(Refusal::at(Code::LoginFailed, "/current_password", "This is not the password.").into())
    }
}

struct FindSelf {
    caller: Caller,
}

impl Query for FindSelf {
    type Out = (Member, Option<String>);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
        let id = self.caller.member()?.0;
        let member = members::get(tx, self.caller.organization_id, id).await?.ok_or_else(|| Refusal::not_found("member", id))?;
        Ok((member, members::password_hash(tx, id).await?))
    }
}

struct CountTry {
    email: String,
    moment: Moment,
}

impl Command for CountTry {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        attempts::count(tx, &self.email, self.moment.now).await
    }
}

struct ChangeMe {
    caller: Caller,
    moment: Moment,
    name: Option<String>,
    email: Option<String>,
    hash: Option<String>,
    /// The address and hash that the proof was made against, if one was needed.
    known: Option<(String, Option<String>)>,
    session: Option<SessionId>,
}

impl Command for ChangeMe {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        let (id, now) = (self.caller.member()?.0, self.moment.now);
        let organization = self.caller.organization_id;
        let member = members::lock(tx, organization, id).await?.ok_or_else(|| Refusal::not_found("member", id))?;
        if let Some((email, hash)) = &self.known {
            if members::password_hash(tx, id).await? != *hash {
                return Err(Refusal::new(Code::LoginFailed, "The password was changed meanwhile.").into());
            }
            attempts::forget(tx, email).await?;
        }
        if let Some(email) = &self.email
            && members::by_email(tx, organization, email).await?.is_some_and(|other| other.id != id)
        {
            return Err(Refusal::at(Code::AlreadyExists, "/email", "Another member has this address.").into());
        }
        let changed = Member {
            name: self.name.clone().unwrap_or_else(|| member.name.clone()),
            email: self.email.clone().unwrap_or_else(|| member.email.clone()),
            ..member.clone()
        };
        if changed != member {
            members::update(tx, &changed).await?;
        }
        if let Some(hash) = &self.hash {
            members::set_password_hash(tx, id, hash).await?;
            sessions::end_all(tx, id, self.session, now).await?;
            sessions::use_links(tx, id, now).await?;
        }
        let parts = [("name", changed.name != member.name), ("email", changed.email != member.email), ("password", self.hash.is_some())];
        let parts: Vec<_> = parts.into_iter().filter_map(|(part, is_changed)| is_changed.then_some(part)).collect();
        if !parts.is_empty() {
            let event = self.caller.event(EventType::MemberUpdated, &mut self.moment.ids(), now);
            tx.record([Event { detail: detail! { "member_id": id, "parts": parts }, ..event }]);
        }
        Ok(changed)
    }
}
