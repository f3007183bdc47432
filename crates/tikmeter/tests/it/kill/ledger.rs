//! What a killed server left behind, and what is said in the end, against the truth.

use std::collections::BTreeMap;

use accounting::Octets;
use accounting::time::Micros;
use store::{UsageQuery, UsageRow};

use super::kept::Kept;
use super::town::Town;

/// A round that ended so shortly before or after something happened may or may not have seen it.
const A_ROUND_US: i64 = 400_000;

/// The last committed snapshot of a server that was killed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Killed {
    pub(super) poll_seq: u64,
    pub(super) last_at: Option<Micros>,
}

/// Opens what is there; every total must be the sum of its entries.
pub(super) async fn left_behind(kept: &Kept) -> Killed {
    let store = kept.open();
    let report = store.verify().await.unwrap();
    assert!(report.is_clean(), "{:?}", report.mismatches);
    let nas = store.nas_by_name("tower").await.unwrap().unwrap();
    Killed { poll_seq: nas.poll_seq, last_at: nas.last_at }
}

/// Usage by login.
pub(super) struct Books(BTreeMap<Vec<u8>, UsageRow>);

impl Books {
    pub(super) async fn open(kept: &Kept) -> Books {
        let store = kept.open();
        let query = UsageQuery {
            buckets: 0..5_000_000,
            router: None,
            username: None,
            subscriber: None,
            reach: store::Reach::Everywhere,
        };
        let rows = store.usage(query).await.unwrap();
        Books(
            rows.into_iter()
                .map(|row| (row.username.clone().expect("nothing is unattributed"), row))
                .collect(),
        )
    }

    /// Whoever stayed connected is counted to the octet, whenever they dialled in. Answers how many and how much.
    pub(super) fn steady_logins_are_exact(&self, town: &Town) -> String {
        let mut steady = 0;
        let mut octets = 0;
        for (login, truth) in town.truth().into_iter().filter(|(login, _)| login.starts_with(b"steady")) {
            let said = self.0.get(&login).map_or(Octets::ZERO, |row| row.octets);
            let truth = Octets::new(truth.total().input, truth.total().output);
            assert_eq!(said, truth, "{}", login.escape_ascii());
            (steady, octets) = (steady + 1, octets + truth.both());
        }
        assert!(steady > 300 && octets > 100_000_000);
        format!("{steady} steady logins exact to the octet, {octets} octets")
    }

    /// Whoever left may have done so unseen: never more than they moved, and no more unseen than the bound says.
    /// Only a visit that was not there at any life's last commit may be unknown.
    pub(super) fn visitors_are_bounded(&self, town: &Town, killed: &[Killed]) -> String {
        let (truths, mut known, mut unknown) = (town.truth(), 0, 0);
        for visit in town.visits() {
            let truth = Octets::new(truths[&visit.login].total().input, truths[&visit.login].total().output);
            let Some(row) = self.0.get(&visit.login) else {
                let seen = |killed: &&Killed| {
                    let last = killed.last_at.map_or(0, |at| at.0);
                    visit.from.0 + A_ROUND_US < last && visit.to.is_none_or(|to| last + A_ROUND_US < to.0)
                };
                assert_eq!(
                    killed.iter().find(seen).map(|killed| killed.last_at),
                    None,
                    "{visit:?} was committed"
                );
                unknown += 1;
                continue;
            };
            let (said, upper) =
                (row.octets, row.observation.upper_octets.expect("a link speed bounds everything"));
            assert!(
                said.input <= truth.input && said.output <= truth.output,
                "{visit:?}: {said:?} of {truth:?}"
            );
            assert!(
                truth.both() <= said.both() + upper,
                "{visit:?}: {said:?} of {truth:?}, at most {upper} more"
            );
            known += 1;
        }
        assert!(known > 250);
        format!(
            "{known} visits known and bounded, {unknown} unknown, none of them there at the last commit of a life"
        )
    }
}
