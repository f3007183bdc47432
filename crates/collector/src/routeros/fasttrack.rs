//! Rules of `/ip/firewall/filter` that FastTrack traffic: it passes by simple queues, which then neither limit nor count
//! it (routeros.md §2.9).

use routeros_proto::{Command, Reply};

/// Prints those rules.
pub fn print() -> Command {
    let print = Command::new("/ip/firewall/filter/print").proplist(&[".id", "disabled"]);
    print.query("?action=fasttrack-connection")
}

/// True unless the rule is disabled.
pub fn is_on(rule: &Reply<'_>) -> bool {
    !matches!(rule.get(b"disabled"), Some(b"true" | b"yes"))
}
