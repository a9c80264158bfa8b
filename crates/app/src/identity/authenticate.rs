//! Who a request is by.

use signoff_domain::{
    Code, Refusal, Timestamp,
    actor::Method,
    credential::{self, CredentialKind, Fingerprint, fingerprint},
    event::Channel,
    id::{MemberId, OrganizationId, SessionId, TokenId},
    member::MemberState,
};
use signoff_store::{Error, Query, Tx, credentials, members, sessions};

use super::{
    known::{Known, Used},
    sessions::is_open,
};
use crate::{App, Caller, Principal};

fn refused() -> Refusal {
    Refusal::new(Code::AuthenticationError, "Credentials are missing or not known.")
        .hint("Check the key, and whether it was revoked or has expired.")
}

impl App {
    /// Who an API key or access token belongs to. Unknown, revoked and expired ones are told apart by nobody.
    ///
    /// # Errors
    /// [`Code::AuthenticationError`], or a fault.
    pub async fn authenticate(&self, bearer: &str, channel: Channel) -> Result<Caller, Error> {
        let kind = credential::parse(bearer).ok_or_else(refused)?;
        self.identify(fingerprint(bearer), Ask::Bearer(kind), channel).await
    }

    /// Who a console session belongs to.
    ///
    /// # Errors
    /// [`Code::AuthenticationError`], or a fault.
    pub async fn authenticate_session(&self, secret: &str) -> Result<Caller, Error> {
        self.identify(fingerprint(secret), Ask::Session, Channel::Console).await
    }

    async fn identify(&self, secret: Fingerprint, ask: Ask, channel: Channel) -> Result<Caller, Error> {
        let now = self.now();
        if let Some(caller) = self.identities().recall(&secret, channel, now) {
            return Ok(caller);
        }
        let known = self.read(Identify { secret, ask, channel, now }).await?.ok_or_else(refused)?;
        let caller = known.caller.clone();
        self.identities().remember(secret, known);
        Ok(caller)
    }

    /// Forgets what is known of secrets, so that what this replica ended or changed is in force on it at once. Called after logouts, revocations and changes of
    /// members; other replicas follow within a second.
    pub fn forget_identities(&self) {
        self.identities().forget();
    }
}

#[derive(Clone, Copy)]
enum Ask {
    Bearer(CredentialKind),
    Session,
}

struct Identify {
    secret: Fingerprint,
    ask: Ask,
    channel: Channel,
    now: Timestamp,
}

impl Query for Identify {
    type Out = Option<Known>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        match self.ask {
            Ask::Bearer(CredentialKind::LiveKey | CredentialKind::TestKey) => self.key(tx).await,
            Ask::Bearer(CredentialKind::Token) => self.token(tx).await,
            Ask::Session => self.session(tx).await,
        }
    }
}

/// Whether a key or token can be used.
pub(super) fn in_force(revoked_at: Option<Timestamp>, expires_at: Option<Timestamp>, now: Timestamp) -> bool {
    revoked_at.is_none() && expires_at.is_none_or(|end| now < end)
}

impl Identify {
    fn known(&self, caller: Caller, used: Used, expires_at: Option<Timestamp>) -> Known {
        Known { caller, used, expires_at, asked_at: self.now }
    }

    async fn key(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        let key = credentials::key_by_secret(tx, &self.secret).await?;
        let Some(key) = key.filter(|key| in_force(key.revoked_at, key.expires_at, self.now)) else { return Ok(None) };
        let principal = Principal::Agent { key: key.id, name: key.name, scopes: key.scopes, queue_keys: key.queue_keys };
        let caller = Caller { organization_id: key.organization_id, principal, channel: self.channel };
        Ok(Some(self.known(caller, Used::Key(key.id), key.expires_at)))
    }

    async fn token(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        let token = credentials::token_by_secret(tx, &self.secret).await?;
        let Some(token) = token.filter(|token| in_force(token.revoked_at, token.expires_at, self.now)) else { return Ok(None) };
        let (id, member) = (token.id, token.member_id);
        let caller = self.member(tx, token.organization_id, member, None, Some(id)).await?;
        Ok(caller.map(|caller| self.known(caller, Used::Token(id, member), token.expires_at)))
    }

    async fn session(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        let session = sessions::by_secret(tx, &self.secret).await?;
        let Some(session) = session.filter(|session| is_open(session, self.now)) else { return Ok(None) };
        let (id, member) = (session.id, session.member_id);
        let caller = self.member(tx, session.organization_id, member, Some(id), None).await?;
        Ok(caller.map(|caller| self.known(caller, Used::Session(id, member), Some(session.expires_at))))
    }

    async fn member(
        &self,
        tx: &mut Tx<'_>,
        organization_id: OrganizationId,
        id: MemberId,
        session: Option<SessionId>,
        token: Option<TokenId>,
    ) -> Result<Option<Caller>, Error> {
        let member = members::get(tx, organization_id, id).await?.filter(|member| member.state == MemberState::Active);
        let method = if token.is_some() { Method::Token } else { Method::Session };
        Ok(member.map(|member| {
            let principal = Principal::Member { id, name: member.name, role: member.role, method, session, token };
            Caller { organization_id, principal, channel: self.channel }
        }))
    }
}
