//! What can be wrong with Redis is said in a sentence, tried again, and over when it is mended.

use super::{Telling, desk, in_order, nobody, rounds, settings};
use crate::harness::Desk;
use crate::postgres_server::{self, Database};
use crate::redis_server::{Redis, STREAM};

/// With that trouble nothing is told, and counting goes on; once it is mended all is.
async fn trouble(desk: &Desk, redis: &Redis, url: &str, said: &str, mend: impl Fn()) {
    let nas = match desk.store.nas_by_name("tower").await.unwrap() {
        Some(nas) => nas.id,
        None => desk.add_router("tower").await,
    };
    let begin = desk.store.load(nas).await.unwrap().record.poll_seq;
    rounds(desk, nas, begin..begin + 2).await;
    let telling = Telling::start(desk, settings(url));
    let status =
        telling.when(said, |status| status.trouble.as_deref().is_some_and(|told| told.contains(said)));
    let waiting = telling.when_waiting("two wait", |waiting| waiting.events == 2).await;
    assert!(!status.up && status.told == 0 && waiting.lost == 0, "{status:?} {waiting:?}");
    let told = status.trouble.unwrap();
    assert!(told.contains("127.0.0.1") && !told.contains("not-a-secret"), "{told}");
    rounds(desk, nas, begin + 2..begin + 3).await;
    mend();
    if url == redis.url() {
        telling.drained().await;
        let entries = redis.entries();
        let newest = entries.last().map(|entry| entry.seq());
        assert_eq!(newest, Some(begin + 3));
    }
}

/// What is damaged waits, and is shown; all others are told, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_router_whose_event_cannot_be_read_keeps_no_other_from_being_told() {
    let (database, redis) = (Database::create(), Redis::start());
    let url = database.url().to_owned();
    let desk = Desk::shared(database).await;
    desk.store.write_events(true);
    for name in ["north", "middle", "south"] {
        let nas = desk.add_router(name).await;
        rounds(&desk, nas, 0..2).await;
    }
    let damaged = "nas_id = (SELECT id FROM tikmeter.nas WHERE name = 'middle') AND seq = 1";
    let change = |to: &str| {
        postgres_server::run(&url, &format!("UPDATE tikmeter.outbox SET body = {to} WHERE {damaged}"));
    };
    change("'\\xff'::bytea || body");
    let telling = Telling::start(&desk, settings(&redis.url()));
    telling.when_waiting("what is whole is told", |waiting| waiting.events == 2).await;
    telling.when("it is shown", |status| {
        status.trouble.as_deref().is_some_and(|trouble| trouble.contains("cannot be read"))
    });
    let told = |router| in_order(&redis.entries(), router);
    assert_eq!((told("north"), told("middle"), told("south")), (vec![1, 2], vec![], vec![1, 2]));
    assert_eq!(redis.entries().len(), 4, "and nothing twice");
    change("substr(body, 2)");
    telling.drained().await;
    assert_eq!((told("middle"), redis.entries().len()), (vec![1, 2], 6));
}

/// Redis has it; readers pass over what they know.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_and_cannot_be_deleted_is_told_again_and_that_is_shown() {
    let (database, redis) = (Database::create(), Redis::start());
    let url = database.url().to_owned();
    let desk = Desk::shared(database).await;
    desk.store.write_events(true);
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..2).await;
    postgres_server::run(
        &url,
        "CREATE FUNCTION tikmeter.refuse() RETURNS trigger AS
             $$ BEGIN RAISE EXCEPTION 'not today'; END $$ LANGUAGE plpgsql;
         CREATE TRIGGER refuse BEFORE DELETE ON tikmeter.outbox EXECUTE FUNCTION tikmeter.refuse()",
    );
    let telling = Telling::start(&desk, settings(&redis.url()));
    telling.when("it is shown", |status| {
        status.trouble.as_deref().is_some_and(|trouble| trouble.contains("not today")) && status.told > 2
    });
    telling.when_waiting("they wait on", |waiting| waiting.events == 2).await;
    postgres_server::run(&url, "DROP TRIGGER refuse ON tikmeter.outbox");
    telling.drained().await;
    assert_eq!(in_order(&redis.entries(), "tower"), [1, 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_redis_says_is_told_and_mended() {
    let (desk, redis) = (desk().await, Redis::start());
    let url = redis.url();
    let run = |words: &[&str]| redis.run::<redis::Value>(words);
    run(&["SET", STREAM, "something else"]);
    trouble(&desk, &redis, &url, "something else under the name", || drop(run(&["DEL", STREAM]))).await;
    run(&["CONFIG", "SET", "maxmemory", "1"]);
    trouble(&desk, &redis, &url, "no memory left", || drop(run(&["CONFIG", "SET", "maxmemory", "0"]))).await;
    run(&["REPLICAOF", "127.0.0.1", "1"]);
    trouble(&desk, &redis, &url, "is a replica", || drop(run(&["REPLICAOF", "NO", "ONE"]))).await;
    run(&["ACL", "SETUSER", "default", "-multi"]);
    trouble(&desk, &redis, &url, "does not let its user", || {
        drop(run(&["ACL", "SETUSER", "default", "+multi"]))
    })
    .await;
    run(&["ACL", "SETUSER", "default", "-xadd"]);
    trouble(&desk, &redis, &url, "does not let its user", || {
        drop(run(&["ACL", "SETUSER", "default", "+xadd"]))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_and_a_wrong_address_are_told() {
    let (desk, redis) = (desk().await, Redis::start());
    let wrong = redis.url().replace("not-a-secret", "wrong");
    trouble(&desk, &redis, &wrong, "refuses the user or the password", || ()).await;
    let other = super::desk().await;
    let without = redis.url().replace(":not-a-secret@", "");
    trouble(&other, &redis, &without, "wants a password", || ()).await;
    let other = super::desk().await;
    trouble(&other, &redis, &nobody(), "Nobody listens at", || ()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_takes_everything_and_says_nothing_holds_up_nobody() {
    let mute = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let desk = desk().await;
    let telling = Telling::start(&desk, settings(&format!("redis://{}", mute.local_addr().unwrap())));
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..50).await;
    assert_eq!(desk.store.outbox().await.unwrap()[0].events, 50);
    telling.when("it is said", |status| {
        status.trouble.as_deref().is_some_and(|told| told.contains("does not answer"))
    });
    rounds(&desk, nas, 50..60).await;
    telling.when_waiting("all wait", |waiting| waiting.events == 60).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_redis_that_stands_still_is_noticed_and_goes_on_where_it_stood() {
    let (desk, redis) = (desk().await, Redis::start());
    let nas = desk.add_router("tower").await;
    rounds(&desk, nas, 0..5).await;
    let telling = Telling::start(&desk, settings(&redis.url()));
    telling.drained().await;
    redis.stand_still(true);
    rounds(&desk, nas, 5..55).await;
    telling.when("it is said", |status| {
        status.trouble.as_deref().is_some_and(|told| told.contains("does not answer"))
    });
    redis.stand_still(false);
    telling.drained().await;
    assert_eq!(super::in_order(&redis.entries(), "tower"), (1..=55).collect::<Vec<_>>());
}
