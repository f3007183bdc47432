//! The link over TCP against a simulated router that misbehaves in every way it knows.

use std::net::SocketAddr;
use std::time::Duration;

use collector::link::error::{Closed, Unreachable};
use collector::link::{Deadline, Link, LinkError};
use routeros_proto::Command;
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::world::{
    AfterFailedLogin, Device, OverMaxSessions, Personality, Policies, Policy, Service, User, World,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::sim::{MAC, link, refused, start, target, target_at, world};

const INTERFACES: &str = "/interface/print";

fn interfaces() -> Command {
    Command::new(INTERFACES).proplist(&["name"])
}

fn crowd(sessions: u32) -> World {
    let mut world = world();
    for number in 0..sessions {
        world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
    }
    world
}

/// Rows seen and the outcome.
async fn rows(link: &mut Link) -> (u32, Result<(), LinkError>) {
    let mut rows = 0;
    let outcome = link.print(&interfaces(), |_| rows += 1).await;
    (rows, outcome.map(|_| ()))
}

#[tokio::test]
async fn both_login_methods_work() {
    for personality in Personality::ALL {
        let router = start(World::new(Device::new("r", personality, 1))).await;
        let mut link = link(&router).await;
        assert_eq!(rows(&mut link).await.1.map_err(|error| error.to_string()), Ok(()), "{personality:?}");
    }
}

#[tokio::test]
async fn every_byte_and_sentence_is_counted_on_both_sides_alike() {
    let router = start(crowd(500)).await;
    let mut link = link(&router).await;
    assert_eq!(rows(&mut link).await.0, 500);
    let (ours, theirs) = (link.traffic(), router.stats());
    assert_eq!((ours.bytes_in, ours.bytes_out), (theirs.bytes_out, theirs.bytes_in));
    assert_eq!(ours.sentences_out, theirs.sentences);
    assert_eq!(ours.sentences_in, 500 + 2, "rows, the login's answer and the print's end");
}

#[tokio::test]
async fn a_wrong_password_is_a_refused_login_whatever_the_router_does_with_the_socket() {
    for personality in [Personality::V6_42, Personality::V7_20] {
        for after_failed_login in [AfterFailedLogin::StaysOpen, AfterFailedLogin::Closes] {
            let mut device = Device::new("r", personality, 1);
            device.switches.after_failed_login = after_failed_login;
            let router = start(World::new(device)).await;
            let error = refused(&target_at(router.addr(), "wrong")).await;
            assert!(matches!(error, LinkError::LoginRefused(_)), "{error}");
            assert!(error.to_string().contains("/user group set GROUP policy=api,read"), "{error}");
            assert!(!error.to_string().contains("wrong"), "the password is not repeated: {error}");
        }
    }
}

#[tokio::test]
async fn a_closed_port_names_the_command_that_opens_it() {
    let router = start(world()).await;
    router.set_listening(false).await;
    let error = refused(&target(&router)).await;
    assert!(matches!(error, LinkError::Unreachable(Unreachable::Refused { .. })), "{error}");
    assert!(error.to_string().contains("/ip service enable api"), "{error}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_said_to_be_one() {
    let router = start(world()).await;
    let mut target = target(&router);
    target.host = "no such host".to_owned();
    let error = refused(&target).await;
    assert!(matches!(error, LinkError::Unreachable(Unreachable::NoName { .. })), "{error}");
}

#[tokio::test]
async fn a_router_that_accepts_and_says_nothing_is_given_up() {
    let router = start(world()).await;
    router.faults().always(Fault::HangOnConnect);
    let error = refused(&target(&router)).await;
    assert!(matches!(error, LinkError::TimedOut(Deadline::Login(_))), "{error}");
}

#[tokio::test]
async fn a_full_api_is_told_apart_from_a_reboot() {
    for (over, expected) in [
        (OverMaxSessions::Close, "max-sessions"),
        (OverMaxSessions::Refuse, "max-sessions"),
        (OverMaxSessions::Trap, "refused the login"),
    ] {
        let mut device = Device::new("r", Personality::V7_20, 1);
        device.max_sessions = 1;
        device.switches.over_max_sessions = over;
        let router = start(World::new(device)).await;
        let _first = link(&router).await;
        let error = refused(&target(&router)).await;
        assert!(error.to_string().contains(expected), "{over:?}: {error}");
    }
}

#[tokio::test]
async fn lacking_rights_are_named_and_leave_the_link_usable() {
    let mut device = Device::new("r", Personality::V7_20, 1);
    let no_read = Policies::READ_ONLY.without(Policy::Read);
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, no_read)];
    let router = start(World::new(device)).await;
    let mut link = link(&router).await;
    let error = rows(&mut link).await.1.unwrap_err();
    assert!(matches!(error, LinkError::NoRights(_)), "{error}");
    assert!(error.to_string().contains("/user group set GROUP policy=api,read"), "{error}");
    assert!(link.is_usable());
}

#[tokio::test]
async fn a_missing_menu_leaves_the_link_usable() {
    let router = start(crowd(1)).await;
    let mut link = link(&router).await;
    router.faults().once_on(INTERFACES, Fault::MissingMenu);
    let error = rows(&mut link).await.1.unwrap_err();
    assert!(matches!(error, LinkError::MissingMenu(_)), "{error}");
    assert!(matches!(rows(&mut link).await, (1, Ok(()))));
}

#[tokio::test]
async fn a_trap_after_rows_says_that_they_were_partial_and_leaves_the_link_usable() {
    let router = start(crowd(200)).await;
    let mut link = link(&router).await;
    router.faults().once_on(INTERFACES, Fault::trap_after(37));
    let (partial, outcome) = rows(&mut link).await;
    assert_eq!(partial, 37);
    let error = outcome.unwrap_err();
    assert!(matches!(error, LinkError::Trapped(_)) && !error.ends_link(), "{error}");
    assert!(matches!(rows(&mut link).await, (200, Ok(()))));
}

#[tokio::test]
async fn whatever_breaks_the_connection_ends_the_link_for_good() {
    let cuts = [
        (Cut::Drop, "without a word"),
        (Cut::HalfSentence, "without a word"),
        (Cut::Hang, "sent nothing"),
        (Cut::Garbage(vec![0xFF; 9]), "not the RouterOS API"),
        (Cut::Garbage(b"\x08HTTP/1.1\x00".to_vec()), "not the RouterOS API"),
        (Cut::Fatal("session terminated".to_owned()), "session terminated"),
    ];
    for (how, expected) in cuts {
        let router = start(crowd(50)).await;
        let mut link = link(&router).await;
        router.faults().once_on(INTERFACES, Fault::cut_after(20, how.clone()));
        let error = rows(&mut link).await.1.unwrap_err();
        assert!(error.ends_link() && error.to_string().contains(expected), "{how:?}: {error}");
        assert!(!link.is_usable());
        let again = rows(&mut link).await;
        assert!(matches!(again, (0, Err(LinkError::Closed(Closed::Earlier)))), "{how:?}: {again:?}");
    }
}

#[tokio::test]
async fn a_trickle_arrives_whole() {
    let router = start(crowd(3)).await;
    let mut link = link(&router).await;
    router.faults().once_on(INTERFACES, Fault::Trickle { octets: 1, pause: Duration::from_micros(50) });
    assert!(matches!(rows(&mut link).await, (3, Ok(()))));
}

#[tokio::test]
async fn an_endless_trickle_ends_at_the_commands_deadline() {
    let router = start(crowd(100)).await;
    let mut target = target(&router);
    target.deadlines.command = Duration::from_millis(300);
    let mut link = Link::open(&target).await.unwrap();
    router.faults().once_on(INTERFACES, Fault::Trickle { octets: 1, pause: Duration::from_millis(20) });
    let error = rows(&mut link).await.1.unwrap_err();
    assert!(matches!(error, LinkError::TimedOut(Deadline::Command(_))), "{error}");
}

#[tokio::test]
async fn an_abandoned_print_never_hands_its_rows_to_the_next_one() {
    let router = start(crowd(10)).await;
    let mut link = link(&router).await;
    router.faults().once_on(INTERFACES, Fault::Delay(Duration::from_millis(100)));
    let cut_short = tokio::time::timeout(Duration::from_millis(10), rows(&mut link)).await;
    assert!(cut_short.is_err());
    assert!(!link.is_usable());
    let next = rows(&mut link).await;
    assert!(matches!(next, (0, Err(LinkError::Closed(Closed::Abandoned)))), "{next:?}");
}

#[tokio::test]
async fn an_answer_that_grows_beyond_measure_ends_the_link() {
    let router = start(crowd(2_000)).await;
    let mut target = target(&router);
    target.deadlines.answer_bytes = 20_000;
    let mut link = Link::open(&target).await.unwrap();
    let (seen, outcome) = rows(&mut link).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, LinkError::Protocol(_)), "{error}");
    assert!(error.to_string().contains("longer than 20000 bytes"), "{error}");
    assert!(seen < 2_000 && !link.is_usable(), "{seen} rows came first");
}

/// What greets whoever connects, and then waits for them.
pub(crate) async fn greeter(greeting: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            stream.write_all(greeting).await.unwrap();
            held.push(stream);
        }
    });
    addr
}

/// The deadline is an hour away: only what came can tell.
#[tokio::test]
async fn another_protocols_greeting_is_told_at_once() {
    for (greeting, shown) in [
        (&b"SSH-2.0-ROSSSH\r\n"[..], "SSH-2.0-ROSSSH"),
        (b"220 mail ready\r\n", "220 mail ready"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "\\x15\\x03\\x01"),
    ] {
        let mut target = target_at(greeter(greeting).await, "any");
        target.deadlines.login = Duration::from_secs(3_600);
        let error = Link::open(&target).await.unwrap_err();
        assert!(matches!(error, LinkError::Protocol(_)), "{error}");
        let told = error.to_string();
        assert!(told.contains(shown) && told.contains("/ip service print where name=api"), "{told}");
    }
}

#[tokio::test]
async fn a_port_that_says_nothing_may_not_be_the_apis() {
    let mut target = target_at(greeter(b"").await, "any");
    target.deadlines.login = Duration::from_millis(50);
    let told = Link::open(&target).await.unwrap_err().to_string();
    assert!(told.contains("not the API's port") && told.contains("`/ip service print`"), "{told}");
}
