//! The application: a store, those who wait, time and randomness, held together for the faces.

use std::{future::Future, sync::Arc, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{Moment, Timestamp};
use signoff_store::{Command, Config, Error, Fault, Query, Store, Wake};

use crate::{
    Environment, Idempotency,
    compiled::Compiled,
    hub::{Hub, Waiter},
    idempotent::Idempotent,
    identity::Identities,
};

/// After so long a waiter reads again even if nobody woke it: a wake from another replica may have been lost.
const SWEEP: Duration = Duration::from_secs(10);

/// The application. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    hub: Arc<Hub>,
    environment: Environment,
    compiled: Compiled,
    identities: Identities,
}

impl App {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open(config: &Config, environment: Environment) -> Result<Self, Fault> {
        let hub = Arc::new(Hub::default());
        let store = Store::open(config, Arc::<Hub>::clone(&hub)).await?;
        Ok(Self { store, hub, environment, compiled: Compiled::default(), identities: Identities::default() })
    }

    /// Opens the database beside a running server, for the operator's commands.
    ///
    /// # Errors
    /// As [`Store::open_beside`].
    pub async fn open_beside(config: &Config, environment: Environment) -> Result<Self, Fault> {
        let store = Store::open_beside(config).await?;
        Ok(Self { store, hub: Arc::default(), environment, compiled: Compiled::default(), identities: Identities::default() })
    }

    /// The store, for workers.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where waiters register.
    #[must_use]
    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    /// Compiled compiled.
    #[must_use]
    pub fn compiled(&self) -> Compiled {
        self.compiled.clone()
    }

    /// Known credentials, for a second at most.
    pub(crate) fn identities(&self) -> &Identities {
        &self.identities
    }

    /// The moment in which a command is carried out.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.environment.moment()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.environment.now()
    }

    /// Fresh random bytes, for secrets.
    #[must_use]
    pub fn random(&self) -> [u8; 32] {
        self.environment.random()
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write<C: Command>(&self, command: C) -> Result<C::Out, Error> {
        self.store.write(command).await
    }

    /// Carries out a command once for an idempotency key, if there is one.
    ///
    /// # Errors
    /// As [`Store::write`]; [`signoff_domain::Code::IdempotencyMismatch`] when the key was used for another request.
    pub async fn write_once<C>(&self, idempotency: Option<Idempotency>, command: C) -> Result<C::Out, Error>
    where
        C: Command,
        C::Out: Serialize + DeserializeOwned + Sync,
    {
        match idempotency {
            None => self.store.write(command).await,
            Some(idempotency) => self.store.write(Idempotent { idempotency, command, now: self.now() }).await,
        }
    }

    /// Carries out a query.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read<Q: Query>(&self, query: Q) -> Result<Q::Out, Error> {
        self.store.read(query).await
    }

    /// Reads, and reads again at each wake, until `done` says so or `patience` runs out; answers what was read last.
    ///
    /// # Errors
    /// Those of `read`.
    pub(crate) async fn wait<T, F>(&self, on: Wake, patience: Duration, read: impl Fn() -> F, done: impl Fn(&T) -> bool) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let until = tokio::time::Instant::now() + patience;
        let waiter = self.hub.register(on);
        loop {
            let mut woken = std::pin::pin!(waiter.woken());
            woken.as_mut().enable();
            let value = read().await?;
            if done(&value) || tokio::time::Instant::now() >= until {
                return Ok(value);
            }
            let pause = until.min(tokio::time::Instant::now() + SWEEP);
            // Either way the next thing is to read.
            let _ = tokio::time::timeout_at(pause, woken).await;
        }
    }

    /// Registers interest in something.
    #[must_use]
    pub fn register(&self, on: Wake) -> Waiter {
        self.hub.register(on)
    }
}
