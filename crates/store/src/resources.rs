//! Calendars, schedules and groups: what queues refer to by key.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use signoff_domain::{Timestamp, id::OrganizationId};

use crate::{Arg, Error, Row, Tx};

/// A named definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resource<T> {
    /// What queues call it.
    pub key: String,
    /// What it is.
    pub definition: T,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

crate::sql::statements! {
    PUT = "INSERT INTO resources (organization_id, kind, key, definition, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $5) \
        ON CONFLICT (organization_id, kind, key) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at";
    GET = "SELECT key, definition, created_at, updated_at FROM resources WHERE organization_id = $1 AND kind = $2 AND key = $3";
    LOCK = "SELECT key, definition, created_at, updated_at FROM resources WHERE organization_id = $1 AND kind = $2 AND key = $3 FOR UPDATE";
    OF_KIND = "SELECT key, definition, created_at, updated_at FROM resources WHERE organization_id = $1 AND kind = $2 ORDER BY key";
    DELETE = "DELETE FROM resources WHERE organization_id = $1 AND kind = $2 AND key = $3";
}

fn read<T: DeserializeOwned>(row: &Row<'_>) -> Result<Resource<T>, Error> {
    Ok(Resource { key: row.get(0)?, definition: row.json(1)?, created_at: row.get(2)?, updated_at: row.get(3)? })
}

/// Stores a definition under its key.
///
/// # Errors
/// A fault.
pub async fn put(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    kind: &str,
    key: &str,
    definition: &impl Serialize,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(&PUT, &[organization.into(), kind.into(), key.into(), Arg::json(definition)?, now.into()]).await?;
    Ok(())
}

/// The definition of a key.
///
/// # Errors
/// A fault.
pub async fn get<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    kind: &str,
    key: &str,
) -> Result<Option<Resource<T>>, Error> {
    if key.contains('\0') {
        return Ok(None);
    }
    tx.opt(&GET, &[organization.into(), kind.into(), key.into()], read).await
}

/// The definition of a key, locked.
///
/// # Errors
/// A fault.
pub async fn lock<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    kind: &str,
    key: &str,
) -> Result<Option<Resource<T>>, Error> {
    if key.contains('\0') {
        return Ok(None);
    }
    tx.opt(&LOCK, &[organization.into(), kind.into(), key.into()], read).await
}

/// All definitions of a kind, by key.
///
/// # Errors
/// A fault.
pub async fn all<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, kind: &str) -> Result<Vec<Resource<T>>, Error> {
    tx.all(&OF_KIND, &[organization.into(), kind.into()], read).await
}

/// Takes a definition away; answers whether it was there.
///
/// # Errors
/// A fault.
pub async fn delete(tx: &mut Tx<'_>, organization: OrganizationId, kind: &str, key: &str) -> Result<bool, Error> {
    Ok(tx.exec(&DELETE, &[organization.into(), kind.into(), key.into()]).await? == 1)
}
