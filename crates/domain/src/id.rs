//! Identifiers: one type for each kind of thing, so that they cannot be mixed up.
//!
//! An id is a UUIDv7 (RFC 9562) and is written as a prefix and 26 characters of lower-case Crockford base32: `task_01kb9x6q3wf8rv2c4n5g7h8j9k`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const DIGITS: usize = 26;

/// The text is not an id of this kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an id of this kind is written '{prefix}_' and 26 characters of base32")]
pub struct NotAnId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

/// What every kind of id can do.
pub trait Id: Copy + From<Uuid> + Into<Uuid> {
    /// The text before the underscore.
    const PREFIX: &'static str;
}

fn encode(uuid: Uuid, prefix: &str, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut digits = [0u8; DIGITS];
    let mut rest = uuid.as_u128();
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    out.write_str(prefix)?;
    out.write_str("_")?;
    digits.iter().try_for_each(|digit| fmt::Write::write_char(out, char::from(*digit)))
}

fn decode(text: &str, prefix: &'static str) -> Result<Uuid, NotAnId> {
    let wrong = NotAnId { prefix };
    let digits = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(wrong.clone())?.as_bytes();
    // 26 digits hold 130 bits: the first may not use its two highest.
    if digits.len() != DIGITS || digits[0] > b'7' {
        return Err(wrong);
    }
    let mut bits = 0u128;
    for digit in digits {
        let value = ALPHABET.iter().position(|known| known == digit).ok_or(wrong.clone())?;
        bits = bits << 5 | value as u128;
    }
    Ok(Uuid::from_u128(bits))
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                encode(self.0, $prefix, out)
            }
        }
        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                decode(text, $prefix).map(Self)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<'de, str>::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }
    )* };
}

id! {
    /// A tenant.
    OrganizationId = "org";
    /// A person with a login.
    MemberId = "mem";
    /// An API key, and so the agent that uses it.
    KeyId = "key";
    /// A personal access token.
    TokenId = "pat";
    /// A console session.
    SessionId = "ses";
    /// An invitation to become a member.
    InvitationId = "inv";
    /// A queue.
    QueueId = "queue";
    /// A task.
    TaskId = "task";
    /// Tasks that were submitted together.
    BatchId = "batch";
    /// A reviewer's result.
    ReviewId = "rev";
    /// Who is to review a task, and why.
    AssignmentId = "asg";
    /// A task put before one reviewer, to accept or decline.
    OfferId = "offer";
    /// The right to edit a review now.
    LeaseId = "lease";
    /// Leave to decide in another's place.
    DelegationId = "dlg";
    /// A time in which a member is away.
    AbsenceId = "abs";
    /// A comment on a task.
    CommentId = "cmt";
    /// An entry of the event log.
    EventId = "evt";
    /// One request over HTTP.
    RequestId = "req";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_survives_being_written_and_read(bits: u128) {
            let id = TaskId(Uuid::from_u128(bits));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<TaskId>();
        }
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let id = TaskId(Uuid::from_u128(7)).to_string();
        assert!(id.parse::<QueueId>().is_err());
        assert!("task_80000000000000000000000000".parse::<TaskId>().is_err(), "more than 128 bits");
        assert!("task_0000000000000000000000000u".parse::<TaskId>().is_err(), "not a digit");
    }
}
