//! The bytes of entries: exactly these, canonical for whatever the parts hold, and read back only as they were written.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    actor::Actor,
    event::{Channel, Event, EventType, QueueRef},
    id::KeyId,
    log::{canonical::is_canonical, content::content_digest},
};

fn smallest() -> EntryDraft<'static> {
    EntryDraft {
        org: "org_1",
        id: "evt_1",
        event_type: "organization.created",
        at: "2026-11-22T07:19:03.123456Z".parse().unwrap(),
        actor: ActorDraft { kind: "system", id: "system", name: None, method: None, channel: None },
        task: None,
        queue: None,
        queue_version: None,
        revision: None,
        content: None,
        review: None,
        detail: None,
    }
}

fn text(draft: &EntryDraft<'_>) -> String {
    String::from_utf8(draft.to_bytes().unwrap()).unwrap()
}

#[test]
fn the_smallest_and_the_largest_set_of_members() {
    assert_eq!(
        text(&smallest()),
        r#"{"actor":{"id":"system","kind":"system"},"at":"2026-11-22T07:19:03.123456Z","id":"evt_1","org":"org_1","type":"organization.created","v":1}"#
    );
    let digest = content_digest(&[0; 16], b"{}");
    let detail = json!({ "result": ["approved"], "\u{fb33}": 4.5, "😀": null });
    let all = EntryDraft {
        event_type: "review.submitted",
        actor: ActorDraft { kind: "member", id: "mem_1", name: Some("Zoë \"Z\""), method: Some("session"), channel: Some("console") },
        task: Some("task_1"),
        queue: Some("queue_1"),
        queue_version: Some(3),
        revision: Some(2),
        content: Some(&digest),
        review: Some("rev_1"),
        detail: detail.as_object(),
        ..smallest()
    };
    assert_eq!(
        text(&all),
        format!(
            r#"{{"actor":{{"channel":"console","id":"mem_1","kind":"member","method":"session","name":"Zoë \"Z\""}},"at":"2026-11-22T07:19:03.123456Z","content":"{digest}","detail":{{"result":["approved"],"😀":null,"{}":4.5}},"id":"evt_1","org":"org_1","queue":"queue_1","queue_version":3,"review":"rev_1","revision":2,"task":"task_1","type":"review.submitted","v":1}}"#,
            '\u{fb33}'
        )
    );
    assert_eq!(Entry::parse(text(&all).as_bytes()).unwrap().draft(), all);
}

#[test]
fn instants_are_cut_to_microseconds_and_stay_within_four_digits() {
    let at = |at: &str| EntryDraft { at: at.parse().unwrap(), ..smallest() };
    assert!(text(&at("2026-11-22T08:19:03.9999999+01:00")).contains(r#""at":"2026-11-22T07:19:03.999999Z""#));
    assert!(text(&at("1969-12-31T23:59:59.9999999Z")).contains(r#""at":"1969-12-31T23:59:59.999999Z""#));
    assert!(text(&at("2026-11-22T00:00:00Z")).contains(r#""at":"2026-11-22T00:00:00.000000Z""#));
    assert_eq!(at("-000001-12-31T23:59:59Z").to_bytes(), Err(EntryError::Instant));
}

#[test]
fn what_cannot_be_in_an_entry_is_refused() {
    let word = |member, text: &str| Err(EntryError::Word { member, text: text.into() });
    for bad in ["", "Task.submitted", "task..x", "task.", "task submitted", "task.\"x", "tásk.x"] {
        assert_eq!(EntryDraft { event_type: bad, ..smallest() }.to_bytes(), word("type", bad));
    }
    let actor = |actor| EntryDraft { actor, ..smallest() }.to_bytes();
    let base = smallest().actor;
    assert_eq!(actor(ActorDraft { kind: "a b", ..base }), word("kind", "a b"));
    assert_eq!(actor(ActorDraft { method: Some("K"), ..base }), word("method", "K"));
    assert_eq!(actor(ActorDraft { channel: Some(""), ..base }), word("channel", ""));
    let number = EntryDraft { revision: Some(1 << 53), ..smallest() }.to_bytes();
    assert!(matches!(number, Err(EntryError::Canonical(CanonicalError::Number(_)))));
    let large = "x".repeat(MAX_BYTES);
    assert!(matches!(EntryDraft { org: &large, ..smallest() }.to_bytes(), Err(EntryError::TooLarge(_))));
}

#[test]
fn other_spellings_of_an_entry_are_refused() {
    let bytes = text(&EntryDraft { task: Some("task_1"), revision: Some(1), ..smallest() });
    assert!(Entry::parse(bytes.as_bytes()).is_ok());
    for (from, to) in [
        (r#""v":1"#, r#""v": 1"#),
        (r#""v":1"#, r#""v":1.0"#),
        (r#""v":1"#, r#""v":0"#),
        (r#""v":1"#, r#""v":2,"v":1"#),
        (r#","v":1"#, ""),
        (r#""v":1}"#, r#""v":1,"x":1}"#),
        (r#""v":1}"#, r#""review":null,"v":1}"#),
        (r#""v":1}"#, "\"v\":1}\n"),
        (r#""at":"2026-11-22T07:19:03.123456Z","#, ""),
        ("03.123456Z", "03.1234560Z"),
        ("03.123456Z", "03.123456+00:00"),
        ("22T07", "22t07"),
        (r#""kind":"system""#, r#""kind":"System""#),
        (r#""kind":"system""#, r#""kind":"system","role":"owner""#),
        (r#""id":"evt_1","org":"org_1""#, r#""org":"org_1","id":"evt_1""#),
        (r#""id":"evt_1""#, r#""detail":{},"id":"evt_1""#),
        (r#""id":"evt_1""#, r#""detail":{"a":1,"a":2},"id":"evt_1""#),
        (r#""id":"evt_1""#, r#""content":"sha256:00","id":"evt_1""#),
        ("evt_1", "\\u0065vt_1"),
        ("evt_1", "\u{0}"),
    ] {
        let other = bytes.replacen(from, to, 1);
        assert_ne!(other, bytes, "{from}");
        assert!(Entry::parse(other.as_bytes()).is_err(), "{other}");
    }
}

#[test]
fn a_later_version_is_told_apart() {
    assert_eq!(Entry::parse(br#"{"new":true,"v":2}"#), Err(EntryError::Version(2)));
    assert!(matches!(Entry::parse(br#"{"v":2,"new":true}"#), Err(EntryError::Form(_))), "no version will drop canonical form");
    assert!(matches!(Entry::parse(br#"{"new":true,"v":1}"#), Err(EntryError::Form(_))));
    assert!(matches!(Entry::parse(b"[]"), Err(EntryError::Form(_))));
}

#[test]
fn an_event_becomes_an_entry() {
    let uuid = |n| uuid::Uuid::from_u128(n);
    let digest = content_digest(&[1; 16], b"{}");
    let mut event = Event {
        id: uuid(1).into(),
        organization_id: uuid(2).into(),
        event_type: EventType::TaskSubmitted,
        at: "2026-11-22T07:19:03.123456Z".parse().unwrap(),
        actor: Actor::agent(KeyId(uuid(3)), "mailer"),
        channel: Channel::Api,
        task_id: Some(uuid(4).into()),
        queue: Some(QueueRef { id: uuid(5).into(), key: "email".into(), version: 7 }),
        revision: Some(1),
        content: Some(digest.to_string()),
        review_id: None,
        detail: Map::new(),
    };
    let entry = Entry::parse(&event.to_entry().unwrap()).unwrap();
    assert_eq!(entry.event_type, "task.submitted");
    assert_eq!((entry.org, entry.id), (event.organization_id.to_string(), event.id.to_string()));
    assert_eq!((entry.task, entry.queue), (event.task_id.map(|id| id.to_string()), Some("queue_00000000000000000000000005".into())));
    assert_eq!((entry.queue_version, entry.revision, entry.content), (Some(7), Some(1), Some(digest)));
    assert_eq!(entry.actor.method.as_deref(), Some("key"));
    event.revision = Some(-1);
    assert!(matches!(event.to_entry(), Err(EntryError::Canonical(CanonicalError::Number(_)))));
    event.revision = None;
    event.content = Some("sha256-hmac:".into());
    assert!(matches!(event.to_entry(), Err(EntryError::Form(_))));
}

proptest! {
    #[test]
    fn every_entry_is_canonical_and_read_back(
        ids in prop::array::uniform4(any::<String>()),
        name: Option<String>, task: Option<String>, queue: Option<String>, review: Option<String>,
        queue_version in prop::option::of(0..=canonical::MAX_NUMBER), revision in prop::option::of(0..=canonical::MAX_NUMBER),
        digest in prop::option::of(any::<[u8; 32]>().prop_map(ContentDigest)),
        micros in -62_167_219_200_000_000_i64..253_402_207_200_000_000,
        members in prop::collection::vec((any::<String>(), any::<Option<String>>()), 0..6),
    ) {
        let detail: Map<String, Value> = members.into_iter().map(|(name, text)| (name, json!({ "n": text }))).collect();
        let draft = EntryDraft {
            org: &ids[0],
            id: &ids[1],
            event_type: "task.submitted",
            at: Timestamp::from_microsecond(micros).unwrap(),
            actor: ActorDraft { kind: "agent", id: &ids[2], name: name.as_deref(), method: Some("key"), channel: None },
            task: task.as_deref(),
            queue: queue.as_deref(),
            queue_version,
            revision,
            content: digest.as_ref(),
            review: review.as_deref(),
            detail: (!detail.is_empty()).then_some(&detail),
        };
        let bytes = draft.to_bytes().unwrap();
        prop_assert!(is_canonical(&bytes), "{}", String::from_utf8_lossy(&bytes));
        let entry = Entry::parse(&bytes).unwrap();
        prop_assert_eq!(entry.draft(), draft);
        prop_assert_eq!(Entry::from_stored(&bytes).unwrap(), entry);
    }

    #[test]
    fn no_bytes_make_reading_panic(bytes: Vec<u8>) {
        prop_assert!(Entry::parse(&bytes).is_err());
    }
}
