//! Canonical JSON: RFC 8785 over a subset of I-JSON (RFC 7493). There is exactly one byte string for a value, so that a hash
//! of the bytes is a hash of the value. Numbers whose magnitude exceeds 2^53 − 1, members given twice, lone surrogates and
//! nesting deeper than [`MAX_DEPTH`] have no canonical form and are refused; text is never normalised.

use std::{cell::Cell, cmp::Ordering, fmt};

use serde::{
    Serialize,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

/// The largest magnitude a number may have: 2^53 − 1, up to which every integer is exact in a double (RFC 7493 §2.2).
pub const MAX_NUMBER: u64 = 9_007_199_254_740_991;

/// How many arrays and objects may stand inside each other.
pub const MAX_DEPTH: usize = 64;

/// Why something has no canonical form, or is not in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not JSON at all (RFC 8259), or JSON followed by something.
    #[error("not JSON: {0}")]
    Syntax(String),
    /// An object has the same member twice.
    #[error("the member {0:?} is given twice")]
    Duplicate(String),
    /// A number's magnitude exceeds [`MAX_NUMBER`].
    #[error("the number {0} exceeds 2^53 - 1")]
    Number(String),
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH}")]
    Depth,
    /// Well-formed, but other bytes than the canonical ones.
    #[error("not in canonical form")]
    Form,
}

/// The canonical bytes of anything that serialises. For a [`Value`] that is at hand, [`of_value`] is cheaper.
///
/// # Errors
/// When the value serialises to no JSON, has a member twice, a number out of range, or is too deep.
pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let bytes = serde_json::to_vec(value).map_err(|e| CanonicalError::Syntax(e.to_string()))?;
    of_value(&parse(&bytes)?)
}

/// The canonical bytes of a JSON value.
///
/// # Errors
/// When a number is out of range or the value is too deep.
pub fn of_value(value: &Value) -> Result<Vec<u8>, CanonicalError> {
    let mut out = Vec::with_capacity(256);
    write_value(value, &mut out)?;
    Ok(out)
}

/// Appends the canonical bytes of `value` to `out`. After an error `out` holds a part of them.
///
/// # Errors
/// As [`of_value`].
pub fn write_value(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write_nested(value, out, MAX_DEPTH)
}

/// Appends the canonical bytes of an object to `out`, as [`write_value`] does.
///
/// # Errors
/// As [`of_value`].
pub fn write_map(map: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write_object(map, out, MAX_DEPTH)
}

/// Appends `text` as a canonical JSON string, quotes included (RFC 8785 §3.2.2.2).
pub fn write_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut start = 0;
    for (i, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[start..i]);
        start = i + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0a => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            0x0d => out.extend_from_slice(b"\\r"),
            other => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(other >> 4)]);
                out.push(HEX[usize::from(other & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

/// Reads JSON strictly: one value, no member twice, no number out of range, no deeper than [`MAX_DEPTH`]. The bytes need not
/// be in canonical form.
///
/// # Errors
/// Which rule is broken.
pub fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    parse_located(bytes).map_err(|located| located.error)
}

/// A broken rule and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// RFC 6901 pointer to the value at which reading stopped.
    pub pointer: String,
    /// Which rule is broken.
    pub error: CanonicalError,
}

/// As [`parse`], and says where a rule is broken.
///
/// # Errors
/// Which rule is broken, and where.
pub fn parse_located(bytes: &[u8]) -> Result<Value, Located> {
    let (refusal, pointer) = (Cell::new(None), Cell::default());
    let mut de = serde_json::Deserializer::from_slice(bytes);
    Strict { depth: MAX_DEPTH, refusal: &refusal, pointer: &pointer }
        .deserialize(&mut de)
        .and_then(|value| de.end().map(|()| value))
        .map_err(|e| Located { pointer: pointer.take(), error: refusal.take().unwrap_or_else(|| CanonicalError::Syntax(e.to_string())) })
}

/// Says whether `bytes` are exactly the canonical bytes of the value they stand for.
///
/// # Errors
/// [`CanonicalError::Form`] when other bytes would be canonical, else why there are none.
pub fn check(bytes: &[u8]) -> Result<(), CanonicalError> {
    if of_value(&parse(bytes)?)? == bytes { Ok(()) } else { Err(CanonicalError::Form) }
}

/// [`check`] as a yes or no.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    check(bytes).is_ok()
}

fn write_nested(value: &Value, out: &mut Vec<u8>, depth: usize) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_number(number, out)?,
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            let depth = depth.checked_sub(1).ok_or(CanonicalError::Depth)?;
            out.push(b'[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(b',');
                }
                write_nested(item, out, depth)?;
            }
            out.push(b']');
        }
        Value::Object(map) => write_object(map, out, depth)?,
    }
    Ok(())
}

fn write_object(map: &Map<String, Value>, out: &mut Vec<u8>, depth: usize) -> Result<(), CanonicalError> {
    let depth = depth.checked_sub(1).ok_or(CanonicalError::Depth)?;
    let mut members: Vec<(&String, &Value)> = map.iter().collect();
    members.sort_unstable_by(|a, b| utf16_order(a.0, b.0));
    out.push(b'{');
    for (i, (name, value)) in members.into_iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_text(name, out);
        out.push(b':');
        write_nested(value, out, depth)?;
    }
    out.push(b'}');
    Ok(())
}

/// RFC 8785 §3.2.3 sorts by UTF-16 code units, which differs from the order of UTF-8 bytes above U+D7FF.
fn utf16_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

pub(super) fn write_integer(number: u64, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    write_number(&Number::from(number), out)
}

fn write_number(number: &Number, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    in_range(number)?;
    let text = match number.as_f64() {
        // ECMAScript's shortest form of a double is what RFC 8785 §3.2.2.3 asks for.
        Some(double) if number.is_f64() => {
            serde_json_canonicalizer::to_string(&double).map_err(|_| CanonicalError::Number(number.to_string()))?
        }
        _ => number.to_string(),
    };
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact in a double")]
fn in_range(number: &Number) -> Result<(), CanonicalError> {
    let fits = match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(signed), _, _) => signed.unsigned_abs() <= MAX_NUMBER,
        (_, Some(unsigned), _) => unsigned <= MAX_NUMBER,
        (_, _, Some(double)) => double.abs() <= MAX_NUMBER as f64,
        _ => false,
    };
    if fits { Ok(()) } else { Err(CanonicalError::Number(number.to_string())) }
}

/// Builds a [`Value`] and keeps the rule that was broken, which the deserializer's own error would reduce to text.
#[derive(Clone, Copy)]
struct Strict<'a> {
    depth: usize,
    refusal: &'a Cell<Option<CanonicalError>>,
    pointer: &'a Cell<String>,
}

impl Strict<'_> {
    /// Notes, on the way out of an error, that it happened below `step`.
    fn below<E>(self, step: impl fmt::Display, error: E) -> E {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer.set(format!("/{step}{}", self.pointer.take()));
        error
    }

    fn refuse<E: serde::de::Error>(self, why: CanonicalError) -> E {
        let error = E::custom(&why);
        self.refusal.set(Some(why));
        error
    }

    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth, ..self }),
            None => Err(self.refuse(CanonicalError::Depth)),
        }
    }

    fn number<E: serde::de::Error>(self, number: Number) -> Result<Value, E> {
        in_range(&number).map_err(|why| self.refuse(why))?;
        Ok(Value::Number(number))
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value, E> {
        self.number(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        self.number(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a finite number"))?;
        self.number(number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inner).map_err(|error| self.below(items.len(), error))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut map = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if map.contains_key(&name) {
                let error = self.refuse(CanonicalError::Duplicate(name.clone()));
                return Err(self.below(name, error));
            }
            let value = access.next_value_seed(inner).map_err(|error| self.below(&name, error))?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests;
