//! The real binary on a database of its own: started, killed, started again on the same address.

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use tokio::time::{sleep, timeout};

const BINARY: &str = env!("CARGO_BIN_EXE_signoff");
/// A start includes what the engine recovers; far below the time that anybody would wait.
const START: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }

    /// Waiters of a server that nobody asks anything: on PostgreSQL the sealer is one.
    pub(crate) fn idle_waiters(self) -> u64 {
        u64::from(self == Self::Postgres)
    }
}

/// A server that can be killed.
pub(crate) struct Program {
    pub(crate) engine: Engine,
    pub(crate) address: SocketAddr,
    database_url: String,
    child: Option<Child>,
    folder: tempfile::TempDir,
}

impl Program {
    pub(crate) async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database_url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("signoff.db").display()),
            Engine::Postgres => fresh_schema().await,
        };
        Self { engine, address: free_address(), database_url, child: None, folder }
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn start(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log")).unwrap();
        let child = self
            .command(&["serve", "--listen", &self.address.to_string(), "--log", "warn", "--database-connections", "12"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let ready = async {
            let url = format!("http://{}/readyz", self.address);
            let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
            while !client.get(&url).send().await.is_ok_and(|answer| answer.status().is_success()) {
                let ended = self.child.as_mut().and_then(|child| child.try_wait().unwrap());
                assert!(ended.is_none(), "the server ended by itself ({ended:?}):\n{}", self.log());
                sleep(Duration::from_millis(3)).await;
            }
        };
        let ready = timeout(START, ready).await;
        assert!(ready.is_ok(), "the server does not get ready:\n{}", self.log());
    }

    /// Kills the server: `SIGKILL`, which it cannot see coming.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().expect("a server that runs");
        assert!(child.try_wait().unwrap().is_none(), "the server ended by itself:\n{}", self.log());
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// A command of the binary on the same database; answers what it printed.
    pub(crate) fn run(&self, args: &[&str]) -> String {
        let done = self.command(args).output().unwrap();
        assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command.args(args).env("SIGNOFF_DATABASE_URL", &self.database_url).current_dir(self.folder.path());
        command
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}

/// An address below the range from which outgoing connections take theirs: it stays free while the server is down.
fn free_address() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 8_000).unwrap();
    let ports = std::iter::repeat_with(|| 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 8_000);
    let mut free = ports.take(8_000).map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port))).filter(|at| TcpListener::bind(at).is_ok());
    free.next().expect("a free port")
}

async fn fresh_schema() -> String {
    let url = postgres();
    let schema = format!("kill_{}", std::process::id());
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}options=-c%20search_path%3D{schema}")
}

/// The server for tests: the one that is named, or a private one.
fn postgres() -> String {
    std::env::var("SIGNOFF_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/postgres");
        let started = Command::new(script).arg("start").output().unwrap();
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        String::from_utf8(started.stdout).unwrap().trim().to_owned()
    })
}
