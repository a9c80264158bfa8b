//! Query parameters: each is taken by name, and one that nobody takes is refused.

use std::str::FromStr;

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};
use signoff_domain::{Refusal, Timestamp, refusal::Places};

use crate::problem::Answer;

/// Most rows of a page.
const PAGE: i64 = 100;
const PAGE_DEFAULT: i64 = 50;
/// When the year 0 begins, in seconds since 1970.
const YEAR_0: i64 = -62_167_219_200;

/// The query parameters of a request that nobody has taken yet.
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
    wrong: Places,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Answer> {
        Ok(Self::of(&parts.uri)?)
    }
}

fn serde_urlencoded(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let decode =
        |text: &str| percent_decode(text).ok_or_else(|| Refusal::invalid("query", "The query string is not UTF-8 in percent encoding."));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if value.contains('\0') {
                return Err(Refusal::invalid(name, "Must not hold the character U+0000."));
            }
            Ok((name, value))
        })
        .collect()
}

/// `application/x-www-form-urlencoded` as browsers and clients write queries.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}

impl Params {
    /// The parameters of an address.
    ///
    /// # Errors
    /// [`signoff_domain::Code::ValidationError`] when they cannot be decoded.
    pub(crate) fn of(uri: &Uri) -> Result<Self, Refusal> {
        Ok(Self { pairs: serde_urlencoded(uri.query().unwrap_or_default())?, wrong: Places::default() })
    }

    /// The value of a parameter. An empty one is refused: who sends it forgot a value, and would get more than was meant.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.all(name);
        if values.len() > 1 {
            self.wrong.add(name, "Given twice.");
        }
        let value = values.pop()?;
        if value.is_empty() {
            self.wrong.add(name, "Must not be empty; leave it out instead.");
            return None;
        }
        Some(value)
    }

    /// All values of a parameter that may repeat.
    pub(crate) fn all(&mut self, name: &str) -> Vec<String> {
        self.pairs.extract_if(.., |(known, _)| known == name).map(|(_, value)| value).collect()
    }

    /// The parameters whose names start so, with the rest of the name.
    pub(crate) fn starting_with(&mut self, start: &str) -> Vec<(String, String)> {
        let taken = self.pairs.extract_if(.., |(name, _)| name.len() > start.len() && name.starts_with(start));
        taken.map(|(name, value)| (name[start.len()..].to_owned(), value)).collect()
    }

    /// A parameter as a type.
    pub(crate) fn parse<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.text(name)?;
        let parsed = text.parse().ok();
        if parsed.is_none() {
            self.wrong.add(name, what);
        }
        parsed
    }

    /// A parameter as a word of a closed set.
    pub(crate) fn word<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>, what: &str) -> Option<T> {
        let text = self.text(name)?;
        let word = read(&text);
        if word.is_none() {
            self.wrong.add(name, what);
        }
        word
    }

    /// A parameter as an instant, from the year 0 on: RFC 3339 has no earlier ones, and PostgreSQL has some of them only.
    pub(crate) fn time(&mut self, name: &str) -> Option<Timestamp> {
        let since = |text: &str| text.parse().ok().filter(|instant: &Timestamp| instant.as_second() >= YEAR_0);
        self.word(name, since, "Must be an instant in RFC 3339, such as 2026-11-24T09:00:00Z.")
    }

    /// A parameter as a whole number within bounds.
    pub(crate) fn number(&mut self, name: &str, least: i64, most: i64) -> Option<i64> {
        let number: i64 = self.parse(name, "Must be a whole number.")?;
        if !(least..=most).contains(&number) {
            self.wrong.add(name, format!("Must be from {least} to {most}."));
        }
        Some(number.clamp(least, most))
    }

    /// How many rows are asked for.
    pub(crate) fn limit(&mut self) -> i64 {
        self.number("limit", 1, PAGE).unwrap_or(PAGE_DEFAULT)
    }

    /// Notes a parameter that is wrong.
    pub(crate) fn refuse(&mut self, name: &str, what: &str) {
        self.wrong.add(name, what);
    }

    /// # Errors
    /// A validation error that names every parameter that is wrong or not known.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        for (name, _) in &self.pairs {
            self.wrong.add(name, "There is no such parameter here.");
        }
        self.wrong.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_unknown_ones_refused() {
        let mut params = Params { pairs: serde_urlencoded("a=x+%C3%A4&state=1&state=2&limit=7&b=").unwrap(), wrong: Places::default() };
        assert_eq!(params.text("a").as_deref(), Some("x ä"));
        assert_eq!(params.all("state"), ["1", "2"]);
        assert_eq!(params.limit(), 7);
        assert_eq!(params.finish().unwrap_err().places[0].pointer, "b");
        assert_eq!(serde_urlencoded("a=b&c=%00").unwrap_err().places[0].pointer, "c");
        assert!(serde_urlencoded("a=%FF").is_err() && serde_urlencoded("a=%F").is_err());
    }
}
