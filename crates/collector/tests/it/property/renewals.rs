//! Subscribers of the scripts who are renewed. Their cycles together hold exactly what is posted for them, no cycle changes
//! once it is final, and those that closed right after a reading never hold more than had passed by then, nor less than that
//! without their bound (rule 11).

use std::collections::{BTreeMap, BTreeSet};

use accounting::Octets;
use accounting::login::LoginKind;
use routeros_sim::world::{Access, Mark, SessionKey, Truth, World};
use store::{
    Changed, CycleTotals, NasId, NewAudit, NewSubscriber, RenewalRepository, Renews, Sqlite,
    SubscriberChange, SubscriberRepository, UsageQuery, UsageRepository,
};
use uuid::Uuid;

use super::checked::{Said, Subject, octets};
use super::script::{BOUND_LOGIN, LOGINS, RENEWED};
use super::{facing, queue};

/// The number of a subscriber is their id.
const IDS: [u128; RENEWED] = [1, 2, ANA, TIE];
const ANA: u128 = 3;
const TIE: u128 = 4;

/// See the module.
#[derive(Default)]
pub(super) struct Renewals {
    /// Cycles by row that were final when their subscriber was renewed later.
    finals: BTreeMap<i64, Octets>,
    /// What had passed when cycles closed of which nothing was open.
    passed: Vec<Passed>,
}

#[derive(Debug)]
struct Passed {
    subscriber: Uuid,
    /// The last cycle that had closed.
    seq_no: u32,
    /// By then.
    most: Octets,
    /// By the begin of its reading, each of their sessions.
    least: BTreeMap<SessionKey, Octets>,
}

/// What the PPP sessions of each login have moved.
pub(super) struct Moved(BTreeMap<Vec<u8>, BTreeMap<SessionKey, Octets>>);

impl Moved {
    pub(super) fn of(world: &World, since: &Mark) -> Moved {
        let mut moved: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for session in world.truth_since(since).sessions {
            if matches!(session.access, Access::Ppp(_)) {
                moved.entry(session.login).or_default().insert(session.key, octets(session.octets));
            }
        }
        Moved(moved)
    }
}

/// What is known of all sessions in the end, by which it is judged what a bound must reach.
pub(super) struct Known<'a> {
    pub(super) truth: &'a Truth,
    pub(super) beyond: &'a BTreeSet<Subject>,
    pub(super) unattributed: Said,
}

impl Known<'_> {
    /// The least that must have been said or bounded of what had passed; `None`: nothing need be.
    fn least(&self, passed: &Passed, login: &[u8]) -> Option<u64> {
        if self.beyond.contains(&(LoginKind::Ppp, login.to_vec())) {
            return None;
        }
        let of_login = || self.truth.sessions.iter().filter(|one| one.login == login);
        let shown = of_login().filter(|session| session.was_shown);
        let moved = shown.filter_map(|session| passed.least.get(&session.key).copied()).sum::<Octets>();
        let hidden = of_login().map(|session| octets(session.hidden_by_reset)).sum::<Octets>();
        Some(moved.both().saturating_sub(hidden.both()))
    }
}

pub(super) fn subscribers() -> [NewSubscriber; RENEWED] {
    let of_login = |id: u128, username: &str, login: usize| NewSubscriber {
        id: Uuid::from_u128(id),
        username: username.to_owned(),
        service: "pppoe".to_owned(),
        kind: LoginKind::Ppp,
        login: LOGINS[login].to_vec(),
        ..facing::subscriber()
    };
    [facing::subscriber(), queue::subscriber(), of_login(ANA, "ana", 0), of_login(TIE, "tie", BOUND_LOGIN)]
}

impl Renewals {
    /// Renews one of them; `fresh` are the routers that were read for it.
    pub(super) async fn renew(
        &mut self,
        sqlite: &Sqlite,
        whom: usize,
        fresh: Vec<NasId>,
        act: NewAudit,
    ) -> Renewed {
        let id = Uuid::from_u128(IDS[whom]);
        let was_fresh = !fresh.is_empty();
        let change = SubscriberChange { renews: Renews::Always, fresh, ..SubscriberChange::default() };
        let Changed { renewed, unread } =
            sqlite.change_subscriber(id, change, act.clone(), act).await.unwrap();
        assert!(renewed, "a renewal always opens the next cycle");
        let mut closed = cycles(sqlite, id).await;
        closed.retain(|cycle| cycle.closed_at.is_some());
        let settled = closed.iter().filter(|cycle| cycle.unsettled == 0);
        self.finals.extend(settled.map(|cycle| (cycle.id, cycle.octets)));
        let is_sharp = was_fresh && unread.is_empty() && closed.iter().all(|cycle| cycle.unsettled == 0);
        let seq_no = closed.iter().map(|cycle| cycle.seq_no).max();
        Renewed { subscriber: id, closed: seq_no.filter(|_| is_sharp) }
    }

    /// Notes what a subscriber had moved when a renewal closed their cycle, and when its reading began.
    pub(super) fn note(&mut self, renewed: &Renewed, mut at_reading: Moved, by_closing: Moved) {
        let Some((login, seq_no)) = login_of(renewed.subscriber).zip(renewed.closed) else { return };
        let most = by_closing.0.get(login).into_iter().flat_map(BTreeMap::values).copied().sum();
        let least = at_reading.0.remove(login).unwrap_or_default();
        self.passed.push(Passed { subscriber: renewed.subscriber, seq_no, most, least });
    }

    /// Answers how many cycles closed, or what is wrong with one.
    pub(super) async fn check(&self, sqlite: &Sqlite, known: &Known<'_>) -> Result<u64, String> {
        let mut closed = 0;
        for id in IDS.map(Uuid::from_u128) {
            let cycles = cycles(sqlite, id).await;
            let all = cycles.iter().map(|cycle| cycle.octets).sum::<Octets>();
            closed += cycles.iter().filter(|cycle| cycle.closed_at.is_some()).count() as u64;
            let posted = posted(sqlite, id).await;
            if all != posted {
                return Err(format!("{id}: cycles of {all:?}, but {posted:?} is posted: {cycles:?}"));
            }
            let changed =
                |cycle: &&CycleTotals| self.finals.get(&cycle.id).is_some_and(|was| *was != cycle.octets);
            if let Some(cycle) = cycles.iter().find(changed) {
                return Err(format!("{id}: a final cycle of {:?} is {cycle:?} now", self.finals[&cycle.id]));
            }
            for passed in self.passed.iter().filter(|passed| passed.subscriber == id) {
                let until: Vec<_> = cycles.iter().filter(|cycle| cycle.seq_no <= passed.seq_no).collect();
                check_passed(sqlite, passed, &until, known).await?;
            }
        }
        Ok(closed)
    }
}

/// said <= passed <= said + bound, of the cycles until one that closed right after a reading.
async fn check_passed(
    sqlite: &Sqlite,
    passed: &Passed,
    until: &[&CycleTotals],
    known: &Known<'_>,
) -> Result<(), String> {
    let Passed { subscriber, seq_no, most, .. } = passed;
    let said = until.iter().map(|cycle| cycle.octets).sum::<Octets>();
    if said.input > most.input || said.output > most.output {
        return Err(format!("{subscriber}: {said:?} until cycle {seq_no}, {most:?} had passed"));
    }
    let Some(least) = login_of(*subscriber).and_then(|login| known.least(passed, login)) else {
        return Ok(());
    };
    let mut upper = known.unattributed.upper.map(|unnamed| unnamed + known.unattributed.total.both());
    for cycle in until {
        let of_cycle = sqlite.cycle_observation(cycle.id).await.unwrap().observation.upper_octets;
        upper = upper.zip(of_cycle).map(|(sum, one)| sum + one);
    }
    match upper {
        Some(upper) if least > said.both() + upper => Err(format!(
            "{subscriber}: {said:?} and at most {upper} more until cycle {seq_no}, {least} had passed: {passed:?}"
        )),
        Some(_) | None => Ok(()),
    }
}

fn login_of(subscriber: Uuid) -> Option<&'static [u8]> {
    match subscriber.as_u128() {
        ANA => Some(LOGINS[0]),
        TIE => Some(LOGINS[BOUND_LOGIN]),
        _ => None,
    }
}

/// A renewal that was made.
pub(super) struct Renewed {
    subscriber: Uuid,
    /// The last cycle that closed, if every reading until then is in it and in those before.
    closed: Option<u32>,
}

async fn cycles(sqlite: &Sqlite, id: Uuid) -> Vec<CycleTotals> {
    sqlite.subscriber_cycles(id, None, 1_000).await.unwrap()
}

async fn posted(sqlite: &Sqlite, id: Uuid) -> Octets {
    let buckets = i64::MIN / 2..i64::MAX / 2;
    let query = UsageQuery {
        buckets,
        router: None,
        username: None,
        subscriber: Some(id),
        reach: store::Reach::Everywhere,
    };
    sqlite.usage(query).await.unwrap().iter().map(|row| row.octets).sum()
}
