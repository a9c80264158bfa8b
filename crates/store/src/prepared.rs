//! Every statement is prepared on both engines, and the two schemas are compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use tokio_postgres::NoTls;

use crate::{
    absences, assignments, attempts, batches, clocks, comments, contents, credentials, holdings, idempotency, invitations, leases, log,
    members, offers, organizations, queues, reasons, resources, reviews, routing_facts, routings, sessions, sql::Sql, tasks, timers,
    workloads,
};

fn all() -> Vec<(&'static str, Sql)> {
    [
        absences::ALL,
        assignments::ALL,
        attempts::ALL,
        batches::ALL,
        clocks::ALL,
        comments::ALL,
        contents::ALL,
        credentials::ALL,
        holdings::ALL,
        idempotency::ALL,
        invitations::ALL,
        leases::ALL,
        log::ALL,
        log::HEADS,
        members::ALL,
        offers::ALL,
        organizations::ALL,
        queues::ALL,
        reasons::ALL,
        resources::ALL,
        reviews::ALL,
        routing_facts::ALL,
        routings::ALL,
        sessions::ALL,
        tasks::ALL,
        timers::ALL,
        workloads::ALL,
    ]
    .concat()
}

fn sqlite() -> rusqlite::Connection {
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    for migration in [
        include_str!("../migrations/sqlite/0001_core.sql"),
        include_str!("../migrations/sqlite/0002_operations.sql"),
        include_str!("../migrations/sqlite/0003_bound.sql"),
    ] {
        connection.execute_batch(migration).unwrap();
    }
    connection
}

/// A connection to an empty schema with the tables in it; everything is undone with the connection.
async fn postgres() -> tokio_postgres::Client {
    let url = std::env::var("SIGNOFF_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
        let output = Command::new(script).arg("start").output().unwrap();
        assert!(output.status.success(), "scripts/postgres: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    });
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let schema = format!("prepared_{}", std::process::id());
    client.batch_execute(&format!("BEGIN; CREATE SCHEMA {schema}; SET LOCAL search_path TO {schema}")).await.unwrap();
    for migration in [
        include_str!("../migrations/postgres/0001_core.sql"),
        include_str!("../migrations/postgres/0002_operations.sql"),
        include_str!("../migrations/postgres/0003_bound.sql"),
    ] {
        client.batch_execute(migration).await.unwrap();
    }
    client
}

#[tokio::test]
async fn every_statement_prepares_on_both_engines_with_as_many_parameters_and_columns() {
    let (sqlite, postgres) = (sqlite(), postgres().await);
    for (name, sql) in all() {
        let lite = sqlite.prepare(sql.sqlite).unwrap_or_else(|error| panic!("{name} on SQLite: {error}\n{}", sql.sqlite));
        let pg = postgres.prepare(sql.postgres).await.unwrap_or_else(|error| panic!("{name} on PostgreSQL: {error:?}\n{}", sql.postgres));
        assert_eq!(lite.parameter_count(), pg.params().len(), "{name}: parameters");
        assert_eq!(lite.column_count(), pg.columns().len(), "{name}: columns");
    }
    for (name, pg, lite) in log::ONE_ENGINE {
        if let Some(text) = pg {
            postgres.prepare(text).await.unwrap_or_else(|error| panic!("{name} on PostgreSQL: {error:?}"));
        }
        if let Some(text) = lite {
            sqlite.prepare(text).unwrap_or_else(|error| panic!("{name} on SQLite: {error}"));
        }
    }
}

/// Tables with their columns, and whether each may be null.
type Schema = BTreeMap<String, BTreeMap<String, bool>>;

fn sqlite_schema(connection: &rusqlite::Connection) -> (Schema, BTreeSet<String>) {
    let mut tables = connection
        .prepare("SELECT m.name, c.name, c.\"notnull\" FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'")
        .unwrap();
    let mut schema = Schema::new();
    let mut rows = tables.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        schema.entry(row.get(0).unwrap()).or_default().insert(row.get(1).unwrap(), row.get::<_, i64>(2).unwrap() == 0);
    }
    let mut indexes = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").unwrap();
    let indexes = indexes.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    (schema, indexes)
}

async fn postgres_schema(client: &tokio_postgres::Client) -> (Schema, BTreeSet<String>) {
    let columns = client
        .query("SELECT table_name::text, column_name::text, is_nullable::text FROM information_schema.columns WHERE table_schema = current_schema()", &[])
        .await
        .unwrap();
    let mut schema = Schema::new();
    for row in &columns {
        schema.entry(row.get(0)).or_default().insert(row.get(1), row.get::<_, String>(2) == "YES");
    }
    let indexes = client
        .query("SELECT indexname::text FROM pg_indexes WHERE schemaname = current_schema() AND indexname NOT LIKE '%\\_pkey'", &[])
        .await
        .unwrap();
    (schema, indexes.iter().map(|row| row.get(0)).collect())
}

#[tokio::test]
async fn the_two_schemas_have_the_same_tables_columns_nulls_and_indexes() {
    let (mut lite, mut lite_indexes) = sqlite_schema(&sqlite());
    let (mut pg, mut pg_indexes) = postgres_schema(&postgres().await).await;
    // On PostgreSQL events are there before they are numbered.
    let events = pg.get_mut("events").unwrap();
    assert_eq!(events.remove("ord"), Some(false));
    for column in ["seq", "leaf"] {
        assert_eq!(events.insert(column.into(), false), Some(true), "events.{column} is null until it is sealed");
    }
    for index in ["events_seq", "events_unsealed"] {
        assert!(pg_indexes.remove(index), "{index}");
    }
    lite.retain(|table, _| !table.starts_with("sqlite_"));
    lite_indexes.retain(|index| !index.starts_with("sqlite_"));
    assert_eq!(lite, pg);
    assert_eq!(lite_indexes, pg_indexes);
}
