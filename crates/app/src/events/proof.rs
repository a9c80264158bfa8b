//! Proofs that an entry is in the log, and that the log only grew.

use signoff_domain::{
    Refusal,
    id::OrganizationId,
    log::{
        merkle::{Frontier, Hash, Node, Nodes as _, frontier_nodes, proof},
        tile::{Tile, TileSet, tiles_for},
    },
    permission::Action,
};
use signoff_store::{Error, Fault, Query, Tx, log};

use crate::Caller;

/// The hashes that prove that entry `seq` is in the log of `size` entries (RFC 9162 §2.1.3).
pub struct ProveInclusion {
    /// Who asks.
    pub caller: Caller,
    /// Which entry.
    pub seq: i64,
    /// In the log of how many entries; as it is now when not given.
    pub size: Option<i64>,
}

/// A proof, and for which size of the log it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// How many entries the log has.
    pub size: i64,
    /// Its root.
    pub root: Hash,
    /// The hashes, from the leaf upwards.
    pub hashes: Vec<Hash>,
}

impl Query for ProveInclusion {
    type Out = Proof;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Proof, Error> {
        self.caller.require(Action::AuditRead)?;
        let organization = self.caller.organization_id;
        let size = self.size.unwrap_or(i64::try_from(log::head(tx, organization).await?.size()).unwrap_or(i64::MAX));
        let (index, leaves) = (number("seq", self.seq)?, sized(tx, organization, "size", size).await?);
        let nodes = proof::inclusion_nodes(index, leaves).map_err(|_| Refusal::not_found("entry", self.seq))?;
        let tiles = load(tx, organization, &nodes, leaves).await?;
        let hashes = proof::inclusion_proof(&tiles, index, leaves).map_err(|error| Fault::Bug(error.to_string()))?;
        Ok(Proof { size, root: frontier(tx, organization, leaves).await?.root(), hashes })
    }
}

/// The hashes that prove that the log of `from` entries is the beginning of the log of `to` (RFC 9162 §2.1.4).
pub struct ProveConsistency {
    /// Who asks.
    pub caller: Caller,
    /// The smaller log.
    pub from: i64,
    /// The larger log.
    pub to: i64,
}

impl Query for ProveConsistency {
    type Out = Proof;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Proof, Error> {
        self.caller.require(Action::AuditRead)?;
        let organization = self.caller.organization_id;
        let (from, to) = (number("from", self.from)?, sized(tx, organization, "to", self.to).await?);
        let nodes = proof::consistency_nodes(from, to).map_err(|_| Refusal::invalid("from", "Must be from 1 to `to`."))?;
        let tiles = load(tx, organization, &nodes, to).await?;
        let hashes = proof::consistency_proof(&tiles, from, to).map_err(|error| Fault::Bug(error.to_string()))?;
        Ok(Proof { size: self.to, root: frontier(tx, organization, to).await?.root(), hashes })
    }
}

fn number(name: &str, value: i64) -> Result<u64, Error> {
    u64::try_from(value).map_err(|_| Refusal::invalid(name, "Must not be negative.").into())
}

async fn sized(tx: &mut Tx<'_>, organization: OrganizationId, name: &str, size: i64) -> Result<u64, Error> {
    let size = number(name, size)?;
    let now = log::head(tx, organization).await?.size();
    if (1..=now).contains(&size) { Ok(size) } else { Err(Refusal::invalid(name, format!("The log has {now} entries.")).into()) }
}

/// The right edge of the log as it was at a size.
pub(super) async fn frontier(tx: &mut Tx<'_>, organization: OrganizationId, size: u64) -> Result<Frontier, Error> {
    let tiles = load(tx, organization, &frontier_nodes(size), size).await?;
    let inconsistent = |what: String| Fault::Inconsistent { table: "log_nodes", what };
    Frontier::from_nodes(&tiles, size).map_err(|error| inconsistent(error.to_string()).into())
}

/// Reads the tiles that hold `nodes` in the log of `size` entries.
async fn load(tx: &mut Tx<'_>, organization: OrganizationId, nodes: &[Node], size: u64) -> Result<TileSet, Error> {
    let mut tiles = TileSet::new();
    for tile in tiles_for(nodes, size) {
        let hashes = read(tx, organization, tile).await?;
        let inserted = tiles.insert(tile, hashes.as_flattened());
        inserted.map_err(|error| Fault::Inconsistent { table: "log_nodes", what: error.to_string() })?;
    }
    debug_assert!(nodes.iter().all(|node| tiles.node(*node).is_some()));
    Ok(tiles)
}

async fn read(tx: &mut Tx<'_>, organization: OrganizationId, tile: Tile) -> Result<Vec<Hash>, Error> {
    let from = i64::try_from(tile.index * 256).unwrap_or(i64::MAX);
    let to = from.saturating_add(i64::from(tile.width));
    match tile.level {
        0 => log::leaves(tx, organization, from, to).await,
        level => log::nodes(tx, organization, level * 8, from, to).await,
    }
}
