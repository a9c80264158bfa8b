//! Limits on what people and programs write.

use crate::refusal::Places;

/// How long a text may be, and whether it may have several lines.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    least: usize,
    most: usize,
    one_line: bool,
}

impl Limit {
    /// One line without control characters, of `least` to `most` characters.
    #[must_use]
    pub const fn line(least: usize, most: usize) -> Self {
        Self { least, most, one_line: true }
    }

    /// Text of at most `most` characters.
    #[must_use]
    pub const fn block(most: usize) -> Self {
        Self { least: 0, most, one_line: false }
    }

    /// What is wrong with `text`.
    #[must_use]
    pub fn problem(self, text: &str) -> Option<String> {
        let length = text.chars().count();
        if length < self.least {
            return Some(if length == 0 { "Must not be empty.".into() } else { format!("Must have at least {} characters.", self.least) });
        }
        if length > self.most {
            return Some(format!("Must have at most {} characters; it has {length}.", self.most));
        }
        // PostgreSQL cannot hold NUL in a text.
        let forbidden = |letter: char| if self.one_line { letter.is_control() } else { letter == '\0' };
        text.chars().any(forbidden).then(|| {
            if self.one_line { "Must be one line without control characters.".into() } else { "Must not hold the character U+0000.".into() }
        })
    }
}

/// Notes what is wrong with the text at `pointer`.
pub fn check(places: &mut Places, pointer: &str, text: &str, limit: Limit) {
    if let Some(problem) = limit.problem(text) {
        places.add(pointer, problem);
    }
}

/// Notes what is wrong with the text at `pointer`, if there is one.
pub fn check_opt(places: &mut Places, pointer: &str, text: Option<&str>, limit: Limit) {
    if let Some(text) = text {
        check(places, pointer, text, limit);
    }
}
