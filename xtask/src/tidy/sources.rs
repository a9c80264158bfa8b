//! Sources are short, and every Rust module opens with what is in it.

use super::Finding;
use crate::repository::Repository;

/// Lines that a file may have, its inline tests not counted.
const LIMIT: usize = 600;

const SOURCES: &[&str] = &["rs", "ts", "tsx", "mjs", "css", "py", "sql", "toml", "yaml", "sh"];

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in repository.files_ending(SOURCES).filter(|file| !file.ends_with(".gen.ts")) {
        let text = repository.read(file)?;
        let lines = if file.ends_with(".rs") { without_tests(&text).len() } else { text.lines().count() };
        if lines > LIMIT {
            findings.push(Finding::new(file, format!("has {lines} lines; {LIMIT} is the most")));
        }
        if file.ends_with(".rs") && !text.starts_with("//! ") {
            findings.push(Finding::new(file, "does not open with a `//!` line that says what is in it"));
        }
    }
    Ok(findings)
}

/// The numbered lines of a Rust file outside its inline test modules.
pub(super) fn without_tests(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let inline = lines[at] == "#[cfg(test)]" && lines.get(at + 1).is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'));
        if inline {
            let length = lines[at..].iter().position(|line| *line == "}");
            at += length.unwrap_or(lines.len() - at);
        } else {
            kept.push((at + 1, lines[at]));
        }
        at += 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_tests_are_not_counted() {
        let text = "//! A.\nfn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        assert_eq!(without_tests(text), [(1, "//! A."), (2, "fn a() {}"), (7, "fn c() {}")]);
        assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests;\nb").len(), 4);
        assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {\nnever closed").len(), 1);
    }
}
