//! Batches: many tasks in one request.

use std::time::Duration;

use signoff_wire::batch::{Batch, SubmitBatch};

use crate::{Client, Error, call::segment, task::LONGEST_WAIT};

impl Client {
    /// Submits up to 1,000 tasks to one queue. What became of each is in `items`.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn submit_batch(&self, batch: &SubmitBatch) -> Result<Batch, Error> {
        self.post("/batch", batch)?.read().await
    }

    /// A batch and how far it has come.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn batch(&self, id: &str) -> Result<Batch, Error> {
        self.get(format!("/batch/{}", segment(id))).read().await
    }

    /// Waits in one request, up to `timeout` or a minute: the batch when none of its tasks is open, or as it is when time is up.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn wait_for_batch_once(&self, id: &str, timeout: Duration) -> Result<Batch, Error> {
        let timeout = timeout.min(LONGEST_WAIT);
        let seconds = timeout.as_millis().div_ceil(1000);
        self.get(format!("/batch/{}/wait", segment(id))).query("timeout", Some(seconds)).waiting(timeout).read().await
    }
}
