//! Measures the real binary (release profile, durable SQLite file) with a small load generator of its own, beside what the machine itself can do in the same run.
//!
//! `cargo run --release -p signoff-bench` prints the table of docs/performance.md. Start with [`scenario`] for what is measured and [`load`] for how.

mod connection;
mod load;
mod machine;
mod program;
mod scenario;

use std::time::Duration;

use load::Report;

/// How long each measurement lasts, and how often it is repeated; the median is shown.
const LASTS: Duration = Duration::from_secs(4);
const REPEATS: usize = 3;

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    println!("| what | clients | per second | p50 | p99 |\n|---|---|---|---|---|");
    let show = |report: &Report| println!("{report}");

    show(&machine::fdatasync()?);
    show(&machine::grouped_rows()?);
    let echo = machine::Echo::start().await?;
    for clients in [1, 8, 64] {
        show(&load::median("bare axum handler, 1 KiB echoed", clients, LASTS, REPEATS, || echo.request()).await?);
    }

    let cold = program::Program::cold_start().await?;
    println!("| cold start to first accepted task | 1 | | {:.0} ms | |", cold.as_secs_f64() * 1e3);
    let program = program::Program::start().await?;
    println!("| idle memory | | | {:.1} MB | |", program.memory_mb()?);
    println!("| binary | | | {:.1} MB | |", program::binary_mb()?);

    for clients in [1, 8, 64] {
        show(&load::median("durable submit, 1 KiB", clients, LASTS, REPEATS, || program.submit()).await?);
    }
    for waiters in [1, 1_000, 10_000] {
        let (report, memory) = scenario::wake(&program, waiters).await?;
        show(&report);
        println!("| memory with {waiters} waiting | | | {memory:.1} MB | |");
    }
    show(&scenario::whole_loop(&program, 32, LASTS).await?);
    for waiting in [10_000, 100_000] {
        scenario::fill(&program, waiting).await?;
        show(&load::median(&format!("first page, {waiting} waiting"), 1, LASTS / 2, REPEATS, || program.first_page()).await?);
        show(&load::median(&format!("peek next, {waiting} waiting"), 1, LASTS / 2, REPEATS, || program.peek_next()).await?);
    }
    Ok(())
}
