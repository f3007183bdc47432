//! The commands that end a session, and nothing else.

use routeros_proto::Command;

use crate::routeros::presence::{Cookie, Menu, Present, remove_cookie};

/// One command.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) command: Command,
    pub(super) does: Does,
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Keeps out whoever has the session.
    KeepOut,
    RemoveCookie,
    RemoveSession,
}

/// First what keeps them out, where they are to be. Then the cookies of this user and this device, or it is back within a second
/// (routeros.md §8, trap 19); those of the user's other devices stay. Then the session.
pub(super) fn plan(
    menu: Menu,
    session: &Present,
    cookies: &[Cookie],
    keeping_out: Option<Command>,
) -> Vec<Step> {
    let step = |does| move |command| Step { command, does };
    let its_own = cookies.iter().filter(|cookie| cookie.mac.eq_ignore_ascii_case(&session.caller));
    let cookies = its_own.map(remove_cookie).map(step(Does::RemoveCookie));
    let session = step(Does::RemoveSession)(menu.remove(session));
    keeping_out.map(step(Does::KeepOut)).into_iter().chain(cookies).chain([session]).collect()
}

/// The commands word by word.
pub(super) fn shown(steps: &[Step]) -> Vec<String> {
    steps.iter().map(|step| step.command.shown()).collect()
}
