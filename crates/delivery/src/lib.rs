//! Workers beside the requests: finding reviewers, firing timers, sealing the log (PostgreSQL), noting uses of credentials, forgetting what has expired.
//!
//! Each is a loop around a use case that has no input and may run at any time, twice or on several replicas at once. They end with the token that they are given.

use std::time::Duration;

use signoff_app::{
    App, Wake,
    due::{Due, Fire, Postpone},
    routing::{Route, Waiting},
};
use tokio_util::sync::CancellationToken;

/// The sealer looks after so long even if nobody woke it.
const SEAL: Duration = Duration::from_secs(1);
/// The router and the timers look after so long even if nobody woke them.
const LOOK: Duration = Duration::from_secs(5);
/// Most timers that are looked up at once.
const TIMERS: i64 = 500;
const NOTE: Duration = Duration::from_secs(20);
const SWEEP: Duration = Duration::from_secs(600);

/// Runs all workers until `stop`. `sealed` is told how long each sealing pass took.
pub async fn run(app: App, stop: CancellationToken, sealed: impl Fn(Duration) + Send + Sync + 'static) {
    let sealer = async {
        if app.store().needs_sealer() {
            seal(&app, &stop, sealed).await;
        }
    };
    tokio::join!(
        sealer,
        route(&app, &stop),
        fire(&app, &stop),
        every(NOTE, &stop, || app.note_uses()),
        every(SWEEP, &stop, || app.sweep())
    );
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

/// Finds reviewers for the tasks that look for them.
async fn route(app: &App, stop: &CancellationToken) {
    let waiter = app.register(Wake::Router);
    loop {
        let mut woken = std::pin::pin!(waiter.woken());
        woken.as_mut().enable();
        match route_all(app).await {
            // There may be more than one pass takes.
            Ok(routed) if routed > 0 => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "finding reviewers failed; it is tried again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tokio::time::timeout(LOOK, woken) => {}
        }
    }
}

async fn route_all(app: &App) -> Result<usize, signoff_app::Error> {
    let mut routed = 0;
    for organization_id in app.read(Waiting).await? {
        match app.write(Route { moment: app.moment(), organization_id }).await {
            Ok(count) => routed += count,
            // One organization that fails holds up no other.
            Err(error) => tracing::warn!(%error, %organization_id, "finding reviewers failed; it is tried again"),
        }
    }
    Ok(routed)
}

/// Fires the timers that are due, and sleeps until the next one.
async fn fire(app: &App, stop: &CancellationToken) {
    let waiter = app.register(Wake::Timers);
    loop {
        let mut woken = std::pin::pin!(waiter.woken());
        woken.as_mut().enable();
        let pause = match fire_due(app).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "timers could not be looked up; it is tried again");
                LOOK
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tokio::time::timeout(pause, woken) => {}
        }
    }
}

/// Fires what is due; answers how long to sleep. A timer that fails is put off, so that it holds up no other.
async fn fire_due(app: &App) -> Result<Duration, signoff_app::Error> {
    let (due, next) = app.read(Due { now: app.now(), limit: TIMERS }).await?;
    for timer in due {
        let fired = app.write(Fire { moment: app.moment(), compiled: app.compiled(), timer: timer.clone() }).await;
        if let Err(error) = fired {
            tracing::warn!(%error, kind = timer.kind, owner = %timer.owner, attempts = timer.attempts, "a timer failed; it is put off");
            app.write(Postpone { now: app.now(), timer }).await?;
        }
    }
    let until = next.map(|next| next.duration_since(app.now()));
    Ok(until.and_then(|until| Duration::try_from(until).ok()).unwrap_or(if next.is_some() { Duration::ZERO } else { LOOK }).min(LOOK))
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
