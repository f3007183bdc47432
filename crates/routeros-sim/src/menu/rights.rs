//! Which right each command needs (routeros.md §1.8).

use super::catalog::Verb;
use super::column::Menu;
use crate::world::{MonitorRight, Policies, Policy, Switches, USER_GROUPS, USERS};

/// Shown to nobody without the right `sensitive`. That a row lacks it then is inferred.
pub(crate) const SENSITIVE: &str = "password";

/// The rights of a menu's command.
pub(crate) fn needed(menu: &Menu, verb: Verb, switches: &Switches) -> Policies {
    let is_about_users = matches!(menu.path, USERS | USER_GROUPS);
    match verb {
        Verb::MonitorTraffic if switches.monitor_right == MonitorRight::Test => Policies::of(&[Policy::Test]),
        Verb::Print | Verb::Listen | Verb::MonitorTraffic => Policies::of(&[Policy::Read]),
        _ if is_about_users => Policies::of(&[Policy::Write, Policy::Policy]),
        Verb::Add | Verb::Set | Verb::Remove | Verb::ResetCounters | Verb::Login => {
            Policies::of(&[Policy::Write])
        }
    }
}
