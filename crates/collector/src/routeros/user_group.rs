//! `/user` and `/user/group` (routeros.md §1.8, §7 captures 43 and 44): what a router says that its user may do. Some may not show these tables
//! to whoever lacks the right `policy`.

use routeros_proto::{Command, Reply};

/// Prints the group of a user.
pub fn print_group_of(user: &str) -> Command {
    Command::new("/user/print").proplist(&["group"]).query([&b"?name="[..], user.as_bytes()].concat())
}

/// The group in a row of that print.
pub fn group(row: &Reply<'_>) -> Option<Vec<u8>> {
    row.get(b"group").map(<[u8]>::to_vec)
}

/// Prints what a group may do.
pub fn print_policy_of(group: &[u8]) -> Command {
    Command::new("/user/group/print").proplist(&["policy"]).query([&b"?name="[..], group].concat())
}

/// The rights in a row of that print: those that are not granted stand there with a `!`.
pub fn granted(row: &Reply<'_>) -> Option<Vec<String>> {
    let words = row.get(b"policy")?.split(|&byte| byte == b',');
    let granted = words.filter(|word| !word.is_empty() && !word.starts_with(b"!"));
    Some(granted.map(|word| word.escape_ascii().to_string()).collect())
}
