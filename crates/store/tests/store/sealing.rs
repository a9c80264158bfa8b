//! Sealing: every committed event gets its number, without gaps, in the order in which it became visible, whoever seals.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signoff_domain::id::OrganizationId;
use signoff_store::{Command, Error, Query, Store, Tx, log};
use signoff_testkit::{Database, Engine, Fixture, both};

use crate::kit::{End, FOUNDED, Write, event, founded, open, seal, sealed};

both!(Database:
    numbers_have_no_gaps_with_many_writers,
    each_writer_finds_its_events_in_its_own_order,
    a_number_that_was_seen_stays_and_nothing_comes_before_it,
    every_organization_has_its_own_numbers,
    inner_nodes_are_kept_for_the_tiles,
);

/// Seals without a pause until told to stop.
fn sealer(store: &Store, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<()> {
    let (store, stop) = (store.clone(), Arc::clone(stop));
    tokio::spawn(async move {
        while !stop.load(Ordering::SeqCst) {
            store.seal().await.unwrap();
            tokio::task::yield_now().await;
        }
    })
}

async fn numbers_have_no_gaps_with_many_writers(database: &Database) {
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let stop = Arc::new(AtomicBool::new(false));
    let sealers = [sealer(&store, &stop), sealer(&store, &stop)];
    write_all(&store, log, 0..300).await;
    stop.store(true, Ordering::SeqCst);
    for sealer in sealers {
        sealer.await.unwrap();
    }
    seal(&store).await;
    assert_eq!(sealed(&store, log).await.into_iter().collect::<BTreeSet<_>>(), (0..300).collect());
}

async fn write_all(store: &Store, log: OrganizationId, numbers: std::ops::Range<u64>) {
    let writes: Vec<_> = numbers
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.write(Write { log, n, end: End::Well }).await.unwrap() })
        })
        .collect();
    for write in writes {
        write.await.unwrap();
    }
}

async fn each_writer_finds_its_events_in_its_own_order(database: &Database) {
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let stop = Arc::new(AtomicBool::new(false));
    let sealer = sealer(&store, &stop);
    let writers: Vec<_> = (0..6u64)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for n in 0..40 {
                    store.write(Write { log, n: writer * 1_000 + n, end: End::Well }).await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    stop.store(true, Ordering::SeqCst);
    sealer.await.unwrap();
    seal(&store).await;
    let mut by_writer: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for n in sealed(&store, log).await {
        by_writer.entry(n / 1_000).or_default().push(n % 1_000);
    }
    assert_eq!(by_writer.len(), 6);
    for numbers in by_writer.values() {
        assert_eq!(*numbers, (0..40).collect::<Vec<_>>());
    }
}

/// What a stream relies on: who has read up to a number misses nothing by going on after it.
async fn a_number_that_was_seen_stays_and_nothing_comes_before_it(database: &Database) {
    struct After(OrganizationId, i64);
    impl Query for After {
        type Out = Vec<(i64, String)>;
        async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
            log::entries(tx, self.0, self.1, i64::MAX, i64::MAX).await
        }
    }
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let stop = Arc::new(AtomicBool::new(false));
    let sealer = sealer(&store, &stop);
    let reader = {
        let store = store.clone();
        tokio::spawn(async move {
            let mut seen: Vec<(i64, String)> = Vec::new();
            while seen.len() < 250 {
                seen.extend(store.read(After(log, i64::try_from(seen.len()).unwrap())).await.unwrap());
            }
            seen
        })
    };
    write_all(&store, log, 0..250).await;
    let seen = reader.await.unwrap();
    stop.store(true, Ordering::SeqCst);
    sealer.await.unwrap();
    assert_eq!(seen, store.read(After(log, 0)).await.unwrap());
    assert_eq!(sealed(&store, log).await.len(), 250);
}

async fn every_organization_has_its_own_numbers(database: &Database) {
    struct Several(Vec<OrganizationId>, u64);
    impl Command for Several {
        type Out = ();
        async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
            tx.record(self.0.iter().map(|log| event(*log, self.1)));
            Ok(())
        }
    }
    let store = open(database).await;
    let mut logs = Vec::new();
    for n in 0..5 {
        logs.push(founded(&store, FOUNDED + n).await);
    }
    for n in 0..30u64 {
        // Each organization takes part in another share of the commands.
        let part = logs.iter().enumerate().filter(|(i, _)| n % (*i as u64 + 1) == 0).map(|(_, log)| *log).collect();
        store.write(Several(part, n)).await.unwrap();
    }
    seal(&store).await;
    for (i, log) in logs.iter().enumerate() {
        let expected: Vec<_> = (0..30).filter(|n| n % (i as u64 + 1) == 0).collect();
        assert_eq!(sealed(&store, *log).await, expected);
    }
}

async fn inner_nodes_are_kept_for_the_tiles(database: &Database) {
    struct Nodes(OrganizationId);
    impl Query for Nodes {
        type Out = (usize, usize);
        async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
            Ok((log::nodes(tx, self.0, 8, 0, 1_000).await?.len(), log::nodes(tx, self.0, 16, 0, 1_000).await?.len()))
        }
    }
    struct Bulk(OrganizationId, u64);
    impl Command for Bulk {
        type Out = ();
        async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
            tx.record((0..self.1).map(|n| event(self.0, n)));
            Ok(())
        }
    }
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    store.write(Bulk(log, 1_000)).await.unwrap();
    seal(&store).await;
    assert_eq!(store.read(Nodes(log)).await.unwrap(), (3, 0));
    assert_eq!(sealed(&store, log).await, (0..1_000).collect::<Vec<_>>());
}

/// Two replicas, each with its sealer and its writers, on one database.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_seal_one_log_without_gaps() {
    let database = Database::open(Engine::Postgres).await;
    let replicas = [open(&database).await, open(&database).await];
    let log = founded(&replicas[0], FOUNDED).await;
    let stop = Arc::new(AtomicBool::new(false));
    let sealers: Vec<_> = replicas.iter().chain(&replicas).map(|store| sealer(store, &stop)).collect();
    let [first, second] = &replicas;
    tokio::join!(write_all(first, log, 0..200), write_all(second, log, 200..400));
    stop.store(true, Ordering::SeqCst);
    for sealer in sealers {
        sealer.await.unwrap();
    }
    seal(&replicas[0]).await;
    for store in &replicas {
        assert_eq!(sealed(store, log).await.into_iter().collect::<BTreeSet<_>>(), (0..400).collect());
    }
}
