//! What has to be there: every answer that a client got. After a restart it is compared with what the server says.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt, stream};
use serde_json::Value;
use signoff_domain::log::checkpoint::Checkpoint;

use crate::{
    api::{Api, Change},
    load::{self, Remembered},
};

/// Members of a task that its life does not change.
const LASTING: [&str; 18] = [
    "id",
    "organization_id",
    "queue_id",
    "queue_key",
    "queue_version",
    "batch_id",
    "external_id",
    "revision",
    "priority",
    "data",
    "context",
    "metadata",
    "choices",
    "max_selections",
    "summary",
    "sla_deadline",
    "created_by",
    "created_at",
];

/// A task that was acknowledged.
#[derive(Debug)]
struct Known {
    submitted: Value,
    lease_id: Option<String>,
    review: Option<Value>,
}

/// Everything that was acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Oracle {
    tasks: BTreeMap<String, Known>,
    /// The tasks of the last load.
    recent: Vec<String>,
    unanswered: Vec<Change>,
    /// One acknowledged request of each kind and kill, to be sent once more.
    answered: Vec<(Change, Value)>,
    /// Signed states of the log, one after each restart.
    pub(crate) checkpoints: Vec<Checkpoint>,
    /// How many requests were cut off and sent again.
    pub(crate) repeated: usize,
}

fn id_of(task: &Value) -> String {
    task["id"].as_str().unwrap().to_owned()
}

impl Oracle {
    /// Takes over what a client remembers.
    pub(crate) fn take(&mut self, remembered: Remembered) {
        self.answered.extend(remembered.submitted.last().cloned().into_iter().chain(remembered.reviewed.last().cloned()));
        for (_, task) in remembered.submitted {
            self.insert(task);
        }
        for claim in remembered.claimed {
            let lease_id = claim["lease"]["id"].as_str().unwrap().to_owned();
            self.of(&id_of(&claim["task"])).lease_id = Some(lease_id);
        }
        for (_, review) in remembered.reviewed {
            self.reviewed(review);
        }
        self.unanswered.extend(remembered.unanswered);
    }

    fn insert(&mut self, task: Value) {
        let (id, known) = (id_of(&task), Known { submitted: task, lease_id: None, review: None });
        self.recent.push(id.clone());
        let before = self.tasks.insert(id, known);
        assert!(before.is_none(), "a task was acknowledged to two submissions: {before:?}");
    }

    fn of(&mut self, id: &str) -> &mut Known {
        self.tasks.get_mut(id).expect("a task that was acknowledged")
    }

    fn reviewed(&mut self, review: Value) {
        let known = self.of(review["task_id"].as_str().unwrap());
        assert_eq!(known.review, None, "two reviews of one task were acknowledged");
        known.review = Some(review);
    }

    /// How many tasks there have to be.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &str> {
        self.tasks.keys().map(String::as_str)
    }

    /// The tasks that have to be decided.
    pub(crate) fn decided_tasks(&self) -> impl Iterator<Item = &str> {
        self.tasks.iter().filter(|(_, known)| known.review.is_some()).map(|(id, _)| id.as_str())
    }

    /// How many tasks have to be decided.
    pub(crate) fn decided(&self) -> usize {
        self.decided_tasks().count()
    }

    /// Submits a task to a server that runs.
    pub(crate) async fn submit_one(&mut self, api: &Api, name: &str) -> String {
        let task = api.change(&load::submit(name)).await.expect("an answer").ok(201);
        let id = id_of(&task);
        self.insert(task);
        id
    }

    /// Decides a task on a server that runs.
    pub(crate) async fn decide_one(&mut self, api: &Api, id: &str) {
        let change = load::review(id, id, None);
        let review = api.change(&change).await.expect("an answer").ok(201);
        self.reviewed(review);
    }

    /// Sends again what was cut off, and a few requests that were answered: each takes effect once, however often it is sent.
    pub(crate) async fn repeat_unanswered(&mut self, api: &Api) {
        for change in std::mem::take(&mut self.unanswered) {
            self.repeated += 1;
            let found = self.look_for(api, &change).await;
            let (one, other) = tokio::join!(api.change(&change), api.change(&change));
            let (one, other) = (one.expect("an answer"), other.expect("an answer"));
            assert_eq!((one.status, &one.body), (other.status, &other.body), "one key, two answers: {change:?}");
            assert!(one.status.is_success(), "{change:?}: {}", one.body);
            let answer = one.body;
            if let Some(found) = found {
                assert_eq!(found["id"], answer["id"], "{change:?} took effect twice");
            }
            let found = self.look_for(api, &change).await;
            match change.path.rsplit('/').next() {
                Some("task") => {
                    assert_eq!(found.map(|task| id_of(&task)), Some(id_of(&answer)));
                    self.insert(answer);
                }
                Some("claim") => self.of(&id_of(&answer["task"])).lease_id = answer["lease"]["id"].as_str().map(str::to_owned),
                Some("review") => {
                    assert_eq!(found.as_ref(), Some(&answer));
                    self.reviewed(answer);
                }
                _ => panic!("{change:?} is nothing that clients send"),
            }
        }
        for (change, before) in std::mem::take(&mut self.answered) {
            let again = api.change(&change).await.expect("an answer").ok(201);
            assert_eq!(again, before, "another answer to {change:?}");
        }
    }

    /// What a submission or a review made, if it took effect; that it made more than one is never right.
    async fn look_for(&self, api: &Api, change: &Change) -> Option<Value> {
        let path = match change.path.rsplit('/').next() {
            Some("task") => format!("/task?external_id={}", change.body["external_id"].as_str().unwrap()),
            Some("review") => format!("/review?task_id={}", change.path.split('/').nth(2).unwrap()),
            _ => return None,
        };
        let mut found = api.get(&path).await.ok(200);
        let found = found.as_array_mut().unwrap();
        assert!(found.len() <= 1, "{change:?} took effect more than once: {found:?}");
        found.pop()
    }

    /// Compares the lists of all tasks and all reviews with what was acknowledged: nothing is missing, nothing is changed, nothing is there twice.
    pub(crate) async fn compare_lists(&self, api: &Api) {
        let (tasks, reviews) = tokio::join!(api.list("/task"), api.list("/review"));
        assert_eq!(tasks.len(), self.tasks.len(), "tasks that were acknowledged are missing, or others are there");
        for task in &tasks {
            self.compare_task(task);
        }
        let mut reviews: HashMap<String, Value> = reviews.into_iter().map(|review| (id_of(&review), review)).collect();
        for expected in self.tasks.values().filter_map(|known| known.review.as_ref()) {
            assert_eq!(reviews.remove(&id_of(expected)).as_ref(), Some(expected));
        }
        assert!(reviews.is_empty(), "reviews that nobody gave: {reviews:?}");
    }

    /// Compares the tasks of the last load as each is answered alone, with its reviews and its lease.
    pub(crate) async fn compare_recent(&mut self, api: &Api) {
        let recent = std::mem::take(&mut self.recent);
        let each = recent.iter().map(|id| (id, &self.tasks[id]));
        self.compare_each(api, each, |task, known| {
            if known.review.is_none() {
                assert_eq!(task["lease"]["id"].as_str(), known.lease_id.as_deref(), "{task}");
            }
        })
        .await;
    }

    /// Compares all tasks as each is answered alone, with its reviews.
    pub(crate) async fn compare_all(&self, api: &Api) {
        self.compare_each(api, self.tasks.iter(), |_, _| {}).await;
    }

    async fn compare_each<'a>(&self, api: &Api, tasks: impl Iterator<Item = (&'a String, &'a Known)>, also: impl Fn(&Value, &Known)) {
        let also = &also;
        let each = stream::iter(tasks).map(|(id, known)| async move {
            let task = api.get(&format!("/task/{id}")).await.ok(200);
            self.compare_task(&task);
            let reviews: Vec<_> = known.review.iter().collect();
            assert_eq!(task["reviews"].as_array().unwrap().iter().collect::<Vec<_>>(), reviews, "{task}");
            also(&task, known);
        });
        each.buffer_unordered(8).collect::<Vec<()>>().await;
    }

    fn compare_task(&self, task: &Value) {
        let known = self.tasks.get(task["id"].as_str().unwrap()).unwrap_or_else(|| panic!("a task that was never acknowledged: {task}"));
        for member in LASTING {
            assert_eq!(task[member], known.submitted[member], "{member} of {task}");
        }
        let Some(review) = &known.review else {
            assert_eq!((&task["state"], &task["outcome"], &task["reviewed_at"]), (&"queued".into(), &Value::Null, &Value::Null), "{task}");
            return;
        };
        assert_eq!((task["state"].as_str(), task["outcome"]["kind"].as_str()), (Some("reviewed"), Some("decided")), "{task}");
        assert_eq!((&task["outcome"]["result"], &task["outcome"]["value"]), (&review["result"], &review["value"]), "{task}");
        assert_eq!((&task["reviewed_at"], &task["outcome"]["at"]), (&review["created_at"], &review["created_at"]), "{task}");
    }
}
