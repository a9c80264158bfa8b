//! Whether the conditions of a queue hold for a task.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;
use sha2::{Digest, Sha256};
use signoff_domain::{
    condition::{Condition, Facts},
    stage::Stage,
    task::Task,
    workflow::Applies,
};
use signoff_store::{Error, Tx, routing_facts};

use super::Course;
use crate::compiled::Conditions;

/// The conditions of a queue, and what they need to know beside the task.
pub(crate) struct Asked {
    conditions: Arc<Conditions>,
    first_uses: BTreeMap<String, bool>,
}

impl Asked {
    /// Looks up what the conditions ask for.
    pub(crate) async fn of(course: &Course<'_>, tx: &mut Tx<'_>, task: &Task) -> Result<Self, Error> {
        let conditions = course.compiled.conditions(course.queue);
        let mut first_uses = BTreeMap::new();
        for name in conditions.values().flatten().flat_map(Condition::first_uses) {
            // An attribute that is not there has no first use: the condition is faulty, and people decide.
            if let Some(value) = task.metadata.get(&name).filter(|_| !first_uses.contains_key(&name)) {
                let first = routing_facts::first_use(tx, task, &used(&task.created_by.id, &name, value), course.now).await?;
                first_uses.insert(name, first);
            }
        }
        Ok(Self { conditions, first_uses })
    }

    /// Whether a stage applies to the task.
    pub(super) fn applies(&self, course: &Course<'_>, task: &Task, stage: &Stage) -> Applies {
        match stage.when.as_deref().map(|when| self.holds(course, task, when)) {
            None | Some(Ok(true)) => Applies::Yes,
            Some(Ok(false)) => Applies::No,
            Some(Err(fault)) => Applies::Faulty(fault),
        }
    }

    pub(super) fn holds(&self, course: &Course<'_>, task: &Task, when: &str) -> Result<bool, String> {
        let condition = self.conditions.get(when).ok_or("The condition was not compiled.")?;
        let condition = condition.as_ref().map_err(ToString::to_string)?;
        let facts = Facts { first_uses: self.first_uses.clone(), ..Facts::of(task, course.content, course.queue) };
        condition.evaluate(&facts).map_err(|fault| fault.to_string())
    }
}

/// What of a requester is compared, to tell whether they use something for the first time.
pub(crate) fn used(requester: &str, name: &str, value: &Value) -> [u8; 32] {
    let used = Sha256::new().chain_update(requester).chain_update([0]).chain_update(name).chain_update([0]);
    used.chain_update(value.to_string()).finalize().into()
}
