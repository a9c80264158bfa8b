//! Content lines of an iCalendar text (RFC 5545 §3.1): unfolded, and taken apart into name, parameters and value.

/// One content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it begins in the text, counted from 1.
    pub number: usize,
    /// The name, in capitals.
    pub name: String,
    /// Names in capitals and values without quotation marks.
    pub parameters: Vec<(String, String)>,
    /// The value as it is written.
    pub value: String,
}

impl Line {
    /// The value of a parameter.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The value as text: without its escapes and on one line.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut letters = self.value.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some('n' | 'N') => text.push(' '),
                    Some(escaped) => text.push(escaped),
                    None => {}
                },
                letter => text.push(letter),
            }
        }
        let words: Vec<&str> =
            text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty()).collect();
        words.join(" ")
    }
}

/// The lines of a text.
///
/// # Errors
/// The number of the first line that is none.
pub(super) fn read(text: &str) -> Result<Vec<Line>, usize> {
    let mut unfolded: Vec<(usize, String)> = Vec::new();
    for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        match (line.strip_prefix([' ', '\t']), unfolded.last_mut()) {
            (Some(more), Some((_, begun))) => begun.push_str(more),
            // Some programs end their files with empty lines.
            _ if line.trim().is_empty() => {}
            _ => unfolded.push((i + 1, line.to_owned())),
        }
    }
    unfolded.into_iter().map(|(number, line)| take_apart(number, &line).ok_or(number)).collect()
}

fn take_apart(number: usize, line: &str) -> Option<Line> {
    let (name, mut rest) = line.split_at(line.find([';', ':'])?);
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return None;
    }
    let mut parameters = Vec::new();
    while let Some(more) = rest.strip_prefix(';') {
        let (name, value) = more.split_once('=')?;
        let end = end_of_parameter(value)?;
        parameters.push((name.to_ascii_uppercase(), value[..end].replace('"', "")));
        rest = &value[end..];
    }
    let value = rest.strip_prefix(':')?.to_owned();
    Some(Line { number, name: name.to_ascii_uppercase(), parameters, value })
}

/// Where the first `;` or `:` outside quotation marks stands.
fn end_of_parameter(text: &str) -> Option<usize> {
    let mut quoted = false;
    text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        !quoted && matches!(byte, b';' | b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_unfolded_and_taken_apart() {
        let text = "\u{feff}BEGIN:VCALENDAR\r\nsummary;LANGUAGE=de;X=\"a;b:c\":Tag der \r\n Deutschen\r\n\t Einheit\r\n\r\n";
        let lines = read(text).unwrap();
        let parameters = vec![("LANGUAGE".into(), "de".into()), ("X".into(), "a;b:c".into())];
        let summary = Line { number: 2, name: "SUMMARY".into(), parameters, value: "Tag der Deutschen Einheit".into() };
        assert_eq!(lines[1], summary);
        assert_eq!(lines.len(), 2);
        assert_eq!(summary.parameter("LANGUAGE"), Some("de"));
    }

    #[test]
    fn text_has_no_escapes_and_no_line_ends() {
        let line = read("SUMMARY:A\\, B\\; C\\\\D\\n\\nE\u{7}F \\").unwrap().remove(0);
        assert_eq!(line.text(), "A, B; C\\D E F");
    }

    #[test]
    fn what_is_no_line_is_named_by_its_number() {
        for wrong in ["A:1\nno colon", "A:1\n:value", "A:1\nA;B:c", "A:1\nA;B=\"c:d", "A:1\nÄ:1"] {
            assert_eq!(read(wrong), Err(2), "{wrong}");
        }
    }
}
