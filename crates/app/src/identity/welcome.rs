//! Whether a caller who was let in would be let in now, for answers that last: streams and long waits.

use signoff_domain::{Code, Refusal, Timestamp, member::MemberState};
use signoff_store::{Error, Query, Tx, credentials, members, sessions};

use super::{authenticate::in_force, sessions::is_open};
use crate::{App, Caller, Principal};

impl App {
    /// Whether a caller who was let in before would be let in now with the same rights.
    ///
    /// # Errors
    /// A fault: it is not known, so nothing may be shown.
    pub async fn is_still_welcome(&self, caller: &Caller) -> Result<bool, Error> {
        self.read(StillWelcome { caller: caller.clone(), now: self.now() }).await
    }

    /// # Errors
    /// [`Code::AuthenticationError`] unless the caller is still welcome; a fault.
    pub(crate) async fn require_still_welcome(&self, caller: &Caller) -> Result<(), Error> {
        if self.is_still_welcome(caller).await? {
            return Ok(());
        }
        Err(Refusal::new(Code::AuthenticationError, "The credentials are no longer in force.").into())
    }
}

struct StillWelcome {
    caller: Caller,
    now: Timestamp,
}

impl Query for StillWelcome {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let organization = self.caller.organization_id;
        match &self.caller.principal {
            Principal::Operator | Principal::Rule => Ok(true),
            Principal::Agent { key, .. } => {
                let key = credentials::key(tx, organization, *key).await?;
                Ok(key.is_some_and(|key| in_force(key.revoked_at, key.expires_at, self.now)))
            }
            Principal::Member { id, role, session, token, .. } => {
                let member = members::get(tx, organization, *id).await?;
                if !member.is_some_and(|member| member.state == MemberState::Active && member.role == *role) {
                    return Ok(false);
                }
                if let Some(session) = session {
                    let session = sessions::get(tx, *id, *session).await?;
                    return Ok(session.is_some_and(|session| is_open(&session, self.now)));
                }
                let Some(token) = token else { return Ok(true) };
                let token = credentials::token(tx, *id, *token).await?;
                Ok(token.is_some_and(|token| in_force(token.revoked_at, token.expires_at, self.now)))
            }
        }
    }
}
