//! Whether a pair of rows is the only way to pair them. Only then does the session row's id say which session it is:
//! two sessions of one login that began together look alike in both tables.

use rustc_hash::FxHashMap;

use crate::routeros::pairing::{Reading, is_possible};
use crate::routeros::servers::ServerRow;
use crate::routeros::sessions::SessionRow;

/// The rows of one login, by client, so that only rows which may be meant are compared.
pub(super) struct Certainty<'a> {
    servers: &'a [ServerRow<'a>],
    sessions: &'a [SessionRow<'a>],
    reading: Reading,
    servers_of: ByClient,
    sessions_of: ByClient,
}

impl<'a> Certainty<'a> {
    pub(super) fn new(
        servers: &'a [ServerRow<'a>],
        sessions: &'a [SessionRow<'a>],
        reading: Reading,
    ) -> Self {
        Certainty {
            servers,
            sessions,
            reading,
            servers_of: ByClient::new(servers.iter().map(|row| row.client)),
            sessions_of: ByClient::new(sessions.iter().map(|row| row.caller_id)),
        }
    }

    /// True when no server row could be this session's.
    pub(super) fn is_apart(&self, session: usize) -> bool {
        let mut servers = self.servers_of.candidates(self.sessions[session].caller_id);
        !servers.any(|server| is_possible(&self.servers[server], &self.sessions[session], self.reading))
    }

    /// True when no other session row could be this server row's, and no other server row this session's.
    pub(super) fn of(&self, server: usize, session: usize) -> bool {
        let possible = |server: usize, session: usize| {
            is_possible(&self.servers[server], &self.sessions[session], self.reading)
        };
        let mut sessions = self.sessions_of.candidates(self.servers[server].client);
        let mut servers = self.servers_of.candidates(self.sessions[session].caller_id);
        !sessions.any(|other| other != session && possible(server, other))
            && !servers.any(|other| other != server && possible(other, session))
    }
}

struct ByClient {
    rows: FxHashMap<Vec<u8>, Vec<usize>>,
    count: usize,
}

impl ByClient {
    fn new<'c>(clients: impl Iterator<Item = &'c [u8]>) -> Self {
        let mut rows: FxHashMap<Vec<u8>, Vec<usize>> = FxHashMap::default();
        let mut count = 0;
        for (index, client) in clients.enumerate() {
            rows.entry(client.to_ascii_lowercase()).or_default().push(index);
            count += 1;
        }
        ByClient { rows, count }
    }

    /// Rows that may be of `client`: its own and those that name none; all of them where it is not known.
    fn candidates(&self, client: &[u8]) -> Box<dyn Iterator<Item = usize> + '_> {
        if client.is_empty() {
            return Box::new(0..self.count);
        }
        let rows = |client: &[u8]| self.rows.get(client).into_iter().flatten().copied();
        Box::new(rows(&client.to_ascii_lowercase()).chain(rows(b"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use accounting::snapshot::Service;

    fn server(uptime_s: u64) -> ServerRow<'static> {
        ServerRow {
            service: Service::Pppoe,
            name: b"<pppoe-bob>",
            user: b"bob",
            client: b"A",
            uptime_s: Some(uptime_s),
            dynamic: true,
            running: true,
        }
    }

    fn session(uptime_s: u64) -> SessionRow<'static> {
        SessionRow {
            login: b"bob",
            service: Some(Service::Pppoe),
            caller_id: b"a",
            address: b"",
            uptime_s: Some(uptime_s),
            session_id: None,
        }
    }

    fn is_certain(servers: &[ServerRow<'_>], sessions: &[SessionRow<'_>], pair: (usize, usize)) -> bool {
        Certainty::new(servers, sessions, Reading { sessions_later_s: 0, slack_s: 5 }).of(pair.0, pair.1)
    }

    #[test]
    fn twins_of_one_age_are_not_told_apart_for_certain() {
        assert!(!is_certain(&[server(45), server(45)], &[session(45), session(45)], (0, 0)));
    }

    #[test]
    fn twins_far_apart_in_age_are() {
        assert!(is_certain(&[server(900), server(3)], &[session(4), session(901)], (0, 1)));
    }

    #[test]
    fn a_session_that_names_no_client_may_be_anybodys() {
        let unnamed = SessionRow { caller_id: b"", ..session(45) };
        assert!(!is_certain(&[server(45)], &[session(45), unnamed], (0, 0)));
    }
}
