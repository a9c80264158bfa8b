//! What tests run on: a server of either engine with a clock that the test moves, two organizations, and a way to ask it.
//!
//! A test is an `async fn rule(server: &TestServer)`; [`both!`] at the end of its file runs it on SQLite and on PostgreSQL. [`TestServer`] listens on a loopback
//! port of its own, over a database of its own: [`Database`]. Requests are made with the methods of [`Replica`] and come back as [`Answer`]s. Nothing here asserts
//! a rule of Signoff; that is what the tests do.

#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test ends where something is missing")]

mod answer;
mod database;
mod environment;
mod organization;
mod server;

pub use answer::Answer;
pub use database::{Database, Engine};
pub use environment::{MockClock, START, SeededEntropy};
pub use organization::{Organization, Person};
pub use server::{Fixture, PASSWORD, Replica, Request, TestServer, Who, id};

/// Runs tests once on each engine: `both!(TestServer: a_rule, another_rule);`. What they take, a [`Fixture`] in scope by its name, is opened for each and closed
/// after it.
#[macro_export]
macro_rules! both {
    ($fixture:ident: $($name:ident),* $(,)?) => {
        $crate::both!(@engine sqlite Sqlite $fixture $($name)*);
        $crate::both!(@engine postgres Postgres $fixture $($name)*);
    };
    (@engine $module:ident $engine:ident $fixture:ident $($name:ident)*) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let fixture = <super::$fixture as $crate::Fixture>::open($crate::Engine::$engine).await;
                    super::$name(&fixture).await;
                    $crate::Fixture::close(fixture).await;
                }
            )*
        }
    };
}
