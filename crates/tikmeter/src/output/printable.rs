//! Names of strangers made harmless for a terminal.

use std::fmt::Write;

/// `text` on one line, with everything escaped that could move a cursor, hide, or turn the direction of reading.
pub(crate) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        push(&mut out, one);
    }
    out
}

/// `text` of several lines, each made harmless.
pub(crate) fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// A JSON text with the same meaning, in which DEL, the other control characters and those that hide or turn the
/// direction of reading are written as `\\u....`. They can stand only within its strings.
pub(crate) fn printable_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for one in text.chars() {
        if one == '\x7f' || (one.is_control() && !one.is_ascii()) || hides(one) {
            write!(out, "\\u{:04x}", u32::from(one)).expect("a String takes every write");
        } else {
            out.push(one);
        }
    }
    out
}

/// Text that comes in parts, line by line for a terminal. Bytes that are not UTF-8 show as U+FFFD.
#[derive(Debug, Default)]
pub(crate) struct PrintableLines {
    begun: Vec<u8>,
}

impl PrintableLines {
    /// The lines that `part` completes.
    pub(crate) fn push(&mut self, part: &[u8]) -> String {
        self.begun.extend_from_slice(part);
        let end = self.begun.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let rest = self.begun.split_off(end);
        let whole = std::mem::replace(&mut self.begun, rest);
        String::from_utf8_lossy(&whole).lines().map(|line| printable(line) + "\n").collect()
    }

    /// What follows the last line.
    pub(crate) fn rest(self) -> String {
        printable(&String::from_utf8_lossy(&self.begun))
    }
}

fn push(out: &mut String, one: char) {
    let written = match one {
        '\0'..='\x1f' | '\x7f' => write!(out, "\\x{:02x}", u32::from(one)),
        _ if one.is_control() || hides(one) => write!(out, "\\u{{{:x}}}", u32::from(one)),
        _ => out.write_char(one),
    };
    written.expect("a String takes every write");
}

/// Characters that take no room or turn the direction of reading.
fn hides(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(printable("<pppoe-ana b,c=d> ñ \\x"), "<pppoe-ana b,c=d> ñ \\x");
    }

    #[test]
    fn json_means_the_same_and_moves_no_cursor() {
        let text = "{\n \"login\": \"evil\\u001b\u{7f}\u{9b}\u{202e} ñ\"\n}";
        let shown = printable_json(text);
        assert_eq!(shown, "{\n \"login\": \"evil\\u001b\\u007f\\u009b\\u202e ñ\"\n}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(&shown), value(text));
    }

    #[test]
    fn lines_that_come_in_parts_are_whole_lines() {
        let mut lines = PrintableLines::default();
        assert_eq!(lines.push(b"a,\xc3"), "");
        assert_eq!(lines.push(b"\xb1\x1b[31m\r\nb"), "a,ñ\\x1b[31m\n");
        assert_eq!(lines.push(b"\x07\nc\xff"), "b\\x07\n");
        assert_eq!(lines.rest(), "c\u{fffd}");
    }

    #[test]
    fn what_hurts_is_escaped() {
        assert_eq!(printable("a\x1b[2Jb\r\n"), "a\\x1b[2Jb\\x0d\\x0a");
        assert_eq!(printable("\u{202e}ana\u{9b}"), "\\u{202e}ana\\u{9b}");
    }
}
