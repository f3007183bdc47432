//! Devices of vouchers on a router: really in, at the voucher's speed, until it is over; and nothing else touched.

use std::time::Duration;

use operations::{
    AdmissionError, LimitFound, LimitRequest, LimitWho, RouterCommandError, VoucherFound, VoucherOwner,
};
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::world::{Policies, User};
use store::{
    LimitUntil, RateLimit, RateLimitRepository, VoucherDeviceRepository, VoucherPhase, VoucherRepository,
};

use super::books::act;
use super::booth::{AN_HOUR_US, Booth, CODE, GUEST, PHONE, TABLET, terms};

const SECOND_US: u64 = 1_000_000;

#[tokio::test]
async fn a_device_is_really_in_at_the_vouchers_speed_and_a_second_click_changes_nothing() {
    let booth = Booth::new().await;
    assert_eq!(booth.moved(), 0, "it is not in");
    let first = booth.activate(CODE, PHONE).await.unwrap();
    assert!(
        !first.already && first.left_us.is_some_and(|left| left > AN_HOUR_US - 60 * SECOND_US),
        "{first:?}"
    );
    let queue = booth.rows("/queue/simple/print", &["name", "max-limit"]).await;
    assert_eq!(queue, [["pisonet-AA:BB:CC:00:00:01", "1000000/2000000"]]);
    let user = booth.rows("/ip/hotspot/user/print", &["name", "mac-address", "profile", "comment"]).await;
    assert_eq!(user, [["ABCD-1", PHONE, "tikmeter-voucher", &booth.mark().await]]);
    assert_eq!(booth.phase(CODE).await, VoucherPhase::Running);
    let changes = booth.sim.changes().len();
    let again = booth.activate(CODE, PHONE).await.unwrap();
    assert!(again.already && again.proof != first.proof, "{again:?}");
    assert_eq!(booth.activate_with(CODE, PHONE, &again.proof).await.unwrap().proof, again.proof);
    let kept = booth.keep().await;
    assert_eq!((kept.commands.len(), kept.stays, booth.sim.changes().len()), (0, None, changes));
    assert_eq!(booth.moved(), 10 * 2_000_000 / 8, "2 Mbit/s for ten seconds, of the 40 that it would");
}

#[tokio::test]
async fn the_router_alone_ends_it_in_time_and_never_early() {
    let booth = Booth::of(terms(Some(120 * SECOND_US), 1), 1).await;
    booth.activate(CODE, PHONE).await.unwrap();
    let Booth { house, sim, .. } = booth;
    drop(house);
    let is_in = || sim.with_world(|world| world.hotspot_sessions().count());
    sim.with_world(|world| world.advance(Duration::from_secs(115)));
    assert_eq!(is_in(), 1, "early");
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    assert_eq!(is_in(), 0, "it is in for ever");
}

#[tokio::test]
async fn it_is_put_out_when_its_time_is_over_with_cookies_user_and_queue() {
    let booth = Booth::of(terms(Some(6 * SECOND_US), 1), 1).await;
    booth.sim.with_world(|world| world.log_in("ana", TABLET, 0, 0));
    let foreign = booth.everything().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.until_out().await;
    assert_eq!(booth.everything().await, foreign, "what is not ours is as before");
    booth.until_phase(CODE, VoucherPhase::Over).await;
    assert_eq!(booth.activate(CODE, PHONE).await, Err(AdmissionError::InvalidCode));
    for _ in 0..600 {
        let (issued, _) = booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap();
        if issued.voucher.ended_at.is_some() && booth.house.sqlite.voucher_routers().await.unwrap().is_empty()
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never ended, or the router is asked on though nothing of ours is there");
}

#[tokio::test]
async fn of_two_at_once_one_is_let_in_and_a_full_voucher_lets_nobody_in() {
    let booth = Booth::new().await;
    let (one, other) = tokio::join!(booth.activate(CODE, PHONE), booth.activate(CODE, TABLET));
    let refused = [one.clone(), other.clone()].into_iter().filter(Result::is_err).collect::<Vec<_>>();
    assert_eq!(refused, [Err(AdmissionError::AlreadyUsed)], "{one:?} {other:?}");
    assert_eq!(booth.sim.with_world(|world| world.hotspot_sessions().count()), 1);
    let (one, other) = tokio::join!(booth.activate(CODE, PHONE), booth.activate(CODE, PHONE));
    assert!(one.is_err() == other.is_err(), "a double click is answered twice the same: {one:?} {other:?}");
    for wrong in ["", "NOSUCH", "ABCD-9"] {
        assert_eq!(booth.activate(wrong, GUEST).await, Err(AdmissionError::InvalidCode));
    }

    let family = Booth::of(terms(Some(AN_HOUR_US), 2), 1).await;
    let (one, other) = tokio::join!(family.activate(CODE, PHONE), family.activate("abcd-1 ", TABLET));
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    assert_eq!(family.moved(), 2 * 10 * 2_000_000 / 8, "each at its full rate");
    assert_eq!(family.activate(CODE, GUEST).await, Err(AdmissionError::AlreadyUsed));
}

#[tokio::test]
async fn what_is_left_moves_to_another_device_with_the_proof_and_to_nobody_without() {
    let booth = Booth::new().await;
    let owner = booth.activate(CODE, PHONE).await.unwrap();
    assert_eq!(booth.activate(CODE, TABLET).await, Err(AdmissionError::AlreadyUsed));
    let stranger = booth.move_to(&"0".repeat(64), TABLET).await;
    assert_eq!(stranger, Err(AdmissionError::InvalidCode));
    let forged =
        booth.operations.move_voucher_device(&owner.proof, booth.device_at(TABLET, "10.5.0.77")).await;
    assert_eq!(forged, Err(AdmissionError::NotInSight));
    let moved = booth.move_to(&owner.proof, TABLET).await.unwrap();
    assert!(moved.left_us <= owner.left_us && moved.proof == owner.proof, "{moved:?}");
    booth.until_rows("/queue/simple/print", 1).await;
    let active = booth.rows("/ip/hotspot/active/print", &["user", "mac-address"]).await;
    assert_eq!(active, [["ABCD-1", TABLET]]);
    assert_eq!(booth.rows("/queue/simple/print", &["name"]).await, [["pisonet-AA:BB:CC:00:00:02"]]);
    let cookies = booth.rows("/ip/hotspot/cookie/print", &["mac-address"]).await;
    assert!(!cookies.is_empty() && cookies.iter().all(|cookie| cookie == &[TABLET]), "{cookies:?}");
    let standing = booth.operations.voucher_by_proof(&owner.proof).await.unwrap().unwrap();
    assert!(standing.active && standing.left_us <= moved.left_us, "{standing:?}");
    let nas = booth.nas().await.id;
    assert_eq!(booth.operations.voucher_by_device(nas, PHONE).await.unwrap(), None);
}

#[tokio::test]
async fn what_a_router_refuses_is_told_in_its_words_and_leaves_the_voucher_unused() {
    let booth = Booth::new().await;
    booth.sim.with_world(|world| {
        world.device_mut().users = vec![User::new("admin", "simulated", Policies::READ_ONLY)];
    });
    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = booth.activate(CODE, PHONE).await
    else {
        panic!("it is let in")
    };
    assert!(why.contains("not enough permissions (9)") && why.contains("policy=api,read,write"), "{why}");
    assert_eq!(booth.phase(CODE).await, VoucherPhase::Unused);

    let booth = Booth::new().await;
    let binding = [("mac-address", PHONE), ("type", "blocked")];
    crate::sim::tell(&booth.sim, "/ip/hotspot/ip-binding/add", &binding).await;
    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = booth.activate(CODE, PHONE).await
    else {
        panic!("it is let in")
    };
    assert!(why.contains("this device is blocked") && !why.contains("=password=0"), "{why}");
    booth.until_out().await;
    assert_eq!(booth.activate(CODE, TABLET).await.map(|device| device.already), Ok(false));

    let booth = Booth::new().await;
    booth.sim.with_world(|world| world.add_hotspot_user(CODE));
    let foreign = booth.everything().await;
    let Err(AdmissionError::Router(RouterCommandError::Refused(why))) = booth.activate(CODE, PHONE).await
    else {
        panic!("it is let in")
    };
    assert!(why.contains("does not carry our mark"), "{why}");
    booth.keep().await;
    assert_eq!(booth.everything().await, foreign);
}

#[tokio::test]
async fn a_forged_device_and_a_router_that_is_away_use_nothing() {
    let booth = Booth::new().await;
    for (mac, address) in [("AA:BB:CC:00:00:99", "10.5.0.2"), (PHONE, "10.5.0.77")] {
        for code in [CODE, "NO-SUCH"] {
            let forged = booth.operations.activate_voucher(code, booth.device_at(mac, address), None).await;
            assert_eq!(forged, Err(AdmissionError::NotInSight));
        }
    }
    let nonsense = booth.operations.activate_voucher(CODE, booth.device_at("nobody", "10.5.0.2"), None).await;
    assert!(matches!(nonsense, Err(AdmissionError::Other(_))), "{nonsense:?}");
    assert_eq!((booth.phase(CODE).await, booth.sim.changes().len()), (VoucherPhase::Unused, 0));
    booth.house.set_enabled("r", false).await;
    let away = booth.activate(CODE, PHONE).await;
    assert!(matches!(away, Err(AdmissionError::Router(_))), "{away:?}");
    booth.house.set_enabled("r", true).await;
    booth.until_nobody(CODE).await;
    assert_eq!(booth.phase(CODE).await, VoucherPhase::Unused);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_found_out() {
    let mut booth = Booth::new().await;
    booth.clock_back();
    let cut = Fault::cut_after(0, Cut::Drop);
    booth.sim.faults().once_on("/ip/hotspot/active/login", cut);
    let doubt = booth.activate(CODE, PHONE).await;
    assert!(matches!(&doubt, Err(AdmissionError::Router(RouterCommandError::Unknown(_)))), "{doubt:?}");
    booth.until_phase(CODE, VoucherPhase::Running).await;
    booth.until_rows("/queue/simple/print", 1).await;
    assert_eq!(booth.moved(), 10 * 2_000_000 / 8);
}

#[tokio::test]
async fn who_is_paused_revoked_or_has_ended_is_off_and_comes_again_only_where_that_is_right() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let id = booth.house.sqlite.voucher_by_code(CODE.to_owned()).await.unwrap().unwrap().0.voucher.id;
    booth.house.sqlite.pause_voucher(id, booth.act("voucher.pause")).await.unwrap().unwrap();
    booth.until_out().await;
    assert_eq!(booth.activate(CODE, PHONE).await, Err(AdmissionError::InvalidCode));
    let resumed = booth.house.sqlite.resume_voucher(id, booth.act("voucher.resume")).await.unwrap().unwrap();
    booth.activate(CODE, PHONE).await.unwrap();
    let left = resumed.clock.left_us.unwrap();
    assert!(left > AN_HOUR_US - 30 * SECOND_US, "{left}");
    booth.until_rows("/queue/simple/print", 1).await;
    assert_eq!(
        booth.activate("NO-SUCH", PHONE).await,
        Err(AdmissionError::OtherVoucher),
        "as with any other"
    );
    booth.operations.end_voucher_session(VoucherOwner::Code("abcd-1")).await.unwrap();
    assert_eq!(booth.rows("/ip/hotspot/user/print", &["name"]).await.len(), 0, "it is off when that is said");
    booth.until_out().await;
    let came = booth.activate(CODE, PHONE).await.unwrap();
    booth.operations.end_voucher_session(VoucherOwner::Proof(&came.proof)).await.unwrap();
    booth.until_out().await;
    let again = booth.operations.end_voucher_session(VoucherOwner::Proof(&came.proof)).await;
    assert_eq!(again, Ok(()), "it was pressed twice");
    let again = booth.operations.end_voucher_session(VoucherOwner::Code(CODE)).await;
    assert_eq!(again, Err(AdmissionError::InvalidCode), "of a code there is nothing to learn");
    booth.activate(CODE, PHONE).await.unwrap();
    booth.house.sqlite.revoke_voucher(id, booth.act("voucher.revoke")).await.unwrap().unwrap();
    booth.until_out().await;
    assert_eq!(booth.activate(CODE, PHONE).await, Err(AdmissionError::InvalidCode));
}

#[tokio::test]
async fn data_that_is_used_up_ends_it_and_the_router_alone_does_so_too() {
    let mut limited = terms(None, 1);
    limited.quota_octets = Some(10_000_000);
    let booth = Booth::of(limited.clone(), 1).await;
    let admitted = booth.activate(CODE, PHONE).await.unwrap();
    assert_eq!((admitted.left_us, admitted.left_octets), (None, Some(10_000_000)));
    let limit = booth.rows("/ip/hotspot/user/print", &["limit-bytes-total"]).await;
    assert_eq!(limit, [["10000000"]]);
    booth.sim.with_world(|world| world.advance(Duration::from_secs(60)));
    booth.until_phase(CODE, VoucherPhase::Over).await;
    booth.until_out().await;

    let booth = Booth::of(limited, 1).await;
    booth.activate(CODE, PHONE).await.unwrap();
    let Booth { house, sim, .. } = booth;
    drop(house);
    sim.with_world(|world| world.advance(Duration::from_secs(60)));
    assert_eq!(sim.with_world(|world| world.hotspot_sessions().count()), 0);
}

#[tokio::test]
async fn what_a_foreign_hand_does_to_ours_is_mended_and_a_limit_that_people_set_stays() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let set = [("numbers", CODE), ("limit-uptime", "1m"), ("disabled", "yes")];
    crate::sim::tell(&booth.sim, "/ip/hotspot/user/set", &set).await;
    let profile = [("numbers", "tikmeter-voucher"), ("rate-limit", "64k/64k")];
    crate::sim::tell(&booth.sim, "/ip/hotspot/user/profile/set", &profile).await;
    // A pass that nobody ordered may have come before.
    let kept = booth.keep().await;
    assert!(kept.commands.len() <= 2 && kept.stays.is_none(), "{kept:?}");
    let user = booth.rows("/ip/hotspot/user/print", &["limit-uptime", "disabled"]).await;
    assert!(user[0][0].starts_with("1h") && user[0][1] == "false", "{user:?}");
    assert_eq!(
        booth.rows("/ip/hotspot/user/profile/print", &["name", "rate-limit"]).await.last().unwrap()[1],
        ""
    );
    crate::sim::tell(&booth.sim, "/ip/hotspot/user/remove", &[("numbers", CODE)]).await;
    let kept = booth.keep().await;
    assert!(matches!(kept.of(CODE.as_bytes()), Some(VoucherFound { uptime_s: Some(_), .. })), "{kept:?}");
    assert_eq!(
        booth.rows("/ip/hotspot/user/print", &["name", "comment"]).await,
        [[CODE, &booth.mark().await]]
    );

    let nas = booth.nas().await.id;
    let mut theirs = booth.house.sqlite.limits(Some(nas)).await.unwrap().remove(0);
    (theirs.set_by, theirs.rate.down_bps) = ("eva".to_owned(), Some(4_000_000));
    booth.house.sqlite.set_limit(theirs.clone(), act("limit.set")).await.unwrap();
    booth.keep().await;
    booth.activate(CODE, PHONE).await.unwrap();
    assert_eq!(booth.house.sqlite.limits(Some(nas)).await.unwrap(), [theirs.clone()]);
    assert_eq!(booth.moved(), 10 * 4_000_000 / 8);
    booth.house.sqlite.remove_limit(nas, theirs.subject, act("limit.remove")).await.unwrap();
    booth.keep().await;
    let back = booth.house.sqlite.limits(Some(nas)).await.unwrap();
    assert_eq!(back[0].rate.down_bps, Some(2_000_000), "the voucher's own is wanted again");
}

/// Between the end of the boost and the voucher's speed the queue stands: it gets another speed, and never goes.
#[tokio::test]
async fn a_boost_over_a_vouchers_limit_ends_in_that_without_a_moment_of_none() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.house.read("r").await.unwrap();
    let queue = async || booth.rows("/queue/simple/print", &["name", "max-limit"]).await;
    let before = queue().await;
    let until = booth.operations.limit_for(Duration::from_secs(1)).await.unwrap();
    let boost = LimitRequest { until: Some(until), ..limit_to(9_000_000) };
    booth.operations.set_limit("eva", boost).await.unwrap();
    assert_ne!(queue().await, before);
    let sent = booth.sim.changes().len();
    for _ in 0..600 {
        if queue().await == before {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(queue().await, before, "the voucher's own speed");
    let sent = booth.sim.changes().split_off(sent);
    assert!(sent.iter().all(|command| command.starts_with("/queue/simple/set")), "{sent:?}");
}

#[tokio::test]
async fn a_limit_that_people_remove_is_none_though_a_voucher_says_one() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let who = LimitWho::Mac(PHONE.to_owned());
    let removed = booth.operations.remove_limit("eva", Some("r"), &who, false).await.unwrap();
    assert_eq!(removed.found, Some(LimitFound::Free), "{removed:?}");
    booth.keep().await;
    assert_eq!(booth.moved(), 10 * 40_000_000 / 8);
    let wanted = booth.operations.list_limits(None).await.unwrap().remove(0).wanted;
    assert!(matches!(wanted.until, LimitUntil::Session(_)), "{wanted:?}");
}

fn limit_to(bps: u64) -> LimitRequest {
    LimitRequest {
        who: LimitWho::Mac(PHONE.to_owned()),
        router: Some("r".to_owned()),
        rate: RateLimit { up_bps: Some(bps), down_bps: Some(bps) },
        plan: None,
        unlimited: false,
        until: Some(LimitUntil::Removed),
        dry_run: false,
    }
}

/// Whoever is told that it is set is told what stands.
#[tokio::test]
async fn of_two_who_limit_somebody_at_once_nobody_is_told_of_a_speed_that_does_not_stand() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.house.read("r").await.unwrap();
    let (eva, bob) = (limit_to(512_000), limit_to(5_000_000));
    let set = async |actor, limit| booth.operations.set_limit(actor, limit).await;
    let (one, other) = tokio::join!(set("eva", eva), set("bob", bob));
    assert!(one.is_ok() || other.is_ok(), "{one:?} {other:?}");
    for told in [one, other] {
        match told {
            Ok(set) => assert_eq!(set.found, Some(LimitFound::Set(set.wanted.unwrap().rate))),
            Err(why) => assert!(why.to_string().contains("another speed"), "{why}"),
        }
    }
}

/// With a voucher behind, "remove" lets whoever is there be free until their session ends; who is away has none.
#[tokio::test]
async fn what_somebody_set_is_taken_away_also_while_the_device_is_away() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.house.read("r").await.unwrap();
    let (nas, who) = (booth.nas().await.id, LimitWho::Mac(PHONE.to_owned()));
    booth.operations.set_limit("eva", limit_to(64_000)).await.unwrap();
    booth.sim.with_world(|world| {
        let session = world.hotspot_sessions().next().unwrap();
        world.leave(session);
    });
    booth.house.read("r").await.unwrap();
    booth.house.read("r").await.unwrap();
    booth.operations.remove_limit("eva", Some("r"), &who, false).await.unwrap();
    let wanted = booth.house.sqlite.limits(Some(nas)).await.unwrap();
    assert!(wanted.iter().all(|limit| limit.set_by != "eva"), "{wanted:?}");
}
