//! Reading the log: heads, leaves and nodes for proofs, checkpoints and the keys that sign them.

use signoff_domain::{
    Timestamp,
    id::OrganizationId,
    log::merkle::{Frontier, Hash},
};

use crate::{Error, Fault, Tx};

crate::sql::statements! {
    HEAD = "SELECT frontier FROM log_heads WHERE organization_id = $1";
    LEAVES = "SELECT leaf FROM events WHERE organization_id = $1 AND seq >= $2 AND seq < $3 ORDER BY seq";
    NODES = "SELECT hash FROM log_nodes WHERE organization_id = $1 AND height = $2 AND position >= $3 AND position < $4 ORDER BY position";
    ENTRIES = "SELECT seq, entry FROM events WHERE organization_id = $1 AND seq >= $2 AND seq < $3 ORDER BY seq LIMIT $4";
    ADD_CHECKPOINT = "INSERT INTO checkpoints (organization_id, size, root, note, created_at) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (organization_id, size) DO NOTHING";
    CHECKPOINT = "SELECT note FROM checkpoints WHERE organization_id = $1 AND size = $2";
    ADD_KEY = "INSERT INTO log_keys (organization_id, name, secret, created_at) VALUES ($1, $2, $3, $4)";
    KEYS = "SELECT name, secret FROM log_keys WHERE organization_id = $1 ORDER BY created_at";
    ADD_HEAD = "INSERT INTO log_heads (organization_id, size, frontier) VALUES ($1, 0, $2)";
}

/// A key that signs checkpoints.
#[derive(Clone)]
pub struct LogKey {
    /// The log's origin, which is the key's name.
    pub name: String,
    /// The Ed25519 seed.
    pub seed: [u8; 32],
}

/// Starts an organization's log, empty.
///
/// # Errors
/// A fault.
pub async fn start(tx: &mut Tx<'_>, organization: OrganizationId, key: &LogKey, now: Timestamp) -> Result<(), Error> {
    tx.exec(&ADD_HEAD, &[organization.into(), (&Frontier::new().to_bytes()).into()]).await?;
    tx.exec(&ADD_KEY, &[organization.into(), (&key.name).into(), (&key.seed).into(), now.into()]).await?;
    Ok(())
}

/// The right edge of an organization's log.
///
/// # Errors
/// A fault.
pub async fn head(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Frontier, Error> {
    let stored: Option<Vec<u8>> = tx.opt(&HEAD, &[organization.into()], |row| row.get(0)).await?;
    let Some(bytes) = stored else { return Ok(Frontier::new()) };
    Frontier::from_bytes(&bytes).map_err(|error| Fault::Inconsistent { table: "log_heads", what: error.to_string() }.into())
}

/// Leaf hashes from `from` to before `to`.
///
/// # Errors
/// A fault.
pub async fn leaves(tx: &mut Tx<'_>, organization: OrganizationId, from: i64, to: i64) -> Result<Vec<Hash>, Error> {
    let stored: Vec<Vec<u8>> = tx.all(&LEAVES, &[organization.into(), from.into(), to.into()], |row| row.get(0)).await?;
    stored.into_iter().map(hash).collect()
}

/// Hashes of the nodes at `height` (8, 16, …) from `from` to before `to`.
///
/// # Errors
/// A fault.
pub async fn nodes(tx: &mut Tx<'_>, organization: OrganizationId, height: u8, from: i64, to: i64) -> Result<Vec<Hash>, Error> {
    let args = [organization.into(), i64::from(height).into(), from.into(), to.into()];
    let stored: Vec<Vec<u8>> = tx.all(&NODES, &args, |row| row.get(0)).await?;
    stored.into_iter().map(hash).collect()
}

fn hash(bytes: Vec<u8>) -> Result<Hash, Error> {
    bytes.try_into().map_err(|_| Fault::Inconsistent { table: "log_nodes", what: "a hash has 32 bytes".into() }.into())
}

/// Entries from `from` to before `to`, at most `limit`, with their numbers.
///
/// # Errors
/// A fault.
pub async fn entries(tx: &mut Tx<'_>, organization: OrganizationId, from: i64, to: i64, limit: i64) -> Result<Vec<(i64, String)>, Error> {
    let args = [organization.into(), from.into(), to.into(), limit.into()];
    tx.all(&ENTRIES, &args, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Keeps a signed checkpoint; the first one of a size stays.
///
/// # Errors
/// A fault.
pub async fn add_checkpoint(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    size: i64,
    root: &Hash,
    note: &str,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(&ADD_CHECKPOINT, &[organization.into(), size.into(), root.into(), note.into(), now.into()]).await?;
    Ok(())
}

/// The signed checkpoint of a size.
///
/// # Errors
/// A fault.
pub async fn checkpoint(tx: &mut Tx<'_>, organization: OrganizationId, size: i64) -> Result<Option<String>, Error> {
    tx.opt(&CHECKPOINT, &[organization.into(), size.into()], |row| row.get(0)).await
}

/// The keys of an organization's log, the one in use last.
///
/// # Errors
/// A fault.
pub async fn keys(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<LogKey>, Error> {
    let stored: Vec<(String, Vec<u8>)> = tx.all(&KEYS, &[organization.into()], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let read = |(name, seed): (String, Vec<u8>)| {
        let seed = seed.try_into().map_err(|_| Fault::Inconsistent { table: "log_keys", what: "a seed has 32 bytes".into() })?;
        Ok(LogKey { name, seed })
    };
    stored.into_iter().map(read).collect()
}
