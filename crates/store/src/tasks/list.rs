//! Lists of tasks in keyset pages.

use signoff_domain::{
    Timestamp,
    id::{BatchId, MemberId, OrganizationId, QueueId, TaskId},
    task::{Task, TaskState},
};

use super::{COLUMNS, Select, due_at, read};
use crate::{Arg, Error, Tx};

/// Which tasks are asked for; everything empty asks for all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this queue.
    pub queue_id: Option<QueueId>,
    /// In one of these states.
    pub states: Vec<TaskState>,
    /// With this external id.
    pub external_id: Option<String>,
    /// Of this batch.
    pub batch_id: Option<BatchId>,
    /// Assigned to this member.
    pub assignee_id: Option<MemberId>,
    /// In one of these queues: what a key is limited to, or a reviewer may see.
    pub queues: Option<Vec<QueueId>>,
    /// With these attributes.
    pub metadata: Vec<(String, String)>,
    /// Submitted at or after.
    pub created_after: Option<Timestamp>,
    /// Submitted before.
    pub created_before: Option<Timestamp>,
    /// Decided at or after.
    pub reviewed_after: Option<Timestamp>,
    /// Decided before.
    pub reviewed_before: Option<Timestamp>,
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest first.
    #[default]
    CreatedDesc,
    /// By priority, deadline and age: whose turn it is.
    Turn,
}

/// Where a page ends: the key of its last task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Rank of its priority.
    pub rank: i64,
    /// When it is due, or far away.
    pub due_at: Timestamp,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// Its id.
    pub id: TaskId,
}

impl Key {
    /// The key of a task.
    #[must_use]
    pub fn of(task: &Task) -> Self {
        Self { rank: task.priority.rank(), due_at: due_at(task), created_at: task.created_at, id: task.id }
    }
}

/// A page of tasks after `after`.
///
/// # Errors
/// A fault.
pub async fn list(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    filter: &Filter,
    order: Order,
    after: Option<Key>,
    limit: i64,
) -> Result<Vec<Task>, Error> {
    let mut select = Select::new(COLUMNS);
    select.filter("t.organization_id = ?", [organization.into()]);
    if let Some(queue) = filter.queue_id {
        select.filter("t.queue_id = ?", [queue.into()]);
    }
    if let [TaskState::Queued] = filter.states[..] {
        // Written out, so that the partial indexes on open tasks serve it.
        select.filter("t.state = 'queued'", []);
    } else if !filter.states.is_empty() {
        select.any_of("t.state", filter.states.iter().map(|state| state.as_str().into()));
    }
    if let Some(external_id) = &filter.external_id {
        select.filter("t.external_id = ?", [external_id.into()]);
    }
    if let Some(batch) = filter.batch_id {
        select.filter("t.batch_id = ?", [batch.into()]);
    }
    if let Some(assignee) = filter.assignee_id {
        select.filter("t.assignee_id = ?", [assignee.into()]);
    }
    if let Some(queues) = &filter.queues {
        select.any_of("t.queue_id", queues.iter().map(|queue| (*queue).into()));
    }
    for (name, value) in &filter.metadata {
        let args = [Arg::from(name), Arg::from(value)];
        select.filter_each("t.metadata ->> ? = ?", METADATA_SQLITE, args);
    }
    let times = [
        (filter.created_after, "t.created_at >= ?"),
        (filter.created_before, "t.created_at < ?"),
        (filter.reviewed_after, "t.reviewed_at >= ?"),
        (filter.reviewed_before, "t.reviewed_at < ?"),
    ];
    for (time, condition) in times {
        if let Some(time) = time {
            select.filter(condition, [time.into()]);
        }
    }
    match (order, after) {
        (Order::CreatedDesc, Some(key)) => select.filter("(t.created_at, t.id) < (?, ?)", [key.created_at.into(), key.id.into()]),
        (Order::Turn, Some(key)) => select.filter(
            "(t.rank, t.due_at, t.created_at, t.id) > (?, ?, ?, ?)",
            [key.rank.into(), key.due_at.into(), key.created_at.into(), key.id.into()],
        ),
        (_, None) => {}
    }
    select.end(match order {
        Order::CreatedDesc => " ORDER BY t.created_at DESC, t.id DESC",
        Order::Turn => " ORDER BY t.rank, t.due_at, t.created_at, t.id",
    });
    select.limit(limit);
    tx.all(&select, select.args(), read).await
}

/// `->>` of SQLite gives numbers as numbers and booleans as 0 and 1; as text they compare like those of PostgreSQL.
const METADATA_SQLITE: &str = "(SELECT CASE m.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(m.value AS TEXT) END \
    FROM json_each(t.metadata) m WHERE m.key = ?) = ?";
