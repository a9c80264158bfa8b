//! Tasks that look for reviewers, and the one router at a time that works through those of an organization.

use signoff_domain::{
    Timestamp,
    id::{OrganizationId, TaskId},
};

use crate::{Error, Tx, Wake};

crate::sql::statements! {
    ADD_ROUTER = "INSERT INTO routers (organization_id) VALUES ($1)";
    LOCK_ROUTER = "SELECT organization_id FROM routers WHERE organization_id = $1 FOR UPDATE SKIP LOCKED";
    PUT = "INSERT INTO routings (organization_id, task_id, since) VALUES ($1, $2, $3) ON CONFLICT (task_id) DO NOTHING";
    WAITING = "SELECT DISTINCT organization_id FROM routings";
    FIRST = "SELECT task_id FROM routings WHERE organization_id = $1 ORDER BY since, task_id LIMIT $2";
    DELETE = "DELETE FROM routings WHERE task_id = $1";
}

/// Makes the router of a new organization.
///
/// # Errors
/// A fault.
pub async fn add_router(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Error> {
    tx.exec(&ADD_ROUTER, &[organization.into()]).await?;
    Ok(())
}

/// Becomes the router of an organization until the transaction ends; false when another is it.
///
/// # Errors
/// A fault.
pub async fn lock_router(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<bool, Error> {
    let locked: Option<OrganizationId> = tx.opt(&LOCK_ROUTER, &[organization.into()], |row| row.id(0)).await?;
    Ok(locked.is_some())
}

/// Has a task look for reviewers.
///
/// # Errors
/// A fault.
pub async fn put(tx: &mut Tx<'_>, organization: OrganizationId, task: TaskId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&PUT, &[organization.into(), task.into(), now.into()]).await?;
    tx.wake(Wake::Router);
    Ok(())
}

/// The organizations in which tasks look for reviewers.
///
/// # Errors
/// A fault.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<OrganizationId>, Error> {
    tx.all(&WAITING, &[], |row| row.id(0)).await
}

/// The tasks that have looked longest.
///
/// # Errors
/// A fault.
pub async fn first(tx: &mut Tx<'_>, organization: OrganizationId, limit: i64) -> Result<Vec<TaskId>, Error> {
    tx.all(&FIRST, &[organization.into(), limit.into()], |row| row.id(0)).await
}

/// A task looks no longer.
///
/// # Errors
/// A fault.
pub async fn delete(tx: &mut Tx<'_>, task: TaskId) -> Result<(), Error> {
    tx.exec(&DELETE, &[task.into()]).await?;
    Ok(())
}
