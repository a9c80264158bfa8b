//! The Merkle tree of RFC 6962 §2.1 (the same in RFC 9162 §2.1) with SHA-256: how leaves and nodes are hashed, which complete
//! subtrees a tree consists of, and where their hashes come from. [`frontier`] grows a tree, [`proof`] shows that an entry is
//! in it or that one tree continues another.

pub mod frontier;
pub mod proof;

use std::ops::Range;

use sha2::{Digest, Sha256};

pub use frontier::{Frontier, FrontierError};
pub use proof::{ProofError, consistency_nodes, consistency_proof, inclusion_nodes, inclusion_proof, verify_consistency, verify_inclusion};

/// A SHA-256 hash of a leaf, a node or a tree.
pub type Hash = [u8; 32];

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The hash of a leaf: SHA-256(0x00 ‖ data).
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A complete subtree: the 2^`height` leaves from `index` · 2^`height` on. A leaf has height 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// How many levels the node stands above the leaves, at most 63.
    pub height: u8,
    /// Its place among the nodes of this height, from the left, starting at 0.
    pub index: u64,
}

/// Where the hashes of complete subtrees come from: stored tiles ([`crate::log::tile::TileSet`]) or a slice of leaf hashes.
pub trait Nodes {
    /// The node's hash, or `None` when this source does not hold it.
    fn node(&self, node: Node) -> Option<Hash>;
}

/// All leaf hashes from the first one on.
impl Nodes for [Hash] {
    fn node(&self, node: Node) -> Option<Hash> {
        let width = 1_u64.checked_shl(node.height.into())?;
        let start = usize::try_from(node.index.checked_mul(width)?).ok()?;
        let leaves = self.get(start..start.checked_add(usize::try_from(width).ok()?)?)?;
        Some(complete_root(leaves))
    }
}

/// The root over 2^n hashes, one or more.
pub(super) fn complete_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two(), "a complete subtree has 2^n leaves");
    if let [only] = hashes {
        return *only;
    }
    let (left, right) = hashes.split_at(hashes.len() / 2);
    node_hash(&complete_root(left), &complete_root(right))
}

/// The complete subtrees, from the left, of which a tree of `size` leaves consists: those a [`Frontier`] holds.
#[must_use]
pub fn frontier_nodes(size: u64) -> Vec<Node> {
    range_nodes(&(0..size))
}

/// The complete subtrees of a range of leaves as it occurs in RFC 6962's recursion: its start is a multiple of the largest
/// power of two within it, so that the pieces shrink from left to right.
fn range_nodes(range: &Range<u64>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut start = range.start;
    let mut rest = range.end - range.start;
    while let Some(height) = rest.checked_ilog2() {
        #[expect(clippy::cast_possible_truncation, reason = "a logarithm of 64 bits is below 64")]
        nodes.push(Node { height: height as u8, index: start >> height });
        start += 1 << height;
        rest -= 1 << height;
    }
    nodes
}

/// Joins the roots of shrinking complete subtrees into one hash, from the right.
fn join(hashes: &[Hash]) -> Option<Hash> {
    let (last, before) = hashes.split_last()?;
    Some(before.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

#[cfg(test)]
mod tests;
