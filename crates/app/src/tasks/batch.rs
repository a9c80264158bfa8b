//! Many tasks in one request, and how far they have come.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Refusal,
    batch::{Batch, Item, ItemResult, MOST, Progress},
    event::{Event, EventType},
    id::BatchId,
    permission::Action,
    submission::Submission,
    task::TaskState,
};
use signoff_store::{Command, Error, Query, Tx, batches};

use super::{queue, submit::Submit};
use crate::{Caller, caller::detail, compiled::Compiled};

/// Submits many tasks to a queue. What is wrong with one does not stop the others.
pub struct SubmitBatch {
    /// Who submits.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Compiled compiled.
    pub compiled: Compiled,
    /// Where to.
    pub queue_key: String,
    /// What: the submissions, or why one could not be read.
    pub items: Vec<Result<Submission, Refusal>>,
}

/// A batch and its progress.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchView {
    /// The batch.
    pub batch: Batch,
    /// How many of its tasks are in which state.
    pub progress: Vec<(TaskState, i64)>,
}

impl BatchView {
    /// The progress.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        for (state, count) in &self.progress {
            progress.add(*state, *count);
        }
        progress
    }
}

impl Command for SubmitBatch {
    type Out = BatchView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<BatchView, Error> {
        self.caller.require(Action::TaskSubmit)?;
        if !(1..=MOST).contains(&self.items.len()) {
            return Err(Refusal::invalid("/tasks", format!("A batch has 1 to {MOST} tasks.")).into());
        }
        let queue = queue(tx, &self.caller, &self.queue_key).await?;
        queue.takes_tasks()?;
        let mut ids = self.moment.ids();
        let id: BatchId = ids.draw();
        let mut batch = Batch {
            id,
            organization_id: self.caller.organization_id,
            queue_id: queue.id,
            queue_key: queue.key.clone(),
            items: Vec::with_capacity(self.items.len()),
            created_at: self.moment.now,
        };
        let submit = Submit { caller: &self.caller, moment: &self.moment, compiled: &self.compiled, queue: &queue, batch_id: Some(id) };
        for item in &self.items {
            let external_id = item.as_ref().ok().and_then(|submission| submission.external_id.clone());
            let submitted = match item {
                Ok(submission) => submit.run(tx, &mut ids, submission.clone()).await,
                Err(refusal) => Err(refusal.clone().into()),
            };
            let result = match submitted {
                Ok(submitted) if submitted.created => ItemResult::Created { task_id: submitted.view.task.id },
                Ok(submitted) => ItemResult::Existing { task_id: submitted.view.task.id },
                Err(Error::Refused(refusal)) => ItemResult::refused(&refusal),
                Err(fault) => return Err(fault),
            };
            batch.items.push(Item { external_id, result });
        }
        batches::insert(tx, &batch).await?;
        let created = batch.items.iter().filter(|item| matches!(item.result, ItemResult::Created { .. })).count();
        let event = self.caller.queue_event(EventType::BatchSubmitted, &queue, &mut ids, self.moment.now);
        tx.record([Event { detail: detail! { "batch_id": id, "items": batch.items.len(), "created": created }, ..event }]);
        Ok(BatchView { progress: batches::progress(tx, id).await?, batch })
    }
}

/// A batch and its progress.
pub struct GetBatch {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub id: BatchId,
}

impl Query for GetBatch {
    type Out = BatchView;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<BatchView, Error> {
        self.caller.require(Action::TaskRead)?;
        let batch = batches::get(tx, self.caller.organization_id, self.id).await?.filter(|batch| self.caller.sees_queue(&batch.queue_key));
        let batch = batch.ok_or_else(|| Refusal::not_found("batch", self.id))?;
        Ok(BatchView { progress: batches::progress(tx, batch.id).await?, batch })
    }
}
