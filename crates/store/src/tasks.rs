//! Tasks: their rows, the order of turns, lists.

use signoff_domain::{
    Timestamp,
    id::{MemberId, OrganizationId, QueueId, TaskId},
    task::{Priority, Task, TaskState},
};

use crate::{Arg, Error, Fault, Row, Tx, filter::Select};

mod list;
pub use list::{Filter, Key, Listed, Order, list};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, t.organization_id, t.queue_id, q.key, t.queue_version, t.batch_id, t.external_id, t.state, t.revision, t.stage, t.rank, ",
            "t.metadata, t.summary, t.max_selections, t.deadline, t.assignee_id, t.created_by, t.outcome, t.reviewed_at, t.created_at, t.updated_at ",
            "FROM tasks t JOIN queues q ON q.id = t.queue_id ",
            $rest
        )
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO tasks (id, organization_id, queue_id, queue_version, batch_id, external_id, state, revision, stage, rank, due_at, deadline, metadata, \
        summary, max_selections, assignee_id, created_by, outcome, reviewed_at, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    UPDATE = "UPDATE tasks SET state = $2, revision = $3, stage = $4, rank = $5, due_at = $6, deadline = $7, metadata = $8, summary = $9, max_selections = $10, \
        assignee_id = $11, outcome = $12, reviewed_at = $13, updated_at = $14 WHERE id = $1";
    GET = select!("WHERE t.organization_id = $1 AND t.id = $2");
    LOCK_ROW = "SELECT id FROM tasks WHERE organization_id = $1 AND id = $2 FOR UPDATE";
    BY_EXTERNAL_ID = select!("WHERE t.queue_id = $1 AND t.external_id = $2");
    STATUS = "SELECT state, reviewed_at, revision FROM tasks WHERE organization_id = $1 AND id = $2";
    TURN = "SELECT t.id, t.rank, t.due_at, t.created_at FROM tasks t WHERE t.queue_id = $1 AND t.state = 'queued' \
        AND (t.assignee_id IS NULL OR t.assignee_id = $2) \
        AND NOT EXISTS (SELECT 1 FROM leases l WHERE l.task_id = t.id AND l.member_id <> $2 AND l.expires_at > $3) \
        AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.stage = t.stage AND a.member_id = $2 AND a.state = 'declined') \
        ORDER BY t.rank, t.due_at, t.created_at, t.id LIMIT 1";
}

fn read(row: &Row<'_>) -> Result<Task, Error> {
    Ok(Task {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        queue_id: row.id(2)?,
        queue_key: row.get(3)?,
        queue_version: row.get(4)?,
        batch_id: row.id_opt(5)?,
        external_id: row.get(6)?,
        state: row.word(7, "tasks", TaskState::parse)?,
        revision: row.get(8)?,
        stage: row.get(9)?,
        priority: Priority::from_rank(row.get(10)?).ok_or(Fault::Inconsistent { table: "tasks", what: "unknown rank".into() })?,
        metadata: row.json(11)?,
        summary: row.get(12)?,
        max_selections: row.get(13)?,
        deadline: row.get(14)?,
        assignee_id: row.id_opt(15)?,
        created_by: row.json(16)?,
        outcome: row.json_opt(17)?,
        reviewed_at: row.get(18)?,
        created_at: row.get(19)?,
        updated_at: row.get(20)?,
    })
}

/// Where a task without a deadline stands in the order of turns: after those that have one. 9999-01-01 in microseconds.
const NO_DEADLINE: i64 = 253_370_764_800_000_000;

/// The deadline as the order of turns uses it.
fn due_at(task: &Task) -> Timestamp {
    task.deadline.or_else(|| Timestamp::from_microsecond(NO_DEADLINE).ok()).unwrap_or(Timestamp::MAX)
}

/// Adds a task.
///
/// # Errors
/// [`Fault::NotUnique`] when the queue has a task of this external id.
pub async fn insert(tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
    let args = [
        task.id.into(),
        task.organization_id.into(),
        task.queue_id.into(),
        task.queue_version.into(),
        task.batch_id.into(),
        task.external_id.as_deref().into(),
        task.state.as_str().into(),
        task.revision.into(),
        task.stage.into(),
        task.priority.rank().into(),
        due_at(task).into(),
        task.deadline.into(),
        Arg::json(&task.metadata)?,
        task.summary.as_deref().into(),
        task.max_selections.into(),
        task.assignee_id.into(),
        Arg::json(&task.created_by)?,
        Arg::json_opt(task.outcome.as_ref())?,
        task.reviewed_at.into(),
        task.created_at.into(),
        task.updated_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// Stores what can change about a task.
///
/// # Errors
/// A fault.
pub async fn update(tx: &mut Tx<'_>, task: &Task) -> Result<(), Error> {
    let args = [
        task.id.into(),
        task.state.as_str().into(),
        task.revision.into(),
        task.stage.into(),
        task.priority.rank().into(),
        due_at(task).into(),
        task.deadline.into(),
        Arg::json(&task.metadata)?,
        task.summary.as_deref().into(),
        task.max_selections.into(),
        task.assignee_id.into(),
        Arg::json_opt(task.outcome.as_ref())?,
        task.reviewed_at.into(),
        task.updated_at.into(),
    ];
    tx.exec_one("tasks", &UPDATE, &args).await
}

/// A task.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: TaskId) -> Result<Option<Task>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}

/// A task, locked against other changes until the transaction ends.
///
/// # Errors
/// A fault.
pub async fn lock(tx: &mut Tx<'_>, organization: OrganizationId, id: TaskId) -> Result<Option<Task>, Error> {
    // Two statements: under READ COMMITTED the second sees what the lock waited for.
    let locked: Option<TaskId> = tx.opt(&LOCK_ROW, &[organization.into(), id.into()], |row| row.id(0)).await?;
    match locked {
        None => Ok(None),
        Some(_) => get(tx, organization, id).await,
    }
}

/// The task of this external id in a queue.
///
/// # Errors
/// A fault.
pub async fn by_external_id(tx: &mut Tx<'_>, queue: QueueId, external_id: &str) -> Result<Option<Task>, Error> {
    tx.opt(&BY_EXTERNAL_ID, &[queue.into(), external_id.into()], read).await
}

/// What a poller wants to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// The task's state.
    pub state: TaskState,
    /// When it was decided.
    pub reviewed_at: Option<Timestamp>,
    /// The revision of its content.
    pub revision: i64,
}

/// The status of a task.
///
/// # Errors
/// A fault.
pub async fn status(tx: &mut Tx<'_>, organization: OrganizationId, id: TaskId) -> Result<Option<Status>, Error> {
    let read =
        |row: &Row<'_>| Ok(Status { state: row.word(0, "tasks", TaskState::parse)?, reviewed_at: row.get(1)?, revision: row.get(2)? });
    tx.opt(&STATUS, &[organization.into(), id.into()], read).await
}

/// Where a task stands in the order of turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    rank: i64,
    due_at: Timestamp,
    created_at: Timestamp,
    /// The task.
    pub task: TaskId,
}

/// The task of a queue whose turn it is for a reviewer: open, not another's, not held by another, not declined before.
///
/// # Errors
/// A fault.
pub async fn turn(tx: &mut Tx<'_>, queue: QueueId, member: MemberId, now: Timestamp) -> Result<Option<Turn>, Error> {
    let read = |row: &Row<'_>| Ok(Turn { task: row.id(0)?, rank: row.get(1)?, due_at: row.get(2)?, created_at: row.get(3)? });
    tx.opt(&TURN, &[queue.into(), member.into(), now.into()], read).await
}
