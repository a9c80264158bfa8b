//! What is measured beyond single requests: waking, the whole loop, many tasks that wait.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::{
    connection::{Connection, Shot},
    load::{Report, histogram, micros, numbered},
    program::{Program, QUEUE},
};

/// Decisions that are timed for each number of waiters.
const DECISIONS: usize = 300;

fn review(program: &Program, task: &str) -> Shot {
    let mut shot = program.shot("POST", &format!("/v1/task/{task}/review"), &program.token);
    shot.headers.push(("if-match", "\"1\"".into()));
    shot
}

const APPROVED: &str = r#"{"result":["approved"]}"#;

/// From a decision's being sent to the waiting agent's having its answer, among `waiters` that wait for other tasks. Also the server's memory meanwhile, in MB.
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
pub(crate) async fn wake(program: &Program, waiters: usize) -> anyhow::Result<(Report, f64)> {
    let submit = program.submit();
    let mut agent = Connection::open(&program.address).await?;
    let mut others = JoinSet::new();
    for _ in 1..waiters {
        let task = agent.member(&submit, numbered(&submit.body), "/id").await?;
        let wait = program.shot("GET", &format!("/v1/task/{task}/wait?timeout=60"), &program.key);
        others.spawn(async move { Connection::open(&wait.address).await?.send(&wait, String::new()).await });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut reviewer = Connection::open(&program.address).await?;
    let mut times = histogram()?;
    let start = Instant::now();
    for _ in 0..DECISIONS {
        let task = agent.member(&submit, numbered(&submit.body), "/id").await?;
        let wait = program.shot("GET", &format!("/v1/task/{task}/wait?timeout=60"), &program.key);
        let mut waiting = Connection::open(&program.address).await?;
        let woken = tokio::spawn(async move {
            waiting.send(&wait, String::new()).await?;
            anyhow::Ok(Instant::now())
        });
        tokio::time::sleep(Duration::from_millis(3)).await;
        let sent = Instant::now();
        reviewer.send(&review(program, &task), APPROVED.into()).await?;
        let took = woken.await??.duration_since(sent);
        times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
    let memory = program.memory_mb()?;
    let per_second = DECISIONS as f64 / start.elapsed().as_secs_f64();
    others.abort_all();
    Ok((Report { what: format!("decision sent → waiter has it, {waiters} waiting"), clients: 1, per_second, times }, memory))
}

/// Submit → wait, while as many reviewers pull and decide: loops a second, and how long one takes.
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
pub(crate) async fn whole_loop(program: &Program, agents: usize, lasts: Duration) -> anyhow::Result<Report> {
    let queue = "loop";
    let body = format!(r#"{{"key":"{queue}","name":"Loop","review_type":"approval"}}"#);
    let mut connection = Connection::open(&program.address).await?;
    connection.send(&program.shot("POST", "/v1/queue", &program.token), body).await?;
    let submit = Shot { body: program.submit().body.replace(QUEUE, queue), ..program.submit() };
    let start = Instant::now();
    let mut reviewers = JoinSet::<anyhow::Result<()>>::new();
    for _ in 0..8 {
        let next = program.shot("POST", "/v1/task/next", &program.token);
        let template = review(program, "TASK");
        reviewers.spawn(async move {
            let mut connection = Connection::open(&next.address).await?;
            loop {
                let answer = connection.send(&next, format!(r#"{{"queue_key":"{queue}"}}"#)).await?;
                if answer.is_empty() {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    continue;
                }
                let claim: serde_json::Value = serde_json::from_slice(&answer)?;
                let Some(task) = claim.pointer("/task/id").and_then(|id| id.as_str()) else { anyhow::bail!("a claim without a task") };
                let shot = Shot { path: template.path.replace("TASK", task), ..template.clone() };
                connection.send(&shot, APPROVED.into()).await?;
            }
        });
    }
    let mut set = JoinSet::new();
    for _ in 0..agents {
        let (submit, wait) = (submit.clone(), program.shot("GET", "/v1/task/TASK/wait?timeout=60", &program.key));
        set.spawn(async move {
            let mut connection = Connection::open(&submit.address).await?;
            let mut times = histogram()?;
            while start.elapsed() < lasts {
                let sent = Instant::now();
                let task = connection.member(&submit, numbered(&submit.body), "/id").await?;
                let wait = Shot { path: wait.path.replace("TASK", &task), ..wait.clone() };
                connection.send(&wait, String::new()).await?;
                times.saturating_record(micros(sent));
            }
            anyhow::Ok(times)
        });
    }
    let mut times = histogram()?;
    while let Some(done) = set.join_next().await {
        times.add(done??)?;
    }
    let per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    reviewers.abort_all();
    Ok(Report { what: "whole loop: submit → pull → decide → awake".into(), clients: agents, per_second, times })
}

/// Submits batches until at least `waiting` tasks wait in the queue.
pub(crate) async fn fill(program: &Program, waiting: usize) -> anyhow::Result<()> {
    let mut connection = Connection::open(&program.address).await?;
    let shot = program.shot("POST", "/v1/batch", &program.key);
    let items = vec![r#"{"data":{"body":"waits"}}"#; 1_000].join(",");
    for _ in 0..waiting.div_ceil(1_000) {
        connection.send(&shot, format!(r#"{{"queue_key":"{QUEUE}","tasks":[{items}]}}"#)).await?;
    }
    Ok(())
}
