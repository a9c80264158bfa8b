//! Statements that are put together: however many forms they take, a connection keeps a bounded number of them prepared.

use signoff_store::{Config, Error, Query, Sql, Store, Tx};
use signoff_testkit::{Database, Engine, Fixture};

struct Many(u32);

impl Query for Many {
    type Out = i64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        for n in 0..self.0 {
            let form = Sql { postgres: format!("SELECT {n}::bigint").leak(), sqlite: "" };
            assert_eq!(tx.opt(&form, &[], |row| row.get(0)).await?, Some(i64::from(n)));
        }
        let kept = Sql { postgres: "SELECT count(*) FROM pg_prepared_statements", sqlite: "" };
        Ok(tx.opt(&kept, &[], |row| row.get(0)).await?.unwrap_or(0))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_keeps_a_bounded_number_of_statements() {
    let database = Database::open(Engine::Postgres).await;
    let config = Config::Postgres { url: database.url().into(), connections: 2 };
    let store = Store::open(&config, std::sync::Arc::new(())).await.unwrap();
    let kept = store.read(Many(1_500)).await.unwrap();
    assert!((1..=512).contains(&kept), "{kept}");
}
