//! Which server row and which session row of one login are the same session.
//!
//! A login with one row on each side is the usual case; several rows of one login (two sessions, a stale twin of a
//! session that just reconnected, one login shared by thousands; routeros.md §4) are told apart by the client's
//! address and then by their ages. What cannot be told apart stays unpaired: unknown, not guessed. The work grows
//! with the rows, not with their square.

use accounting::snapshot::Service;
use rustc_hash::FxHashMap;

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

impl Reading {
    /// True when a server row and a session row of these ages may be one session; an age not given excludes nothing.
    pub(super) fn ages_agree(self, server_age: Option<u64>, session_age: Option<u64>) -> bool {
        let (Some(server), Some(session)) = (server_age, session_age) else { return true };
        self.difference_s(server, session).unsigned_abs() <= self.slack_s
    }

    /// How much older the server row is than it should be for that session row; negative: younger.
    fn difference_s(self, server_age: u64, session_age: u64) -> i64 {
        let age = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        age(server_age).saturating_sub(age(session_age)).saturating_add(self.sessions_later_s)
    }
}

/// For each server row the index of its session row, if there is one. All rows are of one login.
pub fn pair(servers: &[ServerRow<'_>], sessions: &[SessionRow<'_>], reading: Reading) -> Vec<Option<usize>> {
    let mut pairing = Pairing {
        servers,
        sessions,
        reading,
        taken: vec![None; servers.len()],
        used: vec![false; sessions.len()],
    };
    pairing.pair_clients();
    pairing.pair_free((0..servers.len()).collect(), &(0..sessions.len()).collect::<Vec<_>>());
    pairing.taken
}

struct Pairing<'a> {
    servers: &'a [ServerRow<'a>],
    sessions: &'a [SessionRow<'a>],
    reading: Reading,
    taken: Vec<Option<usize>>,
    used: Vec<bool>,
}

impl Pairing<'_> {
    /// Pairs the rows that name the same client.
    fn pair_clients(&mut self) {
        let mut clients: FxHashMap<Vec<u8>, (Vec<usize>, Vec<usize>)> = FxHashMap::default();
        for (index, row) in self.servers.iter().enumerate().filter(|(_, row)| !row.client.is_empty()) {
            clients.entry(row.client.to_ascii_lowercase()).or_default().0.push(index);
        }
        for (index, row) in self.sessions.iter().enumerate() {
            if let Some(client) = clients.get_mut(&row.caller_id.to_ascii_lowercase()) {
                client.1.push(index);
            }
        }
        for (servers, sessions) in clients.into_values() {
            self.pair_free(servers, &sessions);
        }
    }

    /// Pairs, service by service, those of these rows that are still free.
    fn pair_free(&mut self, mut servers: Vec<usize>, sessions: &[usize]) {
        servers.retain(|index| self.taken[*index].is_none());
        while let Some(service) = servers.first().map(|index| self.servers[*index].service) {
            let (these, others) =
                servers.into_iter().partition(|index| self.servers[*index].service == service);
            let theirs = sessions.iter().copied().filter(|index| !self.used[*index]);
            let theirs = theirs.filter(|index| same_service(service, &self.sessions[*index])).collect();
            self.pair_by_age(these, theirs);
            servers = others;
        }
    }

    /// Both sides oldest first: as many rows on both, and the oldest belongs to the oldest; otherwise ages that agree
    /// belong together. Without ages only a single pair can be told.
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
            self.pair_agreeing(&servers, &sessions);
        }
    }

    fn pair_agreeing(&mut self, servers: &[(u64, usize)], sessions: &[(u64, usize)]) {
        let (mut servers, mut sessions) = (servers.iter().peekable(), sessions.iter().peekable());
        while let (Some(&&(server_age, server)), Some(&&(session_age, session))) =
            (servers.peek(), sessions.peek())
        {
            let difference = self.reading.difference_s(server_age, session_age);
            if difference.unsigned_abs() <= self.reading.slack_s {
                self.take_if_possible(server, session);
                servers.next();
                sessions.next();
            } else if difference > 0 {
                servers.next();
            } else {
                sessions.next();
            }
        }
    }

    fn take_if_possible(&mut self, server: usize, session: usize) {
        let free = self.taken[server].is_none() && !self.used[session];
        if free && is_possible(&self.servers[server], &self.sessions[session], self.reading) {
            self.taken[server] = Some(session);
            self.used[session] = true;
        }
    }
}

/// True when nothing in the two rows speaks against their being one session.
pub(super) fn is_possible(server: &ServerRow<'_>, session: &SessionRow<'_>, reading: Reading) -> bool {
    same_service(server.service, session)
        && reading.ages_agree(server.uptime_s, session.uptime_s)
        && !clients_conflict(server, session)
}

/// Oldest first, with the ages; `None` when an age is missing.
fn with_ages(indices: &[usize], age: impl Fn(usize) -> Option<u64>) -> Option<Vec<(u64, usize)>> {
    let mut aged: Vec<(u64, usize)> =
        indices.iter().map(|&index| Some((age(index)?, index))).collect::<Option<_>>()?;
    aged.sort_by_key(|one| std::cmp::Reverse(one.0));
    Some(aged)
}

fn same_service(service: Service, session: &SessionRow<'_>) -> bool {
    session.service.is_none_or(|its| its == service)
}

/// Both tables give a PPPoE client's MAC (routeros.md §2.3, §2.4): two MACs are two clients.
fn clients_conflict(server: &ServerRow<'_>, session: &SessionRow<'_>) -> bool {
    let both_given = !server.client.is_empty() && !session.caller_id.is_empty();
    both_given && !server.client.eq_ignore_ascii_case(session.caller_id)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_login_shared_by_thousands_is_paired_row_by_row() {
        let macs: Vec<String> = (0..20_000).map(|n| format!("AA:{n:06}")).collect();
        let servers: Vec<ServerRow<'_>> =
            macs.iter().map(|mac| ServerRow { client: mac.as_bytes(), ..server("", 10) }).collect();
        let sessions: Vec<SessionRow<'_>> = macs
            .iter()
            .rev()
            .map(|mac| SessionRow { caller_id: mac.as_bytes(), ..session("", 10) })
            .collect();
        let last = macs.len() - 1;
        let pairs = pair(&servers, &sessions, AT_ONCE);
        assert!(pairs.iter().enumerate().all(|(server, session)| *session == Some(last - server)));
    }
}
