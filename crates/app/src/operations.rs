//! What operators ask.

use jiff::SignedDuration;
use signoff_domain::Timestamp;
use signoff_store::{Command, Error, Query, Tx, idempotency, organizations, sessions};

use crate::identity;

/// Whether the database answers.
pub struct Probe;

impl Query for Probe {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        organizations::any(tx).await.map(|_| ())
    }
}

/// Forgets answers, sessions and links that have expired, and logins that were counted.
pub struct Sweep {
    /// When.
    pub now: Timestamp,
}

/// Sessions and links are kept so long after their end, for whoever asks what happened.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl Command for Sweep {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        idempotency::sweep(tx, self.now).await?;
        sessions::sweep(tx, self.now.checked_sub(KEPT).unwrap_or(Timestamp::MIN)).await?;
        identity::sweep_tries(tx, self.now).await
    }
}
