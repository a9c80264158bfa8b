//! API keys and access tokens: how they are written, checked for typing errors, and remembered.
//!
//! `sk_live_` (or `sk_test_`, `sp_live_`), 30 characters of base62 (178 bits) and the CRC-32 of these in 6 more. What is stored is the SHA-256 of the whole: the
//! secret has too many bits to be guessed, so a slow hash would buy nothing.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET: usize = 30;
const CHECK: usize = 6;

/// What a credential is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// An agent's key.
    LiveKey,
    /// An agent's key for trying out.
    TestKey,
    /// A person's access token.
    Token,
}

impl CredentialKind {
    /// How credentials of this kind start.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::LiveKey => "sk_live_",
            Self::TestKey => "sk_test_",
            Self::Token => "sp_live_",
        }
    }
}

/// The SHA-256 of a secret.
pub type Fingerprint = [u8; 32];

/// The fingerprint under which a secret is stored.
#[must_use]
pub fn fingerprint(secret: &str) -> Fingerprint {
    Sha256::digest(secret.as_bytes()).into()
}

/// Writes a credential from random bytes.
#[must_use]
pub fn write(kind: CredentialKind, random: &[u8; 32]) -> String {
    let mut secret = String::with_capacity(SECRET);
    // Each block of 32 bytes gives its bytes below 248 = 4 × 62: every digit is equally likely.
    let mut block = *random;
    while secret.len() < SECRET {
        let left = SECRET - secret.len();
        secret.extend(block.iter().filter(|byte| **byte < 248).take(left).map(|byte| char::from(BASE62[usize::from(byte % 62)])));
        block = Sha256::digest(block).into();
    }
    let check = checksum(&secret);
    format!("{}{secret}{check}", kind.prefix())
}

/// The kind of a credential that is written as it must be; `None` tells a typing error without asking the database.
#[must_use]
pub fn parse(text: &str) -> Option<CredentialKind> {
    let kinds = [CredentialKind::LiveKey, CredentialKind::TestKey, CredentialKind::Token];
    let (kind, rest) = kinds.into_iter().find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)))?;
    let well_formed = rest.len() == SECRET + CHECK && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (well_formed && checksum(&rest[..SECRET]) == rest[SECRET..]).then_some(kind)
}

/// What may be shown of a credential: its prefix and first characters.
#[must_use]
pub fn shown(credential: &str) -> String {
    credential.chars().take(12).collect()
}

fn checksum(secret: &str) -> String {
    let mut rest = crc32fast::hash(secret.as_bytes());
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_the_published_one() {
        assert_eq!(checksum("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"), "0mLq17");
    }

    proptest! {
        #[test]
        fn what_is_written_is_recognised_and_any_other_digit_is_not(random: [u8; 32], place in 8..44usize, digit in 0..62usize) {
            let key = write(CredentialKind::LiveKey, &random);
            prop_assert_eq!(parse(&key), Some(CredentialKind::LiveKey));
            let mut changed = key.clone().into_bytes();
            changed[place] = BASE62[digit];
            let changed = String::from_utf8(changed).unwrap();
            prop_assert_eq!(parse(&changed).is_some(), changed == key);
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "(sk_live_|sp_live_)?\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
