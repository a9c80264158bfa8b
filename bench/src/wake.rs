//! From a decision's being sent to the waiting agent's having the answer, while many others wait.

use std::time::Instant;

use anyhow::Context;
use tokio::{sync::mpsc, task::JoinSet};

use crate::{
    connection::{Connection, Request, Target},
    load::{histogram, micros, now, number},
    program::{Program, QUEUE, content},
    quiet::{self, Ticks},
    report::Report,
};

/// Decisions that are timed.
const DECISIONS: usize = 1_000;
/// Tasks of 1 KiB that fit into the largest body.
const BATCH: usize = 500;
/// How long a waiter takes at most to be waiting, once it has its task.
const SETTLE: std::time::Duration = std::time::Duration::from_millis(4);

pub(crate) const APPROVED: &str = r#"{"result":["approved"]}"#;

/// An agent that waits for one task after another.
struct Agent {
    tasks: mpsc::Receiver<String>,
    woken: mpsc::Sender<Instant>,
}

impl Agent {
    async fn run(mut self, target: Target) -> anyhow::Result<()> {
        let mut connection = Connection::open(&target).await?;
        while let Some(task) = self.tasks.recv().await {
            let path = format!("/v1/task/{task}/wait?timeout=60");
            loop {
                let answer = connection.send(Request::get(&path)).await?;
                if answer.windows(REVIEWED.len()).any(|some| some == REVIEWED) {
                    break;
                }
            }
            self.woken.send(now()).await?;
        }
        Ok(())
    }
}

const REVIEWED: &[u8] = br#""state":"reviewed""#;

/// Submits so many tasks; answers their ids.
pub(crate) async fn submit(program: &Program, count: usize) -> anyhow::Result<Vec<String>> {
    let mut connection = Connection::open(&program.agent).await?;
    let mut tasks = Vec::with_capacity(count);
    while tasks.len() < count {
        let items: Vec<String> =
            (0..BATCH.min(count - tasks.len())).map(|_| format!(r#"{{"external_id":"w-{}","data":{}}}"#, number(), content())).collect();
        let body = format!(r#"{{"queue_key":"{QUEUE}","tasks":[{}]}}"#, items.join(","));
        let answer: serde_json::Value = serde_json::from_slice(connection.send(Request::post("/v1/batch", &body)).await?)?;
        let items = answer["items"].as_array().context("no items")?;
        for item in items {
            tasks.push(item["task_id"].as_str().context("a task was refused")?.to_owned());
        }
    }
    Ok(tasks)
}

/// Decisions on `decides`, awaited on `waits`, among `waiters` agents. Also the waking server's memory meanwhile, in MB.
pub(crate) async fn wake(decides: &Program, waits: &Program, waiters: usize) -> anyhow::Result<(Report, f64)> {
    let mut tasks = submit(waits, waiters + DECISIONS).await?.into_iter();
    let mut agents = JoinSet::new();
    let mut handles = Vec::new();
    for task in tasks.by_ref().take(waiters) {
        let ((give, tasks), (woken, wakes)) = (mpsc::channel(1), mpsc::channel(1));
        agents.spawn(Agent { tasks, woken }.run(waits.agent.clone()));
        give.send(task.clone()).await?;
        handles.push((give, wakes, task));
        // A connection at a time, so that the listener's backlog holds them.
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    quiet::wait().await?;
    let memory = waits.memory_mb()?;
    let mut reviewer = Connection::open(&decides.owner).await?;
    let (mut times, start, ticks) = (histogram()?, now(), Ticks::now()?);
    for (turn, next) in tasks.enumerate() {
        tokio::time::sleep(SETTLE).await;
        let (give, wakes, task) = &mut handles[turn % waiters];
        let path = format!("/v1/task/{task}/review");
        let sent = now();
        reviewer.send(Request::post(&path, APPROVED)).await?;
        let woken = wakes.recv().await.context("an agent ended")?;
        times.saturating_record(micros(woken.duration_since(sent)));
        task.clone_from(&next);
        give.send(next).await?;
    }
    let per_second = DECISIONS as f64 / start.elapsed().as_secs_f64();
    agents.abort_all();
    let what = "decision sent → agent awake".into();
    Ok((Report { what, clients: waiters, per_second, times, cpu_micros: None, others: ticks.others_since()? }, memory))
}
