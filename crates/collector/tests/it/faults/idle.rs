//! Routers that end connections on which nothing is said (routeros.md U7), read seldom.

use std::time::Duration;

use accounting::ledger::Reason;
use routeros_sim::world::World;

use super::books::{assert_sound, ledger};
use super::patience::{a_while, until};
use super::polled::{Polled, Setting};

/// Read once an hour; silence ends a connection after a second.
async fn impatient(question_every: Duration, listens: bool) -> Polled {
    let mut device = crate::sim::world().device().clone();
    device.switches.api_idle_timeout = Some(Duration::from_secs(1));
    let interval = Duration::from_secs(3_600);
    let setting = Setting { interval, listens, question_every, ..Setting::default() };
    let polled = Polled::of(World::new(device), setting).await;
    polled.covered().await;
    until("its connections stand", || polled.sim.stats().logins == 1 + u64::from(listens)).await;
    polled
}

#[tokio::test]
async fn a_connection_with_nothing_to_do_is_kept_alive() {
    let polled = impatient(Duration::from_millis(250), true).await;
    let ana = polled.connect("ana");
    polled.world(|world| world.transfer(ana, 100, 200));
    polled.read().await.unwrap();
    a_while(3_000).await;
    assert_eq!(polled.sim.stats().logins, 2);
    polled.world(|world| world.transfer(ana, 100, 200));
    polled.read().await.unwrap();
    let reasons: Vec<_> = ledger(&polled.sqlite, b"ana").await.iter().map(|row| row.entry.reason).collect();
    assert_eq!(reasons, [Reason::SessionStart, Reason::Grew], "nothing was resumed");
    assert_sound(&polled.sqlite).await;
}

/// The next round is an hour away; who asks to read now must not be the one who finds out.
#[tokio::test]
async fn a_connection_that_died_in_silence_is_made_anew_at_the_next_question() {
    let polled = impatient(Duration::from_millis(2_500), false).await;
    until("it was logged in to again", || polled.sim.stats().logins > 1).await;
    polled.until_read().await;
}
