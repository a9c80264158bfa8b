//! What must not stand in any text: loose ends, space at the end of a line, addresses of package registries in lock files.

use super::Finding;
use crate::repository::Repository;

/// Marks of what is unfinished, taken apart so that this file does not hold them.
const UNFINISHED: &[&str] = &[
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("HA", "CK"),
    concat!("for", " now"),
];

/// Long lines of numbers and letters may hold anything.
const GENERATED: &[&str] = &["Cargo.lock", "package-lock.json", ".gen.ts", "openapi.json"];

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in repository.files() {
        let text = repository.read(file)?;
        let wrong = if GENERATED.iter().any(|ending| file.ends_with(ending)) { lock(&text) } else { written(&text) };
        findings.extend(wrong.into_iter().map(|(line, what)| Finding::new(format!("{file}:{line}"), what)));
    }
    Ok(findings)
}

fn written(text: &str) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            wrong.push((at + 1, "space at the end of the line".to_owned()));
        }
        let unfinished = UNFINISHED.iter().filter(|word| holds_word(line, word));
        wrong.extend(unfinished.map(|word| (at + 1, format!("'{word}': finish it or leave it out"))));
    }
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        wrong.push((text.lines().count(), "a file ends with one newline".to_owned()));
    }
    wrong
}

/// Installing must work from whichever registry a machine is set up for.
fn lock(text: &str) -> Vec<(usize, String)> {
    let names_address = |line: &str| line.trim_start().starts_with("\"resolved\": \"http");
    let lines = text.lines().enumerate().filter(|(_, line)| names_address(line));
    lines.map(|(at, _)| (at + 1, "a lock file names no address: set omit-lockfile-registry-resolved for npm".to_owned())).collect()
}

/// Whether the line holds the word, not as a part of another.
fn holds_word(line: &str, word: &str) -> bool {
    let lower;
    // Prose may begin a sentence with it; marks are capitals.
    let line = if word.contains(' ') {
        lower = line.to_lowercase();
        &lower
    } else {
        line
    };
    let apart = |neighbour: Option<char>| !neighbour.is_some_and(char::is_alphanumeric);
    line.match_indices(word).any(|(at, _)| apart(line[..at].chars().next_back()) && apart(line[at + word.len()..].chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loose_ends_are_found_and_other_words_are_not() {
        let line = format!("// {}: later", UNFINISHED[2]);
        assert_eq!(written(&format!("{line}\n")).len(), 1);
        let prose = UNFINISHED[5];
        assert!(holds_word(&format!("{} this", prose.to_uppercase()), prose) && !holds_word(&format!("be{prose}"), prose));
        assert!(!holds_word("SHACKLE", UNFINISHED[4]) && !holds_word("a mutable list", UNFINISHED[0]));
    }

    #[test]
    fn ends_of_lines_and_files_are_checked() {
        assert_eq!(written("a \n").len(), 1);
        assert_eq!(written("a").len(), 1);
        assert_eq!(written("a\n\n").len(), 1);
        assert!(written("a\n").is_empty() && written("").is_empty());
    }

    #[test]
    fn addresses_in_lock_files_are_found() {
        assert_eq!(lock("  \"resolved\": \"https://example.com/a.tgz\",\n").len(), 1);
        assert!(lock("  \"resolved\": \"../../sdks/typescript\",\n").is_empty());
    }
}
