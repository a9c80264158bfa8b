//! The lives of tasks that a log can and cannot tell.

use super::*;
use crate::log::entry::{ActorDraft, EntryDraft};

fn entry(event_type: &str, task: Option<&str>, revision: Option<u64>) -> Entry {
    let bytes = EntryDraft {
        org: "org_1",
        id: "evt_1",
        event_type,
        at: jiff::Timestamp::UNIX_EPOCH,
        actor: ActorDraft { kind: "member", id: "mem_1", name: None, method: None, channel: None },
        task,
        queue: None,
        queue_version: None,
        revision,
        content: None,
        review: None,
        detail: None,
    };
    Entry::parse(&bytes.to_bytes().unwrap()).unwrap()
}

/// Runs a life written as words, each an event's last word and perhaps `@revision`, and says at which word it became impossible.
fn broken_at(replay: &mut Replay, life: &str) -> Option<usize> {
    life.split_whitespace().position(|word| {
        let (word, revision) = word.split_once('@').map_or((word, None), |(word, r)| (word, Some(r.parse().unwrap())));
        let event_type = if word == "review" { "review.submitted".to_owned() } else { format!("task.{word}") };
        replay.step(0, &entry(&event_type, Some("task_1"), revision)).is_err()
    })
}

fn whole() -> Replay {
    Replay::new(true, 10)
}

#[test]
fn lives_that_can_be() {
    for life in [
        "submitted",
        "submitted assigned claimed released claimed review reviewed",
        "submitted review review reviewed commented released",
        "submitted reviewed reopened claimed review reviewed reopened cancelled commented",
        "submitted expired commented released",
        "submitted revised skipped assigned cancelled released commented",
        "submitted@1 review@1 revised@2 review@2 reviewed@2 commented@1",
        "submitted@1 claimed revised@2 review@2 reviewed",
    ] {
        assert_eq!(broken_at(&mut whole(), life), None, "{life}");
    }
}

#[test]
fn lives_that_cannot_be() {
    for (life, at) in [
        ("reviewed", 0),
        ("review", 0),
        ("commented", 0),
        ("claimed", 0),
        ("submitted submitted", 1),
        ("submitted reviewed review", 2),
        ("submitted reviewed reviewed", 2),
        ("submitted reviewed claimed", 2),
        ("submitted reviewed cancelled", 2),
        ("submitted reviewed revised", 2),
        ("submitted reopened", 1),
        ("submitted cancelled reopened", 2),
        ("submitted cancelled reviewed", 2),
        ("submitted cancelled review", 2),
        ("submitted cancelled cancelled", 2),
        ("submitted cancelled submitted", 2),
        ("submitted expired reviewed", 2),
        ("submitted expired assigned", 2),
        ("submitted@1 revised@2 review@1", 2),
        ("submitted@3 revised@2", 1),
    ] {
        assert_eq!(broken_at(&mut whole(), life), Some(at), "{life}");
    }
}

#[test]
fn a_task_from_before_the_export_is_followed_from_its_first_entry_on() {
    for life in ["review reviewed", "commented reviewed reopened", "cancelled commented", "claimed@2 review@3", "released expired"] {
        assert_eq!(broken_at(&mut Replay::new(false, 10), life), None, "{life}");
    }
    for (life, at) in [("reviewed review", 1), ("claimed submitted", 1), ("cancelled reopened", 1), ("expired claimed", 1)] {
        assert_eq!(broken_at(&mut Replay::new(false, 10), life), Some(at), "{life}");
    }
}

#[test]
fn events_about_other_things_are_not_followed() {
    let mut replay = whole();
    for event_type in ["queue.created", "audit.exported", "login.failed"] {
        replay.step(0, &entry(event_type, None, None)).unwrap();
        replay.step(0, &entry(event_type, Some("task_9"), None)).unwrap();
    }
    assert_eq!((replay.tasks(), replay.missing()), (0, None));
}

#[test]
fn what_cannot_be_followed_is_said() {
    let mut replay = whole();
    replay.step(7, &entry("task.teleported", Some("task_1"), None)).unwrap();
    replay.step(8, &entry("task.vanished", Some("task_1"), None)).unwrap();
    assert!(matches!(replay.missing(), Some(Missing::Unknown { seq: 7, .. })));

    let mut replay = Replay::new(true, 2);
    for task in ["task_1", "task_2", "task_3"] {
        replay.step(0, &entry("task.submitted", Some(task), None)).unwrap();
    }
    replay.step(0, &entry("task.reviewed", Some("task_3"), None)).unwrap();
    assert!(replay.step(0, &entry("task.reopened", Some("task_1"), None)).is_err(), "tasks that were kept are followed on");
    assert_eq!((replay.tasks(), replay.missing()), (2, Some(&Missing::Tasks(2))));
}
