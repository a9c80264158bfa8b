//! Closed-loop load: each client sends its next request when the last was answered. Repeated; the medians count.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::{
    connection::{Connection, Request, Target},
    quiet::{self, Ticks, own_ticks},
    report::Report,
};

/// A histogram of microseconds, to a minute, with three digits.
pub(crate) fn histogram() -> anyhow::Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000, 3)?)
}

pub(crate) fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

/// Now. Time is what is measured.
#[expect(clippy::disallowed_methods, reason = "time is what is measured")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

/// A number that no other has.
pub(crate) fn number() -> u64 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// What a load is made of.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) what: String,
    pub(crate) target: Target,
    /// The process whose processor time is measured.
    pub(crate) process: u32,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// `{n}` in it is a number that differs each time.
    pub(crate) body: String,
    pub(crate) clients: usize,
    pub(crate) lasts: Duration,
}

impl Load {
    /// The load once, from when the machine is quiet.
    pub(crate) async fn run(&self) -> anyhow::Result<Report> {
        quiet::wait().await?;
        let (ticks, cpu) = (Ticks::now()?, own_ticks(self.process)?);
        let start = now();
        let mut set = JoinSet::new();
        for _ in 0..self.clients {
            set.spawn(self.clone().client(start));
        }
        let mut times = histogram()?;
        while let Some(done) = set.join_next().await {
            times.add(done??)?;
        }
        let took = start.elapsed();
        let cpu_micros = (own_ticks(self.process)? - cpu) as f64 * 1e4 / times.len() as f64;
        Ok(Report {
            what: self.what.clone(),
            clients: self.clients,
            per_second: times.len() as f64 / took.as_secs_f64(),
            times,
            cpu_micros: Some(cpu_micros),
            others: ticks.others_since()?,
        })
    }

    async fn client(self, start: Instant) -> anyhow::Result<Histogram<u64>> {
        let mut connection = Connection::open(&self.target).await?;
        let mut times = histogram()?;
        let (before, after) = self.body.split_once("{n}").map_or((&self.body[..], None), |(before, after)| (before, Some(after)));
        let mut body = String::new();
        while start.elapsed() < self.lasts {
            body.clear();
            body.push_str(before);
            if let Some(after) = after {
                body.push_str(&number().to_string());
                body.push_str(after);
            }
            let sent = now();
            connection.send(Request { method: self.method, path: &self.path, body: &body }).await?;
            times.saturating_record(micros(sent.elapsed()));
        }
        Ok(times)
    }

    /// A warm-up, then the repeat with the median rate.
    pub(crate) async fn median(&self, repeats: usize) -> anyhow::Result<Report> {
        Load { lasts: self.lasts / 4, ..self.clone() }.run().await?;
        let mut reports = Vec::new();
        for _ in 0..repeats {
            reports.push(self.run().await?);
        }
        Ok(Report::median(reports))
    }
}
