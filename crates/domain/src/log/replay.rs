//! Following the tasks through the log: what the entries say must be able to happen, by the same table of legal moves that the
//! server decides with ([`crate::task::transition`]). It is a light check: it looks at states and revisions, not at who was
//! allowed to do what.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    entry::Entry,
    finding::{Missing, Tampering},
};
use crate::{
    event::EventType,
    task::{Move, TaskState, transition},
};

/// What the entries so far say of the tasks.
#[derive(Debug, Clone)]
pub(super) struct Replay {
    /// Whether the first entry of the log was seen, so that a task not known is one not submitted.
    complete: bool,
    limit: usize,
    /// By the first half of the SHA-256 of the task's id, so that long ids take no more memory than short ones.
    tasks: BTreeMap<[u8; 16], Followed>,
    missing: Option<Missing>,
}

#[derive(Debug, Clone, Copy)]
struct Followed {
    state: TaskState,
    revision: u64,
}

impl Replay {
    pub(super) fn new(complete: bool, limit: usize) -> Self {
        Self { complete, limit, tasks: BTreeMap::new(), missing: None }
    }

    /// What kept tasks from being followed, if anything did.
    pub(super) fn missing(&self) -> Option<&Missing> {
        self.missing.as_ref()
    }

    /// Notes that entry `seq` cannot be understood.
    pub(super) fn unknown(&mut self, seq: u64, why: String) {
        self.missing.get_or_insert(Missing::Unknown { seq, why });
    }

    pub(super) fn tasks(&self) -> usize {
        self.tasks.len()
    }

    /// Takes in one entry.
    pub(super) fn step(&mut self, seq: u64, entry: &Entry) -> Result<(), Tampering> {
        let Some(event) = EventType::parse(&entry.event_type) else {
            self.unknown(seq, format!("its type is {:?}", entry.event_type));
            return Ok(());
        };
        let Some(task) = entry.task.as_deref() else { return Ok(()) };
        let impossible = |state| Tampering::Life { event_type: entry.event_type.clone(), task: task.to_owned(), state };
        let key = key(task);
        let before = self.tasks.get(&key).copied();
        let revision = entry.revision.unwrap_or(0);

        let state = match (before, event) {
            (None, EventType::TaskSubmitted) => TaskState::Queued,
            (Some(_), EventType::TaskSubmitted) => return Err(impossible("was submitted before")),
            (None, event) if self.complete && effect(event) != Effect::Nothing => {
                return Err(impossible("was not submitted"));
            }
            (None, event) => match first_seen(event) {
                Some(state) => state,
                None => return Ok(()),
            },
            (Some(before), event) => match effect(event) {
                Effect::Nothing | Effect::Said => before.state,
                Effect::Needs(by) => match transition(before.state, by) {
                    Ok(_) => before.state,
                    Err(_) => return Err(impossible(says(before.state))),
                },
                Effect::Moves(by) => transition(before.state, by).map_err(|_| impossible(says(before.state)))?,
            },
        };
        let known = before.map_or(0, |before| before.revision);
        if effect(event) != Effect::Nothing && effect(event) != Effect::Said && entry.revision.is_some() && revision < known {
            return Err(impossible("has a later revision"));
        }
        if before.is_none() && self.tasks.len() >= self.limit {
            self.missing.get_or_insert(Missing::Tasks(self.limit));
            // From here on a task that is not known may be one that was not kept.
            self.complete = false;
            return Ok(());
        }
        self.tasks.insert(key, Followed { state, revision: revision.max(known) });
        Ok(())
    }
}

/// What an event does to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Nothing: the event is about something else and only names the task.
    Nothing,
    /// Something is said beside the task, which can happen in any state.
    Said,
    /// It needs a state in which this move is legal, and leaves it.
    Needs(Move),
    /// It is this move.
    Moves(Move),
}

fn effect(event: EventType) -> Effect {
    use EventType as E;
    match event {
        E::TaskSubmitted => Effect::Moves(Move::Open),
        // A lease may be given back by the decision that settles the task.
        E::TaskCommented | E::TaskReleased => Effect::Said,
        E::TaskAssigned | E::TaskClaimed | E::TaskSkipped => Effect::Needs(Move::Hold),
        E::ReviewSubmitted => Effect::Needs(Move::Decide),
        E::TaskReviewed => Effect::Moves(Move::Decide),
        E::TaskRevised => Effect::Moves(Move::Revise),
        E::TaskCancelled => Effect::Moves(Move::Cancel),
        E::TaskExpired => Effect::Moves(Move::Expire),
        E::TaskReopened => Effect::Moves(Move::Reopen),
        _ => Effect::Nothing,
    }
}

/// The state in which an event leaves a task whose earlier entries are not in the export.
fn first_seen(event: EventType) -> Option<TaskState> {
    match effect(event) {
        Effect::Nothing | Effect::Said => None,
        Effect::Needs(_) => Some(TaskState::Queued),
        Effect::Moves(by) => TaskState::ALL.into_iter().find_map(|from| transition(from, by).ok()),
    }
}

fn says(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending | TaskState::Queued => "is open",
        TaskState::Reviewed => "is decided",
        TaskState::Cancelled => "is cancelled",
        TaskState::Expired => "has expired",
    }
}

fn key(task: &str) -> [u8; 16] {
    let hash: [u8; 32] = Sha256::digest(task).into();
    let mut key = [0; 16];
    key.copy_from_slice(&hash[..16]);
    key
}

#[cfg(test)]
mod tests;
