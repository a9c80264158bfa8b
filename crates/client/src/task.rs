//! Tasks: submit, look, wait, take back.

use std::time::Duration;

use reqwest::header::IF_MATCH;
use signoff_wire::{
    Object,
    task::{AssignTask, CancelTask, Comment, CreateComment, ReopenTask, ReviseTask, SubmitTask, Task, TaskState, TaskStatus},
};
use tokio::time::Instant;

use crate::{
    Client, Error, Page,
    call::{LONGEST_PAUSE, jittered, segment},
};

/// The longest that the server waits in one request.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The pause after the first answer that came too early, or that did not come; each further one is twice as long.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
/// An answer that settles nothing is early when it comes before this part of the time that was asked for.
const EARLY_PART: f64 = 0.9;

/// What a submitted task is answered with.
#[derive(Debug, Clone, PartialEq)]
pub struct Submitted {
    /// The task.
    pub task: Task,
    /// Whether the queue knew a task of this `external_id` already, and `task` is that one.
    pub existing: bool,
}

/// Which tasks to list; what is left out does not filter.
#[derive(Debug, Clone, Default)]
pub struct TaskFilter {
    /// Of the queue with this key.
    pub queue_key: Option<String>,
    /// In one of these states; in any when empty.
    pub states: Vec<TaskState>,
    /// With the submitter's own id.
    pub external_id: Option<String>,
    /// Of this batch.
    pub batch_id: Option<String>,
    /// Assigned to this member; `me` is who asks.
    pub assignee_id: Option<String>,
    /// With these attributes.
    pub metadata: Object,
    /// In the order of turns (priority, deadline, age) instead of newest first.
    pub by_turn: bool,
    /// How many at the most, 1 to 100.
    pub limit: Option<u32>,
    /// After the page that named this cursor.
    pub cursor: Option<String>,
}

/// Whether nothing more can happen to a task by itself: it was decided, cancelled, or has expired.
#[must_use]
pub fn is_settled(state: TaskState) -> bool {
    matches!(state, TaskState::Reviewed | TaskState::Cancelled | TaskState::Expired)
}

impl Client {
    /// Submits a task. Safe to repeat, also with the network failing in between.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn submit_task(&self, task: &SubmitTask) -> Result<Submitted, Error> {
        let response = self.post("/task", task)?.send().await?;
        let status = response.status().as_u16();
        let network = |source: reqwest::Error| Error::Network { url: self.base.clone(), source: source.without_url() };
        let bytes = response.bytes().await.map_err(network)?;
        let task = serde_json::from_slice(&bytes).map_err(|_| Error::Foreign { url: self.base.clone(), status })?;
        Ok(Submitted { task, existing: status == 200 })
    }

    /// A task with its queue, reviews and lease.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn task(&self, id: &str) -> Result<Task, Error> {
        self.get(format!("/task/{}", segment(id))).read().await
    }

    /// A task's state.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn task_status(&self, id: &str) -> Result<TaskStatus, Error> {
        self.get(format!("/task/{}/status", segment(id))).read().await
    }

    /// A page of tasks.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn tasks(&self, filter: &TaskFilter) -> Result<Page<Task>, Error> {
        let mut call = self
            .get("/task")
            .query("queue_key", filter.queue_key.as_deref())
            .query("external_id", filter.external_id.as_deref())
            .query("batch_id", filter.batch_id.as_deref())
            .query("assignee_id", filter.assignee_id.as_deref())
            .query("order", filter.by_turn.then_some("turn"))
            .query("limit", filter.limit)
            .query("cursor", filter.cursor.as_deref());
        for state in &filter.states {
            call = call.query("state", Some(state_word(*state)));
        }
        for (name, value) in &filter.metadata {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            call = call.query(&format!("metadata.{name}"), Some(text));
        }
        call.page().await
    }

    /// Waits in one request, up to `timeout` or [`LONGEST_WAIT`]: the task when it is settled, or as it is when time is up. Look at its state.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn wait_once(&self, id: &str, timeout: Duration) -> Result<Task, Error> {
        let timeout = timeout.min(LONGEST_WAIT);
        // Whole seconds on the wire: rounded up, so that a short wait is not turned into asking without end.
        let seconds = timeout.as_millis().div_ceil(1000);
        self.get(format!("/task/{}/wait", segment(id))).query("timeout", Some(seconds)).waiting(timeout).read().await
    }

    /// Waits until the task is settled, for as long as it takes or until `timeout`, which gives `None`. Once the server has answered, a server that restarts and a
    /// network that fails are waited out.
    ///
    /// # Errors
    /// What does not pass by waiting; what stands in the way of the first answer, or still does when time is up.
    pub async fn wait_for_task(&self, id: &str, timeout: Option<Duration>) -> Result<Option<Task>, Error> {
        let end = timeout.map(|timeout| Instant::now() + timeout);
        let left = || end.map_or(LONGEST_WAIT, |end| end.saturating_duration_since(Instant::now()));
        // The first answer tells a wrong address, id or key from an outage.
        let mut answer = self.task(id).await;
        let mut pause = SHORTEST_PAUSE;
        let mut early = false;
        loop {
            match answer {
                Ok(task) if is_settled(task.state) => return Ok(Some(task)),
                Ok(_) if left().is_zero() => return Ok(None),
                Ok(_) if !early => pause = SHORTEST_PAUSE,
                Err(error) if !error.is_passing() || left().is_zero() => return Err(error),
                // A server that drains behind a proxy answers at once, again and again; so may one that fails.
                Ok(_) | Err(_) => {
                    tokio::time::sleep(jittered(pause).min(left())).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
            let (asked, round) = (Instant::now(), left().min(LONGEST_WAIT));
            answer = self.wait_once(id, round).await;
            early = asked.elapsed() < round.mul_f64(EARLY_PART);
        }
    }

    /// Takes a task back.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn cancel_task(&self, id: &str, reason: Option<&str>) -> Result<Task, Error> {
        let body = CancelTask { reason: reason.map(str::to_owned) };
        self.post(format!("/task/{}/cancel", segment(id)), &body)?.read().await
    }

    /// Gives a task new content; reviews of the old one no longer count. With `if_revision` only what was at that revision is replaced.
    ///
    /// # Errors
    /// Any of [`Error`]; `stale_revision` when there is a newer one than `if_revision`.
    pub async fn revise_task(&self, id: &str, if_revision: Option<i64>, revision: &ReviseTask) -> Result<Task, Error> {
        let mut call = self.post(format!("/task/{}/revise", segment(id)), revision)?;
        if let Some(number) = if_revision {
            call = call.header(IF_MATCH, format!("\"{number}\""));
        }
        call.read().await
    }

    /// Opens a decided task again.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn reopen_task(&self, id: &str, reason: &str) -> Result<Task, Error> {
        self.post(format!("/task/{}/reopen", segment(id)), &ReopenTask { reason: reason.to_owned() })?.read().await
    }

    /// Names a reviewer for a task, or nobody.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn assign_task(&self, id: &str, assignee_id: Option<&str>) -> Result<Task, Error> {
        let body = AssignTask { assignee_id: assignee_id.map(str::to_owned) };
        self.post(format!("/task/{}/assign", segment(id)), &body)?.read().await
    }

    /// Says something beside a task.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn comment_task(&self, id: &str, body: &str) -> Result<Comment, Error> {
        self.post(format!("/task/{}/comment", segment(id)), &CreateComment { body: body.to_owned(), asks: false })?.read().await
    }
}

fn state_word(state: TaskState) -> &'static str {
    match state {
        TaskState::Pending => "pending",
        TaskState::Queued => "queued",
        TaskState::Reviewed => "reviewed",
        TaskState::Cancelled => "cancelled",
        TaskState::Expired => "expired",
    }
}
