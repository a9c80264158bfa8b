//! Signing the state of the log.

use signoff_domain::{
    Moment,
    id::OrganizationId,
    log::{checkpoint::Checkpoint, merkle::Frontier, note::Signer},
    permission::Action,
};
use signoff_store::{Command, Error, Fault, Tx, log};

use crate::Caller;

/// A signed checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpointed {
    /// How many entries it covers.
    pub size: i64,
    /// The signed note (C2SP tlog-checkpoint).
    pub note: String,
}

/// Signs the log as it is now. The same size always gets the same note.
pub struct SignCheckpoint {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
}

impl Command for SignCheckpoint {
    type Out = Checkpointed;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Checkpointed, Error> {
        self.caller.require(Action::AuditRead)?;
        let frontier = log::head(tx, self.caller.organization_id).await?;
        sign(tx, self.caller.organization_id, &frontier, &self.moment).await
    }
}

/// The signer of an organization's log.
pub(super) async fn signer(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Signer, Error> {
    let keys = log::keys(tx, organization).await?;
    let key = keys.last().ok_or_else(|| Fault::Inconsistent { table: "log_keys", what: format!("{organization} has no key") })?;
    Signer::from_seed(&key.name, &key.seed).map_err(|error| Fault::Inconsistent { table: "log_keys", what: error.to_string() }.into())
}

/// Signs a state of the log that was read from the log's own head.
pub(super) async fn sign(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    frontier: &Frontier,
    moment: &Moment,
) -> Result<Checkpointed, Error> {
    let size = i64::try_from(frontier.size()).map_err(|error| Fault::Bug(error.to_string()))?;
    if let Some(note) = log::checkpoint(tx, organization, size).await? {
        return Ok(Checkpointed { size, note });
    }
    let signer = signer(tx, organization).await?;
    let checkpoint = Checkpoint { origin: signer.verifier().name().into(), size: frontier.size(), root: frontier.root() };
    let note = signer.sign(&checkpoint.to_string()).map_err(|error| Fault::Bug(error.to_string()))?;
    log::add_checkpoint(tx, organization, size, &checkpoint.root, &note, moment.now).await?;
    Ok(Checkpointed { size, note })
}
