//! Migrations run once, in order, unchanged; and one server has one file.

use std::sync::Arc;

use signoff_store::{Config, Fault, Store};
use signoff_testkit::{Database, Engine, Fixture, both};

use crate::kit::{End, FOUNDED, Write, founded, open, written};

both!(Database:
    running_them_again_changes_nothing,
    one_that_was_changed_after_it_ran_is_refused,
    one_that_this_version_does_not_know_is_refused,
    an_operators_command_needs_the_schema_of_this_version,
    an_operators_command_works_beside_the_server,
);

fn refused(opened: Result<Store, Fault>) -> String {
    match opened {
        Err(Fault::Unusable(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was opened"),
    }
}

const APPLIED: &str = "SELECT version || ' ' || name || ' ' || checksum FROM schema_migrations ORDER BY version";

/// How many there are.
fn all() -> usize {
    std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite")).unwrap().count()
}

async fn running_them_again_changes_nothing(database: &Database) {
    let store = open(database).await;
    let log = founded(&store, FOUNDED).await;
    store.write(Write { log, n: 1, end: End::Well }).await.unwrap();
    let applied = database.column(APPLIED).await;
    assert_eq!(applied.len(), all());
    drop(store);
    let again = reopened(database).await.unwrap();
    assert_eq!(database.column(APPLIED).await, applied);
    assert_eq!(written(&again).await, [1]);
}

/// A file's lock is free when the last reader's thread has ended, which takes a moment.
async fn reopened(database: &Database) -> Result<Store, Fault> {
    for _ in 0..200 {
        match Store::open(&database.config(), Arc::new(())).await {
            Err(Fault::Unusable(why)) if why.contains("another server") => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
            opened => return opened,
        }
    }
    panic!("the file is still locked");
}

async fn one_that_was_changed_after_it_ran_is_refused(database: &Database) {
    drop(open(database).await);
    database.execute("UPDATE schema_migrations SET checksum = 'another'").await;
    assert_eq!(refused(reopened(database).await), "migration 0001_core was changed after it ran here");
    assert!(refused(Store::open_beside(&database.config()).await).contains("was changed"));
}

async fn one_that_this_version_does_not_know_is_refused(database: &Database) {
    drop(open(database).await);
    database.execute("INSERT INTO schema_migrations (version, name, checksum) VALUES (9000, '9000_later', 'x')").await;
    assert_eq!(refused(reopened(database).await), "the database has migration 9000, which this version does not know");
}

async fn an_operators_command_needs_the_schema_of_this_version(database: &Database) {
    drop(open(database).await);
    database.execute("DELETE FROM schema_migrations").await;
    assert!(refused(Store::open_beside(&database.config()).await).contains("signoff migrate"));
}

async fn an_operators_command_works_beside_the_server(database: &Database) {
    let server = open(database).await;
    let beside = Store::open_beside(&database.config()).await.unwrap();
    let log = founded(&beside, FOUNDED).await;
    tokio::join!(async { server.write(Write { log, n: 1, end: End::Well }).await.unwrap() }, async {
        beside.write(Write { log, n: 2, end: End::Well }).await.unwrap()
    },);
    assert_eq!((written(&server).await, written(&beside).await), (vec![1, 2], vec![1, 2]));
}

#[tokio::test]
async fn a_second_server_on_the_same_file_is_refused() {
    let database = Database::open(Engine::Sqlite).await;
    let first = open(&database).await;
    assert!(refused(Store::open(&database.config(), Arc::new(())).await).contains("another server uses this database"));
    let log = founded(&first, FOUNDED).await;
    first.write(Write { log, n: 1, end: End::Well }).await.unwrap();
}

#[tokio::test]
async fn replicas_that_start_at_once_migrate_once() {
    let database = Database::open(Engine::Postgres).await;
    let starts: Vec<_> = (0..4)
        .map(|_| {
            let config = database.config();
            tokio::spawn(async move { Store::open(&config, Arc::new(())).await.map(drop) })
        })
        .collect();
    for start in starts {
        start.await.unwrap().unwrap();
    }
    assert_eq!(database.column(APPLIED).await.len(), all());
}

#[tokio::test]
async fn what_cannot_be_a_database_is_told_in_words() {
    let database = Database::open(Engine::Sqlite).await;
    std::fs::write(database.path(), "this is not a database, and long enough to be looked at closely ".repeat(64)).unwrap();
    assert!(Store::open(&database.config(), Arc::new(())).await.is_err());
    let nowhere = Config::Sqlite { path: database.path().join("no/such/folder.db"), durable: false };
    assert!(refused(Store::open(&nowhere, Arc::new(())).await).contains("folder.lock"));
    assert!(refused(Store::open(&Config::postgres("postgres//x"), Arc::new(())).await).contains("database URL"));
}
