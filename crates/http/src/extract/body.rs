//! JSON bodies, read strictly: every refusal names the place.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::header,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use signoff_domain::{
    Code, Refusal,
    log::canonical::{self, CanonicalError},
};

use super::exact::Exact;
use crate::problem::Answer;

/// Largest body, in bytes.
pub(crate) const LARGEST: usize = 1 << 20;

/// A body that has to be there.
pub(crate) struct Body<T>(pub(crate) T);

/// A body that may be left out; then it is as if it were `{}`.
pub(crate) struct OptionalBody<T>(pub(crate) T);

/// The bytes of the body, for the fingerprint of an idempotent request.
#[derive(Clone)]
pub(crate) struct Raw(pub(crate) Bytes);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, _: &S) -> Result<Self, Answer> {
        check_media_type(&request)?;
        let bytes = read(request).await?;
        Ok(Self(parse(&bytes)?))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for OptionalBody<T> {
    type Rejection = Answer;

    async fn from_request(request: Request, _: &S) -> Result<Self, Answer> {
        let media_type = check_media_type(&request);
        let bytes = read(request).await?;
        if bytes.is_empty() {
            return Ok(Self(typed(Value::Object(Map::new()))?));
        }
        media_type?;
        Ok(Self(parse(&bytes)?))
    }
}

fn check_media_type(request: &Request) -> Result<(), Refusal> {
    let given = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::at(Code::UnsupportedMediaType, "Content-Type", "The body has to be application/json."))
}

/// The whole body, at most [`LARGEST`].
async fn read(mut request: Request) -> Result<Bytes, Answer> {
    if let Some(Raw(bytes)) = request.extensions_mut().remove::<Raw>() {
        return Ok(bytes);
    }
    collect(request.into_body()).await.map_err(Into::into)
}

/// Collects a body, at most [`LARGEST`].
pub(crate) async fn collect(body: axum::body::Body) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(body, LARGEST).await.map_err(|error| {
        let source = std::error::Error::source(&error);
        if source.is_some_and(|source| source.is::<http_body_util::LengthLimitError>()) {
            Refusal::new(Code::BodyTooLarge, "A body has at most 1 MiB.")
        } else {
            Refusal::new(Code::MalformedBody, "The body did not arrive whole.")
        }
    })
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let value = canonical::parse_located(bytes).map_err(|located| {
        let detail = match &located.error {
            CanonicalError::Syntax(what) => format!("Not JSON: {what}."),
            CanonicalError::Duplicate(name) => format!("The member '{}' is given twice.", shorten(name)),
            CanonicalError::Number(number) => format!("The number {} is beyond ±(2⁵³−1); send it as text.", shorten(number)),
            CanonicalError::Depth => "Nested deeper than 64.".into(),
            CanonicalError::Form => "Not in the right form.".into(),
        };
        Refusal::at(Code::MalformedBody, located.pointer, detail)
    })?;
    typed(value)
}

/// Reads a value as a type; the refusal names the member.
pub(crate) fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(Exact(value)).map_err(|error| {
        let message = error.inner().to_string();
        let mut pointer = pointer(error.path());
        // Serde names a missing or unknown member in the text; the place is the member's, not its parent's.
        for start in ["missing field `", "unknown field `"] {
            if let Some(name) = message.strip_prefix(start).and_then(|rest| rest.split('`').next())
                && !pointer.ends_with(&format!("/{name}"))
            {
                pointer.push('/');
                pointer.push_str(name);
            }
        }
        Refusal::invalid(pointer, sentence(&message))
    })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { variant } => format!("/{variant}"),
        Segment::Unknown => String::new(),
    };
    path.iter().map(step).collect()
}

/// Serde's text as a sentence, without the value that it repeats at any length.
fn sentence(message: &str) -> String {
    let text = shorten(message).replace('`', "'").replace("field", "member");
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn shorten(text: &str) -> String {
    const LONGEST: usize = 300;
    if text.chars().count() <= LONGEST { text.into() } else { text.chars().take(LONGEST).chain("…".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its shape is read")]
        items: Vec<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its shape is read")]
        name: String,
    }

    #[test]
    fn every_wrong_body_names_its_place() {
        let cases = [
            ("{", Code::MalformedBody, ""),
            (r#"{"items":[{"name":"a"},{"name":"a","name":"b"}]}"#, Code::MalformedBody, "/items/1/name"),
            (r#"{"items":[{"name":99999999999999999999}]}"#, Code::MalformedBody, "/items/0/name"),
            (r#"{"items":[{"name":1}]}"#, Code::ValidationError, "/items/0/name"),
            (r#"{"items":[{}]}"#, Code::ValidationError, "/items/0/name"),
            (r#"{"items":[{"name":"a","x":1}]}"#, Code::ValidationError, "/items/0/x"),
            (r#"{"items":[],"y":1}"#, Code::ValidationError, "/y"),
            ("{}", Code::ValidationError, "/items"),
            ("[]", Code::ValidationError, ""),
            // The members of a struct in their order are no object.
            (r#"[[{"name":"a"}]]"#, Code::ValidationError, ""),
            (r#"{"items":[["a"]]}"#, Code::ValidationError, "/items/0"),
        ];
        for (body, code, pointer) in cases {
            let refusal = parse::<Outer>(body.as_bytes()).unwrap_err();
            assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (code, pointer), "{body}: {}", refusal.detail);
        }
        let refusal = parse::<Outer>(b"{\"items\":[{\"name\":\"\xff\"}]}").unwrap_err();
        assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (Code::MalformedBody, "/items/0/name"));
    }
}
