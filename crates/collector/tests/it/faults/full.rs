//! A router whose API has fewer places than we would take: the polling connection gets the last one.

use std::time::Duration;

use operations::Phase;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::world::{OverMaxSessions, World};

use super::patience::until;
use super::polled::{Polled, Setting};

async fn polled_and_connected_to(over: OverMaxSessions) -> Polled {
    let mut device = crate::sim::world().device().clone();
    device.switches.over_max_sessions = over;
    let setting = Setting { listens: true, interval: Duration::from_millis(300), ..Setting::default() };
    let polled = Polled::of(World::new(device), setting).await;
    polled.covered().await;
    polled
}

async fn polled_and_listened_to(over: OverMaxSessions) -> Polled {
    let polled = polled_and_connected_to(over).await;
    polled.when(|status| status.not_listening_because.is_none()).await;
    polled
}

/// One place is left, and the control connection has it.
async fn leave_one_place(polled: &Polled) {
    polled.world(|world| world.device_mut().max_sessions = 1);
    polled.sim.faults().once_on("/interface/print", Fault::cut_after(5, Cut::Drop));
    until("the control connection has the only place", || polled.sim.stats().open_connections == 1).await;
}

#[tokio::test]
async fn the_control_connection_gives_the_last_place_to_the_poller_and_comes_back_when_there_is_room() {
    for over in [OverMaxSessions::Close, OverMaxSessions::Refuse, OverMaxSessions::Trap] {
        let polled = polled_and_listened_to(over).await;
        leave_one_place(&polled).await;
        polled.surf();
        polled.when_well().await;
        let status = polled.board.get(polled.nas).unwrap();
        assert_eq!(status.phase, Phase::Online, "{over:?}");
        assert!(status.not_listening_because.is_some(), "{over:?}: there is one place only");
        polled.surf();
        polled.assert_exact().await;

        polled.world(|world| world.device_mut().max_sessions = 2);
        polled.when(|status| status.not_listening_because.is_none()).await;
        assert_eq!(polled.sim.stats().open_connections, 2, "{over:?}");
    }
}

/// Its place is one all the same, and a router that says it is full is not taken for one that refuses our password.
#[tokio::test]
async fn a_control_connection_that_may_not_listen_gives_the_last_place_to_the_poller_too() {
    let polled = polled_and_connected_to(OverMaxSessions::Trap).await;
    let refuses = Cut::Trap("no such command prefix".to_owned());
    polled.sim.faults().always_on("/ppp/active/listen", Fault::cut_after(0, refuses));
    polled.sim.drop_connections();
    let may_not = |why: &str| why.contains("no such command prefix");
    polled.when(|status| status.not_listening_because.as_deref().is_some_and(may_not)).await;
    polled.when_well().await;
    leave_one_place(&polled).await;
    polled.surf();
    polled.when_well().await;
    polled.surf();
    polled.assert_exact().await;
}
