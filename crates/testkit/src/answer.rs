//! What a server answered.

use reqwest::header::{HeaderMap, SET_COOKIE};
use serde_json::Value;

use crate::Who;

/// What a server answered, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub body: Value,
}

impl Answer {
    pub(crate) async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Self { status, headers, text, body }
    }

    /// The body, if the status is this.
    ///
    /// # Panics
    /// On another status.
    #[track_caller]
    pub fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.body
    }

    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Asserts a problem: its status, its code, the place that it names, and that it has the form of one.
    ///
    /// # Panics
    /// When it is another answer.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str, place: Option<&str>) {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        if let Some(place) = place {
            assert!(self.body["errors"].get(place).is_some(), "{place} is not named: {}", self.text);
        }
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["type"], format!("https://signoff.dev/problems/{code}"));
        assert_eq!(self.body["error"]["code"], code);
        assert_eq!(self.body["message"], self.body["detail"]);
    }

    /// The session that the answer's cookie opens.
    ///
    /// # Panics
    /// Where there is none.
    #[track_caller]
    #[must_use]
    pub fn session(&self) -> Who {
        let cookie = self.headers[SET_COOKIE].to_str().unwrap();
        let secret = cookie.strip_prefix("signoff=").unwrap().split(';').next().unwrap();
        Who::Session(secret.into())
    }
}
