//! Members.

use signoff_domain::{
    Timestamp,
    id::{MemberId, OrganizationId},
    member::{Member, MemberState},
    permission::Role,
};

use crate::{Error, Row, Tx};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, organization_id, email, name, role, state, created_at, last_seen_at FROM members ", $rest)
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO members (id, organization_id, email, name, role, state, password_hash, created_at, last_seen_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    UPDATE = "UPDATE members SET email = $2, name = $3, role = $4, state = $5 WHERE id = $1";
    GET = select!("WHERE organization_id = $1 AND id = $2");
    LOCK = "SELECT id FROM members WHERE organization_id = $1 AND id = $2 FOR UPDATE";
    HOLD = "SELECT id FROM members WHERE organization_id = $1 AND id = $2 FOR SHARE";
    BY_EMAIL = select!("WHERE organization_id = $1 AND email = $2");
    ALL_OF = select!("WHERE organization_id = $1 ORDER BY created_at, id");
    REVIEWERS = "SELECT id FROM members WHERE organization_id = $1 AND state = 'active' AND role IN ('owner', 'admin', 'reviewer') ORDER BY created_at, id";
    PAGE = select!("WHERE organization_id = $1 ORDER BY created_at, id LIMIT $2");
    PAGE_AFTER = select!("WHERE organization_id = $1 AND (created_at, id) > ($3, $4) ORDER BY created_at, id LIMIT $2");
    LOCK_OWNERS = "SELECT id FROM members WHERE organization_id = $1 AND role = 'owner' AND state = 'active' ORDER BY id FOR UPDATE";
    LOGINS = "SELECT id, organization_id, password_hash FROM members WHERE email = $1 AND state = 'active' AND password_hash IS NOT NULL \
        ORDER BY COALESCE(last_seen_at, created_at) DESC, id LIMIT 5";
    PASSWORD = "SELECT password_hash FROM members WHERE id = $1";
    SET_PASSWORD = "UPDATE members SET password_hash = $2 WHERE id = $1";
    SEEN = "UPDATE members SET last_seen_at = $2 WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2)";
}

fn read(row: &Row<'_>) -> Result<Member, Error> {
    let state = |word: &str| [MemberState::Active, MemberState::Disabled].into_iter().find(|state| state.as_str() == word);
    Ok(Member {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        email: row.get(2)?,
        name: row.get(3)?,
        role: row.word(4, "members", Role::parse)?,
        state: row.word(5, "members", state)?,
        created_at: row.get(6)?,
        last_seen_at: row.get(7)?,
    })
}

/// Adds a member.
///
/// # Errors
/// [`crate::Fault::NotUnique`] when the organization has a member of this address.
pub async fn insert(tx: &mut Tx<'_>, member: &Member, password_hash: Option<&str>) -> Result<(), Error> {
    let args = [
        member.id.into(),
        member.organization_id.into(),
        (&member.email).into(),
        (&member.name).into(),
        member.role.as_str().into(),
        member.state.as_str().into(),
        password_hash.into(),
        member.created_at.into(),
        member.last_seen_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// Stores address, name, role and state.
///
/// # Errors
/// [`crate::Fault::NotUnique`] when the organization has another member of this address.
pub async fn update(tx: &mut Tx<'_>, member: &Member) -> Result<(), Error> {
    let args = [member.id.into(), (&member.email).into(), (&member.name).into(), member.role.as_str().into(), member.state.as_str().into()];
    tx.exec_one("members", &UPDATE, &args).await
}

/// A member.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}

/// A member, locked against other changes.
///
/// # Errors
/// A fault.
pub async fn lock(tx: &mut Tx<'_>, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    let locked: Option<MemberId> = tx.opt(&LOCK, &[organization.into(), id.into()], |row| row.id(0)).await?;
    match locked {
        None => Ok(None),
        Some(id) => get(tx, organization, id).await,
    }
}

/// A member, who stays as they are until the transaction ends.
///
/// # Errors
/// A fault.
pub async fn hold(tx: &mut Tx<'_>, organization: OrganizationId, id: MemberId) -> Result<Option<Member>, Error> {
    let held: Option<MemberId> = tx.opt(&HOLD, &[organization.into(), id.into()], |row| row.id(0)).await?;
    match held {
        None => Ok(None),
        Some(id) => get(tx, organization, id).await,
    }
}

/// The member of an address.
///
/// # Errors
/// A fault.
pub async fn by_email(tx: &mut Tx<'_>, organization: OrganizationId, email: &str) -> Result<Option<Member>, Error> {
    tx.opt(&BY_EMAIL, &[organization.into(), email.into()], read).await
}

/// All members, oldest first.
///
/// # Errors
/// A fault.
pub async fn all(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<Member>, Error> {
    tx.all(&ALL_OF, &[organization.into()], read).await
}

/// The active members whose role may review.
///
/// # Errors
/// A fault.
pub async fn reviewers(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<MemberId>, Error> {
    tx.all(&REVIEWERS, &[organization.into()], |row| row.id(0)).await
}

/// A page of members, oldest first.
///
/// # Errors
/// A fault.
pub async fn page(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    after: Option<(Timestamp, MemberId)>,
    limit: i64,
) -> Result<Vec<Member>, Error> {
    match after {
        None => tx.all(&PAGE, &[organization.into(), limit.into()], read).await,
        Some((time, id)) => tx.all(&PAGE_AFTER, &[organization.into(), limit.into(), time.into(), id.into()], read).await,
    }
}

/// The active owners, locked, so that two changes at once cannot remove the last two.
///
/// # Errors
/// A fault.
pub async fn lock_owners(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Vec<MemberId>, Error> {
    tx.all(&LOCK_OWNERS, &[organization.into()], |row| row.id(0)).await
}

/// What a login is checked against.
#[derive(Debug, Clone)]
pub struct Login {
    /// Who.
    pub id: MemberId,
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// The Argon2id hash (PHC string).
    pub password_hash: String,
}

/// The logins of an address in the organizations that know it, five at the most, the one that was there last first.
///
/// # Errors
/// A fault.
pub async fn logins(tx: &mut Tx<'_>, email: &str) -> Result<Vec<Login>, Error> {
    let read = |row: &Row<'_>| Ok(Login { id: row.id(0)?, organization_id: row.id(1)?, password_hash: row.get(2)? });
    tx.all(&LOGINS, &[email.into()], read).await
}

/// The password hash of a member, if one is set.
///
/// # Errors
/// A fault.
pub async fn password_hash(tx: &mut Tx<'_>, id: MemberId) -> Result<Option<String>, Error> {
    Ok(tx.opt(&PASSWORD, &[id.into()], |row| row.get::<Option<String>>(0)).await?.flatten())
}

/// Sets the password hash of a member.
///
/// # Errors
/// A fault.
pub async fn set_password_hash(tx: &mut Tx<'_>, id: MemberId, hash: &str) -> Result<(), Error> {
    tx.exec_one("members", &SET_PASSWORD, &[id.into(), hash.into()]).await
}

/// Notes that a member was there.
///
/// # Errors
/// A fault.
pub async fn seen(tx: &mut Tx<'_>, id: MemberId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&SEEN, &[id.into(), now.into()]).await?;
    Ok(())
}
