//! Writing an export: a file of lines (NDJSON) that holds a part of the log and everything needed to check it without the
//! server. [`super::verify`] reads it; `docs/audit.md` describes it. The exporter appends lines to a buffer of the caller's, who
//! sends them on.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::{
    content::{Salt, content_digest},
    entry::{Entry, EntryError},
    line::Line,
    merkle::{Frontier, leaf_hash},
    note::{NoteError, Signer},
};

pub use super::line::Header;

/// The export's format, the first thing in its header.
pub const FORMAT: &str = "signoff-audit/1";

/// The first line of the text that closes an export. No origin is called so, so that no closing passes for a checkpoint.
const CLOSING: &str = "signoff-audit-export/1";

/// Why an export cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The header contradicts itself, names no key, or has an instant outside the years 0 to 9999.
    #[error("the header cannot be that of an export")]
    Header,
    /// The frontier is not that of the tree where the export starts.
    #[error("the frontier has size {found}, the export starts at {from}")]
    Frontier {
        /// Where the export starts.
        from: u64,
        /// The frontier's size.
        found: u64,
    },
    /// Not the next entry, or one beyond the end.
    #[error("entry {next} was to come, not {found}")]
    Sequence {
        /// The next entry.
        next: u64,
        /// The entry given.
        found: u64,
    },
    /// The bytes are no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The content is not that of the entry before it.
    #[error("the content is not that of entry {seq}")]
    Payload {
        /// The entry's number.
        seq: u64,
    },
    /// The export is closed before its last entry.
    #[error("the export ends at {to}, entry {next} was to come")]
    Unfinished {
        /// The next entry.
        next: u64,
        /// The end that the header states.
        to: u64,
    },
    /// The signer cannot sign.
    #[error(transparent)]
    Note(#[from] NoteError),
}

/// Writes an export line by line, in the order in which the verifier wants them, and refuses what the verifier would refuse.
#[derive(Debug, Clone)]
pub struct Exporter {
    header: Header,
    frontier: Frontier,
    digest: Sha256,
    last: Option<(u64, Option<super::content::ContentDigest>)>,
}

impl Exporter {
    /// Starts an export: appends the header and, when it does not start at the first entry, the frontier there. `frontier` is
    /// that of the tree of `header.from` leaves.
    ///
    /// # Errors
    /// [`ExportError::Header`] or [`ExportError::Frontier`].
    pub fn start(header: Header, frontier: Frontier, out: &mut Vec<u8>) -> Result<Self, ExportError> {
        if header.format != FORMAT || header.from > header.to || header.vkeys.is_empty() {
            return Err(ExportError::Header);
        }
        if frontier.size() != header.from {
            return Err(ExportError::Frontier { from: header.from, found: frontier.size() });
        }
        let mut line = serde_json::to_vec(&header).map_err(|_| ExportError::Header)?;
        line.push(b'\n');
        let mut exporter = Self { header, frontier, digest: Sha256::new(), last: None };
        exporter.digest.update(&line);
        out.append(&mut line);
        if exporter.header.from > 0 {
            let (size, hashes) = (exporter.frontier.size(), exporter.frontier.hashes().to_vec());
            exporter.append(&Line::Frontier { size, hashes }, out);
        }
        Ok(exporter)
    }

    /// Appends the entry `seq` by its stored bytes.
    ///
    /// # Errors
    /// [`ExportError::Sequence`] or [`ExportError::Entry`].
    pub fn entry(&mut self, seq: u64, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), ExportError> {
        let next = self.frontier.size();
        if seq != next || seq >= self.header.to {
            return Err(ExportError::Sequence { next, found: seq });
        }
        let entry = Entry::parse(bytes)?;
        self.append(&Line::Entry { seq, bytes }, out);
        self.frontier.push(leaf_hash(bytes));
        self.last = Some((seq, entry.content));
        Ok(())
    }

    /// Appends the content of the entry that was appended last: its salt and its canonical bytes.
    ///
    /// # Errors
    /// [`ExportError::Payload`] when it does not have the entry's digest.
    pub fn payload(&mut self, salt: &Salt, content: &[u8], out: &mut Vec<u8>) -> Result<(), ExportError> {
        match self.last.take() {
            Some((seq, Some(digest))) if content_digest(salt, content) == digest => {
                self.append(&Line::Payload { seq, salt: *salt, content }, out);
                Ok(())
            }
            _ => Err(ExportError::Payload { seq: self.frontier.size().saturating_sub(1) }),
        }
    }

    /// How many leaves the tree has after the last entry, and its root: what a checkpoint at this place has to sign.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Appends a checkpoint, a signed note of the tree as it is after the last entry. The last checkpoint is at `header.to`.
    pub fn checkpoint(&mut self, note: &str, out: &mut Vec<u8>) {
        self.append(&Line::Checkpoint(note.to_owned()), out);
        self.last = None;
    }

    /// Ends the export: signs the digest of all bytes before and appends the closing line.
    ///
    /// # Errors
    /// [`ExportError::Unfinished`] or [`ExportError::Note`].
    pub fn close(self, signer: &Signer, out: &mut Vec<u8>) -> Result<(), ExportError> {
        let (next, to) = (self.frontier.size(), self.header.to);
        if next != to {
            return Err(ExportError::Unfinished { next, to });
        }
        let note = signer.sign(&closing_text(&self.header, &self.digest.finalize().into()))?;
        Line::Closing(note).write(out);
        out.push(b'\n');
        Ok(())
    }

    fn append(&mut self, line: &Line<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        line.write(out);
        out.push(b'\n');
        self.digest.update(&out[start..]);
    }
}

/// The text whose signature closes an export. `digest` is the SHA-256 of all lines before the closing one.
pub(super) fn closing_text(header: &Header, digest: &[u8; 32]) -> String {
    format!("{CLOSING}\n{}\n{} {}\n{}\n", header.origin, header.from, header.to, STANDARD.encode(digest))
}
