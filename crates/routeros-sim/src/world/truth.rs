//! What really happened: every octet of every session, and who could have known of it.
//!
//! Sessions are never forgotten, so the truth is append-only. A [`Mark`] taken at any instant lets it be asked
//! for what came afterwards.

use std::collections::BTreeMap;

use super::model::World;
use super::octets::Octets;
use super::service::Access;
use super::session::{SessionKey, Shown};

/// An instant from which the truth can be asked for what came afterwards.
#[derive(Clone, Debug)]
pub struct Mark {
    at_us: u64,
    /// What the sessions that were up had transferred by then.
    live: BTreeMap<u32, Octets>,
    /// Sessions with this key or a later one began afterwards.
    next_session: u32,
}

impl Mark {
    /// Virtual time of the mark, microseconds.
    #[must_use]
    pub fn at_us(&self) -> u64 {
        self.at_us
    }
}

/// One session's share of a [`Truth`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTruth {
    /// Which session.
    pub key: SessionKey,
    /// The login, raw bytes; `mac:` and the MAC address for a bypassed device.
    pub login: Vec<u8>,
    /// How it reaches the router.
    pub access: Access,
    /// Virtual time of the dial-in, microseconds.
    pub began_us: u64,
    /// Virtual time of its end, microseconds; `None` while it is up.
    pub ended_us: Option<u64>,
    /// What it transferred in the span asked for.
    pub octets: Octets,
    /// Hidden from any poller by counter resets by hand during this session.
    pub hidden_by_reset: Octets,
    /// Who could have learned of it.
    pub shown: Shown,
    /// Whether a clean print or a `listen` row showed it within the span asked for.
    pub was_shown: bool,
}

/// One login's share of a [`Truth`]. The three parts do not overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoginTruth {
    /// Of sessions that were shown, without what a reset by hand hid: a meter must bound this.
    pub shown: Octets,
    /// Of sessions nobody showed: beyond polling (DESIGN rule 9).
    pub never_shown: Octets,
    /// Of shown sessions, hidden by resets by hand: beyond polling (DESIGN rule 9).
    pub hidden_by_reset: Octets,
}

impl LoginTruth {
    /// Everything.
    #[must_use]
    pub fn total(&self) -> Octets {
        self.shown + self.never_shown + self.hidden_by_reset
    }

    /// A binding's counter spans sessions, so what a reset hid can be more than one session transferred; it is
    /// never more than the login did.
    fn set_hidden_apart(&mut self) {
        self.hidden_by_reset = self.hidden_by_reset.at_most(self.shown);
        self.shown = self.shown.since(self.hidden_by_reset);
    }
}

/// Every session that was up in a span, with what it transferred in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Virtual time the span begins at, microseconds.
    pub from_us: u64,
    /// Virtual time it ends at, microseconds.
    pub until_us: u64,
    /// In order of dial-in; one that was renamed once for each name.
    pub sessions: Vec<SessionTruth>,
}

impl Truth {
    /// The same by login, whatever it is a login to.
    #[must_use]
    pub fn by_login(&self) -> BTreeMap<Vec<u8>, LoginTruth> {
        self.sums(|session| session.login.clone())
    }

    /// The same by what a login is a login to (`true`: the hotspot) and the login.
    #[must_use]
    pub fn by_subject(&self) -> BTreeMap<(bool, Vec<u8>), LoginTruth> {
        self.sums(|session| (session.access == Access::Hotspot, session.login.clone()))
    }

    fn sums<K: Ord>(&self, key: impl Fn(&SessionTruth) -> K) -> BTreeMap<K, LoginTruth> {
        let mut logins: BTreeMap<K, LoginTruth> = BTreeMap::new();
        for session in &self.sessions {
            let login = logins.entry(key(session)).or_default();
            if session.was_shown {
                login.shown += session.octets;
                login.hidden_by_reset += session.hidden_by_reset;
            } else {
                login.never_shown += session.octets;
            }
        }
        for login in logins.values_mut() {
            login.set_hidden_apart();
        }
        logins
    }

    /// One login's share; zero if it was never there.
    #[must_use]
    pub fn login(&self, login: impl AsRef<[u8]>) -> LoginTruth {
        self.by_login().remove(login.as_ref()).unwrap_or_default()
    }

    /// One session's share, under the name it had last; `None` if it was not up in the span.
    #[must_use]
    pub fn session(&self, key: SessionKey) -> Option<&SessionTruth> {
        self.sessions.iter().rev().find(|session| session.key == key)
    }

    /// All octets of all sessions.
    #[must_use]
    pub fn total(&self) -> Octets {
        self.sessions.iter().map(|session| session.octets).sum()
    }
}

impl World {
    /// Marks this instant.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let live = self.all_live().map(|key| (key.0, self.sessions[key.0 as usize].octets(self.now_us)));
        Mark {
            at_us: self.now_us,
            live: live.collect(),
            next_session: u32::try_from(self.sessions.len()).unwrap_or(u32::MAX),
        }
    }

    /// Everything since the world began.
    #[must_use]
    pub fn truth(&self) -> Truth {
        self.truth_since(&Mark { at_us: 0, live: BTreeMap::new(), next_session: 0 })
    }

    /// Everything after `mark`: sessions that were up at the mark or began later.
    #[must_use]
    pub fn truth_since(&self, mark: &Mark) -> Truth {
        let carried = mark.live.iter().map(|(&key, &before)| (key, before));
        let later = (mark.next_session..).zip(self.sessions.iter().skip(mark.next_session as usize));
        let later = later.map(|(key, _)| (key, Octets::default()));
        let mut hidden = self.hidden_since(mark.at_us);
        let sessions = carried.chain(later).flat_map(|(key, before)| {
            self.session_truths(key, before, mark.at_us, hidden.remove(&key).unwrap_or_default())
        });
        Truth { from_us: mark.at_us, until_us: self.now_us, sessions: sessions.collect() }
    }

    fn hidden_since(&self, from_us: u64) -> BTreeMap<u32, Octets> {
        let mut hidden: BTreeMap<u32, Octets> = BTreeMap::new();
        for reset in self.hidden.iter().filter(|reset| reset.at_us >= from_us) {
            *hidden.entry(reset.session.0).or_default() += reset.octets;
        }
        hidden
    }

    /// One for each name that the session had in the span, the last one last.
    fn session_truths(&self, key: u32, before: Octets, from_us: u64, hidden: Octets) -> Vec<SessionTruth> {
        let session = &self.sessions[key as usize];
        let truth = |login: &[u8], octets, hidden_by_reset| SessionTruth {
            key: SessionKey(key),
            login: login.to_vec(),
            access: session.access(),
            began_us: session.began_us,
            ended_us: session.ended_us,
            octets,
            hidden_by_reset,
            shown: session.shown,
            was_shown: session.shown.last_us.is_some_and(|at_us| at_us >= from_us),
        };
        let (mut from, mut truths) = (before, Vec::new());
        for (login, until) in session.called_before.iter().filter(|(_, until)| until.sum() > before.sum()) {
            truths.push(truth(login, until.since(from), Octets::default()));
            from = *until;
        }
        truths.push(truth(&session.login, session.octets(self.now_us).since(from), hidden));
        truths
    }
}
