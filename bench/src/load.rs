//! Closed-loop load: each client sends its next request when the last was answered.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::connection::{Connection, Shot};

/// What a measurement came to.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) what: String,
    pub(crate) clients: usize,
    pub(crate) per_second: f64,
    /// Microseconds.
    pub(crate) times: Histogram<u64>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |quantile| self.times.value_at_quantile(quantile) as f64 / 1e3;
        let Self { what, clients, per_second, .. } = self;
        write!(out, "| {what} | {clients} | {per_second:.0} | {:.2} ms | {:.2} ms |", millis(0.5), millis(0.99))
    }
}

/// A histogram of microseconds, to a minute, with three digits.
pub(crate) fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

pub(crate) fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// The body with a number that no other has.
pub(crate) fn numbered(body: &str) -> String {
    body.replace("{n}", &NUMBER.fetch_add(1, Ordering::Relaxed).to_string())
}

/// The repeat with the median rate, after a warm-up.
pub(crate) async fn median(what: &str, clients: usize, lasts: Duration, repeats: usize, shot: impl Fn() -> Shot) -> anyhow::Result<Report> {
    once(what, clients, lasts / 4, &shot()).await?;
    let mut reports = Vec::new();
    for _ in 0..repeats {
        reports.push(once(what, clients, lasts, &shot()).await?);
    }
    reports.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    Ok(reports.swap_remove(repeats / 2))
}

#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
async fn once(what: &str, clients: usize, lasts: Duration, shot: &Shot) -> anyhow::Result<Report> {
    let mut set = JoinSet::new();
    let start = Instant::now();
    for _ in 0..clients {
        let shot = shot.clone();
        set.spawn(async move {
            let mut connection = Connection::open(&shot.address).await?;
            let mut times = histogram()?;
            while start.elapsed() < lasts {
                let sent = Instant::now();
                connection.send(&shot, numbered(&shot.body)).await?;
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
    Ok(Report { what: what.into(), clients, per_second, times })
}
