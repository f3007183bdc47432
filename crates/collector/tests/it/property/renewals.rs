//! Subscribers of the scripts who are renewed. Their cycles together hold exactly what is posted for them, no cycle changes
//! once it is final, and those that closed right after a reading never hold more than had passed by then (rule 11).

use std::collections::BTreeMap;

use accounting::Octets;
use accounting::login::LoginKind;
use routeros_sim::world::{Mark, World};
use store::{
    Changed, CycleTotals, NasId, NewAudit, NewSubscriber, RenewalRepository, Renews, Sqlite,
    SubscriberChange, SubscriberRepository, UsageQuery, UsageRepository,
};
use uuid::Uuid;

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

struct Passed {
    subscriber: Uuid,
    /// The last cycle that had closed.
    seq_no: u32,
    octets: Octets,
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

    /// Notes what a subscriber had moved when a renewal closed their cycle.
    pub(super) fn note(&mut self, renewed: &Renewed, world: &World, since: &Mark) {
        let login = match renewed.subscriber.as_u128() {
            ANA => LOGINS[0],
            TIE => LOGINS[BOUND_LOGIN],
            _ => return,
        };
        let Some(seq_no) = renewed.closed else { return };
        let truth =
            world.truth_since(since).by_subject().remove(&(false, login.to_vec())).unwrap_or_default();
        let octets = Octets::new(truth.total().input, truth.total().output);
        self.passed.push(Passed { subscriber: renewed.subscriber, seq_no, octets });
    }

    /// Answers how many cycles closed, or what is wrong with one.
    pub(super) async fn check(&self, sqlite: &Sqlite) -> Result<u64, String> {
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
                let until = cycles.iter().filter(|cycle| cycle.seq_no <= passed.seq_no);
                let said = until.map(|cycle| cycle.octets).sum::<Octets>();
                let most = passed.octets;
                if said.input > most.input || said.output > most.output {
                    return Err(format!("{id}: {said:?} until cycle {}, {most:?} had passed", passed.seq_no));
                }
            }
        }
        Ok(closed)
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
    let query = UsageQuery { buckets, router: None, username: None, subscriber: Some(id) };
    sqlite.usage(query).await.unwrap().iter().map(|row| row.octets).sum()
}
