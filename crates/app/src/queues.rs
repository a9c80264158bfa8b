//! Use cases of queues.

use signoff_domain::{
    Refusal,
    id::{MemberId, OrganizationId},
    queue::Queue,
    refusal::Places,
};
use signoff_store::{Error, Tx, members, queues};

use crate::Caller;

mod apply;
mod change;
mod create;
mod delete;
mod get;

pub use apply::{Apply, Change, ChangeKind, Document, ExportDocument, MemberDocument, QueueDocument};
pub use change::{ChangeQueue, Edit};
pub use create::CreateQueue;
pub use delete::DeleteQueue;
pub use get::{GetQueue, ListQueues, QueueView};

/// The queue, locked, if the caller may see it.
async fn lock(tx: &mut Tx<'_>, caller: &Caller, key_or_id: &str) -> Result<Queue, Error> {
    let found = queues::lock(tx, caller.organization_id, key_or_id).await?;
    found.filter(|queue| caller.sees_queue(&queue.key)).ok_or_else(|| Refusal::not_found("queue", key_or_id).into())
}

/// Refuses reviewers that are no members of the organization.
async fn check_reviewers(tx: &mut Tx<'_>, organization: OrganizationId, reviewers: Option<&[MemberId]>) -> Result<(), Error> {
    let mut places = Places::default();
    for (i, reviewer) in reviewers.unwrap_or_default().iter().enumerate() {
        let there = members::get(tx, organization, *reviewer).await?.is_some();
        places.require(there, &format!("/reviewer_ids/{i}"), "There is no such member.");
    }
    Ok(places.finish()?)
}
