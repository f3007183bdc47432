//! The Redis stream `mikrotik:traffic:customers`.

use std::time::Duration;

use server::{RedisUrl, TRAFFIC_STREAM, TrafficBoard, TrafficPublisher, TrafficSettings, TrafficStatus};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::scene::Scene;
use crate::redis_server::{Redis, until};

/// A running publisher.
struct Telling {
    board: TrafficBoard,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Telling {
    fn start(scene: &Scene, redis: &Redis, stream_entries: u64) -> Telling {
        let settings = TrafficSettings { redis: RedisUrl::parse(&redis.url()).unwrap(), stream_entries };
        let (board, stop) = (TrafficBoard::default(), CancellationToken::new());
        let publisher = TrafficPublisher::new(settings, &scene.desk.operate, board.clone());
        let running = tokio::spawn(publisher.run(stop.clone()));
        Telling { board, stop, running }
    }

    fn when(&self, what: &str, is_so: impl Fn(&TrafficStatus) -> bool) {
        until(&|| format!("{what}: {:?}", self.board.status()), || is_so(&self.board.status()).then_some(()));
    }
}

/// Fields and values of an entry.
type Entry = Vec<(String, String)>;

fn entries(redis: &Redis) -> Vec<Entry> {
    let range: Vec<(String, Vec<String>)> = redis.run(&["XRANGE", TRAFFIC_STREAM, "-", "+"]);
    let pair = |of: &[String]| (of[0].clone(), of[1].clone());
    range.into_iter().map(|(_, fields)| fields.chunks(2).map(pair).collect()).collect()
}

/// The upload rates of all entries, by which a test tells its samples apart.
fn rates(redis: &Redis) -> Vec<u64> {
    let rate = |entry: Entry| {
        let rate = entry.into_iter().find(|(name, _)| name == "rx_bits_per_second");
        rate.unwrap().1.parse().unwrap()
    };
    entries(redis).into_iter().map(rate).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_has_the_fields_of_a_message() {
    let (scene, redis) = (Scene::new().await, Redis::start());
    let telling = Telling::start(&scene, &redis, 100);
    scene.start(scene.ana).await;
    scene.start(scene.bob).await;
    scene.says(1, &[(scene.ana, 1_234_567, 5_234_567), (scene.bob, 1, 0)]);
    telling.when("both are told", |status| status.told == 2 && status.waiting == 0);
    let told = entries(&redis);
    let ana = [
        ("customer_id", &*scene.ana.to_string()),
        ("customer_name", "Ana Cruz"),
        ("username", "ana"),
        ("service_type", "pppoe"),
        ("interface", "<pppoe-ana>"),
        ("rx_bits_per_second", "1234567"),
        ("tx_bits_per_second", "5234567"),
        ("download_speed", "5.23 Mbps"),
        ("upload_speed", "1.23 Mbps"),
        ("timestamp", "2027-01-15T08:00:01Z"),
        ("package", "Home 20M"),
    ];
    assert_eq!(told[0], ana.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(told[1].last().unwrap(), &("package".to_owned(), String::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_put_up_while_redis_is_away_is_told_when_it_is_back() {
    let (scene, mut redis) = (Scene::new().await, Redis::start());
    let telling = Telling::start(&scene, &redis, 100_000);
    scene.start(scene.ana).await;
    let says = |numbers: std::ops::Range<u64>| {
        numbers.for_each(|number| scene.says(1, &[(scene.ana, number, 0)]));
    };
    says(0..40);
    telling.when("what came before is told", |status| status.told == 40);
    redis.kill();
    says(40..700);
    telling.when("it is noticed", |status| status.trouble.is_some() && status.waiting > 0);
    redis.start_again();
    telling.when("all is told", |status| status.trouble.is_none() && status.waiting == 0);
    says(700..710);
    telling.when("it goes on", |status| status.told >= 710 && status.waiting == 0);
    let mut rates = rates(&redis);
    let in_order = rates.clone();
    rates.dedup();
    assert_eq!(rates, (0..710).collect::<Vec<_>>(), "{in_order:?}");
    assert_eq!(telling.board.status().lost, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_at_the_end_is_told_and_the_stream_does_not_grow_for_ever() {
    let (scene, redis) = (Scene::new().await, Redis::start());
    let telling = Telling::start(&scene, &redis, 200);
    scene.start(scene.ana).await;
    (0..900).for_each(|number| scene.says(1, &[(scene.ana, number, 0)]));
    // Else it may be over before it looked.
    telling.when("it took all over", |status| status.waiting as u64 + status.told == 900);
    telling.stop.cancel();
    telling.running.await.unwrap();
    assert_eq!((telling.board.status().waiting, telling.board.status().told), (0, 900));
    let kept: u64 = redis.run(&["XLEN", TRAFFIC_STREAM]);
    assert!((200..500).contains(&kept), "{kept} entries");
    assert_eq!(rates(&redis).last(), Some(&899));
}

/// As one publisher does at its begin: it must find so many consumers that read.
async fn look(scene: &Scene, redis: &Redis, readers: usize) {
    let telling = Telling::start(scene, redis, 100);
    telling.when("it was looked who reads", |status| status.readers == Some(readers));
    telling.stop.cancel();
    telling.running.await.unwrap();
}

/// It has no connection to this program: that its group asks for more is all that tells of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reads_over_redis_alone_is_a_reader_and_a_watch_ends_without_one() {
    let (scene, redis) = (Scene::new().await, Redis::start());
    let minutes_pass = async |minutes: u64| {
        scene.desk.clock.advance(minutes * 60_000_000);
        scene.desk.operate.tend_monitors().await;
    };
    let look = |readers| look(&scene, &redis, readers);
    scene.start(scene.ana).await;
    minutes_pass(0).await;
    look(0).await;
    let _: String = redis.run(&["XADD", TRAFFIC_STREAM, "*", "username", "nobody"]);
    let _: String = redis.run(&["XGROUP", "CREATE", TRAFFIC_STREAM, "charts", "0"]);
    look(0).await;
    minutes_pass(29).await;
    assert_eq!(scene.watched(), [(scene.ana, true, 0)]);
    let _: redis::Value =
        redis.run(&["XREADGROUP", "GROUP", "charts", "one", "STREAMS", TRAFFIC_STREAM, ">"]);
    look(1).await;
    minutes_pass(2).await;
    assert_eq!(scene.watched(), [(scene.ana, true, 0)], "it was read a moment ago");
    assert!(scene.desk.operate.live_told().wants.reads_all, "another process may have started it");
    minutes_pass(1).await;
    assert!(!scene.desk.operate.live_told().wants.reads_all);
    minutes_pass(29).await;
    assert_eq!(scene.watched(), [(scene.ana, true, 0)]);
    minutes_pass(1).await;
    assert_eq!(scene.watched(), [], "nobody has read for half an hour");
}

/// Has the server think that a consumer asked for more so long ago: it keeps when that was, in milliseconds, behind the consumer's
/// name.
fn asked_ago(redis: &Redis, consumer: &str, ago: Duration) {
    let mut stream: Vec<u8> = redis.run(&["DUMP", TRAFFIC_STREAM]);
    let name = [&[u8::try_from(consumer.len()).unwrap()], consumer.as_bytes()].concat();
    let found = stream.windows(name.len()).rposition(|window| window == name).unwrap();
    let (seconds, micros): (u64, u64) = redis.run(&["TIME"]);
    let at = seconds * 1_000 + micros / 1_000 - u64::try_from(ago.as_millis()).unwrap();
    stream[found + name.len()..][..8].copy_from_slice(&at.to_le_bytes());
    let end = stream.len() - 8;
    let sum = crc64(&stream[..end]).to_le_bytes();
    stream[end..].copy_from_slice(&sum);
    let mut connection = ::redis::Client::open(redis.url()).unwrap().get_connection().unwrap();
    let mut restore = ::redis::cmd("RESTORE");
    let () = restore.arg(TRAFFIC_STREAM).arg(0).arg(&stream).arg("REPLACE").query(&mut connection).unwrap();
}

/// The checksum of a serialized value: Jones' polynomial, reflected.
fn crc64(bytes: &[u8]) -> u64 {
    let shifted = |crc: u64, _| if crc & 1 == 1 { (crc >> 1) ^ 0x95AC_9329_AC4B_C9B5 } else { crc >> 1 };
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ u64::from(*byte), shifted))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consumer_that_has_asked_for_nothing_for_two_minutes_reads_no_more() {
    let (scene, redis) = (Scene::new().await, Redis::start());
    let look = |readers| look(&scene, &redis, readers);
    let _: String = redis.run(&["XADD", TRAFFIC_STREAM, "*", "username", "nobody"]);
    let _: String = redis.run(&["XGROUP", "CREATE", TRAFFIC_STREAM, "charts", "0"]);
    let _: redis::Value =
        redis.run(&["XREADGROUP", "GROUP", "charts", "reader", "STREAMS", TRAFFIC_STREAM, ">"]);
    asked_ago(&redis, "reader", Duration::from_secs(90));
    look(1).await;
    asked_ago(&redis, "reader", Duration::from_secs(121));
    look(0).await;
}
