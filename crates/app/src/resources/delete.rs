//! A definition is taken away.

use std::marker::PhantomData;

use signoff_domain::{
    Code, Moment, Refusal,
    event::{Event, EventType},
};
use signoff_store::{Command, Error, Tx, resources};

use super::{Definition, uses::uses};
use crate::{Caller, caller::detail};

/// How many uses a refusal names.
const NAMED: usize = 10;

/// Takes the definition of a key away, unless something names it.
pub struct DeleteResource<T> {
    caller: Caller,
    moment: Moment,
    key: String,
    kind: PhantomData<T>,
}

impl<T> DeleteResource<T> {
    /// Takes the definition of a key away.
    #[must_use]
    pub fn new(caller: Caller, moment: Moment, key: String) -> Self {
        Self { caller, moment, key, kind: PhantomData }
    }
}

impl<T: Definition> Command for DeleteResource<T> {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(T::WRITE)?;
        let (organization, key, now) = (self.caller.organization_id, &self.key, self.moment.now);
        if resources::lock::<T>(tx, organization, T::KIND, key).await?.is_none() {
            return Err(Refusal::not_found(T::KIND, key).into());
        }
        let uses = uses(tx, organization, T::KIND, key, now).await?;
        if !uses.is_empty() {
            let named = uses.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if uses.len() > NAMED { format!(" and {} more", uses.len() - NAMED) } else { String::new() };
            let refusal = Refusal::new(Code::InUse, format!("The {} '{key}' is named by {named}{more}.", T::KIND));
            return Err(Refusal { entity: Some(key.clone()), ..refusal }.hint("Change these first.").into());
        }
        resources::delete(tx, organization, T::KIND, key).await?;
        let event = self.caller.event(EventType::ResourceDeleted, &mut self.moment.ids(), now);
        tx.record([Event { detail: detail! { "kind": T::KIND, "key": key }, ..event }]);
        Ok(())
    }
}
