//! Which session each row of `/ppp/active/listen` belongs to: the row that ends a session carries only its `.id`
//! (routeros.md §1.7), so the rows that showed it before are remembered.

use accounting::snapshot::{Heard, OwnerSession, Service};
use accounting::time::{HostInstant, RoundTimes};
use routeros_proto::{Command, Reply, value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::routeros::sessions::SessionTable;

/// Sessions remembered at most. Overflow rule: a session beyond it is not remembered, and its end only a hint.
pub(super) const MOST_KNOWN: usize = 200_000;

/// `listen` sends changes only, never what is there already (routeros.md §1.7). Without a `.proplist`: whether one that
/// does not name `.dead` would hide the ends is not known.
pub(super) fn listen_command() -> Command {
    Command::new("/ppp/active/listen")
}

/// What a row tells.
#[derive(Debug)]
pub(super) enum News {
    /// Something began or ended.
    Changed,
    /// A session ended that began while we listened and that the accounting is not known to count.
    Over(Heard),
}

/// Sessions that began while we listened.
#[derive(Debug, Default)]
pub(super) struct KnownSessions {
    /// By `.id`: what must be told of each should it end before it is counted.
    uncounted: FxHashMap<u64, Known>,
    /// Session-ids by `.id`: rows of a session come again when it changes (routeros.md §1.7), and that is no begin.
    counted: FxHashMap<u64, u64>,
}

/// A session that a row showed.
#[derive(Debug)]
pub(super) struct Known {
    session: OwnerSession,
    first_heard: HostInstant,
}

impl KnownSessions {
    /// Takes one row; `None` when it tells nothing new.
    pub(super) fn take(&mut self, row: &Reply<'_>, now: HostInstant) -> Option<News> {
        let id = row.get(b".id").and_then(value::item_id)?;
        if row.get(b".dead").and_then(value::boolean) == Some(true) {
            self.counted.remove(&id);
            let over = self.uncounted.remove(&id).map(|known| News::Over(known.ended(now)));
            return Some(over.unwrap_or(News::Changed));
        }
        let session = owner_session(row)?;
        if self.uncounted.len() + self.counted.len() >= MOST_KNOWN || self.is_known(id, &session) {
            return None;
        }
        self.counted.remove(&id);
        self.uncounted.insert(id, Known { session, first_heard: now });
        Some(News::Changed)
    }

    /// The ledger holds these sessions by their session-ids: all but the id itself is let go, so that a hundred
    /// thousand long sessions cost a few bytes each.
    pub(super) fn let_go(&mut self, acct_session_ids: &FxHashSet<u64>) {
        let counted = &mut self.counted;
        self.uncounted.retain(|id, known| {
            let id_counted = known.session.acct_session_id.filter(|known| acct_session_ids.contains(known));
            counted.extend(id_counted.map(|acct_session_id| (*id, acct_session_id)));
            id_counted.is_none()
        });
        self.uncounted.shrink_to_fit();
    }

    /// Nobody listens any more: the sessions whose ends would have been news.
    pub(super) fn lose(&mut self) -> impl Iterator<Item = Known> + use<> {
        std::mem::take(self).uncounted.into_values()
    }

    /// Rows of an already known session come again when it changes; its begin is the first one's.
    fn is_known(&self, id: u64, session: &OwnerSession) -> bool {
        let uncounted = self.uncounted.get(&id).map(|known| known.session.acct_session_id);
        let known = uncounted.or_else(|| self.counted.get(&id).copied().map(Some));
        known.is_some_and(|known| known == session.acct_session_id)
    }
}

impl Known {
    fn ended(self, now: HostInstant) -> Heard {
        let lasted_at_most_s = self.age_s(now) + 3;
        Heard { session: self.session, lasted_at_most_s }
    }

    /// Seconds it has lived by then, if it lives still.
    fn age_s(&self, now: HostInstant) -> u64 {
        self.session.session_time_s.unwrap_or(0) + now.seconds_since(self.first_heard).unwrap_or(0)
    }

    /// True when it was shown before the round began, whose tables must therefore show it if it lives still.
    pub(super) fn is_before(&self, round: &RoundTimes) -> bool {
        self.first_heard.epoch == round.host.epoch && self.first_heard.micros < round.host.micros
    }

    /// The session as it would be at the end of the round.
    pub(super) fn at_end_of(self, round: &RoundTimes) -> OwnerSession {
        let session_time_s = Some(self.age_s(round.host_after));
        OwnerSession { session_time_s, ..self.session }
    }

    /// True when the ids say so.
    pub(super) fn is_any_of(&self, acct_session_ids: &FxHashSet<u64>) -> bool {
        self.session.acct_session_id.is_some_and(|id| acct_session_ids.contains(&id))
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

#[cfg(test)]
mod tests {
    use routeros_proto::{Decoder, Limits, SentenceWriter};

    use super::*;

    fn take(known: &mut KnownSessions, words: &[&str]) -> Option<News> {
        let mut wire = Vec::new();
        let mut writer = SentenceWriter::new(&mut wire);
        writer.word(b"!re");
        for word in words {
            writer.word(word.as_bytes());
        }
        writer.finish();
        let mut decoder = Decoder::new(Limits::default());
        decoder.feed(&wire);
        let sentence = decoder.next().unwrap().unwrap();
        known.take(&Reply::parse(sentence), HostInstant::default())
    }

    const ANA: [&str; 3] = ["=.id=*80000001", "=name=ana", "=session-id=0x81A00001"];
    const BEN: [&str; 3] = ["=.id=*80000002", "=name=ben", "=session-id=0x81A00002"];

    fn listened() -> KnownSessions {
        let mut known = KnownSessions::default();
        for row in [ANA, BEN] {
            assert!(matches!(take(&mut known, &row), Some(News::Changed)));
        }
        known.let_go(&FxHashSet::from_iter([0x81A0_0001]));
        known
    }

    #[test]
    fn the_end_of_a_counted_session_is_a_change_and_no_session_to_tell_of() {
        let mut known = listened();
        assert!(matches!(take(&mut known, &["=.id=*80000001", "=.dead=true"]), Some(News::Changed)));
        let ended = take(&mut known, &["=.id=*80000002", "=.dead=yes"]);
        let Some(News::Over(heard)) = ended else { panic!("{ended:?}") };
        assert_eq!(&*heard.session.login, b"ben");
        assert!(known.uncounted.is_empty() && known.counted.is_empty());
    }

    #[test]
    fn of_a_counted_session_only_its_ids_are_kept() {
        let known = listened();
        assert_eq!((known.uncounted.len(), known.counted.len()), (1, 1));
        assert!(known.uncounted.contains_key(&0x8000_0002));
    }

    #[test]
    fn a_row_of_a_known_session_is_no_news_and_another_session_on_its_id_is() {
        let mut known = listened();
        for again in [ANA, BEN] {
            assert!(take(&mut known, &again).is_none());
        }
        let another = ["=.id=*80000001", "=name=ana", "=session-id=0x81A00003"];
        assert!(matches!(take(&mut known, &another), Some(News::Changed)));
        assert_eq!((known.uncounted.len(), known.counted.len()), (2, 0));
    }
}
