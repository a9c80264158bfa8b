//! Reading the event log, for lists, streams and a task's history.

use signoff_domain::{
    id::{OrganizationId, QueueId, TaskId},
    log::entry::Entry,
};

use crate::{Error, Fault, Row, Tx, filter::Select};

/// An event in its place.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Its number in the organization's log.
    pub seq: i64,
    /// What it says.
    pub entry: Entry,
    /// The key of its queue.
    pub queue_key: Option<String>,
    /// Why it was done, where the history of a task was asked for.
    pub reason: Option<String>,
}

/// Which events are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of one of these types; empty is any.
    pub types: Vec<String>,
    /// About this queue.
    pub queue_id: Option<QueueId>,
    /// About this task.
    pub task_id: Option<TaskId>,
    /// About one of these queues: what a key is limited to.
    pub queues: Option<Vec<QueueId>>,
    /// Before this number; up to the end of the log when not given.
    pub before: Option<i64>,
}

const SELECT: &str = "SELECT e.seq, e.entry, q.key FROM events e LEFT JOIN queues q ON q.id = e.queue_id";

fn read(row: &Row<'_>) -> Result<Stored, Error> {
    let entry: String = row.get(1)?;
    let entry = Entry::from_stored(entry.as_bytes()).map_err(|error| Fault::Inconsistent { table: "events", what: error.to_string() })?;
    Ok(Stored { seq: row.get(0)?, entry, queue_key: row.get(2)?, reason: None })
}

/// Events after the number `after`, oldest first.
///
/// # Errors
/// A fault.
pub async fn list(tx: &mut Tx<'_>, organization: OrganizationId, filter: &Filter, after: i64, limit: i64) -> Result<Vec<Stored>, Error> {
    let mut select = Select::new(SELECT);
    select.filter("e.organization_id = ?", [organization.into()]);
    select.filter("e.seq > ?", [after.into()]);
    if let Some(before) = filter.before {
        select.filter("e.seq < ?", [before.into()]);
    }
    if !filter.types.is_empty() {
        select.any_of("e.event_type", filter.types.iter().map(Into::into));
    }
    if let Some(queue) = filter.queue_id {
        select.filter("e.queue_id = ?", [queue.into()]);
    }
    if let Some(task) = filter.task_id {
        select.filter("e.task_id = ?", [task.into()]);
    }
    if let Some(queues) = &filter.queues {
        select.any_of("e.queue_id", queues.iter().map(|queue| (*queue).into()));
    }
    select.end(" ORDER BY e.seq");
    select.limit(limit);
    tx.all(&select, select.args(), read).await
}
