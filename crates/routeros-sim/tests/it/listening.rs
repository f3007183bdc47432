//! `listen`, `/cancel`, and several commands at once.

use std::time::Duration;

use routeros_proto::{Command, Tag};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{CancelOrder, DeadWord, Device, Personality, Service, Switches, World};

use crate::client::{Client, words};
use crate::menus::MAC;

async fn router(switches: Switches) -> SimRouter {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches = switches;
    SimRouter::start(World::new(device), Options::default()).await.expect("a free port")
}

/// Listening to `/ppp/active` as tag 1; the print makes sure that it has begun.
async fn listening(router: &SimRouter, properties: &[&str]) -> Client {
    let mut client = Client::login(router).await;
    client.send(&Command::new("/ppp/active/listen").proplist(properties).tag(Tag(1))).await;
    client.send(&Command::new("/system/identity/print").proplist(&["name"]).tag(Tag(2))).await;
    assert_eq!(client.words().await, words(&["!re", ".tag=2", "=name=r"]));
    assert_eq!(client.words().await, words(&["!done", ".tag=2"]));
    client
}

#[tokio::test]
async fn listen_tells_changes_but_no_table_and_dead_rows_carry_only_their_id() {
    for (dead_word, text) in [(DeadWord::True, "=.dead=true"), (DeadWord::Yes, "=.dead=yes")] {
        let router = router(Switches { dead_word, ..Switches::default() }).await;
        let old = router.with_world(|world| world.connect("old", Service::Pppoe, MAC, 0, 0));
        let mut client = listening(&router, &[".id", "name", "session-id"]).await;
        assert!(client.is_silent().await);
        let ana = router.with_world(|world| world.connect("ana", Service::Pppoe, MAC, 0, 0));
        let row = ["!re", ".tag=1", "=.id=*2", "=name=ana", "=session-id=0x81100001"];
        assert_eq!(client.words().await, words(&row));
        router.with_world(|world| world.disconnect(ana));
        assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*2", text]));
        router.with_world(|world| world.disconnect(old));
        assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", text]));
    }
}

#[tokio::test]
async fn a_session_known_only_from_listen_counts_as_shown() {
    let router = router(Switches::default()).await;
    let mut client = listening(&router, &[".id", "name"]).await;
    let key = router.with_world(|world| {
        let key = world.connect("ana", Service::Pppoe, MAC, 0, 0);
        world.transfer(key, 5, 6);
        world.disconnect(key);
        key
    });
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", "=name=ana"]));
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", "=.dead=true"]));
    let truth = router.with_world(|world| world.truth());
    let session = truth.session(key).expect("it was there");
    assert_eq!((session.was_shown, session.shown.listen_rows, session.shown.counter_prints), (true, 1, 0));
}

#[tokio::test]
async fn listen_may_repeat_the_row_of_a_known_session() {
    let router = router(Switches { listen_repeats: true, ..Switches::default() }).await;
    let mut client = listening(&router, &["name"]).await;
    router.with_world(|world| world.connect("ana", Service::Pppoe, MAC, 0, 0));
    for _ in 0..2 {
        assert_eq!(client.words().await, words(&["!re", ".tag=1", "=name=ana"]));
    }
}

#[tokio::test]
async fn interfaces_are_listened_to_without_pushing_counters() {
    let router = router(Switches::default()).await;
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/interface/listen").proplist(&[".id", "name", "rx-byte"]).tag(Tag(1))).await;
    client.send(&Command::new("/system/identity/print").proplist(&["name"]).tag(Tag(2))).await;
    client.words().await;
    client.words().await;
    let key = router.with_world(|world| world.connect("ana", Service::Pppoe, MAC, 8_000_000, 0));
    let row = ["!re", ".tag=1", "=.id=*F00000", "=name=<pppoe-ana>", "=rx-byte=0"];
    assert_eq!(client.words().await, words(&row));
    router.with_world(|world| world.advance(Duration::from_secs(60)));
    assert!(client.is_silent().await);
    router.with_world(|world| world.disconnect(key));
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*F00000", "=.dead=true"]));
}

#[tokio::test]
async fn cancel_interrupts_the_tagged_command_in_either_order() {
    let orders = [
        (CancelOrder::CancelFirst, ["!done|.tag=20", "!done|.tag=1"]),
        (CancelOrder::CancelledFirst, ["!done|.tag=1", "!done|.tag=20"]),
    ];
    for (cancel_order, ends) in orders {
        let router = router(Switches { cancel_order, ..Switches::default() }).await;
        let mut client = listening(&router, &[".id"]).await;
        client.send(&Command::new("/cancel").attr("tag", "1").tag(Tag(20))).await;
        assert_eq!(client.words().await, words(&["!trap", ".tag=1", "=category=2", "=message=interrupted"]));
        for end in ends {
            assert_eq!(client.words().await, words(&end.split('|').collect::<Vec<_>>()));
        }
        router.with_world(|world| world.connect("ana", Service::Pppoe, MAC, 0, 0));
        assert!(client.is_silent().await);
    }
}

#[tokio::test]
async fn commands_with_tags_are_answered_side_by_side() {
    let router = router(Switches::default()).await;
    router.with_world(|world| {
        for number in 0..3000 {
            world.connect(format!("user{number}"), Service::Pppoe, MAC, 0, 0);
        }
    });
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/interface/print").tag(Tag(1))).await;
    client.send(&Command::new("/system/identity/print").tag(Tag(2))).await;
    let mut big_rows = 0;
    let mut rows_before_small = 0;
    loop {
        let sentence = client.words().await.expect("the connection stays");
        match (sentence[0].as_slice(), sentence[1].as_slice()) {
            (b"!re", b".tag=1") => big_rows += 1,
            (b"!done", b".tag=2") => rows_before_small = big_rows,
            (b"!done", b".tag=1") => break,
            _ => {}
        }
    }
    assert_eq!(big_rows, 3000);
    assert!(rows_before_small < 3000, "the small answer did not wait for the big one");
}
