//! Who owns each counter: the server tables name the interface and its login, the session table the session. Joined
//! by login, client and age ([`crate::routeros::pairing`]); an interface's name is never made up from a login's
//! (routeros.md §8, trap 8).

use accounting::snapshot::{Owner, OwnerSession};
use accounting::text::Text;
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
    let owners = Owners { found: Vec::with_capacity(servers.len()), ..Owners::default() };
    let mut join = Join { servers, sessions, reading, owners };
    for (index, row) in servers.rows().enumerate() {
        if !row.running {
            join.owners.found.push(servers.owner(index));
        } else if servers_of.is_first(row.user, index) {
            let alike: Vec<usize> = servers_of.of(row.user).collect();
            let theirs: Vec<usize> = sessions_of.of(row.user).collect();
            join.add_login(&alike, &theirs);
        }
    }
    for (index, row) in sessions.rows().enumerate() {
        if servers_of.first(row.login).is_none() {
            join.owners.half_seen.push(without_server(sessions.session(index), true));
        }
    }
    join.owners
}

/// The tables being joined, and what was found so far.
struct Join<'t> {
    servers: &'t ServerTable,
    sessions: &'t SessionTable,
    reading: Reading,
    owners: Owners,
}

impl Join<'_> {
    /// Takes all rows of one login, given by their numbers.
    fn add_login(&mut self, server_at: &[usize], session_at: &[usize]) {
        let servers: Vec<ServerRow<'_>> = server_at.iter().map(|index| self.servers.row(*index)).collect();
        let sessions: Vec<SessionRow<'_>> =
            session_at.iter().map(|index| self.sessions.row(*index)).collect();
        let certainty = Certainty::new(&servers, &sessions, self.reading);
        let mut used = vec![false; sessions.len()];
        for (index, session) in pair(&servers, &sessions, self.reading).into_iter().enumerate() {
            let server = self.servers.owner(server_at[index]);
            match session {
                Some(session) => {
                    used[session] = true;
                    let shown = self.sessions.session(session_at[session]);
                    self.owners.found.push(owned(server, shown, certainty.of(index, session)));
                }
                // The server table alone names it: nothing tells which session of the login it is.
                None => {
                    self.owners.unpaired += 1;
                    self.owners.half_seen.push(server);
                }
            }
        }
        for (index, at) in session_at.iter().enumerate().filter(|(index, _)| !used[*index]) {
            let shown = self.sessions.session(*at);
            self.owners.half_seen.push(without_server(shown, certainty.is_apart(index)));
        }
    }
}

/// The session table alone names it. `apart`: it cannot be one that was paired.
fn without_server(shown: OwnerSession, apart: bool) -> Owner {
    let session = if apart { shown } else { without_what_it_tells_alone(shown) };
    Owner { counter_name: Text::default(), permanent: false, session: Some(session) }
}

/// What only the session row tells is left out where another row could be meant as well.
fn owned(server: Owner, shown: OwnerSession, certain: bool) -> Owner {
    let shown = if certain { shown } else { without_what_it_tells_alone(shown) };
    let session = server.session.map(|known| known_by_both(known, shown));
    Owner { session, ..server }
}

fn without_what_it_tells_alone(shown: OwnerSession) -> OwnerSession {
    OwnerSession { acct_session_id: None, framed_address: Text::default(), ..shown }
}

fn known_by_both(known: OwnerSession, shown: OwnerSession) -> OwnerSession {
    let by_session = !shown.calling_station_id.is_empty();
    OwnerSession {
        service: known.service,
        session_time_s: known.session_time_s.or(shown.session_time_s),
        calling_station_id: if by_session { shown.calling_station_id } else { known.calling_station_id },
        ..shown
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
