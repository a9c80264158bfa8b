//! Whose turn it is: pulling the next task.

use signoff_domain::{Code, Moment, Refusal, Timestamp, hold::may_hold, id::QueueId, permission::Action};
use signoff_store::{
    Command, Error, Query, Tx, queues,
    tasks::{self, Asker},
};

use super::{
    Claim, TaskView,
    audience::{Belonging, not_a_reviewer, require_reviewer},
    claim::claim,
    holders::holders,
    view,
};
use crate::{Caller, routing::look_again, workflow::exclude};

/// How often the next task is looked for again when another reviewer was faster.
const TRIES: usize = 8;

/// The task that is next for a reviewer, without taking it.
pub struct PeekNext {
    /// For whom.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// Only in this queue.
    pub queue_key: Option<String>,
}

impl Query for PeekNext {
    type Out = Option<TaskView>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<TaskView>, Error> {
        let mut first = None;
        for (queue, audience) in places(tx, &self.caller, self.queue_key.as_deref(), self.now).await? {
            let turn = tasks::turn(tx, asker(&self.caller, (queue, &audience), self.now)?).await?;
            first = first.into_iter().chain(turn).min();
        }
        let Some(turn) = first else { return Ok(None) };
        match tasks::get(tx, self.caller.organization_id, turn.task).await? {
            Some(task) => view(tx, &self.caller, task, self.now).await.map(Some),
            None => Ok(None),
        }
    }
}

/// Takes the task that is next for a reviewer.
pub struct ClaimNext {
    /// For whom.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Only in this queue.
    pub queue_key: Option<String>,
}

impl Command for ClaimNext {
    type Out = Option<Claim>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Claim>, Error> {
        let mut ids = self.moment.ids();
        let (member, _) = self.caller.member()?;
        let now = self.moment.now;
        let mut places = places(tx, &self.caller, self.queue_key.as_deref(), now).await?;
        for _ in 0..TRIES {
            let Some(at) = first_place(tx, &self.caller, &places, now).await? else { return Ok(None) };
            let (queue, audience) = &places[at];
            let Some(turn) = tasks::lock_turn(tx, asker(&self.caller, (*queue, audience), now)?).await? else {
                // All that is left there is being taken by others at this moment.
                places.swap_remove(at);
                continue;
            };
            let Some(task) = tasks::get(tx, self.caller.organization_id, turn.task).await? else { continue };
            // Under READ COMMITTED another reviewer may have been faster before the lock was got.
            if may_hold(&task, &holders(tx, &task).await?, member, now).is_err() {
                continue;
            }
            match require_reviewer(tx, &task, &self.caller, now).await {
                // Whom the caller would act for may not review it: it is not the caller's turn, now and whenever they ask again.
                Err(Error::Refused(refusal)) if matches!(refusal.code, Code::SeparationOfDuties | Code::AlreadyReviewed) => {
                    exclude(tx, &mut ids, &task, member, true, now).await?;
                    // What was offered to them is offered to another.
                    let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
                    look_again(tx, &task, &queue, now).await?;
                }
                _ => return claim(tx, &self.caller, &self.moment, &mut ids, task).await.map(Some),
            }
        }
        Ok(None)
    }
}

/// Where tasks wait that the caller may review: queues, and in each the audiences that the caller belongs to.
pub(super) async fn places(
    tx: &mut Tx<'_>,
    caller: &Caller,
    queue_key: Option<&str>,
    now: Timestamp,
) -> Result<Vec<(QueueId, String)>, Error> {
    caller.require(Action::TaskReview)?;
    let (member, _) = caller.member()?;
    let queues = match queue_key {
        None => queues::all(tx, caller.organization_id).await?,
        Some(key) => {
            let queue = queues::by_key(tx, caller.organization_id, key).await?.ok_or_else(|| Refusal::not_found("queue", key))?;
            vec![queue]
        }
    };
    let mut all = Vec::new();
    for queue in &queues {
        for audience in queues::audiences(tx, queue.id).await? {
            all.push((queue, audience));
        }
    }
    let audiences = all.iter().map(|(_, audience)| audience.as_str());
    let belonging = Belonging::of(tx, caller.organization_id, member, audiences, now).await?;
    all.retain(|(queue, audience)| belonging.acts(queue, audience).is_some());
    if let (true, Some(_), [queue]) = (all.is_empty(), queue_key, &queues[..]) {
        return Err(not_a_reviewer(queue).into());
    }
    Ok(all.into_iter().map(|(queue, audience)| (queue.id, audience)).collect())
}

/// The place whose first task comes first in the order of turns. One probe of an index for each place: the cost does not grow with the tasks that wait.
async fn first_place(tx: &mut Tx<'_>, caller: &Caller, places: &[(QueueId, String)], now: Timestamp) -> Result<Option<usize>, Error> {
    if let [_] = places {
        return Ok(Some(0));
    }
    let mut first = None;
    for (at, (queue, audience)) in places.iter().enumerate() {
        let turn = tasks::turn(tx, asker(caller, (*queue, audience), now)?).await?;
        first = first.into_iter().chain(turn.map(|turn| (turn, at))).min();
    }
    Ok(first.map(|(_, at)| at))
}

fn asker<'a>(caller: &Caller, (queue, audience): (QueueId, &'a str), now: Timestamp) -> Result<Asker<'a>, Refusal> {
    Ok(Asker { queue, audience, member: caller.member()?.0, now })
}
