//! `Idempotency-Key`: the same key and request get the same answer, and one effect.

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{Code, Refusal, Timestamp};
use signoff_store::{
    Command, Error, Fault, Tx,
    idempotency::{self, Kept, Slot},
};

/// How long an answer is kept, in hours.
const HOURS: i64 = 24;

/// The key that a request carries, and what the request was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// Whose it is, and the key.
    pub slot: Slot,
    /// SHA-256 of method, path and body.
    pub fingerprint: [u8; 32],
}

/// A command that is carried out once for a key. The answer commits with its effect; a second request meanwhile waits for the first.
pub(crate) struct Idempotent<C> {
    pub(crate) idempotency: Idempotency,
    pub(crate) command: C,
    pub(crate) now: Timestamp,
}

impl<C> Command for Idempotent<C>
where
    C: Command,
    C::Out: Serialize + DeserializeOwned + Sync,
{
    type Out = C::Out;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<C::Out, Error> {
        let Idempotency { slot, fingerprint } = &self.idempotency;
        let expires_at = self.now.checked_add(jiff::SignedDuration::from_hours(HOURS)).unwrap_or(Timestamp::MAX);
        // The key is taken before anything is decided: a second request must find the first one's answer, not the state that it left.
        if !idempotency::reserve(tx, slot, fingerprint, self.now, expires_at).await? {
            let kept = idempotency::get(tx, slot, self.now).await?;
            return answer(kept.ok_or_else(|| Fault::Conflict("the request that had this key was undone".into()))?, fingerprint);
        }
        let out = self.command.run(tx).await?;
        let reply = serde_json::to_string(&out).map_err(|error| Fault::Bug(error.to_string()))?;
        idempotency::keep(tx, slot, &reply).await?;
        Ok(out)
    }
}

fn answer<T: DeserializeOwned>(kept: Kept, fingerprint: &[u8; 32]) -> Result<T, Error> {
    if kept.fingerprint != fingerprint {
        let detail = "This Idempotency-Key was used for another request.";
        return Err(Refusal::at(Code::IdempotencyMismatch, "Idempotency-Key", detail).into());
    }
    serde_json::from_str(&kept.reply).map_err(|error| Fault::Inconsistent { table: "idempotency", what: error.to_string() }.into())
}
