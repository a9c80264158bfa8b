//! Reviews: whose turn it is, holding a task, deciding. All of it needs a person's access token, reading apart.

use reqwest::header::IF_MATCH;
use signoff_wire::{
    review::{Review, SubmitReview},
    task::{Claim, ClaimNext, HoldLease, Lease, SkipTask, Task},
};

use crate::{Client, Error, Page, call::segment};

/// Which reviews to list; what is left out does not filter.
#[derive(Debug, Clone, Default)]
pub struct ReviewFilter {
    /// Of this task.
    pub task_id: Option<String>,
    /// Of the queue with this key.
    pub queue_key: Option<String>,
    /// By this member.
    pub reviewer_id: Option<String>,
    /// How many at the most, 1 to 100.
    pub limit: Option<u32>,
    /// After the page that named this cursor.
    pub cursor: Option<String>,
}

impl Client {
    /// The task that is next for me. Changes nothing.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn next_task(&self, queue_key: Option<&str>) -> Result<Option<Task>, Error> {
        self.get("/task/next").query("queue_key", queue_key).read_opt().await
    }

    /// The task that is next for me, held for me.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn claim_next(&self, queue_key: Option<&str>) -> Result<Option<Claim>, Error> {
        self.post("/task/next", &ClaimNext { queue_key: queue_key.map(str::to_owned) })?.read_opt().await
    }

    /// Holds a task.
    ///
    /// # Errors
    /// Any of [`Error`]; `task_leased` while another holds it.
    pub async fn claim_task(&self, id: &str) -> Result<Claim, Error> {
        self.post(format!("/task/{}/claim", segment(id)), &serde_json::json!({}))?.read().await
    }

    /// Holds a task longer.
    ///
    /// # Errors
    /// Any of [`Error`]; `lease_lost` when another holds it now.
    pub async fn renew_lease(&self, id: &str, lease_id: &str) -> Result<Lease, Error> {
        self.post(format!("/task/{}/renew", segment(id)), &HoldLease { lease_id: lease_id.to_owned() })?.read().await
    }

    /// Gives a held task back.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn release_lease(&self, id: &str, lease_id: &str) -> Result<(), Error> {
        let call = self.post(format!("/task/{}/release", segment(id)), &HoldLease { lease_id: lease_id.to_owned() })?;
        call.send().await.map(drop)
    }

    /// Declines a task: it is not offered to this person again.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn skip_task(&self, id: &str, skip: &SkipTask) -> Result<(), Error> {
        self.post(format!("/task/{}/skip", segment(id)), skip)?.send().await.map(drop)
    }

    /// Decides a task as it was at `revision`, the one that was looked at.
    ///
    /// # Errors
    /// Any of [`Error`]; `stale_revision` when there is a newer one.
    pub async fn review_task(&self, id: &str, revision: i64, review: &SubmitReview) -> Result<Review, Error> {
        self.post(format!("/task/{}/review", segment(id)), review)?.header(IF_MATCH, format!("\"{revision}\"")).read().await
    }

    /// A page of reviews, newest first.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn reviews(&self, filter: &ReviewFilter) -> Result<Page<Review>, Error> {
        self.get("/review")
            .query("task_id", filter.task_id.as_deref())
            .query("queue_key", filter.queue_key.as_deref())
            .query("reviewer_id", filter.reviewer_id.as_deref())
            .query("limit", filter.limit)
            .query("cursor", filter.cursor.as_deref())
            .page()
            .await
    }
}
