//! The command line over the API: what `signoff` does as somebody's program, from anywhere.
//!
//! Each group of commands is a file. A command gets a [`connection::Session`] (the API and where to print), and returns how the process ends. What agents wrote passes
//! [`visible`] before it reaches a terminal. Commands on the database itself are in `signoff-server`.

mod absence;
mod audit;
mod connection;
mod document;
mod escalation;
mod failure;
mod input;
mod key;
mod member;
mod offer;
mod output;
mod policy;
mod resource;
mod review;
mod sla;
mod task;
pub mod visible;

use std::process::ExitCode;

use clap::Subcommand;

pub use failure::report;
pub use member::MemberCommand;
pub use output::{JsonArgs, Output};

/// The commands over the API, except those on members: the binary adds one of its own to these.
#[derive(Subcommand)]
pub enum Command {
    /// Make queues and members what a file says
    Apply(connection::Connected<document::ApplyArgs>),
    /// Print queues and members as such a file
    Export(connection::Connected<document::ExportArgs>),
    /// API keys of agents: create, list, revoke
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Tasks: submit, get, list, wait, cancel
    #[command(subcommand)]
    Task(task::TaskCommand),
    /// Review from the terminal: next, show, submit
    #[command(subcommand)]
    Review(review::ReviewCommand),
    /// Say why a task went to whom, or to nobody
    Explain(connection::Connected<offer::ExplainArgs>),
    /// Tasks offered to you: list, accept, decline
    #[command(subcommand)]
    Offer(offer::OfferCommand),
    /// Say whether you are there: online, away, offline
    Presence(connection::Connected<offer::PresenceArgs>),
    /// Absences: create, list, preview, revoke
    #[command(subcommand)]
    Absence(absence::AbsenceCommand),
    /// Who decides in whose place: create, list, revoke
    #[command(subcommand)]
    Delegation(absence::DelegationCommand),
    /// Calendars: list, show, put, import, delete
    #[command(subcommand)]
    Calendar(resource::CalendarCommand),
    /// Groups of members: list, put, delete
    #[command(subcommand)]
    Group(resource::GroupCommand),
    /// On-call schedules: list, put, on-call, delete
    #[command(subcommand)]
    Schedule(resource::ScheduleCommand),
    /// Conditions of stages: test
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    /// When tasks are due: simulate
    #[command(subcommand)]
    Sla(sla::SlaCommand),
    /// What happens to tasks nobody takes: dry-run
    #[command(subcommand)]
    Escalation(escalation::EscalationCommand),
    /// The audit log: export, verify, checkpoint
    #[command(subcommand)]
    Audit(audit::AuditCommand),
}

impl Command {
    /// Carries the command out, tells what is in the way, and says how the process ends.
    pub async fn run(self) -> ExitCode {
        match self {
            Self::Apply(args) => args.run(document::apply).await,
            Self::Export(args) => args.run(document::export).await,
            Self::Key(command) => command.run().await,
            Self::Task(command) => command.run().await,
            Self::Review(command) => command.run().await,
            Self::Explain(args) => args.run(offer::explain).await,
            Self::Offer(command) => command.run().await,
            Self::Presence(args) => args.run(offer::presence).await,
            Self::Absence(command) => command.run().await,
            Self::Delegation(command) => command.run().await,
            Self::Calendar(command) => command.run().await,
            Self::Group(command) => command.run().await,
            Self::Schedule(command) => command.run().await,
            Self::Policy(command) => command.run().await,
            Self::Sla(command) => command.run().await,
            Self::Escalation(command) => command.run().await,
            Self::Audit(command) => command.run().await,
        }
    }
}
