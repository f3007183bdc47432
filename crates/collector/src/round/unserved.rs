//! Sessions of a service whose server table the router does not have. That table alone tells which interface carries whom
//! (routeros.md §2.4), so what they move is nobody's.

use std::fmt;

use crate::routeros::servers::{SERVER_MENUS, ServerMenu};

/// How many sessions each menu that is not there leaves without an owner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unserved([u64; SERVER_MENUS.len()]);

impl Unserved {
    pub(super) fn new(sessions: [u64; SERVER_MENUS.len()]) -> Self {
        Unserved(sessions)
    }

    /// True when there is such a session.
    pub fn any(&self) -> bool {
        self.0.iter().any(|sessions| *sessions > 0)
    }

    /// What is missing, what that costs and what mends it, in two sentences; `None` where nothing is missing.
    pub fn told(&self) -> Option<String> {
        self.any().then(|| self.to_string())
    }

    fn menus(&self) -> impl Iterator<Item = (ServerMenu, u64)> {
        SERVER_MENUS.into_iter().zip(self.0).filter(|(_, sessions)| *sessions > 0)
    }
}

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing: Vec<&str> = self.menus().map(|(menu, _)| menu.path()).collect();
        let each: Vec<String> =
            self.menus().map(|(menu, sessions)| format!("{sessions} {}", menu.service.as_str())).collect();
        write!(
            f,
            "The router does not know {}, which names the interface of each session: the octets of its sessions ({}) \
             cannot be given to their logins; what the router shows of them is kept as unattributed of it. Install or enable the package \
             that has this menu, or update RouterOS: `/system package print` shows what is there.",
            missing.join(" and "),
            each.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_missing_menu_is_named_with_its_sessions() {
        assert_eq!(Unserved::default().told(), None);
        let told = Unserved::new([60, 0, 0, 2, 0]).told().unwrap();
        assert!(told.contains("/interface/pppoe-server and /interface/sstp-server, which"), "{told}");
        assert!(told.contains("(60 pppoe, 2 sstp)") && told.contains("`/system package print`"), "{told}");
    }
}
