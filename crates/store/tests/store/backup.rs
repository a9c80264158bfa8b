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

/// Each step copies a part of the pages, and the server commits between any two: the copy ends all the same, and is of one moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_of_many_pages_ends_under_load() {
    let database = Database::open(Engine::Sqlite).await;
    let store = open(&database).await;
    let log = founded(&store, FOUNDED).await;
    let numbers = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5000)";
    database.execute(&format!("CREATE TABLE filler (x BLOB); INSERT INTO filler {numbers} SELECT randomblob(4000) FROM n")).await;
    let written_so_far = Arc::new(AtomicU64::new(0));
    let load = {
        let (store, count) = (store.clone(), Arc::clone(&written_so_far));
        tokio::spawn(async move {
            for n in 0.. {
                store.write(Write { log, n, end: End::Well }).await.unwrap();
                count.store(n, Ordering::SeqCst);
            }
        })
    };
    let to = database.path().with_file_name("copy.db");
    let count = Arc::clone(&written_so_far);
    let (mut last, mut steps) = (0, 0);
    let progress = move |step: signoff_store::Backup| {
        assert!(step.done >= last && step.pages > 5_000, "the copy began anew: {} after {last} of {}", step.done, step.pages);
        (last, steps) = (step.done, steps + 1);
        assert!(steps < 100, "the copy does not end");
        // The next step comes after another commit.
        let before = count.load(Ordering::SeqCst);
        while count.load(Ordering::SeqCst) < before + 2 {
            std::thread::yield_now();
        }
    };
    store.backup(to.clone(), progress).await.unwrap();
    load.abort();
    let copy = Store::open(&Config::Sqlite { path: to, durable: false }, Arc::new(())).await.unwrap();
    assert_eq!(sealed(&copy, log).await, written(&copy).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_fails_leaves_no_file() {
    let database = Database::open(Engine::Sqlite).await;
    let store = open(&database).await;
    let to = database.path().with_file_name("copy.db");
    std::fs::write(&to, "this is no database, and long enough to be seen as none: ".repeat(100)).unwrap();
    let failed = store.backup(to.clone(), |_| ()).await;
    assert!(failed.is_err());
    assert!(!to.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_has_its_own_tools() {
    let database = Database::open(Engine::Postgres).await;
    let refused = open(&database).await.backup("nowhere.db".into(), |_| ()).await;
    assert!(matches!(refused, Err(Fault::Unusable(why)) if why.contains("pg_dump")));
}
