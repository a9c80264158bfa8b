//! `kill -9` of the server in the middle of a load of submits, claims and reviews, again and again: whatever was acknowledged is there afterwards, unchanged, and
//! the log verifies.
//!
//! [`program`] starts and kills the real binary on a database. [`load`] is eight clients that remember every answer; [`oracle`] holds what they remember, asks
//! the unanswered requests again after a restart and compares. [`log`] checks the exported log at the end.
//!
//! `SIGNOFF_KILLS` is how often each engine's server is killed (50), `SIGNOFF_KILL_SEED` repeats the schedule of an earlier run.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the seed and the server's log are what a failure is found by")]

mod api;
mod load;
mod log;
mod oracle;
mod program;

use std::{hash::BuildHasher, time::Duration};

use tokio::time::{Instant, sleep, timeout};

use api::Api;
use load::Tasks;
use oracle::Oracle;
use program::{Engine, Program};
use rand::{RngExt, SeedableRng, rngs::StdRng};

const KILLS: u32 = 50;
/// Longest time under load before the server is killed.
const LONGEST: Duration = Duration::from_millis(400);
/// A waiter that is woken answers within this; the sweep that makes up for lost wakes comes after ten seconds.
const AWAKE: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_loses_nothing_that_it_acknowledged() {
    run(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_loses_nothing_that_it_acknowledged() {
    run(Engine::Postgres).await;
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

async fn run(engine: Engine) {
    let kills = setting("SIGNOFF_KILLS").map_or(KILLS, |kills| u32::try_from(kills).expect("a small number"));
    let seed = setting("SIGNOFF_KILL_SEED").unwrap_or_else(|| std::hash::RandomState::new().hash_one(engine.name()));
    println!("{}: {kills} kills, SIGNOFF_KILL_SEED={seed}", engine.name());
    let mut schedule = StdRng::seed_from_u64(seed);

    // The client needs one to be chosen, though nothing here is encrypted. The other test may have done so.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut program = Program::new(engine).await;
    program.start().await;
    let api = Api::prepare(&program).await;
    let mut oracle = Oracle::default();
    for kill in 0..kills {
        let under_load = schedule.random_range(Duration::from_millis(5)..LONGEST);
        cycle(&mut program, &api, &mut oracle, kill, under_load).await;
    }
    oracle.compare_all(&api).await;
    let counted = log::check(&api, &oracle).await;
    println!("{}: {counted}", engine.name());
    assert!(oracle.decided() > 0 && oracle.repeated > 0, "the load was none: nothing was decided, or no request was ever cut off");
}

/// One kill: a load with a waiter beside it, the end, the restart, what must hold then, and the waiter's wake.
async fn cycle(program: &mut Program, api: &Api, oracle: &mut Oracle, kill: u32, under_load: Duration) {
    let awaited = oracle.submit_one(api, &format!("awaited-{kill}")).await;
    let waiter = tokio::spawn({
        let (api, id) = (api.clone(), awaited.clone());
        async move { api.wait_until_settled(&id).await }
    });
    let clients: Vec<_> = (0..load::CLIENTS).map(|client| tokio::spawn(load::client(api.clone(), Tasks { kill, client }))).collect();
    sleep(under_load).await;
    program.kill();
    for client in clients {
        oracle.take(client.await.expect("a client must not fail"));
    }

    program.start().await;
    oracle.repeat_unanswered(api).await;
    oracle.compare_lists(api).await;
    oracle.compare_recent(api).await;
    oracle.checkpoints.push(api.checkpoint().await);

    // The waiter's connection broke with the server; it waits again by itself.
    let again = async {
        while api.waiters().await < program.engine.idle_waiters() + 1 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(30), again).await.expect("the waiter comes back");
    let decided = Instant::now();
    oracle.decide_one(api, &awaited).await;
    let woken = timeout(AWAKE, waiter).await.expect("the waiter wakes after the restart").expect("a waiter must not fail");
    assert_eq!(woken["state"], "reviewed", "after {:?}: {woken}", decided.elapsed());
}
