//! Rule 9 where the router adds up for each user by itself: what a session moved after its last reading is counted where
//! the sum was seen to move with the session, and bounded where it was not.

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::snapshot::{CounterRow, CounterRows, OwnedRow, OwnedRows, Snapshot, SumRows};
use accounting::sums::SumsWanted;
use accounting::table::Table;

use crate::scene::{Look, PER_SECOND, Scene};

const MAC: &str = "2C:54:91:00:00:01";
const OTHER_MAC: &str = "2C:54:91:00:00:02";
const GIGA: u64 = 1_000_000_000;
/// Seconds from one round to the next.
const ROUND_S: u64 = 60;

/// A login as its row shows it.
#[derive(Clone, Copy)]
struct Guest<'a> {
    mac: &'a str,
    user: &'a str,
    began_s: u64,
    octets: Octets,
}

/// A user's sum as its row shows it.
#[derive(Clone, Copy)]
struct Sum<'a> {
    id: u64,
    user: &'a str,
    octets: Octets,
}

fn sum_of_ana(octets: Octets) -> Sum<'static> {
    Sum { id: 1, user: "ana", octets }
}

fn octets(input: u64, output: u64) -> Octets {
    Octets::new(input, output)
}

/// The table of sums with `sums` in it.
fn rows(sums: &[Sum<'_>]) -> CounterRows {
    let mut rows = CounterRows::default();
    for sum in sums {
        rows.push(CounterRow { handle: sum.id, name: sum.user.as_bytes(), octets: sum.octets });
    }
    rows
}

struct Spot {
    scene: Scene,
    /// When ana's session began.
    t: u64,
}

impl Spot {
    /// A hotspot whose users' sums were read while nobody was there.
    fn open(sums: &[Sum<'_>]) -> Spot {
        let mut spot = Spot { scene: Scene::new(), t: 0 };
        spot.round(&[], Some(SumRows { rows: rows(sums), whole: true }));
        spot.scene.wait(30);
        spot.t = spot.now_s();
        spot
    }

    fn now_s(&self) -> u64 {
        self.scene.router.now_ms / 1_000
    }

    fn ana(&self, octets: Octets) -> Guest<'static> {
        Guest { mac: MAC, user: "ana", began_s: self.t, octets }
    }

    fn snapshot(&mut self, guests: &[Guest<'_>], sums: Option<SumRows>) -> Snapshot {
        let now_s = self.now_s();
        let mut logins = OwnedRows::default();
        for (id, guest) in (1..).zip(guests) {
            let handle = Table::HotspotActive.handle(id).expect("a small id");
            logins.push(OwnedRow {
                counter: CounterRow { handle, name: guest.mac.as_bytes(), octets: guest.octets },
                login: guest.user.as_bytes(),
                address: b"",
                session_time_s: now_s - guest.began_s,
            });
        }
        Snapshot { logins: Some(logins), sums, ..self.scene.look(&Look::counters_only(), |_, _| {}) }
    }

    fn round(&mut self, guests: &[Guest<'_>], sums: Option<SumRows>) {
        let snapshot = self.snapshot(guests, sums);
        self.scene.commit(&snapshot);
    }

    /// A minute later.
    fn next(&mut self, guests: &[Guest<'_>], sums: &[Sum<'_>]) {
        self.scene.wait(ROUND_S);
        let sums = Some(SumRows { rows: rows(sums), whole: false }).filter(|sums| !sums.rows.is_empty());
        self.round(guests, sums);
    }

    /// Ana has moved 1,000 / 9,000 by the last of three rounds, and her sum with it.
    fn follow(&mut self, base: Octets) {
        for octets in [octets(100, 200), octets(300, 1_000), octets(1_000, 9_000)] {
            let ana = self.ana(octets);
            self.next(&[ana], &[sum_of_ana(base + octets)]);
        }
    }

    /// She is gone, and her sum shows this.
    fn leave(&mut self, sum: Sum<'_>) {
        self.next(&[], &[]);
        self.next(&[], &[sum]);
    }

    /// Her session's end has a bound and nothing else.
    fn assert_untold(&self, case: &str) {
        let reasons = self.scene.reasons("ana");
        assert_eq!(reasons.last(), Some(&Reason::SessionEnd), "{case}");
        assert!(!reasons.contains(&Reason::Tail), "{case}");
        assert_eq!(self.scene.bound("ana"), Some(tail_bound()), "{case}");
    }
}

/// What can pass from her last reading to the second one without her: two rounds and the second that clocks may be apart.
fn tail_bound() -> u64 {
    (2 * ROUND_S + 1) * PER_SECOND * 2
}

#[test]
fn a_sum_that_moved_with_the_session_tells_its_tail_and_nothing_is_unseen() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    assert_eq!(spot.scene.total("ana"), octets(1_500, 9_700));
    assert_eq!(spot.scene.bound("ana"), Some(0));
    let last = *spot.scene.entries("ana").last().unwrap();
    assert_eq!((last.reason, last.delta, last.unseen), (Reason::Tail, octets(500, 700), None));
    assert_eq!((last.before, last.after), (octets(1_000, 9_000), octets(1_500, 9_700)));
}

#[test]
fn a_session_that_moved_nothing_more_says_so() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_000, 9_000)));
    assert_eq!(spot.scene.reasons("ana").last(), Some(&Reason::Tail));
    assert_eq!((spot.scene.total("ana"), spot.scene.bound("ana")), (octets(1_000, 9_000), Some(0)));
}

/// What passes between the print of the sums and that of the logins is not told from what a reset took away.
#[test]
fn by_how_much_the_sum_fell_short_at_the_last_look_is_the_bound() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    let ana = spot.ana(octets(2_000, 10_000));
    spot.next(&[ana], &[sum_of_ana(base + octets(1_990, 9_970))]);
    spot.leave(sum_of_ana(base + octets(2_500, 10_700)));
    assert_eq!(spot.scene.total("ana"), octets(2_500, 10_700));
    assert_eq!(spot.scene.bound("ana"), Some(10 + 30));
}

/// A sum reset by hand after the last look may have overtaken its old value in the time that nobody saw, if that was small.
#[test]
fn a_small_sum_may_have_been_reset_unseen_so_the_bound_stays_less_what_is_told() {
    let mut spot = Spot::open(&[sum_of_ana(Octets::ZERO)]);
    spot.follow(Octets::ZERO);
    // She moved 12,000 / 30,000 more, and all but 10,000 / 20,000 of it is in her sum since it was reset.
    spot.leave(sum_of_ana(octets(3_000, 19_000)));
    assert_eq!(spot.scene.total("ana"), octets(3_000, 19_000));
    assert_eq!(spot.scene.bound("ana"), Some(tail_bound() - 2_000 - 10_000));
    assert_eq!(spot.scene.reasons("ana")[2..], [Reason::Tail]);
}

#[test]
fn a_sum_that_moves_at_logout_or_never_or_by_more_than_the_session_tells_nothing() {
    let base = octets(GIGA, GIGA);
    let at_logout = |_: Octets| base;
    let never = |_: Octets| Octets::ZERO;
    let with_another = |octets: Octets| base + octets + Octets::new(octets.input / 10, 0);
    let late = |octets: Octets| base + octets.saturating_sub(Octets::new(700, 8_001));
    let cases: [(&str, &dyn Fn(Octets) -> Octets); 4] =
        [("at logout", &at_logout), ("never", &never), ("with another", &with_another), ("late", &late)];
    for (case, sum) in cases {
        let mut spot = Spot::open(&[sum_of_ana(sum(Octets::ZERO))]);
        for octets in [octets(100, 200), octets(300, 1_000), octets(1_000, 9_000), octets(1_100, 9_900)] {
            let ana = spot.ana(octets);
            spot.next(&[ana], &[sum_of_ana(sum(octets))]);
        }
        spot.leave(sum_of_ana(base + octets(1_500, 9_950)));
        spot.assert_untold(case);
    }
}

#[test]
fn a_session_is_believed_after_two_looks_at_which_both_directions_moved() {
    let base = octets(GIGA, GIGA);
    for (moved, told) in [
        ([octets(100, 200), octets(300, 1_000)], false),
        ([octets(100, 0), octets(300, 0)], false),
        ([octets(100, 200), octets(300, 200)], false),
    ] {
        let mut spot = Spot::open(&[sum_of_ana(base)]);
        for octets in moved.into_iter().chain([moved[1]]).take(if moved[0].output == 0 { 3 } else { 2 }) {
            let ana = spot.ana(octets);
            spot.next(&[ana], &[sum_of_ana(base + octets)]);
        }
        spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
        assert_eq!(spot.scene.reasons("ana").contains(&Reason::Tail), told, "{moved:?}");
    }
}

#[test]
fn a_sum_that_was_reset_or_made_anew_tells_nothing() {
    let base = octets(GIGA, GIGA);
    let cases = [
        ("reset in the tail", sum_of_ana(octets(200, 300))),
        ("made anew", Sum { id: 2, ..sum_of_ana(base + octets(1_500, 9_700)) }),
        ("renamed", Sum { user: "anna", ..sum_of_ana(base + octets(1_500, 9_700)) }),
        ("faster than the link", sum_of_ana(base + octets(GIGA, 9_700))),
    ];
    for (case, sum) in cases {
        let mut spot = Spot::open(&[sum_of_ana(base)]);
        spot.follow(base);
        spot.leave(sum);
        spot.assert_untold(case);
    }
}

#[test]
fn a_reset_that_a_look_shows_ends_the_belief() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    let ana = spot.ana(octets(2_000, 10_000));
    spot.next(&[ana], &[sum_of_ana(octets(1_000, 1_000))]);
    spot.leave(sum_of_ana(base + octets(2_500, 10_700)));
    spot.assert_untold("reset while it was there");
}

/// What its counter showed before it began again is in the sum and was counted already.
#[test]
fn a_counter_that_begins_again_ends_the_belief() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    let ana = spot.ana(octets(20, 30));
    spot.next(&[ana], &[]);
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    assert_eq!(spot.scene.total("ana"), octets(1_020, 9_030));
    assert!(!spot.scene.reasons("ana").contains(&Reason::Tail));
}

#[test]
fn a_user_of_two_sessions_has_a_bound_also_where_their_names_differ_by_case() {
    let base = octets(GIGA, GIGA);
    for user in ["ana", "Ana"] {
        let mut spot = Spot::open(&[sum_of_ana(base)]);
        spot.follow(base);
        let second = Guest { mac: OTHER_MAC, user, began_s: spot.now_s() + 5, octets: octets(7, 8) };
        let ana = spot.ana(octets(1_000, 9_000));
        spot.next(&[ana, second], &[]);
        for _ in 0..2 {
            spot.next(&[], &[sum_of_ana(base + octets(1_600, 9_800))]);
        }
        assert!(!spot.scene.reasons("ana").contains(&Reason::Tail), "{user}");
    }
}

#[test]
fn a_login_again_leaves_the_bound_as_it_is() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    let again = |octets, began_s| Guest { mac: MAC, user: "ana", began_s, octets };
    let began_s = spot.now_s() + 30;
    for moved in [octets(10, 10), octets(20, 20), octets(30, 30)] {
        spot.next(&[again(moved, began_s)], &[sum_of_ana(base + octets(1_500, 9_700) + moved)]);
    }
    assert_eq!(spot.scene.total("ana"), octets(1_030, 9_030));
    assert!(!spot.scene.reasons("ana").contains(&Reason::Tail));
}

#[test]
fn two_rows_of_one_name_tell_nothing() {
    let base = octets(GIGA, GIGA);
    let two = |octets| [sum_of_ana(octets), Sum { id: 2, ..sum_of_ana(octets) }];
    let mut spot = Spot::open(&two(base));
    for octets in [octets(100, 200), octets(300, 1_000), octets(1_000, 9_000)] {
        let ana = spot.ana(octets);
        spot.next(&[ana], &two(base + octets));
    }
    spot.next(&[], &[]);
    spot.next(&[], &two(base + octets(1_500, 9_700)));
    spot.assert_untold("two rows");
}

/// A session believed over that shows up again: what its sum told is not counted again, neither by its own row nor by
/// that of a session which prints left out all the while.
#[test]
fn what_was_told_is_not_counted_again() {
    let base = octets(GIGA, GIGA);
    for restarts in [false, true] {
        let mut spot = Spot::open(&[sum_of_ana(base)]);
        spot.follow(base);
        let hidden_since = spot.now_s() + 10;
        // 500 / 700 are hers, the rest is of a session that no print showed.
        spot.leave(sum_of_ana(base + octets(1_500, 9_700) + octets(60, 80)));
        assert_eq!(spot.scene.total("ana"), octets(1_560, 9_780));
        if restarts {
            spot.scene.restart();
        }
        let hidden = Guest { mac: OTHER_MAC, user: "ana", began_s: hidden_since, octets: octets(60, 90) };
        let ana = spot.ana(octets(1_510, 9_710));
        spot.next(&[ana, hidden], &[]);
        let (total, truth) = (spot.scene.total("ana"), octets(1_510, 9_710) + octets(60, 90));
        assert_eq!(total, octets(1_560, 9_780), "restarts: {restarts}");
        assert!(total.both() + spot.scene.bound("ana").unwrap() >= truth.both());
        let ana = spot.ana(octets(1_610, 9_810));
        spot.next(&[ana, Guest { octets: octets(61, 92), ..hidden }], &[]);
        assert_eq!(spot.scene.total("ana"), octets(1_661, 9_882), "and both go on from there");
    }
}

#[test]
fn what_was_told_of_one_user_costs_no_other_a_first_octet() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    let began_s = spot.now_s() + 10;
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    let bob = Guest { mac: OTHER_MAC, user: "bob", began_s, octets: octets(60, 90) };
    spot.next(&[bob], &[]);
    assert_eq!((spot.scene.total("bob"), spot.scene.bound("bob")), (octets(60, 90), Some(0)));
}

#[test]
fn her_next_session_is_followed_from_where_the_last_one_ended() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    spot.scene.wait(30);
    spot.t = spot.now_s();
    let base = base + octets(1_500, 9_700);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_001, 9_002)));
    assert_eq!(spot.scene.total("ana"), octets(1_500, 9_700) + octets(1_001, 9_002));
    assert_eq!(spot.scene.bound("ana"), Some(0));
}

#[test]
fn a_reboot_or_an_outage_that_may_hide_one_ends_the_belief() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.scene.reboot();
    spot.scene.wait(ROUND_S);
    spot.next(&[], &[sum_of_ana(base + octets(1_500, 9_700))]);
    assert!(!spot.scene.reasons("ana").contains(&Reason::Tail));
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.scene.restart_host();
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    assert!(!spot.scene.reasons("ana").contains(&Reason::Tail));
}

/// The second of uptime by which something was told is another boot's.
#[test]
fn what_was_told_before_a_reboot_costs_no_session_after_it_an_octet() {
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    let bound = spot.scene.bound("ana");
    spot.scene.reboot();
    spot.scene.wait(ROUND_S);
    spot.next(&[], &[]);
    spot.t = spot.now_s() + 1;
    let ana = spot.ana(octets(70, 80));
    spot.next(&[ana], &[]);
    assert_eq!(spot.scene.total("ana"), octets(1_570, 9_780));
    assert_eq!(spot.scene.bound("ana"), bound);
}

#[test]
fn sums_are_asked_for_only_where_they_decide_something() {
    let wanted = |spot: &Spot| spot.scene.state.wanted().sums;
    let ana_only = || SumsWanted::Of(vec![(*b"ana").into()]);
    let base = octets(GIGA, GIGA);
    let mut spot = Spot::open(&[sum_of_ana(base)]);
    assert_eq!(wanted(&spot), SumsWanted::Nothing, "nobody is there");
    for (octets, then) in [
        (octets(100, 200), ana_only()),
        (octets(300, 1_000), ana_only()),
        (octets(1_000, 9_000), SumsWanted::Nothing),
    ] {
        let ana = spot.ana(octets);
        spot.next(&[ana], &[sum_of_ana(base + octets)]);
        assert_eq!(wanted(&spot), then, "{octets:?}");
    }
    spot.next(&[], &[]);
    assert_eq!(wanted(&spot), ana_only(), "her session is missing");
    spot.next(&[], &[sum_of_ana(base + octets(1_500, 9_700))]);
    assert_eq!(wanted(&spot), SumsWanted::Nothing, "it is over");
}

#[test]
fn all_sums_are_asked_for_in_every_twelfth_round_also_where_the_router_refuses() {
    for refuses in [false, true] {
        let mut spot = Spot { scene: Scene::new(), t: 0 };
        let (mut asked, mut all) = (Vec::new(), false);
        for round in 0..27 {
            let ana = spot.ana(octets(round, round));
            spot.scene.wait(ROUND_S);
            let rows = rows(&[sum_of_ana(octets(round, round))]);
            spot.round(&[ana], Some(SumRows { rows, whole: true }).filter(|_| all && !refuses));
            all = spot.scene.state.wanted().sums == SumsWanted::All;
            if all {
                asked.push(round);
            }
        }
        assert_eq!(asked, [0, 12, 24], "refuses: {refuses}");
    }
}

#[test]
fn a_router_whose_sums_do_not_move_with_sessions_is_not_asked_for_ever() {
    let users: Vec<String> = (0..20).map(|number| format!("user-{number}")).collect();
    let sums: Vec<Sum<'_>> =
        (1..).zip(&users).map(|(id, user)| Sum { id, user, octets: Octets::ZERO }).collect();
    let mut spot = Spot::open(&sums);
    let macs: Vec<String> = (0..20).map(|number| format!("2C:54:91:00:01:{number:02}")).collect();
    let guests = |octets| -> Vec<Guest<'_>> {
        let guests = users.iter().zip(&macs);
        guests.map(|(user, mac)| Guest { mac, user, began_s: spot.t, octets }).collect()
    };
    let (first, second) = (guests(octets(5, 5)), guests(octets(9, 9)));
    spot.next(&first, &[]);
    assert!(matches!(spot.scene.state.wanted().sums, SumsWanted::Of(names) if names.len() == 20));
    spot.next(&second, &sums);
    for _ in 0..15 {
        assert_eq!(spot.scene.state.wanted().sums, SumsWanted::Nothing);
        spot.next(&second, &[]);
    }
}

#[test]
fn a_router_with_very_many_users_is_not_asked_again() {
    let names: Vec<String> = (0..10_001).map(|number| format!("voucher-{number}")).collect();
    let sums: Vec<Sum<'_>> =
        (1..).zip(&names).map(|(id, user)| Sum { id, user, octets: Octets::ZERO }).collect();
    let mut spot = Spot::open(&sums);
    for _ in 0..14 {
        let guest = Guest { mac: MAC, user: &names[7], began_s: spot.t, octets: octets(5, 5) };
        spot.next(&[guest], &[]);
        assert_eq!(spot.scene.state.wanted().sums, SumsWanted::Nothing);
    }
}

/// They would be walked in every round, for nothing.
#[test]
fn of_a_router_with_very_many_users_no_sum_is_remembered() {
    let base = octets(GIGA, GIGA);
    let names: Vec<String> = (0..10_000).map(|number| format!("voucher-{number}")).collect();
    let others = (2..).zip(&names).map(|(id, user)| Sum { id, user, octets: Octets::ZERO });
    let sums: Vec<Sum<'_>> = std::iter::once(sum_of_ana(base)).chain(others).collect();
    let mut spot = Spot::open(&sums);
    spot.follow(base);
    spot.leave(sum_of_ana(base + octets(1_500, 9_700)));
    spot.assert_untold("10,001 users");
}
