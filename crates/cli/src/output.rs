//! Where commands print: tables and lines for people, JSON for programs.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;
use signoff_wire::Timestamp;

use crate::visible;

/// The longest cell of a table, in characters; what is longer is cut, and says so by an ellipsis.
const CELL: usize = 56;

/// How a command prints.
#[derive(Args, Debug, Clone, Copy, Default)]
pub struct JsonArgs {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

impl JsonArgs {
    /// Where to print.
    #[must_use]
    pub fn output(self) -> Output {
        Output { json: self.json }
    }
}

/// Where a command prints.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Prints a line for people, or what it is made of for programs.
    ///
    /// # Errors
    /// Standard output cannot be written.
    pub fn say(self, line: &str, value: &impl Serialize) -> io::Result<()> {
        if self.json { json(value) } else { text(line) }
    }
}

/// Prints text that is fit for a terminal.
pub(crate) fn text(lines: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{lines}")
}

/// Prints text that is fit for a terminal beside the result.
pub(crate) fn aside(lines: &str) -> io::Result<()> {
    writeln!(io::stderr().lock(), "{lines}")
}

/// Prints JSON.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    text(&escaped(&serde_json::to_string_pretty(value)?))
}

/// JSON with every character that could drive or deceive a terminal as an escape, which says the same to a program. Outside its texts JSON has none of them, line
/// breaks apart.
pub(crate) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        if letter == '\n' || !visible::is_hidden(letter) {
            out.push(letter);
        } else {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// Prints rows under headings, each column as wide as it needs.
pub(crate) fn table<const N: usize>(headings: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> io::Result<()> {
    let rows: Vec<[String; N]> = rows.into_iter().map(|row| row.map(|cell| cut(&visible::line(&cell)))).collect();
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = io::stdout().lock();
    let headings = headings.map(str::to_owned);
    for row in std::iter::once(&headings).chain(&rows) {
        let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn cut(cell: &str) -> String {
    if cell.chars().count() <= CELL {
        return cell.to_owned();
    }
    cell.chars().take(CELL - 1).chain(['…']).collect()
}

/// A value as it is spelled on the wire, where it is one word.
pub(crate) fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An instant for a table; `-` when there is none.
pub(crate) fn when(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "-".into(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_driving_a_terminal() {
        let value = serde_json::json!({ "a": "x\u{9b}31m\u{202e}\u{1b}[0m\u{e0041}\n" });
        let text = escaped(&serde_json::to_string_pretty(&value).unwrap());
        assert!(text.chars().all(|letter| letter == '\n' || !visible::is_hidden(letter)), "{text:?}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn long_cells_say_that_they_are_cut() {
        let cell = cut(&"x".repeat(80));
        assert_eq!(cell.chars().count(), CELL);
        assert!(cell.ends_with('…'));
    }
}
