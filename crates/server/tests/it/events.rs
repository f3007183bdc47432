//! Events reach the stream: once, in order, whatever happens to Redis; counting never waits for it.

mod limits;
mod outages;
mod told;
mod troubles;
mod two_at_once;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use operations::ManualClock;
use server::{EventsBoard, EventsSettings, EventsStatus, EventsWaiting, Mine, Publisher, RedisUrl};
use store::{NasId, Store};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::harness::Desk;
use crate::redis_server::{Entry, Redis, until};

/// For this Redis, with limits that no test reaches by chance.
fn settings(url: &str) -> EventsSettings {
    EventsSettings {
        redis: RedisUrl::parse(url).unwrap(),
        stream_entries: 100_000,
        traffic_entries: 100_000,
        keep: Duration::from_secs(86_400),
        keep_bytes: 100_000_000,
    }
}

/// A running publisher; gone at once when dropped, as with its process.
struct Telling {
    store: Arc<dyn Store>,
    board: EventsBoard,
    mine: Mine,
    running: JoinHandle<()>,
}

impl Telling {
    fn start(desk: &Desk, settings: EventsSettings) -> Telling {
        Telling::of(Arc::clone(&desk.store), &desk.clock, settings, Arc::new(|_| true))
    }

    fn of(store: Arc<dyn Store>, clock: &ManualClock, settings: EventsSettings, mine: Mine) -> Telling {
        let board = EventsBoard::default();
        let publisher = Publisher::new(store.clone(), Arc::new(clock.clone()), settings, board.clone());
        let publisher = publisher.only(Arc::clone(&mine));
        Telling { store, mine, board, running: tokio::spawn(publisher.run(CancellationToken::new())) }
    }

    /// Waits until it stands so.
    fn when(&self, what: &str, is_so: impl Fn(&EventsStatus) -> bool) -> EventsStatus {
        let last = RefCell::default();
        let asked = || {
            *last.borrow_mut() = self.board.status();
            Some(last.borrow().clone()).filter(&is_so)
        };
        until(&|| format!("{what}: {:?}", last.borrow()), asked)
    }

    /// Waits until what waits in the database is so.
    async fn when_waiting(&self, what: &str, is_so: impl Fn(&EventsWaiting) -> bool) -> EventsWaiting {
        let mut waiting = EventsWaiting::default();
        for _ in 0..1_000 {
            let mut queues = self.store.outbox().await.unwrap();
            queues.retain(|queue| (self.mine)(queue));
            waiting = EventsWaiting::of(&queues);
            if is_so(&waiting) {
                return waiting;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it never came to be: {what}: {waiting:?} {:?}", self.board.status());
    }

    /// Waits until all is told.
    async fn drained(&self) {
        self.when_waiting("all is told", |waiting| waiting.events == 0).await;
        self.when("Redis takes it", |status| status.up);
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// A desk whose rounds are written down to be told.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    desk.store.write_events(true);
    desk
}

/// Of one router, the places of its entries without repetitions, after a look at their order: an entry that is not new
/// repeats one of before, and new ones follow each other without a gap.
fn in_order(entries: &[Entry], router: &str) -> Vec<u64> {
    let mut seen: Vec<u64> = Vec::new();
    for seq in entries.iter().filter(|entry| entry.field("router") == router).map(Entry::seq) {
        if !seen.contains(&seq) {
            assert_eq!(seq, seen.last().map_or(1, |last| last + 1), "{router}: {seen:?}");
            seen.push(seq);
        }
    }
    seen
}

/// Upload and download that the entries of a login tell, each counted once.
fn sum(entries: &[Entry], router: &str, username: &str) -> (u64, u64) {
    let (mut last, mut sum) = (0, (0, 0));
    for entry in entries.iter().filter(|entry| entry.field("router") == router) {
        if entry.field("type") != "round" || entry.seq() <= last {
            continue;
        }
        last = entry.seq();
        for line in entry.data()["usage"].as_array().unwrap() {
            if line["username"] == username && line["posted"] == true {
                sum.0 += line["upload_octets"].as_u64().unwrap();
                sum.1 += line["download_octets"].as_u64().unwrap();
            }
        }
    }
    sum
}

/// What the server itself says of a login.
async fn usage(desk: &Desk, router: &str, username: &str) -> (u64, u64) {
    let all = desk.see(&format!("/api/v1/usage?router={router}&username={username}")).await;
    let item = &all["items"][0];
    (item["upload_octets"].as_u64().unwrap(), item["download_octets"].as_u64().unwrap())
}

/// Commits rounds of a router in which Ana goes on by 10 octets up and 20 down, from that second on.
async fn rounds(desk: &Desk, nas: NasId, seconds: std::ops::Range<u64>) {
    let mut meter = desk.meter(nas).await;
    for second in seconds {
        meter.round(second * 10, &[(b"ana", 5 + second * 10, 10 * second, 20 * second)]).await;
    }
}

/// A server that cannot be reached.
fn nobody() -> String {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    format!("redis://{}", listener.local_addr().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn how_it_stands_is_shown_and_being_unable_to_tell_is_no_reason_to_be_not_ready() {
    let mut desk = desk().await;
    assert!(desk.see("/api/v1/status").await["events"].is_null());
    assert!(!desk.get("/metrics", Some(&desk.viewer)).await.body.contains("tikmeter_events"));
    let redis = Redis::start();
    let telling = Telling::start(&desk, settings(&redis.url()));
    desk.state = desk.state.clone().telling(Some(telling.board.clone()));
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..3).await;
    telling.drained().await;
    let events = desk.see("/api/v1/status").await["events"].clone();
    assert_eq!((events["state"].as_str(), events["told"].as_u64()), (Some("ok"), Some(3)), "{events}");
    assert!(events["oldest_at"].is_null() && events["message"].is_null(), "{events}");
    assert_eq!(desk.get("/readyz", None).await.expect(200).body, "ready\n");
    drop(redis);
    rounds(&desk, nas, 3..4).await;
    telling.when("it is noticed", |status| status.trouble.is_some());
    desk.clock.advance(100 * 1_000_000);
    let events = desk.see("/api/v1/status").await["events"].clone();
    assert_eq!((events["state"].as_str(), events["waiting"].as_u64()), (Some("trouble"), Some(1)));
    assert_eq!(events["oldest_at"], "2027-01-15T08:00:30Z", "{events}");
    assert!(events["message"].as_str().unwrap().contains("where Redis should be"), "{events}");
    assert_eq!(desk.get("/readyz", None).await.expect(200).body, "degraded\n");
    let metrics = desk.get("/metrics", Some(&desk.viewer)).await.body;
    for line in ["tikmeter_events_up 0", "tikmeter_events_waiting 1", "tikmeter_events_told_total 3"] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    assert!(metrics.contains("tikmeter_events_oldest_age_seconds 70"), "{metrics}");
}
