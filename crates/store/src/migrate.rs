//! Brings a database to the schema of this version. Migrations only add (expand/contract): the previous version keeps working on the new schema, so that
//! replicas can be replaced one by one. A checksum tells when a migration was changed after it ran.

use sha2::{Digest, Sha256};

use crate::{Fault, Store, postgres::Postgres, store::Engine};

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../migrations/postgres/", $name, ".sql")),
        }),*]
    };
}

const MIGRATIONS: &[Migration] = migrations![1 "0001_core", 2 "0002_operations", 3 "0003_bound"];

const TABLE: &str =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version bigint NOT NULL PRIMARY KEY, name text NOT NULL, checksum text NOT NULL)";

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Carries out what is missing.
pub(crate) async fn run(store: &Store) -> Result<(), Fault> {
    match store.engine() {
        Engine::Sqlite(sqlite) => {
            sqlite
                .migrate(|connection| {
                    connection.execute_batch("BEGIN IMMEDIATE")?;
                    connection.execute_batch(&TABLE.replace("bigint", "INTEGER").replace("text", "TEXT"))?;
                    let applied = sqlite_applied(connection)?;
                    for migration in missing(&applied, |migration| migration.sqlite)? {
                        connection.execute_batch(migration.sqlite)?;
                        connection.execute(
                            "INSERT INTO schema_migrations (version, name, checksum) VALUES (?1, ?2, ?3)",
                            (migration.version, migration.name, checksum(migration.sqlite)),
                        )?;
                    }
                    connection.execute_batch("COMMIT")?;
                    Ok(())
                })
                .await
        }
        Engine::Postgres(postgres) => run_postgres(postgres).await,
    }
}

async fn run_postgres(postgres: &Postgres) -> Result<(), Fault> {
    let mut client = postgres.client().await?;
    // Two replicas that start at once may both make the table; the loser finds it there.
    if let Err(error) = client.batch_execute(TABLE).await {
        tracing::debug!(%error, "schema_migrations is being made by another replica");
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute("LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE").await?;
    let rows = transaction.query("SELECT version, checksum FROM schema_migrations ORDER BY version", &[]).await?;
    let applied = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<_>, tokio_postgres::Error>>()?;
    for migration in missing(&applied, |migration| migration.postgres)? {
        transaction.batch_execute(migration.postgres).await?;
        transaction
            .execute(
                "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                &[&migration.version, &migration.name, &checksum(migration.postgres)],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Fails unless nothing is missing.
pub(crate) async fn check(store: &Store) -> Result<(), Fault> {
    let missing = match store.engine() {
        Engine::Sqlite(sqlite) => {
            sqlite.migrate(|connection| Ok(missing(&sqlite_applied(connection)?, |migration| migration.sqlite)?.len())).await?
        }
        Engine::Postgres(postgres) => {
            let client = postgres.client().await?;
            let rows = client.query("SELECT version, checksum FROM schema_migrations ORDER BY version", &[]).await?;
            let applied =
                rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<Vec<_>, tokio_postgres::Error>>()?;
            missing(&applied, |migration| migration.postgres)?.len()
        }
    };
    if missing == 0 { Ok(()) } else { Err(Fault::Unusable(format!("{missing} migrations are missing: run `signoff migrate`"))) }
}

fn sqlite_applied(connection: &rusqlite::Connection) -> Result<Vec<(i64, String)>, Fault> {
    let mut statement = connection.prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn missing(applied: &[(i64, String)], text: impl Fn(&Migration) -> &'static str) -> Result<Vec<&'static Migration>, Fault> {
    for (version, sum) in applied {
        match MIGRATIONS.iter().find(|migration| migration.version == *version) {
            None => return Err(Fault::Unusable(format!("the database has migration {version}, which this version does not know"))),
            Some(migration) if checksum(text(migration)) != *sum => {
                return Err(Fault::Unusable(format!("migration {} was changed after it ran here", migration.name)));
            }
            Some(_) => {}
        }
    }
    Ok(MIGRATIONS.iter().filter(|migration| applied.iter().all(|(version, _)| *version != migration.version)).collect())
}
