//! What a member holds of tasks: assignments and leases, for when they may hold nothing any longer.

use signoff_domain::id::{LeaseId, MemberId, OrganizationId, TaskId};

use crate::{Error, Tx};

crate::sql::statements! {
    OF_MEMBER = "SELECT id FROM tasks WHERE organization_id = $1 AND assignee_id = $2 AND state IN ('pending', 'queued') \
        UNION SELECT task_id FROM leases WHERE member_id = $2 UNION SELECT task_id FROM assignments WHERE member_id = $2 AND state = 'accepted' \
        UNION SELECT task_id FROM offers WHERE member_id = $2 AND state = 'offered' ORDER BY 1";
    LEASE = "SELECT id FROM leases WHERE task_id = $1 AND member_id = $2";
    END_LEASE = "DELETE FROM leases WHERE task_id = $1 AND member_id = $2";
}

/// The open tasks that are assigned to a member or held by them, in the order of their ids.
///
/// # Errors
/// A fault.
pub async fn of_member(tx: &mut Tx<'_>, organization: OrganizationId, member: MemberId) -> Result<Vec<TaskId>, Error> {
    tx.all(&OF_MEMBER, &[organization.into(), member.into()], |row| row.id(0)).await
}

/// Ends the member's lease of a task; answers which it was.
///
/// # Errors
/// A fault.
pub async fn end_lease(tx: &mut Tx<'_>, task: TaskId, member: MemberId) -> Result<Option<LeaseId>, Error> {
    let lease: Option<LeaseId> = tx.opt(&LEASE, &[task.into(), member.into()], |row| row.id(0)).await?;
    if lease.is_some() {
        tx.exec(&END_LEASE, &[task.into(), member.into()]).await?;
    }
    Ok(lease)
}
