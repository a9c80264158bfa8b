//! The entry of an event: what the store records for it.

use super::{ActorDraft, EntryDraft, EntryError};
use crate::{event::Event, log::canonical::CanonicalError};

impl Event {
    /// The event's entry in the log, as bytes.
    ///
    /// # Errors
    /// When a part cannot be in an entry or the whole is too large.
    pub fn to_entry(&self) -> Result<Vec<u8>, EntryError> {
        let content = self.content.as_deref().map(str::parse).transpose()?;
        let task = self.task_id.map(|id| id.to_string());
        let queue = self.queue.as_ref().map(|queue| queue.id.to_string());
        let review = self.review_id.map(|id| id.to_string());
        EntryDraft {
            org: &self.organization_id.to_string(),
            id: &self.id.to_string(),
            event_type: self.event_type.as_str(),
            at: self.at,
            actor: ActorDraft {
                kind: self.actor.kind.as_str(),
                id: &self.actor.id,
                name: Some(&self.actor.name),
                method: Some(self.actor.method.as_str()),
                channel: Some(self.channel.as_str()),
            },
            task: task.as_deref(),
            queue: queue.as_deref(),
            queue_version: self.queue.as_ref().map(|queue| count(queue.version)).transpose()?,
            revision: self.revision.map(count).transpose()?,
            content: content.as_ref(),
            review: review.as_deref(),
            detail: Some(&self.detail),
        }
        .to_bytes()
    }
}

fn count(number: i64) -> Result<u64, EntryError> {
    number.try_into().map_err(|_| CanonicalError::Number(number.to_string()).into())
}
