//! Who a request is by.
//!
//! What is known of a secret is remembered for a second at most, so that what is revoked on any replica is out of force within a second on all of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::SignedDuration;
use signoff_domain::{
    Code, Refusal, Timestamp,
    actor::Method,
    credential::{self, CredentialKind, Fingerprint, fingerprint},
    event::Channel,
    id::{KeyId, MemberId, OrganizationId, SessionId, TokenId},
    member::MemberState,
};
use signoff_store::{Command, Error, Query, Tx, credentials, members, sessions};

use super::sessions::IDLE;
use crate::{App, Caller, Principal};

/// How long what is known of a secret is believed.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);
/// Secrets that are remembered; past that all are forgotten and asked for anew.
const REMEMBERED: usize = 10_000;
/// How often the last use of a credential is written down.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

/// What was used, for the note of its last use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Used {
    Key(KeyId),
    Token(TokenId),
    Session(SessionId, MemberId),
}

#[derive(Clone)]
struct Known {
    caller: Caller,
    used: Used,
    /// When the credential ends by itself.
    expires_at: Option<Timestamp>,
    asked_at: Timestamp,
}

#[derive(Default)]
struct Memory {
    known: HashMap<Fingerprint, Known>,
    /// When each credential was used last, if that is not written down yet.
    used: HashMap<Used, Timestamp>,
    /// When the last use was written down.
    noted: HashMap<Used, Timestamp>,
}

/// What is known of secrets, for a second.
#[derive(Clone, Default)]
pub struct Identities {
    memory: Arc<Mutex<Memory>>,
}

impl Identities {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        // What a panic left behind is at worst forgotten knowledge.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn recall(&self, secret: &Fingerprint, now: Timestamp) -> Option<Caller> {
        let mut memory = self.memory();
        let known = memory.known.get(secret)?;
        let fresh = now.duration_since(known.asked_at).abs() < BELIEVED && known.expires_at.is_none_or(|end| now < end);
        let (caller, used) = (known.caller.clone(), known.used);
        fresh.then(|| {
            memory.used.insert(used, now);
            caller
        })
    }

    fn remember(&self, secret: Fingerprint, known: Known) {
        let mut memory = self.memory();
        if memory.known.len() >= REMEMBERED {
            memory.known.clear();
        }
        memory.used.insert(known.used, known.asked_at);
        memory.known.insert(secret, known);
    }

    /// What was used since it was written down last, and not within the last minute.
    fn to_note(&self, now: Timestamp) -> Vec<(Used, Timestamp)> {
        let mut memory = self.memory();
        let used = std::mem::take(&mut memory.used);
        memory.noted.retain(|_, at| now.duration_since(*at) < NOTED);
        let (due, later): (Vec<_>, Vec<_>) = used.into_iter().partition(|(used, _)| !memory.noted.contains_key(used));
        memory.used.extend(later);
        memory.noted.extend(due.iter().map(|(used, _)| (*used, now)));
        due
    }
}

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
        self.identify(fingerprint(bearer), Ask::Bearer(kind, channel)).await
    }

    /// Who a console session belongs to.
    ///
    /// # Errors
    /// [`Code::AuthenticationError`], or a fault.
    pub async fn authenticate_session(&self, secret: &str) -> Result<Caller, Error> {
        self.identify(fingerprint(secret), Ask::Session).await
    }

    async fn identify(&self, secret: Fingerprint, ask: Ask) -> Result<Caller, Error> {
        let now = self.now();
        if let Some(caller) = self.identities().recall(&secret, now) {
            return Ok(caller);
        }
        let known = self.read(Identify { secret, ask, now }).await?.ok_or_else(refused)?;
        let caller = known.caller.clone();
        self.identities().remember(secret, known);
        Ok(caller)
    }

    /// Whether a caller who was let in before would be let in now, for answers that last.
    pub async fn is_still_welcome(&self, caller: &Caller) -> bool {
        matches!(self.read(StillWelcome { caller: caller.clone(), now: self.now() }).await, Ok(true))
    }

    /// Writes down when credentials were used last. Called by a worker now and then.
    ///
    /// # Errors
    /// A fault; nothing depends on it.
    pub async fn note_uses(&self) -> Result<(), Error> {
        let uses = self.identities().to_note(self.now());
        if uses.is_empty() { Ok(()) } else { self.write(NoteUses { uses }).await }
    }
}

#[derive(Clone, Copy)]
enum Ask {
    Bearer(CredentialKind, Channel),
    Session,
}

struct Identify {
    secret: Fingerprint,
    ask: Ask,
    now: Timestamp,
}

impl Query for Identify {
    type Out = Option<Known>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        match self.ask {
            Ask::Bearer(CredentialKind::LiveKey | CredentialKind::TestKey, channel) => self.key(tx, channel).await,
            Ask::Bearer(CredentialKind::Token, channel) => self.token(tx, channel).await,
            Ask::Session => self.session(tx).await,
        }
    }
}

impl Identify {
    fn in_force(&self, revoked_at: Option<Timestamp>, expires_at: Option<Timestamp>) -> bool {
        revoked_at.is_none() && expires_at.is_none_or(|end| self.now < end)
    }

    async fn key(&self, tx: &mut Tx<'_>, channel: Channel) -> Result<Option<Known>, Error> {
        let Some(key) = credentials::key_by_secret(tx, &self.secret).await? else { return Ok(None) };
        if !self.in_force(key.revoked_at, key.expires_at) {
            return Ok(None);
        }
        let principal = Principal::Agent { key: key.id, name: key.name, scopes: key.scopes, queue_keys: key.queue_keys };
        let caller = Caller { organization_id: key.organization_id, principal, channel };
        Ok(Some(Known { caller, used: Used::Key(key.id), expires_at: key.expires_at, asked_at: self.now }))
    }

    async fn token(&self, tx: &mut Tx<'_>, channel: Channel) -> Result<Option<Known>, Error> {
        let Some(token) = credentials::token_by_secret(tx, &self.secret).await? else { return Ok(None) };
        if !self.in_force(token.revoked_at, token.expires_at) {
            return Ok(None);
        }
        let caller = self.member(tx, token.organization_id, token.member_id, Method::Token, None, channel).await?;
        Ok(caller.map(|caller| Known { caller, used: Used::Token(token.id), expires_at: token.expires_at, asked_at: self.now }))
    }

    async fn session(&self, tx: &mut Tx<'_>) -> Result<Option<Known>, Error> {
        let Some(session) = sessions::by_secret(tx, &self.secret).await? else { return Ok(None) };
        let idle = self.now.duration_since(session.last_seen_at) >= IDLE;
        if idle || !self.in_force(session.ended_at, Some(session.expires_at)) {
            return Ok(None);
        }
        let (id, member) = (session.id, session.member_id);
        let caller = self.member(tx, session.organization_id, member, Method::Session, Some(id), Channel::Console).await?;
        Ok(caller.map(|caller| Known { caller, used: Used::Session(id, member), expires_at: Some(session.expires_at), asked_at: self.now }))
    }

    async fn member(
        &self,
        tx: &mut Tx<'_>,
        organization_id: OrganizationId,
        id: MemberId,
        method: Method,
        session: Option<SessionId>,
        channel: Channel,
    ) -> Result<Option<Caller>, Error> {
        let member = members::get(tx, organization_id, id).await?.filter(|member| member.state == MemberState::Active);
        Ok(member.map(|member| {
            let principal = Principal::Member { id, name: member.name, role: member.role, method, session };
            Caller { organization_id, principal, channel }
        }))
    }
}

struct StillWelcome {
    caller: Caller,
    now: Timestamp,
}

impl Query for StillWelcome {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        match &self.caller.principal {
            Principal::Operator => Ok(true),
            Principal::Agent { key, .. } => {
                let key = credentials::key(tx, self.caller.organization_id, *key).await?;
                Ok(key.is_some_and(|key| key.revoked_at.is_none() && key.expires_at.is_none_or(|end| self.now < end)))
            }
            Principal::Member { id, role, session, .. } => {
                let member = members::get(tx, self.caller.organization_id, *id).await?;
                let same = member.is_some_and(|member| member.state == MemberState::Active && member.role == *role);
                let Some(session) = session else { return Ok(same) };
                let session = sessions::get(tx, *id, *session).await?;
                Ok(same && session.is_some_and(|session| session.ended_at.is_none() && self.now < session.expires_at))
            }
        }
    }
}

struct NoteUses {
    uses: Vec<(Used, Timestamp)>,
}

impl Command for NoteUses {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for (used, at) in &self.uses {
            match used {
                Used::Key(id) => credentials::key_used(tx, *id, *at).await?,
                Used::Token(id) => credentials::token_used(tx, *id, *at).await?,
                Used::Session(id, member) => {
                    sessions::seen(tx, *id, *at).await?;
                    members::seen(tx, *member, *at).await?;
                }
            }
        }
        Ok(())
    }
}
