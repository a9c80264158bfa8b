//! How members come to have a part in a task and lose it again; their workload is counted with it.

use signoff_domain::{
    Timestamp,
    hold::{Holders, Standing},
    id::MemberId,
    moment::Ids,
    task::Task,
};
use signoff_store::{
    Error, Tx,
    assignments::{self, Assigned},
    leases,
    offers::{self, Offer},
    workloads,
};

/// Everybody who has a part in a locked task at its stage.
pub(crate) async fn holders(tx: &mut Tx<'_>, task: &Task) -> Result<Holders, Error> {
    let standings = assignments::at_stage(tx, task).await?;
    Ok(Holders {
        leases: leases::of_task(tx, task.id).await?,
        standings: standings.into_iter().map(|assigned| (assigned.member_id, assigned.standing)).collect(),
        offers: offers::standing(tx, task.id).await?.into_iter().map(|offer| (offer.member_id, offer.expires_at)).collect(),
    })
}

/// Sets how a member stands to a locked task at its stage. What they had accepted or been offered before no longer counts.
pub(crate) async fn stand(
    tx: &mut Tx<'_>,
    ids: &mut Ids,
    task: &Task,
    assigned: &Assigned,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let before = assignments::at_stage(tx, task).await?.into_iter().find(|before| before.member_id == assigned.member_id);
    let before = before.filter(|before| before.standing == Standing::Accepted);
    if let Some(before) = &before {
        workloads::remove(tx, before.member_id, before.weight).await?;
    }
    let ended = match assigned.standing {
        Standing::Accepted | Standing::Submitted => "accepted",
        Standing::Declined => "declined",
        Standing::Revoked | Standing::Excluded => "revoked",
    };
    let mut counted = before.is_some();
    for offer in offers::standing(tx, task.id).await?.into_iter().filter(|offer| offer.member_id == assigned.member_id) {
        counted |= end_offer(tx, &offer, ended, now).await?;
    }
    if assigned.standing == Standing::Accepted {
        workloads::add(tx, task.organization_id, assigned.member_id, assigned.weight, !counted, now).await?;
    }
    assignments::put(tx, ids.draw(), task, assigned, reason, now).await
}

/// Ends an offer that stands, and takes it out of the reviewer's workload; answers whether it stood.
pub(crate) async fn end_offer(tx: &mut Tx<'_>, offer: &Offer, state: &str, now: Timestamp) -> Result<bool, Error> {
    let stood = offers::end(tx, offer.id, state, now).await?;
    if stood {
        workloads::remove(tx, offer.member_id, offer.weight).await?;
        if state != "accepted" {
            workloads::uncount(tx, offer.member_id, now).await?;
        }
    }
    Ok(stood)
}

/// Makes room for who is named to a stage that wants several: where no place is free, one ends. An offer before an assignment, and what is younger first.
pub(crate) async fn make_room(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, named: MemberId, now: Timestamp) -> Result<(), Error> {
    let wanted = usize::try_from(task.wanted).unwrap_or(usize::MAX);
    loop {
        let places = holders(tx, task).await?.places(now);
        if places.contains(&named) || places.len() < wanted {
            return Ok(());
        }
        if let Some(offer) = offers::standing(tx, task.id).await?.pop() {
            end_offer(tx, &offer, "revoked", now).await?;
            continue;
        }
        let accepted = assignments::at_stage(tx, task).await?.into_iter().rfind(|assigned| assigned.standing == Standing::Accepted);
        let other = match accepted {
            Some(accepted) => {
                let other = accepted.member_id;
                stand(tx, ids, task, &Assigned { standing: Standing::Revoked, ..accepted }, None, now).await?;
                Some(other)
            }
            None => places.last().copied(),
        };
        if let Some(other) = other {
            leases::delete(tx, task.id, other).await?;
        }
    }
}

/// Ends all leases, offers and assignments of a locked task at its stage, but those of `kept`.
pub(crate) async fn dismiss(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, kept: Option<MemberId>, now: Timestamp) -> Result<(), Error> {
    for lease in leases::of_task(tx, task.id).await?.into_iter().filter(|lease| Some(lease.member_id) != kept) {
        leases::delete(tx, task.id, lease.member_id).await?;
    }
    take_back(tx, ids, task, kept, now).await
}

/// Ends all offers and assignments of a locked task at its stage, but those of `kept`. Leases stay, so that what somebody is typing can still be kept.
pub(crate) async fn take_back(tx: &mut Tx<'_>, ids: &mut Ids, task: &Task, kept: Option<MemberId>, now: Timestamp) -> Result<(), Error> {
    for offer in offers::standing(tx, task.id).await?.into_iter().filter(|offer| Some(offer.member_id) != kept) {
        end_offer(tx, &offer, "revoked", now).await?;
    }
    for assigned in assignments::at_stage(tx, task).await? {
        if assigned.standing == Standing::Accepted && Some(assigned.member_id) != kept {
            stand(tx, ids, task, &Assigned { standing: Standing::Revoked, ..assigned }, None, now).await?;
        }
    }
    Ok(())
}
