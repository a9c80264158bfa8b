//! Why something was done to a task, in the words of who did it: apart from the event, which binds the text by its salted digest, so that it can be erased.

use signoff_domain::{
    id::{EventId, OrganizationId, TaskId},
    log::content::Salt,
};

use crate::{Error, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO reasons (event_id, organization_id, task_id, salt, reason) VALUES ($1, $2, $3, $4, $5)";
    OF_TASK = "SELECT event_id, reason FROM reasons WHERE task_id = $1";
    WITH_SALT = "SELECT salt, reason FROM reasons WHERE organization_id = $1 AND event_id = $2";
}

/// Keeps the reason of an event about a task, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    task: TaskId,
    event: EventId,
    salt: &Salt,
    reason: &str,
) -> Result<(), Error> {
    tx.exec(&INSERT, &[event.into(), organization.into(), task.into(), salt.into(), reason.into()]).await?;
    Ok(())
}

/// The reasons of a task's events.
///
/// # Errors
/// A fault.
pub async fn of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<(EventId, String)>, Error> {
    tx.all(&OF_TASK, &[task.into()], |row| Ok((row.id(0)?, row.get(1)?))).await
}

/// The reason of an event and the salt of its digest; nothing when none was given or it was erased.
///
/// # Errors
/// A fault.
pub async fn with_salt(tx: &mut Tx<'_>, organization: OrganizationId, event: EventId) -> Result<Option<(Salt, String)>, Error> {
    tx.opt(&WITH_SALT, &[organization.into(), event.into()], |row| Ok((row.salt(0)?, row.get(1)?))).await
}
