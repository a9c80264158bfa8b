//! An entry of the event log: who did what, when, to which revision of which task, under which queue version. An entry is a
//! closed JSON object in canonical form; its bytes are what is stored, hashed and exported, and are never made again from
//! columns. Absent members are left out, never null. Content is referred to by digest ([`super::content`]).
//!
//! [`EntryDraft`] makes the bytes from borrowed parts, [`Entry`] reads them. The entry's `seq` is not in it: entries are made
//! before they are numbered, and the tree binds the number ([`super::merkle`]).

mod event;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    canonical::{self, CanonicalError, write_text},
    content::ContentDigest,
    instant,
};

/// The version of the entry form that this code writes and reads, the member `v`.
pub const VERSION: u64 = 1;

/// The largest entry in bytes. Below the 65,535 that an entry bundle of C2SP tlog-tiles can hold.
pub const MAX_BYTES: usize = 32 * 1024;

/// Why something cannot be an entry, or is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Not the closed object that an entry is.
    #[error("not an entry: {0}")]
    Form(String),
    /// An entry, but of a later version of the form.
    #[error("an entry of version {0}, which this program does not know")]
    Version(u64),
    /// A type, kind, method or channel that is not lower-case words joined by `_` (and, in a type, by `.`).
    #[error("{text:?} cannot be the {member} of an entry")]
    Word {
        /// The member's name.
        member: &'static str,
        /// What it was to be.
        text: String,
    },
    /// An instant outside the years 0 to 9999.
    #[error("the instant is outside the years 0 to 9999")]
    Instant,
    /// A number or the depth of `detail` leaves canonical JSON.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
    /// Larger than [`MAX_BYTES`].
    #[error("an entry of {0} bytes exceeds {MAX_BYTES}")]
    TooLarge(usize),
}

/// Who did it, as an entry records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActorDraft<'a> {
    /// `member`, `agent`, `system`, …
    pub kind: &'a str,
    /// The actor's id.
    pub id: &'a str,
    /// The name at the time. It cannot be erased from the log; leave it out where it must be erasable.
    pub name: Option<&'a str>,
    /// How the actor proved who they are: `key`, `session`, …
    pub method: Option<&'a str>,
    /// The way by which they came: `api`, `console`, `cli`, `mcp`, …
    pub channel: Option<&'a str>,
}

/// The parts of an entry before it is bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntryDraft<'a> {
    /// The organization's id.
    pub org: &'a str,
    /// The event's id.
    pub id: &'a str,
    /// The event's type, as docs/api.md lists them.
    pub event_type: &'a str,
    /// When it happened; written in whole microseconds.
    pub at: Timestamp,
    /// Who did it.
    pub actor: ActorDraft<'a>,
    /// The task's id.
    pub task: Option<&'a str>,
    /// The queue's id.
    pub queue: Option<&'a str>,
    /// The version of the queue under which it happened.
    pub queue_version: Option<u64>,
    /// The task's revision to which it happened.
    pub revision: Option<u64>,
    /// The digest of that revision's content.
    pub content: Option<&'a ContentDigest>,
    /// The review's id.
    pub review: Option<&'a str>,
    /// What else belongs to an event of this type. Left out when empty.
    pub detail: Option<&'a Map<String, Value>>,
}

impl EntryDraft<'_> {
    /// The entry's bytes.
    ///
    /// # Errors
    /// When a part cannot be in an entry or the whole is too large.
    pub fn to_bytes(&self) -> Result<Vec<u8>, EntryError> {
        let mut out = Vec::with_capacity(512);
        self.write(&mut out)?;
        Ok(out)
    }

    /// Writes the members in the order of their names, which is the canonical one.
    fn write(&self, out: &mut Vec<u8>) -> Result<(), EntryError> {
        out.extend_from_slice(b"{\"actor\":{");
        if let Some(channel) = self.actor.channel {
            out.extend_from_slice(b"\"channel\":");
            write_word("channel", channel, out)?;
            out.push(b',');
        }
        out.extend_from_slice(b"\"id\":");
        write_text(self.actor.id, out);
        out.extend_from_slice(b",\"kind\":");
        write_word("kind", self.actor.kind, out)?;
        if let Some(method) = self.actor.method {
            out.extend_from_slice(b",\"method\":");
            write_word("method", method, out)?;
        }
        write_optional(b",\"name\":", self.actor.name, out);
        out.extend_from_slice(b"},\"at\":\"");
        if !instant::write(self.at, out) {
            return Err(EntryError::Instant);
        }
        out.push(b'"');
        if let Some(digest) = self.content {
            out.extend_from_slice(b",\"content\":\"");
            digest.write(out);
            out.push(b'"');
        }
        if let Some(detail) = self.detail.filter(|detail| !detail.is_empty()) {
            out.extend_from_slice(b",\"detail\":");
            canonical::write_map(detail, out)?;
        }
        out.extend_from_slice(b",\"id\":");
        write_text(self.id, out);
        out.extend_from_slice(b",\"org\":");
        write_text(self.org, out);
        write_optional(b",\"queue\":", self.queue, out);
        if let Some(version) = self.queue_version {
            out.extend_from_slice(b",\"queue_version\":");
            canonical::write_integer(version, out)?;
        }
        write_optional(b",\"review\":", self.review, out);
        if let Some(revision) = self.revision {
            out.extend_from_slice(b",\"revision\":");
            canonical::write_integer(revision, out)?;
        }
        write_optional(b",\"task\":", self.task, out);
        out.extend_from_slice(b",\"type\":");
        write_type(self.event_type, out)?;
        out.extend_from_slice(b",\"v\":1}");
        if out.len() > MAX_BYTES { Err(EntryError::TooLarge(out.len())) } else { Ok(()) }
    }
}

fn write_optional(name: &[u8], text: Option<&str>, out: &mut Vec<u8>) {
    if let Some(text) = text {
        out.extend_from_slice(name);
        write_text(text, out);
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn write_word(member: &'static str, text: &str, out: &mut Vec<u8>) -> Result<(), EntryError> {
    if !is_word(text) {
        return Err(EntryError::Word { member, text: text.to_owned() });
    }
    write_text(text, out);
    Ok(())
}

fn write_type(text: &str, out: &mut Vec<u8>) -> Result<(), EntryError> {
    if !text.split('.').all(is_word) {
        return Err(EntryError::Word { member: "type", text: text.to_owned() });
    }
    write_text(text, out);
    Ok(())
}

/// Who did it, as read from an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryActor {
    /// `member`, `agent`, `system`, …
    pub kind: String,
    /// The actor's id.
    pub id: String,
    /// The name at the time.
    pub name: Option<String>,
    /// How the actor proved who they are.
    pub method: Option<String>,
    /// The way by which they came.
    pub channel: Option<String>,
}

/// An entry, read from its bytes. The members mean what they mean in [`EntryDraft`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    v: u64,
    /// The organization's id.
    pub org: String,
    /// The event's id.
    pub id: String,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When it happened.
    #[serde(deserialize_with = "instant::deserialize")]
    pub at: Timestamp,
    /// Who did it.
    pub actor: EntryActor,
    /// The task's id.
    pub task: Option<String>,
    /// The queue's id.
    pub queue: Option<String>,
    /// The version of the queue.
    pub queue_version: Option<u64>,
    /// The task's revision.
    pub revision: Option<u64>,
    /// The digest of that revision's content.
    pub content: Option<ContentDigest>,
    /// The review's id.
    pub review: Option<String>,
    /// What else belongs to an event of this type.
    pub detail: Option<Map<String, Value>>,
}

impl Entry {
    /// Reads an entry from bytes that came from elsewhere: they have to be exactly the bytes that a draft of these parts gives.
    ///
    /// # Errors
    /// When they are not, or when the entry is of a later version.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry = Self::from_stored(bytes)?;
        if entry.draft().to_bytes()? == bytes { Ok(entry) } else { Err(CanonicalError::Form.into()) }
    }

    /// Reads an entry from bytes that a draft made. Canonical form is not checked again.
    ///
    /// # Errors
    /// When the bytes are no entry, or one of a later version.
    pub fn from_stored(bytes: &[u8]) -> Result<Self, EntryError> {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(entry) if entry.v == VERSION => Ok(entry),
            read => Err(match (canonical::parse(bytes).ok().and_then(|value| value.get("v")?.as_u64()), read) {
                (Some(version), _) if version > VERSION && canonical::is_canonical(bytes) => EntryError::Version(version),
                (_, Ok(entry)) => EntryError::Form(format!("v is {}", entry.v)),
                (_, Err(error)) => EntryError::Form(error.to_string()),
            }),
        }
    }

    /// The entry's parts as a draft.
    #[must_use]
    pub fn draft(&self) -> EntryDraft<'_> {
        EntryDraft {
            org: &self.org,
            id: &self.id,
            event_type: &self.event_type,
            at: self.at,
            actor: ActorDraft {
                kind: &self.actor.kind,
                id: &self.actor.id,
                name: self.actor.name.as_deref(),
                method: self.actor.method.as_deref(),
                channel: self.actor.channel.as_deref(),
            },
            task: self.task.as_deref(),
            queue: self.queue.as_deref(),
            queue_version: self.queue_version,
            revision: self.revision,
            content: self.content.as_ref(),
            review: self.review.as_deref(),
            detail: self.detail.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests;
