//! Limits that are over: what was set for them goes by itself, and a router is looked at until it has.

use std::time::Duration;

use accounting::time::Micros;
use operations::{Clock, LimitChange, RouterCommandError};
use routeros_sim::faults::Fault;
use store::{LimitUntil, RateLimitRepository, SessionQuery, SessionRepository, WantedLimit};

use super::books::act;
use super::limits::{Scene, eva, phone};

#[tokio::test]
async fn what_ended_is_taken_away_by_itself_also_when_nobody_ran_at_that_moment() {
    let mut scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    scene.until_ours(2).await;
    let until = |at: i64| LimitUntil::At(Micros(at));
    // What holds would be wanted again.
    let (nas, sqlite) = (scene.nas().await.id, scene.house.sqlite.clone());
    let holds_no_more = async |subject| sqlite.remove_limit(nas, subject, act("limit.remove")).await.unwrap();
    holds_no_more(phone()).await;
    let ended = WantedLimit { until: until(1), ..scene.limit(phone(), 1_000_000, 2_000_000).await };
    scene.house.sqlite.set_limit(ended, act("limit.set")).await.unwrap();
    scene.until_ours(1).await;
    let sessions = scene.house.sqlite.list_sessions(SessionQuery {
        limit: 9,
        reach: store::Reach::Everywhere,
        ..SessionQuery::default()
    });
    let no = sessions.await.unwrap().into_iter().find(|row| row.username == b"eva").unwrap().no;
    let with_hers = WantedLimit {
        until: LimitUntil::Session(no + 100),
        ..scene.limit(eva(), 1_000_000, 2_000_000).await
    };
    holds_no_more(eva()).await;
    scene.house.sqlite.set_limit(with_hers, act("limit.set")).await.unwrap();
    scene.house = scene.house.restart().await;
    scene.until_ours(0).await;
    for _ in 0..300 {
        if scene.house.sqlite.limited_routers().await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the router is asked on though nothing of ours is there");
}

/// An hour is an hour, and an instant is what the clock on the wall shows.
#[tokio::test]
async fn a_clock_that_is_set_ends_no_boost_early_and_lets_none_last_longer() {
    let scene = Scene::new().await;
    let hour_us = 3_600_000_000;
    let now = scene.house.clock.now().0;
    let wants = async |subject, until| {
        let limit = WantedLimit { until, ..scene.limit(subject, 1_000_000, 2_000_000).await };
        scene.house.sqlite.set_limit(limit, act("limit.set")).await.unwrap();
        scene.keep(None, false).await.unwrap();
    };
    wants(phone(), LimitUntil::Lasting(Micros(now + hour_us))).await;
    wants(eva(), LimitUntil::At(Micros(now + hour_us))).await;
    let lasts = async || {
        let limits = scene.house.sqlite.limits(None).await.unwrap();
        limits.iter().find_map(|limit| match limit.until {
            LimitUntil::Lasting(until) => Some(until.0 - now - hour_us),
            _ => None,
        })
    };
    for (ahead_us, ours) in [(-2 * hour_us, 2), (2 * hour_us, 1), (0, 1)] {
        scene.house.clock.set(ahead_us);
        let is_moved = async || lasts().await.is_none_or(|by| (by - ahead_us).abs() < 2_000_000);
        for _ in 0..600 {
            if is_moved().await && scene.queues().await.len() == ours {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let late_us = lasts().await.map(|by| by - ahead_us);
        assert!(late_us.is_some_and(|late_us| late_us.abs() < 2_000_000), "set by {ahead_us}: {late_us:?}");
        assert_eq!(scene.queues().await.len(), ours, "set by {ahead_us}");
    }
    scene.house.clock.set(2 * hour_us);
    let boost =
        WantedLimit { until: LimitUntil::Lasting(Micros(now + 1)), ..scene.limit(phone(), 1, 1).await };
    scene.house.sqlite.set_limit(boost, act("limit.set")).await.unwrap();
    scene.until_ours(0).await;
}

/// The router adds the queue and is slow to say so; the limit is removed meanwhile, and what the router showed last is of before
/// both.
#[tokio::test]
async fn a_router_is_not_forgotten_by_a_look_that_is_older_than_what_was_sent_to_it() {
    let scene = Scene::new().await;
    let remove = async || {
        let nas = scene.nas().await.id;
        scene.house.sqlite.remove_limit(nas, phone(), act("limit.remove")).await.unwrap();
        scene.keep(None, false).await
    };
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    assert_eq!(remove().await.unwrap().ours, 0);
    let sent = scene.sim.changes().len();
    scene.sim.faults().once_on("/queue/simple/add", Fault::Delay(Duration::from_secs(8)));
    let removed = async {
        while scene.sim.changes().len() == sent {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        remove().await
    };
    let until_forgotten = async {
        while scene.sim.changes().len() == sent
            || !scene.house.sqlite.limited_routers().await.unwrap().is_empty()
        {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        scene.queues().await
    };
    let (set, removed, left) =
        tokio::join!(scene.set(phone(), 1_000_000, 2_000_000), removed, until_forgotten);
    assert_eq!(left, [], "it is asked until nothing of ours is there");
    set.unwrap();
    assert_eq!(removed.unwrap().ours, 0);
}

/// Nobody would look after what stays on a router that is removed, or not read any more.
#[tokio::test]
async fn what_is_ours_goes_before_a_router_is_left_and_is_not_set_again_meanwhile() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    scene.set(eva(), 1_000_000, 2_000_000).await.unwrap();
    let left = scene.keep(Some(LimitChange::Leave), false).await.unwrap();
    assert_eq!((left.ours, left.commands.len(), scene.queues().await), (0, 2, vec![]));
    let passes = || scene.sim.stats().prints["/queue/simple/print"];
    let before = passes();
    while passes() == before {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((scene.queues().await, scene.sim.changes().len()), (vec![], 4), "nothing is set again");
    scene.house.set_enabled("r", false).await;
    let gone = scene.keep(Some(LimitChange::Leave), false).await.unwrap_err();
    assert_eq!(gone, RouterCommandError::NotPolled);
}
