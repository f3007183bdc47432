//! Watching subscribers: who holds whom, where they are found, and what reaches readers.

use std::sync::Arc;
use std::time::Duration;

use accounting::login::{LoginKind, LoginName};
use accounting::snapshot::Service;
use accounting::time::Micros;
use operations::{
    LiveBoard, LoginRequest, MonitorError, MonitorSettings, Monitors, Phase, RateReading, SampleSource,
    Standing, SubscriberPatch, SubscriberRequest, Watch, Watched,
};
use store::{NasId, Renews, Scope, SubscriberStatus};
use uuid::Uuid;

use crate::bench::{Bench, NOW, router};
use crate::books::{begun, two_rounds};

const MINUTE: u64 = 60_000_000;

/// Ana has a session on the tower; vlan1 there faces Bob, vlan2 Eve.
pub(crate) struct Scene {
    pub(crate) bench: Bench,
    pub(crate) tower: NasId,
    pub(crate) ana: Uuid,
    pub(crate) bob: Uuid,
    eve: Uuid,
}

impl Scene {
    async fn new(settings: MonitorSettings) -> Scene {
        let mut bench = Bench::new();
        bench.operations.monitors = Monitors::new(settings, LiveBoard::default());
        let ana = add(&bench, "ana", None).await;
        let tower = two_rounds(&bench).await;
        bench.operations.board.update(tower, NOW, |status| status.enter(Phase::Online, None, NOW));
        let (bob, eve) = (add(&bench, "bob", Some("vlan1")).await, add(&bench, "eve", Some("vlan2")).await);
        Scene { bench, tower, ana, bob, eve }
    }

    pub(crate) async fn with_slots(slots: u32) -> Scene {
        Scene::new(MonitorSettings { slots, ..MonitorSettings::default() }).await
    }

    fn board(&self) -> &LiveBoard {
        self.bench.operations.monitors.board()
    }

    /// Who is wanted on a router.
    fn wanted(&self, nas: NasId) -> Vec<Uuid> {
        self.board().wanted(nas).borrow().iter().map(|watch| watch.customer).collect()
    }

    fn watched(&self) -> Vec<(Uuid, bool, usize)> {
        let status = self.bench.operations.monitors.status();
        status
            .monitors
            .iter()
            .map(|monitor| (monitor.customer.id, monitor.started, monitor.readers))
            .collect()
    }

    /// Changes what Ana is.
    async fn change_ana(&self, status: SubscriberStatus) {
        let patch =
            SubscriberPatch { status: Some(status), renews: Renews::Never, ..SubscriberPatch::default() };
        self.bench.operations.change_subscriber("eva", "ana", patch).await.unwrap();
    }
}

async fn add(bench: &Bench, username: &str, interface: Option<&str>) -> Uuid {
    let login = interface.map(|name| format!("interface:{name}").into_bytes());
    let scope = interface.map_or(Scope::All, |_| Scope::Router("tower".to_owned()));
    add_with(bench, username, interface.map(|_| "static_ip"), login, scope).await
}

async fn add_with(
    bench: &Bench,
    username: &str,
    service: Option<&str>,
    login: Option<Vec<u8>>,
    scope: Scope,
) -> Uuid {
    let new = SubscriberRequest {
        username: username.to_owned(),
        name: Some(format!("{username} of the tests")),
        login,
        scope,
        service: service.map(str::to_owned),
        plan: None,
        expiry_at: None,
        zone: None,
        note: None,
        adopt_from: None,
    };
    bench.operations.add_subscriber("eva", new).await.unwrap().subscriber.id
}

pub(crate) fn reading(customer: Uuid, input_bps: u64) -> RateReading {
    let interface = Arc::from(&b"<pppoe-ana>"[..]);
    RateReading { customer, interface, input_bps, output_bps: 9, source: SampleSource::Session }
}

#[tokio::test]
async fn who_is_started_is_wanted_of_their_router_until_stopped() {
    let scene = Scene::with_slots(50).await;
    let operations = &scene.bench.operations;
    assert_eq!(operations.start_monitor("ana").await.unwrap(), scene.ana);
    assert_eq!(operations.start_monitor(&scene.ana.to_string()).await.unwrap(), scene.ana);
    operations.start_monitor("bob").await.unwrap();
    let by_session = Watched::Ppp { login: (*b"ana").into(), service: Service::Pppoe };
    let mut wanted = [
        Watch { customer: scene.ana, watched: by_session },
        Watch { customer: scene.bob, watched: Watched::Interface { name: (*b"vlan1").into() } },
    ];
    wanted.sort_by_key(|watch| watch.customer);
    assert_eq!(scene.board().wanted(scene.tower).borrow()[..], wanted);
    operations.stop_monitor(scene.ana).await.unwrap();
    operations.stop_monitor(scene.ana).await.unwrap();
    assert_eq!(scene.wanted(scene.tower), [scene.bob]);
    assert_eq!(scene.watched(), [(scene.bob, true, 0)]);
}

#[tokio::test]
async fn slots_count_who_is_watched_and_not_by_whom() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    let mut view = operations.view_nobody();
    operations.look_at(&mut view, "ana").await.unwrap();
    operations.start_monitor("bob").await.unwrap();
    operations.start_monitor("ana").await.unwrap();
    let refused = operations.start_monitor("eve").await.unwrap_err();
    assert_eq!(refused, MonitorError::SlotsTaken { most: 2 });
    assert_eq!(operations.look_at(&mut view, "eve").await.unwrap_err(), refused);
    assert!(!view.shows(scene.eve));
    // What is stopped goes on for who looks, and keeps its slot.
    operations.stop_monitor(scene.ana).await.unwrap();
    assert!(operations.start_monitor("eve").await.is_err());
    drop(view);
    operations.start_monitor("eve").await.unwrap();
    let mut both = [(scene.bob, true, 0), (scene.eve, true, 0)];
    both.sort_unstable();
    assert_eq!(scene.watched(), both);
}

#[tokio::test]
async fn a_reader_that_looks_twice_holds_once() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    let mut view = operations.view_nobody();
    operations.look_at(&mut view, "ana").await.unwrap();
    operations.look_at(&mut view, "ana").await.unwrap();
    assert_eq!(scene.watched(), [(scene.ana, false, 1)]);
    view.leave(scene.ana);
    view.leave(scene.ana);
    assert_eq!((scene.watched(), scene.wanted(scene.tower)), (vec![], vec![]));
}

#[tokio::test]
async fn who_cannot_be_watched_is_refused_with_the_reason_and_takes_no_slot() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    let refused = async |key: &str| operations.start_monitor(key).await.unwrap_err();
    assert_eq!(refused("nobody").await, MonitorError::Unknown);
    assert_eq!(refused(&Uuid::from_u128(7).to_string()).await, MonitorError::Unknown);
    scene.change_ana(SubscriberStatus::Suspended).await;
    assert_eq!(refused("ana").await, MonitorError::Unknown);
    scene.change_ana(SubscriberStatus::Active).await;
    operations.board.update(scene.tower, NOW, |status| {
        status.enter(Phase::Unreachable, Some("no route".to_owned()), NOW);
    });
    let said = refused("bob").await.to_string();
    assert!(said.starts_with("nobody on the router tower can be watched now: no route"), "{said}");
    add(&scene.bench, "dan", None).await;
    assert_eq!(refused("dan").await, MonitorError::NoSession);
    // The same name on another router is another login, and the session on the tower is Ana's.
    operations.add_router("eva", router("hill")).await.unwrap();
    add_with(&scene.bench, "namesake", None, Some(b"ana".to_vec()), Scope::Router("hill".to_owned())).await;
    assert_eq!(refused("namesake").await, MonitorError::NoSession);
    let login = LoginRequest { login: b"dan".to_vec(), service: None, scope: Scope::All, adopt_from: None };
    operations.unbind_login("eva", "dan", login).await.unwrap();
    assert_eq!(refused("dan").await, MonitorError::NoLogin);
    assert_eq!(scene.watched(), []);
}

#[tokio::test]
async fn nobody_is_watched_where_that_is_switched_off() {
    let scene = Scene::new(MonitorSettings { enabled: false, ..MonitorSettings::default() }).await;
    let operations = &scene.bench.operations;
    assert_eq!(operations.start_monitor("ana").await.unwrap_err(), MonitorError::Disabled);
    assert_eq!(operations.look_at(&mut operations.view_nobody(), "ana").await, Err(MonitorError::Disabled));
    assert_eq!(operations.monitors.status().most, 0);
}

#[tokio::test]
async fn what_nobody_reads_for_long_ends_and_what_is_read_goes_on() {
    let idle = Duration::from_secs(30 * 60);
    let scene = Scene::new(MonitorSettings { idle, ..MonitorSettings::default() }).await;
    let operations = &scene.bench.operations;
    for key in ["ana", "bob"] {
        operations.start_monitor(key).await.unwrap();
    }
    let mut view = operations.view_nobody();
    operations.look_at(&mut view, "ana").await.unwrap();
    let all = operations.view_all();
    for _ in 0..40 {
        scene.bench.clock.advance(MINUTE);
        operations.tend_monitors().await;
    }
    assert_eq!(scene.watched().len(), 2, "somebody reads all of them");
    drop(all);
    for minutes in 0..31 {
        assert_eq!(scene.watched().len(), 2, "after {minutes} minutes");
        operations.tend_monitors().await;
        scene.bench.clock.advance(MINUTE);
    }
    operations.tend_monitors().await;
    assert_eq!(scene.watched(), [(scene.ana, true, 1)]);
    // The reader's going is when Ana's time begins.
    drop(view);
    operations.tend_monitors().await;
    assert_eq!(scene.watched(), [(scene.ana, true, 0)]);
}

#[tokio::test]
async fn samples_are_numbered_and_come_from_where_somebody_is_watched() {
    let scene = Scene::with_slots(2).await;
    let (operations, board) = (&scene.bench.operations, scene.board());
    let mut samples = board.samples();
    board.read(scene.tower, NOW, vec![reading(scene.ana, 1)]);
    operations.start_monitor("ana").await.unwrap();
    board.read(NasId(99), NOW, vec![reading(scene.ana, 2)]);
    board.stands(scene.tower, scene.ana, Standing::NoSession);
    assert_eq!(operations.monitors.status().monitors[0].standing, Standing::NoSession);
    for input_bps in [3, 4] {
        board.read(scene.tower, NOW, vec![reading(scene.ana, input_bps), reading(scene.bob, 5)]);
    }
    let mut seen = Vec::new();
    while let Ok(taken) = samples.try_recv() {
        let of = |sample: &operations::LiveSample| (sample.no, sample.reading.input_bps);
        assert_eq!(taken[0].customer.name.as_deref(), Some("ana of the tests"));
        assert_eq!((&*taken[0].customer.router, taken[0].customer.id), ("tower", scene.ana));
        seen.push(taken.iter().map(of).collect::<Vec<_>>());
    }
    assert_eq!(seen, [[(1, 3)], [(2, 4)]]);
    let status = operations.monitors.status();
    assert_eq!(status.monitors[0].standing, Standing::Watched);
    assert_eq!(status.monitors[0].last.as_ref().map(|sample| sample.no), Some(2));
}

#[tokio::test]
async fn who_connects_elsewhere_is_followed_and_who_is_served_no_longer_is_let_go() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    operations.start_monitor("ana").await.unwrap();
    let hill = operations.add_router("eva", router("hill")).await.unwrap().nas.id;
    let resolved = operations.store.resolve_logins(hill, &[LoginName::new(LoginKind::Ppp, *b"ana")]).await;
    let resolved = resolved.unwrap();
    let mut changes = begun(resolved.logins[0]);
    changes.new_sessions[0].first_seen_at = Micros(NOW.0 + 1_000_000);
    operations.store.commit(hill, 1, resolved.version, Arc::new(changes)).await.unwrap();
    operations.tend_monitors().await;
    assert_eq!((scene.wanted(scene.tower), scene.wanted(hill)), (vec![], vec![scene.ana]));
    let customer = operations.monitors.status().monitors.remove(0).customer;
    assert_eq!((&*customer.router, &customer.also_on), ("hill", &["tower".to_owned()].into()));
    scene.change_ana(SubscriberStatus::Inactive).await;
    scene.bench.clock.advance(MINUTE);
    operations.tend_monitors().await;
    assert_eq!((scene.wanted(hill), scene.watched()), (vec![], vec![]));
}

#[tokio::test]
async fn whoever_is_watched_can_be_started_again_while_their_router_is_away() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    operations.start_monitor("ana").await.unwrap();
    operations.board.update(scene.tower, NOW, |status| status.enter(Phase::Unreachable, None, NOW));
    assert_eq!(operations.start_monitor("ana").await.unwrap(), scene.ana);
    assert!(operations.start_monitor("bob").await.is_err());
}

#[tokio::test]
async fn a_reader_of_a_watch_that_is_over_takes_no_later_ones_hold_along() {
    let scene = Scene::with_slots(2).await;
    let operations = &scene.bench.operations;
    let mut old = operations.view_nobody();
    operations.look_at(&mut old, "ana").await.unwrap();
    scene.change_ana(SubscriberStatus::Suspended).await;
    operations.tend_monitors().await;
    assert_eq!(scene.watched(), []);
    scene.change_ana(SubscriberStatus::Active).await;
    let mut new = operations.view_nobody();
    operations.look_at(&mut new, "ana").await.unwrap();
    drop(old);
    assert_eq!(scene.watched(), [(scene.ana, false, 1)]);
}
