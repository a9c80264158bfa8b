//! PostgreSQL: pooled connections, READ COMMITTED, commands that run again after a conflict; wakes between replicas.

use std::{str::FromStr, sync::Arc, time::Duration};

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::{IsolationLevel, Statement as Prepared, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Command, Error, Fault, Listener, Query, Tx, Wake, log, tx::Engine};

mod herald;

/// How often a command runs again after conflicts before the caller is told.
const AGAIN: u32 = 5;
/// Statements that a connection keeps prepared: more than this program has, less than all forms that the filters of lists can take.
const STATEMENTS: usize = 512;
/// Oldest server version: 15.
const OLDEST: i64 = 150_000;

/// An open PostgreSQL database.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    herald: Arc<herald::Herald>,
}

impl Postgres {
    pub(crate) async fn open(url: &str, connections: usize, listener: Arc<dyn Listener>) -> Result<Self, Fault> {
        let config = tokio_postgres::Config::from_str(url).map_err(|error| Fault::Unusable(format!("database URL: {error}")))?;
        let tls = tls(&config)?;
        let manager = Manager::from_config(config.clone(), tls.clone(), ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(5)))
            .build()
            .map_err(|error| Fault::Unusable(error.to_string()))?;
        let postgres = Self { pool, herald: Arc::new(herald::Herald::new(config, tls, listener)) };
        postgres.check_server().await?;
        Ok(postgres)
    }

    /// Starts listening to other replicas and telling them. Ends with the last clone of the store.
    pub(crate) fn start_herald(&self) {
        self.herald.start();
    }

    async fn check_server(&self) -> Result<(), Fault> {
        let client = self.client().await?;
        let row = client
            .query_one(
                "SELECT current_setting('server_version_num')::bigint, current_setting('fsync'), current_setting('full_page_writes'), \
                 current_setting('synchronous_commit'), pg_is_in_recovery()",
                &[],
            )
            .await?;
        let (version, recovering): (i64, bool) = (row.try_get(0)?, row.try_get(4)?);
        if version < OLDEST {
            return Err(Fault::Unusable(format!("PostgreSQL 15 or later is needed; the server is {version}")));
        }
        if recovering {
            return Err(Fault::Unusable("the server is a read-only replica".into()));
        }
        for (i, name) in [(1, "fsync"), (2, "full_page_writes"), (3, "synchronous_commit")] {
            if row.try_get::<_, String>(i)? == "off" {
                tracing::warn!(setting = name, "the database may lose what it has confirmed");
            }
        }
        Ok(())
    }

    pub(crate) async fn client(&self) -> Result<deadpool_postgres::Object, Fault> {
        self.pool.get().await.map_err(|error| match error {
            deadpool_postgres::PoolError::Timeout(_) => Fault::Full,
            other => Fault::Database(other.to_string()),
        })
    }

    pub(crate) async fn write<C: Command>(&self, command: C) -> Result<C::Out, Error> {
        let mut runs = 0;
        loop {
            runs += 1;
            match self.write_once(&command).await {
                Err(Error::Fault(Fault::Conflict(_) | Fault::NotUnique(_))) if runs < AGAIN => {}
                done => return done,
            }
        }
    }

    async fn write_once<C: Command>(&self, command: &C) -> Result<C::Out, Error> {
        let mut client = self.client().await?;
        let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
        let mut tx = Tx::new(Engine::Postgres(&transaction));
        let out = command.run(&mut tx).await;
        let rehearsal = tx.is_rehearsal();
        let finished = tx.finish();
        let (out, aftermath) = match out.and_then(|out| Ok((out, finished?))) {
            Ok(done) => done,
            Err(error) => {
                transaction.rollback().await?;
                return Err(error);
            }
        };
        if rehearsal {
            transaction.rollback().await?;
            return Ok(out);
        }
        log::insert_unsealed(&transaction, &aftermath.entries).await?;
        transaction.commit().await?;
        let sealer = (!aftermath.entries.is_empty()).then_some(Wake::Sealer);
        self.herald.wake(aftermath.wakes.into_iter().chain(sealer).collect());
        Ok(out)
    }

    pub(crate) async fn read<Q: Query>(&self, query: Q) -> Result<Q::Out, Error> {
        let mut client = self.client().await?;
        let transaction = client.build_transaction().read_only(true).start().await?;
        let mut tx = Tx::new(Engine::Postgres(&transaction));
        let out = query.run(&mut tx).await;
        transaction.rollback().await?;
        out
    }

    pub(crate) async fn seal(&self) -> Result<u64, Error> {
        let mut client = self.client().await?;
        let mut sealed = 0;
        for organization in log::unsealed_organizations(&client).await? {
            let transaction = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start().await?;
            let count = log::seal(&transaction, organization).await?;
            transaction.commit().await?;
            if count > 0 {
                self.herald.wake(vec![Wake::Feed(organization)]);
            }
            sealed += count;
        }
        Ok(sealed)
    }
}

/// The statement, prepared once on each connection, as long as there are not too many.
pub(crate) async fn prepare(transaction: &deadpool_postgres::Transaction<'_>, text: &str) -> Result<Prepared, Error> {
    if transaction.statement_cache.size() >= STATEMENTS {
        transaction.statement_cache.clear();
    }
    Ok(transaction.prepare_cached(text).await?)
}

fn tls(config: &tokio_postgres::Config) -> Result<MakeRustlsConnect, Fault> {
    let mut roots = RootCertStore::empty();
    if config.get_ssl_mode() != SslMode::Disable {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Fault::Unusable(error.to_string()))?;
    Ok(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}
