//! One keep-alive HTTP/1.1 connection, spoken by hand: the load generator shares the machine with what it measures, and a client library would take more of it.

use std::io::Write;

use anyhow::{Context, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Where requests go, and as whom.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) address: String,
    /// What goes into `Authorization: Bearer`.
    pub(crate) secret: String,
}

/// What is asked. The task's revision is sent with everything that has a body: the first one, since nothing here revises.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) body: &'a str,
}

impl<'a> Request<'a> {
    pub(crate) fn get(path: &'a str) -> Self {
        Self { method: "GET", path, body: "" }
    }

    pub(crate) fn post(path: &'a str, body: &'a str) -> Self {
        Self { method: "POST", path, body }
    }
}

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    target: Target,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(target: &Target) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(&target.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, target: target.clone(), sent: Vec::new(), received: Vec::new() })
    }

    /// Sends a request; answers the body of a 2xx answer.
    pub(crate) async fn send(&mut self, request: Request<'_>) -> anyhow::Result<&[u8]> {
        let Request { method, path, body } = request;
        let Target { address, secret } = &self.target;
        self.sent.clear();
        write!(self.sent, "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {secret}\r\n")?;
        if method == "POST" {
            write!(self.sent, "content-type: application/json\r\nif-match: \"1\"\r\ncontent-length: {}\r\n", body.len())?;
        }
        write!(self.sent, "\r\n{body}")?;
        self.stream.write_all(&self.sent).await?;
        let (status, body) = self.receive().await.with_context(|| format!("{method} {path}"))?;
        ensure!((200..300).contains(&status), "{method} {path}: {status} {}", String::from_utf8_lossy(body));
        Ok(body)
    }

    async fn receive(&mut self) -> anyhow::Result<(u16, &[u8])> {
        self.received.clear();
        let end = loop {
            if let Some(end) = self.received.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            self.read_more().await?;
        };
        let head = std::str::from_utf8(&self.received[..end])?;
        let status: u16 = head.get(9..12).context("no status line")?.parse()?;
        let whole = end + 4 + if status == 204 { 0 } else { content_length(head)? };
        while self.received.len() < whole {
            self.read_more().await?;
        }
        Ok((status, &self.received[end + 4..whole]))
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.received).await? == 0 {
            bail!("the connection was closed");
        }
        Ok(())
    }
}

fn content_length(head: &str) -> anyhow::Result<usize> {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length")).context("an answer of unknown length")?.1;
    Ok(length.trim().parse()?)
}

/// The first id of a task in an answer.
pub(crate) fn task_id(answer: &[u8]) -> anyhow::Result<&str> {
    const START: &[u8] = b"\"task_";
    let start = answer.windows(START.len()).position(|some| some == START).context("no task in the answer")? + 1;
    let length = answer[start..].iter().position(|byte| *byte == b'"').context("an id without an end")?;
    Ok(std::str::from_utf8(&answer[start..start + length])?)
}

/// A member of a JSON answer, which is text.
pub(crate) fn member(answer: &[u8], pointer: &str) -> anyhow::Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    Ok(answer.pointer(pointer).and_then(|value| value.as_str()).with_context(|| format!("no {pointer} in {answer}"))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_are_read_to_their_end_and_no_further() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap().to_string(), secret: "s".into() };
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = vec![0; 1024];
            for answer in [
                "HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nab",
                "cd",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 409 x\r\ncontent-length: 0\r\n\r\n",
            ] {
                if answer.starts_with("HTTP") {
                    assert!(stream.read(&mut seen).await.unwrap() > 0);
                }
                stream.write_all(answer.as_bytes()).await.unwrap();
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        let mut connection = Connection::open(&target).await.unwrap();
        assert_eq!(connection.send(Request::post("/", "{}")).await.unwrap(), b"abcd");
        assert_eq!(connection.send(Request::get("/")).await.unwrap(), b"");
        assert!(connection.send(Request::get("/")).await.unwrap_err().to_string().contains("409"));
        server.await.unwrap();
    }

    #[test]
    fn the_task_of_a_claim_is_found() {
        let claim = br#"{"lease":{"id":"lease_01","member_id":"mem_01"},"task":{"id":"task_01","organization_id":"org_01"}}"#;
        assert_eq!(task_id(claim).unwrap(), "task_01");
        assert!(task_id(b"{}").is_err());
    }
}
