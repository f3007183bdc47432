//! An SQL file of MySQL or MariaDB in its tokens, as far as dumps have them: names, strings with their escapes, numbers, marks. What is
//! in comments is left out, versioned ones too: none of them holds a row.

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word or number, or a name in backticks.
    Word(Vec<u8>),
    /// A string, its escapes resolved.
    Text(Vec<u8>),
    /// Anything else, a byte.
    Mark(u8),
}

/// Reads tokens one by one.
pub(super) struct Tokens<'d> {
    dump: &'d [u8],
    at: usize,
}

impl<'d> Tokens<'d> {
    pub(super) fn new(dump: &'d [u8]) -> Self {
        Tokens { dump, at: 0 }
    }

    /// The line that is read, from 1.
    pub(super) fn line(&self) -> usize {
        1 + self.dump[..self.at.min(self.dump.len())].iter().filter(|byte| **byte == b'\n').count()
    }

    /// The next token; `None` after the last.
    ///
    /// # Errors
    /// The file ends within a string, a name or a comment.
    pub(super) fn next(&mut self) -> Result<Option<Token>, String> {
        loop {
            let Some(&byte) = self.dump.get(self.at) else { return Ok(None) };
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'#' => self.skip_line(),
                b'-' if self.is_dash_comment() => self.skip_line(),
                b'/' if self.dump.get(self.at + 1) == Some(&b'*') => self.skip_block()?,
                b'\'' | b'"' => return self.text(byte).map(Some),
                b'`' => return self.name().map(Some),
                byte if is_word(byte) => return Ok(Some(self.word())),
                byte => {
                    self.at += 1;
                    return Ok(Some(Token::Mark(byte)));
                }
            }
        }
    }

    /// `--` and a blank, or the end of the line.
    fn is_dash_comment(&self) -> bool {
        self.dump.get(self.at + 1) == Some(&b'-')
            && self.dump.get(self.at + 2).is_none_or(u8::is_ascii_whitespace)
    }

    fn skip_line(&mut self) {
        let rest = &self.dump[self.at..];
        self.at += rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
    }

    fn skip_block(&mut self) -> Result<(), String> {
        let rest = &self.dump[self.at + 2..];
        let end = rest.windows(2).position(|pair| pair == b"*/");
        self.at += 4 + end.ok_or_else(|| self.cut("comment"))?;
        Ok(())
    }

    fn word(&mut self) -> Token {
        let rest = &self.dump[self.at..];
        let end = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
        self.at += end;
        Token::Word(rest[..end].to_vec())
    }

    fn name(&mut self) -> Result<Token, String> {
        self.quoted(b'`', false).map(Token::Word)
    }

    fn text(&mut self, quote: u8) -> Result<Token, String> {
        self.quoted(quote, true).map(Token::Text)
    }

    /// Up to the closing quote; a doubled one is one of the text.
    fn quoted(&mut self, quote: u8, escapes: bool) -> Result<Vec<u8>, String> {
        let (begin, mut text) = (self.at, Vec::new());
        self.at += 1;
        while let Some(&byte) = self.dump.get(self.at) {
            self.at += 1;
            let next = self.dump.get(self.at).copied();
            match (byte, next) {
                (b'\\', Some(escaped)) if escapes => {
                    text.extend(unescaped(escaped));
                    self.at += 1;
                }
                (byte, Some(next)) if byte == quote && next == quote => {
                    text.push(quote);
                    self.at += 1;
                }
                (byte, _) if byte == quote => return Ok(text),
                (byte, _) => text.push(byte),
            }
        }
        self.at = begin;
        Err(self.cut("text"))
    }

    fn cut(&self, what: &str) -> String {
        format!("line {}: a {what} begins here and does not end: the file was cut off", self.line())
    }
}

/// `\%` and `\_` keep their backslash.
fn unescaped(byte: u8) -> Vec<u8> {
    match byte {
        b'0' => vec![0],
        b'b' => vec![8],
        b'n' => vec![b'\n'],
        b'r' => vec![b'\r'],
        b't' => vec![b'\t'],
        b'Z' => vec![26],
        b'%' | b'_' => vec![b'\\', byte],
        other => vec![other],
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'+' | b'-' | b'@') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(dump: &str) -> Result<Vec<Token>, String> {
        let mut tokens = Tokens::new(dump.as_bytes());
        let mut all = Vec::new();
        while let Some(token) = tokens.next()? {
            all.push(token);
        }
        Ok(all)
    }

    #[test]
    fn texts_have_their_escapes_resolved_and_comments_are_no_tokens() {
        let dump = "-- one\n# two\n/*!40101 SET x */ INSERT `a``b`('it\\'s', 'O''Neil', \"q\", -5.00,NULL);";
        let word = |text: &str| Token::Word(text.into());
        let text = |text: &str| Token::Text(text.into());
        assert_eq!(
            all(dump).unwrap(),
            [
                word("INSERT"),
                word("a`b"),
                Token::Mark(b'('),
                text("it's"),
                Token::Mark(b','),
                text("O'Neil"),
                Token::Mark(b','),
                text("q"),
                Token::Mark(b','),
                word("-5.00"),
                Token::Mark(b','),
                word("NULL"),
                Token::Mark(b')'),
                Token::Mark(b';'),
            ]
        );
        assert_eq!(all("'a\\nb\\\\c\\%'").unwrap(), [text("a\nb\\c\\%")]);
    }

    #[test]
    fn a_file_that_was_cut_off_is_told_with_its_line() {
        for dump in ["\n\n'abc", "\n\n/* abc", "\n\n`abc", "\n\n'abc\\'"] {
            assert!(all(dump).unwrap_err().starts_with("line 3: "), "{dump}");
        }
    }
}
