//! Leases: who is reviewing a task now.

use signoff_domain::{
    hold::Lease,
    id::{MemberId, TaskId},
};

use crate::{Error, Row, Tx};

crate::sql::statements! {
    OF_TASK = "SELECT l.id, l.member_id, m.name, l.expires_at FROM leases l JOIN members m ON m.id = l.member_id WHERE l.task_id = $1 ORDER BY l.id";
    PUT = "INSERT INTO leases (task_id, member_id, id, expires_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (task_id, member_id) DO UPDATE SET id = excluded.id, expires_at = excluded.expires_at";
    DELETE = "DELETE FROM leases WHERE task_id = $1 AND member_id = $2";
    DELETE_ALL = "DELETE FROM leases WHERE task_id = $1";
}

fn read(row: &Row<'_>) -> Result<Lease, Error> {
    Ok(Lease { id: row.id(0)?, member_id: row.id(1)?, member_name: row.get(2)?, expires_at: row.get(3)? })
}

/// The newest lease of each reviewer of a task; they may have run out.
///
/// # Errors
/// A fault.
pub async fn of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<Lease>, Error> {
    tx.all(&OF_TASK, &[task.into()], read).await
}

/// Gives a reviewer a lease, in place of their last. The task must be locked.
///
/// # Errors
/// A fault.
pub async fn put(tx: &mut Tx<'_>, task: TaskId, lease: &Lease) -> Result<(), Error> {
    tx.exec(&PUT, &[task.into(), lease.member_id.into(), lease.id.into(), lease.expires_at.into()]).await?;
    Ok(())
}

/// Ends the lease of a reviewer.
///
/// # Errors
/// A fault.
pub async fn delete(tx: &mut Tx<'_>, task: TaskId, member: MemberId) -> Result<(), Error> {
    tx.exec(&DELETE, &[task.into(), member.into()]).await?;
    Ok(())
}

/// Ends the leases of all reviewers of a task.
///
/// # Errors
/// A fault.
pub async fn delete_all(tx: &mut Tx<'_>, task: TaskId) -> Result<(), Error> {
    tx.exec(&DELETE_ALL, &[task.into()]).await?;
    Ok(())
}
