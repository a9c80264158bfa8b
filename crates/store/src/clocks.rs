//! The clocks of tasks: cycles of their metrics, and how far their escalation has gone.

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{Timestamp, id::TaskId, task::Task};

use crate::{Arg, Error, Tx};

/// Which cycle of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CycleKey<'a> {
    /// The metric.
    pub metric: &'a str,
    /// The stage, from 0.
    pub stage: i64,
    /// Counts the cycles of this metric and stage, from 1.
    pub number: i64,
}

crate::sql::statements! {
    PUT = "INSERT INTO sla_cycles (task_id, metric, stage, number, organization_id, queue_id, state, cycle, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
        ON CONFLICT (task_id, metric, stage, number) DO UPDATE SET state = excluded.state, cycle = excluded.cycle, due_at = excluded.due_at";
    OF_TASK = "SELECT cycle FROM sla_cycles WHERE task_id = $1 ORDER BY stage, metric, number";
    PUT_RUN = "INSERT INTO escalations (task_id, run, updated_at) VALUES ($1, $2, $3) \
        ON CONFLICT (task_id) DO UPDATE SET run = excluded.run, updated_at = excluded.updated_at";
    DELETE_RUN = "DELETE FROM escalations WHERE task_id = $1";
    RUN = "SELECT run FROM escalations WHERE task_id = $1";
}

/// Stores a cycle.
///
/// # Errors
/// A fault.
pub async fn put(
    tx: &mut Tx<'_>,
    task: &Task,
    key: CycleKey<'_>,
    state: &str,
    cycle: &impl Serialize,
    due_at: Option<Timestamp>,
) -> Result<(), Error> {
    let args = [
        task.id.into(),
        key.metric.into(),
        key.stage.into(),
        key.number.into(),
        task.organization_id.into(),
        task.queue_id.into(),
        state.into(),
        Arg::json(cycle)?,
        due_at.into(),
    ];
    tx.exec(&PUT, &args).await?;
    Ok(())
}

/// The cycles of a task.
///
/// # Errors
/// A fault.
pub async fn of_task<T: DeserializeOwned>(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<T>, Error> {
    tx.all(&OF_TASK, &[task.into()], |row| row.json(0)).await
}

/// Stores how far the escalation of a task has gone.
///
/// # Errors
/// A fault.
pub async fn put_run(tx: &mut Tx<'_>, task: TaskId, run: &impl Serialize, now: Timestamp) -> Result<(), Error> {
    tx.exec(&PUT_RUN, &[task.into(), Arg::json(run)?, now.into()]).await?;
    Ok(())
}

/// How far the escalation of a task has gone, if it has begun.
///
/// # Errors
/// A fault.
pub async fn run<T: DeserializeOwned>(tx: &mut Tx<'_>, task: TaskId) -> Result<Option<T>, Error> {
    tx.opt(&RUN, &[task.into()], |row| row.json(0)).await
}

/// Forgets the escalation of a task.
///
/// # Errors
/// A fault.
pub async fn delete_run(tx: &mut Tx<'_>, task: TaskId) -> Result<(), Error> {
    tx.exec(&DELETE_RUN, &[task.into()]).await?;
    Ok(())
}
