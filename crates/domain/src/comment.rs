//! What people and agents say beside a task.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal, Timestamp,
    actor::Actor,
    id::{CommentId, TaskId},
    text::Limit,
};

/// A comment on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The task.
    pub task_id: TaskId,
    /// Who wrote it.
    pub author: Actor,
    /// Markdown.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// # Errors
/// [`crate::Code::ValidationError`] unless the body has 1 to 10,000 characters.
pub fn check_body(body: &str) -> Result<(), Refusal> {
    let problem = if body.trim().is_empty() { Some("Must not be empty.".into()) } else { Limit::block(10_000).problem(body) };
    problem.map_or(Ok(()), |problem| Err(Refusal::invalid("/body", problem)))
}
