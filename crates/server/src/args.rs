//! The command line.

use clap::{Parser, Subcommand};

use crate::{config::ServeArgs, operator::OperatorCommand};

/// A person's decision before an AI agent's action.
#[derive(Parser)]
#[command(name = "signoff", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Start the server
    Serve(ServeArgs),
    #[command(flatten)]
    Operator(OperatorCommand),
}
