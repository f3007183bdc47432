//! Watching between processes over a real Redis, which is killed and started again.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use operations::{LiveBoard, MonitorSettings, Monitors, Operations, Phase, Standing, StatusBoard};
use server::{LiveBetween, RedisUrl, RedisUses};
use store::{Node, NodeRole};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::scene::Scene;
use crate::meter::BEGIN;
use crate::redis_server::{Redis, until};

/// The scene's process polls the tower; web answers people.
struct Two {
    scene: Scene,
    web: Arc<Operations>,
    redis: Redis,
    /// When the tower spoke last.
    second: Cell<i64>,
    _ends: DropGuard,
}

impl Two {
    async fn new() -> Two {
        let (scene, redis, stop) = (Scene::new().await, Redis::start(), CancellationToken::new());
        let (board, monitors) =
            (StatusBoard::new(), Monitors::new(MonitorSettings::default(), LiveBoard::default()));
        let node = Node::new("web", NodeRole::Api);
        let web = Arc::new(Operations { board, monitors, node, ..(*scene.desk.operate).clone() });
        web.board.update(scene.tower, BEGIN, |status| {
            status.enter(Phase::Online, None, BEGIN);
            status.node = Some(scene.desk.operate.node.name.clone());
        });
        for operations in [&scene.desk.operate, &web] {
            let url = RedisUrl::parse(&redis.url()).unwrap();
            tokio::spawn(LiveBetween::new(operations.clone(), url, RedisUses::default()).run(stop.clone()));
        }
        Two { scene, web, redis, second: Cell::new(0), _ends: stop.drop_guard() }
    }

    /// Starts watching at web, until that ends as it is to.
    async fn starts(&self, key: &str, ends: impl Fn(&Result<(), String>) -> bool) {
        let mut last = Ok(());
        for _ in 0..400 {
            let started = self.web.start_monitor(key).await;
            last = started.as_ref().map(|_| ()).map_err(ToString::to_string);
            if ends(&last) {
                return;
            }
            // Whoever was let in before it was noticed would be let in again.
            if let Ok(customer) = started {
                self.web.stop_monitor(customer).await.unwrap();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{last:?}");
    }

    /// The tower says something until web has some of it; how much ana sends there.
    fn is_read_at_web(&self) -> u64 {
        let begin = self.second.get();
        let read = || {
            self.second.set(self.second.get() + 1);
            self.scene.says(self.second.get(), &[(self.scene.ana, 5_000, 9)]);
            let monitors = self.web.monitors.status().monitors.into_iter();
            let mut hers = monitors.filter(|monitor| monitor.customer.id == self.scene.ana);
            let last = hers.find(|monitor| monitor.standing == Standing::Watched)?.last?;
            (last.at.0 > BEGIN.0 + begin * 1_000_000).then_some(last.reading.input_bps)
        };
        until(&|| format!("{:?}", self.web.monitors.status()), read)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_watches_on_the_routers_of_another_goes_on_after_redis_was_away() {
    let mut two = Two::new().await;
    two.starts("ana", Result::is_ok).await;
    assert_eq!(two.is_read_at_web(), 5_000);
    assert_eq!(two.scene.watched(), [(two.scene.ana, true, 0)]);
    two.redis.kill();
    let is_missed = |started: &Result<(), String>| {
        started.as_ref().is_err_and(|refused| refused.contains("which cannot be told of it"))
    };
    two.starts("bob", is_missed).await;
    two.redis.start_again();
    two.starts("bob", Result::is_ok).await;
    until(&|| format!("{:?}", two.scene.watched()), || (two.scene.watched().len() == 2).then_some(()));
    assert_eq!(two.is_read_at_web(), 5_000);
    two.web.stop_monitor(two.scene.ana).await.unwrap();
    two.web.stop_monitor(two.scene.bob).await.unwrap();
    until(&|| format!("{:?}", two.scene.watched()), || two.scene.watched().is_empty().then_some(()));
}

/// What is said in the first seconds is not that Redis is to be named.
#[tokio::test]
async fn before_it_has_heard_anything_a_process_says_that_it_has_only_just_begun() {
    let scene = Scene::new().await;
    let url = RedisUrl::parse("redis://127.0.0.1:1").unwrap();
    let _not_run = LiveBetween::new(scene.desk.operate.clone(), url, RedisUses::default());
    scene.desk.board.update(scene.tower, BEGIN, |status| status.node = Some("east".to_owned()));
    let refused = scene.desk.operate.start_monitor("ana").await.unwrap_err().to_string();
    assert!(
        refused.contains("the process east polls it") && refused.contains("only just begun"),
        "{refused}"
    );
}
