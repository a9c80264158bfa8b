//! Text that others wrote, made fit for a terminal: what could move the cursor, recolour, reverse, hide or forge lines is shown as `‹U+001B›` instead.
//!
//! The characters are those that the console puts in boxes.

use std::fmt::Write as _;

use serde_json::Value;

/// Text as one line: line breaks and tabs are shown as well.
#[must_use]
pub fn line(text: &str) -> String {
    show(text, |_| false)
}

/// Text with its line breaks and tabs.
#[must_use]
pub fn block(text: &str) -> String {
    // CR LF is a line break; a CR alone would let text overwrite what stands before it.
    show(&text.replace("\r\n", "\n"), |letter| matches!(letter, '\n' | '\t'))
}

fn show(text: &str, allowed: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        let emoji_style = letter == '\u{fe0f}' && is_emoji(before);
        if is_hidden(letter) && !allowed(letter) && !emoji_style {
            let _ = write!(out, "‹U+{:04X}›", u32::from(letter));
        } else {
            out.push(letter);
        }
        before = letter;
    }
    out
}

/// Whether a character has no shape of its own, or changes how others are shown.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_control()
        || code & 0xfffe == 0xfffe
        || matches!(code,
            0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
            // Zero width, directions, separators, embeddings and isolates, invisible operators.
            | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f
            | 0x3164 | 0xfe00..=0xfe0f | 0xfeff | 0xffa0 | 0xfff0..=0xfffb
            // Private use, not a character, tags and further variation selectors.
            | 0xe000..=0xf8ff | 0xfdd0..=0xfdef | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff | 0xf_0000..=0x10_ffff)
}

fn is_emoji(letter: char) -> bool {
    matches!(u32::from(letter), 0xa9 | 0xae | 0x203c..=0x3299 | 0x1f000..=0x1faff)
}

/// JSON as people read it: members as indented lines, texts of several lines behind a bar, so that no content can pass for a line of the frame.
#[must_use]
pub fn value(value: &Value, indent: usize) -> String {
    let mut out = String::new();
    write_value(value, indent, &mut out);
    out.trim_end_matches('\n').to_owned()
}

fn write_value(value: &Value, indent: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(object) if !object.is_empty() => {
            for (name, member) in object {
                write_member(&format!("{pad}{}:", line(name)), member, indent, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                write_member(&format!("{pad}-"), item, indent, out);
            }
        }
        Value::String(text) if text.contains('\n') => {
            // The break that ends the last line starts no other.
            let text = block(text);
            for row in text.strip_suffix('\n').unwrap_or(&text).split('\n') {
                let _ = writeln!(out, "{}", format!("{pad}│ {row}").trim_end());
            }
        }
        scalar => {
            let _ = writeln!(out, "{pad}{}", one_line(scalar));
        }
    }
}

fn write_member(head: &str, member: &Value, indent: usize, out: &mut String) {
    let nested = match member {
        Value::Object(object) => !object.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => text.contains('\n'),
        _ => false,
    };
    if nested {
        let _ = writeln!(out, "{head}");
        write_value(member, indent + 2, out);
    } else {
        let _ = writeln!(out, "{head} {}", one_line(member));
    }
}

/// A text as it is, in quotes only where it would be taken for something else.
fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) if text.trim() != text || serde_json::from_str::<Value>(text).is_ok() || text.is_empty() => {
            line(&value.to_string())
        }
        Value::String(text) => line(text),
        other => line(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_gets_through() {
        assert_eq!(line("\u{1b}[31mred\u{9b}0m\r\n\u{202e}x\u{200b}"), "‹U+001B›[31mred‹U+009B›0m‹U+000D›‹U+000A›‹U+202E›x‹U+200B›");
        assert_eq!(block("safe\rrm -rf\r\nnext\tcell"), "safe‹U+000D›rm -rf\nnext\tcell");
        for code in
            [0x00, 0x07, 0x1b, 0x7f, 0x9f, 0xad, 0x61c, 0x200f, 0x2028, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe0041, 0xe01ef, 0x10ffff, 0xfffe]
        {
            let letter = char::from_u32(code).unwrap();
            assert!(is_hidden(letter), "U+{code:04X}");
            assert_eq!(block(&letter.to_string()), format!("‹U+{code:04X}›"));
        }
    }

    #[test]
    fn ordinary_text_of_every_script_stays() {
        for text in ["Grüße, señor", "Привет мир", "こんにちは", "שלום עולם", "مرحبا", "naïve – “quoted” €5", "✔️ 🎉"]
        {
            assert_eq!(line(text), text);
        }
        assert_eq!(line("a\u{fe0f}"), "a‹U+FE0F›");
    }

    #[test]
    fn content_cannot_forge_the_frame() {
        let content = json!({
            "to": "ann@example.com", "count": 3, "flag": "true", "none": null, "empty": {}, "list": ["a", { "b": 1 }],
            "body": "Dear Ann,\n\nDecide\n  approve\u{1b}[2J", "evil\nDecide": 1,
        });
        let expected = [
            "  to: ann@example.com",
            "  count: 3",
            "  flag: \"true\"",
            "  none: null",
            "  empty: {}",
            "  list:",
            "    - a",
            "    -",
            "      b: 1",
            "  body:",
            "    │ Dear Ann,",
            "    │",
            "    │ Decide",
            "    │   approve‹U+001B›[2J",
            "  evil‹U+000A›Decide: 1",
        ];
        assert_eq!(value(&content, 2), expected.join("\n"));
    }
}
