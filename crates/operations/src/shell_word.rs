//! Names within commands that people are told to run.

/// The text as one word of a shell: quoted where the shell would take it apart. What cannot be typed is the caller's to escape before.
pub fn shell_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
