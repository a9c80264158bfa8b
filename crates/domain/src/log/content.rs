//! Salted digests: how an entry refers to content that may have to be erased. Without the salt nobody can tell whether a guess
//! at the content is right, so erasing content and salt erases the content, while the entry and the tree stay as they are.

use std::{fmt, str::FromStr};

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;

const PREFIX: &str = "sha256-hmac:";

/// The 128 random bits that a digest is salted with; a new one for each content.
pub type Salt = [u8; 16];

/// HMAC-SHA-256 over content's canonical bytes with its salt as the key (RFC 2104). Written `sha256-hmac:` and 64 lower-case
/// hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentDigest(pub [u8; 32]);

/// The text is not a content digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a content digest is written '{PREFIX}' and 64 hexadecimal digits")]
pub struct NotADigest;

/// The digest of content, given as its canonical bytes ([`super::canonical`]).
///
/// # Panics
/// Never: HMAC takes keys of any length.
#[must_use]
pub fn content_digest(salt: &Salt, canonical: &[u8]) -> ContentDigest {
    let mac = Hmac::<Sha256>::new_from_slice(salt).expect("HMAC takes keys of any length");
    ContentDigest(mac.chain_update(canonical).finalize().into_bytes().into())
}

impl ContentDigest {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut digits = [0; 64];
        // 64 digits are what 32 bytes need.
        let _: Result<(), hex::FromHexError> = hex::encode_to_slice(self.0, &mut digits);
        out.extend_from_slice(PREFIX.as_bytes());
        out.extend_from_slice(&digits);
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", hex::encode(self.0))
    }
}

impl FromStr for ContentDigest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let digits = text.strip_prefix(PREFIX).ok_or(NotADigest)?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| NotADigest)?;
        let digest = Self(bytes);
        if digits.bytes().any(|digit| digit.is_ascii_uppercase()) { Err(NotADigest) } else { Ok(digest) }
    }
}

impl Serialize for ContentDigest {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentDigest {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 §4.2 has a key of 20 bytes; the first test case of HMAC with 16 bytes of 0x0b and "Hi There" was computed with
    /// OpenSSL.
    #[test]
    fn a_digest_is_hmac_sha_256_and_survives_being_written_and_read() {
        let digest = content_digest(&[0x0b; 16], b"Hi There");
        let text = "sha256-hmac:492ce020fe2534a5789dc3848806c78f4f6711397f08e7e7a12ca5a4483c8aa6";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse(), Ok(digest));
        let mut bytes = Vec::new();
        digest.write(&mut bytes);
        assert_eq!(bytes, text.as_bytes());
    }

    #[test]
    fn only_the_one_spelling_is_read() {
        let text = content_digest(&[1; 16], b"").to_string();
        assert!(text.to_uppercase().parse::<ContentDigest>().is_err());
        assert!(text.replace("sha256-hmac", "sha256").parse::<ContentDigest>().is_err());
        assert!(text[..text.len() - 2].parse::<ContentDigest>().is_err());
        assert!(format!("{PREFIX}{}", "A".repeat(64)).parse::<ContentDigest>().is_err());
    }
}
