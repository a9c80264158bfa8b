//! What the demo's agents ask, and what they do with the answers. The texts are in `sample/tasks.yaml`.

use std::collections::BTreeMap;

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;
use signoff_wire::{
    Object,
    task::{Choice, OutcomeKind, Priority, SubmitTask, Task},
};

const SCRIPTS: &str = include_str!("../../sample/tasks.yaml");

/// One agent's part.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Script {
    /// The queue that it submits to.
    pub(super) queue: String,
    /// What the agent is called.
    pub(super) agent: String,
    /// How its own ids start.
    id: String,
    /// How many of its tasks are open at the most.
    pub(super) backlog: usize,
    /// Seconds until it asks again.
    pub(super) pause: u64,
    /// What it does next, by the answer; empty when it waits for none. `any` and `none` stand for a selection and for an empty one.
    then: BTreeMap<String, String>,
    /// What it asks, in turn.
    tasks: Vec<Item>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    data: Object,
    #[serde(default)]
    context: Option<Object>,
    #[serde(default)]
    metadata: Option<Object>,
    #[serde(default)]
    priority: Option<Priority>,
    #[serde(default)]
    choices: Option<Vec<Choice>>,
}

/// All scripts.
pub(super) fn all() -> anyhow::Result<Vec<Script>> {
    serde_saphyr::from_str(SCRIPTS).context("the agents' scripts cannot be read")
}

impl Script {
    /// The `n`th task, from 0; after the last item it starts over, under another id.
    pub(super) fn task(&self, n: usize) -> Option<SubmitTask> {
        let item = self.tasks.get(n % self.tasks.len().max(1))?.clone();
        Some(SubmitTask {
            queue_key: self.queue.clone(),
            data: item.data,
            context: item.context,
            metadata: item.metadata,
            summary: None,
            external_id: Some(format!("{}-{}", self.id, 1001 + n)),
            choices: item.choices,
            max_selections: None,
            priority: item.priority,
            deadline: None,
            sla_minutes: None,
            assignee_id: None,
        })
    }

    /// Whether the agent waits for answers.
    pub(super) fn waits(&self) -> bool {
        !self.then.is_empty()
    }

    /// What was decided, and what the agent does now.
    pub(super) fn reaction(&self, task: &Task) -> String {
        let Some(outcome) = &task.outcome else { return "the task is still open".into() };
        match outcome.kind {
            OutcomeKind::Cancelled => return "cancelled: drops it".into(),
            OutcomeKind::Expired => return "expired, which is no approval: drops it".into(),
            OutcomeKind::Decided => {}
        }
        let review = task.reviews.iter().flatten().rev().find(|review| review.voided_at.is_none());
        let by = review.map_or("nobody", |review| review.reviewer.name.as_str());
        let result = if outcome.result.is_empty() { "nothing selected".into() } else { outcome.result.join(", ") };
        let edited = outcome.data.is_some() && outcome.result == ["approved"];
        let selection = if outcome.result.is_empty() { "none" } else { "any" };
        let exact = outcome.result.first().map(String::as_str).filter(|word| self.then.contains_key(*word));
        let key = if edited { "edited" } else { exact.unwrap_or(selection) };
        // An answer that the script does not know is no approval.
        let then = self.then.get(key).map_or_else(|| "drops it".into(), |then| self.fill(then, task, &result));
        let edits = if edited { " with edits" } else { "" };
        format!("{result}{edits} by {by} → {then}")
    }

    fn fill(&self, then: &str, task: &Task, result: &str) -> String {
        let feedback = task.reviews.iter().flatten().rev().find_map(|review| review.feedback.as_deref()).unwrap_or("no reason given");
        let mut text = String::new();
        let mut rest = then;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            match name {
                "result" => text.push_str(result),
                "feedback" => text.push_str(feedback),
                _ => text.push_str(&data(task, name.strip_prefix("data.").unwrap_or(name))),
            }
            rest = after;
        }
        text + rest
    }
}

/// A member of the content, as edited when it was.
fn data(task: &Task, name: &str) -> String {
    let edited = task.outcome.as_ref().and_then(|outcome| outcome.data.as_ref()).and_then(|data| data.get(name));
    match edited.or_else(|| task.data.get(name)) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "?".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_has_enough_to_ask_and_ids_differ() {
        for script in all().unwrap() {
            assert!(script.tasks.len() > script.backlog, "{}", script.queue);
            let ids: Vec<_> = (0..20).map(|n| script.task(n).unwrap().external_id).collect();
            let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
            assert_eq!(distinct.len(), ids.len());
        }
    }

    #[test]
    fn the_scripts_are_of_the_sample_queues() {
        let sample: signoff_wire::apply::Document = serde_saphyr::from_str(include_str!("../../sample/signoff.yaml")).unwrap();
        let mut queues: Vec<_> = sample.queues.into_iter().map(|queue| queue.key).collect();
        let mut scripts: Vec<_> = all().unwrap().into_iter().map(|script| script.queue).collect();
        queues.sort();
        scripts.sort();
        assert_eq!(queues, scripts);
    }
}
