//! Signed notes (C2SP signed-note) with Ed25519: a text and, after a blank line, one line for each signature. A log signs its
//! checkpoints and the closing of its exports in this form.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

/// The type byte of an Ed25519 signature over the note's text.
const ED25519: u8 = 1;

/// How many signatures a note may carry. C2SP asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// The largest note in bytes.
pub const MAX_BYTES: usize = 256 * 1024;

/// Why something is no note or no key, or is not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Key names are not empty and have no spaces and no `+`.
    #[error("{0:?} cannot be the name of a key")]
    Name(String),
    /// Not `<name>+<id>+<key>` with an Ed25519 key whose id is right.
    #[error("{0:?} is not a verifier key")]
    Key(String),
    /// A note's text is not empty, ends with a newline and has no other control characters.
    #[error("the text cannot be the text of a note")]
    Text,
    /// Not a text, a blank line and signature lines.
    #[error("not a signed note")]
    Form,
    /// A signature by a known key does not hold.
    #[error("the signature by {0} does not hold")]
    Signature(String),
    /// None of the signatures is by a known key.
    #[error("not signed by a known key")]
    Unsigned,
}

/// A key that verifies: `<name>+<8 hexadecimal digits>+<base64>` when written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    id: u32,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A verifier key from its parts.
    ///
    /// # Errors
    /// [`NoteError::Name`] or, when the 32 bytes are no Ed25519 key, [`NoteError::Key`].
    pub fn new(name: &str, key: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Name(name.to_owned()));
        }
        let verifying = VerifyingKey::from_bytes(key).map_err(|_| NoteError::Key(hex::encode(key)))?;
        Ok(Self { name: name.to_owned(), id: key_id(name, key), key: verifying })
    }

    /// The key's name, for a log its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's id: the first four bytes of SHA-256(name ‖ 0x0a ‖ 0x01 ‖ key).
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = [ED25519; 33];
        material[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(material))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let read = || {
            // The base64 part may itself hold a plus.
            let mut parts = text.splitn(3, '+');
            let (name, _id, material) = (parts.next()?, parts.next()?, parts.next()?);
            let material = STANDARD.decode(material).ok()?;
            let (&ED25519, key) = material.split_first()? else { return None };
            Self::new(name, key.try_into().ok()?).ok()
        };
        // The comparison refuses a wrong id and every other spelling.
        read().filter(|key| key.to_string() == text).ok_or_else(|| NoteError::Key(text.to_owned()))
    }
}

/// A key that signs.
pub struct Signer {
    key: SigningKey,
    verifier: VerifierKey,
}

impl Signer {
    /// The signer of this name with the Ed25519 key made from `seed` (RFC 8032 §5.1.5), 32 secret random bytes.
    ///
    /// # Errors
    /// [`NoteError::Name`].
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let key = SigningKey::from_bytes(seed);
        let verifier = VerifierKey::new(name, key.verifying_key().as_bytes())?;
        Ok(Self { key, verifier })
    }

    /// The key with which others check what this one signs.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The signed note of this text, which has to end with a newline.
    ///
    /// # Errors
    /// [`NoteError::Text`].
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        if !is_text(text) {
            return Err(NoteError::Text);
        }
        let mut signature = self.verifier.id.to_be_bytes().to_vec();
        signature.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n— {} {}\n", self.verifier.name, STANDARD.encode(signature)))
    }
}

/// Does not show the secret.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// What [`verify`] found out about a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<'a> {
    /// The text that was signed, with its last newline.
    pub text: &'a str,
    /// The known keys that signed it, by their place in the list that was given; at least one.
    pub signed_by: Vec<usize>,
}

/// Checks a note against known keys. Signatures by other keys are ignored, also when they have the name or the id of a known
/// one. Of several signatures by one key each has to hold.
///
/// # Errors
/// [`NoteError::Form`], [`NoteError::Signature`] or [`NoteError::Unsigned`].
pub fn verify<'a>(note: &'a str, keys: &[VerifierKey]) -> Result<Verified<'a>, NoteError> {
    let (text, signatures) = split(note)?;
    let mut signed_by = Vec::new();
    for line in signatures {
        let (name, id, signature) = signature(line)?;
        let known = keys.iter().position(|key| key.name == name && key.id == id);
        let Some((place, key)) = known.and_then(|place| Some((place, keys.get(place)?))) else { continue };
        let holds = <[u8; 64]>::try_from(signature.as_slice())
            .is_ok_and(|bytes| key.key.verify_strict(text.as_bytes(), &Signature::from_bytes(&bytes)).is_ok());
        if !holds {
            return Err(NoteError::Signature(format!("{name}+{id:08x}")));
        }
        if !signed_by.contains(&place) {
            signed_by.push(place);
        }
    }
    if signed_by.is_empty() { Err(NoteError::Unsigned) } else { Ok(Verified { text, signed_by }) }
}

/// A note's text, read without checking any signature.
///
/// # Errors
/// [`NoteError::Form`].
pub fn unverified_text(note: &str) -> Result<&str, NoteError> {
    split(note).map(|(text, _)| text)
}

fn split(note: &str) -> Result<(&str, Vec<&str>), NoteError> {
    let (text, signatures) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
    // `text` has lost the newline that belongs to it.
    let text = note.get(..=text.len()).ok_or(NoteError::Form)?;
    let signatures: Vec<&str> = signatures.strip_suffix('\n').ok_or(NoteError::Form)?.split('\n').collect();
    if note.len() > MAX_BYTES || !is_text(text) || signatures.len() > MAX_SIGNATURES {
        return Err(NoteError::Form);
    }
    Ok((text, signatures))
}

fn signature(line: &str) -> Result<(&str, u32, Vec<u8>), NoteError> {
    let (name, encoded) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(NoteError::Form)?;
    let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Form)?;
    let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Form)?;
    if !is_name(name) || signature.is_empty() {
        return Err(NoteError::Form);
    }
    Ok((name, u32::from_be_bytes(*id), signature.to_vec()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c == '+' || c.is_whitespace() || c.is_ascii_control())
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && text.bytes().all(|byte| byte >= 0x20 || byte == b'\n')
}

fn key_id(name: &str, key: &[u8; 32]) -> u32 {
    let hash: [u8; 32] = Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key).finalize().into();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

#[cfg(test)]
mod tests;
