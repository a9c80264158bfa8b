//! A backup of a database in use is a whole database.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use signoff_store::{Config, Fault, Store};
use signoff_testkit::{Database, Engine, Fixture};

use crate::kit::{End, FOUNDED, Write, founded, open, sealed, written};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_opens_and_its_log_verifies() {
    let database = Database::open(Engine::Sqlite).await;
    let store = open(&database).await;
    let log = founded(&store, FOUNDED).await;
    let (stop, written_so_far) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let load = {
        let (store, stop, count) = (store.clone(), Arc::clone(&stop), Arc::clone(&written_so_far));
        tokio::spawn(async move {
            let mut n = 0;
            while !stop.load(Ordering::SeqCst) {
                store.write(Write { log, n, end: End::Well }).await.unwrap();
                n += 1;
                count.store(n, Ordering::SeqCst);
            }
        })
    };
    while written_so_far.load(Ordering::SeqCst) < 200 {
        tokio::task::yield_now().await;
    }
    let before = written_so_far.load(Ordering::SeqCst);
    let to = database.path().with_file_name("copy.db");
    let steps = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&steps);
    let progress = move |step: signoff_store::Backup| {
        assert!(step.done <= step.pages);
        seen.fetch_add(1, Ordering::SeqCst);
    };
    store.backup(to.clone(), progress).await.unwrap();
    stop.store(true, Ordering::SeqCst);
    load.await.unwrap();
    assert!(steps.load(Ordering::SeqCst) > 0);
    // One file is the whole of it.
    assert!(!to.with_extension("db-wal").exists());

    let copy = Store::open(&Config::Sqlite { path: to, durable: false }, Arc::new(())).await.unwrap();
    let there = written(&copy).await;
    assert!(there.len() as u64 >= before, "what was written before the backup began is in it");
    assert_eq!(there, (0..there.len() as u64).collect::<Vec<_>>());
    assert_eq!(sealed(&copy, log).await, there);
    // The copy goes on where it was.
    copy.write(Write { log, n: 500_000, end: End::Well }).await.unwrap();
    assert_eq!(sealed(&copy, log).await.last(), Some(&500_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_has_its_own_tools() {
    let database = Database::open(Engine::Postgres).await;
    let refused = open(&database).await.backup("nowhere.db".into(), |_| ()).await;
    assert!(matches!(refused, Err(Fault::Unusable(why)) if why.contains("pg_dump")));
}
