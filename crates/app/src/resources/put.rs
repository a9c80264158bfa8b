//! A definition is made or changed.

use serde_json::json;
use sha2::{Digest, Sha256};
use signoff_domain::{
    Moment, Refusal,
    event::{Event, EventType},
    log::canonical,
    moment::Ids,
    queue::check_key,
};
use signoff_store::{
    Command, Error, Fault, Tx,
    resources::{self, Resource},
    timers,
};

use super::{Definition, Known};
use crate::{Caller, caller::detail};

/// Most definitions of a kind in an organization.
const MOST: usize = 1_000;
/// The largest definition that an event holds, in bytes; of a larger one it has the digest.
const SMALL: usize = 4_000;

/// What putting a definition did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// Made it.
    Created,
    /// Changed it.
    Updated,
    /// Found it as it is to be.
    Unchanged,
}

/// Makes or changes the definition of a key. The same again changes nothing.
pub struct PutResource<T> {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// What queues call it.
    pub key: String,
    /// What it is to be.
    pub definition: T,
}

impl<T: Definition> Command for PutResource<T> {
    type Out = (Resource<T>, Put);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
        put(tx, &self.caller, &self.moment, &mut self.moment.ids(), &self.key, &self.definition).await
    }
}

/// Makes or changes the definition of a key.
pub(crate) async fn put<T: Definition>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    key: &str,
    definition: &T,
) -> Result<(Resource<T>, Put), Error> {
    caller.require(T::WRITE)?;
    check_key(key)?;
    let organization = caller.organization_id;
    definition.check(&Known::load(tx, organization).await?)?;
    let before = resources::lock::<T>(tx, organization, T::KIND, key).await?;
    if let Some(before) = before.as_ref().filter(|before| before.definition == *definition) {
        return Ok((before.clone(), Put::Unchanged));
    }
    if before.is_none() && resources::all::<serde_json::Value>(tx, organization, T::KIND).await?.len() >= MOST {
        return Err(Refusal::invalid("/key", format!("There are {MOST} of this kind already, and there can be no more.")).into());
    }
    resources::put(tx, organization, T::KIND, key, definition, moment.now).await?;
    // Whoever was outside their hours or groups may have come to be asked.
    timers::route_now(tx, organization, moment.now).await?;
    tx.record([Event { detail: told(key, definition)?, ..caller.event(EventType::ResourceChanged, ids, moment.now) }]);
    let (created_at, put) = before.map_or((moment.now, Put::Created), |before| (before.created_at, Put::Updated));
    Ok((Resource { key: key.to_owned(), definition: definition.clone(), created_at, updated_at: moment.now }, put))
}

fn told<T: Definition>(key: &str, definition: &T) -> Result<signoff_domain::Object, Error> {
    let bytes = canonical::of(definition).map_err(|error| Fault::Bug(format!("a {} is not canonical: {error}", T::KIND)))?;
    let mut about = detail! { "kind": T::KIND, "key": key };
    if bytes.len() <= SMALL {
        about.insert("definition".into(), json!(definition));
    } else {
        about.insert("digest".into(), json!(format!("sha256:{}", hex::encode(Sha256::digest(&bytes)))));
    }
    Ok(about)
}
