//! Organizations.

use signoff_domain::{Timestamp, id::OrganizationId};

use crate::{Error, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO organizations (id, name, created_at) VALUES ($1, $2, $3)";
    GET = "SELECT id, name, created_at FROM organizations WHERE id = $1";
    ANY = "SELECT id FROM organizations LIMIT 1";
    ALL_OF = "SELECT id, name, created_at FROM organizations ORDER BY created_at, id";
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

fn read(row: &crate::Row<'_>) -> Result<Organization, Error> {
    Ok(Organization { id: row.id(0)?, name: row.get(1)?, created_at: row.get(2)? })
}

/// Adds an organization.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, organization: &Organization) -> Result<(), Error> {
    tx.exec(&INSERT, &[organization.id.into(), (&organization.name).into(), organization.created_at.into()]).await?;
    crate::routings::add_router(tx, organization.id).await
}

/// An organization.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, id: OrganizationId) -> Result<Option<Organization>, Error> {
    tx.opt(&GET, &[id.into()], read).await
}

/// All organizations, oldest first.
///
/// # Errors
/// A fault.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Organization>, Error> {
    tx.all(&ALL_OF, &[], read).await
}

/// Whether there is any organization.
///
/// # Errors
/// A fault.
pub async fn any(tx: &mut Tx<'_>) -> Result<bool, Error> {
    let found: Option<OrganizationId> = tx.opt(&ANY, &[], |row| row.id(0)).await?;
    Ok(found.is_some())
}
