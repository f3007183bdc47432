//! What waits is bounded, and what is given up is told.

use std::time::Duration;

use server::EventsSettings;

use super::{Telling, desk, nobody, rounds, settings};
use crate::redis_server::Redis;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_beyond_the_size_are_given_up_and_the_stream_says_so() {
    let (desk, redis) = (desk().await, Redis::start());
    let (north, south) = (desk.add_router("north").await, desk.add_router("south").await);
    let small = |url: &str| EventsSettings { keep_bytes: 1_000, ..settings(url) };
    let telling = Telling::start(&desk, small(&nobody()));
    rounds(&desk, north, 0..100).await;
    rounds(&desk, south, 0..100).await;
    let fits = |waiting: &server::EventsWaiting| waiting.bytes <= 1_000 && waiting.lost > 0;
    let lost = telling.when_waiting("it fits", fits).await.lost;
    drop(telling);
    Telling::start(&desk, small(&redis.url())).drained().await;
    let entries = redis.entries();
    let mut given_up = 0;
    for router in ["north", "south"] {
        let of_router: Vec<_> = entries.iter().filter(|entry| entry.field("router") == router).collect();
        let loss = of_router[0];
        assert_eq!(loss.field("type"), "lost");
        let data = loss.data();
        assert_eq!((data["from_seq"].as_u64(), data["to_seq"].as_u64()), (Some(1), Some(loss.seq())));
        given_up += loss.seq();
        let places: Vec<u64> = of_router.iter().map(|entry| entry.seq()).collect();
        assert_eq!(places, (loss.seq()..=100).collect::<Vec<_>>(), "what is left follows without a gap");
    }
    assert_eq!(given_up, lost);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_beyond_the_age_are_given_up_while_nobody_can_be_told() {
    let (desk, redis) = (desk().await, Redis::start());
    let (north, south) = (desk.add_router("north").await, desk.add_router("south").await);
    rounds(&desk, north, 0..10).await;
    rounds(&desk, south, 0..10).await;
    let old = |url: &str| EventsSettings { keep: Duration::from_secs(3_600), ..settings(url) };
    desk.clock.advance((3_600 + 45) * 1_000_000);
    let telling = Telling::start(&desk, old(&nobody()));
    telling.when_waiting("five of each are given up", |waiting| waiting.lost == 10).await;
    rounds(&desk, north, 10..11).await;
    desk.clock.advance(20 * 1_000_000);
    telling.when_waiting("two more of each are", |waiting| waiting.lost == 14).await;
    drop(telling);
    let mut after = Telling::start(&desk, old(&redis.url()));
    after.drained().await;
    let of = |router: &str| {
        let entries = redis.entries();
        let of_router = entries.into_iter().filter(move |entry| entry.field("router") == router);
        of_router.map(|entry| (entry.field("type").to_owned(), entry.seq())).collect::<Vec<_>>()
    };
    let (lost, round) = ("lost".to_owned(), "round".to_owned());
    let south = [(lost.clone(), 7), (round.clone(), 8), (round.clone(), 9), (round.clone(), 10)];
    assert_eq!(of("south"), south);
    assert_eq!(of("north")[0], (lost, 7));
    assert_eq!(of("north").len(), 5);
    // One that can be told is told, however old it is.
    rounds(&desk, north, 11..12).await;
    desk.clock.advance(900_000 * 1_000_000);
    after = Telling::start(&desk, old(&redis.url()));
    after.drained().await;
    assert_eq!(of("north").last(), Some(&(round.clone(), 12)));
}
