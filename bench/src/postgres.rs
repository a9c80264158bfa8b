//! A PostgreSQL of its own, durable as it comes, and pgbench doing the inserts that a submission does.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, bail, ensure};

use crate::{
    load::histogram,
    program::{Running, content, until_listening},
    quiet::{self, Ticks},
    report::Report,
};

/// A running cluster.
pub(crate) struct Cluster {
    _running: Running,
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
}

fn programs() -> anyhow::Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .context("PostgreSQL is missing: apt-get install postgresql")?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|path| path.join("pgbench").exists())
        .collect();
    versions.sort();
    versions.pop().context("pgbench is missing: apt-get install postgresql")
}

/// The command, as the user `postgres` when this program runs as root: the server refuses root.
fn as_owner(program: &Path) -> anyhow::Result<Command> {
    let root = fs::read_to_string("/proc/self/status")?.lines().any(|line| line.starts_with("Uid:\t0\t"));
    if !root {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--"]).arg(program);
    Ok(command)
}

impl Cluster {
    /// Makes and starts one in this folder, with the settings that it comes with.
    pub(crate) async fn start(folder: &Path) -> anyhow::Result<Self> {
        let programs = programs()?;
        // The user `postgres` has to get through to it.
        fs::set_permissions(folder, fs::Permissions::from_mode(0o777))?;
        let data = folder.join("data");
        let made = as_owner(&programs.join("initdb"))?
            .args(["--username", "signoff", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--pgdata"])
            .arg(&data)
            .stdout(Stdio::null())
            .status()?;
        ensure!(made.success(), "initdb failed");
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = as_owner(&programs.join("postgres"))?;
        command.arg("-D").arg(&data).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-k"]);
        let log = fs::File::create(folder.join("log"))?;
        let running = Running(command.arg(folder).stdout(log.try_clone()?).stderr(log).spawn()?);
        until_listening(&format!("127.0.0.1:{port}")).await?;
        let cluster = Self { _running: running, programs, folder: folder.into(), port };
        cluster.until_ready().await?;
        Ok(cluster)
    }

    async fn until_ready(&self) -> anyhow::Result<()> {
        for _ in 0..200 {
            if self.psql("SELECT 1").is_ok() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        bail!("PostgreSQL does not answer: {}", fs::read_to_string(self.folder.join("log"))?)
    }

    /// The URL of a new database.
    pub(crate) fn database(&self, name: &str) -> anyhow::Result<String> {
        self.psql(&format!("CREATE DATABASE {name}"))?;
        Ok(format!("postgres://signoff@127.0.0.1:{}/{name}?sslmode=disable", self.port))
    }

    fn psql(&self, sql: &str) -> anyhow::Result<()> {
        let output = Command::new(self.programs.join("psql")).args(self.place("postgres")).args(["-qc", sql]).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    fn place(&self, database: &str) -> [String; 8] {
        ["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "signoff", "-d", database].map(str::to_owned)
    }

    /// pgbench, doing the inserts of a submission into Signoff's own tables of this database, prepared, one transaction each.
    pub(crate) async fn pgbench(&self, database: &str, clients: usize, seconds: u64) -> anyhow::Result<Report> {
        let script = self.folder.join("submit.sql");
        // A name after a colon is a variable of pgbench.
        let content = format!(r#"{{"data": {}, "context": {{}}, "choices": null}}"#, content()).replace("\":", "\": ");
        fs::write(&script, SUBMIT.replace("CONTENT", &content).replace("ENTRY", &"e".repeat(ENTRY)))?;
        quiet::wait().await?;
        let ticks = Ticks::now()?;
        let output = tokio::process::Command::new(self.programs.join("pgbench"))
            .args(["-n", "-M", "prepared", "-T", &seconds.to_string(), "-c", &clients.to_string(), "-j", &clients.min(2).to_string(), "-l"])
            .arg(format!("--log-prefix={}", self.folder.join(format!("times-{clients}")).display()))
            .arg("-f")
            .arg(&script)
            .args(self.place(database))
            .output()
            .await?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let others = ticks.others_since()?;
        let times = self.logged_times(&format!("times-{clients}"))?;
        let per_second = rate(&String::from_utf8(output.stdout)?)?;
        Ok(Report { what: "pgbench, the inserts of a submit".into(), clients, per_second, times, cpu_micros: None, others })
    }

    /// The times of each transaction, from pgbench's log: client, number, microseconds, …
    fn logged_times(&self, prefix: &str) -> anyhow::Result<hdrhistogram::Histogram<u64>> {
        let mut times = histogram()?;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(&format!("{prefix}.")) {
                for line in fs::read_to_string(entry.path())?.lines() {
                    times.saturating_record(line.split(' ').nth(2).context("pgbench's log")?.parse()?);
                }
                fs::remove_file(entry.path())?;
            }
        }
        Ok(times)
    }
}

fn rate(output: &str) -> anyhow::Result<f64> {
    let line = output.lines().find_map(|line| line.strip_prefix("tps = ")).context("no tps in the output of pgbench")?;
    Ok(line.split(' ').next().unwrap_or_default().parse()?)
}

/// Bytes of the entry of a submission.
const ENTRY: usize = 470;

/// Ids grow with time, as Signoff's do: the indexes are written at their right edge.
const SUBMIT: &str = include_str!("submit.sql");
