//! The real binary, on a SQLite file of its own.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

use crate::connection::{Connection, Shot};

/// The queue that is measured.
pub(crate) const QUEUE: &str = "bench";

/// A running server; ends with this value.
pub(crate) struct Program {
    child: Child,
    _folder: tempfile::TempDir,
    pub(crate) address: String,
    pub(crate) key: String,
    pub(crate) token: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn binary() -> PathBuf {
    std::env::var_os("SIGNOFF_BINARY").map_or_else(|| "target/release/signoff".into(), PathBuf::from)
}

/// The size of the binary.
pub(crate) fn binary_mb() -> anyhow::Result<f64> {
    Ok(fs::metadata(binary())?.len() as f64 / 1e6)
}

fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

impl Program {
    /// Starts a server with one queue, one agent and the owner's token.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = free_address()?;
        let child = Command::new(binary())
            .args(["serve", "--listen", &address, "--log", "warn", "--data-dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("{}: build it with `cargo build --release`", binary().display()))?;
        let mut program = Self { child, _folder: folder, address, key: String::new(), token: String::new() };
        program.wait_until_ready().await?;
        program.set_up().await?;
        Ok(program)
    }

    /// How long an empty folder takes to a server that has accepted a task, without the making of key and queue by hand.
    #[expect(clippy::disallowed_methods, reason = "time is what is measured")]
    pub(crate) async fn cold_start() -> anyhow::Result<Duration> {
        let start = Instant::now();
        let program = Self::start().await?;
        let shot = program.submit();
        Connection::open(&program.address).await?.send(&shot, shot.body.clone()).await?;
        Ok(start.elapsed())
    }

    async fn wait_until_ready(&self) -> anyhow::Result<()> {
        for _ in 0..2_000 {
            if Connection::open(&self.address).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        bail!("the server does not answer on {}", self.address)
    }

    async fn set_up(&mut self) -> anyhow::Result<()> {
        let output = Command::new(binary())
            .args(["member", "token", "--email", "owner@localhost", "--data-dir"])
            .arg(self._folder.path())
            .output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.token = String::from_utf8(output.stdout)?.trim().to_owned();
        let mut connection = Connection::open(&self.address).await?;
        let body = r#"{"name":"bench"}"#.to_owned();
        self.key = connection.member(&self.shot("POST", "/v1/key", &self.token), body, "/key").await?;
        let body = format!(r#"{{"key":"{QUEUE}","name":"Bench","review_type":"approval"}}"#);
        connection.send(&self.shot("POST", "/v1/queue", &self.token), body).await?;
        Ok(())
    }

    /// A request by the holder of `secret`.
    pub(crate) fn shot(&self, method: &'static str, path: &str, secret: &str) -> Shot {
        Shot {
            address: self.address.clone(),
            method,
            path: path.into(),
            headers: vec![("authorization", format!("Bearer {secret}"))],
            body: String::new(),
        }
    }

    /// A submission of 1 KiB.
    pub(crate) fn submit(&self) -> Shot {
        let body = format!(r#"{{"queue_key":"{QUEUE}","external_id":"b-{{n}}","data":{{"body":"{}"}}}}"#, "x".repeat(940));
        Shot { body, ..self.shot("POST", "/v1/task", &self.key) }
    }

    pub(crate) fn first_page(&self) -> Shot {
        self.shot("GET", &format!("/v1/task?queue_key={QUEUE}&state=queued&order=turn&limit=50"), &self.token)
    }

    pub(crate) fn peek_next(&self) -> Shot {
        self.shot("GET", &format!("/v1/task/next?queue_key={QUEUE}"), &self.token)
    }

    /// Resident memory.
    pub(crate) fn memory_mb(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0 / 1e6)
    }
}
