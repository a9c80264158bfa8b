//! Logs.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::ServeConfig;

/// Starts logging to standard error.
pub(crate) fn start(config: &ServeConfig) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    // Colours are for terminals, not for files.
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // A second start, in a test, keeps the first.
    let _ = if config.log_json { log.json().flatten_event(true).try_init() } else { log.with_target(false).try_init() };
}
