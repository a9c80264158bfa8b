//! Answers to requests that carried an `Idempotency-Key`.

use signoff_domain::{Timestamp, id::OrganizationId};

use crate::{Error, Row, Tx};

crate::sql::statements! {
    GET = "SELECT fingerprint, reply FROM idempotency WHERE organization_id = $1 AND principal = $2 AND key = $3 AND expires_at > $4";
    DROP_EXPIRED = "DELETE FROM idempotency WHERE organization_id = $1 AND principal = $2 AND key = $3 AND expires_at <= $4";
    RESERVE = "INSERT INTO idempotency (organization_id, principal, key, fingerprint, reply, expires_at) VALUES ($1, $2, $3, $4, '', $5) \
        ON CONFLICT (organization_id, principal, key) DO NOTHING";
    KEEP = "UPDATE idempotency SET reply = $4 WHERE organization_id = $1 AND principal = $2 AND key = $3";
    SWEEP = "DELETE FROM idempotency WHERE (organization_id, principal, key) IN \
        (SELECT organization_id, principal, key FROM idempotency WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)";
}

/// Whose request it is and which key it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The key or member: `key_…`, `mem_…`.
    pub principal: String,
    /// The `Idempotency-Key`.
    pub key: String,
}

/// What was answered before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Of the request.
    pub fingerprint: Vec<u8>,
    /// The answer.
    pub reply: String,
}

/// What was answered to the same key.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, slot: &Slot, now: Timestamp) -> Result<Option<Kept>, Error> {
    let args = [slot.organization_id.into(), (&slot.principal).into(), (&slot.key).into(), now.into()];
    tx.opt(&GET, &args, |row: &Row<'_>| Ok(Kept { fingerprint: row.get(0)?, reply: row.get(1)? })).await
}

/// Takes a key for the request that is being carried out; answers false when another request has it. While that other one is under way this waits for its end.
///
/// # Errors
/// A fault.
pub async fn reserve(tx: &mut Tx<'_>, slot: &Slot, fingerprint: &[u8; 32], now: Timestamp, expires_at: Timestamp) -> Result<bool, Error> {
    let args = [slot.organization_id.into(), (&slot.principal).into(), (&slot.key).into(), now.into()];
    tx.exec(&DROP_EXPIRED, &args).await?;
    let args = [slot.organization_id.into(), (&slot.principal).into(), (&slot.key).into(), fingerprint.into(), expires_at.into()];
    Ok(tx.exec(&RESERVE, &args).await? == 1)
}

/// Keeps the answer for a key that was reserved in this transaction.
///
/// # Errors
/// A fault.
pub async fn keep(tx: &mut Tx<'_>, slot: &Slot, reply: &str) -> Result<(), Error> {
    let args = [slot.organization_id.into(), (&slot.principal).into(), (&slot.key).into(), reply.into()];
    tx.exec_one("idempotency", &KEEP, &args).await
}

/// Forgets what has expired, `most` at the most, the oldest first; answers how many.
///
/// # Errors
/// A fault.
pub async fn sweep(tx: &mut Tx<'_>, now: Timestamp, most: i64) -> Result<u64, Error> {
    tx.exec(&SWEEP, &[now.into(), most.into()]).await
}
