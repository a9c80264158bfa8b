//! Invitations to become a member.

use signoff_domain::{
    Timestamp,
    credential::Fingerprint,
    id::{InvitationId, OrganizationId},
    permission::Role,
};

use crate::{Error, Row, Tx};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, organization_id, email, role, created_at, expires_at, accepted_at, revoked_at FROM invitations ", $rest)
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO invitations (id, organization_id, email, role, secret_hash, created_at, expires_at, accepted_at, revoked_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)";
    BY_SECRET = select!("WHERE secret_hash = $1");
    LOCK_BY_SECRET = select!("WHERE secret_hash = $1 FOR UPDATE");
    GET = select!("WHERE organization_id = $1 AND id = $2 FOR UPDATE");
    PAGE = select!("WHERE organization_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $2");
    PAGE_AFTER = select!(
        "WHERE organization_id = $1 AND revoked_at IS NULL AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    OPEN = "SELECT id FROM invitations WHERE organization_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $3 \
        ORDER BY id";
    ACCEPT = "UPDATE invitations SET accepted_at = $2 WHERE id = $1";
    REVOKE = "UPDATE invitations SET revoked_at = $2 WHERE id = $1";
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who is invited.
    pub email: String,
    /// The role they get.
    pub role: Role,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

fn read(row: &Row<'_>) -> Result<Invitation, Error> {
    Ok(Invitation {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        email: row.get(2)?,
        role: row.word(3, "invitations", Role::parse)?,
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        accepted_at: row.get(6)?,
        revoked_at: row.get(7)?,
    })
}

/// Adds an invitation.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, invitation: &Invitation, secret: &Fingerprint) -> Result<(), Error> {
    let args = [
        invitation.id.into(),
        invitation.organization_id.into(),
        (&invitation.email).into(),
        invitation.role.as_str().into(),
        secret.into(),
        invitation.created_at.into(),
        invitation.expires_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// The invitation of a secret.
///
/// # Errors
/// A fault.
pub async fn by_secret(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<Invitation>, Error> {
    tx.opt(&BY_SECRET, &[secret.into()], read).await
}

/// The invitation of a secret, locked against other changes.
///
/// # Errors
/// A fault.
pub async fn lock_by_secret(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<Invitation>, Error> {
    tx.opt(&LOCK_BY_SECRET, &[secret.into()], read).await
}

/// An invitation, locked.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: InvitationId) -> Result<Option<Invitation>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}

/// A page of the invitations that were not taken back, newest first.
///
/// # Errors
/// A fault.
pub async fn page(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    after: Option<(Timestamp, InvitationId)>,
    limit: i64,
) -> Result<Vec<Invitation>, Error> {
    match after {
        None => tx.all(&PAGE, &[organization.into(), limit.into()], read).await,
        Some((time, id)) => tx.all(&PAGE_AFTER, &[organization.into(), limit.into(), time.into(), id.into()], read).await,
    }
}

/// The invitations of an address that can be accepted.
///
/// # Errors
/// A fault.
pub async fn open_of(tx: &mut Tx<'_>, organization: OrganizationId, email: &str, now: Timestamp) -> Result<Vec<InvitationId>, Error> {
    tx.all(&OPEN, &[organization.into(), email.into(), now.into()], |row| row.id(0)).await
}

/// Notes that an invitation was accepted.
///
/// # Errors
/// A fault.
pub async fn accept(tx: &mut Tx<'_>, id: InvitationId, now: Timestamp) -> Result<(), Error> {
    tx.exec_one("invitations", &ACCEPT, &[id.into(), now.into()]).await
}

/// Takes an invitation back.
///
/// # Errors
/// A fault.
pub async fn revoke(tx: &mut Tx<'_>, id: InvitationId, now: Timestamp) -> Result<(), Error> {
    tx.exec_one("invitations", &REVOKE, &[id.into(), now.into()]).await
}
