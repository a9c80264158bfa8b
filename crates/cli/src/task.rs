//! `signoff task`: what agents do, from a script or by hand.

use std::{process::ExitCode, time::Duration};

use clap::{Args, Subcommand};
use signoff_client::task::{TaskFilter, is_settled};
use signoff_wire::{
    Object, Timestamp,
    task::{Choice, OutcomeKind, Priority, SubmitTask, Task, TaskState},
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::{self, words},
    output::{self, when, word},
    review, visible,
};

/// The task was decided, and the decision was no.
const REJECTED: u8 = 3;
/// The task was cancelled or has expired: nobody decided.
const UNDECIDED: u8 = 4;
/// The task was still open when time was up.
const OPEN: u8 = 5;

#[derive(Subcommand)]
pub enum TaskCommand {
    /// Submit a task and print its id
    Submit(Box<Connected<SubmitArgs>>),
    /// Show a task
    Get(Connected<GetArgs>),
    /// List tasks
    List(Connected<ListArgs>),
    /// Wait until a task is decided; exits 0 only when it was, and not rejected
    #[command(
        after_help = "Exit codes: 0 decided (an approval: approved), 3 rejected, 4 cancelled or expired, 5 still open when time was up, 1 an error."
    )]
    Wait(Connected<WaitArgs>),
    /// Take a task back
    Cancel(Connected<CancelArgs>),
}

#[derive(Args)]
pub struct SubmitArgs {
    /// The queue's key
    #[arg(long, value_name = "KEY")]
    queue: String,
    /// The content to be reviewed: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    data: String,
    /// Its background
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// A filterable attribute (may repeat)
    #[arg(long = "metadata", value_name = "NAME=VALUE")]
    metadata: Vec<String>,
    /// One line for lists
    #[arg(long, value_name = "TEXT")]
    summary: Option<String>,
    /// Your own id, unique in the queue: submitting the same content again answers the first task, other content is refused
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// The candidates of a multiple_choice task
    #[arg(long, value_name = "JSON")]
    choices: Option<String>,
    /// How many candidates may be chosen
    #[arg(long, value_name = "N")]
    max_selections: Option<i64>,
    /// How urgent it is
    #[arg(long, value_parser = words::<Priority>(&["low", "normal", "high", "urgent"]))]
    priority: Option<Priority>,
    /// When it ought to be decided (RFC 3339)
    #[arg(long, value_name = "TIME", conflicts_with = "sla_minutes")]
    deadline: Option<Timestamp>,
    /// Minutes until it ought to be decided
    #[arg(long, value_name = "N")]
    sla_minutes: Option<i64>,
    /// Whose task it is
    #[arg(long, value_name = "MEMBER_ID")]
    assignee: Option<String>,
    /// Wait for the decision, as `task wait` does
    #[arg(long)]
    wait: bool,
    /// Seconds to wait at the most
    #[arg(long, value_name = "SECONDS", requires = "wait")]
    timeout: Option<u64>,
}

#[derive(Args)]
pub struct GetArgs {
    /// The task's id
    task_id: String,
}

#[derive(Args)]
pub struct ListArgs {
    /// Of this queue
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// In this state (may repeat)
    #[arg(long = "state", value_parser = words::<TaskState>(&["pending", "queued", "reviewed", "cancelled", "expired"]))]
    states: Vec<TaskState>,
    /// With this id of yours
    #[arg(long, value_name = "ID")]
    external_id: Option<String>,
    /// Assigned to this member, or me
    #[arg(long, value_name = "MEMBER_ID")]
    assignee: Option<String>,
    /// With this attribute (may repeat)
    #[arg(long = "metadata", value_name = "NAME=VALUE")]
    metadata: Vec<String>,
    /// In the order of turns (priority, deadline, age) instead of newest first
    #[arg(long)]
    by_turn: bool,
    /// How many at the most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
}

#[derive(Args)]
pub struct WaitArgs {
    /// The task's id
    task_id: String,
    /// Seconds to wait at the most; without end when left out
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// Print the content that was decided on, as JSON, with the reviewer's edits; nothing unless it exits 0
    #[arg(long, conflicts_with = "json")]
    content: bool,
}

#[derive(Args)]
pub struct CancelArgs {
    /// The task's id
    task_id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl TaskCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Submit(args) => args.run(submit).await,
            Self::Get(args) => args.run(get).await,
            Self::List(args) => args.run(list).await,
            Self::Wait(args) => args.run(wait).await,
            Self::Cancel(args) => args.run(cancel).await,
        }
    }
}

async fn submit(session: Session, args: SubmitArgs) -> Result<ExitCode, Failure> {
    let body = SubmitTask {
        queue_key: args.queue,
        data: input::json("--data", &args.data)?,
        context: args.context.map(|context| input::json::<Object>("--context", &context)).transpose()?,
        metadata: input::attributes(&args.metadata)?,
        summary: args.summary,
        external_id: args.external_id,
        choices: args.choices.map(|choices| input::json::<Vec<Choice>>("--choices", &choices)).transpose()?,
        max_selections: args.max_selections,
        priority: args.priority,
        deadline: args.deadline,
        sla_minutes: args.sla_minutes,
        assignee_id: args.assignee,
    };
    let submitted = session.client.submit_task(&body).await?;
    if args.wait {
        return wait_for(session, &submitted.task.id, args.timeout).await;
    }
    session.out.say(&submitted.task.id, &submitted.task)?;
    Ok(ExitCode::SUCCESS)
}

async fn get(session: Session, args: GetArgs) -> Result<ExitCode, Failure> {
    let task = session.client.task(&args.task_id).await?;
    session.out.say(&review::shown(&task), &task)?;
    Ok(ExitCode::SUCCESS)
}

async fn list(session: Session, args: ListArgs) -> Result<ExitCode, Failure> {
    let mut filter = TaskFilter {
        queue_key: args.queue,
        states: args.states,
        external_id: args.external_id,
        assignee_id: args.assignee,
        metadata: input::attributes(&args.metadata)?.unwrap_or_default(),
        by_turn: args.by_turn,
        ..TaskFilter::default()
    };
    let mut tasks = Vec::new();
    while tasks.len() < args.limit {
        filter.limit = u32::try_from((args.limit - tasks.len()).min(100)).ok();
        let page = session.client.tasks(&filter).await?;
        tasks.extend(page.items);
        filter.cursor = page.next;
        if filter.cursor.is_none() {
            break;
        }
    }
    if session.out.json {
        output::json(&tasks)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = tasks.into_iter().map(|task| {
        let state = outcome_word(&task);
        [task.id, task.queue_key, state, word(&task.priority), when(Some(task.created_at)), task.summary.unwrap_or_default()]
    });
    output::table(["ID", "QUEUE", "STATE", "PRIORITY", "SUBMITTED", "SUMMARY"], rows)?;
    if filter.cursor.is_some() {
        output::text(&format!("There are more; these are the first {} (--limit).", args.limit))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn wait(session: Session, args: WaitArgs) -> Result<ExitCode, Failure> {
    if !args.content {
        return wait_for(session, &args.task_id, args.timeout).await;
    }
    let settled_task = session.client.wait_for_task(&args.task_id, args.timeout.map(Duration::from_secs)).await?;
    let task = match settled_task {
        Some(task) => task,
        None => session.client.task(&args.task_id).await?,
    };
    let code = ending(&task);
    if code == 0 {
        output::json(task.outcome.as_ref().and_then(|outcome| outcome.data.as_ref()).unwrap_or(&task.data))?;
    } else {
        // Why there is nothing is told where it is not taken for content.
        let open = || format!("{} is still {}.", task.id, word(&task.state));
        output::aside(&if is_settled(task.state) { settled(&task) } else { open() })?;
    }
    Ok(ExitCode::from(code))
}

async fn wait_for(session: Session, id: &str, timeout: Option<u64>) -> Result<ExitCode, Failure> {
    let Some(task) = session.client.wait_for_task(id, timeout.map(Duration::from_secs)).await? else {
        let task = session.client.task(id).await?;
        session.out.say(&format!("{id} is still {}.", word(&task.state)), &task)?;
        return Ok(ExitCode::from(ending(&task)));
    };
    session.out.say(&settled(&task), &task)?;
    Ok(ExitCode::from(ending(&task)))
}

async fn cancel(session: Session, args: CancelArgs) -> Result<ExitCode, Failure> {
    let task = session.client.cancel_task(&args.task_id, args.reason.as_deref()).await?;
    session.out.say(&format!("{} is {}.", task.id, word(&task.state)), &task)?;
    Ok(ExitCode::SUCCESS)
}

/// How `task wait` ends: a script that goes on at 0 goes on only with a decision that was not a no.
fn ending(task: &Task) -> u8 {
    match &task.outcome {
        _ if !is_settled(task.state) => OPEN,
        Some(outcome) if outcome.kind == OutcomeKind::Decided => match &outcome.value {
            Some(value) if value["type"] != "approval" || value["approved"] == true => 0,
            _ => REJECTED,
        },
        _ => UNDECIDED,
    }
}

fn outcome_word(task: &Task) -> String {
    match &task.outcome {
        Some(outcome) if !outcome.result.is_empty() => format!("{}: {}", word(&task.state), outcome.result.join(" ")),
        _ => word(&task.state),
    }
}

/// What a settled task resolved to.
fn settled(task: &Task) -> String {
    let mut lines = vec![format!("{} is {}", task.id, visible::line(&outcome_word(task)))];
    let deciding = task.reviews.iter().flatten().rev().find(|review| review.voided_at.is_none());
    if let Some(review) = deciding {
        lines.push(format!("by {}", visible::line(&review.reviewer.name)));
        if let Some(feedback) = &review.feedback {
            lines.push(visible::value(&feedback.clone().into(), 2));
        }
    }
    if let Some(outcome) = &task.outcome {
        lines.extend(outcome.reason.iter().map(|reason| format!("because: {}", visible::line(reason))));
        if let Some(data) = &outcome.data {
            lines.push("Content as edited".into());
            lines.push(visible::value(&data.clone().into(), 2));
        }
    }
    lines.join("\n")
}
