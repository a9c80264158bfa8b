//! Workers beside the requests: sealing the log (PostgreSQL), noting uses of credentials, forgetting what has expired.
//!
//! Each is a loop around a use case that has no input and may run at any time, twice or on several replicas at once. They end with the token that they are given.

use std::time::Duration;

use signoff_app::{App, Wake};
use tokio_util::sync::CancellationToken;

/// The sealer looks after so long even if nobody woke it.
const SEAL: Duration = Duration::from_secs(1);
const NOTE: Duration = Duration::from_secs(20);
const SWEEP: Duration = Duration::from_secs(600);

/// Runs all workers until `stop`. `sealed` is told how long each sealing pass took.
pub async fn run(app: App, stop: CancellationToken, sealed: impl Fn(Duration) + Send + Sync + 'static) {
    let sealer = async {
        if app.store().needs_sealer() {
            seal(&app, &stop, sealed).await;
        }
    };
    tokio::join!(sealer, every(NOTE, &stop, || app.note_uses()), every(SWEEP, &stop, || app.sweep()));
    // What was used in the last seconds is worth a last note.
    if let Err(error) = app.note_uses().await {
        tracing::warn!(%error, "the last uses of credentials were not noted");
    }
}

async fn seal(app: &App, stop: &CancellationToken, sealed: impl Fn(Duration)) {
    let waiter = app.register(Wake::Sealer);
    loop {
        let mut woken = std::pin::pin!(waiter.woken());
        woken.as_mut().enable();
        let started = tokio::time::Instant::now();
        match app.store().seal().await {
            // There may be more than one pass takes.
            Ok(count) if count > 0 => {
                sealed(started.elapsed());
                continue;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "sealing failed; it is tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tokio::time::timeout(SEAL, woken) => {}
        }
    }
}

async fn every<F>(pause: Duration, stop: &CancellationToken, work: impl Fn() -> F)
where
    F: Future<Output = Result<(), signoff_app::Error>>,
{
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
        if let Err(error) = work().await {
            tracing::warn!(%error, "a worker's pass failed; it is tried again");
        }
    }
}
