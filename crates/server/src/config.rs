//! Configuration: defaults, then a file, then the environment (`SIGNOFF_*`), then flags. Checked at the start, with every error at once.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use signoff_app::Config as Database;

/// Where the database is, for the server and the operator's commands.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DatabaseArgs {
    /// Read settings from this file (TOML)
    #[arg(long, env = "SIGNOFF_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// postgres://… or sqlite:FILE; a SQLite file in the data folder when left out
    #[arg(long, env = "SIGNOFF_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
    /// Folder for the SQLite file [default: data]
    #[arg(long, env = "SIGNOFF_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where people reach the server [default: http://127.0.0.1:8080]
    #[arg(long, env = "SIGNOFF_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
}

/// How the server is started.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) database: DatabaseArgs,
    /// Address to listen on [default: 127.0.0.1:8080]
    #[arg(long, env = "SIGNOFF_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Take a request's address from X-Forwarded-For
    #[arg(long, env = "SIGNOFF_TRUST_PROXY", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub(crate) trust_proxy: Option<bool>,
    /// What to log: error, warn, info, debug, or filters by module [default: info]
    #[arg(long, env = "SIGNOFF_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// How to log: text or json [default: text]
    #[arg(long, env = "SIGNOFF_LOG_FORMAT", value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
    /// Most connections to PostgreSQL [default: 32]
    #[arg(long, env = "SIGNOFF_DATABASE_CONNECTIONS", value_name = "N")]
    pub(crate) database_connections: Option<usize>,
    /// Name of the organization made at the first start [default: My organization]
    #[arg(long, env = "SIGNOFF_ORGANIZATION", value_name = "NAME")]
    pub(crate) organization: Option<String>,
}

/// The same settings in a file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database_url: Option<String>,
    data_dir: Option<PathBuf>,
    public_url: Option<String>,
    listen: Option<String>,
    trust_proxy: Option<bool>,
    log: Option<String>,
    log_format: Option<String>,
    database_connections: Option<usize>,
    organization: Option<String>,
}

/// What the server is started with.
#[derive(Debug, Clone)]
pub(crate) struct ServeConfig {
    pub(crate) database: Database,
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) trust_proxy: bool,
    pub(crate) log: String,
    pub(crate) log_json: bool,
    pub(crate) organization: String,
}

impl ServeArgs {
    /// Reads and checks everything.
    pub(crate) fn into_config(self) -> anyhow::Result<ServeConfig> {
        let file = read_file(self.database.config.as_deref())?;
        let mut wrong = Vec::new();
        let listen = self.listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".into());
        let listen = listen.parse().unwrap_or_else(|_| {
            wrong.push(format!("listen: '{listen}' is not an address and a port, such as 127.0.0.1:8080"));
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080)
        });
        let public_url = self.database.public_url.clone().or(file.public_url).unwrap_or_else(|| format!("http://{}", shown(listen)));
        let public_url = public_url.trim_end_matches('/').to_owned();
        check_public_url(&public_url, &mut wrong);
        let log_format = self.log_format.or(file.log_format).unwrap_or_else(|| "text".into());
        if !matches!(log_format.as_str(), "text" | "json") {
            wrong.push(format!("log_format: '{log_format}' is neither text nor json"));
        }
        let log = self.log.or(file.log).unwrap_or_else(|| "info".into());
        if let Err(error) = tracing_subscriber::EnvFilter::try_new(&log) {
            wrong.push(format!("log: {error}"));
        }
        let connections = self.database_connections.or(file.database_connections).unwrap_or(32);
        if !(2..=1_000).contains(&connections) {
            wrong.push("database_connections: must be from 2 to 1000".into());
        }
        let url = self.database.database_url.or(file.database_url);
        let data_dir = self.database.data_dir.or(file.data_dir);
        let database = database(url.as_deref(), data_dir, connections).map_err(|error| wrong.push(error)).ok();
        let organization = self.organization.or(file.organization).unwrap_or_else(|| "My organization".into());
        if !(1..=120).contains(&organization.chars().count()) {
            wrong.push("organization: must have 1 to 120 characters".into());
        }
        let Some(database) = database.filter(|_| wrong.is_empty()) else {
            bail!("the configuration is not right:\n  {}", wrong.join("\n  "))
        };
        let trust_proxy = self.trust_proxy.or(file.trust_proxy).unwrap_or(false);
        Ok(ServeConfig { database, listen, public_url, trust_proxy, log, log_json: log_format == "json", organization })
    }
}

impl DatabaseArgs {
    /// The database and the public URL, for the operator's commands.
    pub(crate) fn resolve(self) -> anyhow::Result<(Database, String)> {
        let config = ServeArgs { database: self, ..ServeArgs::default() }.into_config()?;
        Ok((config.database, config.public_url))
    }
}

fn read_file(path: Option<&Path>) -> anyhow::Result<File> {
    let Some(path) = path else { return Ok(File::default()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a configuration file", path.display()))
}

fn shown(listen: SocketAddr) -> SocketAddr {
    if listen.ip().is_unspecified() { SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port()) } else { listen }
}

fn check_public_url(url: &str, wrong: &mut Vec<String>) {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    match rest {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {}
        _ => wrong.push(format!("public_url: '{url}' is not http:// or https:// and a host, without a path")),
    }
}

fn database(url: Option<&str>, data_dir: Option<PathBuf>, connections: usize) -> Result<Database, String> {
    match url {
        None => Ok(Database::sqlite(data_dir.unwrap_or_else(|| "data".into()).join("signoff.db"))),
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Database::Postgres { url: url.into(), connections })
        }
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Database::sqlite(path)),
            _ => Err("database_url: must start with postgres:// or sqlite:".into()),
        },
    }
}

/// The host that the log's origin is named after.
pub(crate) fn host(public_url: &str) -> &str {
    public_url.split_once("://").map_or(public_url, |(_, host)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_told_at_once() {
        let args = ServeArgs {
            database: DatabaseArgs {
                database_url: Some("mysql://x".into()),
                public_url: Some("ftp://x".into()),
                ..DatabaseArgs::default()
            },
            listen: Some("nowhere".into()),
            log_format: Some("xml".into()),
            ..ServeArgs::default()
        };
        let text = args.into_config().unwrap_err().to_string();
        for name in ["listen:", "public_url:", "log_format:", "database_url:"] {
            assert!(text.contains(name), "{name} in {text}");
        }
    }

    #[test]
    fn nothing_has_to_be_set() {
        let config = ServeArgs::default().into_config().unwrap();
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert!(matches!(config.database, Database::Sqlite { .. }));
    }
}
