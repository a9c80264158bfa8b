//! API keys of agents.

use jiff::SignedDuration;
use signoff_domain::{
    Moment, Refusal, Timestamp,
    credential::{self, CredentialKind, fingerprint},
    event::{Event, EventType},
    id::KeyId,
    permission::{Action, Scope},
    refusal::Places,
    text::{self, Limit},
};
use signoff_store::{
    Command, Error, Query, Tx,
    credentials::{self, ApiKey},
    queues,
};

use crate::{Caller, caller::detail};

/// Longest life of a key, in days, when it has an end.
const LONGEST: i64 = 365;
/// Most queues that a key is limited to.
const QUEUES: usize = 100;

/// Makes a key.
pub struct CreateKey {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What it is called; the agent's name.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The queues that it is limited to.
    pub queue_keys: Option<Vec<String>>,
    /// Live or test.
    pub kind: CredentialKind,
    /// After how many days it ends; never when left out.
    pub expires_in_days: Option<i64>,
    /// Fresh random bytes that the key is made from.
    pub random: [u8; 32],
}

impl Command for CreateKey {
    type Out = (ApiKey, String);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(ApiKey, String), Error> {
        self.caller.require(Action::KeyManage)?;
        let now = self.moment.now;
        let mut places = Places::default();
        text::check(&mut places, "/name", &self.name, Limit::line(1, 120));
        places.require(!self.scopes.is_empty(), "/scopes", "A key needs at least one scope.");
        let expires_at = expiry(&mut places, self.expires_in_days, now);
        if let Some(keys) = &self.queue_keys {
            places.require((1..=QUEUES).contains(&keys.len()), "/queue_keys", "Must name 1 to 100 queues; leave it out for all.");
        }
        let reads_all = self.scopes.contains(&Scope::AuditRead);
        let problem = "A key that is limited to queues cannot have audit:read: the log is of the whole organization.";
        places.require(!(reads_all && self.queue_keys.is_some()), "/scopes", problem);
        for (i, key) in self.queue_keys.iter().flatten().take(QUEUES).enumerate() {
            let there = queues::by_key(tx, self.caller.organization_id, key).await?.is_some();
            places.require(there, &format!("/queue_keys/{i}"), "There is no such queue.");
        }
        places.finish()?;
        let mut scopes = self.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let secret = credential::write(self.kind, &self.random);
        let mut ids = self.moment.ids();
        let key = ApiKey {
            id: ids.draw(),
            organization_id: self.caller.organization_id,
            name: self.name.clone(),
            mode: if self.kind == CredentialKind::TestKey { "test" } else { "live" }.into(),
            shown: credential::shown(&secret),
            scopes,
            queue_keys: self.queue_keys.clone(),
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        credentials::add_key(tx, &key, &fingerprint(&secret)).await?;
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let event = self.caller.event(EventType::KeyCreated, &mut ids, now);
        tx.record([Event { detail: detail! { "key_id": key.id, "name": key.name, "scopes": scopes }, ..event }]);
        Ok((key, secret))
    }
}

/// When something ends that lasts so many days.
pub(super) fn expiry(places: &mut Places, days: Option<i64>, now: Timestamp) -> Option<Timestamp> {
    let days = days?;
    places.require((1..=LONGEST).contains(&days), "/expires_in_days", "Must be from 1 to 365 days.");
    now.checked_add(SignedDuration::from_hours(24 * days.clamp(1, LONGEST))).ok()
}

/// A page of keys, newest first, the revoked ones among them.
pub struct ListKeys {
    /// Who asks.
    pub caller: Caller,
    /// After which one.
    pub after: Option<(Timestamp, KeyId)>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListKeys {
    type Out = Vec<ApiKey>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<ApiKey>, Error> {
        self.caller.require(Action::KeyManage)?;
        credentials::keys(tx, self.caller.organization_id, self.after, self.limit).await
    }
}

/// Ends a key, within a second on every replica.
pub struct RevokeKey {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: KeyId,
}

impl Command for RevokeKey {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::KeyManage)?;
        let key = credentials::key(tx, self.caller.organization_id, self.id).await?.ok_or_else(|| Refusal::not_found("key", self.id))?;
        if credentials::revoke_key(tx, key.id, self.moment.now).await? {
            let event = self.caller.event(EventType::KeyRevoked, &mut self.moment.ids(), self.moment.now);
            tx.record([Event { detail: detail! { "key_id": key.id, "name": key.name }, ..event }]);
        }
        Ok(())
    }
}
