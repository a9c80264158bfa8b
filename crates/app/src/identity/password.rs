//! Password hashes: Argon2id with 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet), as PHC strings.
//!
//! Hashing takes tens of milliseconds and much memory: it runs on the blocking pool, two at a time, and never within a transaction.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use signoff_store::{Error, Fault};
use tokio::sync::Semaphore;

static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Hashes that are made or wait for their turn; one more is refused.
static WAITING: Semaphore = Semaphore::const_new(64);

/// The hash of no password at all: what an unknown address is checked against, so that the time tells nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2lnbm9mZi1ub2JvZHktMA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(bug)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn bug(error: impl std::fmt::Display) -> Error {
    Fault::Bug(format!("password hash: {error}")).into()
}

async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let place = WAITING.try_acquire().map_err(|_| Fault::Full)?;
    let turn = AT_ONCE.acquire().await.map_err(bug)?;
    // Both are held until the work is done, even when nobody waits for it any longer.
    let run = move || {
        let _held = (place, turn);
        work()
    };
    tokio::task::spawn_blocking(run).await.map_err(bug)
}

/// The hash of a password, with a fresh salt.
pub(super) async fn hash(password: String, salt: [u8; 16]) -> Result<String, Error> {
    let argon2 = argon2()?;
    let hashed = off_the_runtime(move || argon2.hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string())).await?;
    hashed.map_err(bug)
}

/// Whether a password is the one that was hashed; with no hash, never, after the same time.
pub(super) async fn verify(password: String, hash: Option<String>) -> Result<bool, Error> {
    let argon2 = argon2()?;
    off_the_runtime(move || {
        let text = hash.as_deref().unwrap_or(NOBODY);
        let matches = PasswordHash::new(text).is_ok_and(|parsed| argon2.verify_password(password.as_bytes(), &parsed).is_ok());
        matches && hash.is_some()
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_and_any_other_is_not() {
        let hashed = hash("correct horse battery".into(), [7; 16]).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse battery".into(), Some(hashed.clone())).await.unwrap());
        assert!(!verify("correct horse batterz".into(), Some(hashed)).await.unwrap());
        assert!(!verify("anything".into(), None).await.unwrap());
        assert!(PasswordHash::new(NOBODY).is_ok(), "an unknown address costs as much as a known one");
    }
}
