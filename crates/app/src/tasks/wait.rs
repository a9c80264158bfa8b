//! An agent waits for a decision.

use std::time::Duration;

use signoff_domain::id::{BatchId, TaskId};
use signoff_store::{Error, Wake};

use super::{BatchView, GetBatch, GetStatus, GetTask, TaskView};
use crate::{App, Caller};

/// Longest wait of one request.
pub const LONGEST: Duration = Duration::from_secs(60);

impl App {
    /// Answers the task as soon as it is settled, or as it is when `patience` (at most a minute) runs out.
    ///
    /// # Errors
    /// As [`GetTask`]; [`signoff_domain::Code::AuthenticationError`] when the caller's rights ended meanwhile.
    pub async fn wait_for_task(&self, caller: &Caller, id: TaskId, patience: Duration) -> Result<TaskView, Error> {
        let status = || self.read(GetStatus { caller: caller.clone(), id });
        self.wait(Wake::Task(id), patience.min(LONGEST), status, |status| status.state.is_settled()).await?;
        self.require_still_welcome(caller).await?;
        self.read(GetTask { caller: caller.clone(), now: self.now(), id }).await
    }

    /// Answers the batch as soon as none of its tasks is open, or as it is when `patience` (at most a minute) runs out.
    ///
    /// # Errors
    /// As [`GetBatch`]; [`signoff_domain::Code::AuthenticationError`] when the caller's rights ended meanwhile.
    pub async fn wait_for_batch(&self, caller: &Caller, id: BatchId, patience: Duration) -> Result<BatchView, Error> {
        let read = || self.read(GetBatch { caller: caller.clone(), id });
        let view = self.wait(Wake::Batch(id), patience.min(LONGEST), read, |view| view.progress().is_settled()).await?;
        self.require_still_welcome(caller).await?;
        Ok(view)
    }
}
