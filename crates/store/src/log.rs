//! Sealing: how events get their place in the organization's log.
//!
//! The same steps on both engines: lock the head, number the entries in the order in which they became visible, push their leaf hashes, keep the inner nodes that
//! tiles are made of, store the new head. On SQLite the writer does it before its commit; on PostgreSQL whoever is first does it after the commit, under the
//! head's row lock.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};
use signoff_domain::{
    event::{Event, EventType},
    id::{Id, OrganizationId, QueueId, TaskId},
    log::merkle::{Frontier, Hash, Node, leaf_hash},
};
use uuid::Uuid;

use crate::{Error, Fault, Wake};

mod heads;
pub use heads::*;

/// Height of the inner nodes that are kept is a multiple of this: a tile holds eight levels.
const TILE_HEIGHT: u8 = 8;

/// An event as it will be stored, without its place in the log.
pub(crate) struct NewEntry {
    organization: OrganizationId,
    event_type: EventType,
    task: Option<TaskId>,
    queue: Option<QueueId>,
    entry: String,
}

impl NewEntry {
    /// # Errors
    /// [`Fault::Bug`] when the event cannot be an entry: it is too large, or holds what canonical JSON cannot.
    pub(crate) fn of(event: &Event) -> Result<Self, Fault> {
        let bytes = event.to_entry().map_err(|error| Fault::Bug(format!("event {}: {error}", event.event_type.as_str())))?;
        Ok(Self {
            organization: event.organization_id,
            event_type: event.event_type,
            task: event.task_id,
            queue: event.queue.as_ref().map(|queue| queue.id),
            entry: String::from_utf8(bytes).map_err(|error| Fault::Bug(error.to_string()))?,
        })
    }
}

/// The head of a log while entries are added to it.
struct Head {
    frontier: Frontier,
    nodes: Vec<(Node, Hash)>,
}

impl Head {
    fn read(stored: Option<Vec<u8>>) -> Result<Self, Fault> {
        let frontier = match stored {
            None => Frontier::new(),
            Some(bytes) => {
                Frontier::from_bytes(&bytes).map_err(|error| Fault::Inconsistent { table: "log_heads", what: error.to_string() })?
            }
        };
        Ok(Self { frontier, nodes: Vec::new() })
    }

    /// Adds an entry; answers its number and leaf hash.
    fn push(&mut self, entry: &str) -> (i64, Hash) {
        let leaf = leaf_hash(entry.as_bytes());
        let nodes = &mut self.nodes;
        let seq = self.frontier.push_noting(leaf, |node, hash| {
            if node.height > 0 && node.height.is_multiple_of(TILE_HEIGHT) {
                nodes.push((node, hash));
            }
        });
        (number(seq), leaf)
    }
}

fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

crate::sql::statements! {
    READ_HEAD = "SELECT frontier FROM log_heads WHERE organization_id = $1 FOR UPDATE";
    READ_HEAD_UNLESS_LOCKED = "SELECT frontier FROM log_heads WHERE organization_id = $1 FOR UPDATE SKIP LOCKED";
    WRITE_HEAD = "INSERT INTO log_heads (organization_id, size, frontier) VALUES ($1, $2, $3) \
        ON CONFLICT (organization_id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier";
    WRITE_NODE = "INSERT INTO log_nodes (organization_id, height, position, hash) VALUES ($1, $2, $3, $4)";
}

const APPEND: &str =
    "INSERT INTO events (organization_id, seq, event_type, task_id, queue_id, entry, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// Adds the entries of one commit to their logs (SQLite); answers whose logs grew.
pub(crate) fn append(connection: &mut Connection, entries: &[NewEntry]) -> Result<Vec<Wake>, Fault> {
    let mut heads: BTreeMap<OrganizationId, Head> = BTreeMap::new();
    for new in entries {
        let organization = new.organization;
        let head = match heads.entry(organization) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(unknown) => {
                let mut read = connection.prepare_cached(READ_HEAD.sqlite)?;
                unknown.insert(Head::read(read.query_row([blob(organization)], |row| row.get(0)).optional()?)?)
            }
        };
        let (seq, leaf) = head.push(&new.entry);
        connection.prepare_cached(APPEND)?.execute(rusqlite::params![
            blob(organization),
            seq,
            new.event_type.as_str(),
            new.task.map(blob),
            new.queue.map(blob),
            new.entry,
            leaf
        ])?;
    }
    for (organization, head) in &heads {
        for (node, hash) in &head.nodes {
            connection.prepare_cached(WRITE_NODE.sqlite)?.execute(rusqlite::params![
                blob(*organization),
                i64::from(node.height),
                number(node.index),
                hash
            ])?;
        }
        connection.prepare_cached(WRITE_HEAD.sqlite)?.execute(rusqlite::params![
            blob(*organization),
            number(head.frontier.size()),
            head.frontier.to_bytes()
        ])?;
    }
    Ok(heads.into_keys().map(Wake::Feed).collect())
}

fn blob(id: impl Id) -> [u8; 16] {
    let uuid: Uuid = id.into();
    uuid.into_bytes()
}

const INSERT_UNSEALED: &str = "INSERT INTO events (organization_id, event_type, task_id, queue_id, entry) \
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[])";
const UNSEALED: &str = "SELECT DISTINCT organization_id FROM events WHERE seq IS NULL LIMIT 1000";
const UNSEALED_OF: &str = "SELECT ord, entry FROM events WHERE organization_id = $1 AND seq IS NULL ORDER BY ord LIMIT 2000";
const SEAL: &str = "UPDATE events SET seq = sealed.seq, leaf = sealed.leaf \
    FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS sealed (ord, seq, leaf) WHERE events.ord = sealed.ord";

/// Adds the entries of a transaction, without a place in the log yet (PostgreSQL).
pub(crate) async fn insert_unsealed(transaction: &deadpool_postgres::Transaction<'_>, new: &[NewEntry]) -> Result<(), Error> {
    if new.is_empty() {
        return Ok(());
    }
    let organizations: Vec<Uuid> = new.iter().map(|new| new.organization.0).collect();
    let types: Vec<&str> = new.iter().map(|new| new.event_type.as_str()).collect();
    let tasks: Vec<Option<Uuid>> = new.iter().map(|new| new.task.map(Into::into)).collect();
    let queues: Vec<Option<Uuid>> = new.iter().map(|new| new.queue.map(Into::into)).collect();
    let entries: Vec<&str> = new.iter().map(|new| new.entry.as_str()).collect();
    let statement = transaction.prepare_cached(INSERT_UNSEALED).await?;
    transaction.execute(&statement, &[&organizations, &types, &tasks, &queues, &entries]).await?;
    Ok(())
}

/// Whose events wait to be sealed (PostgreSQL).
pub(crate) async fn unsealed_organizations(client: &deadpool_postgres::Object) -> Result<Vec<OrganizationId>, Error> {
    let rows = client.query(&client.prepare_cached(UNSEALED).await?, &[]).await?;
    rows.iter().map(|row| Ok(OrganizationId(row.try_get(0)?))).collect()
}

/// Seals what an organization has that is committed (PostgreSQL); answers how many. Nothing while another replica does it.
pub(crate) async fn seal(transaction: &deadpool_postgres::Transaction<'_>, organization: OrganizationId) -> Result<u64, Error> {
    let id = organization.0;
    let read = transaction.prepare_cached(READ_HEAD_UNLESS_LOCKED.postgres).await?;
    let Some(row) = transaction.query_opt(&read, &[&id]).await? else { return Ok(0) };
    let mut head = Head::read(Some(row.try_get(0)?))?;
    // Read after the lock: READ COMMITTED shows everything that was committed by now.
    let rows = transaction.query(&transaction.prepare_cached(UNSEALED_OF).await?, &[&id]).await?;
    let (mut ords, mut seqs, mut leaves) = (Vec::new(), Vec::new(), Vec::new());
    for row in &rows {
        let (seq, leaf) = head.push(row.try_get(1)?);
        ords.push(row.try_get::<_, i64>(0)?);
        seqs.push(seq);
        leaves.push(leaf.to_vec());
    }
    transaction.execute(&transaction.prepare_cached(SEAL).await?, &[&ords, &seqs, &leaves]).await?;
    let write_node = transaction.prepare_cached(WRITE_NODE.postgres).await?;
    for (node, hash) in &head.nodes {
        transaction.execute(&write_node, &[&id, &i64::from(node.height), &number(node.index), &hash.as_slice()]).await?;
    }
    let write_head = transaction.prepare_cached(WRITE_HEAD.postgres).await?;
    transaction.execute(&write_head, &[&id, &number(head.frontier.size()), &head.frontier.to_bytes()]).await?;
    Ok(rows.len() as u64)
}

/// The statements of [`heads`], for the test that prepares each.
#[cfg(test)]
pub(crate) const HEADS: &[(&str, crate::Sql)] = heads::ALL;

/// Statements that stand in only one dialect, for the test that prepares each.
#[cfg(test)]
pub(crate) const ONE_ENGINE: &[(&str, Option<&str>, Option<&str>)] = &[
    ("APPEND", None, Some(APPEND)),
    ("INSERT_UNSEALED", Some(INSERT_UNSEALED), None),
    ("UNSEALED", Some(UNSEALED), None),
    ("UNSEALED_OF", Some(UNSEALED_OF), None),
    ("SEAL", Some(SEAL), None),
];
