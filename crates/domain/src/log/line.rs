//! The lines of an export and their only spelling. A line that is read is written again and compared, so that no two files say
//! the same.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{canonical::write_text, content::Salt, instant, merkle::Hash};

/// The first line of an export: which part of which log it holds, and the keys that its signatures are by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`super::export::FORMAT`].
    pub format: String,
    /// The organization's id.
    pub organization: String,
    /// The log's origin, as its checkpoints state it and its keys are named.
    pub origin: String,
    /// The keys in use within this part, one or more, as verifier keys (C2SP signed-note).
    pub vkeys: Vec<String>,
    /// The first entry.
    pub from: u64,
    /// One past the last entry, which is also the size of the tree that the last checkpoint signs.
    pub to: u64,
    /// When the export was made.
    #[serde(with = "instant")]
    pub exported_at: Timestamp,
}

/// Any line after the header, without its newline.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Frontier { size: u64, hashes: Vec<Hash> },
    Entry { seq: u64, bytes: &'a [u8] },
    Payload { seq: u64, salt: Salt, content: &'a [u8] },
    Checkpoint(String),
    Closing(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read<'a> {
    frontier: Option<ReadFrontier>,
    seq: Option<u64>,
    #[serde(borrow)]
    entry: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<ReadPayload<'a>>,
    checkpoint: Option<String>,
    closing: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadFrontier {
    size: u64,
    hashes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadPayload<'a> {
    salt: String,
    #[serde(borrow)]
    content: &'a RawValue,
}

impl<'a> Line<'a> {
    /// Reads a line in its only spelling.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let line = match serde_json::from_slice(bytes).ok()? {
            Read { frontier: Some(ReadFrontier { size, hashes }), .. } => {
                let hashes = hashes.iter().map(|text| STANDARD.decode(text).ok()?.try_into().ok());
                Self::Frontier { size, hashes: hashes.collect::<Option<_>>()? }
            }
            Read { seq: Some(seq), entry: Some(entry), .. } => Self::Entry { seq, bytes: entry.get().as_bytes() },
            Read { seq: Some(seq), payload: Some(ReadPayload { salt, content }), .. } => {
                Self::Payload { seq, salt: hex::decode(salt).ok()?.try_into().ok()?, content: content.get().as_bytes() }
            }
            Read { checkpoint: Some(note), .. } => Self::Checkpoint(note),
            Read { closing: Some(note), .. } => Self::Closing(note),
            Read { .. } => return None,
        };
        let mut spelling = Vec::with_capacity(bytes.len());
        line.write(&mut spelling);
        (spelling == bytes).then_some(line)
    }

    /// Appends the line, without a newline.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Frontier { size, hashes } => {
                out.extend_from_slice(format!("{{\"frontier\":{{\"size\":{size},\"hashes\":[").as_bytes());
                for (i, hash) in hashes.iter().enumerate() {
                    out.extend_from_slice(if i == 0 { b"\"" } else { b",\"" });
                    out.extend_from_slice(STANDARD.encode(hash).as_bytes());
                    out.push(b'"');
                }
                out.extend_from_slice(b"]}}");
            }
            Self::Entry { seq, bytes } => {
                out.extend_from_slice(format!("{{\"seq\":{seq},\"entry\":").as_bytes());
                out.extend_from_slice(bytes);
                out.push(b'}');
            }
            Self::Payload { seq, salt, content } => {
                let salt = hex::encode(salt);
                out.extend_from_slice(format!("{{\"seq\":{seq},\"payload\":{{\"salt\":\"{salt}\",\"content\":").as_bytes());
                out.extend_from_slice(content);
                out.extend_from_slice(b"}}");
            }
            Self::Checkpoint(note) => write_note(b"{\"checkpoint\":", note, out),
            Self::Closing(note) => write_note(b"{\"closing\":", note, out),
        }
    }
}

fn write_note(start: &[u8], note: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(start);
    write_text(note, out);
    out.push(b'}');
}
