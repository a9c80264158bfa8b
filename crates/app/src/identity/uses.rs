//! When credentials were used last, and what identity leaves behind: written and swept by workers, never by a request.

use jiff::SignedDuration;
use signoff_domain::Timestamp;
use signoff_store::{Command, Error, Tx, attempts, credentials, members, sessions};

use super::{attempts::stale, known::Used};
use crate::App;

/// How long sessions and links are kept after their end.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

impl App {
    /// Writes down when credentials were used last, each at most once a minute. Called by a worker every few seconds: the idle time of sessions rests on it.
    ///
    /// # Errors
    /// A fault; what was not written is lost, and the next use is written.
    pub async fn note_uses(&self) -> Result<(), Error> {
        let uses = self.identities().to_note(self.now());
        if uses.is_empty() { Ok(()) } else { self.write(NoteUses { uses }).await }
    }

    /// Forgets sessions, links and counted logins that are long over; answers how many. Called by a worker now and then.
    ///
    /// # Errors
    /// A fault; calling again later is safe.
    pub async fn sweep_identity(&self) -> Result<u64, Error> {
        self.write(Sweep { now: self.now() }).await
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
                Used::Token(id, member) => {
                    credentials::token_used(tx, *id, *at).await?;
                    members::seen(tx, *member, *at).await?;
                }
                Used::Session(id, member) => {
                    sessions::seen(tx, *id, *at).await?;
                    members::seen(tx, *member, *at).await?;
                }
            }
        }
        Ok(())
    }
}

struct Sweep {
    now: Timestamp,
}

impl Command for Sweep {
    type Out = u64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
        let before = self.now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        Ok(sessions::sweep(tx, before).await? + attempts::sweep(tx, stale(self.now)).await?)
    }
}
