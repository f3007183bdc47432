//! Which session each row of `/ppp/active/listen` belongs to: the row that ends a session carries only its `.id`
//! (routeros.md §1.7), so the rows that showed it before are remembered.

use accounting::snapshot::{Heard, OwnerSession, Service};
use accounting::time::HostInstant;
use routeros_proto::{Command, Reply, value};
use rustc_hash::FxHashMap;

use super::ear::Ear;
use crate::routeros::sessions::SessionTable;

/// Sessions remembered at most. Overflow rule: a session beyond it is not remembered, and its end only a hint.
const MOST_KNOWN: usize = 200_000;

/// `listen` sends changes only, never what is there already (routeros.md §1.7). Without a `.proplist`: whether one that
/// does not name `.dead` would hide the ends is not known.
pub(super) fn listen_command() -> Command {
    Command::new("/ppp/active/listen")
}

/// Sessions that began while we listened.
#[derive(Debug, Default)]
pub(super) struct KnownSessions(FxHashMap<u64, Known>);

#[derive(Debug)]
struct Known {
    session: OwnerSession,
    first_heard: HostInstant,
}

impl KnownSessions {
    /// Takes one row and tells the ear what it means.
    pub(super) fn take(&mut self, row: &Reply<'_>, ear: &Ear, now: HostInstant) {
        let Some(id) = row.get(b".id").and_then(value::item_id) else { return };
        let dead = row.get(b".dead").and_then(value::boolean) == Some(true);
        if dead {
            if let Some(known) = self.0.remove(&id) {
                ear.over(known.ended(now));
            }
            ear.hint();
        } else if let Some(session) = owner_session(row)
            && self.0.len() < MOST_KNOWN
            && !self.is_known(id, &session)
        {
            self.0.insert(id, Known { session, first_heard: now });
            ear.hint();
        }
    }

    /// Rows of an already known session come again when it changes; its begin is the first one's.
    fn is_known(&self, id: u64, session: &OwnerSession) -> bool {
        self.0.get(&id).is_some_and(|known| known.session.acct_session_id == session.acct_session_id)
    }
}

impl Known {
    fn ended(self, now: HostInstant) -> Heard {
        let before = self.session.session_time_s.unwrap_or(0);
        let since = now.seconds_since(self.first_heard).unwrap_or(0);
        Heard { session: self.session, lasted_at_most_s: before + since + 3 }
    }
}

fn owner_session(row: &Reply<'_>) -> Option<OwnerSession> {
    let mut table = SessionTable::default();
    table.push(row);
    let shown = table.rows().next()?;
    Some(OwnerSession {
        login: shown.login.into(),
        service: shown.service.unwrap_or(Service::OtherPpp),
        acct_session_id: shown.session_id,
        session_time_s: shown.uptime_s,
        calling_station_id: shown.caller_id.into(),
        framed_address: shown.address.into(),
    })
}
