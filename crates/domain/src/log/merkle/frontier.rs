//! The right edge of a growing tree: the roots of its complete subtrees, largest first. It is all that is needed to append
//! leaves and to say the root, and has at most 64 hashes whatever the size.

use super::{Hash, Node, Nodes, empty_root, frontier_nodes, join, node_hash};

/// A tree's size and the roots of its complete subtrees, from the left.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    hashes: Vec<Hash>,
}

/// Why something is no frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// The number of hashes is not the number of complete subtrees of this size.
    #[error("a tree of {size} leaves has {expected} complete subtrees, not {found}")]
    Count {
        /// The stated number of leaves.
        size: u64,
        /// One for each bit set in the size.
        expected: usize,
        /// How many hashes there are.
        found: usize,
    },
    /// The stored bytes are not 8 bytes of size and whole hashes after them.
    #[error("a stored frontier is 8 bytes and a multiple of 32, not {0} bytes")]
    Length(usize),
    /// The source of nodes does not hold one of the subtrees.
    #[error("the subtree {0:?} is not at hand")]
    MissingNode(Node),
}

impl Frontier {
    /// The frontier of the empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A frontier from its parts: the roots of the complete subtrees of a tree of `size` leaves, from the left.
    ///
    /// # Errors
    /// [`FrontierError::Count`].
    pub fn from_parts(size: u64, hashes: Vec<Hash>) -> Result<Self, FrontierError> {
        let expected = size.count_ones() as usize;
        if hashes.len() == expected { Ok(Self { size, hashes }) } else { Err(FrontierError::Count { size, expected, found: hashes.len() }) }
    }

    /// The frontier that the tree had at `size` leaves; [`frontier_nodes`] says which nodes `nodes` has to hold.
    ///
    /// # Errors
    /// [`FrontierError::MissingNode`].
    pub fn from_nodes<N: Nodes + ?Sized>(nodes: &N, size: u64) -> Result<Self, FrontierError> {
        let hashes = frontier_nodes(size)
            .into_iter()
            .map(|node| nodes.node(node).ok_or(FrontierError::MissingNode(node)))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, hashes })
    }

    /// The number of leaves, which is also the index that the next leaf gets.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, from the left.
    #[must_use]
    pub fn hashes(&self) -> &[Hash] {
        &self.hashes
    }

    /// Appends a leaf by its hash and returns its index.
    ///
    /// # Panics
    /// When the tree has 2^64 − 1 leaves.
    pub fn push(&mut self, leaf: Hash) -> u64 {
        self.push_noting(leaf, |_, _| ())
    }

    /// Appends a leaf by its hash, returns its index, and tells `note` each complete subtree that this leaf completes, from
    /// the leaf itself (height 0) upwards. A tile of level L is made of the nodes of height 8 · L.
    ///
    /// # Panics
    /// When the tree has 2^64 − 1 leaves.
    pub fn push_noting(&mut self, leaf: Hash, mut note: impl FnMut(Node, Hash)) -> u64 {
        let index = self.size;
        self.size = index.checked_add(1).expect("a log of 2^64 entries cannot be written");
        note(Node { height: 0, index }, leaf);
        let mut hash = leaf;
        // Each one-bit at the low end of the index is a complete subtree that waits for a right sibling of its height.
        for level in 0..index.trailing_ones() {
            let Some(left) = self.hashes.pop() else { break };
            hash = node_hash(&left, &hash);
            #[expect(clippy::cast_possible_truncation, reason = "an index has at most 64 one-bits")]
            note(Node { height: level as u8 + 1, index: index >> (level + 1) }, hash);
        }
        self.hashes.push(hash);
        index
    }

    /// The root of the tree; of the empty tree, SHA-256 of nothing.
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.hashes).unwrap_or_else(empty_root)
    }

    /// The form in which a frontier is stored: the size in 8 bytes, big-endian, and the hashes from the left.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.hashes.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.hashes.as_flattened());
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// [`FrontierError::Length`] or [`FrontierError::Count`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let length = FrontierError::Length(bytes.len());
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(length)?;
        let (hashes, left_over) = rest.as_chunks::<32>();
        if !left_over.is_empty() {
            return Err(length);
        }
        Self::from_parts(u64::from_be_bytes(*size), hashes.to_vec())
    }
}
