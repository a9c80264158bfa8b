//! Timers: what is due at an instant. A timer is fired by taking its row away in the transaction of its effect, so it takes effect once.

use signoff_domain::{Timestamp, id::OrganizationId};
use uuid::Uuid;

use crate::{Error, Row, Tx};

/// Something that is due at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// The thing that it belongs to: a task, an absence.
    pub owner: Uuid,
    /// What is to happen.
    pub kind: String,
    /// To what of the owner: an offer, a metric.
    pub subject: String,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// When.
    pub due_at: Timestamp,
    /// How often firing it failed.
    pub attempts: i64,
}

crate::sql::statements! {
    SET = "INSERT INTO timers (owner_id, kind, subject, organization_id, due_at, attempts) VALUES ($1, $2, $3, $4, $5, 0) \
        ON CONFLICT (owner_id, kind, subject) DO UPDATE SET due_at = excluded.due_at, attempts = 0";
    CLEAR = "DELETE FROM timers WHERE owner_id = $1 AND kind = $2 AND subject = $3";
    CLEAR_OWNER = "DELETE FROM timers WHERE owner_id = $1";
    DUE = "SELECT owner_id, kind, subject, organization_id, due_at, attempts FROM timers WHERE due_at <= $1 ORDER BY due_at, owner_id, kind, subject LIMIT $2";
    NEXT = "SELECT due_at FROM timers ORDER BY due_at LIMIT 1";
    TAKE = "DELETE FROM timers WHERE owner_id = $1 AND kind = $2 AND subject = $3 AND due_at <= $4";
    ROUTE_NOW = "UPDATE timers SET due_at = $2 WHERE (owner_id, kind, subject) IN (SELECT owner_id, kind, subject FROM timers \
        WHERE organization_id = $1 AND kind = 'route' AND due_at > $2 ORDER BY due_at LIMIT 1000 FOR UPDATE SKIP LOCKED)";
    POSTPONE = "UPDATE timers SET due_at = $4, attempts = attempts + 1 WHERE owner_id = $1 AND kind = $2 AND subject = $3 AND due_at = $5";
}

fn read(row: &Row<'_>) -> Result<Timer, Error> {
    Ok(Timer {
        owner: row.uuid(0)?,
        kind: row.get(1)?,
        subject: row.get(2)?,
        organization_id: row.id(3)?,
        due_at: row.get(4)?,
        attempts: row.get(5)?,
    })
}

/// Sets a timer, or sets it anew.
///
/// # Errors
/// A fault.
pub async fn set(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    owner: Uuid,
    kind: &str,
    subject: &str,
    due_at: Timestamp,
) -> Result<(), Error> {
    tx.exec(&SET, &[owner.into(), kind.into(), subject.into(), organization.into(), due_at.into()]).await?;
    tx.wake(crate::Wake::Timers);
    Ok(())
}

/// Takes a timer away.
///
/// # Errors
/// A fault.
pub async fn clear(tx: &mut Tx<'_>, owner: Uuid, kind: &str, subject: &str) -> Result<(), Error> {
    tx.exec(&CLEAR, &[owner.into(), kind.into(), subject.into()]).await?;
    Ok(())
}

/// Takes all timers of a thing away.
///
/// # Errors
/// A fault.
pub async fn clear_owner(tx: &mut Tx<'_>, owner: Uuid) -> Result<(), Error> {
    tx.exec(&CLEAR_OWNER, &[owner.into()]).await?;
    Ok(())
}

/// The timers that are due, longest first.
///
/// # Errors
/// A fault.
pub async fn due(tx: &mut Tx<'_>, now: Timestamp, limit: i64) -> Result<Vec<Timer>, Error> {
    tx.all(&DUE, &[now.into(), limit.into()], read).await
}

/// When the next timer is due, if there is one.
///
/// # Errors
/// A fault.
pub async fn next(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    tx.opt(&NEXT, &[], |row| row.get(0)).await
}

/// Takes a timer that is due, to fire it; false when another took it, or it was set anew.
///
/// # Errors
/// A fault.
pub async fn take(tx: &mut Tx<'_>, timer: &Timer, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&TAKE, &[timer.owner.into(), (&timer.kind).into(), (&timer.subject).into(), now.into()]).await? == 1)
}

/// Makes the `route` timers of an organization due, a thousand at the most: those that would be due next.
///
/// # Errors
/// A fault.
pub async fn route_now(tx: &mut Tx<'_>, organization: OrganizationId, now: Timestamp) -> Result<(), Error> {
    if tx.exec(&ROUTE_NOW, &[organization.into(), now.into()]).await? > 0 {
        tx.wake(crate::Wake::Timers);
    }
    Ok(())
}

/// Puts off a timer whose firing failed, unless it was set anew meanwhile.
///
/// # Errors
/// A fault.
pub async fn postpone(tx: &mut Tx<'_>, timer: &Timer, until: Timestamp) -> Result<(), Error> {
    let args = [timer.owner.into(), (&timer.kind).into(), (&timer.subject).into(), until.into(), timer.due_at.into()];
    tx.exec(&POSTPONE, &args).await?;
    Ok(())
}
