//! Reading reviews.

use signoff_domain::{
    Refusal,
    id::{MemberId, ReviewId},
    permission::Action,
    review::{Review, hide_others},
};
use signoff_store::{
    Error, Query, Tx,
    reviews::{self, Filter, Start},
    tasks,
};

use crate::{
    Caller,
    tasks::{QueueFilter, allowed_queues, queue_id},
};

/// One review.
pub struct GetReview {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub id: ReviewId,
}

impl Query for GetReview {
    type Out = Review;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Review, Error> {
        self.caller.require(Action::ReviewRead)?;
        let found = reviews::get(tx, self.caller.organization_id, self.id).await?;
        let found = found.filter(|review| self.caller.sees_queue(&review.queue_key));
        let review = found.ok_or_else(|| Refusal::not_found("review", self.id))?;
        if let Some(member) = blind(&self.caller)
            && let Some(task) = tasks::get(tx, self.caller.organization_id, review.task_id).await?
        {
            let mut all = reviews::of_task(tx, task.id).await?;
            hide_others(&mut all, &task, member);
            if all.iter().all(|seen| seen.id != review.id) {
                return Err(Refusal::not_found("review", self.id).into());
            }
        }
        Ok(review)
    }
}

/// The member who may not see what others say at a stage that they could review themself.
fn blind(caller: &Caller) -> Option<MemberId> {
    caller.member().ok().map(|(member, _)| member).filter(|_| caller.may(Action::TaskReview))
}

/// A page of reviews, newest first. A filter that names a queue that is not there finds nothing.
pub struct ListReviews {
    /// Who asks.
    pub caller: Caller,
    /// In this queue.
    pub queue: Option<QueueFilter>,
    /// Which; its `queue_id` and `queues` are set here.
    pub filter: Filter,
    /// Where the page starts.
    pub start: Start,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListReviews {
    type Out = Vec<Review>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Review>, Error> {
        self.caller.require(Action::ReviewRead)?;
        let mut filter = self.filter.clone();
        if let Some(queue) = &self.queue {
            match queue_id(tx, &self.caller, queue).await? {
                Some(id) => filter.queue_id = Some(id),
                None => return Ok(Vec::new()),
            }
        }
        filter.queues = allowed_queues(tx, &self.caller).await?;
        filter.blind_for = blind(&self.caller);
        reviews::list(tx, self.caller.organization_id, &filter, self.start, self.limit).await
    }
}
