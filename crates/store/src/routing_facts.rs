//! What routing looks up: why a task went to whom, who reviewed a thread last, what a requester used before.

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{
    Timestamp,
    id::{MemberId, QueueId, TaskId},
    task::Task,
};

use crate::{Arg, Error, Row, Tx};

crate::sql::statements! {
    EXPLAIN = "INSERT INTO explanations (task_id, stage, explanation, created_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (task_id, stage) DO UPDATE SET explanation = excluded.explanation, created_at = excluded.created_at";
    EXPLANATION = "SELECT explanation, created_at FROM explanations WHERE task_id = $1 AND stage = $2";
    TOLD = "UPDATE explanations SET told = $3 WHERE task_id = $1 AND stage = $2 AND (told IS NULL OR told <> $3)";
    REVIEWED_THREAD = "INSERT INTO threads (queue_id, thread, member_id, reviewed_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (queue_id, thread, member_id) DO UPDATE SET reviewed_at = excluded.reviewed_at";
    THREAD = "SELECT member_id, reviewed_at FROM threads WHERE queue_id = $1 AND thread = $2 ORDER BY reviewed_at DESC LIMIT 20";
    USE = "INSERT INTO first_uses (queue_id, used, task_id, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (queue_id, used) DO NOTHING";
    FIRST_USE = "SELECT task_id FROM first_uses WHERE queue_id = $1 AND used = $2";
}

/// Stores why a task went to a reviewer at its stage, or to nobody.
///
/// # Errors
/// A fault.
pub async fn explain(tx: &mut Tx<'_>, task: &Task, explanation: &impl Serialize, now: Timestamp) -> Result<(), Error> {
    tx.exec(&EXPLAIN, &[task.id.into(), task.stage.into(), Arg::json(explanation)?, now.into()]).await?;
    Ok(())
}

/// Why the task went to whom at its stage, and when that was decided.
///
/// # Errors
/// A fault.
pub async fn explanation<T: DeserializeOwned>(tx: &mut Tx<'_>, task: &Task) -> Result<Option<(T, Timestamp)>, Error> {
    tx.opt(&EXPLANATION, &[task.id.into(), task.stage.into()], |row| Ok((row.json(0)?, row.get(1)?))).await
}

/// Notes the reason that was told why nobody reviews a task at its stage; answers whether it was another before. There must be an explanation.
///
/// # Errors
/// A fault.
pub async fn tell(tx: &mut Tx<'_>, task: &Task, reason: &str) -> Result<bool, Error> {
    Ok(tx.exec(&TOLD, &[task.id.into(), task.stage.into(), reason.into()]).await? == 1)
}

/// Notes that a member reviewed a task of a thread.
///
/// # Errors
/// A fault.
pub async fn reviewed_thread(tx: &mut Tx<'_>, queue: QueueId, thread: &str, member: MemberId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&REVIEWED_THREAD, &[queue.into(), thread.into(), member.into(), now.into()]).await?;
    Ok(())
}

/// Who reviewed a thread, the last one first, twenty at the most.
///
/// # Errors
/// A fault.
pub async fn thread(tx: &mut Tx<'_>, queue: QueueId, thread: &str) -> Result<Vec<(MemberId, Timestamp)>, Error> {
    tx.all(&THREAD, &[queue.into(), thread.into()], |row: &Row<'_>| Ok((row.id(0)?, row.get(1)?))).await
}

/// Notes that a task uses something in its queue; answers whether it is the task that used it first. `used` is the SHA-256 of what is compared.
///
/// # Errors
/// A fault.
pub async fn first_use(tx: &mut Tx<'_>, task: &Task, used: &[u8; 32], now: Timestamp) -> Result<bool, Error> {
    tx.exec(&USE, &[task.queue_id.into(), used.into(), task.id.into(), now.into()]).await?;
    let first: Option<TaskId> = tx.opt(&FIRST_USE, &[task.queue_id.into(), used.into()], |row| row.id(0)).await?;
    Ok(first == Some(task.id))
}

/// The task that used something in a queue first, as far as a condition has asked.
///
/// # Errors
/// A fault.
pub async fn first_user(tx: &mut Tx<'_>, queue: QueueId, used: &[u8; 32]) -> Result<Option<TaskId>, Error> {
    tx.opt(&FIRST_USE, &[queue.into(), used.into()], |row| row.id(0)).await
}
