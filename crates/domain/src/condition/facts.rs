//! What an expression is evaluated against, and how its variables are found there.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicI64, Ordering::Relaxed},
};

use cel::{
    common::{
        types::{CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString, CelUInt},
        value::{CowVal, Val},
    },
    context::VariableResolver,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::check::{FIRST_USE, PRESENT, SAMPLE, Sample};
use crate::{
    Object, Timestamp,
    actor::Actor,
    id::TaskId,
    queue::{Queue, ReviewType},
    task::{Content, Priority, Task},
};

/// All that an expression can see.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts<'a> {
    /// The task's id: decides `sample`.
    pub task_id: TaskId,
    /// `task.data`.
    pub data: &'a Object,
    /// `task.context`.
    pub context: &'a Object,
    /// `task.metadata`.
    pub metadata: &'a Object,
    /// `task.priority`: `"low"`, `"normal"`, `"high"` or `"urgent"`.
    pub priority: Priority,
    /// `task.revision`.
    pub revision: i64,
    /// `task.external_id`; absent when there is none.
    pub external_id: Option<&'a str>,
    /// `task.summary`; absent when there is none.
    pub summary: Option<&'a str>,
    /// `task.deadline`, as RFC 3339 text in UTC; absent when there is none.
    pub deadline: Option<Timestamp>,
    /// `queue.key`.
    pub queue_key: &'a str,
    /// `queue.name`.
    pub queue_name: &'a str,
    /// `queue.review_type`.
    pub review_type: ReviewType,
    /// `requester.kind`, `.id` and `.name`: who submitted the task.
    pub requester: &'a Actor,
    /// For each name of [`super::Condition::first_uses`]: whether the requester has not sent this value of `task.metadata[name]` to this queue before.
    pub first_uses: BTreeMap<String, bool>,
}

impl<'a> Facts<'a> {
    /// The facts of a task; `first_uses` are still to be filled in.
    #[must_use]
    pub fn of(task: &'a Task, content: &'a Content, queue: &'a Queue) -> Self {
        Self {
            task_id: task.id,
            data: &content.data,
            context: &content.context,
            metadata: &task.metadata,
            priority: task.priority,
            revision: task.revision,
            external_id: task.external_id.as_deref(),
            summary: task.summary.as_deref(),
            deadline: task.deadline,
            queue_key: &queue.key,
            queue_name: &queue.config.name,
            review_type: queue.config.review_type,
            requester: &task.created_by,
            first_uses: BTreeMap::new(),
        }
    }
}

/// What all look-ups of one evaluation may cost: JSON values, and 16 bytes of text, each count one. About a fifth of a second.
const BUDGET: i64 = 4_000_000;

/// The facts as variables. Look-ups are counted: they are all that grows with the task, also inside a comprehension.
pub(super) struct Known<'a> {
    facts: &'a Facts<'a>,
    samples: &'a [Sample],
    deadline: Option<String>,
    left: AtomicI64,
}

/// One value that a path leads to.
enum Found<'b> {
    Json(&'b Value),
    Object(&'b Object),
    Text(&'b str),
    Whole(i64),
}

impl<'a> Known<'a> {
    pub(super) fn new(facts: &'a Facts<'a>, samples: &'a [Sample]) -> Self {
        let deadline = facts.deadline.map(|deadline| deadline.to_string());
        Self { facts, samples, deadline, left: AtomicI64::new(BUDGET) }
    }

    /// Whether more was looked up than one evaluation may.
    pub(super) fn is_exhausted(&self) -> bool {
        self.left.load(Relaxed) < 0
    }

    fn charge(&self, cost: usize) -> Option<()> {
        let cost = i64::try_from(cost).unwrap_or(BUDGET);
        (self.left.fetch_sub(cost, Relaxed) >= cost).then_some(())
    }

    /// The value at a path such as `task.data.amount`.
    fn find(&self, path: &str) -> Option<Found<'_>> {
        let facts = self.facts;
        let mut names = path.split('.');
        let found = match (names.next()?, names.next()?) {
            ("task", "data") => Found::Object(facts.data),
            ("task", "context") => Found::Object(facts.context),
            ("task", "metadata") => Found::Object(facts.metadata),
            ("task", "priority") => Found::Text(facts.priority.as_str()),
            ("task", "revision") => Found::Whole(facts.revision),
            ("task", "external_id") => Found::Text(facts.external_id?),
            ("task", "summary") => Found::Text(facts.summary?),
            ("task", "deadline") => Found::Text(self.deadline.as_deref()?),
            ("queue", "key") => Found::Text(facts.queue_key),
            ("queue", "name") => Found::Text(facts.queue_name),
            ("queue", "review_type") => Found::Text(facts.review_type.as_str()),
            ("requester", "kind") => Found::Text(facts.requester.kind.as_str()),
            ("requester", "id") => Found::Text(&facts.requester.id),
            ("requester", "name") => Found::Text(&facts.requester.name),
            _ => return None,
        };
        names.try_fold(found, |found, name| match found {
            Found::Object(object) | Found::Json(Value::Object(object)) => object.get(name).map(Found::Json),
            _ => None,
        })
    }

    /// Whether the last member of the path is there; nothing when the object that would hold it is not.
    fn present(&self, path: &str) -> Option<bool> {
        let (holder, name) = path.rsplit_once('.')?;
        if !holder.contains('.') {
            return Some(self.find(path).is_some());
        }
        match self.find(holder)? {
            Found::Object(object) | Found::Json(Value::Object(object)) => Some(object.contains_key(name)),
            _ => None,
        }
    }

    fn value<'b>(&'b self, found: Found<'b>) -> Option<Box<dyn Val + 'b>> {
        match found {
            Found::Json(value) => self.json(value),
            Found::Object(object) => self.object(object),
            Found::Text(text) => self.text(text),
            Found::Whole(whole) => Some(Box::new(CelInt::from(whole))),
        }
    }

    fn text<'b>(&self, text: &'b str) -> Option<Box<dyn Val + 'b>> {
        self.charge(1 + text.len() / 16)?;
        Some(Box::new(CelString::from(text)))
    }

    fn object<'b>(&self, object: &'b Object) -> Option<Box<dyn Val + 'b>> {
        self.charge(1 + object.len())?;
        let mut map: HashMap<CelMapKey<'b>, Box<dyn Val + 'b>> = HashMap::with_capacity(object.len());
        for (name, value) in object {
            self.charge(name.len() / 16)?;
            map.insert(CelMapKey::from(name.as_str()), self.json(value)?);
        }
        Some(Box::new(CelMap::from(map)))
    }

    fn json<'b>(&self, value: &'b Value) -> Option<Box<dyn Val + 'b>> {
        self.charge(1)?;
        Some(match value {
            Value::Null => Box::new(CelNull),
            Value::Bool(bool) => Box::new(CelBool::from(*bool)),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => Box::new(CelInt::from(int)),
                (None, Some(uint)) => Box::new(CelUInt::from(uint)),
                (None, None) => Box::new(CelDouble::from(number.as_f64()?)),
            },
            Value::String(text) => return self.text(text),
            Value::Array(items) => {
                let items: Option<Vec<_>> = items.iter().map(|item| self.json(item)).collect();
                Box::new(CelList::from(items?))
            }
            Value::Object(object) => return self.object(object),
        })
    }
}

impl VariableResolver for Known<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        self.charge(1)?;
        let answer = |bool| Some(CowVal::owned(CelBool::from(bool)));
        if let Some(path) = name.strip_prefix(PRESENT) {
            return self.present(path).and_then(answer);
        }
        if let Some(index) = name.strip_prefix(SAMPLE) {
            return self.samples.get(index.parse::<usize>().ok()?).map(|sample| is_sampled(self.facts.task_id, sample)).and_then(answer);
        }
        if let Some(use_of) = name.strip_prefix(FIRST_USE) {
            return self.facts.first_uses.get(use_of).copied().and_then(answer);
        }
        self.find(name).and_then(|found| self.value(found)).map(CowVal::Owned)
    }
}

/// The share is decided by 53 bits of a hash, so that every percentage down to 10⁻¹³ is met.
fn is_sampled(task: TaskId, sample: &Sample) -> bool {
    let digest: [u8; 32] =
        Sha256::new().chain_update(sample.salt.as_bytes()).chain_update([0]).chain_update(task.0.as_bytes()).finalize().into();
    let [a, b, c, d, e, f, g, h, ..] = digest;
    let place = (u64::from_be_bytes([a, b, c, d, e, f, g, h]) >> 11) as f64 / (1u64 << 53) as f64;
    place * 100.0 < sample.percent
}
