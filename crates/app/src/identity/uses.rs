//! When credentials were used last: written by a worker, never by a request.

use signoff_domain::Timestamp;
use signoff_store::{Command, Error, Tx, credentials, members, sessions};

use super::known::Used;
use crate::App;

impl App {
    /// Writes down when credentials were used last, each at most once a minute. Called by a worker every few seconds: the idle time of sessions rests on it.
    ///
    /// # Errors
    /// A fault; what was not written is lost, and the next use is written.
    pub async fn note_uses(&self) -> Result<(), Error> {
        let uses = self.identities().to_note(self.now());
        if uses.is_empty() { Ok(()) } else { self.write(NoteUses { uses }).await }
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
