//! Inclusion and consistency proofs: RFC 6962 §2.1.1 and §2.1.2 say what they hold, RFC 9162 §2.1.3.2 and §2.1.4.2 how they
//! are checked. Making a proof reads only complete subtrees; [`inclusion_nodes`] and [`consistency_nodes`] name them
//! beforehand, so that a store can load the tiles that hold them first.

use std::ops::Range;

use super::{Hash, Node, Nodes, empty_root, join, node_hash, range_nodes};

/// Why a proof cannot be made or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The tree has no leaf of this index.
    #[error("a tree of {size} leaves has no leaf {index}")]
    Index {
        /// The index asked for.
        index: u64,
        /// The tree's number of leaves.
        size: u64,
    },
    /// The earlier tree is larger than the later one.
    #[error("a tree of {from} leaves is not earlier than one of {to}")]
    Sizes {
        /// The size of the tree meant as the earlier one.
        from: u64,
        /// The size of the tree meant as the later one.
        to: u64,
    },
    /// The source of nodes does not hold a subtree that the proof needs.
    #[error("the subtree {0:?} is not at hand")]
    MissingNode(Node),
    /// The proof has too few or too many hashes.
    #[error("the proof has the wrong number of hashes")]
    Length,
    /// The proof leads to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// The subtrees that [`inclusion_proof`] reads.
///
/// # Errors
/// [`ProofError::Index`].
pub fn inclusion_nodes(index: u64, size: u64) -> Result<Vec<Node>, ProofError> {
    Ok(inclusion_ranges(index, size)?.iter().flat_map(range_nodes).collect())
}

/// The subtrees that [`consistency_proof`] reads.
///
/// # Errors
/// [`ProofError::Sizes`].
pub fn consistency_nodes(from: u64, to: u64) -> Result<Vec<Node>, ProofError> {
    Ok(consistency_ranges(from, to)?.iter().flat_map(range_nodes).collect())
}

/// The proof that leaf `index` is in the tree of `size` leaves, from the leaf's sibling upwards.
///
/// # Errors
/// [`ProofError::Index`] or [`ProofError::MissingNode`].
pub fn inclusion_proof<N: Nodes + ?Sized>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, ProofError> {
    hashes(nodes, &inclusion_ranges(index, size)?)
}

/// The proof that the tree of `to` leaves continues the one of `from` leaves. It is empty when the sizes are equal or `from`
/// is 0.
///
/// # Errors
/// [`ProofError::Sizes`] or [`ProofError::MissingNode`].
pub fn consistency_proof<N: Nodes + ?Sized>(nodes: &N, from: u64, to: u64) -> Result<Vec<Hash>, ProofError> {
    hashes(nodes, &consistency_ranges(from, to)?)
}

/// Checks that the leaf with this hash is leaf `index` of the tree of `size` leaves with this root.
///
/// # Errors
/// [`ProofError::Index`], [`ProofError::Length`] or [`ProofError::Root`].
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let (mut at, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            hash = node_hash(sibling, &hash);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `to` leaves with `to_root` continues the tree of `from` leaves with `from_root`. Every tree
/// continues the empty one, whose root must be that of the empty tree.
///
/// # Errors
/// [`ProofError::Sizes`], [`ProofError::Length`] or [`ProofError::Root`].
pub fn verify_consistency(from: u64, to: u64, proof: &[Hash], from_root: &Hash, to_root: &Hash) -> Result<(), ProofError> {
    if from > to {
        return Err(ProofError::Sizes { from, to });
    }
    if from == to || from == 0 {
        let holds = if from == to { from_root == to_root } else { *from_root == empty_root() };
        return match (proof, holds) {
            ([], true) => Ok(()),
            ([], false) => Err(ProofError::Root),
            _ => Err(ProofError::Length),
        };
    }
    // A complete earlier tree is itself a node of the later one, and the proof leaves it out.
    let (start, rest) = if from.is_power_of_two() { (from_root, proof) } else { proof.split_first().ok_or(ProofError::Length)? };
    let shift = (from - 1).trailing_ones();
    let (mut at, mut last) = ((from - 1) >> shift, (to - 1) >> shift);
    let (mut earlier, mut later) = (*start, *start);
    for hash in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if at & 1 == 1 || at == last {
            earlier = node_hash(hash, &earlier);
            later = node_hash(hash, &later);
            while at & 1 == 0 && at != 0 {
                (at, last) = (at >> 1, last >> 1);
            }
        } else {
            later = node_hash(&later, hash);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if earlier == *from_root && later == *to_root { Ok(()) } else { Err(ProofError::Root) }
}

/// The largest power of two below `width`, where RFC 6962 splits a tree of 2 leaves or more.
fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let mut ranges = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

fn consistency_ranges(from: u64, to: u64) -> Result<Vec<Range<u64>>, ProofError> {
    if from > to {
        return Err(ProofError::Sizes { from, to });
    }
    let mut ranges = Vec::new();
    if from == 0 {
        return Ok(ranges);
    }
    let (mut start, mut end) = (0, to);
    while end != from {
        let middle = start + split(end - start);
        if from <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    if start != 0 {
        ranges.push(start..end);
    }
    ranges.reverse();
    Ok(ranges)
}

fn hashes<N: Nodes + ?Sized>(nodes: &N, ranges: &[Range<u64>]) -> Result<Vec<Hash>, ProofError> {
    let mut proof = Vec::with_capacity(ranges.len());
    for range in ranges {
        let parts = range_nodes(range)
            .into_iter()
            .map(|node| nodes.node(node).ok_or(ProofError::MissingNode(node)))
            .collect::<Result<Vec<_>, _>>()?;
        proof.extend(join(&parts));
    }
    Ok(proof)
}
