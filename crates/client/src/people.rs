//! Members, invitations, keys and tokens.

use signoff_wire::people::{AcceptInvitation, CreateInvitation, CreateKey, Invitation, Key, Me, Member, Token};

use crate::{Client, Error, Page, call::segment};

impl Client {
    /// Who I am, and what I may do.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn me(&self) -> Result<Me, Error> {
        self.get("/me").read().await
    }

    /// A page of members.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn members(&self, cursor: Option<&str>) -> Result<Page<Member>, Error> {
        self.get("/member").query("cursor", cursor).page().await
    }

    /// Invites somebody; `link` is in this answer only. Not sent twice: whether it took effect when no answer came shows the list.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn invite(&self, invitation: &CreateInvitation) -> Result<Invitation, Error> {
        self.post_once("/invitation", invitation)?.read().await
    }

    /// Accepts an invitation.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn accept_invitation(&self, acceptance: &AcceptInvitation) -> Result<Me, Error> {
        self.post_once("/invitation/accept", acceptance)?.read().await
    }

    /// A page of API keys, newest first, the revoked ones among them.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn keys(&self, cursor: Option<&str>) -> Result<Page<Key>, Error> {
        self.get("/key").query("cursor", cursor).page().await
    }

    /// Makes an API key; `key` is in this answer only. Not sent twice: whether it took effect when no answer came shows the list.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_key(&self, key: &CreateKey) -> Result<Key, Error> {
        self.post_once("/key", key)?.read().await
    }

    /// Ends an API key.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn revoke_key(&self, id: &str) -> Result<(), Error> {
        self.delete(format!("/key/{}", segment(id))).send().await.map(drop)
    }

    /// A page of my access tokens, newest first, the revoked ones among them.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn tokens(&self, cursor: Option<&str>) -> Result<Page<Token>, Error> {
        self.get("/token").query("cursor", cursor).page().await
    }

    /// Ends one of my access tokens.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn revoke_token(&self, id: &str) -> Result<(), Error> {
        self.delete(format!("/token/{}", segment(id))).send().await.map(drop)
    }
}
