//! Batches.

use signoff_domain::{
    batch::{Batch, ItemResult},
    id::{BatchId, OrganizationId, TaskId},
    task::TaskState,
};

use crate::{Arg, Error, Row, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO batches (id, organization_id, queue_id, items, created_at) VALUES ($1, $2, $3, $4, $5)";
    GET = "SELECT b.id, b.organization_id, b.queue_id, q.key, b.items, b.created_at FROM batches b JOIN queues q ON q.id = b.queue_id \
        WHERE b.organization_id = $1 AND b.id = $2";
    REFER = "INSERT INTO batch_tasks (batch_id, task_id) VALUES ($1, $2) ON CONFLICT (batch_id, task_id) DO NOTHING";
    REFERRING = "SELECT batch_id FROM batch_tasks WHERE task_id = $1";
    PROGRESS = "SELECT state, COUNT(*) FROM (SELECT id, state FROM tasks WHERE batch_id = $1 \
        UNION SELECT t.id, t.state FROM batch_tasks b JOIN tasks t ON t.id = b.task_id WHERE b.batch_id = $1) AS item GROUP BY state";
}

fn read(row: &Row<'_>) -> Result<Batch, Error> {
    Ok(Batch {
        id: row.id(0)?,
        organization_id: row.id(1)?,
        queue_id: row.id(2)?,
        queue_key: row.get(3)?,
        items: row.json(4)?,
        created_at: row.get(5)?,
    })
}

/// Adds a batch, whose tasks are there.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, batch: &Batch) -> Result<(), Error> {
    let args = [batch.id.into(), batch.organization_id.into(), batch.queue_id.into(), Arg::json(&batch.items)?, batch.created_at.into()];
    tx.exec(&INSERT, &args).await?;
    for item in &batch.items {
        if let ItemResult::Existing { task_id } = item.result {
            tx.exec(&REFER, &[batch.id.into(), task_id.into()]).await?;
        }
    }
    Ok(())
}

/// The batches to which a task is one that was there before them.
///
/// # Errors
/// A fault.
pub async fn referring(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<BatchId>, Error> {
    tx.all(&REFERRING, &[task.into()], |row| row.id(0)).await
}

/// How many tasks of a batch are in each state: those that came with it and those that it refers to, each once.
///
/// # Errors
/// A fault.
pub async fn progress(tx: &mut Tx<'_>, batch: BatchId) -> Result<Vec<(TaskState, i64)>, Error> {
    tx.all(&PROGRESS, &[batch.into()], |row| Ok((row.word(0, "tasks", TaskState::parse)?, row.get(1)?))).await
}

/// A batch.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: BatchId) -> Result<Option<Batch>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}
