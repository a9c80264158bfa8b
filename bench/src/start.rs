//! Starting: how long until a task is accepted.

use std::{path::Path, time::Duration};

use crate::{
    connection::{Connection, Request},
    load::{now, number},
    program::{Database, Program, QUEUE, submission},
    quiet,
};

/// How often each start is repeated.
const REPEATS: usize = 9;

/// From the process's start to the first accepted task, on a database that has a queue; the median.
pub(crate) async fn to_first_task(program: &Program) -> anyhow::Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..REPEATS {
        quiet::wait().await?;
        let start = now();
        let again = program.replica().await?;
        let body = submission(QUEUE).replace("{n}", &format!("start-{}", number()));
        Connection::open(&again.agent).await?.send(Request::post("/v1/task", &body)).await?;
        took.push(start.elapsed());
    }
    Ok(median(took))
}

/// From the process's start on an empty folder to its being ready: schema, organization and owner are made meanwhile; the median.
pub(crate) async fn from_nothing(folder: &Path) -> anyhow::Result<Duration> {
    let mut took = Vec::new();
    for repeat in 0..REPEATS {
        quiet::wait().await?;
        let database = Database::Folder(folder.join(format!("start-{repeat}")));
        let start = now();
        let program = Program::start(database).await?;
        Connection::open(&program.owner).await?.send(Request::get("/readyz")).await?;
        took.push(start.elapsed());
    }
    Ok(median(took))
}

fn median(mut took: Vec<Duration>) -> Duration {
    took.sort();
    took[took.len() / 2]
}
