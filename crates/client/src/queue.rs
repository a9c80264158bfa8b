//! Queues.

use signoff_wire::queue::{CreateQueue, Queue};

use crate::{Client, Error, Page, call::segment};

impl Client {
    /// A page of queues, with the number of open tasks of each.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn queues(&self, cursor: Option<&str>) -> Result<Page<Queue>, Error> {
        self.get("/queue").query("cursor", cursor).page().await
    }

    /// A queue by its key or id.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn queue(&self, key_or_id: &str) -> Result<Queue, Error> {
        self.get(format!("/queue/{}", segment(key_or_id))).read().await
    }

    /// Makes a queue.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_queue(&self, queue: &CreateQueue) -> Result<Queue, Error> {
        self.post("/queue", queue)?.read().await
    }
}
