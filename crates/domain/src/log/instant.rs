//! Instants as the log writes them: RFC 3339 in UTC with exactly six decimals, `2026-11-22T07:19:03.123456Z`.

use std::io::Write;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

/// How many characters such an instant has.
const LENGTH: usize = 27;

/// Appends the instant, cut to whole microseconds. Gives `false`, and leaves `out` with rubbish at its end, when the year is
/// not between 0 and 9999.
pub(super) fn write(at: Timestamp, out: &mut Vec<u8>) -> bool {
    let start = out.len();
    let Ok(whole) = Timestamp::from_microsecond(at.as_nanosecond().div_euclid(1000).try_into().unwrap_or(i64::MIN)) else {
        return false;
    };
    // Writing to a vector does not fail.
    write!(out, "{whole:.6}").is_ok() && out.len() == start + LENGTH
}

/// Reads an instant in exactly that form.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    let mut form = Vec::with_capacity(LENGTH);
    (write(at, &mut form) && form == text.as_bytes()).then_some(at)
}

pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    let mut text = Vec::with_capacity(LENGTH);
    let written = write(*at, &mut text);
    match str::from_utf8(&text) {
        Ok(text) if written => to.serialize_str(text),
        _ => Err(serde::ser::Error::custom("an instant outside the years 0 to 9999")),
    }
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
    parse(&text).ok_or_else(|| D::Error::custom("an instant is written 2026-11-22T07:19:03.123456Z"))
}
