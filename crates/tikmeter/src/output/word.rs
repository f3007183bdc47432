//! Names within commands that people are told to run.

use super::printable::printable;

/// The name as one word of a shell: quoted where the shell would take it apart. What cannot be typed is escaped as
/// everywhere, and then the word is for reading only.
pub(crate) fn shell_word(name: &str) -> String {
    operations::shell_word(&printable(name))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_shell_takes_it_for_one_word() {
        let words =
            ["ana", "a.b-c_d@e", "c,d=e>f", "it's", "a b", "$(rm)", "", "ñ", "a\u{1b}"].map(shell_word);
        let told =
            ["ana", "a.b-c_d@e", "'c,d=e>f'", "'it'\\''s'", "'a b'", "'$(rm)'", "''", "'ñ'", "'a\\x1b'"];
        assert_eq!(words, told);
    }
}
