//! One keep-alive HTTP/1.1 connection.

use anyhow::{Context, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, client::conn::http1::SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinHandle};

/// A request that is sent again and again. `body` may hold `{n}`, a number that differs each time.
#[derive(Clone)]
pub(crate) struct Shot {
    pub(crate) address: String,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: String,
}

/// One connection.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Connection {
    pub(crate) async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(async move {
            // A connection that breaks shows at its next request.
            let _ = connection.await;
        });
        Ok(Self { sender, driver })
    }

    /// Sends a request; answers the body of a 2xx answer.
    pub(crate) async fn send(&mut self, shot: &Shot, body: String) -> anyhow::Result<Bytes> {
        let mut request = Request::builder().method(shot.method).uri(&shot.path).header("host", &shot.address);
        for (name, value) in &shot.headers {
            request = request.header(*name, value);
        }
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        self.sender.ready().await?;
        let response = self.sender.send_request(request.body(Full::new(Bytes::from(body)))?).await?;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{} {}: {status} {}", shot.method, shot.path, String::from_utf8_lossy(&bytes));
        Ok(bytes)
    }

    /// Sends a request; answers a member of the JSON answer.
    pub(crate) async fn member(&mut self, shot: &Shot, body: String, pointer: &str) -> anyhow::Result<String> {
        let answer: serde_json::Value = serde_json::from_slice(&self.send(shot, body).await?)?;
        Ok(answer.pointer(pointer).and_then(|value| value.as_str()).with_context(|| format!("{}: no {pointer}", shot.path))?.to_owned())
    }
}
