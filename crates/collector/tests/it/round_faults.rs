//! Rounds that go wrong: no snapshot of anything that was not read whole within one boot.

use std::time::Duration;

use collector::link::{Link, LinkError};
use collector::round::plan::FULL_EVERY;
use collector::round::{Identify, Round, RoundError};
use operations::SystemClock;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::world::Service;

use crate::scripted::{self, Rows};
use crate::sim::{MAC, Poller, target_at, world};

const TABLES: [&str; 5] = [
    "/system/resource/print",
    "/interface/print",
    "/ppp/active/print",
    "/interface/pppoe-server/print",
    "/system/routerboard/print",
];

async fn crowded() -> Poller {
    let poller = Poller::start(world()).await;
    poller.connect_many(20);
    poller
}

#[tokio::test]
async fn a_trap_in_the_middle_of_any_table_gives_no_snapshot_and_the_next_round_starts_over() {
    for table in TABLES {
        let mut poller = crowded().await;
        poller.router.faults().once_on(table, Fault::trap_after(10));
        let error = poller.try_round().await.unwrap_err();
        assert!(
            matches!(error, RoundError::Link(LinkError::Trapped(_))) && !error.ends_link(),
            "{table}: {error}"
        );
        let clean = poller.round().await;
        assert!(clean.snapshot.after_gap, "{table}: nothing of the failed round counts");
        assert_eq!((clean.report.rows, clean.report.identify), (20, Identify::Full));
        assert_eq!(poller.router.stats().logins, 1, "the connection was kept");
    }
}

#[tokio::test]
async fn a_lost_connection_in_any_table_gives_no_snapshot() {
    for table in TABLES {
        for how in [Cut::Drop, Cut::HalfSentence, Cut::Hang, Cut::Fatal("bye".to_owned())] {
            let mut poller = crowded().await;
            poller.router.faults().once_on(table, Fault::cut_after(5, how.clone()));
            let error = poller.try_round().await.unwrap_err();
            assert!(error.ends_link(), "{table} {how:?}: {error}");
            poller.reconnect().await;
            assert_eq!(poller.round().await.report.rows, 20);
        }
    }
}

#[tokio::test]
async fn a_failed_round_leaves_its_work_to_the_next() {
    let mut poller = crowded().await;
    poller.round().await;
    poller.connect("late");
    poller.router.faults().once_on("/ppp/active/print", Fault::trap_after(0));
    poller.try_round().await.unwrap_err();
    let clean = poller.round().await;
    assert_eq!(clean.report.identify, Identify::Narrow);
    assert_eq!(&*clean.snapshot.identified.unwrap().owners[0].session.as_ref().unwrap().login, b"late");
}

#[tokio::test]
async fn a_missing_server_menu_is_not_asked_for_until_a_session_needs_it() {
    let mut poller = crowded().await;
    poller.router.faults().always_on("/interface/sstp-server", Fault::MissingMenu);
    let clean = poller.round().await;
    assert_eq!(clean.snapshot.identified.unwrap().owners.len(), 20);
    assert_eq!(clean.report.unserved.told(), None, "nobody needs it");
    let asked = poller.router.stats().sentences;
    poller.forced_round().await;
    let (pppoe, sessions, looks_at_uptime_and_counters) = (1, 2, 4);
    assert_eq!(poller.router.stats().sentences - asked, pppoe + sessions + looks_at_uptime_and_counters);
    poller.act(|world| world.connect("eve", Service::Sstp, "10.1.1.1", 0, 0));
    let clean = poller.round().await;
    let owners = clean.snapshot.identified.unwrap().owners;
    assert!(owners.len() == 20 && owners.iter().all(|owner| !owner.counter_name.starts_with(b"<sstp")));
    let told = clean.report.unserved.told().unwrap();
    assert!(told.contains("does not know /interface/sstp-server") && told.contains("(1 sstp)"), "{told}");
}

#[tokio::test]
async fn a_missing_server_menu_is_told_in_every_round_and_found_when_it_comes_back() {
    let mut poller = crowded().await;
    let fault = poller.router.faults().always_on("/interface/pppoe-server", Fault::MissingMenu);
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(poller.round().await.report.unserved.told().unwrap_or_default());
    }
    assert!(told.iter().all(|told| told.contains("(20 pppoe)")), "{told:?}");
    poller.router.faults().disarm(fault);
    for _ in 0..FULL_EVERY {
        let clean = poller.round().await;
        if let Some(found) = clean.snapshot.identified.filter(|found| found.owners.len() == 20) {
            assert_eq!((found.owners.len(), clean.report.unserved.told()), (20, None));
            return;
        }
    }
    panic!("it was not asked for again");
}

#[tokio::test]
async fn a_missing_session_table_is_an_error() {
    let mut poller = crowded().await;
    poller.router.faults().always_on("/ppp/active", Fault::MissingMenu);
    let error = poller.try_round().await.unwrap_err();
    assert!(error.to_string().contains("/system package print"), "{error}");
}

#[tokio::test]
async fn lacking_rights_are_named() {
    let mut poller = crowded().await;
    poller.router.faults().always_on("/ppp/active", Fault::NoRights);
    let error = poller.try_round().await.unwrap_err();
    assert!(matches!(error, RoundError::Link(LinkError::NoRights(_))), "{error}");
    assert!(error.to_string().contains("/user group set GROUP policy=api,read"), "{error}");
}

#[tokio::test]
async fn a_row_without_owner_is_looked_up_in_three_rounds_and_then_left_alone() {
    let mut poller = crowded().await;
    poller.round().await;
    poller.router.faults().always_on("/ppp/active", Fault::HideNames(vec![b"late".to_vec()]));
    poller.connect("late");
    let mut how = Vec::new();
    for _ in 0..4 {
        let clean = poller.round().await;
        assert!(clean.snapshot.identified.is_none_or(|identified| identified.owners.is_empty()));
        how.push((clean.report.identify, clean.report.rows_unpaired));
    }
    assert_eq!(how, [(Identify::Narrow, 1), (Identify::Narrow, 1), (Identify::Narrow, 1), (Identify::No, 0)]);
    poller.router.faults().clear();
    let clean = poller.forced_round().await;
    assert_eq!(clean.snapshot.identified.unwrap().owners.len(), 21);
}

#[tokio::test]
async fn a_reboot_in_the_middle_of_a_round_gives_no_snapshot() {
    let mut poller = crowded().await;
    poller.act(|world| world.advance(Duration::from_secs(500)));
    poller.router.at_print("/ppp/active/print", 1, |world| {
        world.reboot();
        world.connect("u1", Service::Pppoe, MAC, 0, 0);
    });
    let error = poller.try_round().await.unwrap_err();
    assert!(error.ends_link(), "{error}");
    poller.reconnect().await;
    let clean = poller.round().await;
    assert!(clean.snapshot.after_gap);
    assert!(clean.snapshot.times.uptime.after < 500);
    assert_eq!(clean.report.rows, 1);
}

/// A router with a serial number whose n-th answer about its uptime is `uptimes[n]`.
fn with_uptimes(uptimes: &'static [&'static str]) -> impl Fn(&str, usize) -> Rows + Send + 'static {
    move |path, before| match path {
        "/system/resource/print" => vec![vec![("uptime", uptimes[before])]],
        "/system/routerboard/print" => vec![vec![("serial-number", "X1")]],
        "/interface/print" => vec![
            vec![(".id", "*1"), ("name", "<pppoe-ana>"), ("rx-byte", "5"), ("tx-byte", "6")],
            vec![(".id", "*2"), ("name", "<pppoe-bob>"), ("rx-byte", "7")],
            vec![],
        ],
        _ => Vec::new(),
    }
}

async fn scripted_round(
    answer: impl Fn(&str, usize) -> Rows + Send + 'static,
) -> Result<collector::round::CleanRound, RoundError> {
    let mut link = Link::open(&target_at(scripted::router(answer).await, "any")).await.unwrap();
    Round::new().run(&mut link, &SystemClock::new(), &collector::round::Wanted::default(), &[]).await
}

#[tokio::test]
async fn a_fallen_uptime_discards_the_round_even_when_the_connection_survived() {
    let error = scripted_round(with_uptimes(&["5m", "4m59s"])).await.unwrap_err();
    assert!(matches!(error, RoundError::BootChanged { before: 300, after: 299 }), "{error}");
    let clean = scripted_round(with_uptimes(&["5m", "5m"])).await.unwrap();
    assert_eq!(clean.snapshot.times.uptime.after, 300);
}

#[tokio::test]
async fn rows_that_lack_a_value_are_left_out_and_counted() {
    let clean = scripted_round(with_uptimes(&["5m", "5m"])).await.unwrap();
    assert_eq!(clean.snapshot.counters.len(), 1);
    assert_eq!(clean.report.rows_unreadable, 4, "two rows in each of two prints");
}

#[tokio::test]
async fn without_an_uptime_or_a_device_key_nothing_is_counted() {
    let error = scripted_round(with_uptimes(&["never"])).await.unwrap_err();
    assert!(matches!(error, RoundError::NoUptime), "{error}");
    let error = scripted_round(|path, _| match path {
        "/system/resource/print" => vec![vec![("uptime", "5m")]],
        "/system/identity/print" => vec![vec![("name", "MikroTik")]],
        _ => Vec::new(),
    })
    .await
    .unwrap_err();
    assert!(matches!(error, RoundError::NoDeviceKey), "{error}");
}
