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
        if let Some(kept) = idempotency::get(tx, slot, self.now).await? {
            if kept.fingerprint != fingerprint {
                let detail = "This Idempotency-Key was used for another request.";
                return Err(Refusal::at(Code::IdempotencyMismatch, "Idempotency-Key", detail).into());
            }
            return serde_json::from_str(&kept.reply)
                .map_err(|error| Fault::Inconsistent { table: "idempotency", what: error.to_string() }.into());
        }
        let out = self.command.run(tx).await?;
        let reply = serde_json::to_string(&out).map_err(|error| Fault::Bug(error.to_string()))?;
        let expires_at = self.now.checked_add(jiff::SignedDuration::from_hours(HOURS)).unwrap_or(Timestamp::MAX);
        idempotency::put(tx, slot, &Kept { fingerprint: fingerprint.to_vec(), reply }, self.now, expires_at).await?;
        Ok(out)
    }
}
