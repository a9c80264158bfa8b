//! When people are there, and who acts for them.

use signoff_wire::{
    Timestamp,
    availability::{Absence, Availability, CreateAbsence, CreateDelegation, Delegation, Presence, SetPresence, Uncovered},
};

use crate::{Client, Error, call::segment};

impl Client {
    /// How available a member is.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn availability(&self, member_id: &str) -> Result<Availability, Error> {
        self.get(format!("/member/{}/availability", segment(member_id))).read().await
    }

    /// Says whether I am there.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn set_presence(&self, presence: Presence) -> Result<Availability, Error> {
        self.put("/me/presence", &SetPresence { presence })?.read().await
    }

    /// The absences that have not ended.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn absences(&self) -> Result<Vec<Absence>, Error> {
        self.get("/absence").read().await
    }

    /// Says that a member will be away.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_absence(&self, absence: &CreateAbsence) -> Result<Absence, Error> {
        self.post("/absence", absence)?.read().await
    }

    /// The queues that would be without somebody between two instants, were a member absent then as well.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn preview_absence(&self, member_id: Option<&str>, from: Timestamp, to: Timestamp) -> Result<Vec<Uncovered>, Error> {
        self.get("/absence/preview").query("member_id", member_id).query("from", Some(from)).query("to", Some(to)).read().await
    }

    /// Takes an absence back.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn revoke_absence(&self, id: &str) -> Result<(), Error> {
        self.delete(format!("/absence/{}", segment(id))).send().await.map(drop)
    }

    /// The delegations that have not ended.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn delegations(&self) -> Result<Vec<Delegation>, Error> {
        self.get("/delegation").read().await
    }

    /// Lets somebody decide in a member's place.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn create_delegation(&self, delegation: &CreateDelegation) -> Result<Delegation, Error> {
        self.post("/delegation", delegation)?.read().await
    }

    /// Takes a delegation back.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn revoke_delegation(&self, id: &str) -> Result<(), Error> {
        self.delete(format!("/delegation/{}", segment(id))).send().await.map(drop)
    }
}
