//! What a hotspot adds up for its users, end to end: it tells the end of a session where it moves with the session, and
//! changes nothing where it does not.

use std::time::Duration;

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::login::LoginKind;
use routeros_sim::faults::Fault;
use routeros_sim::world::{Device, HotspotUserCounters, Personality, SessionKey, Switches, World};
use store::{LedgerRepository, LedgerSubject, VerifyRepository};

use crate::bounds::street::{LINK_BPS, Street};

const USERS: &str = "/ip/hotspot/user/print";
const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";
const INTERVAL: Duration = Duration::from_secs(30);
/// More than the link carries in three intervals and a second.
const PLENTY: u64 = 3_000_000_000;

/// Something that happens while that session is ana's.
type Act = fn(&mut World, SessionKey);

/// A café whose owner stays logged in, so that the hotspot is never empty.
struct Cafe(Street);

impl Cafe {
    /// Ana has moved `before` in each direction on another day.
    async fn open(hotspot_user_counters: HotspotUserCounters, before: u64) -> Cafe {
        let mut device = Device::new("cafe", Personality::V7_20, 3);
        device.switches = Switches { hotspot_user_counters, ..Switches::default() };
        let mut world = World::new(device);
        world.add_hotspot("hotspot1");
        let ana = world.log_in("ana", MAC, 0, 0);
        world.transfer(ana, before, before);
        world.leave(ana);
        world.log_in("owner", OTHER_MAC, 8_000, 8_000);
        let mut cafe = Cafe(Street::of(world, 0).await);
        cafe.pass().await;
        cafe
    }

    async fn pass(&mut self) {
        self.0.advance(INTERVAL);
        self.0.look().await;
    }

    /// Ana logs in and is looked at four times.
    async fn follow(&mut self) -> SessionKey {
        self.0.advance(Duration::from_secs(10));
        let ana = self.0.sim.with_world(|world| world.log_in("ana", MAC, 800_000, 4_000_000));
        for _ in 0..4 {
            self.pass().await;
        }
        ana
    }

    /// Something happens twenty seconds after the last look and ends with ana out of sight; then she is looked for until
    /// she is believed gone.
    async fn leave(&mut self, act: impl FnOnce(&mut World)) {
        self.0.advance(Duration::from_secs(20));
        self.0.sim.with_world(act);
        for _ in 0..4 {
            self.pass().await;
        }
    }

    async fn reasons(&self) -> Vec<Reason> {
        let subject = LedgerSubject::Login {
            router: "r".to_owned(),
            username: Some(b"ana".to_vec()),
            kind: Some(LoginKind::Hotspot),
        };
        let mut rows = self.0.sqlite.entries(subject, None, 100).await.unwrap();
        rows.sort_by_key(|row| row.entry.no);
        rows.iter().map(|row| row.entry.reason).collect()
    }

    /// What is said of ana, the bound, and what she moved since we look.
    async fn said(&self) -> (Octets, Option<u64>, Octets) {
        let report = self.0.sqlite.verify().await.unwrap();
        assert!(report.is_clean(), "{:?}", report.mismatches);
        let row = self.0.said_of(b"ana").await.unwrap();
        let truth = self.0.sim.with_world(|world| world.truth());
        let hers = truth.sessions.iter().filter(|one| one.login == b"ana").skip(1);
        let moved = hers.map(|one| Octets::new(one.octets.input, one.octets.output)).sum();
        (row.octets, row.observation.upper_octets, moved)
    }

    fn prints(&self) -> u64 {
        self.0.sim.stats().prints.get(USERS).copied().unwrap_or(0)
    }
}

/// What the link carries, both ways, from her last reading to the first print that surely lacks her.
fn most() -> u64 {
    (20 + 2 * INTERVAL.as_secs() + 1) * LINK_BPS / 8 * 2
}

#[tokio::test]
async fn a_sum_that_is_kept_live_tells_the_end_of_a_session_to_the_octet() {
    let mut cafe = Cafe::open(HotspotUserCounters::Live, PLENTY).await;
    let ana = cafe.follow().await;
    cafe.leave(|world| world.leave(ana)).await;
    assert_eq!(cafe.reasons().await, [Reason::SessionStart, Reason::Grew, Reason::Tail]);
    let (said, upper, moved) = cafe.said().await;
    assert_eq!((said, upper), (moved, Some(0)));
    assert_eq!(moved, Octets::new(140 * 100_000, 140 * 500_000), "to its last second");
}

#[tokio::test]
async fn a_sum_that_is_not_kept_live_changes_nothing() {
    for adds_up in [HotspotUserCounters::AtLogout, HotspotUserCounters::Never] {
        let mut cafe = Cafe::open(adds_up, PLENTY).await;
        let ana = cafe.follow().await;
        cafe.leave(|world| world.leave(ana)).await;
        assert_eq!(
            cafe.reasons().await,
            [Reason::SessionStart, Reason::Grew, Reason::SessionEnd],
            "{adds_up:?}"
        );
        let (said, upper, moved) = cafe.said().await;
        assert_eq!((said, upper), (Octets::new(120 * 100_000, 120 * 500_000), Some(most())), "{adds_up:?}");
        assert!(said.both() < moved.both());
    }
}

#[tokio::test]
async fn of_a_user_who_moved_little_the_tail_counts_and_what_a_reset_may_hide_stays_in_the_bound() {
    for reset in [false, true] {
        let mut cafe = Cafe::open(HotspotUserCounters::Live, 0).await;
        let ana = cafe.follow().await;
        let counted = cafe.said().await.0;
        cafe.leave(|world| {
            if reset {
                world.transfer(ana, 5_000, 5_000);
                world.reset_hotspot_user("ana");
                // More than she ever had.
                world.transfer(ana, 2 * counted.input, 2 * counted.output);
            }
            world.leave(ana);
        })
        .await;
        let (said, upper, moved) = cafe.said().await;
        let told = moved.both() - counted.both();
        assert!(said.both() > counted.both(), "reset: {reset}");
        if !reset {
            assert_eq!((said, upper), (moved, Some(most() - told)));
        }
        assert!(said.input <= moved.input && said.output <= moved.output, "{said:?} of {moved:?}");
        assert!(moved.both() <= said.both() + upper.unwrap(), "{moved:?}: {said:?} and {upper:?}");
    }
}

#[tokio::test]
async fn a_user_reset_made_anew_or_logged_in_again_has_the_bound_as_ever() {
    let acts: [(&str, Act); 4] = [
        ("reset", |world, _| world.reset_hotspot_user("ana")),
        ("made anew", |world, _| {
            world.remove_hotspot_user("ana");
            world.add_hotspot_user("ana");
        }),
        ("removed", |world, _| world.remove_hotspot_user("ana")),
        ("on a second device", |world, _| {
            world.log_in("ana", "2C:54:91:00:00:03", 800_000, 800_000);
        }),
    ];
    for (case, act) in acts {
        let mut cafe = Cafe::open(HotspotUserCounters::Live, PLENTY).await;
        let ana = cafe.follow().await;
        cafe.leave(|world| {
            act(world, ana);
            world.leave(ana);
        })
        .await;
        assert!(!cafe.reasons().await.contains(&Reason::Tail), "{case}");
        let (said, upper, moved) = cafe.said().await;
        assert!(moved.both() <= said.both() + upper.unwrap() && said.both() < moved.both(), "{case}");
    }
}

#[tokio::test]
async fn a_user_who_comes_back_is_counted_on_from_what_was_told() {
    for restarts in [false, true] {
        let mut cafe = Cafe::open(HotspotUserCounters::Live, PLENTY).await;
        let ana = cafe.follow().await;
        cafe.leave(|world| world.leave(ana)).await;
        if restarts {
            cafe.0.restart();
        }
        let again = cafe.follow().await;
        cafe.leave(|world| world.leave(again)).await;
        let (said, upper, moved) = cafe.said().await;
        assert!(said.input <= moved.input && said.output <= moved.output);
        if restarts {
            assert!(upper > Some(0), "it was not seen to move with this session");
        } else {
            assert_eq!((said, upper), (moved, Some(0)));
        }
    }
}

/// Four rounds with a new session cost two rows each in two of them, its end one row; and all rows are printed once in
/// twelve rounds.
#[tokio::test]
async fn the_router_is_asked_for_sums_only_when_they_decide_something() {
    let mut cafe = Cafe::open(HotspotUserCounters::Live, PLENTY).await;
    assert_eq!(cafe.prints(), 1, "all of them, once");
    let ana = cafe.follow().await;
    assert_eq!(cafe.prints(), 3, "until it was seen twice to move with the session");
    cafe.leave(|world| world.leave(ana)).await;
    assert_eq!(cafe.prints(), 5, "while she is missing");
    for _ in 0..3 {
        cafe.pass().await;
    }
    assert_eq!(cafe.prints(), 5);
    cafe.pass().await;
    assert_eq!(cafe.prints(), 6, "all of them in every twelfth round");
}

#[tokio::test]
async fn a_router_that_refuses_the_table_of_users_is_counted_as_ever() {
    for fault in [Fault::NoRights, Fault::MissingMenu, Fault::trap_after(1)] {
        let mut cafe = Cafe::open(HotspotUserCounters::Live, PLENTY).await;
        cafe.0.restart();
        cafe.0.sim.faults().always_on("/ip/hotspot/user/print", fault.clone());
        let ana = cafe.follow().await;
        cafe.leave(|world| world.leave(ana)).await;
        assert_eq!(
            cafe.reasons().await,
            [Reason::SessionStart, Reason::Grew, Reason::SessionEnd],
            "{fault:?}"
        );
    }
}
