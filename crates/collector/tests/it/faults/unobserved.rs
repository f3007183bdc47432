//! What the router shows beside its counters and must not be taken for them: its calendar, and a session without one.

use routeros_sim::faults::Fault;

use super::books::{self, truth_since};
use super::patience::until;
use super::polled::{Polled, Setting};

const A_YEAR_S: i64 = 31_536_000;

/// A router without a battery stands in 1970 after a power cut, and jumps to today when it finds a time server.
#[tokio::test]
async fn the_routers_calendar_decides_nothing() {
    let mut world = crate::sim::world();
    world.set_calendar(86_400);
    let polled = Polled::of(world, Setting::default()).await;
    polled.covered().await;
    let first = polled.connect("in-1970");
    polled.surf();
    polled.assert_exact().await;
    for calendar in [1_795_000_000, 1_795_000_000 - A_YEAR_S, 1_795_000_000 + A_YEAR_S, 0] {
        polled.surf();
        polled.world(|world| world.set_calendar(calendar));
        polled.connect(&format!("at-{calendar}"));
        polled.surf();
        polled.assert_exact().await;
    }
    polled.world(|world| world.disconnect(first));
    let ends = polled.connect("ends");
    polled.surf();
    polled.read().await.unwrap();
    polled.world(|world| world.set_calendar(86_400));
    polled.world(|world| world.disconnect(ends));
    polled.surf();
    polled.read().await.unwrap();
    books::assert_sound(&polled.sqlite).await;
    let said = books::totals(&polled.sqlite, None).await;
    assert_eq!(said, truth_since(&polled.sim, &polled.mark));
}

/// `/ppp/active` lists the session and has no octets of it: they are not 0, they are not known until its interface shows.
#[tokio::test]
async fn a_session_listed_without_its_counter_is_unknown_and_then_whole() {
    let polled = Polled::start(Setting::default()).await;
    polled.sim.faults().always_on("/interface/print", Fault::HideNames(vec![b"<pppoe-late>".to_vec()]));
    let late = polled.connect("late");
    polled.world(|world| world.transfer(late, 1_234, 5_678));
    // Its arrival has the tables of owners read, which name both.
    polled.connect("seen");
    polled.surf();
    polled.read().await.unwrap();
    let prints = polled.counter_prints();
    until("it was read on", || polled.counter_prints() > prints + 5).await;
    polled.read().await.unwrap();
    let said = books::totals(&polled.sqlite, None).await;
    assert_eq!(said.get(&b"late"[..]), None, "nothing was invented");
    assert!(said.contains_key(&b"seen"[..]), "the owners were read: {said:?}");
    polled.sim.faults().clear();
    polled.surf();
    polled.assert_exact().await;
}
