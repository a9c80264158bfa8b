//! What is known of secrets, believed for a second at most; and when credentials were used last.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::SignedDuration;
use signoff_domain::{
    Timestamp,
    credential::Fingerprint,
    event::Channel,
    id::{KeyId, MemberId, SessionId, TokenId},
};

use crate::Caller;

/// How long what is known of a secret is believed. What is revoked on another replica is out of force here after it.
const BELIEVED: SignedDuration = SignedDuration::from_secs(1);
/// Secrets that are remembered; past that all are forgotten and asked for anew.
const REMEMBERED: usize = 10_000;
/// How often the last use of a credential is written down.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

/// What was used, for the note of its last use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Used {
    Key(KeyId),
    Token(TokenId, MemberId),
    Session(SessionId, MemberId),
}

/// What the database said about a secret.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) caller: Caller,
    pub(super) used: Used,
    /// When the credential ends by itself.
    pub(super) expires_at: Option<Timestamp>,
    /// When the database was asked: before it answered.
    pub(super) asked_at: Timestamp,
}

impl Known {
    fn holds(&self, now: Timestamp) -> bool {
        now.duration_since(self.asked_at).abs() < BELIEVED && self.expires_at.is_none_or(|end| now < end)
    }
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

    /// Whose secret it is, if that was asked within the last second. `channel` is the one of this request, for what is not a session.
    pub(super) fn recall(&self, secret: &Fingerprint, channel: Channel, now: Timestamp) -> Option<Caller> {
        let mut memory = self.memory();
        let known = memory.known.get(secret).filter(|known| known.holds(now))?;
        let (caller, used) = (Caller { channel, ..known.caller.clone() }, known.used);
        memory.used.insert(used, now);
        Some(caller)
    }

    /// Keeps what the database said.
    pub(super) fn remember(&self, secret: Fingerprint, known: Known) {
        let mut memory = self.memory();
        if memory.known.len() >= REMEMBERED {
            memory.known.clear();
        }
        memory.used.insert(known.used, known.asked_at);
        memory.known.insert(secret, known);
    }

    /// Forgets everything that is known: what was changed here is in force here at once.
    pub(super) fn forget(&self) {
        self.memory().known.clear();
    }

    /// What was used since it was written down last, and not within the last minute; in one order on every replica.
    pub(super) fn to_note(&self, now: Timestamp) -> Vec<(Used, Timestamp)> {
        let mut memory = self.memory();
        let used = std::mem::take(&mut memory.used);
        memory.noted.retain(|_, at| now.duration_since(*at) < NOTED);
        let (mut due, later): (Vec<_>, Vec<_>) = used.into_iter().partition(|(used, _)| !memory.noted.contains_key(used));
        memory.used.extend(later);
        memory.noted.extend(due.iter().map(|(used, _)| (*used, now)));
        due.sort_unstable();
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Principal;
    use signoff_domain::id::OrganizationId;
    use uuid::Uuid;

    fn known(asked_at: Timestamp, expires_at: Option<Timestamp>) -> Known {
        let caller = Caller { organization_id: OrganizationId(Uuid::from_u128(1)), principal: Principal::Operator, channel: Channel::Api };
        Known { caller, used: Used::Key(KeyId(Uuid::from_u128(2))), expires_at, asked_at }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_764_000_000_000 + millis).unwrap()
    }

    #[test]
    fn what_is_known_is_believed_for_less_than_a_second_and_not_past_its_end() {
        let identities = Identities::default();
        identities.remember([1; 32], known(at(0), None));
        identities.remember([2; 32], known(at(0), Some(at(500))));
        assert!(identities.recall(&[1; 32], Channel::Api, at(999)).is_some());
        assert!(identities.recall(&[1; 32], Channel::Api, at(1_000)).is_none());
        assert!(identities.recall(&[1; 32], Channel::Api, at(-1_000)).is_none(), "a clock that was set back");
        assert!(identities.recall(&[2; 32], Channel::Api, at(499)).is_some());
        assert!(identities.recall(&[2; 32], Channel::Api, at(500)).is_none());
        assert_eq!(identities.recall(&[1; 32], Channel::Cli, at(1)).unwrap().channel, Channel::Cli);
        identities.forget();
        assert!(identities.recall(&[1; 32], Channel::Api, at(1)).is_none());
    }

    #[test]
    fn a_use_is_noted_once_a_minute_and_none_is_lost() {
        let identities = Identities::default();
        identities.remember([1; 32], known(at(0), None));
        assert_eq!(identities.to_note(at(10)).len(), 1);
        identities.recall(&[1; 32], Channel::Api, at(500)).unwrap();
        assert!(identities.to_note(at(600)).is_empty(), "noted a moment ago");
        assert_eq!(identities.to_note(at(60_010)), [(Used::Key(KeyId(Uuid::from_u128(2))), at(500))]);
        assert!(identities.to_note(at(200_000)).is_empty(), "not used since");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let identities = Identities::default();
        for number in 0..=REMEMBERED {
            let mut secret = [0; 32];
            secret[..8].copy_from_slice(&number.to_be_bytes());
            identities.remember(secret, known(at(0), None));
        }
        assert_eq!(identities.memory().known.len(), 1);
    }
}
