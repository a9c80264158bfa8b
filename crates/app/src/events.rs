//! Use cases of the event log.

mod checkpoint;
mod export;
mod list;
mod proof;

pub use checkpoint::{Checkpointed, SignCheckpoint};
pub use export::{EXPORT_PAGE, Exported, StartExport};
pub use list::{EventFilter, FollowEvents, Followed, ListEvents, LogSize, TaskHistory};
pub use proof::{Proof, ProveConsistency, ProveInclusion};
pub use signoff_store::events::Stored;
