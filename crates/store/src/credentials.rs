//! API keys and access tokens, by the hash of their secret.

use signoff_domain::{
    Timestamp,
    credential::Fingerprint,
    id::{KeyId, MemberId, OrganizationId, TokenId},
    permission::Scope,
};

use crate::{Arg, Error, Row, Tx};

macro_rules! keys {
    ($rest:literal) => {
        concat!("SELECT id, organization_id, name, mode, shown, scopes, queue_keys, created_at, expires_at, last_used_at, revoked_at FROM api_keys ", $rest)
    };
}
macro_rules! tokens {
    ($rest:literal) => {
        concat!(
            "SELECT id, organization_id, member_id, name, shown, created_at, expires_at, last_used_at, revoked_at FROM access_tokens ",
            $rest
        )
    };
}

crate::sql::statements! {
    ADD_KEY = "INSERT INTO api_keys (id, organization_id, name, mode, shown, secret_hash, scopes, queue_keys, created_at, expires_at, last_used_at, revoked_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL)";
    KEY_BY_SECRET = keys!("WHERE secret_hash = $1");
    KEY = keys!("WHERE organization_id = $1 AND id = $2");
    KEYS = keys!("WHERE organization_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2");
    KEYS_AFTER = keys!("WHERE organization_id = $1 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $2");
    REVOKE_KEY = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    KEY_USED = "UPDATE api_keys SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    ADD_TOKEN = "INSERT INTO access_tokens (id, organization_id, member_id, name, shown, secret_hash, created_at, expires_at, last_used_at, revoked_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)";
    TOKEN_BY_SECRET = tokens!("WHERE secret_hash = $1");
    TOKEN = tokens!("WHERE member_id = $1 AND id = $2");
    TOKENS = tokens!("WHERE member_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2");
    TOKENS_AFTER = tokens!("WHERE member_id = $1 AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $2");
    REVOKE_TOKENS = "UPDATE access_tokens SET revoked_at = $2 WHERE member_id = $1 AND revoked_at IS NULL";
    REVOKE_TOKEN = "UPDATE access_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    TOKEN_USED = "UPDATE access_tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
}

/// An agent's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What it is called; the agent's name.
    pub name: String,
    /// `live` or `test`.
    pub mode: String,
    /// Its first characters.
    pub shown: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The keys of the queues that it is limited to.
    pub queue_keys: Option<Vec<String>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A person's access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its id.
    pub id: TokenId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose.
    pub member_id: MemberId,
    /// What it is called.
    pub name: String,
    /// Its first characters.
    pub shown: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

fn read_key(row: &Row<'_>) -> Result<ApiKey, Error> {
    Ok(ApiKey {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        name: row.get(2)?,
        mode: row.get(3)?,
        shown: row.get(4)?,
        scopes: row.json(5)?,
        queue_keys: row.json_opt(6)?,
        created_at: row.get(7)?,
        expires_at: row.get(8)?,
        last_used_at: row.get(9)?,
        revoked_at: row.get(10)?,
    })
}

fn read_token(row: &Row<'_>) -> Result<AccessToken, Error> {
    Ok(AccessToken {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        member_id: row.id(2)?,
        name: row.get(3)?,
        shown: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        last_used_at: row.get(7)?,
        revoked_at: row.get(8)?,
    })
}

/// Adds a key.
///
/// # Errors
/// A fault.
pub async fn add_key(tx: &mut Tx<'_>, key: &ApiKey, secret: &Fingerprint) -> Result<(), Error> {
    let args = [
        key.id.into(),
        key.organization_id.into(),
        (&key.name).into(),
        (&key.mode).into(),
        (&key.shown).into(),
        secret.into(),
        Arg::json(&key.scopes)?,
        Arg::json_opt(key.queue_keys.as_ref())?,
        key.created_at.into(),
        key.expires_at.into(),
    ];
    tx.exec(&ADD_KEY, &args).await?;
    Ok(())
}

/// The key of a secret.
///
/// # Errors
/// A fault.
pub async fn key_by_secret(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<ApiKey>, Error> {
    tx.opt(&KEY_BY_SECRET, &[secret.into()], read_key).await
}

/// A key.
///
/// # Errors
/// A fault.
pub async fn key(tx: &mut Tx<'_>, organization: OrganizationId, id: KeyId) -> Result<Option<ApiKey>, Error> {
    tx.opt(&KEY, &[organization.into(), id.into()], read_key).await
}

/// A page of keys, newest first.
///
/// # Errors
/// A fault.
pub async fn keys(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    after: Option<(Timestamp, KeyId)>,
    limit: i64,
) -> Result<Vec<ApiKey>, Error> {
    match after {
        None => tx.all(&KEYS, &[organization.into(), limit.into()], read_key).await,
        Some((time, id)) => tx.all(&KEYS_AFTER, &[organization.into(), limit.into(), time.into(), id.into()], read_key).await,
    }
}

/// Ends a key; answers whether it was in force.
///
/// # Errors
/// A fault.
pub async fn revoke_key(tx: &mut Tx<'_>, id: KeyId, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&REVOKE_KEY, &[id.into(), now.into()]).await? == 1)
}

/// Notes that a key was used.
///
/// # Errors
/// A fault.
pub async fn key_used(tx: &mut Tx<'_>, id: KeyId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&KEY_USED, &[id.into(), now.into()]).await?;
    Ok(())
}

/// Adds a token.
///
/// # Errors
/// A fault.
pub async fn add_token(tx: &mut Tx<'_>, token: &AccessToken, secret: &Fingerprint) -> Result<(), Error> {
    let args = [
        token.id.into(),
        token.organization_id.into(),
        token.member_id.into(),
        (&token.name).into(),
        (&token.shown).into(),
        secret.into(),
        token.created_at.into(),
        token.expires_at.into(),
    ];
    tx.exec(&ADD_TOKEN, &args).await?;
    Ok(())
}

/// The token of a secret.
///
/// # Errors
/// A fault.
pub async fn token_by_secret(tx: &mut Tx<'_>, secret: &Fingerprint) -> Result<Option<AccessToken>, Error> {
    tx.opt(&TOKEN_BY_SECRET, &[secret.into()], read_token).await
}

/// A token of a member.
///
/// # Errors
/// A fault.
pub async fn token(tx: &mut Tx<'_>, member: MemberId, id: TokenId) -> Result<Option<AccessToken>, Error> {
    tx.opt(&TOKEN, &[member.into(), id.into()], read_token).await
}

/// A page of a member's tokens, newest first.
///
/// # Errors
/// A fault.
pub async fn tokens(tx: &mut Tx<'_>, member: MemberId, after: Option<(Timestamp, TokenId)>, limit: i64) -> Result<Vec<AccessToken>, Error> {
    match after {
        None => tx.all(&TOKENS, &[member.into(), limit.into()], read_token).await,
        Some((time, id)) => tx.all(&TOKENS_AFTER, &[member.into(), limit.into(), time.into(), id.into()], read_token).await,
    }
}

/// Ends a token; answers whether it was in force.
///
/// # Errors
/// A fault.
pub async fn revoke_token(tx: &mut Tx<'_>, id: TokenId, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.exec(&REVOKE_TOKEN, &[id.into(), now.into()]).await? == 1)
}

/// Ends all tokens of a member; answers how many were in force.
///
/// # Errors
/// A fault.
pub async fn revoke_tokens(tx: &mut Tx<'_>, member: MemberId, now: Timestamp) -> Result<u64, Error> {
    tx.exec(&REVOKE_TOKENS, &[member.into(), now.into()]).await
}

/// Notes that a token was used.
///
/// # Errors
/// A fault.
pub async fn token_used(tx: &mut Tx<'_>, id: TokenId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&TOKEN_USED, &[id.into(), now.into()]).await?;
    Ok(())
}
