//! Where the server is, as whom to ask, and how patiently.

use std::{fmt, net::IpAddr, time::Duration};

use reqwest::{
    Url,
    header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT},
    redirect::Policy,
};

use crate::Error;

/// How a client is set up.
#[derive(Clone)]
pub struct Options {
    /// Address of the server, with or without `/v1`: `https://signoff.example`.
    pub url: String,
    /// An agent's API key (`sk_live_…`) or a person's access token (`sp_live_…`).
    pub credential: Option<String>,
    /// How often a request is sent again before its failure is reported.
    pub retries: u32,
    /// How long an answer may take. Waiting calls add it to the time that the server was asked to wait.
    pub timeout: Duration,
}

impl Options {
    /// A server, without a credential, with 4 retries and 30 seconds for an answer.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), credential: None, retries: 4, timeout: Duration::from_secs(30) }
    }

    /// The same with a credential.
    #[must_use]
    pub fn credential(self, credential: impl Into<String>) -> Self {
        Self { credential: Some(credential.into()), ..self }
    }
}

/// Does not show the credential.
impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("url", &self.url).field("retries", &self.retries).finish_non_exhaustive()
    }
}

/// A connection to a Signoff server. Clones share their sockets.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
    pub(crate) retries: u32,
    pub(crate) timeout: Duration,
}

impl Client {
    /// A client. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::Address`] or [`Error::Credential`] when these cannot be what they have to be.
    pub fn new(options: Options) -> Result<Self, Error> {
        let address = || Error::Address(options.url.clone());
        let url: Url = options.url.parse().map_err(|_| address())?;
        let host = url.host_str().filter(|_| matches!(url.scheme(), "http" | "https")).ok_or_else(address)?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(address());
        }
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("signoff-client/", env!("CARGO_PKG_VERSION"))));
        if let Some(credential) = &options.credential {
            let mut value = HeaderValue::try_from(format!("Bearer {}", credential.trim())).map_err(|_| Error::Credential)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        // A second provider is refused: then the process has chosen one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder()
            .default_headers(headers)
            // A redirect would carry the credential elsewhere and turn a POST into a GET.
            .redirect(Policy::none())
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_idle_timeout(Duration::from_secs(90))
            .connect_timeout(Duration::from_secs(10));
        if is_this_machine(host) {
            http = http.no_proxy();
        }
        let base = url.as_str().trim_end_matches('/').trim_end_matches("/v1").trim_end_matches('/').to_owned();
        let http = http.build().map_err(|source| Error::Network { url: base.clone(), source })?;
        Ok(Self { http, base, retries: options.retries, timeout: options.timeout })
    }

    /// Address of the server, without `/v1`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.base
    }
}

fn is_this_machine(host: &str) -> bool {
    let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
    host == "localhost" || address.is_some_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_taken_with_or_without_the_version() {
        for url in ["http://127.0.0.1:8080", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"] {
            assert_eq!(Client::new(Options::new(url)).unwrap().url(), "http://127.0.0.1:8080");
        }
        assert_eq!(Client::new(Options::new("https://example.com/signoff/v1")).unwrap().url(), "https://example.com/signoff");
        for url in ["127.0.0.1:8080", "ftp://example.com", "http://", "https://example.com?x=1", ""] {
            assert!(matches!(Client::new(Options::new(url)), Err(Error::Address(_))), "{url}");
        }
        let split = Options::new("http://localhost").credential("sk_live_1\nX-Evil: 1");
        assert!(matches!(Client::new(split), Err(Error::Credential)));
    }

    #[test]
    fn a_credential_is_not_shown() {
        let options = Options::new("http://localhost").credential("sk_live_secret");
        assert!(!format!("{options:?}").contains("secret"));
        assert!(!format!("{:?}", Client::new(options).unwrap()).contains("secret"));
    }
}
