//! What members have to do, counted with every offer and assignment, and how available they are.

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{
    Timestamp,
    id::{MemberId, OrganizationId},
};

use crate::{Arg, Error, Row, Tx};

/// What a member has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Workload {
    /// Units of what is offered to them or accepted by them.
    pub units: i64,
    /// When something was assigned to them last.
    pub last_assigned_at: Option<Timestamp>,
    /// The day that is counted, in days since 1970 (UTC).
    pub day: i64,
    /// How often something was assigned to them on that day.
    pub assigned_that_day: i64,
}

crate::sql::statements! {
    ADD = "INSERT INTO workloads (member_id, organization_id, units, last_assigned_at, day, assigned_that_day) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (member_id) DO UPDATE SET units = workloads.units + excluded.units, last_assigned_at = excluded.last_assigned_at, \
        assigned_that_day = CASE WHEN workloads.day = excluded.day THEN workloads.assigned_that_day + excluded.assigned_that_day ELSE excluded.assigned_that_day END, day = excluded.day";
    REMOVE = "UPDATE workloads SET units = CASE WHEN units > $2 THEN units - $2 ELSE 0 END WHERE member_id = $1";
    UNCOUNT = "UPDATE workloads SET assigned_that_day = assigned_that_day - 1 WHERE member_id = $1 AND day = $2 AND assigned_that_day > 0";
    OF_ALL = "SELECT member_id, units, last_assigned_at, day, assigned_that_day FROM workloads WHERE organization_id = $1";
    FORGET_PERSON = "DELETE FROM persons WHERE member_id = $1";
    SET_PERSON = "INSERT INTO persons (member_id, organization_id, person) VALUES ($1, $2, $3)";
    SAME_PERSON = "SELECT o.member_id FROM persons p JOIN persons o ON o.organization_id = p.organization_id AND o.person = p.person \
        WHERE p.organization_id = $1 AND p.member_id = $2 ORDER BY o.member_id";
    SET_AVAILABILITY = "INSERT INTO availabilities (member_id, organization_id, availability, updated_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (member_id) DO UPDATE SET availability = excluded.availability, updated_at = excluded.updated_at";
    AVAILABILITY = "SELECT availability FROM availabilities WHERE organization_id = $1 AND member_id = $2";
    AVAILABILITIES = "SELECT member_id, availability FROM availabilities WHERE organization_id = $1";
}

/// Counts something that was offered or assigned to a member: for their workload, and for their day unless it was counted before.
///
/// # Errors
/// A fault.
pub async fn add(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    member: MemberId,
    units: i64,
    assigned: bool,
    now: Timestamp,
) -> Result<(), Error> {
    let day = now.as_second().div_euclid(86_400);
    tx.exec(&ADD, &[member.into(), organization.into(), units.into(), now.into(), day.into(), i64::from(assigned).into()]).await?;
    Ok(())
}

/// Counts something that a member no longer has to do.
///
/// # Errors
/// A fault.
pub async fn remove(tx: &mut Tx<'_>, member: MemberId, units: i64) -> Result<(), Error> {
    tx.exec(&REMOVE, &[member.into(), units.into()]).await?;
    Ok(())
}

/// Takes back what was counted for a member's day: an offer that they did not take.
///
/// # Errors
/// A fault.
pub async fn uncount(tx: &mut Tx<'_>, member: MemberId, now: Timestamp) -> Result<(), Error> {
    let day = now.as_second().div_euclid(86_400);
    tx.exec(&UNCOUNT, &[member.into(), day.into()]).await?;
    Ok(())
}

/// What each member of an organization has to do; who never had anything is left out.
///
/// # Errors
/// A fault.
pub async fn all(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<(MemberId, Workload)>, Error> {
    let read = |row: &Row<'_>| {
        let workload = Workload { units: row.get(1)?, last_assigned_at: row.get(2)?, day: row.get(3)?, assigned_that_day: row.get(4)? };
        Ok((row.id(0)?, workload))
    };
    tx.all(&OF_ALL, &[organization.into()], read).await
}

/// Stores how available a member is.
///
/// # Errors
/// A fault.
pub async fn set_availability(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    member: MemberId,
    availability: &impl Serialize,
    now: Timestamp,
) -> Result<(), Error> {
    tx.exec(&SET_AVAILABILITY, &[member.into(), organization.into(), Arg::json(availability)?, now.into()]).await?;
    Ok(())
}

/// How available a member is, if it was ever said.
///
/// # Errors
/// A fault.
pub async fn availability<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    member: MemberId,
) -> Result<Option<T>, Error> {
    tx.opt(&AVAILABILITY, &[organization.into(), member.into()], |row| row.json(0)).await
}

/// How available the members of an organization are; of whom it was never said is left out.
///
/// # Errors
/// A fault.
pub async fn availabilities<T: DeserializeOwned>(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<(MemberId, T)>, Error> {
    tx.all(&AVAILABILITIES, &[organization.into()], |row| Ok((row.id(0)?, row.json(1)?))).await
}

/// Stores which person is behind a member; `None` is not known.
///
/// # Errors
/// A fault.
pub async fn set_person(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId, person: Option<&str>) -> Result<(), Error> {
    tx.exec(&FORGET_PERSON, &[member.into()]).await?;
    if let Some(person) = person {
        tx.exec(&SET_PERSON, &[member.into(), organization.into(), person.into()]).await?;
    }
    Ok(())
}

/// All members behind whom the same person is known to be, the member among them; empty when their person is not known.
///
/// # Errors
/// A fault.
pub async fn same_person(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId) -> Result<Vec<MemberId>, Error> {
    tx.all(&SAME_PERSON, &[organization.into(), member.into()], |row| row.id(0)).await
}
