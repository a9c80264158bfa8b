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
            "t.metadata, t.summary, t.max_selections, t.deadline, t.assignee_id, t.created_by, t.outcome, t.reviewed_at, t.created_at, t.updated_at, ",
            "t.wanted, t.audience, t.opened_at FROM tasks t JOIN queues q ON q.id = t.queue_id ",
            $rest
        )
    };
}

macro_rules! turn {
    ($lock:literal) => {
        concat!(
            "SELECT t.id, t.rank, t.due_at, t.created_at FROM tasks t WHERE t.queue_id = $1 AND t.audience = $4 AND t.state = 'queued' AND t.wanted > ",
            "(SELECT COUNT(*) FROM (SELECT l.member_id FROM leases l WHERE l.task_id = t.id AND l.member_id <> $2 AND l.expires_at > $3 ",
            "UNION SELECT a.member_id FROM assignments a WHERE a.task_id = t.id AND a.stage = t.stage AND a.member_id <> $2 AND a.state = 'accepted' ",
            "UNION SELECT o.member_id FROM offers o WHERE o.task_id = t.id AND o.member_id <> $2 AND o.state = 'offered' AND o.expires_at > $3) AS others) ",
            "AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.stage = t.stage AND a.member_id = $2 ",
            "AND a.state IN ('declined', 'submitted', 'excluded')) ORDER BY t.rank, t.due_at, t.created_at, t.id LIMIT 1 ",
            $lock
        )
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO tasks (id, organization_id, queue_id, queue_version, batch_id, external_id, state, revision, stage, rank, due_at, deadline, metadata, \
        summary, max_selections, assignee_id, created_by, outcome, reviewed_at, created_at, updated_at, \
        wanted, audience, opened_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)";
    UPDATE = "UPDATE tasks SET state = $2, revision = $3, stage = $4, rank = $5, due_at = $6, deadline = $7, metadata = $8, summary = $9, max_selections = $10, \
        assignee_id = $11, outcome = $12, reviewed_at = $13, updated_at = $14, wanted = $15, audience = $16, opened_at = $17, queue_id = $18, queue_version = $19 \
        WHERE id = $1";
    GET = select!("WHERE t.organization_id = $1 AND t.id = $2");
    LOCK_ROW = "SELECT id FROM tasks WHERE organization_id = $1 AND id = $2 FOR UPDATE";
    BY_EXTERNAL_ID = select!("WHERE t.queue_id = $1 AND t.external_id = $2");
    STATUS = "SELECT state, reviewed_at, revision FROM tasks WHERE organization_id = $1 AND id = $2";
    TURN = turn!("");
    LOCK_TURN = turn!("FOR UPDATE OF t SKIP LOCKED");
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
        wanted: row.get(21)?,
        audience: row.get(22)?,
        opened_at: row.get(23)?,
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
        task.wanted.into(),
        (&task.audience).into(),
        task.opened_at.into(),
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
        task.wanted.into(),
        (&task.audience).into(),
        task.opened_at.into(),
        task.queue_id.into(),
        task.queue_version.into(),
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

/// Whose turns are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asker<'a> {
    /// In which queue.
    pub queue: QueueId,
    /// Among the tasks of which audience.
    pub audience: &'a str,
    /// For which reviewer.
    pub member: MemberId,
    /// When.
    pub now: Timestamp,
}

/// The task whose turn it is for a reviewer: open, with a place left, not declined or reviewed before.
///
/// # Errors
/// A fault.
pub async fn turn(tx: &mut Tx<'_>, asker: Asker<'_>) -> Result<Option<Turn>, Error> {
    first_turn(tx, &TURN, asker).await
}

/// The same, locked; those that others have locked are passed over.
///
/// # Errors
/// A fault.
pub async fn lock_turn(tx: &mut Tx<'_>, asker: Asker<'_>) -> Result<Option<Turn>, Error> {
    first_turn(tx, &LOCK_TURN, asker).await
}

async fn first_turn(tx: &mut Tx<'_>, sql: &crate::Sql, asker: Asker<'_>) -> Result<Option<Turn>, Error> {
    let read = |row: &Row<'_>| Ok(Turn { task: row.id(0)?, rank: row.get(1)?, due_at: row.get(2)?, created_at: row.get(3)? });
    tx.opt(sql, &[asker.queue.into(), asker.member.into(), asker.now.into(), asker.audience.into()], read).await
}
