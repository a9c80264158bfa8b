//! `signoff offer`, `signoff explain`, `signoff presence`: tasks that reviewers are asked to take, and why.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use signoff_wire::{
    availability::Presence,
    offer::{AssignmentAccount, Explanation, Nobody, Score},
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::words,
    output::{self, when, word},
    visible,
};

#[derive(Subcommand)]
pub enum OfferCommand {
    /// List what is offered to you
    List(Connected<ListArgs>),
    /// Take an offered task
    Accept(Connected<AcceptArgs>),
    /// Do not take an offered task; it goes to the next reviewer
    Decline(Connected<DeclineArgs>),
}

#[derive(Args)]
pub struct ListArgs {}

#[derive(Args)]
pub struct AcceptArgs {
    /// The task
    task: String,
}

#[derive(Args)]
pub struct DeclineArgs {
    /// The task
    task: String,
    /// Why
    #[arg(long)]
    reason: String,
}

#[derive(Args)]
pub struct ExplainArgs {
    /// The task
    task: String,
}

#[derive(Args)]
pub struct PresenceArgs {
    /// Whether you are there: away keeps your work and brings no more
    #[arg(value_parser = words::<Presence>(&["online", "away", "offline"]))]
    presence: Presence,
}

impl OfferCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::List(args) => args.run(list).await,
            Self::Accept(args) => args.run(accept).await,
            Self::Decline(args) => args.run(decline).await,
        }
    }
}

async fn list(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let offers = session.client.offers().await?;
    if session.out.json {
        output::json(&offers)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = offers.into_iter().map(|offer| {
        let whose = offer.on_behalf_of.unwrap_or_else(|| "-".into());
        [offer.task_id, offer.queue_key, word(&offer.priority), when(Some(offer.expires_at)), whose, offer.summary.unwrap_or_default()]
    });
    output::table(["TASK", "QUEUE", "PRIORITY", "STANDS UNTIL", "IN PLACE OF", "SUMMARY"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn accept(session: Session, args: AcceptArgs) -> Result<ExitCode, Failure> {
    let task = session.client.accept_offer(&args.task).await?;
    session.out.say(&format!("{} is yours to review.", task.id), &task)?;
    Ok(ExitCode::SUCCESS)
}

async fn decline(session: Session, args: DeclineArgs) -> Result<ExitCode, Failure> {
    session.client.decline_offer(&args.task, &args.reason).await?;
    session.out.say(&visible::line(&format!("{} is declined.", args.task)), &serde_json::json!({ "declined": args.task }))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn presence(session: Session, args: PresenceArgs) -> Result<ExitCode, Failure> {
    let availability = session.client.set_presence(args.presence).await?;
    session.out.say(&format!("You are {}.", word(&availability.presence)), &availability)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn explain(session: Session, args: ExplainArgs) -> Result<ExitCode, Failure> {
    let account = session.client.explain_assignment(&args.task).await?;
    if session.out.json {
        output::json(&account)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::text(&told(&account))?;
    let rows = account.members.into_iter().map(|member| {
        let filter = member.stopped_by.map_or_else(|| "-".into(), |filter| word(&filter));
        [member.member_id, member.name, filter, member.why.unwrap_or_else(|| "May be asked.".into())]
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        output::text("")?;
        output::table(["MEMBER", "NAME", "STOPPED BY", "WHY"], rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The account in lines, but for the table of members.
fn told(account: &AssignmentAccount) -> String {
    let name = |id: &str| {
        let found = account.members.iter().find(|member| member.member_id == id);
        found.map_or_else(|| id.to_owned(), |member| format!("{} ({id})", member.name))
    };
    let mut lines = Vec::new();
    match &account.last {
        Some(last) => {
            lines.push(format!("Decided {}:", when(Some(last.at))));
            lines.extend(account_of(&last.explanation));
        }
        None => lines.push("Nobody was looked for at this stage.".into()),
    }
    match (&account.now, &account.would_choose) {
        (None, _) => lines.push("The task is not open: nobody would be asked now.".into()),
        (Some(now), chosen) => {
            lines.push(chosen.as_ref().map_or_else(|| "Now nobody would be chosen:".into(), |id| format!("Now it would be {}:", name(id))));
            lines.extend(account_of(now));
        }
    }
    lines.iter().map(|line| visible::line(line)).collect::<Vec<_>>().join("\n")
}

fn account_of(explanation: &Explanation) -> Vec<String> {
    let mut lines = vec![format!("  strategy {}, {} looked at", word(&explanation.strategy), explanation.candidates)];
    let mut before = explanation.candidates;
    for left in &explanation.left {
        if left.left < before {
            lines.push(format!("  {} left after {}", left.left, word(&left.filter)));
        }
        before = left.left;
    }
    if !explanation.dropped_skills.is_empty() {
        lines.push(format!("  no longer needed: {}", explanation.dropped_skills.join(", ")));
    }
    lines.extend(explanation.score.map(|score| match score {
        Score::LeastRecent { last_assigned_at: None } => "  chosen: was never assigned a task".into(),
        Score::LeastRecent { last_assigned_at } => format!("  chosen: assigned a task least recently, {}", when(last_assigned_at)),
        Score::SpareShare { spare_units, capacity_units } => format!("  chosen: {spare_units} of {capacity_units} units to spare"),
        Score::SameThread { reviewed_at } => format!("  chosen: reviewed the thread, {}", when(Some(reviewed_at))),
    }));
    lines.extend(explanation.reason.map(|reason| match reason {
        Nobody::NoCandidates => "  nobody: there is no member to ask".into(),
        Nobody::EmptiedBy { filter } => format!("  nobody: the filter {} left nobody", word(&filter)),
        Nobody::LeftToPeople => "  nobody: reviewers take tasks of this queue themselves".into(),
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use signoff_wire::offer::{Candidate, Filter, Left, Strategy};

    #[test]
    fn an_account_names_the_filters_that_stopped_somebody() {
        let left = [(Filter::Enabled, 4), (Filter::Presence, 2), (Filter::Hours, 2), (Filter::Skills, 0)];
        let now = Explanation {
            candidates: 4,
            left: left.map(|(filter, left)| Left { filter, left }).to_vec(),
            strategy: Strategy::RoundRobin,
            score: None,
            dropped_skills: vec!["french".into()],
            reason: Some(Nobody::EmptiedBy { filter: Filter::Skills }),
        };
        let member = Candidate { member_id: "mem_1".into(), name: "Ann".into(), stopped_by: Some(Filter::Skills), why: None };
        let account = AssignmentAccount { last: None, now: Some(now), would_choose: None, members: vec![member] };
        let expected = "\
Nobody was looked for at this stage.
Now nobody would be chosen:
  strategy round_robin, 4 looked at
  2 left after presence
  0 left after skills
  no longer needed: french
  nobody: the filter skills left nobody";
        assert_eq!(told(&account), expected);
    }
}
