//! Watching between processes: what one wants is wanted of the routers that another polls, and what those say comes back.

use accounting::time::Micros;
use operations::{
    Hearing, LiveBoard, LiveSample, MonitorError, MonitorSettings, Monitors, Operations, Phase, Standing,
    StatusBoard,
};
use store::NasId;
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use crate::bench::NOW;
use crate::live::{Scene, reading};

const SECOND: u64 = 1_000_000;

/// East polls the tower; web answers people. They share the database and a clock.
struct Two {
    scene: Scene,
    east: Operations,
    web: Operations,
}

impl Two {
    async fn with_slots(slots: u32) -> Two {
        let scene = Scene::with_slots(slots).await;
        let east = scene.bench.operations.clone();
        let web = Operations {
            monitors: monitors(MonitorSettings { slots, ..MonitorSettings::default() }),
            board: StatusBoard::new(),
            ..east.clone()
        };
        web.board.update(scene.tower, NOW, |status| {
            status.enter(Phase::Online, None, NOW);
            status.node = Some("east".to_owned());
        });
        let two = Two { scene, east, web };
        two.tell();
        two
    }

    /// Each tells the other what it wants and how that stands.
    fn tell(&self) {
        for operations in [&self.east, &self.web] {
            operations.live_hearing(Hearing::Yes);
        }
        self.web.hear_live("east", self.east.live_told());
        self.east.hear_live("web", self.web.live_told());
        self.web.hear_live("east", self.east.live_told());
    }

    /// The tower says so to east, which tells web.
    fn says(&self, customer: Uuid, input_bps: u64) {
        let mut own = self.east.monitors.board().own_samples();
        self.east.monitors.board().read(self.scene.tower, NOW, vec![reading(customer, input_bps)]);
        if let Ok(samples) = own.try_recv() {
            let moment = self.east.live_moment(&samples);
            moment.into_iter().for_each(|moment| self.web.hear_moment("east", moment));
        }
    }

    fn seconds_pass(&self, seconds: u64) {
        self.scene.bench.clock.advance(seconds * SECOND);
    }
}

fn monitors(settings: MonitorSettings) -> Monitors {
    Monitors::new(settings, LiveBoard::default())
}

/// Who is wanted on a router.
fn wanted(operations: &Operations, nas: NasId) -> Vec<Uuid> {
    operations.monitors.board().wanted(nas).borrow().iter().map(|watch| watch.customer).collect()
}

fn watched(operations: &Operations) -> Vec<(Uuid, bool, usize)> {
    let monitors = operations.monitors.status().monitors.into_iter();
    monitors.map(|monitor| (monitor.customer.id, monitor.started, monitor.readers)).collect()
}

fn standing(operations: &Operations) -> Standing {
    operations.monitors.status().monitors[0].standing.clone()
}

fn seen(samples: &mut Receiver<operations::Samples>) -> Vec<(u64, u64)> {
    let of = |sample: &LiveSample| (sample.no, sample.reading.input_bps);
    std::iter::from_fn(|| samples.try_recv().ok())
        .flat_map(|taken| taken.iter().map(of).collect::<Vec<_>>())
        .collect()
}

#[tokio::test]
async fn who_is_watched_in_one_process_is_watched_on_the_routers_of_another_and_read_in_both() {
    let two = Two::with_slots(9).await;
    let mut at_web = two.web.monitors.board().samples();
    let mut at_east = two.east.monitors.board().samples();
    two.web.start_monitor("ana").await.unwrap();
    assert_eq!(wanted(&two.east, two.scene.tower), Vec::<Uuid>::new());
    two.tell();
    assert_eq!(wanted(&two.east, two.scene.tower), [two.scene.ana]);
    assert_eq!((watched(&two.east), standing(&two.web)), (vec![(two.scene.ana, true, 0)], Standing::Sought));
    two.says(two.scene.ana, 5);
    two.says(two.scene.bob, 6);
    two.says(two.scene.ana, 7);
    assert_eq!((seen(&mut at_web), seen(&mut at_east)), (vec![(1, 5), (2, 7)], vec![(1, 5), (2, 7)]));
    assert_eq!(standing(&two.web), Standing::Watched);
    assert_eq!(&*two.web.monitors.status().monitors[0].customer.router, "tower");
    two.east.monitors.board().stands(two.scene.tower, two.scene.ana, Standing::NoSession);
    two.tell();
    assert_eq!(standing(&two.web), Standing::NoSession);
    // Nothing that another process told is told again as its own.
    assert_eq!(two.web.monitors.board().own_samples().try_recv().ok(), None);
}

#[tokio::test]
async fn numbers_show_what_was_lost_between_processes_and_go_on_with_the_next_process() {
    let two = Two::with_slots(9).await;
    two.web.start_monitor("ana").await.unwrap();
    let mut at_web = two.web.monitors.board().samples();
    let tell = |node: &str, no, bps| {
        let told = operations::LiveMoment {
            nas: two.scene.tower,
            at: NOW,
            readings: vec![(no, reading(two.scene.ana, bps))],
        };
        two.web.hear_moment(node, told);
    };
    for (node, no, bps) in
        [("east", 7, 1), ("east", 8, 2), ("east", 11, 3), ("west", 2, 4), ("west", 3, 5), ("west", 1, 6)]
    {
        tell(node, no, bps);
    }
    assert_eq!(seen(&mut at_web), [(1, 1), (2, 2), (5, 3), (6, 4), (7, 5), (8, 6)]);
}

#[tokio::test]
async fn who_is_watched_where_their_router_is_polled_is_read_elsewhere_too_and_no_pause_is_a_loss() {
    let two = Two::with_slots(9).await;
    two.east.start_monitor("ana").await.unwrap();
    two.tell();
    two.says(two.scene.ana, 5);
    let last =
        || two.web.monitors.status().monitors[0].last.as_ref().map(|last| (last.no, last.reading.input_bps));
    assert_eq!((standing(&two.web), last()), (Standing::Watched, Some((1, 5))));
    let mut view = two.web.view_nobody();
    two.web.look_at(&mut view, "ana").await.unwrap();
    drop(view);
    two.tell();
    (6..200).for_each(|bps| two.says(two.scene.ana, bps));
    two.web.look_at(&mut two.web.view_nobody(), "ana").await.unwrap();
    two.says(two.scene.ana, 200);
    assert_eq!(last(), Some((196, 200)));
    two.east.monitors.board().stands(two.scene.tower, two.scene.ana, Standing::NoSession);
    two.tell();
    assert_eq!(standing(&two.web), Standing::NoSession);
}

#[tokio::test]
async fn what_others_say_of_a_router_that_this_process_polls_is_not_believed() {
    let two = Two::with_slots(9).await;
    two.east.start_monitor("ana").await.unwrap();
    two.says(two.scene.ana, 5);
    let old = operations::LiveTold {
        stands: vec![(two.scene.tower, two.scene.ana, Standing::NoSession)],
        ..operations::LiveTold::default()
    };
    two.east.hear_live("west", old);
    let readings = vec![(9, reading(two.scene.ana, 9))];
    two.east.hear_moment("west", operations::LiveMoment { nas: two.scene.tower, at: NOW, readings });
    let status = two.east.monitors.status();
    let last = status.monitors[0].last.as_ref().map(|last| last.reading.input_bps);
    assert_eq!((standing(&two.east), last), (Standing::Watched, Some(5)));
}

#[tokio::test]
async fn where_watching_is_switched_off_no_router_is_asked_for_others_either() {
    let two = Two::with_slots(9).await;
    two.web.start_monitor("ana").await.unwrap();
    let off = MonitorSettings { enabled: false, ..MonitorSettings::default() };
    let off = Operations { monitors: monitors(off), ..two.east.clone() };
    off.hear_live("web", two.web.live_told());
    assert_eq!(wanted(&off, two.scene.tower), Vec::<Uuid>::new());
}

#[tokio::test]
async fn a_stop_is_told_for_some_seconds_and_obeyed_once() {
    let two = Two::with_slots(9).await;
    two.east.start_monitor("ana").await.unwrap();
    two.tell();
    two.web.stop_monitor(two.scene.ana).await.unwrap();
    let told = two.web.live_told();
    assert_eq!(two.web.live_told().stops, told.stops, "one telling may be lost");
    two.east.hear_live("web", told.clone());
    assert_eq!(watched(&two.east), []);
    two.east.start_monitor("ana").await.unwrap();
    two.east.hear_live("web", told);
    assert_eq!(watched(&two.east), [(two.scene.ana, true, 0)], "it was started since");
    two.seconds_pass(6);
    assert_eq!(two.web.live_told().stops, []);
}

#[tokio::test]
async fn slots_count_who_is_watched_in_any_process() {
    let two = Two::with_slots(2).await;
    two.web.start_monitor("ana").await.unwrap();
    two.east.start_monitor("bob").await.unwrap();
    two.tell();
    for operations in [&two.east, &two.web] {
        assert_eq!(operations.start_monitor("eve").await.unwrap_err(), MonitorError::SlotsTaken { most: 2 });
        assert_eq!(watched(operations).len(), 2);
    }
    // Whoever is watched there needs no other slot.
    two.east.start_monitor("ana").await.unwrap();
    two.web.stop_monitor(two.scene.ana).await.unwrap();
    two.tell();
    assert_eq!(
        watched(&two.east),
        [(two.scene.bob, true, 0)],
        "what was started anywhere is ended everywhere"
    );
    two.web.start_monitor("eve").await.unwrap();
}

#[tokio::test]
async fn of_two_processes_that_give_the_last_slot_at_once_one_keeps_it() {
    let two = Two::with_slots(1).await;
    two.web.start_monitor("ana").await.unwrap();
    two.east.start_monitor("bob").await.unwrap();
    let (web, east) = (two.web.live_told(), two.east.live_told());
    // Both hear web first, and web tells all of it again before east has heard itself.
    let hears_web = |told: &operations::LiveTold| {
        two.web.hear_own(told);
        two.east.hear_live("web", told.clone());
    };
    hears_web(&web);
    two.web.hear_live("east", east.clone());
    hears_web(&two.web.live_told());
    two.east.hear_own(&east);
    two.tell();
    for operations in [&two.east, &two.web] {
        assert_eq!(watched(operations), [(two.scene.ana, true, 0)]);
    }
    // Whose slot stands gives way to nobody.
    two.east.start_monitor("ana").await.unwrap();
    two.east.hear_own(&two.east.live_told());
    hears_web(&two.web.live_told());
    assert_eq!(watched(&two.web), [(two.scene.ana, true, 0)]);
}

#[tokio::test]
async fn what_is_ended_in_one_process_ends_where_it_was_started_and_goes_on_for_who_looks() {
    let two = Two::with_slots(9).await;
    let mut view = two.east.view_nobody();
    two.east.look_at(&mut view, "ana").await.unwrap();
    two.east.start_monitor("bob").await.unwrap();
    two.tell();
    for customer in [two.scene.ana, two.scene.bob] {
        two.web.stop_monitor(customer).await.unwrap();
    }
    assert_eq!(watched(&two.web), [(two.scene.ana, false, 1)]);
    two.tell();
    for operations in [&two.east, &two.web] {
        assert_eq!(watched(operations), [(two.scene.ana, false, 1)]);
    }
    drop(view);
    two.tell();
    assert_eq!((watched(&two.web), wanted(&two.east, two.scene.tower)), (vec![], vec![]));
}

#[tokio::test]
async fn who_reads_in_another_process_keeps_what_was_started() {
    let two = Two::with_slots(9).await;
    two.east.start_monitor("ana").await.unwrap();
    two.east.start_monitor("bob").await.unwrap();
    let mut view = two.web.view_nobody();
    two.web.look_at(&mut view, "ana").await.unwrap();
    let half_an_hour = async |all: Option<operations::View>| {
        for _ in 0..32 {
            two.seconds_pass(60);
            two.tell();
            two.east.tend_monitors().await;
        }
        drop(all);
    };
    half_an_hour(Some(two.web.view_all())).await;
    assert_eq!(watched(&two.east).len(), 2);
    half_an_hour(None).await;
    assert_eq!(watched(&two.east), [(two.scene.ana, true, 1)]);
}

#[tokio::test]
async fn a_process_that_is_silent_wants_nothing_and_what_it_told_is_sought() {
    let two = Two::with_slots(9).await;
    two.web.start_monitor("ana").await.unwrap();
    two.tell();
    two.says(two.scene.ana, 5);
    two.seconds_pass(6);
    two.east.live_hearing(Hearing::Yes);
    two.web.live_hearing(Hearing::Yes);
    assert_eq!(
        (wanted(&two.east, two.scene.tower), standing(&two.web)),
        (vec![two.scene.ana], Standing::Watched)
    );
    two.seconds_pass(1);
    two.east.live_hearing(Hearing::Yes);
    two.web.live_hearing(Hearing::Yes);
    assert_eq!((wanted(&two.east, two.scene.tower), standing(&two.web)), (vec![], Standing::Sought));
    assert_eq!((watched(&two.east), watched(&two.web)), (vec![], vec![(two.scene.ana, true, 0)]));
}

#[tokio::test]
async fn why_a_router_of_another_process_cannot_be_watched_is_said() {
    let two = Two::with_slots(9).await;
    let refused = async || two.web.start_monitor("ana").await.unwrap_err().to_string();
    two.web.live_hearing(Hearing::No);
    assert!(refused().await.contains("the process east polls it") && refused().await.contains("redis.url"));
    two.web.live_hearing(Hearing::Trouble("Nobody listens at r:1.".to_owned()));
    assert!(refused().await.ends_with("which cannot be told of it. Nobody listens at r:1."));
    two.web.live_hearing(Hearing::Yes);
    two.web.live_telling(Err("Redis at r:1 is a replica.".to_owned()));
    assert!(refused().await.ends_with("which cannot be told of it. Redis at r:1 is a replica."));
    two.web.live_telling(Ok(()));
    two.seconds_pass(7);
    two.web.live_hearing(Hearing::Yes);
    assert!(refused().await.contains("not heard over Redis"));
    let off = Operations {
        monitors: monitors(MonitorSettings { enabled: false, ..MonitorSettings::default() }),
        ..two.east.clone()
    };
    two.web.hear_live("east", off.live_told());
    assert!(refused().await.contains("switched off"));
    two.tell();
    two.web.board.update(two.scene.tower, Micros(1), |status| {
        status.enter(Phase::Unreachable, Some("no route".to_owned()), NOW);
        status.node = Some("east".to_owned());
    });
    assert!(refused().await.ends_with("no route"));
}
