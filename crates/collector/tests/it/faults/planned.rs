//! What a dry run shows is what is sent when it is done: of vouchers, holds, and routers that are left.

use std::time::Duration;

use accounting::time::Micros;
use operations::{
    BulkEnd, BulkFilter, DisconnectRequest, HoldWho, RouterCommandError, RouterPatch, RouterPlan,
    ShownSessions, VoucherAct,
};
use routeros_sim::faults::Fault;
use routeros_sim::world::{Service, SessionKey};
use store::{
    HoldRepository, HoldSubject, LimitSubject, LimitUntil, RateLimit, RateLimitRepository, VoucherTerms,
    WantedLimit,
};

use super::booth::{AN_HOUR_US, Booth, CODE, GUEST, PHONE, TABLET, terms};

/// Without what is new each time: a password, and what is left of a time that runs.
fn plain(commands: &[String]) -> Vec<String> {
    let is_same = |word: &&str| !["password", "limit-uptime"].iter().any(|name| word.contains(name));
    commands.iter().map(|command| command.split(' ').filter(is_same).collect::<Vec<_>>().join(" ")).collect()
}

/// What is shown of the only router, after which nothing was sent.
fn shown(booth: &Booth, sent: usize, plans: Vec<RouterPlan>) -> Vec<String> {
    assert_eq!(booth.sim.changes().len(), sent, "it is only thought of");
    let [RouterPlan { router, commands }] = plans.try_into().unwrap();
    assert_eq!(router, "r");
    plain(&commands.unwrap())
}

fn parted(commands: Vec<String>) -> (Vec<String>, Vec<String>) {
    commands.into_iter().partition(|command| command.starts_with("/queue/"))
}

/// Waits until the router was sent as much.
async fn until_sent(booth: &Booth, sent: usize, commands: &[String]) {
    for _ in 0..600 {
        if booth.sim.changes().len() >= sent + commands.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Whatever comes beside it would come soon.
    booth.keep().await;
    // Who keeps queues does not wait for who keeps devices: each of them sends in its order.
    let (queues, others) = parted(plain(&booth.sim.changes()[sent..]));
    assert_eq!((queues, others), parted(commands.to_vec()));
}

/// What is shown of the first voucher, which is what is sent when it is done.
async fn shown_and_sent(booth: &Booth, act: VoucherAct) -> Vec<String> {
    let sent = booth.sim.changes().len();
    let commands = shown(booth, sent, booth.operations.plan_voucher(CODE, act).await.unwrap());
    match act {
        VoucherAct::Pause => booth.operations.pause_voucher("eva", CODE).await,
        VoucherAct::Resume => booth.operations.resume_voucher("eva", CODE).await,
        VoucherAct::Revoke => booth.operations.revoke_voucher("eva", CODE).await,
    }
    .unwrap();
    until_sent(booth, sent, &commands).await;
    commands
}

/// Each login of that user moves so much at once, down.
fn moves(booth: &Booth, user: &str, octets: u64) {
    booth.sim.with_world(|world| {
        let its = |key: &SessionKey| world.login_of(*key) == user.as_bytes();
        let key = world.hotspot_sessions().find(its).expect("they are in");
        world.transfer(key, 0, octets);
    });
}

/// Nothing is left to be done about what was seen until now: what a look shows is seen to by the one after it.
async fn come_to_rest(booth: &Booth) {
    let mut at_rest = 0;
    while at_rest < 2 {
        at_rest = if booth.keep().await.commands.is_empty() { at_rest + 1 } else { 0 };
    }
}

#[tokio::test]
async fn what_is_shown_of_vouchers_is_what_is_sent() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 2), 1).await;
    for mac in [PHONE, TABLET] {
        booth.activate(CODE, mac).await.unwrap();
    }
    for (act, least) in [(VoucherAct::Pause, 6), (VoucherAct::Resume, 2), (VoucherAct::Revoke, 2)] {
        let commands = shown_and_sent(&booth, act).await;
        assert!(commands.len() >= least, "{act:?}: {commands:?}");
    }
    let refused = booth.operations.plan_voucher(CODE, VoucherAct::Resume).await.unwrap_err().to_string();
    assert!(refused.contains("revoked and was not resumed"), "{refused}");
}

/// Two devices share 10 MB of the first voucher, of which a third one has nothing.
#[tokio::test]
async fn what_is_shown_of_vouchers_with_data_that_is_used_is_what_is_sent() {
    let terms = VoucherTerms { quota_octets: Some(10_000_000), ..terms(Some(AN_HOUR_US), 2) };
    let booth = Booth::of(terms, 2).await;
    booth.sim.with_world(|world| [PHONE, TABLET, GUEST].map(|mac| world.appear(mac, 0, 0)));
    for (code, mac) in [(CODE, PHONE), (CODE, TABLET), ("ABCD-2", GUEST)] {
        booth.activate(code, mac).await.unwrap();
    }
    moves(&booth, CODE, 6_000_000);
    moves(&booth, "ABCD-2", 8_500_000);
    come_to_rest(&booth).await;
    assert!(shown_and_sent(&booth, VoucherAct::Pause).await.len() >= 6);
    let resumed = shown_and_sent(&booth, VoucherAct::Resume).await;
    let of_data: Vec<&str> = resumed
        .iter()
        .flat_map(|command| command.split(' '))
        .filter(|word| word.contains("limit-bytes"))
        .collect();
    assert_eq!(of_data, ["=limit-bytes-total=4000000"; 2], "each may move what is left: {resumed:?}");

    for mac in [PHONE, TABLET] {
        booth.activate(CODE, mac).await.unwrap();
    }
    // Not looked at since: the first look at it is that of the plan, or of what is done.
    moves(&booth, CODE, 3_000_000);
    assert!(shown_and_sent(&booth, VoucherAct::Revoke).await.len() >= 6);
    booth.until_nobody(CODE).await;
    let third = booth.operations.voucher_by_code("ABCD-2").await.unwrap().unwrap();
    assert_eq!((third.active, third.left_octets), (true, Some(1_500_000)), "another voucher is left alone");
}

#[tokio::test]
async fn what_is_shown_of_a_hold_and_of_a_router_that_is_left_is_what_is_sent() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 1), 2).await;
    let hold = async |code: &str| {
        booth.sim.with_world(|world| world.advance(Duration::from_secs(30)));
        booth.house.read("r").await.unwrap();
        let hold = DisconnectRequest {
            login: code.as_bytes().to_vec(),
            router: Some("r".to_owned()),
            hold: Some(Duration::from_secs(3_600)),
            ..DisconnectRequest::default()
        };
        booth.operations.disconnect("eva", hold).await.unwrap();
        // What the router has for its users follows its clock.
        booth.keep().await;
    };
    booth.activate(CODE, PHONE).await.unwrap();
    hold(CODE).await;
    let sent = booth.sim.changes().len();
    let who = || HoldWho { router: "r".to_owned(), subject: HoldSubject::Device(PHONE.as_bytes().to_vec()) };
    let commands = shown(&booth, sent, vec![booth.operations.plan_release(who()).await.unwrap()]);
    assert!(commands[0].starts_with("/ip/hotspot/ip-binding/remove"), "{commands:?}");
    booth.operations.release_hold("eva", who()).await.unwrap();
    until_sent(&booth, sent, &commands).await;
    while !booth.house.sqlite.holds().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(booth.operations.plan_release(who()).await.unwrap_err().to_string().contains("is not kept out"));

    booth.activate("ABCD-2", TABLET).await.unwrap();
    hold("ABCD-2").await;
    booth.activate(CODE, PHONE).await.unwrap();
    let sent = booth.sim.changes().len();
    let commands = shown(&booth, sent, vec![booth.operations.plan_leaving("r", true).await.unwrap()]);
    assert_eq!(commands, shown(&booth, sent, vec![booth.operations.plan_leaving("r", false).await.unwrap()]));
    booth.operations.remove_router("eva", "r").await.unwrap();
    assert_eq!(plain(&booth.sim.changes()[sent..]), commands);
}

/// A limit of eva's line.
async fn slow(booth: &Booth) -> WantedLimit {
    WantedLimit {
        nas: booth.nas().await.id,
        subject: LimitSubject::Ppp(b"eva".to_vec()),
        rate: RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) },
        until: LimitUntil::Removed,
        set_by: "eva".to_owned(),
        set_at: Micros(0),
    }
}

/// Nobody polls it then, so that it is looked at for this alone.
#[tokio::test]
async fn what_is_shown_of_a_router_that_is_enabled_is_what_is_sent() {
    let booth = Booth::of(terms(Some(AN_HOUR_US), 2), 1).await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.with_world(|world| world.connect("eva", Service::Pppoe, "AA:BB:CC:00:00:07", 0, 0));
    booth.house.sqlite.set_limit(slow(&booth).await, booth.act("limit.set")).await.unwrap();
    let entering = async || vec![booth.operations.plan_entering("r").await.unwrap()];
    assert_eq!(shown(&booth, booth.sim.changes().len(), entering().await), [""; 0], "it is read already");
    let switch = async |enabled| {
        let patch = RouterPatch { enabled: Some(enabled), ..RouterPatch::default() };
        booth.operations.edit_router("eva", "r", patch).await.unwrap()
    };
    switch(false).await;
    let sent = booth.sim.changes().len();
    let commands = shown(&booth, sent, entering().await);
    let (queues, others) = parted(commands.clone());
    assert!(!queues.is_empty() && !others.is_empty(), "{commands:?}");
    switch(true).await;
    // For how long a user may be in is set right when it is known when the router made it.
    let news = || -> Vec<String> {
        let mut news = plain(&booth.sim.changes()[sent..]);
        news.retain(|command| !command.starts_with("/ip/hotspot/user/set"));
        news
    };
    while news().len() < commands.len() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    come_to_rest(&booth).await;
    assert_eq!(parted(news()), (queues, others));

    switch(false).await;
    booth.sim.faults().always(Fault::Refuse);
    let why = booth.operations.plan_entering("r").await.unwrap().commands.unwrap_err();
    assert!(matches!(why, RouterCommandError::Unreachable(_)), "{why:?}");
}

/// Both devices of a voucher, each kept out from its own end on.
#[tokio::test]
async fn what_is_shown_of_the_ends_of_many_is_what_is_sent() {
    for hold in [None, Some(Duration::from_secs(3_600))] {
        let booth = Booth::of(terms(Some(AN_HOUR_US), 2), 1).await;
        for mac in [PHONE, TABLET] {
            booth.activate(CODE, mac).await.unwrap();
        }
        booth.sim.with_world(|world| world.advance(Duration::from_secs(30)));
        booth.house.read("r").await.unwrap();
        booth.keep().await;
        let (operations, sent) = (&booth.operations, booth.sim.changes().len());
        let filter = BulkFilter { router: "r".to_owned(), ..BulkFilter::default() };
        let found = operations.preview_disconnects(&filter, hold).await.unwrap();
        let planned = operations.plan_disconnects("eva", &filter, &found, hold).await.unwrap();
        assert_eq!(booth.sim.changes().len(), sent, "it is only thought of");
        let commands = |ends: Vec<BulkEnd>| -> Vec<String> {
            ends.into_iter().flat_map(|end| end.result.unwrap().commands).collect()
        };
        let planned = commands(planned);
        assert!(planned.len() >= if hold.is_some() { 4 } else { 2 }, "{planned:?}");
        assert!(operations.list_holds().await.unwrap().is_empty(), "nobody is kept out");
        let sessions = found.sessions.iter().map(|row| row.no).collect();
        let shown = ShownSessions { sessions, digest: found.digest };
        let ended = operations.disconnect_shown("eva", &filter, &shown, hold).await.unwrap();
        assert_eq!(commands(ended), planned);
        let is_planned = |command: &&String| planned.contains(command);
        assert!(booth.sim.changes()[sent..].iter().filter(is_planned).eq(&planned), "{hold:?}");
    }
}

#[tokio::test]
async fn of_a_router_that_cannot_be_asked_it_is_said_that_it_is_not_known() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.faults().always(Fault::Refuse);
    booth.sim.drop_connections();
    let plan = booth.operations.plan_leaving("r", true).await.unwrap();
    let why = plan.commands.unwrap_err();
    assert!(matches!(why, RouterCommandError::Unreachable(_) | RouterCommandError::Refused(_)), "{why:?}");
}
