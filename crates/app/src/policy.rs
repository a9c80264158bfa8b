//! Conditions are tried on tasks: some that are only said to be, and the newest of a queue. Nothing is changed by it.
//!
//! What the conditions are about is read first, and they are evaluated beside the database: a hundred tasks may take a while.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use signoff_domain::{
    Moment, Object, Refusal, Timestamp,
    actor::Actor,
    condition::{Condition, Facts},
    id::TaskId,
    permission::Action,
    queue::{Queue, ReviewType},
    refusal::Places,
    task::{Content, Priority, Task},
};
use signoff_store::{
    Error, Fault, Query, Tx, routing_facts,
    tasks::{self, Filter, Order},
};

use crate::{App, Caller, queues, workflow::conditions::used};

/// Most answers in one go.
pub const MOST_ANSWERS: usize = 2_000;
/// What is not evaluated after so many seconds is told to have taken too long.
const SECONDS: i64 = 5;

/// A task that is only said to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Decides `sample(…)`; drawn when it is `None`.
    pub id: Option<TaskId>,
    /// The content.
    pub data: Object,
    /// Its background.
    pub context: Object,
    /// Filterable attributes.
    pub metadata: Object,
    /// One line for lists.
    pub summary: Option<String>,
    /// The submitter's own id.
    pub external_id: Option<String>,
    /// How urgent it is.
    pub priority: Priority,
    /// The revision of its content.
    pub revision: i64,
    /// When it ought to be decided.
    pub deadline: Option<Timestamp>,
    /// Who submitted it; the caller when it is `None`.
    pub requester: Option<Actor>,
    /// What the requester has not sent before.
    pub first_uses: BTreeMap<String, bool>,
}

/// Tries conditions on tasks.
#[derive(Clone)]
pub struct TestPolicy {
    /// Who asks.
    pub caller: Caller,
    /// When; it also draws the ids of samples.
    pub moment: Moment,
    /// The conditions.
    pub conditions: Vec<String>,
    /// The queue that they are about.
    pub queue_key: Option<String>,
    /// How many of its newest tasks to look at.
    pub newest: Option<i64>,
    /// Tasks that are only said to be.
    pub samples: Vec<Sample>,
}

/// Which task was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// The one at this place of the request.
    Sample(usize),
    /// One of the queue.
    Task(TaskId),
}

/// What a condition says of a task; or why it has no answer.
pub type Answer = (Tried, Result<bool, String>);

/// What conditions look at.
struct Material {
    queue: Option<Queue>,
    tasks: Vec<(Task, Content, BTreeMap<String, bool>)>,
}

struct Load {
    test: TestPolicy,
    /// The names that the conditions ask for by `first_use`.
    first_uses: Vec<String>,
    newest: i64,
}

impl Query for Load {
    type Out = Material;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Material, Error> {
        let caller = &self.test.caller;
        let Some(key) = &self.test.queue_key else {
            return Ok(Material { queue: None, tasks: Vec::new() });
        };
        let queue = queues::find(tx, caller, key).await?;
        let filter = Filter { queue_id: Some(queue.id), ..Filter::default() };
        let mut found = Vec::new();
        if self.newest > 0 {
            for (task, content, _) in tasks::list(tx, caller.organization_id, &filter, Order::default(), None, self.newest).await? {
                let mut first_uses = BTreeMap::new();
                for name in &self.first_uses {
                    let Some(value) = task.metadata.get(name) else { continue };
                    let first = routing_facts::first_user(tx, queue.id, &used(&task.created_by.id, name, value)).await?;
                    // Nobody has noted uses that no condition asked for yet: there is no answer then.
                    first_uses.extend(first.map(|first| (name.clone(), first == task.id)));
                }
                found.push((task, content, first_uses));
            }
        }
        Ok(Material { queue: Some(queue), tasks: found })
    }
}

impl TestPolicy {
    /// The conditions, read; each with all that is wrong.
    fn conditions(&self) -> Result<Vec<Condition>, Refusal> {
        let mut places = Places::default();
        let mut read = Vec::new();
        places.require(!self.conditions.is_empty(), "/conditions", "Needs a condition.");
        places.require(self.conditions.len() <= 50, "/conditions", "At most 50 conditions.");
        for (i, text) in self.conditions.iter().take(50).enumerate() {
            match Condition::parse(text) {
                Ok(condition) => read.push(condition),
                Err(problem) => places.add(format!("/conditions/{i}"), problem.to_string()),
            }
        }
        places.require(self.samples.len() <= 100, "/tasks", "At most 100 tasks.");
        places.require(self.queue_key.is_some() || self.newest.is_none(), "/newest", "Belongs to a queue.");
        places.require(self.queue_key.is_some() || !self.samples.is_empty(), "/tasks", "Give tasks, or the queue that has some.");
        places.require(self.newest.is_none_or(|newest| (1..=100).contains(&newest)), "/newest", "Must be from 1 to 100.");
        let count = self.samples.len().saturating_add(usize::try_from(self.newest().max(0)).unwrap_or(usize::MAX));
        let answers = count.saturating_mul(self.conditions.len());
        places.require(answers <= MOST_ANSWERS, "/conditions", "Conditions times tasks is at most 2000.");
        places.finish()?;
        Ok(read)
    }

    fn newest(&self) -> i64 {
        self.newest.unwrap_or(if self.samples.is_empty() && self.queue_key.is_some() { 20 } else { 0 })
    }

    /// What every condition says, until `goes_on` says no.
    fn evaluate(&self, conditions: &[Condition], material: &Material, goes_on: impl Fn() -> bool) -> Vec<Vec<Answer>> {
        let queue = material.queue.as_ref();
        let (mut ids, caller) = (self.moment.ids(), self.caller.actor());
        let samples: Vec<(TaskId, &Sample)> = self.samples.iter().map(|sample| (sample.id.unwrap_or_else(|| ids.draw()), sample)).collect();
        let ask = |condition: &Condition, facts: &Facts<'_>| {
            if !goes_on() {
                return Err("Not evaluated: the conditions before took too long.".to_owned());
            }
            condition.evaluate(facts).map_err(|fault| fault.to_string())
        };
        let of_condition = |condition: &Condition| {
            let of_samples = samples.iter().enumerate().map(|(i, (id, sample))| {
                let facts = Facts {
                    task_id: *id,
                    data: &sample.data,
                    context: &sample.context,
                    metadata: &sample.metadata,
                    priority: sample.priority,
                    revision: sample.revision,
                    external_id: sample.external_id.as_deref(),
                    summary: sample.summary.as_deref(),
                    deadline: sample.deadline,
                    queue_key: queue.map_or("", |queue| &queue.key),
                    queue_name: queue.map_or("", |queue| &queue.config.name),
                    review_type: queue.map_or(ReviewType::Approval, |queue| queue.config.review_type),
                    requester: sample.requester.as_ref().unwrap_or(&caller),
                    first_uses: sample.first_uses.clone(),
                };
                (Tried::Sample(i), ask(condition, &facts))
            });
            let of_tasks = queue.into_iter().flat_map(|queue| {
                material.tasks.iter().map(move |(task, content, first_uses)| {
                    let facts = Facts { first_uses: first_uses.clone(), ..Facts::of(task, content, queue) };
                    (Tried::Task(task.id), ask(condition, &facts))
                })
            });
            of_samples.chain(of_tasks).collect()
        };
        conditions.iter().map(of_condition).collect()
    }
}

impl App {
    /// What each condition says of each task, in the order of the request; tasks of the queue come after, newest first.
    ///
    /// # Errors
    /// [`signoff_domain::Code::PermissionDenied`], a validation error that names each expression that is none with the place in it, not found, or a fault.
    pub async fn test_policy(&self, test: TestPolicy) -> Result<Vec<Vec<Answer>>, Error> {
        test.caller.require(Action::TaskRead)?;
        let conditions = test.conditions()?;
        let mut first_uses: Vec<String> = conditions.iter().flat_map(Condition::first_uses).collect();
        first_uses.sort();
        first_uses.dedup();
        let newest = test.newest();
        let material = self.read(Load { test: test.clone(), first_uses, newest }).await?;
        let (app, until) = (self.clone(), self.now().checked_add(SignedDuration::from_secs(SECONDS)).unwrap_or(Timestamp::MAX));
        let evaluated = tokio::task::spawn_blocking(move || test.evaluate(&conditions, &material, || app.now() < until)).await;
        evaluated.map_err(|error| Fault::Bug(format!("conditions were not evaluated: {error}")).into())
    }
}
