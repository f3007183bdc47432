//! The sessions of a login as a router shows them, and which of them is meant.

use std::time::Duration;

use operations::SessionTarget;
use tokio::time::Instant;

use crate::link::{Link, LinkError};
use crate::routeros::presence::{Cookie, Menu, Present, cookie, print_cookies};

/// What the router showed.
#[derive(Debug)]
pub(super) struct Scene {
    /// When it was asked.
    pub(super) at: Instant,
    pub(super) sessions: Vec<Present>,
}

/// Which session is meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meant<'a> {
    This(&'a Present),
    /// It is not there (any more).
    None,
    /// So many look like it; none of them may be touched.
    Several(usize),
}

impl Scene {
    pub(super) async fn look(link: &mut Link, menu: Menu, login: &[u8]) -> Result<Scene, LinkError> {
        let (at, mut sessions) = (Instant::now(), Vec::new());
        link.print(&menu.print(login), |row| sessions.extend(menu.present(login, &row))).await?;
        Ok(Scene { at, sessions })
    }

    /// The session that the books know, by all they know of it. Its address decides where a device has two.
    pub(super) fn meant(&self, wanted: &SessionTarget) -> Meant<'_> {
        let alike: Vec<&Present> = self.sessions.iter().filter(|row| is_like(row, wanted)).collect();
        match alike[..] {
            [] => Meant::None,
            [only] => Meant::This(only),
            _ => {
                let mut there = alike.iter().filter(|row| row.address == wanted.address);
                match (there.next(), there.next()) {
                    (Some(only), None) => Meant::This(only),
                    _ => Meant::Several(alike.len()),
                }
            }
        }
    }

    /// Whether a session was up when something was asked for, and did not begin since; `None`: the router does not say. A
    /// session-id says which session it is; the hotspot's logins have none, and the same device has the same id again.
    pub(super) fn was_up(&self, session: &Present, asked: Instant) -> Option<bool> {
        if session.session_id.is_some() {
            return Some(true);
        }
        let since = self.at.saturating_duration_since(asked);
        session.uptime_s.map(|uptime_s| Duration::from_secs(uptime_s) >= since)
    }
}

fn is_like(row: &Present, wanted: &SessionTarget) -> bool {
    let its_number = wanted.session_id.is_none() || row.session_id == wanted.session_id;
    its_number && row.caller.eq_ignore_ascii_case(&wanted.caller)
}

/// The cookies of a user; none where the router has no such menu.
pub(super) async fn cookies(link: &mut Link, user: &[u8]) -> Result<Vec<Cookie>, LinkError> {
    let mut found = Vec::new();
    match link.print(&print_cookies(user), |row| found.extend(cookie(user, &row))).await {
        Err(LinkError::MissingMenu(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
        Ok(_) => Ok(found),
    }
}
