//! Published roots, and every size to 300 against RFC 6962's recursion written down as it stands there.

use std::{cell::RefCell, collections::HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;

use super::*;

const SIZES: u64 = 300;

/// RFC 6962 §2.1 as it is written down there, except that each tree over a range of leaves is computed once.
struct Recursion {
    leaves: Vec<Hash>,
    trees: RefCell<HashMap<Range<usize>, Hash>>,
}

impl Recursion {
    fn new(leaves: Vec<Hash>) -> Self {
        Self { leaves, trees: RefCell::default() }
    }

    fn split(d: &Range<usize>) -> (Range<usize>, Range<usize>) {
        let k = d.len().next_power_of_two() / 2;
        (d.start..d.start + k, d.start + k..d.end)
    }

    /// MTH(D[n]) of §2.1.
    fn mth(&self, d: Range<usize>) -> Hash {
        match d.len() {
            0 => return empty_root(),
            1 => return self.leaves[d.start],
            _ => {}
        }
        if let Some(known) = self.trees.borrow().get(&d) {
            return *known;
        }
        let (left, right) = Self::split(&d);
        let hash = node_hash(&self.mth(left), &self.mth(right));
        self.trees.borrow_mut().insert(d, hash);
        hash
    }

    /// PATH(m, D[n]) of §2.1.1, where m counts from the first leaf of all.
    fn path(&self, m: usize, d: Range<usize>) -> Vec<Hash> {
        if d.len() == 1 {
            return Vec::new();
        }
        let (left, right) = Self::split(&d);
        let (into, sibling) = if m < left.end { (left, right) } else { (right, left) };
        let mut proof = self.path(m, into);
        proof.push(self.mth(sibling));
        proof
    }

    /// SUBPROOF(m, D[n], b) of §2.1.2, likewise.
    fn subproof(&self, m: usize, d: Range<usize>, b: bool) -> Vec<Hash> {
        if m == d.end {
            return if b { Vec::new() } else { vec![self.mth(d)] };
        }
        let (left, right) = Self::split(&d);
        let (mut proof, other) = if m <= left.end { (self.subproof(m, left, b), right) } else { (self.subproof(m, right, false), left) };
        proof.push(self.mth(other));
        proof
    }
}

impl Nodes for Recursion {
    fn node(&self, node: Node) -> Option<Hash> {
        let start = (node.index as usize) << node.height;
        Some(self.mth(start..start + (1 << node.height)))
    }
}

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

fn grown(leaves: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    for (i, leaf) in leaves.iter().enumerate() {
        assert_eq!(frontier.push(*leaf), i as u64);
    }
    frontier
}

#[test]
fn the_published_hashes() {
    let hash = |text: &str| hex::encode(leaf_hash(text.as_bytes()));
    assert_eq!(hex::encode(empty_root()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_eq!(hash(""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    assert_eq!(hash("L123456"), "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    let node = Sha256::new().chain_update([1]).chain_update("N123").chain_update("N456").finalize();
    assert_eq!(hex::encode(node), "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
}

#[test]
fn the_published_roots() {
    let data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let leaves: Vec<Hash> = data.iter().map(|hex| leaf_hash(&hex::decode(hex).unwrap())).collect();
    let starts = ["6e340b9c", "fac54203", "aeb6bcfe", "d37ee418", "4e3bbb1f", "76e67dad", "ddb89be4", "5dc9da79"];
    for (size, start) in (1..).zip(starts) {
        assert!(hex::encode(grown(&leaves[..size]).root()).starts_with(start), "size {size}");
    }
    assert_eq!(hex::encode(grown(&leaves).root()), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
}

/// reliability.md §9.
#[test]
fn the_vector_of_three_entries() {
    let leaves =
        [r#"{"n":0,"t":"request.created","v":1}"#, r#"{"n":1,"t":"decision.recorded","v":1}"#, r#"{"n":2,"t":"decision.delivered","v":1}"#]
            .map(|entry| leaf_hash(entry.as_bytes()));
    for (leaf, (start, end)) in leaves.iter().zip([("4a99b6ba", "4259"), ("fda57784", "9e1c"), ("77380ff1", "991e")]) {
        let hex = hex::encode(leaf);
        assert!(hex.starts_with(start) && hex.ends_with(end), "{hex}");
    }
    let root = grown(&leaves).root();
    assert_eq!(hex::encode(root), "608c001d4eaac68b2c0c3ea9d97f306c6650ac47bd38ede504d5630e1812d4e7");
    let text = |proof: Vec<Hash>| proof.iter().map(|hash| STANDARD.encode(hash)).collect::<Vec<_>>();
    let included = inclusion_proof(&leaves[..], 1, 3).unwrap();
    verify_inclusion(&leaves[1], 1, 3, &included, &root).unwrap();
    assert_eq!(text(included), ["Spm2usU37LFOrggb6VMJwRCJUgqaXCg55KpEXk4NQlk=", "dzgP8cRwPO24LuKQM+YO9yOZ+vIqabBv0nPMKZChmR4="]);
    let root2 = grown(&leaves[..2]).root();
    assert_eq!(STANDARD.encode(root2), "HqV3iAwj0PIKCEn/8cFXg73WQwT+e2DdX65TsPOpt9s=");
    let consistent = consistency_proof(&leaves[..], 2, 3).unwrap();
    verify_consistency(2, 3, &consistent, &root2, &root).unwrap();
    assert_eq!(text(consistent), ["dzgP8cRwPO24LuKQM+YO9yOZ+vIqabBv0nPMKZChmR4="]);
}

#[test]
fn a_frontier_has_the_root_of_the_recursion_at_every_size() {
    let leaves = leaves(SIZES);
    let recursion = Recursion::new(leaves.clone());
    let mut frontier = Frontier::new();
    for size in 0..=leaves.len() {
        assert_eq!(frontier.root(), recursion.mth(0..size), "size {size}");
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
        assert_eq!(Frontier::from_nodes(&leaves[..size], size as u64), Ok(frontier.clone()));
        if let Some(leaf) = leaves.get(size) {
            frontier.push_noting(*leaf, |node, hash| {
                assert_eq!(leaves[..].node(node), Some(hash));
                assert_eq!((node.index + 1) << node.height, size as u64 + 1, "completed by this leaf");
            });
        }
    }
}

#[test]
fn what_is_no_frontier_is_refused() {
    let bytes = grown(&leaves(5)).to_bytes();
    assert_eq!(Frontier::from_bytes(&bytes[..7]), Err(FrontierError::Length(7)));
    assert_eq!(Frontier::from_bytes(&bytes[..71]), Err(FrontierError::Length(71)));
    assert_eq!(Frontier::from_bytes(&bytes[..40]), Err(FrontierError::Count { size: 5, expected: 2, found: 1 }));
    let missing = Frontier::from_nodes(&leaves(3)[..], 4);
    assert_eq!(missing, Err(FrontierError::MissingNode(Node { height: 2, index: 0 })));
}

#[test]
fn every_inclusion_proof_is_the_one_of_the_recursion_and_holds() {
    let tree = Recursion::new(leaves(SIZES));
    for size in 1..=SIZES {
        let root = tree.mth(0..size as usize);
        for index in 0..size {
            let proof = inclusion_proof(&tree, index, size).unwrap();
            assert_eq!(proof, tree.path(index as usize, 0..size as usize), "{index} of {size}");
            verify_inclusion(&tree.leaves[index as usize], index, size, &proof, &root).unwrap();
        }
        assert_eq!(inclusion_proof(&tree, size, size), Err(ProofError::Index { index: size, size }));
    }
}

#[test]
fn every_consistency_proof_is_the_one_of_the_recursion_and_holds() {
    let tree = Recursion::new(leaves(SIZES));
    let root = |size: u64| tree.mth(0..size as usize);
    for to in 0..=SIZES {
        for from in 0..=to {
            let proof = consistency_proof(&tree, from, to).unwrap();
            let expected = if from == 0 { Vec::new() } else { tree.subproof(from as usize, 0..to as usize, true) };
            assert_eq!(proof, expected, "{from} to {to}");
            verify_consistency(from, to, &proof, &root(from), &root(to)).unwrap();
        }
    }
    assert_eq!(consistency_proof(&tree, 3, 2), Err(ProofError::Sizes { from: 3, to: 2 }));
}

#[test]
fn proofs_name_beforehand_the_nodes_that_they_read() {
    struct Only<'a>(&'a [Hash], Vec<Node>);
    impl Nodes for Only<'_> {
        fn node(&self, node: Node) -> Option<Hash> {
            self.1.contains(&node).then(|| self.0.node(node))?
        }
    }
    let leaves = leaves(100);
    for size in [1, 2, 3, 64, 65, 99, 100] {
        for other in 0..size {
            let nodes = Only(&leaves, inclusion_nodes(other, size).unwrap());
            assert!(inclusion_proof(&nodes, other, size).is_ok());
            let nodes = Only(&leaves, consistency_nodes(other, size).unwrap());
            assert!(consistency_proof(&nodes, other, size).is_ok());
        }
    }
    let nothing = Only(&leaves, Vec::new());
    assert!(matches!(inclusion_proof(&nothing, 0, 2), Err(ProofError::MissingNode(_))));
}

proptest! {
    #[test]
    fn no_changed_inclusion_proof_holds(size in 1..SIZES, index: u64, change in 0..6, place: usize, bit in 0..256_usize) {
        let tree = leaves(size);
        let root = grown(&tree).root();
        let index = index % size;
        let mut leaf = tree[index as usize];
        let mut proof = inclusion_proof(&tree[..], index, size).unwrap();
        let (mut at, mut claimed_root) = (index, root);
        match change {
            0 => leaf[bit / 8] ^= 1 << (bit % 8),
            1 => claimed_root[bit / 8] ^= 1 << (bit % 8),
            2 => proof.push(leaf),
            3 => { if proof.pop().is_none() { return Ok(()); } }
            4 => { if proof.is_empty() { return Ok(()); } let i = place % proof.len(); proof[i][bit / 8] ^= 1 << (bit % 8); }
            _ => { at = (place as u64) % (size + 1); if at == index { return Ok(()); } }
        }
        prop_assert!(verify_inclusion(&leaf, at, size, &proof, &claimed_root).is_err());
    }

    #[test]
    fn no_changed_consistency_proof_holds(to in 2..SIZES, from: u64, change in 0..6, place: usize, bit in 0..256_usize) {
        let tree = leaves(to);
        let from = 1 + from % (to - 1);
        let (mut from_root, mut to_root) = (grown(&tree[..from as usize]).root(), grown(&tree).root());
        let mut proof = consistency_proof(&tree[..], from, to).unwrap();
        let mut claimed = from;
        match change {
            0 => from_root[bit / 8] ^= 1 << (bit % 8),
            1 => to_root[bit / 8] ^= 1 << (bit % 8),
            2 => proof.push(to_root),
            3 => { proof.pop(); }
            4 => { let i = place % proof.len(); proof[i][bit / 8] ^= 1 << (bit % 8); }
            _ => { claimed = (place as u64) % (to + 2); if claimed == from { return Ok(()); } }
        }
        prop_assert!(verify_consistency(claimed, to, &proof, &from_root, &to_root).is_err());
    }

    #[test]
    fn no_stated_proof_makes_verification_panic(a: u64, b: u64, hash: Hash, proof in prop::collection::vec(any::<Hash>(), 0..70)) {
        prop_assert!(verify_inclusion(&hash, a, b, &proof, &hash).is_err() || proof.is_empty());
        prop_assert!(verify_consistency(a, b, &proof, &hash, &empty_root()).is_err());
    }
}
