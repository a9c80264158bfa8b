//! JSON Schema 2020-12 for content and edits, without any access to files or the network.

use jsonschema::{PatternOptions, ValidationOptions, Validator};
use serde_json::Value;

use crate::{Code, Refusal, refusal::Place};

mod work;

/// Largest schema, in bytes of its JSON text.
const LARGEST: usize = 64 * 1024;
/// Largest compiled pattern, in bytes, of a schema that was let in.
const PATTERN: usize = 1 << 20;
/// How many places a refusal names.
const NAMED: usize = 20;
/// Content with more values than this is told only that it does not fit: to collect what is wrong at every place of it takes long.
const EXPLAINED: usize = 1_000;

/// Decides whether a schema is let in: it can be compiled, and the work that it makes is bounded.
///
/// # Errors
/// The place within the schema, and what is wrong there.
pub fn admit(schema: &Value) -> Result<(), Place> {
    // Before the schema is compiled: that is work too.
    if schema.is_object() {
        work::bound(schema)?;
    }
    compile(schema).map(drop).map_err(|message| Place { pointer: String::new(), message })
}

/// Makes a validator of a schema that was let in.
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
    options(PATTERN).build(schema).map_err(|error| format!("Not a JSON Schema that can be used here: {error}"))
}

/// Patterns come from users: the linear-time engine has no runaway backtracking, and `pattern` is how large one may become.
fn options(pattern: usize) -> ValidationOptions<'static> {
    jsonschema::draft202012::options().with_pattern_options(PatternOptions::regex().size_limit(pattern))
}

/// Checks a value; `below` is the pointer of the value in the request.
///
/// # Errors
/// [`Code::SchemaMismatch`] that names the places that do not fit.
pub fn check(validator: &Validator, value: &Value, below: &str) -> Result<(), Refusal> {
    if validator.is_valid(value) {
        return Ok(());
    }
    if values(value) > EXPLAINED {
        let refusal = Refusal::at(Code::SchemaMismatch, below, "The content does not fit the queue's schema.");
        return Err(refusal.hint("Content of at most 1000 values is told where."));
    }
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

/// How many values there are in one, with itself.
fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
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
    fn content_of_many_values_that_does_not_fit_is_refused_as_a_whole() {
        let validator = compile(&json!({"properties": {"rows": {"items": {"type": "string"}}}})).unwrap();
        let rows = |count: usize| json!({"rows": vec![json!(0); count]});
        assert_eq!(check(&validator, &rows(900), "/data").unwrap_err().places.len(), 20);
        let refusal = check(&validator, &rows(500_000), "/data").unwrap_err();
        assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (Code::SchemaMismatch, "/data"));
        assert!(check(&validator, &json!({"rows": vec![json!("a"); 2_000]}), "/data").is_ok());
    }

    #[test]
    fn a_schema_that_points_elsewhere_is_refused() {
        assert!(compile(&json!({"$ref": "https://example.com/schema.json"})).is_err());
        assert!(compile(&json!({"$ref": "file:///etc/passwd"})).is_err());
        assert!(compile(&json!({"type": "nonsense"})).is_err());
        assert!(compile(&json!([])).is_err());
    }
}
