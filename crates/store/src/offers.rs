//! Offers: tasks that reviewers are asked to take, each for a time.

use signoff_domain::{
    Timestamp,
    id::{MemberId, OfferId, OrganizationId, TaskId},
    task::Task,
};

use crate::{Error, Row, Tx};

/// An offer of a task to a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The task.
    pub task_id: TaskId,
    /// The stage at which it was offered.
    pub stage: i64,
    /// To whom.
    pub member_id: MemberId,
    /// For whom they would act.
    pub on_behalf_of: Option<MemberId>,
    /// The strategy that chose them.
    pub origin: String,
    /// What it weighs in their workload, in units.
    pub weight: i64,
    /// Since when.
    pub offered_at: Timestamp,
    /// Until when it stands.
    pub expires_at: Timestamp,
}

crate::sql::statements! {
    INSERT = "INSERT INTO offers (id, organization_id, task_id, stage, member_id, on_behalf_of, state, origin, weight, offered_at, expires_at, ended_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 'offered', $7, $8, $9, $10, NULL)";
    STANDING = "SELECT id, organization_id, task_id, stage, member_id, on_behalf_of, origin, weight, offered_at, expires_at FROM offers \
        WHERE task_id = $1 AND state = 'offered' ORDER BY offered_at, id";
    GET = "SELECT id, organization_id, task_id, stage, member_id, on_behalf_of, origin, weight, offered_at, expires_at FROM offers \
        WHERE id = $1 AND state = 'offered'";
    OF_MEMBER = "SELECT id, organization_id, task_id, stage, member_id, on_behalf_of, origin, weight, offered_at, expires_at FROM offers \
        WHERE organization_id = $1 AND member_id = $2 AND state = 'offered' ORDER BY offered_at, id";
    PASSED_BY = "SELECT DISTINCT member_id FROM offers WHERE task_id = $1 AND stage = $2 AND state = 'expired'";
    END = "UPDATE offers SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'offered'";
}

fn read(row: &Row<'_>) -> Result<Offer, Error> {
    Ok(Offer {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        task_id: row.id(2)?,
        stage: row.get(3)?,
        member_id: row.id(4)?,
        on_behalf_of: row.id_opt(5)?,
        origin: row.get(6)?,
        weight: row.get(7)?,
        offered_at: row.get(8)?,
        expires_at: row.get(9)?,
    })
}

/// Adds an offer that stands.
///
/// # Errors
/// [`crate::Fault::NotUnique`] when the task is offered to this reviewer already.
pub async fn insert(tx: &mut Tx<'_>, offer: &Offer) -> Result<(), Error> {
    let args = [
        offer.id.into(),
        offer.organization_id.into(),
        offer.task_id.into(),
        offer.stage.into(),
        offer.member_id.into(),
        offer.on_behalf_of.into(),
        (&offer.origin).into(),
        offer.weight.into(),
        offer.offered_at.into(),
        offer.expires_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// The offers of a task that stand; their time may be over.
///
/// # Errors
/// A fault.
pub async fn standing(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<Offer>, Error> {
    tx.all(&STANDING, &[task.into()], read).await
}

/// An offer that stands.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, id: OfferId) -> Result<Option<Offer>, Error> {
    tx.opt(&GET, &[id.into()], read).await
}

/// The offers to a member that stand.
///
/// # Errors
/// A fault.
pub async fn of_member(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId) -> Result<Vec<Offer>, Error> {
    tx.all(&OF_MEMBER, &[organization.into(), member.into()], read).await
}

/// Ends an offer; answers whether it stood. `state` is `accepted`, `declined`, `expired` or `revoked`.
///
/// # Errors
/// A fault.
pub async fn end(tx: &mut Tx<'_>, id: OfferId, state: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&END, &[id.into(), state.into(), now.into()]).await? == 1)
}

/// Who let an offer of the task pass at its stage.
///
/// # Errors
/// A fault.
pub async fn passed_by(tx: &mut Tx<'_>, task: &Task) -> Result<Vec<MemberId>, Error> {
    tx.all(&PASSED_BY, &[task.id.into(), task.stage.into()], |row| row.id(0)).await
}
