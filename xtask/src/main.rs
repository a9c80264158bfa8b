//! `cargo xtask tidy` checks the rules of the house, `cargo xtask generate` writes what is generated.

use std::process::ExitCode;

use anyhow::bail;
use xtask::{generate, repository::Repository, tidy};

const USAGE: &str = "cargo xtask tidy       checks the rules of the house
cargo xtask generate   writes openapi.json and the TypeScript types that come from it";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            tell(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let repository = Repository::open()?;
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["tidy"] => check(&repository),
        ["generate"] => {
            generate::write(&repository)?;
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("there is no such task\n{USAGE}"),
    }
}

fn check(repository: &Repository) -> anyhow::Result<ExitCode> {
    let mut findings = Vec::new();
    for (_, check) in tidy::CHECKS {
        findings.extend(check(repository)?);
    }
    for finding in &findings {
        tell(&finding.to_string());
    }
    for packages in generate::missing_packages(repository) {
        tell(&format!("not checked: the types that {packages} generates, because its packages are not installed (npm ci there)"));
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[expect(clippy::print_stderr, reason = "a tool tells what it found")]
fn tell(line: &str) {
    eprintln!("{line}");
}
