//! `signoff escalation`: what would happen to a task that nobody takes care of.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use signoff_wire::{
    Timestamp,
    escalation::{DryRunEscalation, EscalationAction, EscalationTarget, PlannedStep},
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input,
    output::{self, when, word},
    sla::instant,
    visible,
};

#[derive(Subcommand)]
pub enum EscalationCommand {
    /// Say what would happen, and when, if nobody did anything about a task
    DryRun(Connected<DryRunArgs>),
}

#[derive(Args)]
pub struct DryRunArgs {
    /// The queue
    #[arg(long, value_name = "KEY")]
    queue: String,
    /// An escalation to try in place of that of the queue: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    escalation: Option<String>,
    /// When it is submitted: 2026-11-27T16:30:00[Europe/Berlin] or 2026-11-27T15:30:00Z; now when left out
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Timestamp>,
    /// When it would be due; as the queue says when left out
    #[arg(long, value_name = "TIME", value_parser = instant)]
    deadline: Option<Timestamp>,
}

impl EscalationCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::DryRun(args) => args.run(dry_run).await,
        }
    }
}

async fn dry_run(session: Session, args: DryRunArgs) -> Result<ExitCode, Failure> {
    let escalation = args.escalation.map(|escalation| input::json("--escalation", &escalation)).transpose()?;
    let request = DryRunEscalation { queue_key: args.queue, escalation, submitted_at: args.at, deadline: args.deadline };
    let planned = session.client.dry_run_escalation(&request).await?;
    if session.out.json {
        output::json(&planned)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::table(["WHEN", "ROUND", "STEP", "WHAT", "NOTE"], planned.iter().map(row).collect::<Vec<_>>())?;
    Ok(ExitCode::SUCCESS)
}

fn row(step: &PlannedStep) -> [String; 5] {
    [
        when(Some(step.at)),
        step.loop_no.to_string(),
        (step.step + 1).to_string(),
        visible::line(&what(&step.action)),
        visible::line(step.note.as_deref().unwrap_or_default()),
    ]
}

fn what(action: &EscalationAction) -> String {
    match action {
        EscalationAction::Notify { targets, profile } => format!("notify {} ({})", names(targets), word(profile)),
        EscalationAction::Reassign { targets } => format!("reassign to {}", names(targets)),
        EscalationAction::AddReviewer { targets } => format!("ask one more of {}", names(targets)),
        EscalationAction::RaisePriority { to } => format!("raise the priority to {}", word(to)),
        EscalationAction::MoveQueue { queue } => format!("move to the queue '{queue}'"),
        EscalationAction::AddStage { stage } => format!("open the stage '{stage}'"),
        EscalationAction::DefaultDecision { result, .. } => format!("decide '{result}'"),
    }
}

fn names(targets: &[EscalationTarget]) -> String {
    let name = |target: &EscalationTarget| match target {
        EscalationTarget::Member(member) => member.clone(),
        EscalationTarget::Group(group) => format!("group {group}"),
        EscalationTarget::Schedule(schedule) => format!("on call {schedule}"),
        EscalationTarget::QueueLead => "the queue's leads".into(),
    };
    targets.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_said_in_words() {
        let targets = vec![EscalationTarget::Group("legal".into()), EscalationTarget::QueueLead];
        let action = EscalationAction::Notify { targets, profile: Default::default() };
        assert_eq!(what(&action), "notify group legal, the queue's leads (default)");
    }
}
