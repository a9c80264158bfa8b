//! Reading queues.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use signoff_domain::{Refusal, permission::Action, queue::Queue};
use signoff_store::{Error, Query, Tx, queues};

use crate::Caller;

/// A queue, and how many tasks are open in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueView {
    /// The queue.
    pub queue: Queue,
    /// Tasks that wait for a reviewer; 10,000 stands for any number from there on.
    pub open_count: i64,
}

/// The queue of a key or id.
pub struct GetQueue {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub key_or_id: String,
}

impl Query for GetQueue {
    type Out = QueueView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<QueueView, Error> {
        self.caller.require(Action::QueueRead)?;
        let queue = find(tx, &self.caller, &self.key_or_id).await?;
        let open_count = queues::open_count(tx, queue.id).await?;
        Ok(QueueView { queue, open_count })
    }
}

/// The queue of a key or id, if the caller may see it. Nothing is locked: for who only reads.
pub(crate) async fn find(tx: &mut Tx<'_>, caller: &Caller, key_or_id: &str) -> Result<Queue, Error> {
    let found = queues::find(tx, caller.organization_id, key_or_id).await?;
    found.filter(|queue| caller.sees_queue(&queue.key)).ok_or_else(|| Refusal::not_found("queue", key_or_id).into())
}

/// All queues that the caller may see, deleted ones only when they still have open tasks.
pub struct ListQueues {
    /// Who asks.
    pub caller: Caller,
}

impl Query for ListQueues {
    type Out = Vec<QueueView>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<QueueView>, Error> {
        self.caller.require(Action::QueueRead)?;
        let counts: HashMap<_, _> = queues::open_counts(tx, self.caller.organization_id).await?.into_iter().collect();
        let all = queues::all(tx, self.caller.organization_id).await?;
        let views = all.into_iter().filter(|queue| self.caller.sees_queue(&queue.key)).map(|queue| {
            let open_count = counts.get(&queue.id).copied().unwrap_or(0);
            QueueView { queue, open_count }
        });
        Ok(views.filter(|view| view.queue.deleted_at.is_none() || view.open_count > 0).collect())
    }
}
