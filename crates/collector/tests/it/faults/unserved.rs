//! A router whose sessions no server table names: said while it is so, and its octets are nobody's, not lost.

use std::time::Duration;

use operations::Phase;
use routeros_sim::faults::Fault;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::Service;

use super::books;
use super::polled::{Polled, Setting};
use crate::sim::{MAC, target, world};

const MENU: &str = "/interface/pppoe-server";

/// Octets that are nobody's, and those of logins.
async fn shares(polled: &Polled) -> [u64; 2] {
    let mut shares = [0; 2];
    for row in books::usage(&polled.sqlite, Some("r")).await {
        shares[usize::from(row.username.is_some())] += row.octets.input + row.octets.output;
    }
    shares
}

#[tokio::test]
async fn a_missing_server_table_is_told_until_it_is_there_and_no_octet_is_lost_meanwhile() {
    let mut world = world();
    world.advance(Duration::from_secs(1_000));
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let mark = world.mark();
    let sim = SimRouter::start(world, Options { time: TimeMode::Wall }).await.unwrap();
    let fault = sim.faults().always_on(MENU, Fault::MissingMenu);
    let target = target(&sim);
    let polled = Polled::at(sim, mark, target, Setting::default()).await;
    polled.covered().await;
    polled.when_troubled(Phase::Online, "does not know /interface/pppoe-server").await;
    // Until it is nobody's, the counter waits for its owner (rule 6).
    for _ in 0..3 {
        polled.read().await.unwrap();
    }
    let mark = polled.world(|world| world.mark());
    for _ in 0..3 {
        polled.surf();
        polled.read().await.unwrap();
    }
    let [nobodys, named] = shares(&polled).await;
    assert!(nobodys > 0 && named == 0, "{nobodys} {named}");

    polled.sim.faults().disarm(fault);
    polled.when(|status| status.phase == Phase::Online && status.message.is_none()).await;
    polled.surf();
    polled.read().await.unwrap();
    let [nobodys, named] = shares(&polled).await;
    assert!(nobodys > 0 && named > 0, "{nobodys} {named}");
    let truth: u64 = books::truth_since(&polled.sim, &mark).values().map(|(up, down)| up + down).sum();
    assert_eq!(nobodys + named, truth);
    books::assert_sound(&polled.sqlite).await;
}
