//! Leases: who is reviewing a task now.

use signoff_domain::{id::TaskId, task::Lease};

use crate::{Error, Row, Tx};

crate::sql::statements! {
    GET = "SELECT l.id, l.member_id, m.name, l.expires_at FROM leases l JOIN members m ON m.id = l.member_id WHERE l.task_id = $1";
    PUT = "INSERT INTO leases (task_id, id, member_id, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (task_id) DO UPDATE SET id = excluded.id, member_id = excluded.member_id, expires_at = excluded.expires_at";
    DELETE = "DELETE FROM leases WHERE task_id = $1";
}

fn read(row: &Row<'_>) -> Result<Lease, Error> {
    Ok(Lease { id: row.id(0)?, member_id: row.id(1)?, member_name: row.get(2)?, expires_at: row.get(3)? })
}

/// The newest lease of a task; it may have run out.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, task: TaskId) -> Result<Option<Lease>, Error> {
    tx.opt(&GET, &[task.into()], read).await
}

/// Gives a task a lease, in place of any other. The task must be locked.
///
/// # Errors
/// A fault.
pub async fn put(tx: &mut Tx<'_>, task: TaskId, lease: &Lease) -> Result<(), Error> {
    tx.exec(&PUT, &[task.into(), lease.id.into(), lease.member_id.into(), lease.expires_at.into()]).await?;
    Ok(())
}

/// Ends the lease of a task.
///
/// # Errors
/// A fault.
pub async fn delete(tx: &mut Tx<'_>, task: TaskId) -> Result<(), Error> {
    tx.exec(&DELETE, &[task.into()]).await?;
    Ok(())
}
