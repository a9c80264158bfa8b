//! Measures the real binary (release profile, durable database) with a small load generator of its own, beside what the machine itself can do in the same run.
//!
//! `cargo run --release -p signoff-bench` prints the table of docs/performance.md; names of parts (`submit`, `wake`, …) run only these, `--short` runs them once. Start with [`PARTS`] for what is
//! measured and [`load`] for how.

mod connection;
mod load;
mod machine;
mod operations;
mod postgres;
mod program;
mod quiet;
mod report;
mod routing;
mod start;
mod timers;
mod waiting;
mod wake;
mod whole_loop;

use std::{fs, path::Path, time::Duration};

use anyhow::ensure;
use machine::Echo;
use postgres::Cluster;
use program::{Database, Program};
use report::{HEAD, Report, figure};

/// How long each measurement lasts, and how often it is repeated; the median counts.
#[derive(Clone, Copy)]
struct Effort {
    lasts: Duration,
    repeats: usize,
}

const WHOLE: Effort = Effort { lasts: Duration::from_secs(3), repeats: 5 };
/// For a look while something is being changed.
const SHORT: Effort = Effort { lasts: Duration::from_secs(2), repeats: 1 };
/// Threads of the load generator.
const GENERATORS: usize = 1;
const CLIENTS: [usize; 3] = [1, 8, 64];
const AGENTS: usize = 32;
const REVIEWERS: usize = 8;

/// What can be measured alone.
const PARTS: [&str; 8] = ["machine", "start", "submit", "wake", "waiting", "routing", "timers", "postgres"];

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    // The bare handler has a thread for each processor, as the server has.
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    match &args[..] {
        [role, address] if role == "echo" => runtime.enable_all().build()?.block_on(Echo::serve(address)),
        _ => runtime.worker_threads(GENERATORS).enable_all().build()?.block_on(measure(args)),
    }
}

async fn measure(mut args: Vec<String>) -> anyhow::Result<()> {
    let all = args.len();
    args.retain(|arg| arg != "--short");
    let effort = if args.len() < all { SHORT } else { WHOLE };
    ensure!(args.iter().all(|part| PARTS.contains(&part.as_str())), "parts are {}", PARTS.join(", "));
    let wanted = |part: &str| args.is_empty() || args.iter().any(|arg| arg == part);
    let folder = tempfile::tempdir()?;
    show(HEAD);
    for part in PARTS.into_iter().filter(|part| wanted(part)) {
        let folder = folder.path().join(part);
        fs::create_dir(&folder)?;
        match part {
            "machine" => machine(&folder).await?,
            "start" => start(&folder).await?,
            "submit" => submit(&folder, effort).await?,
            "wake" => wake(&folder).await?,
            "waiting" => waiting(&folder, effort).await?,
            "routing" => routing(&folder, effort).await?,
            "timers" => timers(&folder, effort).await?,
            _ => postgres(&folder, effort).await?,
        }
        fs::remove_dir_all(&folder)?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn show(line: impl std::fmt::Display) {
    println!("{line}");
}

async fn machine(folder: &Path) -> anyhow::Result<()> {
    show(machine::fdatasync(folder).await?.alone());
    show(machine::sqlite_rows(folder, 1).await?.alone());
    show(machine::sqlite_rows(folder, 64).await?.alone());
    Ok(())
}

async fn start(folder: &Path) -> anyhow::Result<()> {
    show(figure("binary", format_args!("{:.1} MB", fs::metadata(program::binary()?)?.len() as f64 / 1e6)));
    let ms = |took: Duration| format!("{:.0} ms", took.as_secs_f64() * 1e3);
    show(figure("cold start on an empty folder to ready", ms(start::from_nothing(folder).await?)));
    let mut program = Program::fresh(Database::Folder(folder.join("data"))).await?;
    program.stop()?;
    show(figure("cold start to first accepted task", ms(start::to_first_task(&program).await?)));
    let program = program.replica().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    show(figure("idle memory", format_args!("{:.1} MB", program.memory_mb()?)));
    Ok(())
}

async fn submit(folder: &Path, effort: Effort) -> anyhow::Result<()> {
    let echo = Echo::start().await?;
    let program = Program::fresh(Database::Folder(folder.into())).await?;
    for clients in CLIENTS {
        let bare = echo.load(clients, effort.lasts).median(effort.repeats).await?;
        show(bare.alone());
        show(program.submits("durable submit, 1 KiB, SQLite", clients, effort.lasts).median(effort.repeats).await?.beside(&bare));
    }
    show(figure("memory after that", format_args!("{:.1} MB", program.memory_mb()?)));
    show(whole_loop(&program, effort).await?.alone());
    Ok(())
}

/// The whole loop on a database; the repeat with the median rate.
async fn whole_loop(program: &Program, effort: Effort) -> anyhow::Result<Report> {
    program.add_queue(whole_loop::QUEUE).await?;
    let reviewers = program.reviewers(REVIEWERS).await?;
    let mut reports = Vec::new();
    for _ in 0..=effort.repeats {
        reports.push(whole_loop::once(program, &reviewers, AGENTS, effort.lasts).await?);
    }
    Ok(Report::median(reports.split_off(1)))
}

async fn wake(folder: &Path) -> anyhow::Result<()> {
    for waiters in [1, 1_000, 10_000] {
        let program = Program::fresh(Database::Folder(folder.join(waiters.to_string()))).await?;
        let (report, memory) = wake::wake(&program, &program, waiters).await?;
        show(report.alone());
        show(figure(&format!("memory while {waiters} wait"), format_args!("{memory:.1} MB")));
    }
    Ok(())
}

async fn waiting(folder: &Path, effort: Effort) -> anyhow::Result<()> {
    let program = Program::fresh(Database::Folder(folder.into())).await?;
    let mut had = 0;
    for waiting in [10_000, 100_000, 1_000_000] {
        for report in waiting::pages(&program, had, waiting, effort.lasts / 2, effort.repeats).await? {
            show(report.alone());
        }
        had = waiting;
    }
    Ok(())
}

/// Finding reviewers, in this process: what of it is the store's and the use case's, and nothing of HTTP.
async fn routing(folder: &Path, effort: Effort) -> anyhow::Result<()> {
    for members in [10, 1_000, 10_000] {
        for report in routing::measure(&folder.join(members.to_string()), members, effort.repeats).await? {
            show(report.alone());
        }
    }
    Ok(())
}

async fn timers(folder: &Path, effort: Effort) -> anyhow::Result<()> {
    let (report, late) = timers::measure(folder, effort.repeats).await?;
    show(report.alone());
    show(figure("lateness of these timers, p50 / p99 / last", late));
    Ok(())
}

async fn postgres(folder: &Path, effort: Effort) -> anyhow::Result<()> {
    let cluster = Cluster::start(folder).await?;
    // Both write into tables and indexes of the same making; each has its own.
    let mut twin = Program::fresh(Database::Url(cluster.database("twin")?)).await?;
    twin.stop()?;
    let program = Program::fresh(Database::Url(cluster.database("signoff")?)).await?;
    for clients in CLIENTS {
        let mut runs = Vec::new();
        for _ in 0..=effort.repeats {
            runs.push(cluster.pgbench("twin", clients, effort.lasts.as_secs()).await?);
        }
        let bare = Report::median(runs.split_off(1));
        show(bare.alone());
        show(program.submits("durable submit, 1 KiB, PostgreSQL", clients, effort.lasts).median(effort.repeats).await?.beside(&bare));
    }
    show(whole_loop(&program, effort).await?.alone());
    let other = program.replica().await?;
    for waiters in [1, 1_000] {
        let (report, _) = wake::wake(&program, &other, waiters).await?;
        show(Report { what: "decision sent to one replica → agent awake on another".into(), ..report }.alone());
    }
    Ok(())
}
