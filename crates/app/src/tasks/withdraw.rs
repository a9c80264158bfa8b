//! A member may no longer review: what they held is open to others.

use signoff_domain::{
    Moment,
    event::{Event, EventType},
    hold::Standing,
    id::MemberId,
    moment::Ids,
    task::Task,
};
use signoff_store::{
    Error, Tx,
    assignments::{self, Assigned},
    holdings, offers, queues, tasks,
};

use super::holders::{end_offer, stand};
use crate::{Caller, caller::detail, escalation, routing};

/// Takes from a member the open tasks that are assigned or offered to them, and ends their leases. Who else could review these is looked for.
pub(crate) async fn withdraw(tx: &mut Tx<'_>, caller: &Caller, moment: &Moment, ids: &mut Ids, member: MemberId) -> Result<(), Error> {
    let now = moment.now;
    for id in holdings::of_member(tx, caller.organization_id, member).await? {
        let Some(task) = tasks::lock(tx, caller.organization_id, id).await? else { continue };
        let lease = holdings::end_lease(tx, id, member).await?;
        if task.state.is_settled() {
            continue;
        }
        let accepted = assignments::at_stage(tx, &task).await?;
        let accepted = accepted.into_iter().find(|held| held.member_id == member && held.standing == Standing::Accepted);
        let named = accepted.is_some() || task.assignee_id == Some(member);
        if let Some(accepted) = accepted {
            stand(tx, ids, &task, &Assigned { standing: Standing::Revoked, ..accepted }, None, now).await?;
        }
        for offer in offers::standing(tx, id).await?.into_iter().filter(|offer| offer.member_id == member) {
            end_offer(tx, &offer, "revoked", now).await?;
        }
        let task = Task { assignee_id: task.assignee_id.filter(|assignee| *assignee != member), updated_at: now, ..task };
        tasks::update(tx, &task).await?;
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        escalation::give_back(tx, &task, &queue, now).await?;
        routing::look_again(tx, &task, &queue, now).await?;
        if named {
            let event = caller.task_event(EventType::TaskAssigned, &task, ids, now);
            tx.record([Event { detail: detail! { "assignee_id": None::<MemberId>, "before": member }, ..event }]);
        } else if let Some(lease) = lease {
            let event = caller.task_event(EventType::TaskReleased, &task, ids, now);
            tx.record([Event { detail: detail! { "lease_id": lease }, ..event }]);
        }
    }
    Ok(())
}
