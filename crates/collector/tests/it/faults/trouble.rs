//! A router that breaks off, stalls or talks nonsense: its poller says so, tries again, and the totals are exact.

use std::time::Duration;

use operations::{ErrorKind, Phase};
use routeros_sim::faults::{Cut, Fault, Plan};
use routeros_sim::world::{OverMaxSessions, Service};

use super::patience::{a_while, until};
use super::polled::{Polled, Setting};
use crate::sim::MAC;

const COUNTERS: &str = "/interface/print";

/// Lets something go wrong while subscribers surf, and ends it; then each octet must be there.
async fn survives(fault: Plan, phase: Phase, kind: ErrorKind, says: &str) {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    polled.sim.faults().arm(fault);
    polled.sim.drop_connections();
    polled.surf();
    let status = polled.when_troubled(phase, says).await;
    assert!(status.errors.get(&kind).is_some_and(|count| *count > 0), "{:?}", status.errors);
    polled.surf();
    polled.sim.faults().clear();
    polled.when_well().await;
    polled.surf();
    polled.assert_exact().await;
}

fn on_counters(fault: Fault) -> Plan {
    Plan::new(fault).on(COUNTERS)
}

fn broken(how: Cut) -> Plan {
    on_counters(Fault::cut_after(5, how))
}

#[tokio::test]
async fn a_reply_that_ends_in_the_middle() {
    survives(broken(Cut::Drop), Phase::Unreachable, ErrorKind::Connection, "without a word").await;
}

#[tokio::test]
async fn half_a_sentence() {
    survives(broken(Cut::HalfSentence), Phase::Unreachable, ErrorKind::Connection, "without a word").await;
}

#[tokio::test]
async fn silence_in_the_middle_of_a_reply() {
    survives(broken(Cut::Hang), Phase::Unreachable, ErrorKind::Timeout, "sent nothing for").await;
}

#[tokio::test]
async fn garbage() {
    let nonsense = Cut::Garbage(b"\x08HTTP/1.1\x00".to_vec());
    survives(broken(nonsense), Phase::ProtocolError, ErrorKind::Protocol, "/ip service print where name=api")
        .await;
}

#[tokio::test]
async fn a_fatal_word() {
    let fatal = Cut::Fatal("session terminated on request".to_owned());
    survives(broken(fatal), Phase::Unreachable, ErrorKind::Connection, "session terminated on request").await;
}

#[tokio::test]
async fn an_endless_trickle() {
    let trickle = on_counters(Fault::Trickle { octets: 1, pause: Duration::from_millis(20) });
    survives(trickle, Phase::Unreachable, ErrorKind::Timeout, "did not finish a command within").await;
}

#[tokio::test]
async fn a_router_that_accepts_and_says_nothing() {
    let silence = Plan::new(Fault::HangOnConnect);
    survives(silence, Phase::Unreachable, ErrorKind::Timeout, "this is not the API's port").await;
}

#[tokio::test]
async fn a_router_that_resets_every_connection() {
    // Whether the reset shows while connecting or while logging in depends on the moment; the sentence differs.
    survives(Plan::new(Fault::Refuse), Phase::Unreachable, ErrorKind::Connection, "onnection").await;
}

#[tokio::test]
async fn a_trap_in_every_table_of_every_round() {
    let trap = Plan::new(Fault::trap_after(5)).on(COUNTERS);
    survives(trap, Phase::ProtocolError, ErrorKind::DiscardedRound, "Its rows were not used").await;
}

#[tokio::test]
async fn a_closed_port() {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    polled.sim.set_listening(false).await;
    polled.sim.drop_connections();
    polled.surf();
    polled.when_troubled(Phase::Unreachable, "/ip service enable api").await;
    polled.sim.set_listening(true).await;
    polled.when_well().await;
    polled.assert_exact().await;
}

#[tokio::test]
async fn one_trap_discards_its_round_and_keeps_the_connection() {
    let polled = Polled::start(Setting::default()).await;
    let logins = polled.sim.stats().logins;
    polled.surf();
    polled.sim.faults().once_on(COUNTERS, Fault::trap_after(7));
    polled.when(|status| status.errors.contains_key(&ErrorKind::DiscardedRound)).await;
    polled.surf();
    polled.when_well().await;
    polled.assert_exact().await;
    assert_eq!(polled.sim.stats().logins, logins);
}

#[tokio::test]
async fn max_sessions_in_every_way_a_router_may_show_it() {
    for (over, says) in [
        (OverMaxSessions::Close, "max-sessions"),
        (OverMaxSessions::Refuse, "onnection"),
        (OverMaxSessions::Trap, "refused the login"),
    ] {
        let mut device = crate::sim::world().device().clone();
        device.switches.over_max_sessions = over;
        let polled = Polled::of(routeros_sim::world::World::new(device), Setting::default()).await;
        polled.covered().await;
        polled.sim.faults().always(Fault::MaxSessions);
        polled.sim.drop_connections();
        let trapped = over == OverMaxSessions::Trap;
        let phase = if trapped { Phase::LoginRefused } else { Phase::Unreachable };
        polled.when_troubled(phase, says).await;
        if !trapped {
            polled.sim.faults().clear();
            polled.surf();
            polled.when_well().await;
            polled.assert_exact().await;
        }
    }
}

/// Counted whole although the table lacked it at first: it was never billed, and its session began under observation.
#[tokio::test]
async fn rows_that_a_few_prints_lack() {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    let hidden = (0..3).map(|number| format!("<pppoe-u{number}>").into_bytes()).collect();
    let fault = polled.sim.faults().always_on(COUNTERS, Fault::HideNames(hidden));
    let late = polled.connect("late");
    polled.surf();
    let prints = polled.counter_prints();
    until("some prints lacked rows", || polled.counter_prints() > prints + 5).await;
    polled.sim.faults().disarm(fault);
    polled.world(|world| world.transfer(late, 77, 99));
    polled.surf();
    polled.when_well().await;
    polled.assert_exact().await;
}

#[tokio::test]
async fn a_reboot_with_the_same_ids_and_names() {
    let polled = Polled::start(Setting::default()).await;
    polled.surf();
    polled.read().await.unwrap();
    polled.world(|world| {
        world.reboot_silent_for(Duration::from_millis(300));
        for number in 0..20 {
            world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
        }
    });
    polled.surf();
    a_while(50).await;
    polled.when_well().await;
    polled.surf();
    polled.assert_exact().await;
}
