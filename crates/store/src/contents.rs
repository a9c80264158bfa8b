//! The content of each revision of a task, apart from the task so that it can be erased.

use signoff_domain::{id::TaskId, log::content::Salt, task::Content};

use crate::{Arg, Error, Fault, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO contents (task_id, revision, salt, content) VALUES ($1, $2, $3, $4)";
    GET = "SELECT content FROM contents WHERE task_id = $1 AND revision = $2";
    WITH_SALT = "SELECT salt, content FROM contents WHERE task_id = $1 AND revision = $2";
}

/// Adds the content of a revision, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, task: TaskId, revision: i64, salt: &Salt, content: &Content) -> Result<(), Error> {
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

/// The content of a revision and the salt of its digest; nothing when it was erased.
///
/// # Errors
/// A fault.
pub async fn with_salt(tx: &mut Tx<'_>, task: TaskId, revision: i64) -> Result<Option<(Salt, Content)>, Error> {
    tx.opt(&WITH_SALT, &[task.into(), revision.into()], |row| Ok((row.salt(0)?, row.json(1)?))).await
}
