//! The store: opens a database, carries out commands and queries.

use std::{future::Future, path::PathBuf, sync::Arc};

use crate::{Error, Fault, Listener, Tx, migrate, postgres::Postgres, sqlite::Sqlite};

/// A write use case: loads, decides, persists, records. Runs in one transaction; may run again after a conflict, and must come to the same.
pub trait Command: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;

    /// Carries it out. May wait for nothing but the transaction.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Out, Error>> + Send;
}

/// A read use case, in one snapshot (SQLite) or one transaction (PostgreSQL) that can change nothing.
pub trait Query: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;

    /// Carries it out. May wait for nothing but the transaction.
    fn run(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Out, Error>> + Send;
}

/// Which database, and how it is used.
#[derive(Debug, Clone)]
pub enum Config {
    /// A file of this process.
    Sqlite {
        /// The file; its folder must exist.
        path: PathBuf,
        /// Whether a commit waits for the disk. Only tests turn it off.
        durable: bool,
    },
    /// A server that several replicas share.
    Postgres {
        /// `postgres://…`; a `search_path` may be given in `options`.
        url: String,
        /// Most connections of this replica.
        connections: usize,
    },
}

impl Config {
    /// A SQLite file, durable.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite { path: path.into(), durable: true }
    }

    /// A PostgreSQL server.
    pub fn postgres(url: impl Into<String>) -> Self {
        Self::Postgres { url: url.into(), connections: 32 }
    }
}

/// A database that commands and queries run on.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

/// How far a running backup has come.
#[derive(Debug, Clone, Copy)]
pub struct Backup {
    /// Pages copied.
    pub done: u64,
    /// Pages in all.
    pub pages: u64,
}

impl Store {
    /// Opens the database and brings its schema up to date. `listener` is told of wakes, those of other replicas among them.
    ///
    /// # Errors
    /// [`Fault::Unusable`] when the database is too old, too new, or served by another process; other faults as they come.
    pub async fn open(config: &Config, listener: Arc<dyn Listener>) -> Result<Self, Fault> {
        let store = Self::connect(config, listener, true).await?;
        migrate::run(&store).await?;
        if let Engine::Postgres(postgres) = &store.engine {
            postgres.start_herald();
        }
        Ok(store)
    }

    /// Opens the database beside a running server, for the operator's commands. The schema must be up to date.
    ///
    /// # Errors
    /// As [`Store::open`]; [`Fault::Unusable`] when the schema is not that of this version.
    pub async fn open_beside(config: &Config) -> Result<Self, Fault> {
        let store = Self::connect(config, Arc::new(()), false).await?;
        migrate::check(&store).await?;
        Ok(store)
    }

    async fn connect(config: &Config, listener: Arc<dyn Listener>, serves: bool) -> Result<Self, Fault> {
        let engine = match config {
            Config::Sqlite { path, durable } => Engine::Sqlite(Sqlite::open(path, *durable, serves, listener)?),
            Config::Postgres { url, connections } => Engine::Postgres(Postgres::open(url, *connections, listener).await?),
        };
        Ok(Self { engine })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Carries out a command in one transaction. An answer means that it is durable.
    ///
    /// # Errors
    /// The command's refusal, or a fault. After a fault other than [`Fault::Full`] it is not known whether the command took effect.
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Out, Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.write(command).await,
            Engine::Postgres(postgres) => postgres.write(command).await,
        }
    }

    /// Carries out a query.
    ///
    /// # Errors
    /// The query's refusal, or a fault.
    pub async fn read<Q: Query>(&self, query: Q) -> Result<Q::Out, Error> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.read(query).await,
            Engine::Postgres(postgres) => postgres.read(query).await,
        }
    }

    /// Numbers events that are committed and not yet part of their organization's log; answers how many. On SQLite there are never any: the writer seals before
    /// it commits.
    ///
    /// # Errors
    /// A fault; calling again later is safe.
    pub async fn seal(&self) -> Result<u64, Error> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(0),
            Engine::Postgres(postgres) => postgres.seal().await,
        }
    }

    /// Whether events are sealed by a worker after commit.
    #[must_use]
    pub fn needs_sealer(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Waits until the storage has failed in a way after which the process has to end. A commit that failed so may or may not have taken effect.
    pub async fn failed(&self) -> String {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.failed().await,
            Engine::Postgres(_) => std::future::pending().await,
        }
    }

    /// Copies the database to a file while it is in use.
    ///
    /// # Errors
    /// [`Fault::Unusable`] on PostgreSQL, which has its own tools; faults of either file.
    pub async fn backup(&self, to: PathBuf, progress: impl FnMut(Backup) + Send + 'static) -> Result<(), Fault> {
        match &self.engine {
            Engine::Sqlite(sqlite) => sqlite.backup(to, progress).await,
            Engine::Postgres(_) => Err(Fault::Unusable("a PostgreSQL database is backed up with pg_dump or pg_basebackup".into())),
        }
    }
}
