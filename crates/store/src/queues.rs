//! Queues and their versions.

use signoff_domain::{
    Timestamp,
    id::{OrganizationId, QueueId},
    log::content::Salt,
    queue::Queue,
};

use crate::{Arg, Error, Row, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO queues (id, organization_id, key, version, deleted_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_VERSION = "INSERT INTO queue_versions (queue_id, version, config, salt, created_at) VALUES ($1, $2, $3, $4, $5)";
    WITH_SALT = "SELECT v.salt, v.config FROM queue_versions v JOIN queues q ON q.id = v.queue_id \
        WHERE q.organization_id = $1 AND v.queue_id = $2 AND v.version = $3 AND v.salt IS NOT NULL";
    UPDATE = "UPDATE queues SET version = $2, deleted_at = $3, updated_at = $4 WHERE id = $1";
    LOCK = "SELECT id FROM queues WHERE organization_id = $1 AND id = $2 FOR UPDATE";
    BY_KEY = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = q.version WHERE q.organization_id = $1 AND q.key = $2";
    HOLD = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = q.version WHERE q.organization_id = $1 AND q.key = $2 FOR KEY SHARE OF q";
    BY_ID = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = q.version WHERE q.organization_id = $1 AND q.id = $2";
    CURRENT = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = q.version WHERE q.id = $1";
    AT_VERSION = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = $2 WHERE q.id = $1";
    ALL_OF = "SELECT q.id, q.organization_id, q.key, v.version, v.config, q.deleted_at, q.created_at, q.updated_at \
        FROM queues q JOIN queue_versions v ON v.queue_id = q.id AND v.version = q.version WHERE q.organization_id = $1 ORDER BY q.key";
    ADD_AUDIENCE = "INSERT INTO audiences (queue_id, audience) VALUES ($1, $2) ON CONFLICT (queue_id, audience) DO NOTHING";
    AUDIENCES = "SELECT audience FROM audiences WHERE queue_id = $1 ORDER BY audience";
    OPEN_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM tasks WHERE queue_id = $1 AND state = 'queued' LIMIT 10000) AS open";
    OPEN_COUNTS = "SELECT q.id, (SELECT COUNT(*) FROM (SELECT 1 FROM tasks t WHERE t.queue_id = q.id AND t.state = 'queued' LIMIT 10000) AS open) \
        FROM queues q WHERE q.organization_id = $1";
}

fn read(row: &Row<'_>) -> Result<Queue, Error> {
    Ok(Queue {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        key: row.get(2)?,
        version: row.get(3)?,
        config: row.json(4)?,
        deleted_at: row.get(5)?,
        created_at: row.get(6)?,
        updated_at: row.get(7)?,
    })
}

/// Adds a queue at its first version, with the salt of the version's digest.
///
/// # Errors
/// [`crate::Fault::NotUnique`] when the key is taken.
pub async fn insert(tx: &mut Tx<'_>, queue: &Queue, salt: &Salt) -> Result<(), Error> {
    let args = [
        queue.id.into(),
        queue.organization_id.into(),
        (&queue.key).into(),
        queue.version.into(),
        queue.deleted_at.into(),
        queue.created_at.into(),
        queue.updated_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    insert_version(tx, queue, salt, queue.created_at).await
}

async fn insert_version(tx: &mut Tx<'_>, queue: &Queue, salt: &Salt, now: Timestamp) -> Result<(), Error> {
    tx.exec(&INSERT_VERSION, &[queue.id.into(), queue.version.into(), Arg::json(&queue.config)?, salt.into(), now.into()]).await?;
    Ok(())
}

/// Stores a new version of a queue, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn update(tx: &mut Tx<'_>, queue: &Queue, salt: &Salt) -> Result<(), Error> {
    insert_version(tx, queue, salt, queue.updated_at).await?;
    set(tx, queue).await
}

/// Stores whether and when a queue was deleted; its version stays.
///
/// # Errors
/// A fault.
pub async fn set(tx: &mut Tx<'_>, queue: &Queue) -> Result<(), Error> {
    tx.exec_one("queues", &UPDATE, &[queue.id.into(), queue.version.into(), queue.deleted_at.into(), queue.updated_at.into()]).await
}

/// The queue of this key, at its newest version.
///
/// # Errors
/// A fault.
pub async fn by_key(tx: &mut Tx<'_>, organization: OrganizationId, key: &str) -> Result<Option<Queue>, Error> {
    // No text of the database holds NUL, so no queue is called so.
    if key.contains('\0') {
        return Ok(None);
    }
    tx.opt(&BY_KEY, &[organization.into(), key.into()], read).await
}

/// The queue of this key, which is neither changed nor deleted before the transaction ends.
///
/// # Errors
/// A fault.
pub async fn hold(tx: &mut Tx<'_>, organization: OrganizationId, key: &str) -> Result<Option<Queue>, Error> {
    if key.contains('\0') {
        return Ok(None);
    }
    let held = tx.opt(&HOLD, &[organization.into(), key.into()], read).await?;
    // On PostgreSQL a queue that got a new version while its row was waited for fits the old one no longer; the lock is there, and another look finds it.
    if held.is_some() { Ok(held) } else { tx.opt(&HOLD, &[organization.into(), key.into()], read).await }
}

/// The queue of this key or id, at its newest version.
///
/// # Errors
/// A fault.
pub async fn find(tx: &mut Tx<'_>, organization: OrganizationId, key_or_id: &str) -> Result<Option<Queue>, Error> {
    match key_or_id.parse::<QueueId>() {
        Ok(id) => tx.opt(&BY_ID, &[organization.into(), id.into()], read).await,
        Err(_) => by_key(tx, organization, key_or_id).await,
    }
}

/// Locks a queue against other changes and reads it again.
///
/// # Errors
/// A fault.
pub async fn lock(tx: &mut Tx<'_>, organization: OrganizationId, key_or_id: &str) -> Result<Option<Queue>, Error> {
    let Some(queue) = find(tx, organization, key_or_id).await? else { return Ok(None) };
    let found: Option<QueueId> = tx.opt(&LOCK, &[organization.into(), queue.id.into()], |row| row.id(0)).await?;
    match found {
        None => Ok(None),
        Some(id) => tx.opt(&BY_ID, &[organization.into(), id.into()], read).await,
    }
}

/// A queue at its newest version.
///
/// # Errors
/// A fault; [`crate::Fault::Inconsistent`] when there is no such queue.
pub async fn current(tx: &mut Tx<'_>, id: QueueId) -> Result<Queue, Error> {
    let found = tx.opt(&CURRENT, &[id.into()], read).await?;
    found.ok_or_else(|| crate::Fault::Inconsistent { table: "queues", what: format!("{id} is not there") }.into())
}

/// A queue as it was at a version.
///
/// # Errors
/// A fault; [`crate::Fault::Inconsistent`] when there is no such version.
pub async fn at_version(tx: &mut Tx<'_>, id: QueueId, version: i64) -> Result<Queue, Error> {
    let found = tx.opt(&AT_VERSION, &[id.into(), version.into()], read).await?;
    found.ok_or_else(|| crate::Fault::Inconsistent { table: "queue_versions", what: format!("{id} has no version {version}") }.into())
}

/// What a queue was made of at a version, as JSON text, and the salt of its digest; nothing for versions that the log does not bind.
///
/// # Errors
/// A fault.
pub async fn config_with_salt(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: QueueId,
    version: i64,
) -> Result<Option<(Salt, String)>, Error> {
    tx.opt(&WITH_SALT, &[organization.into(), id.into(), version.into()], |row| Ok((row.salt(0)?, row.get(1)?))).await
}

/// All queues at their newest version, by key.
///
/// # Errors
/// A fault.
pub async fn all(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<Queue>, Error> {
    tx.all(&ALL_OF, &[organization.into()], read).await
}

/// How many tasks are open in a queue; 10,000 stands for any number from there on, so that it takes no longer to count.
///
/// # Errors
/// A fault.
pub async fn open_count(tx: &mut Tx<'_>, queue: QueueId) -> Result<i64, Error> {
    Ok(tx.opt(&OPEN_COUNT, &[queue.into()], |row| row.get(0)).await?.unwrap_or(0))
}

/// How many tasks are open in each queue, as [`open_count`] says.
///
/// # Errors
/// A fault.
pub async fn open_counts(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<(QueueId, i64)>, Error> {
    tx.all(&OPEN_COUNTS, &[organization.into()], |row| Ok((row.id(0)?, row.get(1)?))).await
}

/// Notes that stages of a queue ask these reviewers.
///
/// # Errors
/// A fault.
pub async fn add_audience(tx: &mut Tx<'_>, id: QueueId, audience: &str) -> Result<(), Error> {
    tx.exec(&ADD_AUDIENCE, &[id.into(), audience.into()]).await?;
    Ok(())
}

/// Whom the stages of a queue ask, at any of its versions.
///
/// # Errors
/// A fault.
pub async fn audiences(tx: &mut Tx<'_>, id: QueueId) -> Result<Vec<String>, Error> {
    tx.all(&AUDIENCES, &[id.into()], |row| row.get(0)).await
}
