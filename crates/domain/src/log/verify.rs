//! Checking an export ([`super::export`]) without the server, piece by piece and with bounded memory: one line, one frontier and about
//! 50 bytes for each task. Every byte of the file counts: entries by the tree, the rest by the signature of the closing line and
//! because each line has only one spelling.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::{
    canonical,
    checkpoint::Checkpoint,
    content::{ContentDigest, Salt, content_digest},
    entry::{Entry, EntryError},
    export::{FORMAT, Header, closing_text},
    finding::{Finding, Missing, Tampering},
    line::Line,
    merkle::{Frontier, Hash, leaf_hash},
    note::{self, VerifierKey},
    replay::Replay,
};

/// The longest line that an export can have: its longest payload, content of 1 MiB, grows at most fourfold in canonical form.
pub const MAX_LINE: usize = 8 * 1024 * 1024;

/// What the caller knows beforehand.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The keys that may sign. When there are none the export's own keys are taken, and the report names them so that the
    /// reader can compare.
    pub keys: Vec<VerifierKey>,
    /// Checkpoints of this log that the caller got earlier or elsewhere. Where the export passes one of their sizes the root has
    /// to be the same, and it has to pass each. Only this finds a log that its own server wrote anew.
    pub held: Vec<Checkpoint>,
    /// How many tasks may be followed, each for about 50 bytes.
    pub max_tasks: usize,
}

impl Default for Trust {
    fn default() -> Self {
        Self { keys: Vec::new(), held: Vec::new(), max_tasks: 10_000_000 }
    }
}

/// What a file that verifies is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The organization's id.
    pub organization: String,
    /// The log's origin.
    pub origin: String,
    /// The keys that the signatures are by.
    pub vkeys: Vec<String>,
    /// Whether the caller knew the keys beforehand. If not, the reader has to compare them with those the server states.
    pub trusted: bool,
    /// The first entry.
    pub from: u64,
    /// The root of the tree before the first entry, to compare with the end of an earlier export.
    #[serde(serialize_with = "base64_text")]
    pub from_root: Hash,
    /// The size of the tree after the last entry.
    pub size: u64,
    /// Its root, signed by the last checkpoint.
    #[serde(serialize_with = "base64_text")]
    pub root: Hash,
    /// How many entries the file has.
    pub entries: u64,
    /// How many signed checkpoints.
    pub checkpoints: u64,
    /// How many entries state the digest of content.
    pub digests: u64,
    /// For how many of them the content was there and had that digest.
    pub payloads_checked: u64,
    /// How many tasks were followed.
    pub tasks: usize,
    /// How many of the checkpoints that the caller holds were met.
    pub held_checked: usize,
}

fn base64_text<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD.encode(hash))
}

/// Checks an export while it is read. Feed it with [`push`](Self::push) in pieces of any size, then ask
/// [`finish`](Self::finish).
#[derive(Debug, Clone)]
pub struct Verifier {
    trust: Trust,
    rest: Vec<u8>,
    line: u64,
    digest: Sha256,
    part: Option<Part>,
    failed: Option<Finding>,
}

/// What is known once the header is read.
#[derive(Debug, Clone)]
struct Part {
    header: Header,
    keys: Vec<VerifierKey>,
    trusted: bool,
    frontier: Option<Frontier>,
    from_root: Hash,
    /// The entry just read, when it states a digest: only there can its content follow.
    awaits: Option<(u64, ContentDigest)>,
    /// The size of the last checkpoint.
    signed: Option<u64>,
    closed: bool,
    replay: Replay,
    checkpoints: u64,
    digests: u64,
    payloads_checked: u64,
    held_checked: usize,
}

impl Verifier {
    /// A verifier for one export.
    #[must_use]
    pub fn new(trust: Trust) -> Self {
        Self { trust, rest: Vec::new(), line: 0, digest: Sha256::new(), part: None, failed: None }
    }

    /// Takes in the next bytes of the file.
    ///
    /// # Errors
    /// The first finding, and the same again on every later call.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if let Some(finding) = &self.failed {
                return Err(finding.clone());
            }
            let read = match piece.strip_suffix(b"\n") {
                Some(line) if self.rest.is_empty() => self.read(line),
                Some(line) => {
                    let mut whole = std::mem::take(&mut self.rest);
                    whole.extend_from_slice(line);
                    let read = self.read(&whole);
                    whole.clear();
                    self.rest = whole;
                    read
                }
                None if self.rest.len() + piece.len() > MAX_LINE => {
                    self.line += 1;
                    Err(self.tampered(None, Tampering::LineLength))
                }
                None => {
                    self.rest.extend_from_slice(piece);
                    Ok(())
                }
            };
            if let Err(finding) = read {
                self.failed = Some(finding.clone());
                return Err(finding);
            }
        }
        Ok(())
    }

    /// How many entries were read, for showing progress, and how many the header states.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        let Some(part) = &self.part else { return (0, 0) };
        let read = part.frontier.as_ref().map_or(0, |frontier| frontier.size() - part.header.from);
        (read, part.header.to - part.header.from)
    }

    /// Ends the check.
    ///
    /// # Errors
    /// The finding, when there is one.
    pub fn finish(self) -> Result<Report, Finding> {
        if let Some(finding) = self.failed {
            return Err(finding);
        }
        self.judge().map_err(|what| Finding::Incomplete { what })
    }

    fn judge(self) -> Result<Report, Missing> {
        let part = self.part.ok_or(Missing::Header)?;
        if !self.rest.is_empty() {
            return Err(Missing::LineEnd);
        }
        let Header { from, to, .. } = part.header;
        let frontier = part.frontier.ok_or(Missing::Frontier { from })?;
        if frontier.size() != to {
            return Err(Missing::Entries { next: frontier.size(), to });
        }
        if part.signed != Some(to) {
            return Err(Missing::Checkpoint { to });
        }
        if !part.closed {
            return Err(Missing::Closing);
        }
        if let Some(held) = self.trust.held.iter().find(|held| held.size < from || held.size > to) {
            return Err(Missing::Held { size: held.size });
        }
        if let Some(missing) = part.replay.missing() {
            return Err(missing.clone());
        }
        Ok(Report {
            organization: part.header.organization,
            origin: part.header.origin,
            vkeys: part.header.vkeys,
            trusted: part.trusted,
            from,
            from_root: part.from_root,
            size: to,
            root: frontier.root(),
            entries: to - from,
            checkpoints: part.checkpoints,
            digests: part.digests,
            payloads_checked: part.payloads_checked,
            tasks: part.replay.tasks(),
            held_checked: part.held_checked,
        })
    }

    fn tampered(&self, seq: Option<u64>, what: Tampering) -> Finding {
        Finding::Tampered { line: self.line, seq, what }
    }

    /// Takes in a line without its newline.
    fn read(&mut self, bytes: &[u8]) -> Result<(), Finding> {
        self.line += 1;
        if bytes.len() > MAX_LINE {
            return Err(self.tampered(None, Tampering::LineLength));
        }
        let Some(mut part) = self.part.take() else {
            self.part = Some(self.read_header(bytes)?);
            self.digest.update(bytes);
            self.digest.update(b"\n");
            return Ok(());
        };
        let line = Line::read(bytes).ok_or_else(|| self.tampered(None, Tampering::Line))?;
        let seq = match line {
            Line::Entry { seq, .. } | Line::Payload { seq, .. } => Some(seq),
            _ => None,
        };
        let digest = &self.digest;
        part.read(line, &self.trust.held, || digest.clone().finalize().into()).map_err(|what| self.tampered(seq, what))?;
        self.part = Some(part);
        self.digest.update(bytes);
        self.digest.update(b"\n");
        Ok(())
    }

    fn read_header(&self, bytes: &[u8]) -> Result<Part, Finding> {
        let not_one = || self.tampered(None, Tampering::Header);
        if let Some(format) = later_format(bytes) {
            return Err(Finding::Incomplete { what: Missing::Format(format) });
        }
        let header: Header = serde_json::from_slice(bytes).map_err(|_| not_one())?;
        let spelling = serde_json::to_vec(&header).map_err(|_| not_one())?;
        if spelling != bytes || header.format != FORMAT || header.from > header.to || header.vkeys.is_empty() {
            return Err(not_one());
        }
        let keys = header.vkeys.iter().map(|text| text.parse::<VerifierKey>());
        let keys = keys.collect::<Result<Vec<_>, _>>().map_err(|error| self.tampered(None, Tampering::Signature(error)))?;
        if !self.trust.keys.is_empty()
            && let Some(foreign) = keys.iter().find(|key| !self.trust.keys.contains(key))
        {
            return Err(self.tampered(None, Tampering::Key(foreign.to_string())));
        }
        let other_log = |origin: &str| origin != header.origin;
        if keys.iter().any(|key| other_log(key.name())) || self.trust.held.iter().any(|held| other_log(&held.origin)) {
            return Err(self.tampered(None, Tampering::SignedText));
        }
        let mut part = Part {
            keys,
            trusted: !self.trust.keys.is_empty(),
            frontier: None,
            from_root: [0; 32],
            awaits: None,
            signed: None,
            closed: false,
            replay: Replay::new(header.from == 0, self.trust.max_tasks),
            checkpoints: 0,
            digests: 0,
            payloads_checked: 0,
            held_checked: 0,
            header,
        };
        if part.header.from == 0 {
            part.start(Frontier::new(), &self.trust.held).map_err(|what| self.tampered(None, what))?;
        }
        Ok(part)
    }
}

impl Part {
    fn read(&mut self, line: Line<'_>, held: &[Checkpoint], digest: impl Fn() -> Hash) -> Result<(), Tampering> {
        if self.closed {
            return Err(Tampering::Place);
        }
        let awaits = self.awaits.take();
        let Some(frontier) = self.frontier.as_mut() else {
            let Line::Frontier { size, hashes } = line else { return Err(Tampering::Place) };
            let frontier = Frontier::from_parts(size, hashes).map_err(|_| Tampering::Place)?;
            return if size == self.header.from { self.start(frontier, held) } else { Err(Tampering::Place) };
        };
        match line {
            Line::Frontier { .. } => Err(Tampering::Place),
            Line::Entry { seq, bytes } => {
                if seq != frontier.size() || seq >= self.header.to {
                    return Err(Tampering::Sequence { expected: frontier.size(), found: seq });
                }
                frontier.push(leaf_hash(bytes));
                self.entry(seq, bytes)?;
                self.meet(held)
            }
            Line::Payload { seq, salt, content } => self.payload(awaits, seq, &salt, content),
            Line::Checkpoint(text) => self.checkpoint(&text),
            Line::Closing(text) => {
                let signed = note::verify(&text, &self.keys).map_err(Tampering::Signature)?;
                if signed.text == closing_text(&self.header, &digest()) {
                    self.closed = true;
                    Ok(())
                } else {
                    Err(Tampering::FileDigest)
                }
            }
        }
    }

    fn start(&mut self, frontier: Frontier, held: &[Checkpoint]) -> Result<(), Tampering> {
        self.from_root = frontier.root();
        self.frontier = Some(frontier);
        self.meet(held)
    }

    fn entry(&mut self, seq: u64, bytes: &[u8]) -> Result<(), Tampering> {
        let entry = match Entry::parse(bytes) {
            Ok(entry) => entry,
            Err(error @ EntryError::Version(_)) => {
                self.replay.unknown(seq, error.to_string());
                return Ok(());
            }
            Err(error) => return Err(Tampering::Entry(error)),
        };
        if entry.org != self.header.organization {
            return Err(Tampering::Organization(entry.org));
        }
        if let Some(digest) = entry.content {
            self.digests += 1;
            self.awaits = Some((seq, digest));
        }
        self.replay.step(seq, &entry)
    }

    fn payload(&mut self, awaits: Option<(u64, ContentDigest)>, seq: u64, salt: &Salt, content: &[u8]) -> Result<(), Tampering> {
        let (awaited, digest) = awaits.ok_or(Tampering::Place)?;
        if awaited != seq {
            return Err(Tampering::Place);
        }
        if content_digest(salt, content) != digest || !canonical::is_canonical(content) {
            return Err(Tampering::Payload);
        }
        self.payloads_checked += 1;
        Ok(())
    }

    fn checkpoint(&mut self, text: &str) -> Result<(), Tampering> {
        let frontier = self.frontier.as_ref().ok_or(Tampering::Place)?;
        let signed = note::unverified_text(text).map_err(Tampering::Signature)?;
        let checkpoint: Checkpoint = signed.parse().map_err(|_| Tampering::SignedText)?;
        if checkpoint.origin != self.header.origin || checkpoint.size != frontier.size() || self.signed >= Some(checkpoint.size) {
            return Err(Tampering::SignedText);
        }
        if checkpoint.root != frontier.root() {
            return Err(Tampering::Root { size: checkpoint.size });
        }
        note::verify(text, &self.keys).map_err(Tampering::Signature)?;
        self.signed = Some(checkpoint.size);
        self.checkpoints += 1;
        Ok(())
    }

    /// Compares the tree with the checkpoints of its size that the caller holds.
    fn meet(&mut self, held: &[Checkpoint]) -> Result<(), Tampering> {
        let Some(frontier) = &self.frontier else { return Ok(()) };
        for checkpoint in held.iter().filter(|held| held.size == frontier.size()) {
            if checkpoint.root != frontier.root() {
                return Err(Tampering::Held { size: checkpoint.size });
            }
            self.held_checked += 1;
        }
        Ok(())
    }
}

/// The format that a header states when it is a later one of ours.
fn later_format(bytes: &[u8]) -> Option<String> {
    let (format, _) = bytes.strip_prefix(b"{\"format\":\"")?.split_at_checked(FORMAT.len())?;
    let format = str::from_utf8(format).ok()?;
    let version: u8 = format.strip_prefix("signoff-audit/")?.parse().ok()?;
    (version > 1).then(|| format.to_owned())
}

#[cfg(test)]
mod tests;
