//! What a router shows after a session was removed.

use std::time::Duration;

use operations::CameBackBy;
use tokio::time::Instant;

use super::pace::Pace;
use super::scene::Scene;
use crate::routeros::presence::{Present, has_gone_on};

/// What is seen of the session; `looked_s`: how many seconds after it was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Still { looked_s: u64 },
    Gone { looked_s: u64 },
    Back { after_s: u64, by: CameBackBy },
}

/// What was there before.
#[derive(Debug)]
pub(super) struct Before {
    /// When it was seen.
    at: Instant,
    session: Present,
    others: Vec<Present>,
}

impl Before {
    /// This session of the scene, which is to go, and the others, which are to stay.
    pub(super) fn new(scene: Scene, session: Present) -> Before {
        let others = scene.sessions.into_iter().filter(|other| *other != session).collect();
        Before { at: scene.at, session, others }
    }

    /// Whether it may still be acted on what was seen.
    pub(super) fn is_fresh(&self, asked: Instant, pace: Pace) -> bool {
        self.at.elapsed() < pace.fresh && asked.elapsed() < pace.act_within
    }

    pub(super) fn session(&self) -> &Present {
        &self.session
    }

    /// What is seen now of the session that was removed at that instant.
    pub(super) fn compare(&self, now: &Scene, removed: Instant) -> Seen {
        let since = now.at.saturating_duration_since(self.at);
        let looked_s = now.at.saturating_duration_since(removed).as_secs();
        let is_old = |row: &Present| self.others.iter().any(|other| is_same(other, row, since));
        let mut rows = now.sessions.iter();
        if rows.clone().any(|row| is_same(&self.session, row, since)) {
            return Seen::Still { looked_s };
        }
        let its_caller = |row: &&Present| row.caller.eq_ignore_ascii_case(&self.session.caller);
        match rows.find(|row| its_caller(row) && !is_old(row)) {
            None => Seen::Gone { looked_s },
            Some(row) => {
                Seen::Back { after_s: looked_s.saturating_sub(row.uptime_s.unwrap_or(0)), by: way_in(row) }
            }
        }
    }

    /// How many of the others are not there any more.
    pub(super) fn others_gone(&self, now: &Scene) -> u64 {
        let since = now.at.saturating_duration_since(self.at);
        let is_there = |other: &&Present| now.sessions.iter().any(|row| is_same(other, row, since));
        self.others.iter().filter(|other| !is_there(other)).count() as u64
    }
}

/// Whether a row is a session of that long ago. The hotspot may give a device that comes back the id it had: its age is then nearer
/// to that of one that began since.
fn is_same(before: &Present, row: &Present, since: Duration) -> bool {
    let same_row = before.id == row.id && before.caller.eq_ignore_ascii_case(&row.caller);
    match (before.session_id, row.session_id) {
        (Some(before), Some(now)) => before == now && same_row,
        _ => match (before.uptime_s, row.uptime_s) {
            (Some(before_s), Some(now_s)) => same_row && has_gone_on(before_s, now_s, since),
            _ => same_row,
        },
    }
}

fn way_in(row: &Present) -> CameBackBy {
    match (row.session_id, &row.login_by[..]) {
        (_, b"cookie") => CameBackBy::Cookie,
        (_, b"mac-cookie") => CameBackBy::MacCookie,
        (None, name) if !name.is_empty() => CameBackBy::Login,
        _ => CameBackBy::Redial,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str) -> Present {
        let (caller, address) = (b"AA:BB:CC:00:00:01".to_vec(), b"10.0.0.7".to_vec());
        let (uptime_s, session_id) = (Some(60), Some(7));
        Present { id: id.into(), caller, address, uptime_s, session_id, login_by: Vec::new() }
    }

    #[tokio::test]
    async fn it_is_looked_at_for_as_long_as_the_router_answered() {
        let (at, removed) = (Instant::now(), Instant::now() + Duration::from_secs(1));
        let scene = |at, sessions| Scene { at, sessions };
        let before = Before::new(scene(at, vec![line("*1")]), line("*1"));
        let seen = |after_s, sessions| {
            before.compare(&scene(removed + Duration::from_secs(after_s), sessions), removed)
        };
        assert_eq!(seen(2, vec![]), Seen::Gone { looked_s: 2 });
        assert_eq!(seen(6, vec![]), Seen::Gone { looked_s: 6 });
        assert_eq!(seen(3, vec![line("*1")]), Seen::Still { looked_s: 3 });
    }
}
