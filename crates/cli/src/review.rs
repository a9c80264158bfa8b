//! `signoff review`: reviewing from a terminal. A review names the revision that was looked at, so that nobody decides what they have not seen.

mod show;

use std::process::ExitCode;

use clap::{ArgGroup, Args, Subcommand};
use signoff_wire::review::SubmitReview;

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input,
    output::{self},
    visible,
};

pub(crate) use show::shown;

#[derive(Subcommand)]
pub enum ReviewCommand {
    /// Show the task that is next for me
    Next(Connected<NextArgs>),
    /// Show a task with all its content
    Show(Connected<ShowArgs>),
    /// Decide a task
    Submit(Box<Connected<SubmitArgs>>),
}

#[derive(Args)]
pub struct NextArgs {
    /// Only from this queue
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// Hold it for five minutes, so that nobody else decides it meanwhile
    #[arg(long)]
    claim: bool,
}

#[derive(Args)]
pub struct ShowArgs {
    /// The task's id
    task_id: String,
}

#[derive(Args)]
#[command(group = ArgGroup::new("verdict").required(true).multiple(true).args(["approve", "reject", "results", "data", "none"]))]
pub struct SubmitArgs {
    /// The task's id
    task_id: String,
    /// The revision that you looked at
    #[arg(long, value_name = "N")]
    revision: i64,
    /// Approve it
    #[arg(long, conflicts_with_all = ["reject", "results", "none"])]
    approve: bool,
    /// Reject it
    #[arg(long, conflicts_with_all = ["results", "none"])]
    reject: bool,
    /// Select this option, label, candidate or score (may repeat)
    #[arg(long = "result", value_name = "RESULT", allow_hyphen_values = true)]
    results: Vec<String>,
    /// Select nothing, where the queue allows it
    #[arg(long, conflicts_with = "results")]
    none: bool,
    /// The content as edited: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    data: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    feedback: Option<String>,
    /// The lease under which you hold it
    #[arg(long, value_name = "LEASE_ID")]
    lease: Option<String>,
}

impl ReviewCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Next(args) => args.run(next).await,
            Self::Show(args) => args.run(show_one).await,
            Self::Submit(args) => args.run(submit).await,
        }
    }
}

async fn next(session: Session, args: NextArgs) -> Result<ExitCode, Failure> {
    let queue = args.queue.as_deref();
    if args.claim {
        let claim = session.client.claim_next(queue).await?;
        let text = claim.as_ref().map(|claim| show::to_decide(&claim.task, Some(&claim.lease)));
        session.out.say(&text.unwrap_or_else(nothing), &claim)?;
    } else {
        let task = session.client.next_task(queue).await?;
        session.out.say(&task.as_ref().map_or_else(nothing, |task| show::to_decide(task, None)), &task)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn nothing() -> String {
    "Nothing waits for you.".into()
}

async fn show_one(session: Session, args: ShowArgs) -> Result<ExitCode, Failure> {
    let task = session.client.task(&args.task_id).await?;
    session.out.say(&show::to_decide(&task, None), &task)?;
    Ok(ExitCode::SUCCESS)
}

async fn submit(session: Session, args: SubmitArgs) -> Result<ExitCode, Failure> {
    let result = match (args.approve, args.reject, args.none) {
        (true, ..) => Some(vec!["approved".into()]),
        (_, true, _) => Some(vec!["rejected".into()]),
        (.., true) => Some(Vec::new()),
        _ if args.results.is_empty() => None,
        _ => Some(args.results),
    };
    let data = args.data.map(|data| input::json("--data", &data)).transpose()?;
    let body = SubmitReview { result, value: None, data, feedback: args.feedback, lease_id: args.lease, keep_late: false };
    let review = session.client.review_task(&args.task_id, args.revision, &body).await?;
    if session.out.json {
        output::json(&review)?;
    } else {
        let result = if review.result.is_empty() { "nothing selected".into() } else { review.result.join(", ") };
        output::text(&visible::line(&format!("{}: {result} ({})", review.task_id, review.id)))?;
    }
    Ok(ExitCode::SUCCESS)
}
