//! Queues and members as code.

use signoff_wire::apply::{Apply, Change, Document};

use crate::{Client, Error};

impl Client {
    /// Makes the organization what the document says, and tells what that changed. Applying twice changes nothing. Not sent twice: invitation links are in one
    /// answer only.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn apply(&self, apply: &Apply) -> Result<Vec<Change>, Error> {
        self.post_once("/apply", apply)?.read().await
    }

    /// The document that makes the organization what it is.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn export(&self) -> Result<Document, Error> {
        self.get("/export").read().await
    }
}
