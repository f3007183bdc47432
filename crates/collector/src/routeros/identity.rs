//! `/system/identity`: what the router's owner calls it. For display only.

use routeros_proto::{Command, Reply};

/// Asks for the identity.
pub fn print() -> Command {
    Command::new("/system/identity/print").proplist(&["name"])
}

/// The identity for people: bytes that are not UTF-8 are replaced, control characters made visible.
pub fn identity(row: &Reply<'_>) -> Option<Box<str>> {
    let name = String::from_utf8_lossy(row.get(b"name")?);
    Some(name.chars().flat_map(visible).collect::<String>().into())
}

fn visible(character: char) -> impl Iterator<Item = char> {
    let (plain, escaped) = if character.is_control() {
        (None, Some(character.escape_default()))
    } else {
        (Some(character), None)
    };
    plain.into_iter().chain(escaped.into_iter().flatten())
}
