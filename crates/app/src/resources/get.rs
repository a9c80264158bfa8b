//! Reading definitions.

use std::marker::PhantomData;

use signoff_domain::Refusal;
use signoff_store::{
    Error, Query, Tx,
    resources::{self, Resource},
};

use super::Definition;
use crate::Caller;

/// The definition of a key.
pub struct GetResource<T> {
    caller: Caller,
    key: String,
    kind: PhantomData<T>,
}

impl<T> GetResource<T> {
    /// Asks for the definition of a key.
    #[must_use]
    pub fn new(caller: Caller, key: String) -> Self {
        Self { caller, key, kind: PhantomData }
    }
}

impl<T: Definition> Query for GetResource<T> {
    type Out = Resource<T>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Resource<T>, Error> {
        self.caller.require(T::READ)?;
        let found = resources::get(tx, self.caller.organization_id, T::KIND, &self.key).await?;
        found.ok_or_else(|| Refusal::not_found(T::KIND, &self.key).into())
    }
}

/// All definitions of a kind, by key.
pub struct ListResources<T> {
    caller: Caller,
    kind: PhantomData<T>,
}

impl<T> ListResources<T> {
    /// Asks for all definitions of a kind.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, kind: PhantomData }
    }
}

impl<T: Definition> Query for ListResources<T> {
    type Out = Vec<Resource<T>>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Resource<T>>, Error> {
        self.caller.require(T::READ)?;
        resources::all(tx, self.caller.organization_id, T::KIND).await
    }
}
