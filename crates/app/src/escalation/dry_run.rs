//! What an escalation would do, and when.

use signoff_domain::{
    Refusal, Timestamp,
    escalation::{Escalation, run::dry_run},
    permission::Action,
};
use signoff_store::{Error, Query, Tx};

use super::Times;
use crate::{
    Caller,
    queues::{check_escalation, find},
};

pub use signoff_domain::escalation::run::Planned;

/// What would happen, and when, to a task of a queue if nobody did anything about it.
pub struct DryRunEscalation {
    /// Who asks.
    pub caller: Caller,
    /// The queue.
    pub queue_key: String,
    /// The escalation, in place of the queue's own.
    pub escalation: Option<Escalation>,
    /// When the task would come.
    pub at: Timestamp,
    /// When it would be due, in place of the queue's word.
    pub deadline: Option<Timestamp>,
}

impl Query for DryRunEscalation {
    type Out = Vec<Planned>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Planned>, Error> {
        self.caller.require(Action::QueueRead)?;
        let queue = find(tx, &self.caller, &self.queue_key).await?;
        let escalation = self.escalation.as_ref().or(queue.config.escalation.as_ref());
        if let Some(asked) = &self.escalation {
            check_escalation(tx, &queue, asked).await?;
        }
        let escalation = escalation.ok_or_else(|| Refusal::invalid("/escalation", "The queue has no escalation."))?;
        let minutes = queue.config.sla_minutes.map(jiff::SignedDuration::from_mins);
        let deadline = self.deadline.or_else(|| self.at.checked_add(minutes?).ok());
        let times = Times::within(tx, &queue, escalation, deadline.map(|deadline| (self.at, deadline))).await?;
        Ok(times.with(|clock| dry_run(escalation, self.at, clock)))
    }
}
