//! Assignments: who is to review a task at a stage, and who will not.

use signoff_domain::{
    Timestamp,
    id::{AssignmentId, MemberId},
    task::Task,
};

use crate::{Error, Tx};

/// How an assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Named for the task.
    Accepted,
    /// Gave the review.
    Submitted,
    /// Will not review it.
    Declined,
    /// Another was named.
    Revoked,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Submitted => "submitted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
        }
    }
}

crate::sql::statements! {
    PUT = "INSERT INTO assignments (id, organization_id, task_id, stage, member_id, state, reason, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) \
        ON CONFLICT (task_id, stage, member_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, updated_at = excluded.updated_at";
}

/// Sets how a member stands to a task at its stage.
///
/// # Errors
/// A fault.
pub async fn put(
    tx: &mut Tx<'_>,
    id: AssignmentId,
    task: &Task,
    member: MemberId,
    state: State,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let args = [
        id.into(),
        task.organization_id.into(),
        task.id.into(),
        task.stage.into(),
        member.into(),
        state.as_str().into(),
        reason.into(),
        now.into(),
    ];
    tx.exec(&PUT, &args).await?;
    Ok(())
}
