//! What is compiled of queues: JSON Schemas and conditions. A version of a queue never changes, so what is compiled once serves for ever.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::Validator;
use signoff_domain::{
    condition::{Condition, Problem},
    id::QueueId,
    queue::Queue,
    schema,
};
use signoff_store::{Error, Fault};

/// Compiled things of a kind that are kept; past that all are dropped and made anew as they are needed.
const KEPT: usize = 1_000;

/// Which schema of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Of {
    /// What is submitted.
    Data,
    /// What is edited.
    Edits,
}

/// A schema of a version of a queue.
type Key = (QueueId, i64, Of);

/// The conditions of a version of a queue by their text. What cannot be read is a fault when it is evaluated, never an answer.
pub(crate) type Conditions = HashMap<String, Result<Condition, Problem>>;

type Kept<K, V> = HashMap<K, Arc<V>>;

/// What is compiled of queues, by version.
#[derive(Clone, Default)]
pub struct Compiled {
    validators: Arc<Mutex<Kept<Key, Validator>>>,
    conditions: Arc<Mutex<Kept<(QueueId, i64), Conditions>>>,
}

impl Compiled {
    /// The validator of a queue, if it has a schema.
    pub(crate) fn of(&self, queue: &Queue, of: Of) -> Result<Option<Arc<Validator>>, Error> {
        let schema = match of {
            Of::Data => queue.config.data_schema.as_ref(),
            Of::Edits => queue.config.schema_of_edits(),
        };
        let Some(schema) = schema else { return Ok(None) };
        let make = || schema::compile(schema).map_err(|what| Fault::Inconsistent { table: "queue_versions", what });
        keep(&self.validators, (queue.id, queue.version, of), make).map(Some).map_err(Error::from)
    }

    /// The conditions of a queue's stages and escalation.
    pub(crate) fn conditions(&self, queue: &Queue) -> Arc<Conditions> {
        let of_stages = queue.config.stages.iter().filter_map(|stage| stage.when.as_deref());
        let of_steps = queue.config.escalation.iter().flat_map(|escalation| &escalation.steps).filter_map(|step| step.when.as_deref());
        let mut texts = of_stages.chain(of_steps).peekable();
        if texts.peek().is_none() {
            return Arc::default();
        }
        let make = || Ok::<_, std::convert::Infallible>(texts.map(|text| (text.to_owned(), Condition::parse(text))).collect());
        match keep(&self.conditions, (queue.id, queue.version), make) {
            Ok(conditions) => conditions,
            Err(never) => match never {},
        }
    }
}

fn keep<K: std::hash::Hash + Eq, V, E>(kept: &Mutex<Kept<K, V>>, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(value) = kept.get(&key) {
        return Ok(Arc::clone(value));
    }
    let value = Arc::new(make()?);
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(key, Arc::clone(&value));
    Ok(value)
}
