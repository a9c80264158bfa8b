//! What is made from the code and committed: `openapi.json`, and the TypeScript types that come from it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};

use crate::{
    repository::{Repository, output},
    tidy::Finding,
};

/// The description of the API as it is committed.
pub const DESCRIPTION: &str = "openapi.json";
const SDK: &str = "sdks/typescript";
const CONSOLE: &str = "console";
const CONSOLE_TYPES: &str = "src/api/schema.gen.ts";

/// The folders whose generators cannot run, because their packages are not installed.
pub fn missing_packages(repository: &Repository) -> impl Iterator<Item = &'static str> {
    [SDK, CONSOLE].into_iter().filter(|folder| !installed(repository, folder))
}

fn installed(repository: &Repository, folder: &str) -> bool {
    repository.root().join(folder).join("node_modules/.bin/openapi-typescript").exists()
}

/// The description of the API, as `signoff openapi` prints it.
fn description() -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(&signoff_http::description())?))
}

/// Writes everything.
///
/// # Errors
/// When a generator fails or its packages are not installed.
pub fn write(repository: &Repository) -> anyhow::Result<()> {
    std::fs::write(repository.root().join(DESCRIPTION), description()?).context("cannot write openapi.json")?;
    for folder in [SDK, CONSOLE] {
        ensure!(installed(repository, folder), "the packages of {folder} are not installed: run npm ci there");
        output(Command::new("npm").args(["run", "--silent", "generate"]).current_dir(repository.root().join(folder)))?;
    }
    Ok(())
}

/// What is committed is what the generators make. Types whose generator is not installed are left out: see [`missing_packages`].
pub(crate) fn fresh(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let stale = |file: String| Finding::new(file, "is not what the code generates: run make generate");
    if repository.read(DESCRIPTION)? != description()? {
        findings.push(stale(DESCRIPTION.into()));
    }
    if installed(repository, SDK) {
        let check = Command::new("node").args(["scripts/generate.mjs", "--check"]).current_dir(repository.root().join(SDK)).output();
        if !check.context("cannot start node")?.status.success() {
            findings.push(stale(format!("{SDK}/src/schema.gen.ts")));
        }
    }
    if installed(repository, CONSOLE) {
        let file = format!("{CONSOLE}/{CONSOLE_TYPES}");
        if repository.read(&file)? != console_types(repository)? {
            findings.push(stale(file));
        }
    }
    Ok(findings)
}

/// The console's types as its script `generate` makes them, without writing them.
fn console_types(repository: &Repository) -> anyhow::Result<String> {
    let folder = repository.root().join(CONSOLE);
    let package: serde_json::Value = serde_json::from_str(&repository.read(&format!("{CONSOLE}/package.json"))?)?;
    let script = package["scripts"]["generate"].as_str().context("the console has no script 'generate'")?;
    let (generator, _) = script.split_once(" --output").context("the console's script 'generate' names no output")?;
    let mut words = generator.split(' ').map(|word| word.trim_matches('"'));
    let program = words.next().context("the console's script 'generate' is empty")?;
    let bin = folder.join("node_modules/.bin");
    let made = output(Command::new(bin.join(program)).args(words).current_dir(&folder))?;
    let mut biome = Command::new(bin.join("biome"));
    biome.args(["format", &format!("--stdin-file-path={CONSOLE_TYPES}")]).current_dir(&folder);
    let mut formatter = biome.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start biome")?;
    let mut stdin = formatter.stdin.take().context("biome takes no input")?;
    // Written from a thread of its own: who only writes to a program that answers may wait for ever.
    let writer = std::thread::spawn(move || stdin.write_all(made.as_bytes()));
    let done = formatter.wait_with_output().context("biome did not end")?;
    ensure!(writer.join().is_ok_and(|written| written.is_ok()) && done.status.success(), "biome did not format the console's types");
    String::from_utf8(done.stdout).context("biome printed no UTF-8")
}
