//! The data of a voucher: had once, however often its devices leave and come again, and told as of the last look.

use std::time::Duration;

use operations::{AdmissionError, RouterCommandError, StandsHow, VoucherOwner, VoucherStanding};
use routeros_sim::world::{ApiLoginCookies, HotspotUserCounters, SecondLogin, Switches, UserLimits};
use store::{VoucherPhase, VoucherTerms};

use super::booth::{AN_HOUR_US, Booth, CODE, GUEST, PHONE, TABLET, terms};

const QUOTA: u64 = 10_000_000;

/// With one voucher of so much data, at a hotspot whose devices move only what a test has them move.
async fn booth(switches: Switches) -> Booth {
    let terms = VoucherTerms { quota_octets: Some(QUOTA), ..terms(Some(AN_HOUR_US), 1) };
    let booth = Booth::with(terms, 1, switches).await;
    booth.sim.with_world(|world| {
        for mac in [PHONE, TABLET, GUEST] {
            world.appear(mac, 0, 0);
        }
    });
    booth
}

/// The device that logged in last moves that much at once, up and down.
fn moves(booth: &Booth, up: u64, down: u64) {
    booth.sim.with_world(|world| {
        let last = world.hotspot_sessions().last().expect("somebody is in");
        world.transfer(last, up, down);
    });
}

/// What all of the voucher's logins moved in truth.
fn truth(booth: &Booth) -> u64 {
    booth.sim.with_world(|world| {
        let total = world.truth().login(CODE).total();
        total.input + total.output
    })
}

async fn standing(booth: &Booth) -> VoucherStanding {
    booth.operations.voucher_by_code(CODE).await.unwrap().expect("it is good")
}

/// The next login is told from this one by more than its octets.
fn a_while(booth: &Booth) {
    booth.sim.with_world(|world| world.advance(Duration::from_secs(20)));
}

/// Enters the code on the phone; what is left by all that are asked.
async fn enters(booth: &Booth) -> u64 {
    a_while(booth);
    let admitted = booth.activate(CODE, PHONE).await.unwrap();
    let left = admitted.left_octets.unwrap();
    assert_eq!(limit(booth).await, left.to_string(), "what is left is the router's limit");
    let shown = standing(booth).await;
    assert_eq!((shown.left_octets, shown.how, shown.active), (Some(left), StandsHow::Online, true));
    assert_eq!(QUOTA - left, truth(booth));
    left
}

async fn limit(booth: &Booth) -> String {
    booth.rows("/ip/hotspot/user/print", &["limit-bytes-total"]).await.remove(0).remove(0)
}

/// Somebody takes the login off, or it ends by itself.
async fn logs_out(booth: &Booth) {
    let id = booth.rows("/ip/hotspot/active/print", &[".id"]).await.remove(0).remove(0);
    crate::sim::tell(&booth.sim, "/ip/hotspot/active/remove", &[(".id", &id)]).await;
}

async fn until_left(booth: &Booth, wanted: u64) {
    for _ in 0..600 {
        if standing(booth).await.left_octets == Some(wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{:?} and not {wanted}", standing(booth).await);
}

#[tokio::test]
async fn what_was_moved_is_gone_however_often_the_code_is_entered_again() {
    for (counters, limits) in [
        (HotspotUserCounters::Live, UserLimits::AtLogin),
        (HotspotUserCounters::Live, UserLimits::AtOnce),
        (HotspotUserCounters::AtLogout, UserLimits::AtOnce),
        (HotspotUserCounters::Never, UserLimits::AtLogin),
    ] {
        let switches =
            Switches { hotspot_user_counters: counters, user_limits: limits, ..Switches::default() };
        let booth = booth(switches).await;
        assert_eq!(enters(&booth).await, QUOTA);
        moves(&booth, 1_000_000, 3_000_000);
        booth.operations.end_voucher_session(VoucherOwner::Code(CODE)).await.unwrap();
        let off = standing(&booth).await;
        assert_eq!((off.left_octets, off.how, off.active), (Some(6_000_000), StandsHow::Away, false));
        assert_eq!(enters(&booth).await, 6_000_000, "{counters:?}");

        moves(&booth, 0, 1_000_000);
        booth.operations.pause_voucher("eva", CODE).await.unwrap();
        booth.until_out().await;
        until_left(&booth, 5_000_000).await;
        assert_eq!(standing(&booth).await.how, StandsHow::Paused);
        booth.operations.resume_voucher("eva", CODE).await.unwrap();
        assert_eq!(enters(&booth).await, 5_000_000, "{counters:?}");

        moves(&booth, 2_000_000, 0);
        a_while(&booth);
        let owner = booth.activate(CODE, PHONE).await.unwrap();
        let moved = booth.move_to(&owner.proof, TABLET).await.unwrap();
        assert_eq!((moved.left_octets, limit(&booth).await), (Some(3_000_000), "3000000".to_owned()));

        moves(&booth, 0, 1_000_000);
        if counters == HotspotUserCounters::Never {
            // Where no row tells what a login moved after the last look, that is not known.
            booth.keep().await;
        }
        logs_out(&booth).await;
        a_while(&booth);
        let again = booth.activate(CODE, TABLET).await.unwrap();
        assert_eq!((again.left_octets, truth(&booth)), (Some(2_000_000), 8_000_000), "{counters:?}");
    }
}

#[tokio::test]
async fn what_the_router_ends_between_two_looks_is_over_and_the_code_lets_nobody_in_again() {
    for counters in [HotspotUserCounters::Live, HotspotUserCounters::AtLogout] {
        let booth = booth(Switches { hotspot_user_counters: counters, ..Switches::default() }).await;
        enters(&booth).await;
        moves(&booth, 0, 9_000_000);
        booth.operations.end_voucher_session(VoucherOwner::Code(CODE)).await.unwrap();
        assert_eq!(enters(&booth).await, 1_000_000);
        moves(&booth, 1_000_000, 0);
        // Its limit is reached in that second.
        booth.sim.with_world(|world| world.advance(Duration::from_secs(2)));
        assert_eq!(booth.sim.with_world(|world| world.hotspot_sessions().count()), 0, "the router ends it");
        booth.until_phase(CODE, VoucherPhase::Over).await;
        booth.until_out().await;
        assert_eq!(booth.activate(CODE, PHONE).await, Err(AdmissionError::InvalidCode));
        assert_eq!(truth(&booth), QUOTA, "{counters:?}");
    }
}

#[tokio::test]
async fn what_is_left_is_of_the_last_look_and_so_is_who_is_in() {
    let booth = booth(Switches::default()).await;
    enters(&booth).await;
    let before = standing(&booth).await.as_of.expect("somebody looked");
    moves(&booth, 0, 2_500_000);
    // Nobody asks for a look and no reading is due before tomorrow.
    until_left(&booth, 7_500_000).await;
    let shown = standing(&booth).await;
    assert!(shown.as_of.is_some_and(|at| at > before), "{shown:?}");
    assert_eq!(shown.how, StandsHow::Online);
    logs_out(&booth).await;
    booth.keep().await;
    let shown = standing(&booth).await;
    assert_eq!((shown.how, shown.active, shown.left_octets), (StandsHow::Away, false, Some(7_500_000)));
    let (_, used) = booth.operations.voucher(CODE).await.unwrap();
    assert_eq!(
        (used.devices[0].is_online, used.left_octets, used.usage.moved),
        (false, Some(7_500_000), 2_500_000)
    );
}

#[tokio::test]
async fn a_login_without_cookies_and_one_of_a_device_that_is_in_as_another_are_as_good() {
    for api_login_cookies in [ApiLoginCookies::Same, ApiLoginCookies::None] {
        for second_login in [SecondLogin::Replaces, SecondLogin::IsRefused] {
            let booth = booth(Switches { api_login_cookies, second_login, ..Switches::default() }).await;
            enters(&booth).await;
            booth.operations.end_voucher_session(VoucherOwner::Code(CODE)).await.unwrap();
            booth.until_out().await;
            booth.sim.with_world(|world| world.log_in("ana", PHONE, 0, 0));
            let as_another = booth.activate(CODE, PHONE).await;
            match second_login {
                SecondLogin::Replaces => assert!(as_another.is_ok_and(|device| !device.already)),
                SecondLogin::IsRefused => {
                    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = as_another else {
                        panic!("it is let in: {as_another:?}")
                    };
                    assert!(why.contains("logged in as another user"), "{why}");
                    booth.until_nobody(CODE).await;
                    logs_out(&booth).await;
                    booth.activate(CODE, PHONE).await.unwrap();
                }
            }
            booth.operations.revoke_voucher("eva", CODE).await.unwrap();
            booth.until_out().await;
        }
    }
}
