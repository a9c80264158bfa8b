//! Events on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Object, Timestamp};

/// Who did something, and how they proved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventActor {
    /// `member`, `agent` or `system`.
    pub kind: String,
    /// `mem_…`, `key_…` or `system`.
    pub id: String,
    /// Their name at the time.
    pub name: Option<String>,
    /// `key`, `session`, `token`, `operator`, `link`.
    pub method: Option<String>,
    /// `api`, `console`, `cli`.
    pub channel: Option<String>,
}

/// A message of the event stream (server-sent events).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamedEvent {
    /// The event's `seq`; resume with it as `Last-Event-ID`.
    pub id: String,
    /// The event's type.
    pub event: String,
    /// The Event as JSON text.
    #[schema(content_media_type = "application/json")]
    pub data: String,
}

/// An entry of the organization's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Its number in the log, from 0.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// What kind of thing happened.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When.
    pub at: Timestamp,
    /// The task that it is about.
    pub task_id: Option<String>,
    /// The queue that it is about.
    pub queue_id: Option<String>,
    /// The queue's key.
    pub queue_key: Option<String>,
    /// The version of the queue that was in force.
    pub queue_version: Option<i64>,
    /// Who did it.
    pub actor: EventActor,
    /// The task's revision.
    pub revision: Option<i64>,
    /// The review that it is about.
    pub review_id: Option<String>,
    /// The salted digest of the content or answer that it is about.
    pub content: Option<String>,
    /// What else belongs to it.
    #[schema(value_type = Object)]
    pub detail: Object,
    /// Why, in the words of who did it: in the history of a task. Null where no reason was given, and in the feed, which has no contents.
    pub reason: Option<String>,
}
