//! Who owns each counter: the server tables name the interface and its login, the session table the session. Joined
//! by login, client and age ([`crate::routeros::pairing`]); an interface's name is never made up from a login's
//! (routeros.md §8, trap 8).

use accounting::snapshot::{Owner, OwnerSession, Service};
use rustc_hash::FxHashMap;

use crate::routeros::certainty::Certainty;
use crate::routeros::pairing::{Reading, pair};
use crate::routeros::servers::{ServerRow, ServerTable};
use crate::routeros::sessions::{SessionRow, SessionTable};

/// Owners found, and what only one of the tables showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// One for each paired live row and each idle static binding.
    pub found: Vec<Owner>,
    /// One for each live server row without a session row, and for each session row without a server row (its counter
    /// has no name then).
    pub half_seen: Vec<Owner>,
    /// Live rows whose session the session table did not show: unknown this time.
    pub unpaired: u64,
}

/// Joins the two tables.
pub fn join(servers: &ServerTable, sessions: &SessionTable, reading: Reading) -> Owners {
    let sessions_of = ByLogin::new(sessions.rows().map(|row| Some(row.login)));
    let servers_of = ByLogin::new(servers.rows().map(|row| row.running.then_some(row.user)));
    let mut owners = Owners { found: Vec::with_capacity(servers.len()), ..Owners::default() };
    for (index, row) in servers.rows().enumerate() {
        if !row.running {
            owners.found.push(idle(&row));
        } else if servers_of.is_first(row.user, index) {
            let alike: Vec<ServerRow<'_>> = servers_of.of(row.user).map(|index| servers.row(index)).collect();
            let theirs: Vec<SessionRow<'_>> =
                sessions_of.of(row.user).map(|index| sessions.row(index)).collect();
            owners.add_login(&alike, &theirs, reading);
        }
    }
    let elsewhere = sessions.rows().filter(|row| servers_of.first(row.login).is_none());
    owners.half_seen.extend(elsewhere.map(|row| without_server(&row, true)));
    owners
}

impl Owners {
    fn add_login(&mut self, servers: &[ServerRow<'_>], sessions: &[SessionRow<'_>], reading: Reading) {
        let certainty = Certainty::new(servers, sessions, reading);
        let mut used = vec![false; sessions.len()];
        for (index, session) in pair(servers, sessions, reading).into_iter().enumerate() {
            match session {
                Some(session) => {
                    used[session] = true;
                    let certain = certainty.of(index, session);
                    self.found.push(owned(&servers[index], &sessions[session], certain));
                }
                None => {
                    self.unpaired += 1;
                    self.half_seen.push(without_session(&servers[index]));
                }
            }
        }
        let left = sessions.iter().enumerate().filter(|(index, _)| !used[*index]);
        self.half_seen.extend(left.map(|(index, row)| without_server(row, certainty.is_apart(index))));
    }
}

/// The server table alone names it: nothing tells which session of the login it is.
fn without_session(server: &ServerRow<'_>) -> Owner {
    let session = OwnerSession {
        login: server.user.into(),
        service: server.service,
        acct_session_id: None,
        session_time_s: server.uptime_s,
        calling_station_id: server.client.into(),
        framed_address: Box::default(),
    };
    Owner { counter_name: server.name.into(), permanent: !server.dynamic, session: Some(session) }
}

/// The session table alone names it. `apart`: it cannot be one that was paired.
fn without_server(row: &SessionRow<'_>, apart: bool) -> Owner {
    let session = OwnerSession {
        login: row.login.into(),
        service: row.service.unwrap_or(Service::OtherPpp),
        acct_session_id: row.session_id.filter(|_| apart),
        session_time_s: row.uptime_s,
        calling_station_id: row.caller_id.into(),
        framed_address: if apart { row.address.into() } else { Box::default() },
    };
    Owner { counter_name: Box::default(), permanent: false, session: Some(session) }
}

fn idle(server: &ServerRow<'_>) -> Owner {
    Owner { counter_name: server.name.into(), permanent: true, session: None }
}

/// What only the session row tells is left out where another row could be meant as well.
fn owned(server: &ServerRow<'_>, session: &SessionRow<'_>, certain: bool) -> Owner {
    let caller = if session.caller_id.is_empty() { server.client } else { session.caller_id };
    Owner {
        counter_name: server.name.into(),
        permanent: !server.dynamic,
        session: Some(OwnerSession {
            login: session.login.into(),
            service: server.service,
            acct_session_id: session.session_id.filter(|_| certain),
            session_time_s: server.uptime_s.or(session.uptime_s),
            calling_station_id: caller.into(),
            framed_address: if certain { session.address.into() } else { Box::default() },
        }),
    }
}

/// Row numbers by login, as chains in two allocations whatever the number of rows.
struct ByLogin<'t> {
    first: FxHashMap<&'t [u8], usize>,
    next: Vec<Option<usize>>,
}

impl<'t> ByLogin<'t> {
    /// Chains the rows that have a login, keeping their order within each.
    fn new(logins: impl DoubleEndedIterator<Item = Option<&'t [u8]>> + ExactSizeIterator) -> Self {
        let mut chains = ByLogin {
            first: FxHashMap::with_capacity_and_hasher(logins.len(), Default::default()),
            next: vec![None; logins.len()],
        };
        for (index, login) in logins.enumerate().rev() {
            if let Some(login) = login {
                chains.next[index] = chains.first.insert(login, index);
            }
        }
        chains
    }

    fn first(&self, login: &[u8]) -> Option<usize> {
        self.first.get(login).copied()
    }

    fn is_first(&self, login: &[u8], index: usize) -> bool {
        self.first(login) == Some(index)
    }

    fn of(&self, login: &[u8]) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.first(login), |index| self.next[*index])
    }
}
