//! Compiled JSON Schemas. A version of a queue never changes, so what is compiled once serves for ever.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use jsonschema::Validator;
use signoff_domain::{id::QueueId, queue::Queue, schema};
use signoff_store::{Error, Fault};

/// Compiled schemas that are kept; past that all are dropped and made anew as they are needed.
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

/// Compiled schemas by queue version.
#[derive(Clone, Default)]
pub struct Schemas {
    kept: Arc<Mutex<HashMap<Key, Arc<Validator>>>>,
}

impl Schemas {
    /// The validator of a queue, if it has a schema.
    pub(crate) fn of(&self, queue: &Queue, of: Of) -> Result<Option<Arc<Validator>>, Error> {
        let schema = match of {
            Of::Data => queue.config.data_schema.as_ref(),
            Of::Edits => queue.config.schema_of_edits(),
        };
        let Some(schema) = schema else { return Ok(None) };
        let key = (queue.id, queue.version, of);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = kept.get(&key) {
            return Ok(Some(Arc::clone(validator)));
        }
        let validator = schema::compile(schema).map_err(|what| Fault::Inconsistent { table: "queue_versions", what })?;
        if kept.len() >= KEPT {
            kept.clear();
        }
        let validator = Arc::new(validator);
        kept.insert(key, Arc::clone(&validator));
        Ok(Some(validator))
    }
}
