//! Console sessions, and the one-time links that open them.

use signoff_domain::{
    Timestamp,
    credential::Fingerprint,
    id::{MemberId, OrganizationId, SessionId},
};

use crate::{Error, Row, Tx};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, member_id, created_at, last_seen_at, expires_at, ended_at, user_agent, address FROM sessions ",
            $rest
        )
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO sessions (id, organization_id, member_id, secret_hash, created_at, last_seen_at, expires_at, ended_at, user_agent, address) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, $8, $9)";
    BY_SECRET = select!("WHERE secret_hash = $1");
    GET = select!("WHERE member_id = $1 AND id = $2");
    LIST = select!(
        "WHERE member_id = $1 AND ended_at IS NULL AND expires_at > $3 AND last_seen_at > $4 ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    LIST_AFTER = select!(
        "WHERE member_id = $1 AND ended_at IS NULL AND expires_at > $3 AND last_seen_at > $4 AND (created_at, id) < ($5, $6) \
        ORDER BY created_at DESC, id DESC LIMIT $2"
    );
    END = "UPDATE sessions SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
    END_OTHERS = "UPDATE sessions SET ended_at = $3 WHERE member_id = $1 AND id <> $2 AND ended_at IS NULL";
    END_ALL = "UPDATE sessions SET ended_at = $2 WHERE member_id = $1 AND ended_at IS NULL";
    SEEN = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    ADD_LINK = "INSERT INTO login_links (secret_hash, organization_id, member_id, created_at, expires_at, used_at) VALUES ($1, $2, $3, $4, $5, NULL)";
    LINK = "SELECT organization_id, member_id, expires_at, used_at FROM login_links WHERE secret_hash = $1 FOR UPDATE";
    USE_LINK = "UPDATE login_links SET used_at = $2 WHERE secret_hash = $1";
    USE_LINKS = "UPDATE login_links SET used_at = $2 WHERE member_id = $1 AND used_at IS NULL";
    SWEEP = "DELETE FROM sessions WHERE expires_at < $1";
    SWEEP_LINKS = "DELETE FROM login_links WHERE expires_at < $1";
}

/// A console session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose.
    pub member_id: MemberId,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was used last, to about a minute.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// Where it was opened from.
    pub address: Option<String>,
}

fn read(row: &Row<'_>) -> Result<Session, Error> {
    Ok(Session {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        member_id: row.id(2)?,
        created_at: row.get(3)?,
        last_seen_at: row.get(4)?,
        expires_at: row.get(5)?,
        ended_at: row.get(6)?,
        user_agent: row.get(7)?,
        address: row.get(8)?,
    })
}

/// Adds a session.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, session: &Session, secret: &Fingerprint) -> Result<(), Error> {
    let args = [
        session.id.into(),
        session.organization_id.into(),
        session.member_id.into(),
        secret.into(),
        session.created_at.into(),
        session.last_seen_at.into(),
        session.expires_at.into(),
        session.user_agent.as_deref().into(),
        session.address.as_deref().into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// The session of a secret.
///
/// # Errors
/// A fault.
pub async fn by_secret(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<Session>, Error> {
    tx.opt(&BY_SECRET, &[secret.into()], read).await
}

/// A session of a member.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, member: MemberId, id: SessionId) -> Result<Option<Session>, Error> {
    tx.opt(&GET, &[member.into(), id.into()], read).await
}

/// A page of the member's sessions that are open: not ended, not expired at `now`, and used after `seen_after`. Newest first.
///
/// # Errors
/// A fault.
pub async fn list(
    tx: &mut Tx<'_>,
    member: MemberId,
    now: Timestamp,
    seen_after: Timestamp,
    after: Option<(Timestamp, SessionId)>,
    limit: i64,
) -> Result<Vec<Session>, Error> {
    let start = [member.into(), limit.into(), now.into(), seen_after.into()];
    match after {
        None => tx.all(&LIST, &start, read).await,
        Some((time, id)) => {
            let [a, b, c, d] = start;
            tx.all(&LIST_AFTER, &[a, b, c, d, time.into(), id.into()], read).await
        }
    }
}

/// Ends a session; answers whether it was open.
///
/// # Errors
/// A fault.
pub async fn end(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&END, &[id.into(), now.into()]).await? == 1)
}

/// Ends all sessions of a member, but one.
///
/// # Errors
/// A fault.
pub async fn end_all(tx: &mut Tx<'_>, member: MemberId, but: Option<SessionId>, now: Timestamp) -> Result<u64, Error> {
    match but {
        Some(but) => tx.exec(&END_OTHERS, &[member.into(), but.into(), now.into()]).await,
        None => tx.exec(&END_ALL, &[member.into(), now.into()]).await,
    }
}

/// Notes that a session was used.
///
/// # Errors
/// A fault.
pub async fn seen(tx: &mut Tx<'_>, id: SessionId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&SEEN, &[id.into(), now.into()]).await?;
    Ok(())
}

/// A link that logs a member in once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLink {
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whom.
    pub member_id: MemberId,
    /// Until when.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
}

/// Adds a link.
///
/// # Errors
/// A fault.
pub async fn add_link(tx: &mut Tx<'_>, link: &LoginLink, secret: &Fingerprint, now: Timestamp) -> Result<(), Error> {
    tx.exec(&ADD_LINK, &[secret.into(), link.organization_id.into(), link.member_id.into(), now.into(), link.expires_at.into()]).await?;
    Ok(())
}

/// The link of a secret, locked.
///
/// # Errors
/// A fault.
pub async fn link(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<LoginLink>, Error> {
    let read =
        |row: &Row<'_>| Ok(LoginLink { organization_id: row.id(0)?, member_id: row.id(1)?, expires_at: row.get(2)?, used_at: row.get(3)? });
    tx.opt(&LINK, &[secret.into()], read).await
}

/// Notes that a link was used.
///
/// # Errors
/// A fault.
pub async fn use_link(tx: &mut Tx<'_>, secret: &Fingerprint, now: Timestamp) -> Result<(), Error> {
    tx.exec_one("login_links", &USE_LINK, &[secret.into(), now.into()]).await
}

/// Uses up all links of a member.
///
/// # Errors
/// A fault.
pub async fn use_links(tx: &mut Tx<'_>, member: MemberId, now: Timestamp) -> Result<u64, Error> {
    tx.exec(&USE_LINKS, &[member.into(), now.into()]).await
}

/// Forgets sessions and links that ended before.
///
/// # Errors
/// A fault.
pub async fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, Error> {
    Ok(tx.exec(&SWEEP, &[before.into()]).await? + tx.exec(&SWEEP_LINKS, &[before.into()]).await?)
}
