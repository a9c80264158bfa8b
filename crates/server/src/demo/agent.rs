//! An agent of the demo: it asks, waits, and goes on when the answer is there.

use std::time::Duration;

use signoff_cli::visible;
use signoff_client::{
    Client, Error, Options,
    task::{TaskFilter, is_settled},
};
use signoff_wire::{
    people::CreateKey,
    task::{Task, TaskState},
};
use tokio::task::JoinSet;

use super::{say, script::Script};
use crate::environment;

/// An agent and its own key.
pub(super) struct Agent {
    script: Script,
    client: Client,
    /// Its tasks that wait for a decision.
    open: Vec<Task>,
    /// How many it has asked so far.
    asked: usize,
}

impl Agent {
    /// Makes the agent's key. Keys of earlier demos end: they are written down nowhere.
    pub(super) async fn hire(script: Script, url: &str, owner: &Client) -> Result<Self, Error> {
        let mut cursor = None;
        loop {
            let page = owner.keys(cursor.as_deref()).await?;
            for key in page.items.into_iter().filter(|key| key.name == script.agent && key.revoked_at.is_none()) {
                owner.revoke_key(&key.id).await?;
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let key = CreateKey {
            name: script.agent.clone(),
            scopes: None,
            queue_keys: Some(vec![script.queue.clone()]),
            mode: None,
            expires_in_days: Some(1),
        };
        let key = owner.create_key(&key).await?.key.unwrap_or_default();
        let client = Client::new(Options::new(url).credential(key))?;
        Ok(Self { script, client, open: Vec::new(), asked: 0 })
    }

    /// Finds what it asked before and asks more, up to its backlog; says so in a line.
    pub(super) async fn open(&mut self) -> Result<String, Error> {
        let filter = TaskFilter {
            queue_key: Some(self.script.queue.clone()),
            states: vec![TaskState::Queued],
            limit: Some(100),
            ..TaskFilter::default()
        };
        self.open = self.client.tasks(&filter).await?.items;
        while self.open.len() < self.script.backlog {
            let Some(task) = self.ask().await? else { break };
            self.open.push(task);
        }
        let (count, queue) = (self.open.len(), &self.script.queue);
        let waits = if self.script.waits() { "waits" } else { "goes on; nothing waits for these" };
        Ok(format!("{:<23} has {count} open in {queue}, and {waits}", self.script.agent))
    }

    /// Asks the next thing that was not decided in an earlier demo.
    async fn ask(&mut self) -> Result<Option<Task>, Error> {
        while let Some(task) = self.script.task(self.asked) {
            let submitted = self.client.submit_task(&task).await?;
            self.asked += 1;
            let known = self.open.iter().any(|open| open.id == submitted.task.id);
            if !known && !is_settled(submitted.task.state) {
                return Ok(Some(submitted.task));
            }
        }
        Ok(None)
    }

    /// Waits for all that is open, and asks again some time after an answer. Does not end by itself.
    pub(super) async fn act(mut self) -> anyhow::Result<()> {
        if !self.script.waits() {
            return self.keep_asking().await;
        }
        let mut waits = JoinSet::new();
        for task in std::mem::take(&mut self.open) {
            waits.spawn(wait(self.client.clone(), self.script.clone(), task.id));
        }
        loop {
            if let Some(done) = waits.join_next().await {
                done??;
            }
            self.pause().await;
            match self.ask().await {
                Ok(Some(task)) => {
                    self.tell("asks", &about(&task))?;
                    waits.spawn(wait(self.client.clone(), self.script.clone(), task.id));
                }
                Ok(None) => return Ok(()),
                Err(error) => self.tell("cannot ask", &error.to_string())?,
            }
        }
    }

    /// Asks without waiting for answers, as long as somebody works off what was asked.
    async fn keep_asking(mut self) -> anyhow::Result<()> {
        loop {
            self.pause().await;
            let open = self.client.queue(&self.script.queue).await.map(|queue| queue.open_count.unwrap_or(0));
            if !open.is_ok_and(|open| usize::try_from(open).is_ok_and(|open| open < self.script.backlog)) {
                continue;
            }
            match self.ask().await {
                Ok(Some(task)) => self.tell("asks", &format!("{}, and goes on", about(&task)))?,
                Ok(None) => return Ok(()),
                Err(error) => self.tell("cannot ask", &error.to_string())?,
            }
        }
    }

    async fn pause(&self) {
        tokio::time::sleep(Duration::from_secs(self.script.pause)).await;
    }

    fn tell(&self, verb: &str, what: &str) -> anyhow::Result<()> {
        tell(&self.script, verb, what)
    }
}

/// Waits for one decision, and says what the agent does with it.
async fn wait(client: Client, script: Script, id: String) -> anyhow::Result<()> {
    match client.wait_for_task(&id, None).await {
        Ok(Some(task)) => {
            let awake = environment::real().now();
            let after = task.outcome.as_ref().map_or(0, |outcome| awake.duration_since(outcome.at).as_millis().max(0));
            let reaction = script.reaction(&task);
            tell(&script, "goes on", &format!("{}: {reaction}  ({after} ms after the decision)", about(&task)))
        }
        Ok(None) => Ok(()),
        Err(error) => tell(&script, "cannot wait", &error.to_string()),
    }
}

fn about(task: &Task) -> String {
    format!("“{}”", task.summary.as_deref().unwrap_or(&task.id))
}

fn tell(script: &Script, verb: &str, what: &str) -> anyhow::Result<()> {
    say(&visible::line(&format!("{:<23} {verb:<8} {what}", script.agent)))
}
