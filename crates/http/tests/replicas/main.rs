//! Two replicas on one PostgreSQL schema: who waits on one wakes when the other decides, nobody is told a thing twice, and of two who race one wins.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod far;
mod race;
mod revoke;
mod stream;
mod wake;

use signoff_testkit::{Engine, Fixture, Replica, TestServer};

/// A server with a second replica.
async fn two() -> (TestServer, Replica) {
    let server = TestServer::open(Engine::Postgres).await;
    let other = server.replica().await;
    (server, other)
}

/// Ends both.
async fn end(server: TestServer, other: Replica) {
    other.close().await;
    server.close().await;
}
