//! The command line: the server's own commands, the operator's, and those over the API.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::Shell;

use crate::{config::ServeArgs, demo::DemoArgs, operator};

/// A person's decision before an AI agent's action
#[derive(Parser)]
#[command(name = "signoff", version, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Start the server
    Serve(ServeArgs),
    /// Start a server with sample queues and agents that wait
    Demo(DemoArgs),
    #[command(flatten)]
    Operator(operator::Command),
    /// Members: invite, list, token
    #[command(subcommand)]
    Member(MemberCommand),
    #[command(flatten)]
    Client(signoff_cli::Command),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Subcommand)]
pub(crate) enum MemberCommand {
    #[command(flatten)]
    Client(signoff_cli::MemberCommand),
    /// Print a new access token for a member, and nothing else; works on the database itself
    Token(operator::TokenArgs),
}

/// The commands as `signoff --help` groups them.
const GROUPS: [(&str, &[&str]); 2] = [
    ("On the server's machine, without credentials", &["serve", "demo", "login-link", "organization", "migrate", "backup"]),
    ("Over the API (--url, --token)", &["apply", "export", "key", "member", "task", "review", "audit"]),
];

/// The commands of review operations, over the API too. `signoff --help` names them only: with a line each it would not fit one screen.
const OPERATIONS: &str = "  offer, presence, explain, absence, delegation, calendar, group, schedule,\n  policy, sla, escalation";

/// The whole command line, with help that fits one screen.
pub(crate) fn command() -> clap::Command {
    let command = Args::command();
    let mut help = "{about}\n\nUsage: signoff <COMMAND> [OPTIONS]\n".to_owned();
    for (heading, names) in GROUPS {
        help.push_str(&format!("\n{heading}:\n"));
        for name in names {
            let about = command.find_subcommand(name).and_then(clap::Command::get_about).map(ToString::to_string);
            help.push_str(&format!("  {name:<13} {}\n", about.unwrap_or_default()));
        }
    }
    help.push_str(OPERATIONS);
    help.push_str("\nAlso: completions SHELL, openapi, -V. More: signoff <COMMAND> --help");
    command.help_template(help)
}

/// Reads the command line; what is wrong with it ends the process.
pub(crate) fn parse() -> Args {
    let matches = command().get_matches();
    Args::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn help_fits_a_screen_and_names_every_command() {
        let help = command().render_help().to_string();
        // One line of the screen is the prompt's.
        assert!(help.lines().count() <= 23, "{} lines:\n{help}", help.lines().count());
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
        for known in Args::command().get_subcommands() {
            assert!(help.contains(known.get_name()), "{} is missing:\n{help}", known.get_name());
        }
    }
}
