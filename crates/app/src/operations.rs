//! What operators ask.

use jiff::SignedDuration;
use signoff_domain::Timestamp;
use signoff_store::{Command, Error, Query, Tx, idempotency, organizations, sessions};

use crate::{App, identity};

/// Whether the database answers.
pub struct Probe;

impl Query for Probe {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        organizations::any(tx).await.map(|_| ())
    }
}

/// Answers that are forgotten in one transaction: no other command waits for more.
const SLICE: i64 = 1_000;

/// Forgets answers, sessions and links that have expired, and logins that were counted; answers whether more answers may be left to forget.
pub struct Sweep {
    /// When.
    pub now: Timestamp,
}

/// Sessions and links are kept so long after their end, for whoever asks what happened.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Command for Sweep {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let forgotten = idempotency::sweep(tx, self.now, SLICE).await?;
        sessions::sweep(tx, self.now.checked_sub(KEPT).unwrap_or(Timestamp::MIN)).await?;
        identity::sweep_tries(tx, self.now).await?;
        Ok(i64::try_from(forgotten).is_ok_and(|forgotten| forgotten >= SLICE))
    }
}

impl App {
    /// Sweeps until nothing is left.
    ///
    /// # Errors
    /// A fault.
    pub async fn sweep(&self) -> Result<(), Error> {
        while self.write(Sweep { now: self.now() }).await? {}
        Ok(())
    }
}
