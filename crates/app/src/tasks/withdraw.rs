//! A member may no longer review: what they held is open to others.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    id::MemberId,
    moment::Ids,
    task::Task,
};
use signoff_store::{Error, Tx, holdings, tasks};

use crate::{Caller, caller::detail};

/// Takes from a member the open tasks that are assigned to them, and ends their leases.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, caller: &Caller, moment: &Moment, ids: &mut Ids, member: MemberId) -> Result<(), Error> {
    let now = moment.now;
    for id in holdings::of_member(tx, caller.organization_id, member).await? {
        let Some(task) = tasks::lock(tx, caller.organization_id, id).await? else { continue };
        let lease = holdings::end_lease(tx, id, member).await?;
        if task.state.is_settled() {
            continue;
        }
        holdings::revoke(tx, id, member, now).await?;
        if task.assignee_id == Some(member) {
            let task = Task { assignee_id: None, updated_at: now, ..task };
            tasks::update(tx, &task).await?;
            let event = caller.task_event(EventType::TaskAssigned, &task, ids, now);
            tx.record([Event { detail: detail! { "assignee_id": None::<MemberId>, "before": member }, ..event }]);
        } else if let Some(lease) = lease {
            let event = caller.task_event(EventType::TaskReleased, &task, ids, now);
            tx.record([Event { detail: detail! { "lease_id": lease }, ..event }]);
        }
    }
    Ok(())
}
