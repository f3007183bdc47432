//! Limits that end with their sessions: whether the router shows one of those yet, or another in their place. A session-id tells
//! which one it is; without it the begin on the router's own axis does, and from then on its age at the look before (DESIGN rules
//! 4 and 5, docs/adr/0014).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use accounting::time::{StartInterval, StartMove, UptimeSpan};
use store::{LimitSession, LimitSessions, LimitSubject, LimitUntil, WantedLimit};
use tokio::time::Instant;

use crate::routeros::presence::has_gone_on;

/// A session as a look shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) session_id: Option<u64>,
    /// Whole seconds.
    pub(super) age_s: Option<u64>,
}

/// Those of one router, by whom the limits are for.
#[derive(Clone, Debug, Default)]
pub(super) struct Bonds {
    told: Arc<[LimitSessions]>,
    by_subject: HashMap<LimitSubject, Bond>,
}

#[derive(Clone, Debug)]
struct Bond {
    until: u64,
    sessions: Vec<LimitSession>,
    /// Of this look.
    shown: Vec<Shown>,
    /// Ages of those that were theirs at the last look that showed one, and when that had been heard.
    seen: Option<(Instant, Vec<u64>)>,
    is_over: bool,
}

impl Bonds {
    /// These limits end with their sessions from now on.
    pub(super) fn tell(&mut self, told: &Arc<[LimitSessions]>) {
        if *told == self.told {
            return;
        }
        let mut before = std::mem::take(&mut self.by_subject);
        let bond = |told: &LimitSessions| {
            let known = before.remove(&told.subject).filter(|bond| bond.is_of(told));
            (told.subject.clone(), known.unwrap_or_else(|| Bond::new(told)))
        };
        (self.by_subject, self.told) = (told.iter().map(bond).collect(), told.clone());
    }

    /// Whether there are none, so that nobody need be told apart.
    pub(super) fn is_empty(&self) -> bool {
        self.by_subject.is_empty()
    }

    /// Whether the router's uptime has to be read to tell some.
    pub(super) fn needs_uptime(&self) -> bool {
        self.by_subject.values().any(Bond::needs_uptime)
    }

    /// A look begins.
    pub(super) fn begin(&mut self) {
        self.by_subject.values_mut().for_each(|bond| bond.shown.clear());
    }

    /// The router shows a session of that subject.
    pub(super) fn show(&mut self, subject: &LimitSubject, shown: Shown) {
        if let Some(bond) = self.by_subject.get_mut(subject) {
            bond.shown.push(shown);
        }
    }

    /// All who are there were shown within `asked`: from when they were asked for until they had been heard. `uptime`: the router's,
    /// read meanwhile.
    pub(super) fn judge(&mut self, asked: &Range<Instant>, uptime: Option<UptimeSpan>) {
        self.by_subject.values_mut().for_each(|bond| bond.judge(asked, uptime));
    }

    /// Whether the session that it ends with is over: others are there in its place.
    pub(super) fn is_over(&self, limit: &WantedLimit) -> bool {
        let LimitUntil::Session(until) = limit.until else { return false };
        self.by_subject.get(&limit.subject).is_some_and(|bond| bond.until == until && bond.is_over)
    }
}

impl Bond {
    fn new(told: &LimitSessions) -> Bond {
        let (until, sessions) = (told.until, told.sessions.clone());
        Bond { until, sessions, shown: Vec::new(), seen: None, is_over: false }
    }

    fn is_of(&self, told: &LimitSessions) -> bool {
        (self.until, &self.sessions) == (told.until, &told.sessions)
    }

    fn needs_uptime(&self) -> bool {
        !self.is_over
            && self.seen.is_none()
            && self.sessions.iter().any(|session| session.session_id.is_none())
    }

    /// Who is away may come again as the same: the books know in the end. Once another was there it is over.
    fn judge(&mut self, asked: &Range<Instant>, uptime: Option<UptimeSpan>) {
        if self.is_over || self.shown.is_empty() || self.sessions.is_empty() {
            return;
        }
        let its = self.shown.iter().filter(|shown| self.may_be_its(**shown, asked.start, uptime));
        let ages: Vec<Option<u64>> = its.map(|shown| shown.age_s).collect();
        self.is_over = ages.is_empty();
        if ages.iter().any(Option::is_some) {
            self.seen = Some((asked.end, ages.into_iter().flatten().collect()));
        }
    }

    fn may_be_its(&self, shown: Shown, asked_at: Instant, uptime: Option<UptimeSpan>) -> bool {
        if let (None, Some(age_s), Some((heard_at, ages))) = (shown.session_id, shown.age_s, &self.seen) {
            // At least so much passed between the prints, however long a router took to answer the others of a look.
            let since = asked_at.saturating_duration_since(*heard_at);
            return ages.iter().any(|before_s| has_gone_on(*before_s, age_s, since));
        }
        let start = shown.age_s.zip(uptime).map(|(age_s, uptime)| StartInterval::of(uptime, age_s));
        self.sessions.iter().any(|session| may_be(session, shown, start))
    }
}

/// What cannot be told apart is taken for the same.
fn may_be(session: &LimitSession, shown: Shown, start: Option<StartInterval>) -> bool {
    match (session.session_id.zip(shown.session_id), session.start.zip(start)) {
        (Some((known, shown)), _) => known == shown,
        (None, Some((known, start))) => start.compared_to(known) == StartMove::Same,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const AT: UptimeSpan = UptimeSpan { before: 1_000, after: 1_001 };

    fn bonds(session: LimitSession) -> (Bonds, WantedLimit) {
        let subject = LimitSubject::Device(b"AA".to_vec());
        let mut bonds = Bonds::default();
        bonds.tell(&[LimitSessions { subject: subject.clone(), until: 7, sessions: vec![session] }].into());
        let limit = WantedLimit {
            nas: store::NasId(1),
            subject,
            rate: store::RateLimit::default(),
            until: LimitUntil::Session(7),
            set_by: "eva".to_owned(),
            set_at: accounting::time::Micros(0),
        };
        (bonds, limit)
    }

    /// Whether the limit is over after looks that showed these, `None`: nobody, ten seconds after each other.
    fn over_after(session: LimitSession, looks: &[Look]) -> Vec<bool> {
        let looks: Vec<_> = (0..).map(|nth| 10 * nth..10 * nth).zip(looks.iter().copied()).collect();
        over_after_slow(session, &looks)
    }

    /// What a look shows: a session-id, and an age.
    type Look = Option<(Option<u64>, u64)>;

    /// The same of looks that took from that second to that.
    fn over_after_slow(session: LimitSession, looks: &[(Range<u64>, Look)]) -> Vec<bool> {
        let (mut bonds, limit) = bonds(session);
        let begin = Instant::now();
        let at = |second: u64| begin + Duration::from_secs(second);
        let look = |(asked, shown): &(Range<u64>, Look)| {
            bonds.begin();
            if let Some((session_id, age_s)) = *shown {
                bonds.show(&limit.subject, Shown { session_id, age_s: Some(age_s) });
            }
            let uptime = UptimeSpan { before: AT.before + asked.start, after: AT.after + asked.end };
            bonds.judge(&(at(asked.start)..at(asked.end)), Some(uptime));
            bonds.is_over(&limit)
        };
        looks.iter().map(look).collect()
    }

    #[test]
    fn a_session_id_tells_whatever_the_ages_say() {
        let session = LimitSession { session_id: Some(5), start: None };
        assert_eq!(over_after(session, &[Some((Some(5), 60)), Some((Some(5), 1))]), [false, false]);
        assert_eq!(over_after(session, &[Some((Some(5), 60)), Some((Some(6), 70))]), [false, true]);
        assert_eq!(over_after(session, &[None, Some((Some(6), 3)), None]), [false, true, true]);
    }

    #[test]
    fn without_one_the_begin_tells_and_then_the_age_at_the_look_before() {
        let session =
            LimitSession { session_id: None, start: Some(StartInterval { earliest: 939, latest: 942 }) };
        let shown = |ages: &[u64]| ages.iter().map(|age| Some((None, *age))).collect::<Vec<_>>();
        assert_eq!(over_after(session, &shown(&[60, 70, 80])), [false, false, false]);
        assert_eq!(over_after(session, &shown(&[60, 4])), [false, true], "it began since");
        assert_eq!(over_after(session, &shown(&[30])), [true], "it began after the one in the books");
        // Clocks drift: from look to look only the age counts.
        assert_eq!(over_after(session, &shown(&[60, 76, 90, 105])), [false; 4]);
        assert_eq!(over_after(session, &[Some((None, 60)), None, Some((None, 5))]), [false, false, true]);
    }

    /// The table with the ages may come first and another one late, or the other way round.
    #[test]
    fn a_router_that_is_slow_to_show_the_rest_ends_no_limit() {
        let session =
            || LimitSession { session_id: None, start: Some(StartInterval { earliest: 979, latest: 982 }) };
        let shown = |age| Some((None, age));
        assert_eq!(over_after_slow(session(), &[(0..0, shown(20)), (10..24, shown(30))]), [false, false]);
        let next = [(0..0, shown(20)), (10..24, shown(30)), (34..34, shown(54))];
        assert_eq!(over_after_slow(session(), &next), [false; 3], "it goes on from when it was shown");
        let other = [(0..0, shown(20)), (10..24, shown(3))];
        assert_eq!(over_after_slow(session(), &other), [false, true], "another is another all the same");
    }

    #[test]
    fn what_nothing_tells_apart_is_left_to_the_books() {
        let session = LimitSession { session_id: None, start: None };
        assert_eq!(over_after(session, &[Some((None, 60))]), [false]);
        let (mut bonds, limit) = bonds(LimitSession { session_id: Some(5), start: None });
        bonds.show(&limit.subject, Shown { session_id: Some(6), age_s: None });
        let now = Instant::now();
        bonds.judge(&(now..now), None);
        assert!(bonds.is_over(&limit));
        let other = WantedLimit { until: LimitUntil::Session(8), ..limit.clone() };
        let removed = WantedLimit { until: LimitUntil::Removed, ..limit };
        assert!(!bonds.is_over(&other) && !bonds.is_over(&removed), "they end with another, or with none");
    }
}
