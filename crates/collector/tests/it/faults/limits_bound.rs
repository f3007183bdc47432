//! Limits that end with a session: exactly that one, as soon as the router shows another in its place, and before the books know.

use std::time::Duration;

use operations::LimitFound;
use routeros_sim::world::Service;
use store::{
    LimitSubject, LimitUntil, RateLimit, RateLimitRepository, SessionQuery, SessionRepository, WantedLimit,
};

use super::books::act;
use super::limits::{Outcome, PHONE, Scene, eva, phone};

const LINE: &str = "AA:BB:CC:00:00:07";

impl Scene {
    /// A limit of 1 and 2 Mbit/s for whoever has that login now, until their session ends.
    async fn with_session(&self, subject: LimitSubject, login: &[u8]) -> WantedLimit {
        let all = self.house.sqlite.list_sessions(SessionQuery {
            limit: 99,
            reach: store::Reach::Everywhere,
            ..SessionQuery::default()
        });
        let no = all.await.unwrap().iter().filter(|row| row.username == login).map(|row| row.no).max();
        let until = LimitUntil::Session(no.expect("it is in the books"));
        WantedLimit { until, ..self.limit(subject, 1_000_000, 2_000_000).await }
    }

    async fn want(&self, limit: WantedLimit) -> Outcome {
        self.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
        self.keep(None, false).await
    }

    /// Waits until no limit is wanted any more.
    async fn until_none_is_wanted(&self) {
        for _ in 0..600 {
            if self.house.sqlite.limits(None).await.unwrap().is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?}", self.house.sqlite.limits(None).await.unwrap());
    }

    fn another_line(&self) {
        self.sim.with_world(|world| {
            let line = world.live_sessions().next().expect("eva's");
            world.disconnect(line);
            world.connect("eva", Service::Pppoe, LINE, 8_000_000, 40_000_000);
        });
    }

    fn another_login(&self) {
        self.sim.with_world(|world| {
            let device = world.hotspot_sessions().next().expect("ana's");
            world.leave(device);
            world.log_in("ana", PHONE, 8_000_000, 40_000_000);
        });
    }
}

#[tokio::test]
async fn who_dials_in_anew_is_not_limited_by_what_was_for_the_session_before() {
    let scene = Scene::new().await;
    let limit = scene.with_session(eva(), b"eva").await;
    assert!(matches!(scene.want(limit).await.unwrap().of(&eva()), Some(LimitFound::Set(_))));
    scene.sim.with_world(|world| world.advance(Duration::from_secs(20)));
    let same = scene.keep(None, false).await.unwrap();
    assert_eq!((same.ours, same.commands.len()), (1, 0), "her session goes on");
    scene.another_line();
    let other = scene.keep(None, false).await.unwrap();
    assert_eq!((other.of(&eva()), other.ours), (None, 0), "it is another session");
    scene.until_none_is_wanted().await;
}

/// The hotspot has no session-ids, and may give the device the same `.id` again.
#[tokio::test]
async fn a_device_that_logs_in_anew_is_not_limited_either() {
    let scene = Scene::new().await;
    let limit = scene.with_session(phone(), b"ana").await;
    assert!(matches!(scene.want(limit).await.unwrap().of(&phone()), Some(LimitFound::Set(_))));
    scene.sim.with_world(|world| world.advance(Duration::from_secs(20)));
    let same = scene.keep(None, false).await.unwrap();
    assert_eq!((same.ours, same.commands.len()), (1, 0), "the login goes on");
    scene.another_login();
    let other = scene.keep(None, false).await.unwrap();
    assert_eq!((other.of(&phone()), other.ours), (None, 0), "it is another login");
    scene.until_none_is_wanted().await;
}

/// A free speed is an override like any other: what it stood in the place of is wanted again.
#[tokio::test]
async fn a_free_speed_ends_with_the_session_and_what_holds_comes_back() {
    let scene = Scene::new().await;
    let slow = scene.limit(eva(), 512_000, 512_000).await;
    let faster = scene.with_session(eva(), b"eva").await;
    let free = WantedLimit { rate: RateLimit::default(), ..faster.clone() };
    scene.want(slow).await.unwrap();
    scene.want(faster).await.unwrap();
    scene.another_line();
    scene.keep(None, false).await.unwrap();
    scene.until_shown(&[("tikmeter-ppp-eva", "<pppoe-eva>", "512000/512000")]).await;
    scene.house.read("r").await.unwrap();
    let free = WantedLimit { until: scene.with_session(eva(), b"eva").await.until, ..free };
    assert_eq!(scene.want(free).await.unwrap().of(&eva()), Some(&LimitFound::Free));
    scene.another_line();
    assert_eq!(scene.keep(None, false).await.unwrap().of(&eva()), None);
    scene.until_none_is_wanted().await;
}

/// What the books know is enough for a process that comes later, and whose own books are older than the router's sessions.
#[tokio::test]
async fn who_came_while_nobody_ran_is_not_limited_and_who_stayed_is() {
    let mut scene = Scene::new().await;
    for (subject, login) in [(eva(), b"eva"), (phone(), b"ana")] {
        scene.want(scene.with_session(subject, login).await).await.unwrap();
    }
    let sent = scene.sim.changes().len();
    scene.house = scene.house.restart().await;
    scene.house.when("r", |status| status.rounds_total > 0).await;
    let stayed = scene.keep(None, false).await.unwrap();
    assert_eq!((stayed.ours, scene.sim.changes().len()), (2, sent), "both are there yet");
    scene.sim.with_world(|world| world.advance(Duration::from_secs(60)));
    scene.another_line();
    scene.another_login();
    scene.house = scene.house.restart().await;
    scene.until_ours(0).await;
    scene.until_none_is_wanted().await;
}
