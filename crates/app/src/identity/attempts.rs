//! How often a password may be tried: five times in a quarter of an hour for each address, on all replicas together.
//!
//! A try is counted before its password is looked at, so that many at once cannot slip through. Addresses that nobody has are counted alike: a refusal tells
//! nothing about who is a member. Refused tries are not counted, so that nobody can be kept out for longer than the window.

use jiff::SignedDuration;
use signoff_domain::{
    Code, Refusal, Timestamp,
    credential::{Fingerprint, fingerprint},
};
use signoff_store::{
    Error, Tx,
    attempts::{self, Attempts},
};

/// Tries within a window.
const TRIES: i64 = 5;
/// How long a window lasts, from its first try.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Windows that began at this instant or before are over.
fn stale(now: Timestamp) -> Timestamp {
    now.checked_sub(WINDOW).unwrap_or(Timestamp::MIN)
}

fn address(email: &str) -> Fingerprint {
    fingerprint(email)
}

/// Counts a try, or refuses it.
///
/// # Errors
/// [`Code::RateLimited`], with the seconds until the window is over; faults.
pub(super) async fn count(tx: &mut Tx<'_>, email: &str, now: Timestamp) -> Result<(), Error> {
    let Attempts { tries, since } = attempts::count(tx, &address(email), now, stale(now)).await?;
    if tries <= TRIES {
        return Ok(());
    }
    let left = WINDOW - now.duration_since(since);
    let refusal = Refusal::new(Code::RateLimited, "A password was tried too often for this account.").hint("Wait, then try again.");
    Err(Refusal { retry_after: Some(u32::try_from(left.as_secs().max(0) + 1).unwrap_or(1)), ..refusal }.into())
}

/// Forgets the tries of an address, after the right password.
///
/// # Errors
/// A fault.
pub(super) async fn forget(tx: &mut Tx<'_>, email: &str) -> Result<(), Error> {
    attempts::forget(tx, &address(email)).await
}

/// Forgets windows that are over.
///
/// # Errors
/// A fault.
pub(crate) async fn sweep_tries(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), Error> {
    attempts::sweep(tx, stale(now)).await?;
    Ok(())
}
