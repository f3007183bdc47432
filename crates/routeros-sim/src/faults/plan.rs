//! When and how often a fault strikes.

use super::fault::Fault;

/// How often a fault strikes before it is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// That often.
    N(u32),
    /// Each time, until it is disarmed or cleared.
    UntilCleared,
}

/// A fault with its conditions.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) fault: Fault,
    pub(crate) times: Times,
    pub(crate) path: Option<String>,
    pub(crate) whole_only: bool,
}

/// Names an armed fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultId(pub(crate) u64);

impl Plan {
    /// Strikes each time, on every menu's commands, until cleared. `/login`, `/quit` and `/cancel` are spared
    /// unless [named](Self::on).
    #[must_use]
    pub fn new(fault: Fault) -> Self {
        Self { fault, times: Times::UntilCleared, path: None, whole_only: false }
    }

    /// Strikes only what asks for all of a table, as on a router where that takes long.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { whole_only: true, ..self }
    }

    /// Strikes once.
    #[must_use]
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Strikes that often.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times: Times::N(times), ..self }
    }

    /// Strikes only this command (`/interface/print`) or the commands of this menu (`/interface`).
    #[must_use]
    pub fn on(self, path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }
}

/// Whether a command's path is the named one, or belongs to the named menu.
pub(crate) fn names(named: &str, path: &[u8]) -> bool {
    let rest = path.strip_prefix(named.as_bytes());
    rest.is_some_and(|rest| rest.is_empty() || (rest[0] == b'/' && !rest[1..].contains(&b'/')))
        || (is_print(path)
            && named.strip_suffix("/print").is_some_and(|menu| menu_of(path) == menu.as_bytes()))
}

/// `print` and its old name `getall` are one command.
pub(crate) fn is_print(path: &[u8]) -> bool {
    path.ends_with(b"/print") || path.ends_with(b"/getall")
}

fn menu_of(path: &[u8]) -> &[u8] {
    let slash = path.iter().rposition(|&byte| byte == b'/').unwrap_or(0);
    &path[..slash]
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_menu_names_its_commands_but_not_those_of_menus_below() {
        assert!(names("/interface", b"/interface/print"));
        assert!(names("/interface/print", b"/interface/print"));
        assert!(names("/interface/print", b"/interface/getall"));
        assert!(!names("/interface", b"/interface/pppoe-server/print"));
        assert!(!names("/interface/print", b"/interface/listen"));
        assert!(names("/login", b"/login"));
    }
}
