//! Submit → pull → decide → awake, as fast as it goes.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Semaphore, task::JoinSet};

use crate::{
    connection::{Connection, Request, Target, task_id},
    load::{histogram, micros, now, number},
    program::{Program, submission},
    quiet::{self, Ticks, own_ticks},
    report::Report,
    wake::APPROVED,
};

/// Nothing else waits in this queue: who pulls gets what an agent of the loop submitted.
pub(crate) const QUEUE: &str = "loop";

/// Loops of so many agents a second, and how long one takes. The reviewers ask for the next task when they know that there is one, as the console does that follows the
/// event stream.
pub(crate) async fn once(program: &Program, reviewers: &[Target], agents: usize, lasts: Duration) -> anyhow::Result<Report> {
    quiet::wait().await?;
    let (ticks, cpu) = (Ticks::now()?, own_ticks(program.id())?);
    let open = Arc::new(Semaphore::new(0));
    let mut deciding = JoinSet::new();
    for reviewer in reviewers.iter().cloned() {
        deciding.spawn(decide(reviewer, Arc::clone(&open)));
    }
    let start = now();
    let mut set = JoinSet::new();
    for _ in 0..agents {
        let (target, open) = (program.agent.clone(), Arc::clone(&open));
        set.spawn(async move {
            let mut connection = Connection::open(&target).await?;
            let mut times = histogram()?;
            while start.elapsed() < lasts {
                let sent = now();
                let body = submission(QUEUE).replace("{n}", &format!("loop-{}", number()));
                let task = task_id(connection.send(Request::post("/v1/task", &body)).await?)?.to_owned();
                open.add_permits(1);
                connection.send(Request::get(&format!("/v1/task/{task}/wait?timeout=60"))).await?;
                times.saturating_record(micros(sent.elapsed()));
            }
            anyhow::Ok(times)
        });
    }
    let mut times = histogram()?;
    loop {
        tokio::select! {
            done = set.join_next() => match done {
                Some(done) => times.add(done??)?,
                None => break,
            },
            // A reviewer ends before the agents only when something is wrong.
            Some(done) = deciding.join_next() => done??,
        }
    }
    let took = start.elapsed();
    open.close();
    while let Some(done) = deciding.join_next().await {
        done??;
    }
    Ok(Report {
        what: "whole loop: submit → pull → decide → awake".into(),
        clients: agents,
        per_second: times.len() as f64 / took.as_secs_f64(),
        cpu_micros: Some((own_ticks(program.id())? - cpu) as f64 * 1e4 / times.len() as f64),
        times,
        others: ticks.others_since()?,
    })
}

async fn decide(reviewer: Target, open: Arc<Semaphore>) -> anyhow::Result<()> {
    let mut connection = Connection::open(&reviewer).await?;
    let next = format!(r#"{{"queue_key":"{QUEUE}"}}"#);
    while let Ok(permit) = open.acquire().await {
        permit.forget();
        let claim = connection.send(Request::post("/v1/task/next", &next)).await?;
        if claim.is_empty() {
            // Others were faster more often than the server looks again.
            open.add_permits(1);
            continue;
        }
        let path = format!("/v1/task/{}/review", task_id(claim)?);
        connection.send(Request::post(&path, APPROVED)).await?;
    }
    Ok(())
}
