//! The content of each revision of a task, apart from the task so that it can be erased.

use signoff_domain::{id::TaskId, task::Content};

use crate::{Arg, Error, Fault, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO contents (task_id, revision, salt, content) VALUES ($1, $2, $3, $4)";
    GET = "SELECT content FROM contents WHERE task_id = $1 AND revision = $2";
    EXPORT = "SELECT c.revision, c.salt, c.content FROM contents c WHERE c.task_id = $1 ORDER BY c.revision";
}

/// Adds the content of a revision, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, task: TaskId, revision: i64, salt: &[u8; 16], content: &Content) -> Result<(), Error> {
    tx.exec(&INSERT, &[task.into(), revision.into(), salt.into(), Arg::json(content)?]).await?;
    Ok(())
}

/// The content of a revision.
///
/// # Errors
/// A fault; [`Fault::Inconsistent`] when there is none.
pub async fn get(tx: &mut Tx<'_>, task: TaskId, revision: i64) -> Result<Content, Error> {
    let found = tx.opt(&GET, &[task.into(), revision.into()], |row| row.json(0)).await?;
    found.ok_or_else(|| Fault::Inconsistent { table: "contents", what: format!("{task} has no content of revision {revision}") }.into())
}

/// The contents of a task's revisions with their salts, for an export.
///
/// # Errors
/// A fault.
pub async fn with_salts(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<(i64, Vec<u8>, Content)>, Error> {
    tx.all(&EXPORT, &[task.into()], |row| Ok((row.get(0)?, row.get(1)?, row.json(2)?))).await
}
