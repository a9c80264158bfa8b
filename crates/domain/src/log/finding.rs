//! What a check of an export can find. *Tampered* means that something is there which the log cannot have written; *incomplete*
//! means that something is missing without which nothing can be said, which is not a pass either.

use super::{content::NotADigest, entry::EntryError, note::NoteError};

/// Why an export does not verify.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// Something is there that the log cannot have written.
    #[error("tampered: line {line}{}: {what}", seq.map(|seq| format!(", entry {seq}")).unwrap_or_default())]
    Tampered {
        /// The line at which it showed, starting at 1. Changed entries show at the next checkpoint.
        line: u64,
        /// The entry that the line is about, where it is about one.
        seq: Option<u64>,
        /// What is wrong.
        what: Tampering,
    },
    /// Something is missing.
    #[error("incomplete: {what}")]
    Incomplete {
        /// What is missing.
        what: Missing,
    },
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Tampering {
    /// The first line is not the header of an export.
    #[error("the file does not start with the header of an export")]
    Header,
    /// A line is no line of an export, or is spelled otherwise than an export spells it.
    #[error("not a line of an export")]
    Line,
    /// A line is longer than an export's lines get.
    #[error("the line is too long")]
    LineLength,
    /// A line stands where it cannot stand.
    #[error("the line is out of place")]
    Place,
    /// An entry's number is not the next one, or is beyond the end that the header states.
    #[error("entry {expected} was to come, not {found}")]
    Sequence {
        /// The next number.
        expected: u64,
        /// The number that is there.
        found: u64,
    },
    /// An entry's bytes are not those of an entry.
    #[error(transparent)]
    Entry(EntryError),
    /// An entry is of another organization than the header says.
    #[error("the entry is of the organization {0:?}")]
    Organization(String),
    /// An entry records what cannot happen to a task.
    #[error("'{event_type}' cannot happen to {task}, which {state}")]
    Life {
        /// The event's type.
        event_type: String,
        /// The task's id.
        task: String,
        /// What the entries before say of the task.
        state: &'static str,
    },
    /// Content does not have the digest that its entry states.
    #[error("the content is not that of the entry")]
    Payload,
    /// A signed note is not signed by the export's key.
    #[error(transparent)]
    Signature(NoteError),
    /// A signed text does not say what it has to say at its place.
    #[error("the signed text is that of another log or another place")]
    SignedText,
    /// A checkpoint's root is not the root over the entries.
    #[error("the entries do not lead to the signed root at size {size}")]
    Root {
        /// The checkpoint's size.
        size: u64,
    },
    /// The header names a key that the caller does not trust.
    #[error("the key {0} is not a trusted one")]
    Key(String),
    /// The root at a size for which the caller holds a checkpoint is another one: the log was rewritten.
    #[error("the entries do not lead to the root of the checkpoint held for size {size}")]
    Held {
        /// The held checkpoint's size.
        size: u64,
    },
    /// Bytes of the file differ from those that the closing line signs.
    #[error("the file is not the one that was closed")]
    FileDigest,
}

/// What an export lacks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// The file is empty or ends within its first line.
    #[error("there is no header")]
    Header,
    /// The file is of a format that this program does not know.
    #[error("the format {0:?} is not known to this program")]
    Format(String),
    /// The last line has no end.
    #[error("the last line is cut off")]
    LineEnd,
    /// An export that starts after the first entry has no frontier.
    #[error("the frontier at {from} is missing")]
    Frontier {
        /// Where the export starts.
        from: u64,
    },
    /// Entries at the end are missing.
    #[error("the entries from {next} to {to} are missing")]
    Entries {
        /// The first missing one.
        next: u64,
        /// The end that the header states.
        to: u64,
    },
    /// There is no signed checkpoint of exactly the stated end.
    #[error("the checkpoint of size {to} is missing")]
    Checkpoint {
        /// The end that the header states.
        to: u64,
    },
    /// There is no closing line.
    #[error("the closing line is missing")]
    Closing,
    /// The caller holds a checkpoint of a size that the export does not cover.
    #[error("the export does not reach the checkpoint held for size {size}")]
    Held {
        /// The held checkpoint's size.
        size: u64,
    },
    /// An entry is of a version or type that this program does not know, so that the life of tasks cannot be followed.
    #[error("entry {seq} is not known to this program: {why}")]
    Unknown {
        /// The entry's number.
        seq: u64,
        /// What is unknown about it.
        why: String,
    },
    /// More tasks than the caller allows to be followed.
    #[error("there are more than {0} tasks; allow more of them to be followed")]
    Tasks(usize),
}

impl From<NotADigest> for EntryError {
    fn from(error: NotADigest) -> Self {
        Self::Form(error.to_string())
    }
}
