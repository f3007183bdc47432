//! Words as people may see them: escaped, and without the values of secrets.

use std::fmt;

/// Attributes whose values never reach a log, an error or a panic message.
const SECRET: [&[u8]; 8] = [
    b"password",
    b"response",
    b"secret",
    b"otp-secret",
    b"new-password",
    b"old-password",
    b"private-key",
    b"pre-shared-key",
];

/// Shows a word as escaped ASCII in quotes; the value of a secret attribute or query becomes `…`.
pub(crate) struct Redacted<'a>(pub(crate) &'a [u8]);

impl fmt::Debug for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match secret_part(self.0) {
            Some(shown) => write!(f, "\"{}…\"", shown.escape_ascii()),
            None => write!(f, "\"{}\"", self.0.escape_ascii()),
        }
    }
}

/// The part before the value, when the word carries a secret one: `=password=…`, `?password=…`, `?>password=…`.
fn secret_part(word: &[u8]) -> Option<&[u8]> {
    let name_from = word.iter().position(|byte| !b"=?<>-".contains(byte)).filter(|at| *at > 0)?;
    let name = word.get(name_from..)?;
    let length = name.iter().position(|byte| *byte == b'=')?;
    SECRET.contains(&name.get(..length)?).then(|| word.get(..=name_from + length)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(word: &[u8]) -> String {
        format!("{:?}", Redacted(word))
    }

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        assert_eq!(shown(b"=password=hunter2"), "\"=password=…\"");
        assert_eq!(shown(b"=response=00ab"), "\"=response=…\"");
        assert_eq!(shown(b"?password=x"), "\"?password=…\"");
        assert_eq!(shown(b"?=password=x"), "\"?=password=…\"");
        assert_eq!(shown(b"?>secret=x"), "\"?>secret=…\"");
    }

    #[test]
    fn the_rest_is_escaped_ascii() {
        assert_eq!(shown(b"=name=\x1b[2Jana"), "\"=name=\\x1b[2Jana\"");
        assert_eq!(shown(b"=password-age=3"), "\"=password-age=3\"");
        assert_eq!(shown(b"/login"), "\"/login\"");
        assert_eq!(shown(b""), "\"\"");
    }
}
