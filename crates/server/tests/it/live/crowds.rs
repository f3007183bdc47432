//! Very many clients at once.

use futures_util::future::join_all;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::Handle;

use super::line::Line;

const MANY: usize = 5_000;
/// Places that the server has by itself.
const PLACES: usize = 1_000;

#[tokio::test]
async fn five_thousand_come_at_once_a_thousand_are_served_and_nothing_stays_behind() {
    // Both ends are in this process, beside those of other tests.
    let most = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).unwrap();
    let line = Line::new().await;
    let scene = &line.scene;
    let tasks = || Handle::current().metrics().num_alive_tasks();
    // The server's own are there once it has served somebody.
    drop(line.connect("/ws").await);
    line.until("tikmeter_live_clients", 0).await;
    let before = tasks();
    let path = format!("/ws?customer_id={}", scene.ana);
    let came = join_all((0..MANY).map(|_| line.try_to_connect(&path))).await;
    let refused: Vec<u16> = came.iter().filter_map(|came| came.as_ref().err().copied()).collect();
    let mut sockets: Vec<_> = came.into_iter().flatten().collect();
    assert_eq!((sockets.len(), refused), (PLACES, vec![503; MANY - PLACES]));
    assert_eq!(scene.watched(), [(scene.ana, false, PLACES)]);
    assert_eq!(line.figure("tikmeter_live_clients").await, PLACES as u64);
    assert_eq!(line.figure("tikmeter_monitors").await, 1);
    assert_eq!(line.figure("tikmeter_monitor_slots").await, 50);
    scene.says(1, &[(scene.ana, 1, 2)]);
    let told = join_all(sockets.iter_mut().map(|socket| socket.next())).await;
    assert!(told.iter().all(|told| told["username"] == "ana"));
    assert_eq!(line.figure("tikmeter_live_samples_sent_total").await, PLACES as u64);
    // Half of them say good-bye, half of them just go.
    let rest = sockets.split_off(PLACES / 2);
    join_all(sockets.iter_mut().map(|socket| socket.0.close(None))).await;
    drop((sockets, rest));
    line.until("tikmeter_live_clients", 0).await;
    assert_eq!(scene.watched(), []);
    while tasks() > before {
        tokio::task::yield_now().await;
    }
    line.leaves_nothing().await;
}
