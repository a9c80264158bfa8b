//! A log of believable entries and its exports, for the tests of the verifier.

use serde_json::{Map, Value, json};

use crate::log::{
    canonical,
    checkpoint::Checkpoint,
    content::{Salt, content_digest},
    entry::{ActorDraft, EntryDraft},
    export::{Exporter, FORMAT, Header},
    merkle::{Frontier, leaf_hash},
    note::Signer,
};

pub(super) const ORIGIN: &str = "signoff.example/log/org_1";

/// A log's entries, each with its content where it states a digest.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) entries: Vec<Vec<u8>>,
    pub(super) contents: Vec<Option<(Salt, Vec<u8>)>>,
}

pub(super) fn signer(byte: u8) -> Signer {
    Signer::from_seed(ORIGIN, &[byte; 32]).unwrap()
}

/// `count` entries: tasks that are submitted, claimed, reviewed, and now and then cancelled instead; in the end a queue.
pub(super) fn sample(count: usize) -> Sample {
    let mut log = Sample { entries: Vec::new(), contents: Vec::new() };
    for task in 0..count {
        let events: &[&str] = match task % 5 {
            4 => &["task.submitted", "task.claimed", "task.released", "task.cancelled", "task.commented"],
            _ => &["task.submitted", "task.claimed", "review.submitted", "task.reviewed"],
        };
        for event_type in events {
            if log.entries.len() + 2 >= count {
                break;
            }
            let stated = matches!(*event_type, "task.submitted" | "review.submitted");
            let content = json!({ "data": { "amount": 12.5, "to": format!("Müller {task}"), "subject": "Refund\nplease" } });
            let content = stated.then(|| canonical::of_value(&content).unwrap());
            log.add(event_type, Some(&format!("task_{task:04}")), content);
        }
    }
    for event_type in ["queue.created", "queue.deleted"] {
        if log.entries.len() < count {
            log.add(event_type, None, None);
        }
    }
    log
}

impl Sample {
    pub(super) fn add(&mut self, event_type: &str, task: Option<&str>, content: Option<Vec<u8>>) {
        let n = self.entries.len();
        let salt = [n as u8; 16];
        let digest = content.as_ref().map(|content| content_digest(&salt, content));
        let detail: Map<String, Value> = [("result".to_owned(), json!(["approved"]))].into_iter().collect();
        let entry = EntryDraft {
            org: "org_1",
            id: &format!("evt_{n:06}"),
            event_type,
            at: jiff::Timestamp::from_microsecond(1_764_000_000_000_000 + n as i64 * 1_234_567).unwrap(),
            actor: ActorDraft {
                kind: "member",
                id: "mem_1",
                name: Some("Zoë \"Z\" Ng"),
                method: Some("session"),
                channel: Some("console"),
            },
            task,
            queue: task.map(|_| "queue_1"),
            queue_version: task.map(|_| 3),
            revision: task.map(|_| 1),
            content: digest.as_ref(),
            review: (event_type == "review.submitted").then_some("rev_1"),
            detail: (event_type == "task.reviewed").then_some(&detail),
        };
        self.entries.push(entry.to_bytes().unwrap());
        self.contents.push(content.map(|content| (salt, content)));
    }

    pub(super) fn frontier(&self, size: usize) -> Frontier {
        let mut frontier = Frontier::new();
        for entry in &self.entries[..size] {
            frontier.push(leaf_hash(entry));
        }
        frontier
    }

    pub(super) fn checkpoint(&self, size: usize) -> Checkpoint {
        Checkpoint { origin: ORIGIN.into(), size: size as u64, root: self.frontier(size).root() }
    }

    /// The whole export from `from`, with a checkpoint at every 20th entry and at the end.
    pub(super) fn export(&self, from: usize, signer: &Signer) -> Vec<u8> {
        let to = self.entries.len();
        let mut out = Vec::new();
        let mut exporter = Exporter::start(header(from, to, signer), self.frontier(from), &mut out).unwrap();
        for seq in from..to {
            exporter.entry(seq as u64, &self.entries[seq], &mut out).unwrap();
            if let Some((salt, content)) = &self.contents[seq] {
                exporter.payload(salt, content, &mut out).unwrap();
            }
            if (seq + 1) % 20 == 0 && seq + 1 < to {
                exporter.checkpoint(&signer.sign(&self.checkpoint(seq + 1).to_string()).unwrap(), &mut out);
            }
        }
        let root = exporter.frontier().root();
        let last = Checkpoint { origin: ORIGIN.into(), size: to as u64, root };
        exporter.checkpoint(&signer.sign(&last.to_string()).unwrap(), &mut out);
        exporter.close(signer, &mut out).unwrap();
        out
    }
}

pub(super) fn header(from: usize, to: usize, signer: &Signer) -> Header {
    Header {
        format: FORMAT.into(),
        organization: "org_1".into(),
        origin: ORIGIN.into(),
        vkeys: vec![signer.verifier().to_string()],
        from: from as u64,
        to: to as u64,
        exported_at: "2026-11-24T08:00:00.000000Z".parse().unwrap(),
    }
}
