//! `signoff policy`: conditions of stages, tried before they are saved.

use std::{fs, path::Path, process::ExitCode};

use clap::{Args, Subcommand};
use serde_json::Value;
use signoff_client::Error;
use signoff_wire::policy::{ConditionAnswer, ConditionResult, SampleTask, TestPolicy};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input,
    output::{self, word},
};

/// A condition had no answer for a task.
const FAULT: u8 = 3;

#[derive(Subcommand)]
pub enum PolicyCommand {
    /// Say what conditions hold for which tasks
    #[command(
        after_help = "Exit codes: 0 every condition has an answer for every task, 3 one has none, 1 an error, such as a bad expression."
    )]
    Test(Connected<TestArgs>),
}

#[derive(Args)]
pub struct TestArgs {
    /// A condition (may repeat)
    #[arg(long = "when", value_name = "EXPR", required_unless_present = "files")]
    when: Vec<String>,
    /// A file that holds one, or a folder with such files ending in .cel (may repeat)
    #[arg(short = 'f', long = "file", value_name = "PATH")]
    files: Vec<String>,
    /// A task to try, or a list of them, as JSON; - is standard input (may repeat)
    #[arg(long = "task", value_name = "FILE", required_unless_present = "queue")]
    tasks: Vec<String>,
    /// Try the newest tasks of this queue; with --task it is what `queue` stands for
    #[arg(long, value_name = "KEY")]
    queue: Option<String>,
    /// How many of them [default: 20 without --task]
    #[arg(long, value_name = "N", requires = "queue")]
    newest: Option<i64>,
}

impl PolicyCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Test(args) => args.run(test).await,
        }
    }
}

/// A condition and what it is called.
type Named = (String, String);

async fn test(session: Session, args: TestArgs) -> Result<ExitCode, Failure> {
    let mut conditions: Vec<Named> = args.when.into_iter().map(|text| (text.clone(), text)).collect();
    for path in &args.files {
        conditions.extend(from(path)?);
    }
    let (mut tasks, mut names) = (Vec::new(), Vec::new());
    for path in &args.tasks {
        for (i, task) in samples(path)?.into_iter().enumerate() {
            names.push(if i == 0 { path.clone() } else { format!("{path} ({})", i + 1) });
            tasks.push(task);
        }
    }
    let (labels, texts): (Vec<_>, Vec<_>) = conditions.into_iter().unzip();
    let request = TestPolicy { conditions: texts, queue_key: args.queue, newest: args.newest, tasks };
    let tested = session.client.test_policy(&request).await.map_err(|error| by_name(error, &labels))?;
    let faulty = tested.iter().flat_map(|condition| &condition.results).any(|result| result.answer == ConditionAnswer::Fault);
    if session.out.json {
        output::json(&tested)?;
    } else {
        let name = |result: &ConditionResult| {
            let sample = result.index.and_then(|index| names.get(usize::try_from(index).ok()?));
            sample.cloned().or_else(|| result.task_id.clone()).unwrap_or_default()
        };
        let rows = labels.iter().zip(&tested).flat_map(|(label, condition)| {
            let row =
                |result: &ConditionResult| [label.clone(), name(result), word(&result.answer), result.fault.clone().unwrap_or_default()];
            condition.results.iter().map(row).collect::<Vec<_>>()
        });
        output::table(["CONDITION", "TASK", "ANSWER", "WHY NOT"], rows)?;
    }
    Ok(if faulty { ExitCode::from(FAULT) } else { ExitCode::SUCCESS })
}

/// The conditions of a file, or of a folder's files by name.
fn from(path: &str) -> Result<Vec<Named>, Failure> {
    let of_file = |path: &str| Ok::<_, Failure>((path.to_owned(), input::file(path)?.trim().to_owned()));
    if path == "-" || !Path::new(path).is_dir() {
        return Ok(vec![of_file(path)?]);
    }
    let unreadable = |source| Failure::File { what: format!("cannot read {path}"), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|ending| ending == "cel") {
            files.push(file.display().to_string());
        }
    }
    if files.is_empty() {
        return Err(Failure::input(format!("{path} has no file that ends in .cel")));
    }
    files.sort();
    files.iter().map(|file| of_file(file)).collect()
}

fn samples(path: &str) -> Result<Vec<SampleTask>, Failure> {
    let wrong = |error: serde_json::Error| {
        Failure::input(format!("{path}: {error}")).hint("A task has data, context, metadata, priority and so on, as it is submitted.")
    };
    let value: Value = serde_json::from_str(&input::file(path)?).map_err(wrong)?;
    let items = match value {
        Value::Array(items) => items,
        one => vec![one],
    };
    items.into_iter().map(|item| serde_json::from_value(item).map_err(wrong)).collect()
}

/// The server names places in the request; the reader knows the conditions by their files.
fn by_name(error: Error, labels: &[String]) -> Error {
    let Error::Problem(mut problem) = error else { return error };
    let place = |pointer: String| {
        let number = pointer.strip_prefix("/conditions/").and_then(|index| index.parse::<usize>().ok());
        number.and_then(|number| labels.get(number)).cloned().unwrap_or(pointer)
    };
    problem.errors = problem.errors.into_iter().map(|(pointer, wrong)| (place(pointer), wrong)).collect();
    Error::Problem(problem)
}
