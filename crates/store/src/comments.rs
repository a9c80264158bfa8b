//! Comments on tasks.

use signoff_domain::{
    comment::Comment,
    id::{CommentId, OrganizationId, TaskId},
    log::content::Salt,
};

use crate::{Arg, Error, Row, Tx};

crate::sql::statements! {
    INSERT = "INSERT INTO comments (id, organization_id, task_id, author, body, salt, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    WITH_SALT = "SELECT salt, body FROM comments WHERE organization_id = $1 AND id = $2";
    OF_TASK = "SELECT id, task_id, author, body, created_at FROM comments WHERE task_id = $1 ORDER BY created_at, id";
}

fn read(row: &Row<'_>) -> Result<Comment, Error> {
    Ok(Comment { id: row.id(0)?, task_id: row.id(1)?, author: row.json(2)?, body: row.get(3)?, created_at: row.get(4)? })
}

/// Adds a comment, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, organization: OrganizationId, comment: &Comment, salt: &Salt) -> Result<(), Error> {
    let args = [
        comment.id.into(),
        organization.into(),
        comment.task_id.into(),
        Arg::json(&comment.author)?,
        (&comment.body).into(),
        salt.into(),
        comment.created_at.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// The comments on a task, oldest first.
///
/// # Errors
/// A fault.
pub async fn of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<Comment>, Error> {
    tx.all(&OF_TASK, &[task.into()], read).await
}

/// The text of a comment and the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn with_salt(tx: &mut Tx<'_>, organization: OrganizationId, id: CommentId) -> Result<Option<(Salt, String)>, Error> {
    tx.opt(&WITH_SALT, &[organization.into(), id.into()], |row| Ok((row.salt(0)?, row.get(1)?))).await
}
