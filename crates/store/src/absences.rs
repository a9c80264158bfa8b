//! Who is away, and who acts for whom.

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{
    Timestamp,
    id::{AbsenceId, DelegationId, MemberId, OrganizationId},
};

use crate::{Arg, Error, Tx};

crate::sql::statements! {
    INSERT_DELEGATION = "INSERT INTO delegations (id, organization_id, from_id, delegation, ends_at, revoked_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, NULL, $6)";
    SET_DELEGATION = "UPDATE delegations SET delegation = $3, revoked_at = $4 WHERE organization_id = $1 AND id = $2";
    DELEGATION = "SELECT delegation FROM delegations WHERE organization_id = $1 AND id = $2";
    DELEGATIONS = "SELECT delegation FROM delegations WHERE organization_id = $1 AND ends_at > $2 AND revoked_at IS NULL ORDER BY created_at, id";
    INSERT_ABSENCE = "INSERT INTO absences (id, organization_id, member_id, absence, ends_at, revoked_at, created_at) VALUES ($1, $2, $3, $4, $5, NULL, $6)";
    END_ABSENCE = "UPDATE absences SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
    ABSENCE = "SELECT absence FROM absences WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
    ABSENCES = "SELECT absence FROM absences WHERE organization_id = $1 AND ends_at > $2 AND revoked_at IS NULL ORDER BY created_at, id";
}

/// Adds a delegation.
///
/// # Errors
/// A fault.
pub async fn insert_delegation(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (id, from): (DelegationId, MemberId),
    delegation: &impl Serialize,
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let args = [id.into(), organization.into(), from.into(), Arg::json(delegation)?, ends_at.into(), now.into()];
    tx.exec(&INSERT_DELEGATION, &args).await?;
    Ok(())
}

/// Stores that a delegation was revoked.
///
/// # Errors
/// A fault.
pub async fn revoke_delegation(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: DelegationId,
    delegation: &impl Serialize,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec_one("delegations", &SET_DELEGATION, &[organization.into(), id.into(), Arg::json(delegation)?, now.into()]).await
}

/// A delegation.
///
/// # Errors
/// A fault.
pub async fn delegation<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, id: DelegationId) -> Result<Option<T>, Error> {
    tx.opt(&DELEGATION, &[organization.into(), id.into()], |row| row.json(0)).await
}

/// The delegations that have not ended.
///
/// # Errors
/// A fault.
pub async fn delegations<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, now: Timestamp) -> Result<Vec<T>, Error> {
    tx.all(&DELEGATIONS, &[organization.into(), now.into()], |row| row.json(0)).await
}

/// Adds an absence.
///
/// # Errors
/// A fault.
pub async fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (id, member): (AbsenceId, MemberId),
    absence: &impl Serialize,
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), Error> {
    let args = [id.into(), organization.into(), member.into(), Arg::json(absence)?, ends_at.into(), now.into()];
    tx.exec(&INSERT_ABSENCE, &args).await?;
    Ok(())
}

/// An absence that was not taken back.
///
/// # Errors
/// A fault.
pub async fn get<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, id: AbsenceId) -> Result<Option<T>, Error> {
    tx.opt(&ABSENCE, &[organization.into(), id.into()], |row| row.json(0)).await
}

/// Takes an absence back; answers whether it stood.
///
/// # Errors
/// A fault.
pub async fn end(tx: &mut Tx<'_>, organization: OrganizationId, id: AbsenceId, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&END_ABSENCE, &[organization.into(), id.into(), now.into()]).await? == 1)
}

/// The absences that have not ended.
///
/// # Errors
/// A fault.
pub async fn all<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId, now: Timestamp) -> Result<Vec<T>, Error> {
    tx.all(&ABSENCES, &[organization.into(), now.into()], |row| row.json(0)).await
}
