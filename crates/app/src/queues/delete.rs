//! A queue takes no new tasks.

use signoff_domain::{Moment, event::EventType, permission::Action, queue::Queue};
use signoff_store::{Command, Error, Tx, queues};

use super::lock;
use crate::Caller;

/// Deletes a queue softly: what is open in it is still decided. Doing it again changes nothing.
pub struct DeleteQueue {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub key_or_id: String,
}

impl Command for DeleteQueue {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::QueueWrite)?;
        let queue = lock(tx, &self.caller, &self.key_or_id).await?;
        if queue.deleted_at.is_some() {
            return Ok(());
        }
        let now = self.moment.now;
        let queue = Queue { deleted_at: Some(now), updated_at: now, ..queue };
        queues::set(tx, &queue).await?;
        tx.record([self.caller.queue_event(EventType::QueueDeleted, &queue, &mut self.moment.ids(), now)]);
        Ok(())
    }
}
