//! One task, or only its status.

use signoff_domain::{Refusal, Timestamp, id::TaskId, permission::Action};
use signoff_store::{
    Error, Query, Tx,
    tasks::{self, Status},
};

use super::{TaskView, find, view};
use crate::Caller;

/// A task with all that belongs to it.
pub struct GetTask {
    /// Who asks.
    pub caller: Caller,
    /// When: a lease that has run out is not shown.
    pub now: Timestamp,
    /// Which.
    pub id: TaskId,
}

impl Query for GetTask {
    type Out = TaskView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<TaskView, Error> {
        self.caller.require(Action::TaskRead)?;
        let task = find(tx, &self.caller, self.id).await?;
        view(tx, &self.caller, task, self.now).await
    }
}

/// What a poller wants to know of a task.
pub struct GetStatus {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub id: TaskId,
}

impl Query for GetStatus {
    type Out = Status;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Status, Error> {
        self.caller.require(Action::TaskRead)?;
        if self.caller.queue_keys().is_some() {
            find(tx, &self.caller, self.id).await?;
        }
        let status = tasks::status(tx, self.caller.organization_id, self.id).await?;
        status.ok_or_else(|| Refusal::not_found("task", self.id).into())
    }
}
