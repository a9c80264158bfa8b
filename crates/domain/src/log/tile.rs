//! Tiles of C2SP tlog-tiles: the tree cut into pieces of 256 hashes that never change once they are full. Here are their
//! coordinates, their paths, which tile holds which node, and [`TileSet`], from which proofs are made. Storing and serving
//! them is not here.

use std::{collections::BTreeMap, fmt, str::FromStr};

use super::merkle::{Hash, Node, Nodes, complete_root};

/// How many hashes a full tile holds.
pub const WIDTH: u16 = 256;

/// The coordinates of a tile. A tile of level L holds the hashes of nodes of height 8 · L.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// 0 for leaf hashes; each hash of a higher level is the root of a full tile of the level below. At most 7, since sizes
    /// have 64 bits.
    pub level: u8,
    /// The tile's place within its level, from the left, starting at 0.
    pub index: u64,
    /// How many hashes it holds, 1 to 256; fewer than 256 is a partial tile.
    pub width: u16,
}

/// Why something is no tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The path is not `tile/<L>/<N>[.p/<W>]` in its only spelling.
    #[error("{0:?} is not the path of a tile")]
    Path(String),
    /// The bytes are not as many hashes as the tile is wide.
    #[error("a tile of width {width} has {expected} bytes, not {found}")]
    Length {
        /// The tile's width.
        width: u16,
        /// 32 for each hash.
        expected: usize,
        /// How many bytes there are.
        found: usize,
    },
}

impl Tile {
    /// The tile that holds `node` (or the hashes from which it is computed) in the tree of `size` leaves, or `None` when the
    /// node is not a complete subtree of that tree.
    #[must_use]
    pub fn holding(node: Node, size: u64) -> Option<Self> {
        if node.height > 63 || node.index >= size >> node.height {
            return None;
        }
        let (level, first, _) = place(node);
        let index = first / u64::from(WIDTH);
        Some(Self { level, index, width: width(level, index, size) })
    }

    /// Whether it has its 256 hashes and will not change.
    #[must_use]
    pub fn is_full(self) -> bool {
        self.width == WIDTH
    }

    /// The path of the entries of a tile of level 0: `tile/entries/<N>[.p/<W>]`.
    #[must_use]
    pub fn entries_path(self) -> String {
        format!("tile/entries/{}", Place(self))
    }
}

/// The path under the log's prefix: `tile/<L>/<N>[.p/<W>]`.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "tile/{}/{}", self.level, Place(*self))
    }
}

struct Place(Tile);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut groups = Vec::new();
        let mut rest = self.0.index;
        loop {
            groups.push(rest % 1000);
            rest /= 1000;
            if rest == 0 {
                break;
            }
        }
        for (left, group) in groups.iter().enumerate().rev() {
            if left == 0 {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        if self.0.is_full() { Ok(()) } else { write!(f, ".p/{}", self.0.width) }
    }
}

impl FromStr for Tile {
    type Err = TileError;

    fn from_str(path: &str) -> Result<Self, TileError> {
        // Whatever is read leniently here is refused by the comparison with the only spelling.
        let read = || {
            let (level, place) = path.strip_prefix("tile/")?.split_once('/')?;
            let (index, width) = match place.split_once(".p/") {
                Some((index, width)) => (index, width.parse().ok().filter(|w| (1..WIDTH).contains(w))?),
                None => (place, WIDTH),
            };
            let digits: String = index.split('/').map(|group| group.strip_prefix('x').unwrap_or(group)).collect();
            Some(Self { level: level.parse().ok().filter(|l| *l < 64)?, index: digits.parse().ok()?, width })
        };
        read().filter(|tile| tile.to_string() == path).ok_or_else(|| TileError::Path(path.to_owned()))
    }
}

/// The tiles that hold `nodes` in the tree of `size` leaves, each once, in order. Nodes that the tree does not have are left
/// out.
#[must_use]
pub fn tiles_for(nodes: &[Node], size: u64) -> Vec<Tile> {
    let mut tiles: Vec<_> = nodes.iter().filter_map(|node| Tile::holding(*node, size)).collect();
    tiles.sort_unstable();
    tiles.dedup();
    tiles
}

/// Every tile of the tree of `size` leaves, level by level, from the left.
pub fn tiles_of(size: u64) -> impl Iterator<Item = Tile> {
    (0..8_u8).flat_map(move |level| {
        let hashes = size >> (8 * u32::from(level));
        (0..hashes.div_ceil(WIDTH.into())).map(move |index| Tile { level, index, width: width(level, index, size) })
    })
}

/// Tiles at hand, by level and index. A tile may be wider than the tree at hand needs: hashes are only ever appended.
#[derive(Debug, Clone, Default)]
pub struct TileSet {
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl TileSet {
    /// No tiles.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tile's bytes; of two widths of one tile the wider one stays.
    ///
    /// # Errors
    /// [`TileError::Length`].
    pub fn insert(&mut self, tile: Tile, bytes: &[u8]) -> Result<(), TileError> {
        let (hashes, left_over) = bytes.as_chunks::<32>();
        if hashes.len() != usize::from(tile.width) || !left_over.is_empty() {
            let expected = 32 * usize::from(tile.width);
            return Err(TileError::Length { width: tile.width, expected, found: bytes.len() });
        }
        let held = self.tiles.entry((tile.level, tile.index)).or_default();
        if held.len() < hashes.len() {
            *held = hashes.to_vec();
        }
        Ok(())
    }
}

impl Nodes for TileSet {
    fn node(&self, node: Node) -> Option<Hash> {
        if node.height > 63 {
            return None;
        }
        let (level, first, count) = place(node);
        let tile = self.tiles.get(&(level, first / u64::from(WIDTH)))?;
        let start = usize::try_from(first % u64::from(WIDTH)).ok()?;
        tile.get(start..start + count).map(complete_root)
    }
}

/// The tile level of a node, its first hash there and how many hashes it is computed from.
fn place(node: Node) -> (u8, u64, usize) {
    let above = node.height % 8;
    (node.height / 8, node.index << above, 1 << above)
}

/// How wide a tile is in the tree of `size` leaves; 0 when the tree does not have it.
fn width(level: u8, index: u64, size: u64) -> u16 {
    let hashes = size >> (8 * u32::from(level));
    let before = index.saturating_mul(WIDTH.into());
    // At most 256 by the line above, which a u16 holds.
    hashes.saturating_sub(before).min(WIDTH.into()).try_into().unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests;
