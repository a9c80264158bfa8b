//! The one binary: reads its configuration, wires the rooms together, starts.

mod args;
mod config;
mod demo;

mod environment;
mod operator;
mod serve;
mod telemetry;

use std::process::ExitCode;

use args::{Args, Command, MemberCommand};

fn main() -> ExitCode {
    let args = args::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    let done = runtime.block_on(run(args));
    // Nothing that still runs may hold up the end.
    runtime.shutdown_background();
    match done {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the face of the binary to its operator")]
fn fail(error: &anyhow::Error) -> ExitCode {
    eprintln!("error: {error:#}");
    ExitCode::FAILURE
}

async fn run(args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        Command::Serve(serve) => serve::run(serve.into_config()?).await,
        Command::Demo(demo) => demo::run(demo).await,
        Command::Operator(command) => operator::run(command).await,
        Command::Member(MemberCommand::Token(token)) => operator::token(token).await.map(|()| ExitCode::SUCCESS),
        Command::Member(MemberCommand::Client(command)) => Ok(command.run().await),
        Command::Client(command) => Ok(command.run().await),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut args::command(), "signoff", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}
