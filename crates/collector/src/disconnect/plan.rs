//! The commands that end a session, and nothing else.

use routeros_proto::Command;

use crate::routeros::presence::{Cookie, Menu, Present, remove_cookie};

/// One command.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) command: Command,
    /// It removes a cookie, else the session.
    pub(super) is_cookie: bool,
}

/// First the cookies of this user and this device, or it is back within a second (routeros.md §8, trap 19); those of the user's
/// other devices stay. Then the session.
pub(super) fn plan(menu: Menu, session: &Present, cookies: &[Cookie]) -> Vec<Step> {
    let its_own = cookies.iter().filter(|cookie| cookie.mac.eq_ignore_ascii_case(&session.caller));
    let cookies = its_own.map(|cookie| Step { command: remove_cookie(cookie), is_cookie: true });
    cookies.chain([Step { command: menu.remove(session), is_cookie: false }]).collect()
}

/// The commands word by word.
pub(super) fn shown(steps: &[Step]) -> Vec<String> {
    steps.iter().map(|step| step.command.shown()).collect()
}
