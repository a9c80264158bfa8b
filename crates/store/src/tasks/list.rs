//! Lists of tasks in keyset pages.

use signoff_domain::{
    Timestamp,
    hold::Lease,
    id::{BatchId, MemberId, OrganizationId, QueueId, TaskId},
    task::{Content, Task, TaskState},
};

use super::{Select, due_at, read};
use crate::{Arg, Error, Row, Tx};

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
    /// Open at a stage that asks these.
    pub audience: Option<String>,
    /// Assigned to this member.
    pub assignee_id: Option<MemberId>,
    /// In one of these queues: what a key is limited to, or a reviewer may see.
    pub queues: Option<Vec<QueueId>>,
    /// What this member could take at this moment, if the stage asks them.
    pub turn_of: Option<(MemberId, Timestamp)>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// A task in a list, with the content of its revision and its newest lease, which may have run out.
pub type Listed = (Task, Content, Option<Lease>);

const SELECT: &str = "SELECT t.id, t.organization_id, t.queue_id, q.key, t.queue_version, t.batch_id, t.external_id, t.state, t.revision, t.stage, t.rank, \
    t.metadata, t.summary, t.max_selections, t.deadline, t.assignee_id, t.created_by, t.outcome, t.reviewed_at, t.created_at, t.updated_at, \
    t.wanted, t.audience, t.opened_at, c.content, l.id, l.member_id, m.name, l.expires_at \
    FROM tasks t JOIN queues q ON q.id = t.queue_id JOIN contents c ON c.task_id = t.id AND c.revision = t.revision \
    LEFT JOIN leases l ON l.task_id = t.id AND l.member_id = (SELECT x.member_id FROM leases x WHERE x.task_id = t.id ORDER BY x.expires_at DESC LIMIT 1) \
    LEFT JOIN members m ON m.id = l.member_id";

fn read_listed(row: &Row<'_>) -> Result<Listed, Error> {
    let lease = match row.id_opt(25)? {
        None => None,
        Some(id) => Some(Lease { id, member_id: row.id(26)?, member_name: row.get(27)?, expires_at: row.get(28)? }),
    };
    Ok((read(row)?, row.json(24)?, lease))
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
) -> Result<Vec<Listed>, Error> {
    let mut select = Select::new(SELECT);
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
    if let Some(audience) = &filter.audience {
        select.filter("t.audience = ?", [Arg::from(audience.clone())]);
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
    if let Some((member, now)) = filter.turn_of {
        let args = [member.into(), now.into(), member.into(), member.into(), now.into(), member.into()];
        select.filter(TURN_OF, args);
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
    tx.all(&select, select.args(), read_listed).await
}

/// As the statement of [`super::turn`] has it.
const TURN_OF: &str = "t.wanted > (SELECT COUNT(*) FROM (SELECT x.member_id FROM leases x WHERE x.task_id = t.id AND x.member_id <> ? AND x.expires_at > ? \
    UNION SELECT a.member_id FROM assignments a WHERE a.task_id = t.id AND a.stage = t.stage AND a.member_id <> ? AND a.state = 'accepted' \
    UNION SELECT o.member_id FROM offers o WHERE o.task_id = t.id AND o.member_id <> ? AND o.state = 'offered' AND o.expires_at > ?) AS others) \
    AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.stage = t.stage AND a.member_id = ? \
    AND a.state IN ('declined', 'submitted', 'excluded'))";

/// `->>` of SQLite gives numbers as numbers and booleans as 0 and 1; as text they compare like those of PostgreSQL.
const METADATA_SQLITE: &str = "(SELECT CASE m.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' ELSE CAST(m.value AS TEXT) END \
    FROM json_each(t.metadata) m WHERE m.key = ?) = ?";
