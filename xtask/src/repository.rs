//! The files of the repository and what Cargo knows of its packages.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, bail};
use serde_json::Value;

/// Files that hold no text.
const BINARY: &[&str] = &["png", "ico", "woff2", "db", "gz"];

/// The repository that this program was built in.
pub struct Repository {
    root: PathBuf,
    files: Vec<String>,
    metadata: Value,
}

impl Repository {
    /// Lists the files that are tracked or would be, and asks Cargo for the packages.
    ///
    /// # Errors
    /// When this is no git clone, or `Cargo.lock` is not up to date.
    pub fn open() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask stands in the repository")?.to_owned();
        let listed = output(Command::new("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(&root))?;
        let mut files: Vec<String> = listed.split('\0').filter(|file| root.join(file).is_file()).map(Into::into).collect();
        files.sort();
        files.dedup();
        // Packages for other platforms need not be downloaded to build here.
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &host()?]).current_dir(&root);
        let metadata = serde_json::from_str(&output(&mut cargo)?).context("what cargo metadata answers")?;
        Ok(Self { root, files, metadata })
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Paths of all text files, relative to the root, with `/`.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str).filter(|file| !BINARY.iter().any(|ending| ends_with(file, ending)))
    }

    /// Paths of the text files with one of these endings.
    pub fn files_ending<'a>(&'a self, endings: &'a [&str]) -> impl Iterator<Item = &'a str> {
        self.files().filter(move |file| endings.iter().any(|ending| ends_with(file, ending)))
    }

    /// The text of a file.
    ///
    /// # Errors
    /// When it is not there or not UTF-8.
    pub fn read(&self, file: &str) -> anyhow::Result<String> {
        std::fs::read_to_string(self.root.join(file)).with_context(|| format!("cannot read {file}"))
    }

    /// Every package that is built on this platform.
    ///
    /// # Errors
    /// When Cargo answers something unexpected.
    pub fn packages(&self) -> anyhow::Result<Vec<Package<'_>>> {
        let all = self.metadata["packages"].as_array().context("cargo metadata lists no packages")?;
        let nodes = self.metadata["resolve"]["nodes"].as_array().context("cargo metadata lists no graph")?;
        let used: Vec<&str> = nodes.iter().filter_map(|node| node["id"].as_str()).collect();
        all.iter().filter(|package| package["id"].as_str().is_some_and(|id| used.contains(&id))).map(Package::read).collect()
    }

    /// The packages of this repository.
    ///
    /// # Errors
    /// When Cargo answers something unexpected.
    pub fn members(&self) -> anyhow::Result<Vec<Package<'_>>> {
        let mut packages = self.packages()?;
        packages.retain(|package| package.is_ours);
        Ok(packages)
    }
}

/// A package as Cargo sees it.
#[derive(Debug)]
pub struct Package<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its licence expression (SPDX).
    pub license: Option<&'a str>,
    /// Whether it is one of this repository.
    pub is_ours: bool,
    /// What it depends on when it is built, build scripts included.
    pub dependencies: Vec<&'a str>,
    /// What its tests depend on besides.
    pub dev_dependencies: Vec<&'a str>,
}

impl<'a> Package<'a> {
    fn read(package: &'a Value) -> anyhow::Result<Self> {
        let name = package["name"].as_str().context("a package without a name")?;
        let listed = package["dependencies"].as_array().context("a package without a list of dependencies")?;
        let of = |dev: bool| {
            let fitting = listed.iter().filter(|dependency| (dependency["kind"] == "dev") == dev);
            fitting.filter_map(|dependency| dependency["name"].as_str()).collect()
        };
        Ok(Self {
            name,
            license: package["license"].as_str(),
            is_ours: package["source"].is_null(),
            dependencies: of(false),
            dev_dependencies: of(true),
        })
    }
}

fn ends_with(file: &str, ending: &str) -> bool {
    file.rsplit('/').next().is_some_and(|name| name.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.')))
}

/// The platform that this is compiled for, as `rustc` calls it.
fn host() -> anyhow::Result<String> {
    let said = output(Command::new("rustc").arg("-vV"))?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not say its host")?;
    Ok(host.to_owned())
}

/// What a program prints; fails when it fails.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.output().with_context(|| format!("cannot start {program}"))?;
    if !done.status.success() {
        bail!("{program} failed: {}", String::from_utf8_lossy(&done.stderr).trim());
    }
    String::from_utf8(done.stdout).with_context(|| format!("{program} printed no UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_those_of_the_name() {
        assert!(ends_with("a/b.rs", "rs") && ends_with("package-lock.json", "json") && ends_with("a/x.gen.ts", "gen.ts"));
        assert!(!ends_with("a.rs/b", "rs") && !ends_with("a/brs", "rs"));
    }
}
