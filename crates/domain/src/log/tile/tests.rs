//! The examples of C2SP tlog-tiles, and proofs from tiles against proofs from all leaves.

use super::*;
use crate::log::merkle::{Frontier, consistency_nodes, consistency_proof, frontier_nodes, inclusion_nodes, inclusion_proof, leaf_hash};

fn tile(level: u8, index: u64, width: u16) -> Tile {
    Tile { level, index, width }
}

#[test]
fn paths_have_one_spelling() {
    for (tile, path) in [
        (tile(0, 0, 256), "tile/0/000"),
        (tile(0, 67, 1), "tile/0/067.p/1"),
        (tile(3, 1_234_067, 256), "tile/3/x001/x234/067"),
        (tile(0, 273, 112), "tile/0/273.p/112"),
        (tile(1, 1000, 255), "tile/1/x001/000.p/255"),
    ] {
        assert_eq!(tile.to_string(), path);
        assert_eq!(path.parse(), Ok(tile));
    }
    assert_eq!(tile(0, 1_234_067, 7).entries_path(), "tile/entries/x001/x234/067.p/7");
    for path in [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/1234067",
        "tile/0/001/234/067",
        "tile/0/x000/067",
        "tile/0/x001/x067",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/entries/000",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
    ] {
        assert_eq!(path.parse::<Tile>(), Err(TileError::Path(path.to_owned())), "{path}");
    }
}

#[test]
fn a_tree_of_70_000_leaves_has_the_tiles_of_the_specification() {
    let tiles: Vec<Tile> = tiles_of(70_000).collect();
    let full = |level| tiles.iter().filter(|tile| tile.level == level && tile.is_full()).count();
    let partial: Vec<Tile> = tiles.iter().copied().filter(|tile| !tile.is_full()).collect();
    assert_eq!((full(0), full(1), full(2)), (273, 1, 0));
    assert_eq!(partial, [tile(0, 273, 112), tile(1, 1, 17), tile(2, 0, 1)]);
    assert_eq!(tiles_of(256).collect::<Vec<_>>(), [tile(0, 0, 256), tile(1, 0, 1)]);
    assert_eq!(tiles_of(0).count(), 0);
}

#[test]
fn a_node_is_held_by_the_tile_of_its_level() {
    let node = |height, index| Node { height, index };
    assert_eq!(Tile::holding(node(0, 69_999), 70_000), Some(tile(0, 273, 112)));
    assert_eq!(Tile::holding(node(0, 70_000), 70_000), None);
    assert_eq!(Tile::holding(node(7, 1), 70_000), Some(tile(0, 0, 256)));
    assert_eq!(Tile::holding(node(8, 272), 70_000), Some(tile(1, 1, 17)));
    assert_eq!(Tile::holding(node(16, 0), 70_000), Some(tile(2, 0, 1)));
    assert_eq!(Tile::holding(node(64, 0), u64::MAX), None);
}

#[test]
fn tiles_give_the_proofs_that_all_leaves_give() {
    const SIZE: u64 = 70_000;
    // Tiles as a store makes them: from the nodes that each leaf completes.
    let mut stored: BTreeMap<(u8, u64), Vec<u8>> = BTreeMap::new();
    let mut frontier = Frontier::new();
    let leaves: Vec<Hash> = (0..SIZE).map(|i| leaf_hash(&i.to_be_bytes())).collect();
    for leaf in &leaves {
        frontier.push_noting(*leaf, |node, hash| {
            if node.height % 8 == 0 {
                stored.entry((node.height / 8, node.index / 256)).or_default().extend_from_slice(&hash);
            }
        });
    }
    for tile in tiles_of(SIZE) {
        assert_eq!(stored[&(tile.level, tile.index)].len(), 32 * usize::from(tile.width), "{tile}");
    }
    let load = |nodes: &[Node], size: u64| {
        let mut set = TileSet::new();
        for tile in tiles_for(nodes, size) {
            let bytes = &stored[&(tile.level, tile.index)];
            set.insert(tile, &bytes[..32 * usize::from(tile.width)]).unwrap();
        }
        set
    };
    for size in [1, 2, 255, 256, 257, 511, 512, 4096, 65_535, 65_536, 65_537, 69_999, SIZE] {
        let tree = &leaves[..size as usize];
        let held = load(&frontier_nodes(size), size);
        assert_eq!(Frontier::from_nodes(&held, size), Frontier::from_nodes(tree, size), "{size}");
        for other in [0, size / 3, size / 2, size - 1] {
            let held = load(&inclusion_nodes(other, size).unwrap(), size);
            assert_eq!(inclusion_proof(&held, other, size), inclusion_proof(tree, other, size), "{other} of {size}");
            let held = load(&consistency_nodes(other, size).unwrap(), size);
            assert_eq!(consistency_proof(&held, other, size), consistency_proof(tree, other, size), "{other} to {size}");
        }
    }
    assert_eq!(Frontier::from_nodes(&load(&frontier_nodes(SIZE), SIZE), SIZE), Ok(frontier));
}

#[test]
fn a_tile_of_the_wrong_length_is_refused_and_the_wider_one_stays() {
    let mut set = TileSet::new();
    let length = |found| Err(TileError::Length { width: 2, expected: 64, found });
    assert_eq!(set.insert(tile(0, 0, 2), &[0; 63]), length(63));
    assert_eq!(set.insert(tile(0, 0, 2), &[0; 96]), length(96));
    let bytes = [[1; 32], [2; 32]].concat();
    set.insert(tile(0, 0, 2), &bytes).unwrap();
    set.insert(tile(0, 0, 1), &bytes[..32]).unwrap();
    assert_eq!(set.node(Node { height: 0, index: 1 }), Some([2; 32]));
    assert_eq!(set.node(Node { height: 2, index: 0 }), None);
}
