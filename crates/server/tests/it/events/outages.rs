//! Redis goes away and comes back, answers are lost, and the process ends half-way.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Telling, desk, in_order, rounds, settings, sum, usage};
use crate::redis_server::Redis;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happens_while_redis_is_away_is_told_when_it_is_back() {
    let (desk, mut redis) = (desk().await, Redis::start());
    let (north, south) = (desk.add_router("north").await, desk.add_router("south").await);
    let telling = Telling::start(&desk, settings(&redis.url()));
    for outage in 0..3 {
        let (begin, end) = (outage * 30, outage * 30 + 30);
        rounds(&desk, north, begin..begin + 15).await;
        redis.kill();
        rounds(&desk, north, begin + 15..end).await;
        rounds(&desk, south, begin..end).await;
        telling.when("it is noticed", |status| status.trouble.is_some());
        redis.start_again();
        telling.drained().await;
    }
    let entries = redis.entries();
    for router in ["north", "south"] {
        assert_eq!(in_order(&entries, router), (1..=90).collect::<Vec<_>>());
        assert_eq!(sum(&entries, router, "ana"), usage(&desk, router, "ana").await);
    }
}

/// Passes everything on until Redis is to run what it was given; then lets it, and loses the answer once.
fn losing_one_answer(redis: String) -> (String, Arc<AtomicBool>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let lost = Arc::new(AtomicBool::new(false));
    let loses = Arc::clone(&lost);
    std::thread::spawn(move || {
        for asker in listener.incoming() {
            let (asker, redis) = (asker.unwrap(), TcpStream::connect(&redis).unwrap());
            let (answers, answered) = (redis.try_clone().unwrap(), asker.try_clone().unwrap());
            std::thread::spawn(move || copy(answers, answered, |_| false));
            let loses = Arc::clone(&loses);
            let is_run = move |bytes: &[u8]| {
                let has = |word: &[u8]| bytes.windows(4).any(|four| four == word);
                has(b"XADD") && has(b"EXEC") && !loses.swap(true, Ordering::SeqCst)
            };
            std::thread::spawn(move || copy(asker, redis, is_run));
        }
    });
    (address.to_string(), lost)
}

/// Until one side ends, or after bytes that end it; the other side is closed then.
fn copy(mut from: TcpStream, mut to: TcpStream, ends: impl Fn(&[u8]) -> bool) {
    let mut some = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut some) {
        if ends(&some[..length]) {
            from.shutdown(std::net::Shutdown::Both).unwrap();
            to.write_all(&some[..length]).unwrap();
            return;
        }
        if to.write_all(&some[..length]).is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_repeats_a_batch_and_leaves_no_gap() {
    let (desk, redis) = (desk().await, Redis::start());
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..5).await;
    let url = redis.url();
    let (password, address) = url.rsplit_once('@').unwrap();
    let (proxy, lost) = losing_one_answer(address.to_owned());
    let telling = Telling::start(&desk, settings(&format!("{password}@{proxy}")));
    telling.drained().await;
    rounds(&desk, nas, 5..8).await;
    telling.drained().await;
    assert!(lost.load(Ordering::SeqCst));
    let entries = redis.entries();
    let seqs: Vec<u64> = entries.iter().map(|entry| entry.seq()).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(sum(&entries, "tower", "ana"), usage(&desk, "tower", "ana").await);
    assert_eq!(in_order(&entries, "tower").len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_more_routers_than_are_told_of_at_once_all_are_told_and_a_lost_answer_leaves_no_gap() {
    let (desk, redis) = (desk().await, Redis::start());
    let names: Vec<String> = (0..260).map(|number| format!("tower-{number}")).collect();
    for name in &names {
        let nas = desk.add_router(name).await;
        rounds(&desk, nas, 0..2).await;
    }
    let url = redis.url();
    let (password, address) = url.rsplit_once('@').unwrap();
    let (proxy, lost) = losing_one_answer(address.to_owned());
    Telling::start(&desk, settings(&format!("{password}@{proxy}"))).drained().await;
    assert!(lost.load(Ordering::SeqCst));
    let entries = redis.entries();
    for name in &names {
        assert_eq!(in_order(&entries, name), [1, 2], "{name}");
    }
    let told_again = entries.len() - 2 * names.len();
    // None, if Redis saw the connection break before it had read all of a large batch; the one behind it too, if it had.
    assert!(told_again <= 2 * names.len(), "{told_again}: nothing was told three times");
}
