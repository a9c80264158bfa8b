//! Offers of tasks, and why a task went to whom.

use signoff_wire::{
    offer::{AssignmentAccount, DeclineOffer, Offer},
    task::Task,
};

use crate::{Client, Error, call::segment};

impl Client {
    /// What is offered to me, longest first.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn offers(&self) -> Result<Vec<Offer>, Error> {
        self.get("/me/offer").read().await
    }

    /// Takes a task that is offered to me.
    ///
    /// # Errors
    /// Any of [`Error`]; `offer_ended` when it no longer is.
    pub async fn accept_offer(&self, task_id: &str) -> Result<Task, Error> {
        self.post(format!("/task/{}/offer/accept", segment(task_id)), &serde_json::json!({}))?.read().await
    }

    /// Does not take a task that is offered to me.
    ///
    /// # Errors
    /// Any of [`Error`]; `offer_ended` when it no longer is.
    pub async fn decline_offer(&self, task_id: &str, reason: &str) -> Result<(), Error> {
        let body = DeclineOffer { reason: reason.to_owned() };
        self.post(format!("/task/{}/offer/decline", segment(task_id)), &body)?.send().await.map(drop)
    }

    /// Why a task went to whom, or to nobody; and how everybody stands to it now.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn explain_assignment(&self, task_id: &str) -> Result<AssignmentAccount, Error> {
        self.get(format!("/task/{}/assignment/explain", segment(task_id))).read().await
    }
}
