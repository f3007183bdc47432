//! Every fault, as a client meets it, and that the router goes on afterwards.

use std::time::{Duration, Instant};

use routeros_proto::Command;
use routeros_sim::faults::{Cut, Fault, Plan};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, Personality, Service, World};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use crate::client::{Client, End};
use crate::menus::MAC;

const USERS: usize = 200;

async fn router() -> SimRouter {
    let mut world = World::new(Device::new("r", Personality::V7_20, 1));
    for number in 0..USERS {
        world.connect(format!("user{number}"), Service::Pppoe, MAC, 0, 0);
    }
    SimRouter::start(world, Options::default()).await.expect("a free port")
}

/// How many rows a client holds when the answer ends, and how it ends; the session is in nobody's books unless
/// the print was clean.
async fn broken_print(router: &SimRouter, fault: Fault) -> (usize, End) {
    router.faults().once_on("/interface/print", fault);
    let mut client = Client::login(router).await;
    let answer = client.call(Command::new("/interface/print")).await;
    let shown =
        router.with_world(|world| world.truth().sessions.iter().filter(|session| session.was_shown).count());
    assert_eq!(shown, 0, "a broken print shows nobody");
    let mut fresh = Client::login(router).await;
    assert_eq!(fresh.call(Command::new("/interface/print")).await.ok().len(), USERS, "the fault is spent");
    (answer.rows.len(), answer.end)
}

#[tokio::test]
async fn a_trap_in_the_middle_of_a_table_leaves_a_part_and_the_connection() {
    let router = router().await;
    router.faults().once(Fault::trap_after(37));
    let mut client = Client::login(&router).await;
    let answer = client.call(Command::new("/ppp/active/print")).await;
    assert_eq!((answer.rows.len(), answer.trap()), (37, "no such item (4)"));
    assert_eq!(client.call(Command::new("/ppp/active/print")).await.ok().len(), USERS);
}

#[tokio::test]
async fn replies_break_as_they_are_told_to() {
    let cut = Fault::cut_after;
    assert_eq!(broken_print(&router().await, cut(37, Cut::Drop)).await, (37, End::Closed));
    assert_eq!(broken_print(&router().await, cut(5, Cut::HalfSentence)).await, (5, End::Closed));
    let fatal = cut(2, Cut::Fatal("out of memory".into()));
    assert_eq!(broken_print(&router().await, fatal).await, (2, End::Fatal("out of memory".into())));
    let garbage = cut(3, Cut::Garbage(vec![0xFF, 0xFE, 0xF8]));
    assert_eq!(broken_print(&router().await, garbage).await, (3, End::Garbled));
    let beyond = cut(10_000, Cut::Drop);
    assert_eq!(broken_print(&router().await, beyond).await, (USERS, End::Closed));
}

#[tokio::test]
async fn a_half_sentence_really_is_one() {
    let router = router().await;
    router.faults().once(Fault::cut_after(0, Cut::HalfSentence));
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/interface/print")).await;
    let mut bytes = Vec::new();
    client.stream.read_to_end(&mut bytes).await.expect("a regular end");
    assert!(bytes.starts_with(b"\x03!re") && bytes.len() > 8 && bytes.last() != Some(&0));
}

#[tokio::test]
async fn a_hang_sends_half_a_reply_and_then_nothing() {
    let router = router().await;
    router.faults().once_on("/interface/print", Fault::cut_after(4, Cut::Hang));
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/interface/print")).await;
    for _ in 0..4 {
        assert!(client.words().await.is_some());
    }
    assert!(client.is_silent().await);
    client.send(&Command::new("/system/identity/print")).await;
    assert!(client.is_silent().await);
    router.drop_connections();
    assert_eq!(client.words().await, None);
}

#[tokio::test]
async fn connects_are_reset_hang_or_are_refused() {
    let router = router().await;
    router.faults().arm(Plan::new(Fault::Refuse).times(2));
    for _ in 0..2 {
        assert_eq!(Client::connect(router.addr()).await.words().await, None);
    }
    router.faults().once(Fault::HangOnConnect);
    let mut silent = Client::connect(router.addr()).await;
    silent.send(&Command::new("/login").attr("name", "admin")).await;
    assert!(silent.is_silent().await);

    let mut old = Client::login(&router).await;
    router.set_listening(false).await;
    let refused = TcpStream::connect(router.addr()).await.expect_err("nobody listens");
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
    assert_eq!(old.call(Command::new("/system/identity/print")).await.ok().len(), 1, "old connections go on");
    router.set_listening(true).await;
    Client::login(&router).await;
}

#[tokio::test]
async fn a_trickle_delivers_everything_in_small_pieces() {
    let router = router().await;
    let pause = Duration::from_micros(100);
    router.faults().once(Fault::Trickle { octets: 7, pause });
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/ppp/active/print").query("?name=user7")).await;
    let mut first = [0; 4096];
    let read = client.stream.read(&mut first).await.expect("a piece");
    assert!(read <= 100, "{read} bytes came at once");
    let mut client = Client::login(&router).await;
    router.faults().once(Fault::Trickle { octets: 100, pause });
    assert_eq!(client.print("/ppp/active/print", &["name"]).await.ok().len(), USERS);
}

#[tokio::test]
async fn a_delay_comes_before_the_answer() {
    let router = router().await;
    let mut client = Client::login(&router).await;
    router.faults().once(Fault::Delay(Duration::from_millis(120)));
    #[expect(
        clippy::disallowed_methods,
        reason = "the test measures the host's time that a client has to wait"
    )]
    let began = Instant::now();
    client.call(Command::new("/system/identity/print")).await.ok();
    assert!(began.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn rows_go_missing_without_a_word() {
    let router = router().await;
    let mut client = Client::login(&router).await;
    let names = vec![b"<pppoe-user3>".to_vec(), b"user5".to_vec()];
    let fault = router.faults().always_on("/interface", Fault::HideNames(names));
    let rows = client.print("/interface/print", &["name"]).await.ok();
    assert_eq!(rows.len(), USERS - 1);
    assert!(rows.iter().all(|row| row.text("name") != "<pppoe-user3>"));
    assert_eq!(client.print("/interface/pppoe-server/print", &["name"]).await.ok().len(), USERS);
    assert_eq!(router.faults().struck(fault), Some(1));
    router.faults().disarm(fault);

    router.faults().always_on("/interface/pppoe-server/print", Fault::HideNames(vec![b"user5".to_vec()]));
    assert_eq!(client.print("/interface/pppoe-server/print", &["name"]).await.ok().len(), USERS - 1);
    router.faults().clear();

    router.faults().once(Fault::HideShare { percent: 50 });
    let some = client.print("/ppp/active/print", &["name"]).await.ok().len();
    assert!((USERS / 4..USERS * 3 / 4).contains(&some), "{some}");
    assert_eq!(client.print("/ppp/active/print", &["name"]).await.ok().len(), USERS);
}

#[tokio::test]
async fn rights_and_menus_can_go_missing() {
    let router = router().await;
    let mut client = Client::login(&router).await;
    router.faults().always_on("/interface/pppoe-server", Fault::MissingMenu);
    router.faults().arm(Plan::new(Fault::NoRights).times(2).on("/ppp/active/print"));
    for _ in 0..2 {
        let answer = client.call(Command::new("/interface/pppoe-server/print")).await;
        assert_eq!(answer.trap(), "no such command prefix");
        assert_eq!(client.call(Command::new("/ppp/active/print")).await.trap(), "not enough permissions (9)");
    }
    assert_eq!(client.call(Command::new("/ppp/active/print")).await.ok().len(), USERS);
    router.faults().clear();
    assert_eq!(client.call(Command::new("/interface/pppoe-server/print")).await.ok().len(), USERS);
}

#[tokio::test]
async fn login_can_be_broken_when_it_is_named() {
    let router = router().await;
    router.faults().once_on("/login", Fault::cut_after(0, Cut::Drop));
    let mut client = Client::connect(router.addr()).await;
    assert_eq!(client.log_in("admin", "simulated").await, Err(End::Closed));
    Client::login(&router).await;
}

#[tokio::test]
async fn an_idle_connection_is_closed_where_the_switch_says_so() {
    let router = router().await;
    router.with_world(|world| world.device_mut().switches.api_idle_timeout = Some(Duration::from_millis(50)));
    let mut client = Client::login(&router).await;
    assert_eq!(client.words().await, None);
}
