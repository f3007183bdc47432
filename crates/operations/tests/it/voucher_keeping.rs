//! What is to become of vouchers' devices, by what their router showed: the books of a router, without one.

use accounting::time::Micros;
use operations::{
    LimitFound, LimitsKept, LimitsSeen, PlannedChange, RouterSeen, VoucherAct, VoucherFound, VoucherKeeping,
    VouchersKept, VouchersSeen, WhichVouchers, keep_voucher_devices, think_of_vouchers,
};
use store::{
    ClaimedVoucher, LimitSubject, NasId, NewAudit, RateLimit, VoucherClaim, VoucherDeviceState,
    VoucherHolder, VoucherIssue, VoucherPhase, VoucherTerms,
};

use crate::bench::{Bench, NOW, router};

pub(super) const MAC: &str = "AA:BB:CC:00:00:01";
const HOUR_US: i64 = 3_600_000_000;
pub(super) const RATE: RateLimit = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };

pub(super) fn later(us: i64) -> Micros {
    Micros(NOW.0 + us)
}

pub(super) fn act(at: Micros) -> NewAudit {
    NewAudit::by_system(at, "test", "test")
}

/// One voucher for an hour, at 1 and 2 Mbit/s, and a device that is wanted since `NOW`.
pub(super) struct Case {
    pub(super) bench: Bench,
    pub(super) nas: NasId,
    pub(super) holder: VoucherHolder,
}

impl Case {
    pub(super) async fn new(quota_octets: Option<u64>) -> Case {
        let bench = Bench::new();
        let nas = bench.operations.add_router("eva", router("r")).await.unwrap().nas.id;
        let holder = wanted(&bench, nas, "ABC", (RATE, quota_octets)).await;
        Case { bench, nas, holder }
    }

    pub(super) async fn in_since(quota_octets: Option<u64>, since: Micros) -> Case {
        let case = Case::new(quota_octets).await;
        let store = &case.bench.operations.store;
        store.complete_voucher_device(case.holder.device.id, since, act(since)).await.unwrap().unwrap();
        case
    }

    pub(super) async fn keep(&self, seen: Option<VouchersSeen>, now: Micros) -> VoucherKeeping {
        let operations = &self.bench.operations;
        self.keep_by(&operations.node.run, seen, now).await
    }

    /// By that run of the process.
    pub(super) async fn keep_by(&self, run: &str, seen: Option<VouchersSeen>, now: Micros) -> VoucherKeeping {
        let limits = &self.bench.operations.limits;
        let router = RouterSeen { vouchers: seen.as_ref(), limits, wall: now };
        keep_voucher_devices(&*self.bench.operations.store, (self.nas, run), router, now).await.unwrap()
    }

    /// The router was looked at, and its queue for the device stands so.
    pub(super) fn queue(&self, at: Micros, found: LimitFound) {
        let found = vec![(LimitSubject::Device(MAC.into()), found)];
        let kept = Ok(LimitsKept { found, ..LimitsKept::default() });
        self.bench.operations.limits.show(self.nas, LimitsSeen { at, told: 0, over: vec![], kept });
    }

    /// How the device and its voucher stand; `None`: there is no such device.
    pub(super) async fn stands(&self, now: Micros) -> (VoucherPhase, Option<VoucherDeviceState>) {
        let store = &self.bench.operations.store;
        let (issued, devices) = store.voucher_by_code("ABC".to_owned()).await.unwrap().unwrap();
        (issued.voucher.phase(now), devices.first().map(|device| device.state))
    }

    pub(super) async fn limits(&self) -> Vec<(String, Option<u64>)> {
        let limits = self.bench.operations.store.limits(Some(self.nas)).await.unwrap();
        limits.into_iter().map(|limit| (limit.set_by, limit.rate.down_bps)).collect()
    }
}

/// A voucher of that code, for an hour, and the device wanted with it since `NOW`.
async fn wanted(
    bench: &Bench,
    nas: NasId,
    code: &str,
    (rate, quota_octets): (RateLimit, Option<u64>),
) -> VoucherHolder {
    let terms = VoucherTerms { validity_us: Some(HOUR_US.unsigned_abs()), devices: 1, rate, quota_octets };
    let (plan, price, seller, note) = (None, None, None, None);
    let issue = VoucherIssue { made_at: NOW, made_by: "eva".to_owned(), plan, price, seller, note, terms };
    bench.operations.store.insert_vouchers(issue, vec![code.to_owned()], act(NOW)).await.unwrap();
    let by = Some(bench.operations.node.run.clone());
    let claim = VoucherClaim { code: code.to_owned(), nas, mac: MAC.to_owned(), proof: None, at: NOW, by };
    let claimed = bench.operations.store.claim_voucher(claim).await.unwrap();
    let ClaimedVoucher::Device { holder, .. } = claimed else { panic!("{claimed:?}") };
    holder
}

/// A router that shows the user; it is logged in for so long.
pub(super) fn shows(at: Micros, uptime_s: Option<u64>, octets: u64) -> Option<VouchersSeen> {
    shows_user("ABC", at, uptime_s, octets)
}

fn shows_user(user: &str, at: Micros, uptime_s: Option<u64>, octets: u64) -> Option<VouchersSeen> {
    let found = vec![(user.into(), VoucherFound { uptime_s, octets })];
    let kept = VouchersKept { found, shown: vec![user.into()], ..VouchersKept::default() };
    Some(VouchersSeen { at, told: 0, kept: Ok(kept) })
}

/// A router that shows nothing of it, though it is looked for.
pub(super) fn shows_nothing(at: Micros) -> Option<VouchersSeen> {
    let mut seen = shows(at, None, 0).unwrap();
    seen.kept.as_mut().unwrap().shown.clear();
    Some(seen)
}

#[tokio::test]
async fn who_is_being_let_in_is_left_alone_for_a_minute_and_longer_while_nobody_saw_the_router() {
    let (case, soon, late) = (Case::new(None).await, later(59_000_000), later(120_000_000));
    let is_wanted = (VoucherPhase::Unused, Some(VoucherDeviceState::Wanted));
    let unheard = Some(VouchersSeen { at: late, told: 0, kept: Err("away".to_owned()) });
    let of_before = shows(later(60_000_000), Some(30), 0);
    for (seen, now) in [(shows(soon, Some(3), 0), soon), (None, late), (unheard, late), (of_before, late)] {
        let keeping = case.keep(seen, now).await;
        assert_eq!((keeping.wanted.len(), keeping.wanted[0].is_in, keeping.next), (1, false, None));
        assert_eq!(case.stands(now).await, is_wanted);
    }
    assert_eq!(case.limits().await, []);
}

#[tokio::test]
async fn who_was_left_in_is_in_since_they_logged_in_and_who_was_not_is_forgotten() {
    for now in [later(120_000_000), later(-HOUR_US)] {
        let case = Case::new(None).await;
        let keeping = case.keep(shows(now, Some(90), 0), now).await;
        assert_eq!(
            (case.stands(now).await, keeping.wanted[0].is_in),
            ((VoucherPhase::Unused, Some(VoucherDeviceState::Wanted)), false),
            "nobody saw its queue"
        );
        assert_eq!(
            (keeping.limits_changed, case.limits().await),
            (true, vec![("voucher".to_owned(), Some(2_000_000))])
        );
        case.queue(now, LimitFound::Set(RATE));
        let keeping = case.keep(shows(now, Some(90), 0), now).await;
        assert_eq!(case.stands(now).await, (VoucherPhase::Running, Some(VoucherDeviceState::In)));
        // It did not begin before it was wanted, whatever the clock says.
        let ends = Micros((now.0 - 90_000_000).max(NOW.0) + HOUR_US);
        assert_eq!(
            (keeping.next, keeping.wanted[0].until, keeping.wanted[0].is_in),
            (Some(ends), Some(ends), true)
        );
        assert!(!keeping.limits_changed, "again and again");
        let journal = case.bench.journal().await;
        assert!(journal.contains(&"system voucher.activate".to_owned()), "{journal:?}");

        let case = Case::new(None).await;
        let keeping = case.keep(shows(now, None, 0), now).await;
        assert_eq!((keeping.wanted, keeping.has_live), (vec![], false));
        assert_eq!(case.stands(now).await, (VoucherPhase::Unused, None));
    }
}

#[tokio::test]
async fn what_a_process_that_is_gone_was_letting_in_is_settled_by_the_first_look_since() {
    let (before, soon) = (later(-1), later(1_000_000));
    let wanted = (VoucherPhase::Unused, Some(VoucherDeviceState::Wanted));
    let case = Case::new(None).await;
    for seen in [None, shows(before, Some(9), 0), shows_nothing(before)] {
        case.keep_by("another run", seen, soon).await;
        assert_eq!(case.stands(soon).await, wanted, "that look says nothing of it");
    }
    case.keep(shows(soon, None, 0), soon).await;
    assert_eq!(case.stands(soon).await, wanted, "this process lets it in");
    case.queue(later(-1), LimitFound::Set(RATE));
    for _ in 0..2 {
        case.keep_by("another run", shows(soon, Some(1), 0), soon).await;
        assert_eq!(case.stands(soon).await, wanted, "that is the queue of a login before");
    }
    case.queue(soon, LimitFound::Set(RATE));
    case.keep_by("another run", shows(soon, Some(1), 0), soon).await;
    assert_eq!(case.stands(soon).await, (VoucherPhase::Running, Some(VoucherDeviceState::In)));

    let case = Case::new(None).await;
    let keeping = case.keep_by("another run", shows(soon, None, 0), soon).await;
    assert_eq!((keeping.wanted, case.stands(soon).await), (vec![], (VoucherPhase::Unused, None)));
}

#[tokio::test]
async fn what_is_over_is_put_out_in_the_books_when_the_router_shows_nothing_of_it_and_not_before() {
    let case = Case::in_since(None, NOW).await;
    let (running, over) = (later(HOUR_US - 1), later(HOUR_US));
    assert_eq!(case.keep(shows(running, Some(3_599), 0), running).await.wanted.len(), 1);
    let keeping = case.keep(shows(over, Some(3_600), 0), over).await;
    assert_eq!((keeping.wanted.len(), keeping.has_live), (0, true), "it is still there");
    assert_eq!(case.limits().await.len(), 1, "without its queue it would be as fast as the line");
    assert_eq!(case.stands(over).await, (VoucherPhase::Over, Some(VoucherDeviceState::In)));
    let stale = shows_nothing(later(HOUR_US - 60_000_000));
    assert!(case.keep(stale, over).await.has_live, "seen before it was over");
    assert!(!case.keep(shows_nothing(over), over).await.has_live);
    assert_eq!(case.limits().await, [], "its queue goes with it");
    assert_eq!(case.stands(over).await, (VoucherPhase::Over, Some(VoucherDeviceState::Out)));
    let ended = case.bench.operations.store.end_vouchers(over).await.unwrap();
    assert_eq!(ended.len(), 1);
}

#[tokio::test]
async fn what_the_router_showed_before_somebody_was_in_puts_nobody_out() {
    let case = Case::in_since(None, NOW).await;
    let (before, soon) = (later(-5_000_000), later(5_000_000));
    let voucher = case.holder.device.voucher;
    case.bench.operations.store.revoke_voucher(voucher, act(soon)).await.unwrap().unwrap();
    case.keep(shows_nothing(before), soon).await;
    assert_eq!(case.stands(soon).await, (VoucherPhase::Revoked, Some(VoucherDeviceState::In)));
    case.keep(shows_nothing(soon), soon).await;
    assert_eq!(case.stands(soon).await, (VoucherPhase::Revoked, Some(VoucherDeviceState::Out)));
}

#[tokio::test]
async fn who_is_to_leave_is_not_wanted_and_has_the_place_until_a_look_since_then_shows_it_off() {
    let case = Case::in_since(None, NOW).await;
    let (before, left, after) = (later(5_000_000), later(6_000_000), later(7_000_000));
    case.bench.operations.store.leave_voucher_device(case.holder.device.id, act(left)).await.unwrap();
    for seen in [None, shows_nothing(before), shows(after, Some(7), 0)] {
        let keeping = case.keep(seen, after).await;
        assert_eq!((keeping.wanted.len(), keeping.has_live), (0, true));
        assert_eq!((&*keeping.leaving[0].login, &*keeping.leaving[0].mac), (&b"ABC"[..], MAC.as_bytes()));
        assert_eq!(case.stands(after).await, (VoucherPhase::Running, Some(VoucherDeviceState::In)));
    }
    let keeping = case.keep(shows_nothing(after), after).await;
    assert_eq!((keeping.leaving, keeping.has_live), (vec![], false));
    assert_eq!(case.stands(after).await, (VoucherPhase::Running, Some(VoucherDeviceState::Out)));

    let case = Case::new(None).await;
    case.bench.operations.store.leave_voucher_device(case.holder.device.id, act(left)).await.unwrap();
    assert!(case.keep(shows_nothing(after), after).await.has_live, "it may be on its way in");
    let late = later(120_000_000);
    assert!(!case.keep(shows_nothing(late), late).await.has_live);
    assert_eq!(case.stands(late).await, (VoucherPhase::Unused, None));
}

#[tokio::test]
async fn data_is_over_by_what_the_router_shows_as_soon_as_by_the_books() {
    let case = Case::in_since(Some(1_000), NOW).await;
    let soon = later(1_000_000);
    let keeping = case.keep(shows(soon, Some(1), 999), soon).await;
    assert_eq!((keeping.wanted[0].left_octets, keeping.wanted[0].moved_octets), (Some(1), 999));
    assert_eq!(case.keep(shows(soon, Some(1), 1_000), soon).await.wanted, vec![]);
    assert_eq!(case.stands(soon).await.0, VoucherPhase::Over);
}

/// What is sent is planned by what the router shows, and so is what would be.
#[tokio::test]
async fn what_would_be_of_vouchers_with_data_is_thought_of_by_what_the_router_shows() {
    let case = Case::in_since(Some(1_000), NOW).await;
    let soon = later(1_000_000);
    let thought = async |act, octets| {
        let seen = shows(soon, Some(1), octets);
        let which = WhichVouchers::One(case.holder.device.voucher);
        let store = &*case.bench.operations.store;
        think_of_vouchers(store, case.nas, &PlannedChange::Vouchers(which, act), (seen.as_ref(), soon))
            .await
            .unwrap()
    };
    let stays = thought(VoucherAct::Resume, 999).await;
    assert_eq!((stays.wanted[0].left_octets, stays.wanted[0].moved_octets), (Some(1), 999));
    let used_up = thought(VoucherAct::Resume, 1_000).await;
    assert_eq!((used_up.wanted, &*used_up.leaving[0].login), (vec![], &b"ABC"[..]), "it goes anyway");
    assert_eq!(thought(VoucherAct::Pause, 999).await.wanted, vec![]);
    let keeping = case.keep(shows(soon, Some(1), 999), soon).await;
    assert_eq!(keeping.wanted, stays.wanted, "nothing was written down");
}

#[tokio::test]
async fn a_device_that_is_in_by_a_voucher_without_a_speed_keeps_none_of_the_one_before() {
    let case = Case::in_since(None, NOW).await;
    case.keep(None, NOW).await;
    let store = &case.bench.operations.store;
    store.put_out_voucher_device(case.holder.device.id, act(NOW)).await.unwrap();
    let free = wanted(&case.bench, case.nas, "FREE", (RateLimit::default(), None)).await;
    let (of_before, soon) = ([("voucher".to_owned(), Some(2_000_000))], later(1_000_000));
    let seen = || shows_user("FREE", soon, Some(1), 0);
    case.keep(seen(), soon).await;
    assert_eq!(
        case.limits().await,
        of_before,
        "it is not known to be in: nobody is as fast as the line for nothing"
    );
    store.complete_voucher_device(free.device.id, soon, act(soon)).await.unwrap().unwrap();
    assert!(case.keep(seen(), soon).await.limits_changed);
    assert_eq!(case.limits().await, []);
}
