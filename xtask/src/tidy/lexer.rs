//! Just enough of Rust's tokens to find names in code: comments, strings and characters are left out.

/// A token that matters to the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An identifier, a keyword or a number.
    Word(&'a str),
    /// `::`
    Path,
    /// Any other character that is not white space.
    Mark(char),
}

/// The tokens of a Rust source; text that is not Rust yields harmless marks.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| text(rest)).or_else(|| character(rest));
        let taken = if let Some(length) = skipped {
            length
        } else if is_word(first) {
            let length = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(&rest[..length]));
            length
        } else if rest.starts_with("::") {
            tokens.push(Token::Path);
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(Token::Mark(first));
            }
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Length of the comment `rest` begins with; block comments nest.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (1, 2);
    while depth > 0 {
        let Some(next) = rest[at..].find(['/', '*']).map(|offset| at + offset) else {
            return Some(rest.len());
        };
        at = next + 1;
        if rest[next..].starts_with("/*") {
            depth += 1;
            at += 1;
        } else if rest[next..].starts_with("*/") {
            depth -= 1;
            at += 1;
        }
    }
    Some(at)
}

/// Length of the string literal `rest` begins with, prefix included.
fn text(rest: &str) -> Option<usize> {
    if !rest.starts_with(['"', 'b', 'c', 'r']) {
        return None;
    }
    let prefix = ["", "b", "c", "r", "br", "cr"].iter().find(|prefix| {
        let after = rest.strip_prefix(**prefix).map(|tail| tail.trim_start_matches('#'));
        after.is_some_and(|tail| tail.starts_with('"'))
            && (prefix.ends_with('r') || !rest[prefix.len()..].starts_with('#'))
    })?;
    let body = &rest[prefix.len()..];
    if prefix.ends_with('r') {
        let hashes = body.bytes().take_while(|b| *b == b'#').count();
        let close = format!("\"{}", "#".repeat(hashes));
        let start = prefix.len() + hashes + 1;
        return Some(rest[start..].find(&close).map_or(rest.len(), |at| start + at + close.len()));
    }
    Some(prefix.len() + escaped(body, '"'))
}

/// Length of the character literal `rest` begins with; `'a` without a closing quote is a lifetime.
fn character(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let mut chars = inner.chars();
    let first = chars.next()?;
    (first == '\\' || chars.next() == Some('\'')).then(|| escaped(rest, '\''))
}

/// Length of a literal that opens with `quote` and ends at the next one not behind a backslash.
fn escaped(literal: &str, quote: char) -> usize {
    let mut behind_backslash = false;
    for (at, c) in literal.char_indices().skip(1) {
        if c == quote && !behind_backslash {
            return at + c.len_utf8();
        }
        behind_backslash = c == '\\' && !behind_backslash;
    }
    literal.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        let all = tokens(source).into_iter();
        all.filter_map(|token| if let Token::Word(word) = token { Some(word) } else { None }).collect()
    }

    #[test]
    fn comments_strings_and_characters_are_left_out() {
        assert_eq!(words("a // b\nc /* d /* e */ f */ g"), ["a", "c", "g"]);
        assert_eq!(words(r#"a "b \" c" d b"e" f"#), ["a", "d", "f"]);
        assert_eq!(words("a r#\"b \" c\"# d r\"e\\\" f br##\"g\"# h\"## i"), ["a", "d", "f", "i"]);
        assert_eq!(words(r"a 'b' '\'' '\u{41}' c"), ["a", "c"]);
    }

    #[test]
    fn lifetimes_labels_and_raw_names_are_kept() {
        assert_eq!(words("fn f<'a>(x: &'a str) { r#type }"), ["fn", "f", "a", "x", "a", "str", "r", "type"]);
    }

    #[test]
    fn paths_have_their_own_token() {
        assert_eq!(
            tokens("use a::b;"),
            [Token::Word("use"), Token::Word("a"), Token::Path, Token::Word("b"), Token::Mark(';')]
        );
    }

    #[test]
    fn text_that_ends_early_ends_the_tokens() {
        for cut in ["a /* b", "a \"b", "a r#\"b", "a '\\", "a 'b"] {
            assert_eq!(words(cut)[0], "a", "{cut}");
        }
    }
}
