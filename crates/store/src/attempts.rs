//! Logins that were tried, counted for each address so that all replicas agree on when to refuse.

use signoff_domain::{Timestamp, credential::Fingerprint};

use crate::{Error, Row, Tx};

crate::sql::statements! {
    COUNT = "INSERT INTO login_attempts (address_hash, tries, since) VALUES ($1, 1, $2) ON CONFLICT (address_hash) DO UPDATE SET \
        tries = CASE WHEN login_attempts.since <= $3 THEN 1 ELSE login_attempts.tries + 1 END, \
        since = CASE WHEN login_attempts.since <= $3 THEN $2 ELSE login_attempts.since END \
        RETURNING tries, since";
    FORGET = "DELETE FROM login_attempts WHERE address_hash = $1";
    SWEEP = "DELETE FROM login_attempts WHERE since <= $1";
}

/// How often a login was tried within the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// How often, this time included.
    pub tries: i64,
    /// When the window began.
    pub since: Timestamp,
}

/// Counts one more try. A window that began at or before `stale` is over: counting starts again.
///
/// # Errors
/// A fault.
pub async fn count(tx: &mut Tx<'_>, address: &Fingerprint, now: Timestamp, stale: Timestamp) -> Result<Attempts, Error> {
    let read = |row: &Row<'_>| Ok(Attempts { tries: row.get(0)?, since: row.get(1)? });
    let counted = tx.opt(&COUNT, &[address.into(), now.into(), stale.into()], read).await?;
    counted.ok_or_else(|| crate::Fault::Inconsistent { table: "login_attempts", what: "a try was not counted".into() }.into())
}

/// Forgets the tries of an address, after one that was let in.
///
/// # Errors
/// A fault.
pub async fn forget(tx: &mut Tx<'_>, address: &Fingerprint) -> Result<(), Error> {
    tx.exec(&FORGET, &[address.into()]).await?;
    Ok(())
}

/// Forgets windows that began at or before `stale`; answers how many.
///
/// # Errors
/// A fault.
pub async fn sweep(tx: &mut Tx<'_>, stale: Timestamp) -> Result<u64, Error> {
    tx.exec(&SWEEP, &[stale.into()]).await
}
