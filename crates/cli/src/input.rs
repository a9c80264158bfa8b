//! What people give a command: JSON, files, words of closed sets.

use std::io::Read;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;
use serde_json::Value;
use signoff_wire::Object;

use crate::failure::Failure;

/// JSON that is given as it is, as `@FILE`, or as `-` for standard input.
pub(crate) fn json<T: DeserializeOwned>(option: &str, given: &str) -> Result<T, Failure> {
    let text = match given.strip_prefix('@') {
        Some(path) => file(path)?,
        None if given == "-" => file("-")?,
        None => given.to_owned(),
    };
    serde_json::from_str(&text)
        .map_err(|error| Failure::input(format!("{option}: {error}")).hint("Give JSON as it is, as @FILE, or as - for standard input."))
}

/// A file's text; `-` is standard input.
pub(crate) fn file(path: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == "-" { std::io::stdin().lock().read_to_string(&mut text).map(|_| text) } else { std::fs::read_to_string(path) };
    read.map_err(|source| Failure::File { what: format!("cannot read {path}"), source })
}

/// `NAME=VALUE` pairs; a value that is JSON is taken as such, another is a text.
pub(crate) fn attributes(pairs: &[String]) -> Result<Option<Object>, Failure> {
    let mut object = Object::new();
    for pair in pairs {
        let (name, value) = pair.split_once('=').ok_or_else(|| Failure::input(format!("'{pair}' is not NAME=VALUE")))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        object.insert(name.to_owned(), value);
    }
    Ok((!object.is_empty()).then_some(object))
}

/// Reads a word of a closed set as the type that it is on the wire.
pub(crate) fn words<T: DeserializeOwned + Clone + Send + Sync + 'static>(
    words: &'static [&'static str],
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(words).try_map(|word| serde_json::from_value(Value::String(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_texts_unless_they_are_json() {
        let read = attributes(&["a=x y".into(), "b=3".into(), "c=true".into(), "d=\"3\"".into(), "e=x=y".into()]).unwrap();
        assert_eq!(Value::Object(read.unwrap()), serde_json::json!({ "a": "x y", "b": 3, "c": true, "d": "3", "e": "x=y" }));
        assert!(attributes(&[]).unwrap().is_none());
        assert!(attributes(&["novalue".into()]).is_err());
    }
}
