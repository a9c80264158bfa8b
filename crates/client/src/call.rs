//! One request: what is sent, when it is sent again, and how its answer is read.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode, header};
use serde::{Serialize, de::DeserializeOwned};
use signoff_wire::problem::Problem;

use crate::{Client, Error};

/// The first pause before a request is sent again; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause, also when the server asks for a longer one.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// A page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// Its rows.
    pub items: Vec<T>,
    /// Names the next page; `None` on the last.
    pub next: Option<String>,
}

/// A request that is being put together.
pub(crate) struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(header::HeaderName, String)>,
    body: Option<Vec<u8>>,
    /// How long the answer may take; `None` for streams.
    timeout: Option<Duration>,
    /// Whether it may be sent again when it is not known whether it took effect.
    repeatable: bool,
}

impl Client {
    pub(crate) fn get(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::GET, path)
    }

    /// Deleting twice is as deleting once.
    pub(crate) fn delete(&self, path: impl Into<String>) -> Call<'_> {
        self.call(Method::DELETE, path)
    }

    /// Putting twice is as putting once.
    pub(crate) fn put(&self, path: impl Into<String>, body: &impl Serialize) -> Result<Call<'_>, Error> {
        Ok(Call { body: Some(serde_json::to_vec(body)?), ..self.call(Method::PUT, path) })
    }

    /// A POST that the server carries out once, however often it is sent.
    pub(crate) fn post(&self, path: impl Into<String>, body: &impl Serialize) -> Result<Call<'_>, Error> {
        let call = self.post_once(path, body)?.header(header::HeaderName::from_static("idempotency-key"), random_key());
        Ok(Call { repeatable: true, ..call })
    }

    /// A POST that changes nothing.
    pub(crate) fn ask(&self, path: impl Into<String>, body: &impl Serialize) -> Result<Call<'_>, Error> {
        Ok(Call { repeatable: true, ..self.post_once(path, body)? })
    }

    /// A POST whose answer is shown once, so that the server does not keep it: never repeated once it has left.
    pub(crate) fn post_once(&self, path: impl Into<String>, body: &impl Serialize) -> Result<Call<'_>, Error> {
        let call = self.call(Method::POST, path);
        Ok(Call { body: Some(serde_json::to_vec(body)?), repeatable: false, ..call })
    }

    fn call(&self, method: Method, path: impl Into<String>) -> Call<'_> {
        Call {
            client: self,
            method,
            path: path.into(),
            query: Vec::new(),
            headers: Vec::new(),
            body: None,
            timeout: Some(self.timeout),
            repeatable: true,
        }
    }
}

impl Call<'_> {
    /// Adds a parameter, if it has a value.
    pub(crate) fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        self.query.extend(value.map(|value| (name.to_owned(), value.to_string())));
        self
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: header::HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Gives the answer more time.
    pub(crate) fn waiting(self, longer: Duration) -> Self {
        Self { timeout: self.timeout.map(|timeout| timeout + longer), ..self }
    }

    /// Sets no limit to the time that the whole answer takes.
    pub(crate) fn streaming(self) -> Self {
        Self { timeout: None, ..self }
    }

    /// Sends it, again if need be.
    pub(crate) async fn send(self) -> Result<Response, Error> {
        let mut pause = FIRST_PAUSE;
        for _ in 0..self.client.retries {
            let error = match self.send_once().await {
                Err(error) if error.is_passing() && (self.repeatable || never_left(&error)) => error,
                done => return done,
            };
            let asked = error.problem().and_then(|problem| problem.retry_after).map(|seconds| Duration::from_secs(seconds.into()));
            tokio::time::sleep(asked.unwrap_or_else(|| jittered(pause)).min(LONGEST_PAUSE)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.send_once().await
    }

    /// Sends it and reads the answer.
    pub(crate) async fn read<T: DeserializeOwned>(self) -> Result<T, Error> {
        let url = self.client.base.clone();
        read(&url, self.send().await?).await
    }

    /// Sends it and reads the answer; `None` when there is nothing (204).
    pub(crate) async fn read_opt<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        let url = self.client.base.clone();
        let response = self.send().await?;
        if response.status() == StatusCode::NO_CONTENT { Ok(None) } else { read(&url, response).await.map(Some) }
    }

    /// Sends it and reads a page of a list.
    pub(crate) async fn page<T: DeserializeOwned>(self) -> Result<Page<T>, Error> {
        let url = self.client.base.clone();
        let response = self.send().await?;
        let next = response.headers().get("x-next-cursor").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Ok(Page { items: read(&url, response).await?, next })
    }

    async fn send_once(&self) -> Result<Response, Error> {
        let client = self.client;
        let network = |source: reqwest::Error| Error::Network { url: client.base.clone(), source: source.without_url() };
        let mut request = client.http.request(self.method.clone(), format!("{}/v1{}", client.base, self.path));
        if !self.query.is_empty() {
            request = request.query(&self.query);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        if let Some(timeout) = self.timeout {
            request = request.timeout(timeout);
        }
        let response = request.send().await.map_err(network)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(network)?;
        Err(match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Error::Problem(Box::new(problem)),
            Err(_) => Error::Foreign { url: client.base.clone(), status },
        })
    }
}

async fn read<T: DeserializeOwned>(url: &str, response: Response) -> Result<T, Error> {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.map_err(|source| Error::Network { url: url.to_owned(), source: source.without_url() })?;
    serde_json::from_slice(&bytes).map_err(|_| Error::Foreign { url: url.to_owned(), status })
}

/// Whether the request cannot have reached the server.
fn never_left(error: &Error) -> bool {
    matches!(error, Error::Network { source, .. } if source.is_connect())
}

/// A pause between half of itself and itself, so that those who failed together do not come back together.
pub(crate) fn jittered(pause: Duration) -> Duration {
    let [random, ..] = random_bytes();
    pause.mul_f64(0.5 + f64::from(random) / 512.0)
}

fn random_key() -> String {
    random_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[expect(clippy::disallowed_methods, reason = "the client is an edge: its keys and pauses are drawn here")]
fn random_bytes() -> [u8; 16] {
    use rand::Rng;
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// A text as one segment of a path: what could end the segment is escaped.
pub(crate) fn segment(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_cannot_leave_its_place() {
        assert_eq!(segment("task_01KB"), "task_01KB");
        assert_eq!(segment("../key?x=1#ä"), "%2E%2E%2Fkey%3Fx%3D1%23%C3%A4");
    }

    #[test]
    fn pauses_differ_within_bounds() {
        for _ in 0..100 {
            let pause = jittered(Duration::from_secs(1));
            assert!((Duration::from_millis(500)..Duration::from_secs(1)).contains(&pause), "{pause:?}");
        }
        assert_ne!(random_key(), random_key());
    }
}
