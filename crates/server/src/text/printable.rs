//! Raw bytes made harmless for sentences that end up on terminals, in logs and in tickets.

use std::fmt::Write;

/// `bytes` as text in which nothing can move a cursor, change the reading direction or hide: control and
/// direction characters and bytes that are not UTF-8 are escaped, the escape character itself too.
pub(crate) fn printable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for one in chunk.valid().chars() {
            push(&mut out, one);
        }
        for byte in chunk.invalid() {
            write(&mut out, format_args!("\\x{byte:02x}"));
        }
    }
    out
}

fn push(out: &mut String, one: char) {
    match one {
        '\\' => out.push_str("\\\\"),
        '\0'..='\x1f' | '\x7f' => write(out, format_args!("\\x{:02x}", u32::from(one))),
        _ if one.is_control() || hides(one) => write(out, format_args!("\\u{{{:x}}}", u32::from(one))),
        _ => out.push(one),
    }
}

fn write(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a String takes every write");
}

/// Characters that take no room or turn the direction of reading.
fn hides(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(printable("<pppoe-ana b,c=d> ñ".as_bytes()), "<pppoe-ana b,c=d> ñ");
    }

    #[test]
    fn what_hurts_is_escaped() {
        assert_eq!(printable(b"a\x1b[2Jb"), "a\\x1b[2Jb");
        assert_eq!(printable(b"jos\xe9\n"), "jos\\xe9\\x0a");
        assert_eq!(printable("\u{202e}ana\u{85}".as_bytes()), "\\u{202e}ana\\u{85}");
        assert_eq!(printable(b"a\\x1b"), "a\\\\x1b");
    }
}
