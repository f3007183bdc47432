//! Which server row and which session row of one login are the same session.
//!
//! A login with one row on each side is the usual case; several rows of one login (two sessions, a stale twin of a
//! session that just reconnected; routeros.md §4) are told apart by the client's address and then by their ages. What
//! cannot be told apart stays unpaired: unknown, not guessed.

use crate::routeros::servers::ServerRow;
use crate::routeros::sessions::SessionRow;

/// How the moments lie at which the two tables were read, for comparing ages between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The session table was read this many seconds after the server tables (negative: before).
    pub sessions_later_s: i64,
    /// Ages that differ from that by more than this are not of one session.
    pub slack_s: u64,
}

/// For each server row the index of its session row, if there is one. All rows are of one login.
pub fn pair(servers: &[ServerRow<'_>], sessions: &[SessionRow<'_>], reading: Reading) -> Vec<Option<usize>> {
    let mut pairing = Pairing { servers, sessions, reading, taken: vec![None; servers.len()] };
    for index in 0..servers.len() {
        pairing.pair_client_of(index);
    }
    pairing.pair_rest();
    pairing.taken
}

/// True when the tables leave no other way to pair these two: no other session row could be this server row's, and no
/// other server row this session's. Only then does the session row's id say which session it is.
pub fn is_certain(
    servers: &[ServerRow<'_>],
    sessions: &[SessionRow<'_>],
    reading: Reading,
    (server, session): (usize, usize),
) -> bool {
    let pairing = Pairing { servers, sessions, reading, taken: Vec::new() };
    let possible = |server: usize, session: usize| {
        same_service(&servers[server], &sessions[session])
            && pairing.possible(&servers[server], &sessions[session])
    };
    let other_session = (0..sessions.len()).any(|other| other != session && possible(server, other));
    let other_server = (0..servers.len()).any(|other| other != server && possible(other, session));
    !other_session && !other_server
}

struct Pairing<'a> {
    servers: &'a [ServerRow<'a>],
    sessions: &'a [SessionRow<'a>],
    reading: Reading,
    taken: Vec<Option<usize>>,
}

impl Pairing<'_> {
    /// Pairs all free rows that name the same client as server row `index`.
    fn pair_client_of(&mut self, index: usize) {
        let one = self.servers[index];
        if self.taken[index].is_some() || one.client.is_empty() {
            return;
        }
        let alike =
            |other: &ServerRow<'_>| other.service == one.service && same_client(one.client, other.client);
        let servers = self.free_servers(|row| alike(row));
        let sessions =
            self.free_sessions(|row| same_service(&one, row) && same_client(one.client, row.caller_id));
        self.pair_by_age(servers, sessions);
    }

    /// Pairs, service by service, what the clients' addresses did not tell.
    fn pair_rest(&mut self) {
        for index in 0..self.servers.len() {
            if self.taken[index].is_none() {
                let one = self.servers[index];
                let servers = self.free_servers(|row| row.service == one.service);
                let sessions = self.free_sessions(|row| same_service(&one, row));
                self.pair_by_age(servers, sessions);
            }
        }
    }

    /// As many rows on both sides: the oldest belongs to the oldest. Otherwise the closest ages belong together.
    /// Without ages only a single pair can be told.
    fn pair_by_age(&mut self, servers: Vec<usize>, sessions: Vec<usize>) {
        if let (&[server], &[session]) = (servers.as_slice(), sessions.as_slice()) {
            self.take_if_possible(server, session);
            return;
        }
        let (Some(servers), Some(sessions)) = (
            with_ages(&servers, |index| self.servers[index].uptime_s),
            with_ages(&sessions, |index| self.sessions[index].uptime_s),
        ) else {
            return;
        };
        if servers.len() == sessions.len() {
            for ((_, server), (_, session)) in servers.into_iter().zip(sessions) {
                self.take_if_possible(server, session);
            }
        } else {
            self.pair_closest(&servers, &sessions);
        }
    }

    fn pair_closest(&mut self, servers: &[(u64, usize)], sessions: &[(u64, usize)]) {
        let mut pairs: Vec<(u64, usize, usize)> = Vec::new();
        for &(server_age, server) in servers {
            pairs.extend(
                sessions.iter().map(|&(age, session)| (self.apart_s(server_age, age), server, session)),
            );
        }
        pairs.sort_by_key(|pair| pair.0);
        for (_, server, session) in pairs {
            self.take_if_possible(server, session);
        }
    }

    fn take_if_possible(&mut self, server: usize, session: usize) {
        let free = self.taken[server].is_none() && !self.taken.contains(&Some(session));
        if free && self.possible(&self.servers[server], &self.sessions[session]) {
            self.taken[server] = Some(session);
        }
    }

    fn possible(&self, server: &ServerRow<'_>, session: &SessionRow<'_>) -> bool {
        let ages_agree = match (server.uptime_s, session.uptime_s) {
            (Some(server), Some(session)) => self.apart_s(server, session) <= self.reading.slack_s,
            _ => true,
        };
        ages_agree && !clients_conflict(server, session)
    }

    fn apart_s(&self, server_age: u64, session_age: u64) -> u64 {
        let age = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        age(session_age).saturating_sub(age(server_age)).abs_diff(self.reading.sessions_later_s)
    }

    fn free_servers(&self, wanted: impl Fn(&ServerRow<'_>) -> bool) -> Vec<usize> {
        let free = |index: &usize| self.taken[*index].is_none() && wanted(&self.servers[*index]);
        (0..self.servers.len()).filter(free).collect()
    }

    fn free_sessions(&self, wanted: impl Fn(&SessionRow<'_>) -> bool) -> Vec<usize> {
        let free = |index: &usize| !self.taken.contains(&Some(*index)) && wanted(&self.sessions[*index]);
        (0..self.sessions.len()).filter(free).collect()
    }
}

/// Oldest first, with the ages; `None` when an age is missing.
fn with_ages(indices: &[usize], age: impl Fn(usize) -> Option<u64>) -> Option<Vec<(u64, usize)>> {
    let mut aged: Vec<(u64, usize)> =
        indices.iter().map(|&index| Some((age(index)?, index))).collect::<Option<_>>()?;
    aged.sort_by_key(|one| std::cmp::Reverse(one.0));
    Some(aged)
}

fn same_service(server: &ServerRow<'_>, session: &SessionRow<'_>) -> bool {
    session.service.is_none_or(|service| service == server.service)
}

fn same_client(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Both tables give a PPPoE client's MAC (routeros.md §2.3, §2.4): two MACs are two clients.
fn clients_conflict(server: &ServerRow<'_>, session: &SessionRow<'_>) -> bool {
    let both_given = !server.client.is_empty() && !session.caller_id.is_empty();
    both_given && !same_client(server.client, session.caller_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use accounting::snapshot::Service;

    const AT_ONCE: Reading = Reading { sessions_later_s: 0, slack_s: 5 };

    fn server(client: &'static str, uptime_s: u64) -> ServerRow<'static> {
        ServerRow {
            service: Service::Pppoe,
            name: b"<pppoe-bob>",
            user: b"bob",
            client: client.as_bytes(),
            uptime_s: Some(uptime_s),
            dynamic: true,
            running: true,
        }
    }

    fn session(client: &'static str, uptime_s: u64) -> SessionRow<'static> {
        SessionRow {
            login: b"bob",
            service: Some(Service::Pppoe),
            caller_id: client.as_bytes(),
            address: b"",
            uptime_s: Some(uptime_s),
            session_id: None,
        }
    }

    #[test]
    fn one_row_on_each_side_is_one_session() {
        assert_eq!(pair(&[server("A", 10)], &[session("a", 11)], AT_ONCE), [Some(0)]);
    }

    #[test]
    fn another_mac_is_another_session() {
        assert_eq!(pair(&[server("A", 10)], &[session("B", 10)], AT_ONCE), [None]);
    }

    #[test]
    fn another_age_is_another_session_of_the_same_client() {
        assert_eq!(pair(&[server("A", 5000)], &[session("A", 2)], AT_ONCE), [None]);
    }

    #[test]
    fn two_sessions_are_told_apart_by_their_clients_whatever_their_ages() {
        let servers = [server("A", 10), server("B", 10)];
        assert_eq!(pair(&servers, &[session("B", 10), session("A", 10)], AT_ONCE), [Some(1), Some(0)]);
    }

    #[test]
    fn twins_of_one_client_are_told_apart_by_age() {
        let servers = [server("A", 900), server("A", 3)];
        assert_eq!(pair(&servers, &[session("A", 4), session("A", 901)], AT_ONCE), [Some(1), Some(0)]);
    }

    #[test]
    fn a_stale_twin_that_one_table_no_longer_shows_stays_unpaired() {
        let servers = [server("A", 900), server("A", 3)];
        assert_eq!(pair(&servers, &[session("A", 4)], AT_ONCE), [None, Some(0)]);
        assert_eq!(pair(&servers[..1], &[session("A", 4), session("A", 901)], AT_ONCE), [Some(1)]);
    }

    #[test]
    fn twins_of_one_age_are_paired_but_not_for_certain() {
        let servers = [server("A", 45), server("A", 45)];
        let sessions = [session("A", 45), session("A", 45)];
        assert!(pair(&servers, &sessions, AT_ONCE).iter().all(Option::is_some));
        assert!(!is_certain(&servers, &sessions, AT_ONCE, (0, 0)));
        let apart = [server("A", 900), server("A", 3)];
        assert!(is_certain(&apart, &[session("A", 4), session("A", 901)], AT_ONCE, (0, 1)));
    }

    #[test]
    fn the_time_between_the_two_prints_is_allowed_for() {
        let servers = [server("A", 10), server("A", 13)];
        let later = Reading { sessions_later_s: 3, slack_s: 5 };
        assert_eq!(pair(&servers, &[session("A", 13), session("A", 16)], later), [Some(0), Some(1)]);
        assert_eq!(pair(&servers, &[session("A", 16)], later), [None, Some(0)]);
    }

    #[test]
    fn twins_without_ages_stay_unknown() {
        let mut servers = [server("A", 0), server("A", 0)];
        servers[0].uptime_s = None;
        assert_eq!(pair(&servers, &[session("A", 4), session("A", 901)], AT_ONCE), [None, None]);
    }

    #[test]
    fn a_session_of_another_service_is_never_taken() {
        let l2tp = ServerRow { service: Service::L2tp, client: b"", ..server("", 10) };
        let mut session = session("10.0.0.9", 10);
        assert_eq!(pair(&[l2tp], &[session], AT_ONCE), [None]);
        session.service = None;
        assert_eq!(pair(&[l2tp], &[session], AT_ONCE), [Some(0)]);
    }

    #[test]
    fn sessions_without_a_known_client_are_told_apart_by_age() {
        let l2tp = |uptime_s| ServerRow { service: Service::L2tp, ..server("", uptime_s) };
        let dialled =
            |client, uptime_s| SessionRow { service: Some(Service::L2tp), ..session(client, uptime_s) };
        let sessions = [dialled("10.0.0.9", 70), dialled("10.0.0.8", 500)];
        assert_eq!(pair(&[l2tp(500), l2tp(70)], &sessions, AT_ONCE), [Some(1), Some(0)]);
        assert_eq!(pair(&[l2tp(71)], &sessions, AT_ONCE), [Some(0)]);
    }
}
