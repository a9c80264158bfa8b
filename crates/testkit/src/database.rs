//! A fresh database of either engine, gone at the end of the test.

use std::{
    path::PathBuf,
    process::Command,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use signoff_store::Config;
use tempfile::TempDir;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::Fixture;

/// Most connections of one replica: each test has a pool of its own, and several tests run at once.
const CONNECTIONS: usize = 8;

/// On which database a test runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A schema of its own on the server for tests.
    Postgres,
}

/// A fresh, empty database.
#[derive(Debug)]
pub struct Database {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite(TempDir),
    Postgres { url: String, schema: String },
}

impl Fixture for Database {
    /// # Panics
    /// Where there is no PostgreSQL; the message says what to install.
    async fn open(engine: Engine) -> Self {
        let kind = match engine {
            Engine::Sqlite => Kind::Sqlite(tempfile::tempdir().unwrap()),
            Engine::Postgres => {
                let schema = fresh_name();
                execute_on(server(), &format!("CREATE SCHEMA {schema}")).await;
                let separator = if server().contains('?') { '&' } else { '?' };
                Kind::Postgres { url: format!("{}{separator}options=-csearch_path%3D{schema}", server()), schema }
            }
        };
        Self { kind }
    }

    async fn close(self) {
        drop(self);
    }
}

impl Database {
    /// On which engine it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.kind {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres { .. } => Engine::Postgres,
        }
    }

    /// How the store opens it. Commits on SQLite do not wait for the disk.
    #[must_use]
    pub fn config(&self) -> Config {
        match &self.kind {
            Kind::Sqlite(_) => Config::Sqlite { path: self.path(), durable: false },
            Kind::Postgres { url, .. } => Config::Postgres { url: url.clone(), connections: CONNECTIONS },
        }
    }

    /// The file (SQLite).
    ///
    /// # Panics
    /// On PostgreSQL.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        let Kind::Sqlite(folder) = &self.kind else { panic!("PostgreSQL has no file") };
        folder.path().join("signoff.db")
    }

    /// Where it is (PostgreSQL): a URL whose `search_path` is the test's schema.
    ///
    /// # Panics
    /// On SQLite.
    #[must_use]
    pub fn url(&self) -> &str {
        let Kind::Postgres { url, .. } = &self.kind else { panic!("SQLite has no URL") };
        url
    }

    /// Carries out statements past the store.
    pub async fn execute(&self, sql: &str) {
        match &self.kind {
            Kind::Sqlite(_) => self.sqlite().execute_batch(sql).unwrap(),
            Kind::Postgres { url, .. } => {
                execute_on(url, sql).await;
            }
        }
    }

    /// The first column of what a query past the store answers, as text; `null` is the empty text.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        match &self.kind {
            Kind::Sqlite(_) => {
                let connection = self.sqlite();
                let mut statement = connection.prepare(sql).unwrap();
                let read = |row: &rusqlite::Row<'_>| {
                    Ok(match row.get::<_, rusqlite::types::Value>(0)? {
                        rusqlite::types::Value::Null => String::new(),
                        rusqlite::types::Value::Integer(number) => number.to_string(),
                        rusqlite::types::Value::Real(number) => number.to_string(),
                        rusqlite::types::Value::Text(text) => text,
                        rusqlite::types::Value::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
                    })
                };
                statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
            }
            Kind::Postgres { url, .. } => execute_on(url, sql).await,
        }
    }

    fn sqlite(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.path()).unwrap();
        connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        connection
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Kind::Postgres { schema, .. } = &self.kind else { return };
        // A worker that is still at it holds locks for some milliseconds; a schema that stays behind is no reason to wait for long.
        let sql = format!("SET lock_timeout = '5s'; SET client_min_messages = error; DROP SCHEMA IF EXISTS {schema} CASCADE");
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute_on(server(), &sql));
        };
        // The test's own runtime cannot be waited for from here.
        let dropped = std::thread::spawn(work).join().is_ok();
        assert!(dropped || std::thread::panicking(), "the schema {schema} was left behind");
    }
}

/// Carries out statements on a connection of their own; answers the first column of the rows.
async fn execute_on(url: &str, sql: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    let messages = client.simple_query(sql).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let rows = messages.into_iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
        _ => None,
    });
    rows.collect()
}

#[expect(clippy::disallowed_methods, reason = "a name that no other run of the tests has")]
fn fresh_name() -> String {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    format!("test_{nanos:x}_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed))
}

/// The server for tests: the one that is named, or the private one of `scripts/postgres`.
fn server() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var("SIGNOFF_TEST_POSTGRES_URL").unwrap_or_else(|_| {
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
            let started = Command::new(script).arg("start").output().unwrap();
            let said = String::from_utf8_lossy(&started.stderr);
            assert!(
                started.status.success(),
                "PostgreSQL for tests does not start. Install it, or set SIGNOFF_TEST_POSTGRES_URL to a database.\n{said}"
            );
            String::from_utf8(started.stdout).unwrap().trim().to_owned()
        })
    })
}
