//! Many commands at once: those that fail take nothing of the others with them, and leave nothing behind.

use std::{
    collections::BTreeSet,
    panic,
    sync::{Arc, Mutex},
    time::Duration,
};

use signoff_domain::{Code, id::TaskId};
use signoff_store::{Command, Config, Error, Fault, Listener, Query, Store, Tx, Wake, organizations};
use signoff_testkit::{Database, Engine, Fixture, both};

use crate::kit::{End, FOUNDED, Write, founded, is_bug, open, open_wide, open_with, seal, sealed, written};

both!(Database:
    exactly_the_good_ones_are_acknowledged_and_there,
    a_rehearsal_is_answered_and_keeps_nothing,
    a_reader_changes_nothing,
    waiters_are_woken_after_the_commit_and_only_by_it,
    a_command_that_loses_a_race_runs_again,
    more_than_can_wait_is_refused_not_lost,
);

async fn exactly_the_good_ones_are_acknowledged_and_there(database: &Database) {
    // Four hundred panics would fill the output.
    panic::set_hook(Box::new(|_| ()));
    let store = open_wide(database, 16).await;
    let log = founded(&store, FOUNDED).await;
    let ends = [
        End::Well,
        End::Refuses,
        End::Panics,
        End::AwaitsSomethingForeign,
        End::Well,
        End::RecordsWhatNoLogCanHold,
        End::BreaksAConstraint,
        End::Refuses,
    ];
    let commands: Vec<_> = (0..400u64)
        .map(|n| {
            let (store, end) = (store.clone(), ends[usize::try_from(n).unwrap() % ends.len()]);
            (n, end, tokio::spawn(async move { store.write(Write { log, n, end }).await }))
        })
        .collect();
    let mut acknowledged = BTreeSet::new();
    for (n, end, command) in commands {
        let answer = command.await;
        // PostgreSQL runs commands on the caller's task: a panic is the caller's, and a wait holds up nobody else.
        let well = end == End::Well || (end == End::AwaitsSomethingForeign && database.engine() == Engine::Postgres);
        match (well, answer) {
            (true, Ok(Ok(out))) => {
                assert_eq!(out, n);
                acknowledged.insert(n);
            }
            (false, Ok(Err(Error::Refused(refusal)))) => assert_eq!((end, refusal.code), (End::Refuses, Code::ValidationError)),
            (false, Ok(Err(Error::Fault(Fault::NotUnique(_))))) => assert_eq!(end, End::BreaksAConstraint),
            (false, Ok(Err(error))) => {
                assert!(is_bug(&error), "{error}");
                assert!(matches!(end, End::Panics | End::AwaitsSomethingForeign | End::RecordsWhatNoLogCanHold), "{end:?}: {error}");
            }
            (false, Err(panicked)) => assert!(panicked.is_panic() && end == End::Panics && database.engine() == Engine::Postgres),
            (well, answer) => panic!("{n} {end:?} {well}: {:?}", answer.map(|answer| answer.map_err(|error| error.to_string()))),
        }
    }
    let _ = panic::take_hook();
    assert!(acknowledged.len() >= 100);
    assert_eq!(written(&store).await, acknowledged.iter().copied().collect::<Vec<_>>());
    seal(&store).await;
    assert_eq!(sealed(&store, log).await.into_iter().collect::<BTreeSet<_>>(), acknowledged);
}

async fn a_rehearsal_is_answered_and_keeps_nothing(database: &Database) {
    struct Rehearsed(Write);
    impl Command for Rehearsed {
        type Out = u64;
        async fn run(&self, tx: &mut Tx<'_>) -> Result<u64, Error> {
            tx.rehearse();
            self.0.run(tx).await
        }
    }
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let write = |n| Write { log, n, end: End::Well };
    let (first, rehearsed, second) = tokio::join!(store.write(write(1)), store.write(Rehearsed(write(2))), store.write(write(3)));
    assert_eq!((first.unwrap(), rehearsed.unwrap(), second.unwrap()), (1, 2, 3));
    assert_eq!(written(&store).await, [1, 3]);
    seal(&store).await;
    assert_eq!(sealed(&store, log).await.into_iter().collect::<BTreeSet<_>>(), [1, 3].into());
    // A command that fails in its rehearsal is refused all the same.
    assert!(store.write(Rehearsed(Write { log, n: 4, end: End::Refuses })).await.is_err());
    store.write(write(2)).await.unwrap();
}

async fn a_reader_changes_nothing(database: &Database) {
    struct Sly(u64);
    impl Query for Sly {
        type Out = ();
        async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
            let moment = crate::kit::moment(self.0);
            let row = organizations::Organization { id: moment.ids().draw(), name: self.0.to_string(), created_at: moment.now };
            organizations::insert(tx, &row).await
        }
    }
    let store = open(database).await;
    let refused = store.read(Sly(5)).await;
    assert!(matches!(refused, Err(Error::Fault(Fault::Database(_)))), "{refused:?}");
    assert_eq!(written(&store).await, Vec::<u64>::new());
    // The reader's connection is as good as before.
    let log = founded(&store, FOUNDED).await;
    store.write(Write { log, n: 6, end: End::Well }).await.unwrap();
    assert_eq!(written(&store).await, [6]);
}

#[derive(Default)]
struct Heard(Mutex<Vec<Wake>>);

impl Listener for Heard {
    fn wake(&self, wakes: &[Wake]) {
        self.0.lock().unwrap().extend_from_slice(wakes);
    }
}

async fn waiters_are_woken_after_the_commit_and_only_by_it(database: &Database) {
    struct Waking(TaskId, End);
    impl Command for Waking {
        type Out = ();
        async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
            tx.wake(Wake::Task(self.0));
            match self.1 {
                End::Well => Ok(()),
                _ => Err(signoff_domain::Refusal::new(Code::ValidationError, "No.").into()),
            }
        }
    }
    let heard = std::sync::Arc::new(Heard::default());
    let store = open_with(database, heard.clone()).await;
    let (good, bad) = (crate::kit::moment(1).ids().draw(), crate::kit::moment(2).ids().draw());
    assert!(store.write(Waking(bad, End::Refuses)).await.is_err());
    store.write(Waking(good, End::Well)).await.unwrap();
    for _ in 0..500 {
        if heard.0.lock().unwrap().contains(&Wake::Task(good)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let heard = heard.0.lock().unwrap();
    assert!(heard.contains(&Wake::Task(good)));
    assert!(!heard.contains(&Wake::Task(bad)));
}

/// Two commands that look before they insert: one of them meets the other's row.
async fn a_command_that_loses_a_race_runs_again(database: &Database) {
    struct InsertUnlessThere(u64);
    impl Command for InsertUnlessThere {
        type Out = bool;
        async fn run(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
            let moment = crate::kit::moment(self.0);
            let row = organizations::Organization { id: moment.ids().draw(), name: self.0.to_string(), created_at: moment.now };
            if organizations::get(tx, row.id).await?.is_some() {
                return Ok(false);
            }
            organizations::insert(tx, &row).await?;
            Ok(true)
        }
    }
    let store = open(database).await;
    for n in 0..20 {
        let both: Vec<_> = (0..4)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.write(InsertUnlessThere(n)).await.unwrap() })
            })
            .collect();
        let mut inserted = 0;
        for one in both {
            inserted += u32::from(one.await.unwrap());
        }
        assert_eq!(inserted, 1);
    }
}

async fn more_than_can_wait_is_refused_not_lost(database: &Database) {
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    let commands: Vec<_> = (0..6_000u64)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.write(Write { log, n, end: End::Well }).await })
        })
        .collect();
    let mut acknowledged = Vec::new();
    for (n, command) in (0..).zip(commands) {
        match command.await.unwrap() {
            Ok(_) => acknowledged.push(n),
            Err(Error::Fault(Fault::Full)) => {}
            Err(error) => panic!("{n}: {error}"),
        }
    }
    assert_eq!(written(&store).await, acknowledged);
}

/// The pool's connections and the one for wakes.
#[tokio::test]
async fn a_store_that_is_dropped_keeps_no_connection() {
    let database = Database::open(Engine::Postgres).await;
    let Config::Postgres { url, connections } = database.config() else { unreachable!("it is on PostgreSQL") };
    let name = format!("dropped_{}", std::process::id());
    let config = Config::Postgres { url: format!("{url}&application_name={name}"), connections };
    let open = async || database.column(&format!("SELECT pid FROM pg_stat_activity WHERE application_name = '{name}'")).await.len();
    let wakes = async || {
        let listening = format!("SELECT pid FROM pg_stat_activity WHERE application_name = '{name}' AND query LIKE '%pg_notify%'");
        database.column(&listening).await.len()
    };
    let store = Store::open(&config, Arc::new(())).await.unwrap();
    let started = tokio::time::Instant::now();
    while wakes().await == 0 {
        assert!(started.elapsed() < Duration::from_secs(10), "nobody listens");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(store);
    while open().await > 0 {
        assert!(started.elapsed() < Duration::from_secs(20), "a connection stays");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
