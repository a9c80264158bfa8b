//! JSON Schema 2020-12 for content and edits, without any access to files or the network.

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

use crate::{Code, Refusal, refusal::Place};

/// Largest schema, in bytes of its JSON text.
const LARGEST: usize = 64 * 1024;
/// How many places a refusal names.
const NAMED: usize = 20;

/// Makes a validator.
///
/// # Errors
/// What is wrong with the schema, in one sentence.
pub fn compile(schema: &Value) -> Result<Validator, String> {
    if !schema.is_object() {
        return Err("A schema is an object.".into());
    }
    if schema.to_string().len() > LARGEST {
        return Err("A schema has at most 64 KiB.".into());
    }
    // Patterns come from users: the linear-time engine has no runaway backtracking.
    jsonschema::draft202012::options()
        .with_pattern_options(PatternOptions::regex().size_limit(1 << 20))
        .build(schema)
        .map_err(|error| format!("Not a JSON Schema that can be used here: {error}"))
}

/// Checks a value; `below` is the pointer of the value in the request.
///
/// # Errors
/// [`Code::SchemaMismatch`] that names the places that do not fit.
pub fn check(validator: &Validator, value: &Value, below: &str) -> Result<(), Refusal> {
    let places: Vec<Place> = validator
        .iter_errors(value)
        .take(NAMED)
        .map(|error| Place { pointer: format!("{below}{}", error.instance_path()), message: sentence(&error.to_string()) })
        .collect();
    match places.first() {
        None => Ok(()),
        Some(first) => {
            let detail = format!("{} at {}", first.message, first.pointer);
            Err(Refusal { places, ..Refusal::new(Code::SchemaMismatch, detail) })
        }
    }
}

/// Validation messages repeat the value, which may be as large as the body.
fn sentence(message: &str) -> String {
    const LONGEST: usize = 200;
    if message.chars().count() <= LONGEST { message.into() } else { message.chars().take(LONGEST).chain("…".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_places_that_do_not_fit_are_named() {
        let validator =
            compile(&json!({"type": "object", "required": ["to"], "properties": {"amount": {"type": "number", "maximum": 10}}})).unwrap();
        assert!(check(&validator, &json!({"to": "a", "amount": 3}), "/data").is_ok());
        let refusal = check(&validator, &json!({"amount": 30}), "/data").unwrap_err();
        let mut pointers: Vec<_> = refusal.places.iter().map(|place| place.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/data", "/data/amount"]);
    }

    #[test]
    fn a_schema_that_points_elsewhere_is_refused() {
        assert!(compile(&json!({"$ref": "https://example.com/schema.json"})).is_err());
        assert!(compile(&json!({"$ref": "file:///etc/passwd"})).is_err());
        assert!(compile(&json!({"type": "nonsense"})).is_err());
        assert!(compile(&json!([])).is_err());
    }
}
