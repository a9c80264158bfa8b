//! How much work a schema can make, told before it is let in.
//!
//! Content is checked within a write, and every other write may have to wait for it. `$defs` that each use the next one twice are thirty short lines and 2³⁰
//! visits. So a schema is refused when one place of some content could be visited more than [`CHECKS`] times; how many places there are is bounded by the size of
//! a body.
//!
//! The count is the worst case: every branch is taken, every member is there, and what can lead back to itself does so as often as content is deep. Schemas that
//! look at the same place (`$ref`, `allOf`, `anyOf`, …) add up. Of those that look within it the ones for one member or item count: a tree that refers to itself
//! for each of its children costs no more than a flat schema, but three branches that each go deeper make 3⁶⁴ visits of the deepest place.
//!
//! Patterns are matched in time that grows with the text and with the pattern, so the patterns of one place have a limit of their own: [`PATTERNS`].

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::refusal::Place;

/// How often one place of content may be visited to learn whether it fits.
const CHECKS: u64 = 256;
/// How often more to learn why not.
const AGAIN: u64 = 1_024;
/// Sizes of a compiled pattern, in bytes, and what it then costs. The smallest are not compiled at all; larger than the largest is refused.
const SIZES: [(usize, u64); 7] = [(1 << 9, 0), (1 << 11, 1), (1 << 12, 2), (1 << 13, 4), (1 << 14, 8), (1 << 15, 16), (1 << 16, 32)];
/// What the patterns cost that one text may be matched against.
const PATTERNS: u64 = 32;
/// How deep content is at the most, as every body.
const DEPTH: usize = 64;
/// So many members of an `enum`, names of `required` and the like cost as much as one visit.
const PER_VISIT: u64 = 16;

/// Refuses a schema that makes too much work, or whose work cannot be told.
///
/// # Errors
/// The place within the schema, and why.
pub(super) fn bound(schema: &Value) -> Result<(), Place> {
    let mut graph = Graph { root: schema, nodes: Vec::new(), known: HashMap::new() };
    graph.add(schema, String::new());
    graph.read()?;
    graph.count()
}

/// The schemas that look at what is within a place.
#[derive(Default)]
struct Within {
    /// All of these look at one member or item.
    each: Vec<usize>,
    /// One of these looks at it.
    one_of: Vec<usize>,
}

/// A schema within the schema, and whom it asks.
struct Node<'s> {
    schema: &'s Value,
    pointer: String,
    /// What it costs alone.
    own: Visits,
    /// Those that look at the same place.
    here: Vec<usize>,
    object: Within,
    array: Within,
    /// Whether it asks the others once more what they looked at (`unevaluatedProperties`, `unevaluatedItems`).
    asks_again: bool,
}

struct Graph<'s> {
    root: &'s Value,
    nodes: Vec<Node<'s>>,
    known: HashMap<*const Value, usize>,
}

impl<'s> Graph<'s> {
    fn add(&mut self, schema: &'s Value, pointer: String) -> usize {
        let next = self.nodes.len();
        let index = *self.known.entry(std::ptr::from_ref(schema)).or_insert(next);
        if index == next {
            let own = Visits { check: 1, ..Visits::default() };
            let (here, object, array) = (Vec::new(), Within::default(), Within::default());
            self.nodes.push(Node { schema, pointer, own, here, object, array, asks_again: false });
        }
        index
    }

    /// Reads every schema that can be reached.
    fn read(&mut self) -> Result<(), Place> {
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            if let Value::Object(members) = node.schema {
                let pointer = node.pointer.clone();
                for (keyword, value) in members {
                    self.read_keyword(at, keyword, value, &format!("{pointer}/{}", escape(keyword)))?;
                }
            }
            at += 1;
        }
        Ok(())
    }

    fn read_keyword(&mut self, at: usize, keyword: &str, value: &'s Value, pointer: &str) -> Result<(), Place> {
        match keyword {
            "$ref" => {
                let (target, pointer) = self.resolve(value).map_err(|why| place(pointer, why))?;
                let target = self.add(target, pointer);
                self.nodes[at].here.push(target);
            }
            "$dynamicRef" | "$recursiveRef" => return Err(place(pointer, "Use `$ref`; references that depend on the way are not taken.")),
            "$id" if at != 0 => return Err(place(pointer, "Only the whole schema may have an `$id`.")),
            "enum" | "required" | "dependentRequired" | "properties" => self.nodes[at].own.check += length(value) / PER_VISIT,
            "pattern" => self.nodes[at].own.patterns += pattern(value.as_str().unwrap_or_default(), pointer)?,
            "patternProperties" => {
                for name in value.as_object().into_iter().flat_map(Map::keys) {
                    self.nodes[at].own.patterns += pattern(name, &format!("{pointer}/{}", escape(name)))?;
                }
            }
            _ => {}
        }
        let subschemas = self.subschemas(keyword, value, pointer);
        let node = &mut self.nodes[at];
        node.asks_again |= keyword.starts_with("unevaluated");
        let list = match keyword {
            "patternProperties" | "unevaluatedProperties" => &mut node.object.each,
            "properties" | "additionalProperties" | "propertyNames" => &mut node.object.one_of,
            "contains" | "unevaluatedItems" => &mut node.array.each,
            "items" | "prefixItems" | "additionalItems" => &mut node.array.one_of,
            _ => &mut node.here,
        };
        list.extend(subschemas);
        Ok(())
    }

    /// The schemas that a keyword holds.
    fn subschemas(&mut self, keyword: &str, value: &'s Value, pointer: &str) -> Vec<usize> {
        match (keyword, value) {
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(schemas)) => {
                schemas.iter().enumerate().map(|(i, schema)| self.add(schema, format!("{pointer}/{i}"))).collect()
            }
            // Of `dependencies`, lists of names are no schemas, but count as well.
            ("properties" | "patternProperties" | "dependentSchemas" | "dependencies", Value::Object(schemas)) => {
                schemas.iter().map(|(name, schema)| self.add(schema, format!("{pointer}/{}", escape(name)))).collect()
            }
            (
                "not"
                | "if"
                | "then"
                | "else"
                | "items"
                | "additionalItems"
                | "contains"
                | "additionalProperties"
                | "propertyNames"
                | "unevaluatedItems"
                | "unevaluatedProperties",
                schema,
            ) => vec![self.add(schema, pointer.into())],
            _ => Vec::new(),
        }
    }

    /// What a reference leads to. Only pointers are followed: what a name or address leads to depends on what else is in the schema.
    fn resolve(&self, reference: &Value) -> Result<(&'s Value, String), &'static str> {
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#')).filter(|pointer| !pointer.contains('%'));
        let pointer = pointer.filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
        let pointer =
            pointer.ok_or("A reference is `#` or a pointer within this schema, such as `#/$defs/item`, without percent encoding.")?;
        let target = self.root.pointer(pointer).ok_or("There is nothing at this place of the schema.")?;
        Ok((target, pointer.into()))
    }

    /// The nodes, each after those that look at the same place for it.
    fn order(&self) -> Result<Vec<usize>, Place> {
        let mut askers = vec![Vec::new(); self.nodes.len()];
        let mut waits_for: Vec<usize> = self.nodes.iter().map(|node| node.here.len()).collect();
        for (asker, node) in self.nodes.iter().enumerate() {
            node.here.iter().for_each(|asked| askers[*asked].push(asker));
        }
        let mut order: Vec<usize> = (0..self.nodes.len()).filter(|node| waits_for[*node] == 0).collect();
        let mut done = 0;
        while let Some(asked) = order.get(done).copied() {
            for &asker in &askers[asked] {
                waits_for[asker] -= 1;
                if waits_for[asker] == 0 {
                    order.push(asker);
                }
            }
            done += 1;
        }
        match waits_for.iter().position(|waits| *waits > 0) {
            None => Ok(order),
            Some(endless) => Err(place(&self.nodes[endless].pointer, "This leads back to itself without going into the content.")),
        }
    }

    fn count(&self) -> Result<(), Place> {
        let order = self.order()?;
        let nothing = vec![Visits::default(); self.nodes.len()];
        let mut within = nothing.clone();
        for depth in 0..=DEPTH {
            let (mut object, mut array) = (nothing.clone(), nothing.clone());
            for &at in &order {
                let node = &self.nodes[at];
                let own = if depth == 0 { node.own } else { Visits::default() };
                object[at] = node.visits(own, &object, &node.object, &within);
                array[at] = node.visits(own, &array, &node.array, &within);
                let most = object[at].max(array[at]);
                if most.check > CHECKS || most.again > AGAIN {
                    return Err(place(
                        &node.pointer,
                        "This is too much work: one place of the content could be looked at more than 256 times.",
                    ));
                }
                if most.patterns > PATTERNS {
                    return Err(place(&node.pointer, "One text could be matched against too many patterns, or too large ones, here."));
                }
            }
            within = object.into_iter().zip(array).map(|(object, array)| object.max(array)).collect();
        }
        Ok(())
    }
}

/// How often a place is visited at the most.
#[derive(Debug, Clone, Copy, Default)]
struct Visits {
    /// To learn whether it fits.
    check: u64,
    /// To learn why not, or who looked at what: branches are asked again for that.
    again: u64,
    /// What the patterns cost that it is matched against.
    patterns: u64,
}

impl Visits {
    fn total(self) -> u64 {
        self.check.saturating_add(self.again)
    }

    fn max(self, other: Self) -> Self {
        Self { check: self.check.max(other.check), again: self.again.max(other.again), patterns: self.patterns.max(other.patterns) }
    }
}

impl Node<'_> {
    /// Visits of a place some levels below this schema's own. `here` has those of the same level, `inner` those of one level less.
    fn visits(&self, own: Visits, here: &[Visits], within: &Within, inner: &[Visits]) -> Visits {
        let mut visits = within.one_of.iter().map(|at| inner[*at]).fold(Visits::default(), Visits::max);
        visits.check = visits.check.saturating_add(own.check);
        visits.patterns = visits.patterns.saturating_add(own.patterns);
        for asked in within.each.iter().map(|at| inner[*at]).chain(self.here.iter().map(|at| here[*at])) {
            visits.check = visits.check.saturating_add(asked.check);
            visits.again = visits.again.saturating_add(asked.total());
            visits.patterns = visits.patterns.saturating_add(asked.patterns);
        }
        if self.asks_again {
            visits.check = visits.total();
            visits.patterns = visits.patterns.saturating_mul(2);
        }
        visits
    }
}

/// What a pattern costs.
fn pattern(pattern: &str, pointer: &str) -> Result<u64, Place> {
    let schema = json!({"pattern": pattern});
    let fits = |size: usize| super::options(size).build(&schema).is_ok();
    let cost = SIZES.iter().find(|(size, _)| fits(*size)).map(|(_, cost)| *cost);
    cost.ok_or_else(|| {
        place(pointer, "Not a pattern that can be used here: it is not a regular expression without look-around, or it is too large.")
    })
}

fn length(value: &Value) -> u64 {
    (value.as_array().map_or(0, Vec::len) + value.as_object().map_or(0, Map::len)) as u64
}

fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn place(pointer: &str, message: &str) -> Place {
    Place { pointer: pointer.into(), message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused_at(schema: &Value) -> Option<String> {
        bound(schema).err().map(|place| place.pointer)
    }

    /// `$defs` that each use the next one twice.
    fn doubling(keyword: &str, levels: usize) -> Value {
        let mut defs = Map::new();
        for level in 0..levels {
            let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
            defs.insert(format!("d{level}"), json!({keyword: [next, next]}));
        }
        defs.insert(format!("d{levels}"), json!({"type": "object"}));
        json!({"$defs": defs, "$ref": "#/$defs/d0"})
    }

    #[test]
    fn what_doubles_at_one_place_is_refused_with_its_place() {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            assert!(refused_at(&doubling(keyword, 29)).is_some_and(|at| at.starts_with("/$defs/d")), "{keyword}");
            assert_eq!(refused_at(&doubling(keyword, 4)), None, "{keyword}");
        }
        let nested = (0..7).fold(json!({"type": "string"}), |inner, _| json!({"if": inner, "then": inner, "else": inner}));
        assert!(refused_at(&nested).is_some());
    }

    #[test]
    fn what_doubles_with_each_level_of_content_is_refused() {
        let twice = json!({"allOf": [{"$ref": "#"}, {"$ref": "#"}]});
        assert!(refused_at(&json!({"properties": {"next": twice}})).is_some());
        assert!(refused_at(&json!({"items": twice})).is_some());
        assert!(refused_at(&json!({"patternProperties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}})).is_some());
        assert!(refused_at(&json!({"items": {"$ref": "#"}, "contains": {"$ref": "#"}})).is_some());
        assert!(refused_at(&json!({"oneOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}}]})).is_some());
        let asks_again = json!({"anyOf": [{"properties": {"a": {"$ref": "#"}}}], "unevaluatedProperties": false});
        assert!(refused_at(&asks_again).is_some());
    }

    #[test]
    fn recursion_that_asks_once_for_each_child_is_fine() {
        let tree = json!({"$defs": {"node": {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
            "name": {"type": "string"}, "left": {"$ref": "#/$defs/node"}, "right": {"$ref": "#/$defs/node"},
            "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}, "$ref": "#/$defs/node"});
        assert_eq!(refused_at(&tree), None);
        let anything = json!({"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#"}}, {"type": "object", "additionalProperties": {"$ref": "#"}}]});
        assert_eq!(refused_at(&anything), None);
    }

    #[test]
    fn what_real_schemas_look_like_is_fine() {
        let base = json!({"required": ["at", "by"], "properties": {"at": {"type": "string"}, "by": {"type": "string"}}});
        let kinds: Vec<_> = (0..50).map(|i| json!({"allOf": [{"$ref": "#/$defs/base"}, {"properties": {"kind": {"const": i}}}]})).collect();
        assert_eq!(refused_at(&json!({"$defs": {"base": base}, "oneOf": kinds})), None);
        let columns: Map<String, Value> = (0..500).map(|i| (format!("column{i}"), json!({"type": ["number", "null"]}))).collect();
        let rows = json!({"type": "array", "items": {"type": "object", "properties": columns, "unevaluatedProperties": false}});
        assert_eq!(refused_at(&json!({"properties": {"rows": rows, "country": {"enum": (0..250).collect::<Vec<_>>()}}})), None);
    }

    #[test]
    fn long_lists_count() {
        assert_eq!(refused_at(&json!({"items": {"enum": (0..16_000).collect::<Vec<_>>()}})), Some("/items".into()));
    }

    #[test]
    fn patterns_count_by_their_size() {
        let pattern = |pattern: &str| json!({"properties": {"a": {"pattern": pattern}}});
        for fine in [r"^[^@\s]+@[^@\s]+\.[^@\s]+$", r"^\p{L}+$", "^[a-z0-9_-]{1,255}$", r"^\+?[0-9 ()-]{6,20}$", "^https://"] {
            assert_eq!(refused_at(&pattern(fine)), None, "{fine}");
        }
        for wrong in ["[ab]*a[ab]{5000}c", "(?=a)b", r"(a)\1", "["] {
            assert_eq!(refused_at(&pattern(wrong)), Some("/properties/a/pattern".into()), "{wrong}");
        }
        assert_eq!(
            refused_at(&json!({"patternProperties": {"[ab]*a[ab]{5000}c": {}}})),
            Some("/patternProperties/[ab]*a[ab]{5000}c".into())
        );
        let many: Vec<_> = (100..110).map(|n| json!({"pattern": format!("[ab]*a[ab]{{{n}}}c")})).collect();
        assert_eq!(refused_at(&json!({"properties": {"a": {"anyOf": many}}})), Some("/properties/a".into()));
        let apart: Map<String, Value> = (100..110).map(|n| (n.to_string(), json!({"pattern": format!("[ab]*a[ab]{{{n}}}c")}))).collect();
        assert_eq!(refused_at(&json!({"properties": apart})), None);
    }

    #[test]
    fn a_reference_is_a_pointer_to_something() {
        let cases = [
            (json!({"items": {"$ref": "#/$defs/none"}}), "/items/$ref"),
            (json!({"$ref": "#name", "$defs": {"a": {"$anchor": "name"}}}), "/$ref"),
            (json!({"$ref": "#/$defs/a%62", "$defs": {"ab": {}}}), "/$ref"),
            (json!({"$ref": "https://example.com/schema.json"}), "/$ref"),
            (json!({"$dynamicRef": "#name"}), "/$dynamicRef"),
            (json!({"properties": {"a/b": {"$id": "https://example.com/a"}}}), "/properties/a~1b/$id"),
            (json!({"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}), "/$defs/a"),
            (json!({"$ref": "#"}), ""),
        ];
        for (schema, at) in cases {
            let refused = bound(&schema).unwrap_err();
            if at == "/$defs/a" {
                assert!(refused.message.starts_with("This leads back"), "{refused:?}");
                continue;
            }
            assert_eq!(refused.pointer, at, "{}", refused.message);
        }
        assert_eq!(refused_at(&json!({"$id": "https://example.com/root", "$ref": "#/$defs/a~1b", "$defs": {"a/b": {}}})), None);
    }
}
