//! Who I am, and what I change about myself.

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
    id::SessionId,
    member::{Member, check_name, check_password, parse_email},
    permission::Action,
};
use signoff_store::{
    Command, Error, Query, Tx,
    credentials::{self, ApiKey},
    members,
    organizations::{self, Organization},
    sessions,
};

use super::password;
use crate::{App, Caller, Principal, caller::detail};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The member, when it is a person.
    pub member: Option<Member>,
    /// Whether the member has a password.
    pub has_password: bool,
    /// The key, when it is a program.
    pub key: Option<ApiKey>,
    /// The organization.
    pub organization: Organization,
    /// What they may do.
    pub permissions: Vec<Action>,
}

/// Who is asking.
pub struct GetMe {
    /// Who asks.
    pub caller: Caller,
}

impl Query for GetMe {
    type Out = Me;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Me, Error> {
        let organization_id = self.caller.organization_id;
        let organization =
            organizations::get(tx, organization_id).await?.ok_or_else(|| Refusal::not_found("organization", organization_id))?;
        let permissions = Action::ALL.iter().copied().filter(|action| self.caller.may(*action)).collect();
        let (mut member, mut key, mut has_password) = (None, None, false);
        match &self.caller.principal {
            Principal::Member { id, .. } => {
                member = members::get(tx, organization_id, *id).await?;
                has_password = members::password_hash(tx, *id).await?.is_some();
            }
            Principal::Agent { key: id, .. } => key = credentials::key(tx, organization_id, *id).await?,
            Principal::Operator => {}
        }
        Ok(Me { member, has_password, key, organization, permissions })
    }
}

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
    /// Changes what somebody says about themselves. Another password or address needs the password until now; another password ends all other sessions.
    ///
    /// # Errors
    /// [`Code::LoginFailed`] for a wrong password, [`Code::AlreadyExists`] for an address that is taken, validation errors, faults.
    pub async fn change_me(&self, caller: &Caller, change: SelfChange) -> Result<Member, Error> {
        caller.require(Action::SelfManage)?;
        let id = caller.member()?.0;
        if let Some(name) = &change.name {
            check_name("/name", name)?;
        }
        let email = change.email.as_deref().map(|email| parse_email("/email", email)).transpose()?;
        if let Some(new) = &change.password {
            check_password("/password", new)?;
        }
        let before = self.read(FindPassword { caller: caller.clone() }).await?;
        if (change.password.is_some() || email.is_some()) && before.is_some() {
            let current =
                change.current_password.ok_or_else(|| Refusal::invalid("/current_password", "The password until now is needed."))?;
            if !password::verify(current, before.clone()).await? {
                return Err(Refusal::at(Code::LoginFailed, "/current_password", "This is not the password.").into());
            }
        }
        let salt = self.moment().ids().salt();
        let hash = match change.password {
            Some(password) => Some(password::hash(password, salt).await?),
            None => None,
        };
        let session = if let Principal::Member { session, .. } = caller.principal { session } else { None };
        let command = ChangeMe { caller: caller.clone(), moment: self.moment(), name: change.name, email, hash, before, session };
        debug_assert_eq!(command.caller.member().ok().map(|(id, _)| id), Some(id));
        self.write(command).await
    }
}

struct FindPassword {
    caller: Caller,
}

impl Query for FindPassword {
    type Out = Option<String>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<String>, Error> {
        members::password_hash(tx, self.caller.member()?.0).await
    }
}

/// Stores what somebody changed about themselves; see [`App::change_me`].
pub struct ChangeMe {
    caller: Caller,
    moment: Moment,
    name: Option<String>,
    email: Option<String>,
    hash: Option<String>,
    before: Option<String>,
    session: Option<SessionId>,
}

impl Command for ChangeMe {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        let (id, now) = (self.caller.member()?.0, self.moment.now);
        let organization = self.caller.organization_id;
        let member = members::lock(tx, organization, id).await?.ok_or_else(|| Refusal::not_found("member", id))?;
        if let Some(email) = self.email.as_ref().filter(|email| **email != member.email)
            && members::by_email(tx, organization, email).await?.is_some()
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
            if members::password_hash(tx, id).await? != self.before {
                return Err(Refusal::new(Code::LoginFailed, "The password was changed meanwhile.").into());
            }
            members::set_password_hash(tx, id, hash).await?;
            sessions::end_all(tx, id, self.session, now).await?;
        }
        let mut parts = Vec::new();
        for (part, is_changed) in
            [("name", changed.name != member.name), ("email", changed.email != member.email), ("password", self.hash.is_some())]
        {
            if is_changed {
                parts.push(part);
            }
        }
        if !parts.is_empty() {
            let event = self.caller.event(EventType::MemberUpdated, &mut self.moment.ids(), now);
            tx.record([Event { detail: detail! { "member_id": id, "parts": parts }, ..event }]);
        }
        Ok(changed)
    }
}
