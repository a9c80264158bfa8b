//! The real binary, on a database of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, bail, ensure};

use crate::{
    connection::{Connection, Request, Target, member},
    load::Load,
};

/// The queue that is measured.
pub(crate) const QUEUE: &str = "bench";

/// A submission whose content has 1 KiB; `{n}` is a number that differs each time.
pub(crate) fn submission(queue: &str) -> String {
    format!(r#"{{"queue_key":"{queue}","external_id":"b-{{n}}","data":{}}}"#, content())
}

/// Content of 1 KiB.
pub(crate) fn content() -> String {
    let start = r#"{"to":"dana@example.com","subject":"Invoice 4711","amount":129.5,"urgent":false,"lines":["#;
    let line = r#""A line of the letter with 40 letters in.","#;
    let lines = line.repeat(20);
    let rest = "-".repeat(1024 - start.len() - lines.len() - r#"""]}"#.len());
    format!(r#"{start}{lines}"{rest}"]}}"#)
}

/// A child process that ends with this value.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where a server keeps its data.
#[derive(Clone)]
pub(crate) enum Database {
    /// A SQLite file in this folder.
    Folder(PathBuf),
    /// A PostgreSQL URL.
    Url(String),
}

impl Database {
    fn args(&self) -> [String; 2] {
        match self {
            Self::Folder(folder) => ["--data-dir".into(), folder.display().to_string()],
            Self::Url(url) => ["--database-url".into(), url.clone()],
        }
    }
}

/// A server, which runs until [`Program::stop`] or the end of this value.
pub(crate) struct Program {
    running: Running,
    database: Database,
    /// The owner.
    pub(crate) owner: Target,
    /// An agent; its key is empty until [`Program::set_up`].
    pub(crate) agent: Target,
}

/// The server's binary lies beside this program.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("signoff");
    ensure!(path.exists(), "{}: build it with `cargo build --release -p signoff-server`", path.display());
    Ok(path)
}

fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// Waits until something listens there.
pub(crate) async fn until_listening(address: &str) -> anyhow::Result<()> {
    for _ in 0..20_000 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    bail!("nothing listens on {address}")
}

impl Program {
    /// Starts a server; returns when it listens.
    pub(crate) async fn start(database: Database) -> anyhow::Result<Self> {
        let address = free_address()?;
        let child = Command::new(binary()?)
            .args(["serve", "--listen", &address, "--log", "warn"])
            .args(database.args())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the server")?;
        let running = Running(child);
        until_listening(&address).await?;
        let target = Target { address, secret: String::new() };
        Ok(Self { running, database, owner: target.clone(), agent: target })
    }

    /// A server on an empty database, with one queue, one agent and the owner's token.
    pub(crate) async fn fresh(database: Database) -> anyhow::Result<Self> {
        let mut program = Self::start(database).await?;
        program.set_up().await?;
        Ok(program)
    }

    /// Ends the server at once.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        self.running.0.kill()?;
        self.running.0.wait()?;
        Ok(())
    }

    /// Another server on the same database, used with the same credentials. On SQLite this one has to be stopped.
    pub(crate) async fn replica(&self) -> anyhow::Result<Self> {
        let mut other = Self::start(self.database.clone()).await?;
        other.owner.secret.clone_from(&self.owner.secret);
        other.agent.secret.clone_from(&self.agent.secret);
        Ok(other)
    }

    async fn set_up(&mut self) -> anyhow::Result<()> {
        // It listens before its database is open; the answer comes after that.
        Connection::open(&self.owner).await?.send(Request::get("/readyz")).await?;
        self.owner.secret = self.token("owner@localhost")?;
        let mut owner = Connection::open(&self.owner).await?;
        self.agent.secret = member(owner.send(Request::post("/v1/key", r#"{"name":"bench"}"#)).await?, "/key")?;
        self.add_queue(QUEUE).await
    }

    pub(crate) async fn add_queue(&self, key: &str) -> anyhow::Result<()> {
        let body = format!(r#"{{"key":"{key}","name":"Bench","review_type":"approval"}}"#);
        Connection::open(&self.owner).await?.send(Request::post("/v1/queue", &body)).await?;
        Ok(())
    }

    /// A new access token of a member, made beside the running server.
    fn token(&self, email: &str) -> anyhow::Result<String> {
        let output = Command::new(binary()?).args(["member", "token", "--email", email]).args(self.database.args()).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// So many new reviewers, each with a token.
    pub(crate) async fn reviewers(&self, count: usize) -> anyhow::Result<Vec<Target>> {
        let mut owner = Connection::open(&self.owner).await?;
        let mut reviewers = Vec::new();
        for number in 0..count {
            let email = format!("reviewer-{number}@bench.example");
            let body = format!(r#"{{"email":"{email}","role":"reviewer"}}"#);
            let link = member(owner.send(Request::post("/v1/invitation", &body)).await?, "/link")?;
            let secret = link.split_once('#').context("a link without a secret")?.1;
            let body = format!(r#"{{"token":"{secret}","name":"Reviewer {number}","password":"a passphrase nobody guesses"}}"#);
            owner.send(Request::post("/v1/invitation/accept", &body)).await?;
            reviewers.push(Target { address: self.owner.address.clone(), secret: self.token(&email)? });
        }
        Ok(reviewers)
    }

    /// Submissions by so many agents.
    pub(crate) fn submits(&self, what: &str, clients: usize, lasts: Duration) -> Load {
        Load {
            what: what.into(),
            target: self.agent.clone(),
            process: self.id(),
            method: "POST",
            path: "/v1/task".into(),
            body: submission(QUEUE),
            clients,
            lasts,
        }
    }

    /// One request by the owner again and again.
    pub(crate) fn asks(&self, what: &str, method: &'static str, path: String, body: String, lasts: Duration) -> Load {
        Load { what: what.into(), target: self.owner.clone(), process: self.id(), method, path, body, clients: 1, lasts }
    }

    pub(crate) fn id(&self) -> u32 {
        self.running.0.id()
    }

    /// Resident memory, in MB.
    pub(crate) fn memory_mb(&self) -> anyhow::Result<f64> {
        resident_mb(&Path::new("/proc").join(self.id().to_string()))
    }
}

fn resident_mb(process: &Path) -> anyhow::Result<f64> {
    let status = fs::read_to_string(process.join("status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_json_of_one_kibibyte() {
        assert_eq!(content().len(), 1024);
        let submission: serde_json::Value = serde_json::from_str(&submission(QUEUE)).unwrap();
        assert_eq!(submission["data"]["lines"].as_array().unwrap().len(), 21);
    }
}
