//! What is woken when a transaction has committed.

use signoff_domain::id::{BatchId, OrganizationId, TaskId};

/// Something that waiters wait for. A wake carries no data: who is woken reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wake {
    /// Something about a task changed.
    Task(TaskId),
    /// A task of a batch was settled.
    Batch(BatchId),
    /// The organization's log grew.
    Feed(OrganizationId),
    /// Events wait to be sealed (PostgreSQL).
    Sealer,
    /// A task looks for reviewers.
    Router,
    /// A timer was set.
    Timers,
    /// Wakes may have been lost: everybody reads again.
    Everything,
}

/// Is told of wakes after their transaction has committed.
pub trait Listener: Send + Sync + 'static {
    /// Called on the writer's thread: must not block.
    fn wake(&self, wakes: &[Wake]);
}

impl Listener for () {
    fn wake(&self, _: &[Wake]) {}
}
