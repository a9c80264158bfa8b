//! What the machine can do: the limits that the server's figures stand beside.

use std::{
    fs::File,
    io::Write,
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, routing::post};
use tokio::net::TcpListener;

use crate::{
    connection::Shot,
    load::{Report, histogram, micros},
};

const LASTS: Duration = Duration::from_secs(2);

/// Small appends to a file, each made durable.
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
pub(crate) fn fdatasync() -> anyhow::Result<Report> {
    let folder = tempfile::tempdir()?;
    let mut file = File::create(folder.path().join("file"))?;
    let mut times = histogram()?;
    let start = Instant::now();
    while start.elapsed() < LASTS {
        let sent = Instant::now();
        file.write_all(&[0; 512])?;
        file.sync_data()?;
        times.saturating_record(micros(sent));
    }
    let per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Report { what: "fdatasync of 512 bytes".into(), clients: 1, per_second, times })
}

/// Rows of 1 KiB into SQLite, synchronous=FULL, 64 to a commit.
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
pub(crate) fn grouped_rows() -> anyhow::Result<Report> {
    let folder = tempfile::tempdir()?;
    let connection = rusqlite::Connection::open(folder.path().join("rows.db"))?;
    connection
        .execute_batch("PRAGMA journal_mode = wal; PRAGMA synchronous = full; CREATE TABLE rows (id INTEGER PRIMARY KEY, body TEXT)")?;
    let body = "x".repeat(1024);
    let mut times = histogram()?;
    let start = Instant::now();
    while start.elapsed() < LASTS {
        let sent = Instant::now();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for _ in 0..64 {
            connection.prepare_cached("INSERT INTO rows (body) VALUES (?1)")?.execute([&body])?;
        }
        connection.execute_batch("COMMIT")?;
        times.saturating_record(micros(sent));
    }
    let per_second = 64.0 * times.len() as f64 / start.elapsed().as_secs_f64();
    Ok(Report { what: "SQLite rows of 1 KiB, 64 to a commit".into(), clients: 1, per_second, times })
}

/// A bare handler that answers what it is sent.
pub(crate) struct Echo {
    address: String,
}

impl Echo {
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let routes = Router::new().route("/", post(async |body: Bytes| body));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { address })
    }

    pub(crate) fn request(&self) -> Shot {
        Shot { address: self.address.clone(), method: "POST", path: "/".into(), headers: Vec::new(), body: "x".repeat(1024) }
    }
}
