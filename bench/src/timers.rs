//! How fast timers fire, and how late they are, when very many are pending.

use std::path::Path;

use signoff_app::due::{Due, Fire};

use crate::{
    load::{histogram, micros, now},
    operations::Operations,
    quiet::{self, Ticks},
    report::Report,
};

/// Timers that are not due.
const PENDING: u32 = 1_000_000;
/// Timers that all become due at one instant.
const DUE: usize = 10_000;
/// Most timers that are looked up at once, as the worker does.
const AT_ONCE: i64 = 500;

/// Ten thousand tasks are to look for a reviewer again, all at once. The times are those of one firing; also how late they were.
pub(crate) async fn measure(folder: &Path, repeats: usize) -> anyhow::Result<(Report, String)> {
    let operations = Operations::open(folder, 10).await?;
    operations.queue("q", |_| ()).await?;
    operations.submit("q", DUE).await?;
    operations.file()?.execute(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) \
         INSERT INTO timers (owner_id, kind, subject, organization_id, due_at, attempts) \
         SELECT randomblob(16), 'clock', '', o.id, 4102444800000000 + n.n, 0 FROM n, organizations o",
        [PENDING],
    )?;
    let mut runs = Vec::new();
    for _ in 0..repeats {
        runs.push(fire(&operations).await?);
    }
    runs.sort_by(|(a, _), (b, _)| a.per_second.total_cmp(&b.per_second));
    Ok(runs.swap_remove(runs.len() / 2))
}

async fn fire(operations: &Operations) -> anyhow::Result<(Report, String)> {
    operations.file()?.execute(
        "INSERT INTO timers (owner_id, kind, subject, organization_id, due_at, attempts) SELECT id, 'route', '', organization_id, 1, 0 FROM tasks WHERE true \
         ON CONFLICT DO NOTHING",
        [],
    )?;
    operations.file()?.execute("DELETE FROM routings", [])?;
    quiet::wait().await?;
    let (mut times, mut late, start, ticks) = (histogram()?, histogram()?, now(), Ticks::now()?);
    let app = &operations.app;
    loop {
        let (due, _) = app.read(Due { now: app.now(), limit: AT_ONCE }).await?;
        if due.is_empty() {
            break;
        }
        for timer in due {
            let began = now();
            anyhow::ensure!(app.write(Fire { moment: app.moment(), compiled: app.compiled(), timer }).await?, "a due timer did not fire");
            times.saturating_record(micros(began.elapsed()));
            late.saturating_record(micros(start.elapsed()));
        }
    }
    let per_second = times.len() as f64 / start.elapsed().as_secs_f64();
    let millis = |value: u64| value as f64 / 1e3;
    let late =
        format!("{:.0} / {:.0} / {:.0} ms", millis(late.value_at_quantile(0.5)), millis(late.value_at_quantile(0.99)), millis(late.max()));
    let what = "timers fired of 10,000 that are due at once, 1,000,000 pending".into();
    Ok((Report { what, clients: 1, per_second, times, cpu_micros: None, others: ticks.others_since()? }, late))
}
