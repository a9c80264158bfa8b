//! What the machine can do: the limits that the server's figures stand beside.

use std::{
    fs::File,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::Context;
use axum::{Router, body::Bytes, routing::post};

use crate::{
    connection::Target,
    load::{Load, histogram, micros, now},
    program::{Running, until_listening},
    quiet::{self, Ticks},
    report::Report,
};

const LASTS: Duration = Duration::from_secs(2);

/// Something done again and again on one thread; `each` is how many things one turn does.
async fn turns(what: &str, each: f64, mut turn: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Report> {
    quiet::wait().await?;
    let ticks = Ticks::now()?;
    let (mut times, start) = (histogram()?, now());
    while start.elapsed() < LASTS {
        let began = now();
        turn()?;
        times.saturating_record(micros(began.elapsed()));
    }
    let per_second = each * times.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Report { what: what.into(), clients: 1, per_second, times, cpu_micros: None, others: ticks.others_since()? })
}

/// Appends of 512 bytes to a file, each made durable.
pub(crate) async fn fdatasync(folder: &Path) -> anyhow::Result<Report> {
    let mut file = File::create(folder.join("file"))?;
    turns("fdatasync after 512 bytes", 1.0, || {
        file.write_all(&[0; 512])?;
        Ok(file.sync_data()?)
    })
    .await
}

/// Rows of 1 KiB into SQLite, synchronous=FULL, so many to a commit.
pub(crate) async fn sqlite_rows(folder: &Path, group: u32) -> anyhow::Result<Report> {
    let connection = rusqlite::Connection::open(folder.join(format!("rows-{group}.db")))?;
    connection
        .execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")?;
    let body = "x".repeat(1024);
    turns(&format!("SQLite rows of 1 KiB, {group} to a commit"), group.into(), || {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        for _ in 0..group {
            connection.prepare_cached("INSERT INTO rows (body) VALUES (?1)")?.execute([&body])?;
        }
        connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    })
    .await
}

/// A bare handler that answers what it is sent, in a process of its own as the server is.
pub(crate) struct Echo {
    running: Running,
    target: Target,
}

impl Echo {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let address = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let child = Command::new(std::env::current_exe()?).args(["echo", &address]).stdin(Stdio::null()).spawn()?;
        let running = Running(child);
        until_listening(&address).await?;
        Ok(Self { running, target: Target { address, secret: String::new() } })
    }

    /// What the process does.
    pub(crate) async fn serve(address: &str) -> anyhow::Result<()> {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let routes = Router::new().route("/", post(async |body: Bytes| body));
        axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), routes).await.context("echo")
    }

    pub(crate) fn load(&self, clients: usize, lasts: Duration) -> Load {
        Load {
            what: "bare axum handler, 1 KiB echoed".into(),
            target: self.target.clone(),
            process: self.running.0.id(),
            method: "POST",
            path: "/".into(),
            body: "x".repeat(1024),
            clients,
            lasts,
        }
    }
}
