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
    fn what_hurts_is_escaped() {
        assert_eq!(printable("a\x1b[2Jb\r\n"), "a\\x1b[2Jb\\x0d\\x0a");
        assert_eq!(printable("\u{202e}ana\u{9b}"), "\\u{202e}ana\\u{9b}");
    }
}
