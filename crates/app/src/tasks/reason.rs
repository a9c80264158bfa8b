//! Why something was done, in the words of who did it: kept apart from the event, which binds it by its salted digest.

use signoff_domain::{event::Event, id::TaskId, moment::Ids};
use signoff_store::{Error, Tx, reasons};

use super::digest;

/// The event with the digest of its reason, which is kept. Without a reason the event is as it was.
pub(crate) async fn with_reason(tx: &mut Tx<'_>, event: Event, task: TaskId, reason: Option<&str>, ids: &mut Ids) -> Result<Event, Error> {
    let Some(reason) = reason else { return Ok(event) };
    let salt = ids.salt();
    reasons::insert(tx, event.organization_id, task, event.id, &salt, reason).await?;
    Ok(Event { content: Some(digest(&salt, &reason)?), ..event })
}
