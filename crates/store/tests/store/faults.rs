//! What the storage does to a group of commands (SQLite): when it undoes the transaction of all of them, none is acknowledged and none is there.

use std::time::Duration;

use signoff_domain::id::OrganizationId;
use signoff_store::{Command, Error, Fault, Sql, Store, Tx};
use signoff_testkit::{Database, Engine, Fixture};

use crate::kit::{End, FOUNDED, Write, founded, open, sealed, written};

/// Holds up the writer, so that what comes meanwhile is carried out as one group.
struct Slow;

impl Command for Slow {
    type Out = ();

    async fn run(&self, _: &mut Tx<'_>) -> Result<(), Error> {
        std::thread::sleep(Duration::from_millis(300));
        Ok(())
    }
}

/// Lets the file grow by no more than some pages, and then writes until it is full.
struct Fill(OrganizationId);

impl Command for Fill {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let pages: Option<i64> = tx.opt(&pragma("PRAGMA page_count"), &[], |row| row.get(0)).await?;
        let most = format!("PRAGMA max_page_count = {}", pages.unwrap() + 20);
        let set: Option<i64> = tx.opt(&pragma(most.leak()), &[], |row| row.get(0)).await?;
        assert_eq!(set, pages.map(|pages| pages + 20));
        for n in 100_000.. {
            Write { log: self.0, n, end: End::Well }.run(tx).await?;
        }
        Ok(())
    }
}

fn pragma(text: &'static str) -> Sql {
    Sql { postgres: "", sqlite: text }
}

struct Pragma(&'static str);

impl Command for Pragma {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        tx.opt(&pragma(self.0), &[], |_| Ok(())).await.map(|_| ())
    }
}

/// Fails as a command does whose statement met a broken disk.
struct Broken;

impl Command for Broken {
    type Out = u64;

    async fn run(&self, _: &mut Tx<'_>) -> Result<u64, Error> {
        Err(Fault::Broken("disk I/O error".into()).into())
    }
}

/// A store whose writer is held up for a while.
async fn held_up(database: &Database) -> (Store, OrganizationId) {
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let slow = store.clone();
    tokio::spawn(async move { slow.write(Slow).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    (store, log)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_undoes_all_that_was_to_commit_together_and_nobody_is_told_otherwise() {
    let database = Database::open(Engine::Sqlite).await;
    let (store, log) = held_up(&database).await;
    let write = |n| store.write(Write { log, n, end: End::Well });
    let (before, full, after) = tokio::join!(write(1), store.write(Fill(log)), write(2));
    for answer in [before.map(|_| ()), full] {
        assert!(matches!(&answer, Err(Error::Fault(Fault::Database(why))) if why.contains("full")), "{answer:?}");
    }
    // What was carried out after it is a group of its own, whole or not at all.
    assert_eq!(after.unwrap(), 2);
    assert_eq!((written(&store).await, sealed(&store, log).await), (vec![2], vec![2]));
    // Where there is room again the writer goes on.
    store.write(Pragma("PRAGMA max_page_count = 1000000")).await.unwrap();
    write(3).await.unwrap();
    assert_eq!((written(&store).await, sealed(&store, log).await), (vec![2, 3], vec![2, 3]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_that_meets_a_broken_disk_ends_the_writer() {
    let database = Database::open(Engine::Sqlite).await;
    let (store, log) = held_up(&database).await;
    let write = |n| store.write(Write { log, n, end: End::Well });
    let (before, broken, after) = tokio::join!(write(1), store.write(Broken), write(2));
    for answer in [before, broken, after] {
        assert!(matches!(answer, Err(Error::Fault(Fault::Broken(_)))), "{answer:?}");
    }
    let why = tokio::time::timeout(Duration::from_secs(5), store.failed()).await.unwrap();
    assert!(why.contains("disk I/O error"), "{why}");
    assert!(matches!(write(3).await, Err(Error::Fault(Fault::Broken(_)))));
    assert_eq!(written(&store).await, Vec::<u64>::new());
}
