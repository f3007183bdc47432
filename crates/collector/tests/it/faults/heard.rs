//! What the second connection hears: sessions too short for any poll, and that something is worth looking at.

use std::time::Duration;

use accounting::Octets;
use accounting::ledger::Reason;
use collector::control::Door;
use routeros_sim::world::{
    BooleanWords, CancelOrder, DeadWord, Device, Personality, Switches, TagPlace, UnknownProperty, World,
};
use store::{SessionPhase, SessionQuery, SessionRepository};
use tokio::time::Instant;

use super::books::{assert_sound, ledger, usage};
use super::patience::{a_while, until};
use super::polled::{Polled, Setting};

const LINK_BPS: u64 = 100_000_000;

/// A router polled once an hour and listened to.
async fn listened_to() -> Polled {
    listened_to_with(Switches::default()).await
}

/// The same on a router that speaks so.
async fn listened_to_with(switches: Switches) -> Polled {
    let mut device = Device::new("listened-to", Personality::V7_20, 5);
    device.switches = switches;
    let interval = Duration::from_secs(3600);
    let setting = Setting { interval, listens: true, link_speed_bps: Some(LINK_BPS), ..Setting::default() };
    let polled = Polled::of(World::new(device), setting).await;
    polled.covered().await;
    until("both connections stand", || polled.sim.stats().logins == 2).await;
    // The login is answered before the listen command is sent.
    a_while(200).await;
    polled
}

#[tokio::test]
async fn a_session_that_came_and_went_between_two_polls_is_in_the_ledger_with_a_bound() {
    a_ghost_is_heard(Switches::default()).await;
}

/// What nobody has established of `listen` (routeros.md §1.2, §1.7) changes nothing.
#[tokio::test]
async fn it_is_heard_however_the_router_spells_its_rows() {
    let usual = Switches::default;
    for switches in [
        Switches { dead_word: DeadWord::Yes, ..usual() },
        Switches { listen_repeats: true, ..usual() },
        Switches { tag_place: TagPlace::Last, ..usual() },
        Switches { cancel_order: CancelOrder::CancelledFirst, ..usual() },
        Switches { extra_property: true, duplicate_attribute: true, ..usual() },
        Switches {
            boolean_words: BooleanWords::YesNo,
            unknown_property: UnknownProperty::DropsRows,
            ..usual()
        },
    ] {
        println!("{switches:?}");
        a_ghost_is_heard(switches).await;
    }
}

async fn a_ghost_is_heard(switches: Switches) {
    let polled = listened_to_with(switches).await;
    polled.read().await.unwrap();
    let ghost = polled.connect("ghost");
    polled.until_heard(ghost).await;
    polled.world(|world| world.transfer(ghost, 10_000, 2_000_000));
    a_while(600).await;
    polled.world(|world| world.disconnect(ghost));
    a_while(200).await;
    let shown = polled.world(|world| world.truth().session(ghost).unwrap().shown);
    assert_eq!((shown.counter_prints, shown.session_prints), (0, 0), "no poll saw it");
    polled.read().await.unwrap();

    let entries = ledger(&polled.sqlite, b"ghost").await;
    let [row] = &entries[..] else { panic!("one entry: {entries:?}") };
    let unseen = row.entry.unseen.unwrap();
    assert_eq!(
        (row.entry.reason, row.entry.delta, row.entry.posted),
        (Reason::HeardOnly, Octets::ZERO, true)
    );
    let (seconds, upper) = (unseen.micros.unwrap() / 1_000_000, unseen.upper_octets.unwrap());
    assert!((1..=6).contains(&seconds), "it lived 0.8 s: {seconds}");
    assert_eq!(upper, seconds * LINK_BPS / 8 * 2);
    assert!(upper >= 2_010_000);
    let of_ghost = SessionQuery {
        username: Some(b"ghost".to_vec()),
        limit: 9,
        reach: store::Reach::Everywhere,
        ..SessionQuery::default()
    };
    let sessions = polled.sqlite.list_sessions(of_ghost).await.unwrap();
    assert_eq!(sessions.iter().map(|session| session.phase).collect::<Vec<_>>(), [SessionPhase::Ended]);
    let said =
        usage(&polled.sqlite, None).await.into_iter().find(|row| row.username.as_deref() == Some(b"ghost"));
    assert_eq!(said.unwrap().observation.upper_octets, Some(upper));
    assert_sound(&polled.sqlite).await;
}

#[tokio::test]
async fn a_session_that_was_polled_is_not_heard_once_more() {
    let polled = listened_to().await;
    let ana = polled.connect("ana");
    polled.until_heard(ana).await;
    polled.world(|world| world.transfer(ana, 100, 200));
    polled.read().await.unwrap();
    polled.world(|world| world.disconnect(ana));
    a_while(200).await;
    polled.read().await.unwrap();
    let reasons: Vec<_> = ledger(&polled.sqlite, b"ana").await.iter().map(|row| row.entry.reason).collect();
    assert_eq!(reasons, [Reason::SessionStart]);
}

/// The connection breaks off while a session that no print showed runs; it ends before anybody listens again.
async fn a_ghost_is_lost_sight_of(lose: impl FnOnce(&Polled)) -> Polled {
    let polled = listened_to().await;
    polled.read().await.unwrap();
    let ghost = polled.connect("ghost");
    polled.until_heard(ghost).await;
    a_while(200).await;
    lose(&polled);
    polled.when(|status| status.not_listening_because.is_some()).await;
    polled.world(|world| world.transfer(ghost, 10_000, 2_000_000));
    polled.world(|world| world.disconnect(ghost));
    polled.until_read().await;
    polled
}

async fn assert_bounded_once(polled: &Polled) {
    polled.read().await.unwrap();
    let entries = ledger(&polled.sqlite, b"ghost").await;
    let [row] = &entries[..] else { panic!("one entry: {entries:?}") };
    let unseen = row.entry.unseen.unwrap();
    assert_eq!((row.entry.reason, row.entry.delta), (Reason::HeardOnly, Octets::ZERO));
    let (seconds, upper) = (unseen.micros.unwrap() / 1_000_000, unseen.upper_octets.unwrap());
    assert!((1..=20).contains(&seconds), "it lived for about a second: {seconds}");
    assert!(upper >= 2_010_000);
    assert_sound(&polled.sqlite).await;
}

#[tokio::test]
async fn a_session_whose_end_nobody_heard_has_a_bound_all_the_same() {
    let polled = a_ghost_is_lost_sight_of(|polled| polled.sim.drop_connections()).await;
    assert_bounded_once(&polled).await;
}

/// The polling connection stands, and no id of its counter table changed.
#[tokio::test]
async fn the_tables_are_read_to_see_who_is_gone_when_only_listening_broke_off() {
    let only_listening = |polled: &Polled| polled.ear.found(Door::Full);
    let polled = a_ghost_is_lost_sight_of(only_listening).await;
    assert_bounded_once(&polled).await;
}

#[tokio::test]
async fn a_session_that_lived_on_while_nobody_listened_is_counted_and_has_no_bound() {
    let polled = listened_to().await;
    polled.read().await.unwrap();
    let ana = polled.connect("ana");
    polled.until_heard(ana).await;
    polled.sim.drop_connections();
    polled.when(|status| status.not_listening_because.is_some()).await;
    polled.world(|world| world.transfer(ana, 100, 200));
    polled.when(|status| status.not_listening_because.is_none()).await;
    polled.until_read().await;
    polled.read().await.unwrap();
    let entries = ledger(&polled.sqlite, b"ana").await;
    assert_eq!(entries.iter().map(|row| row.entry.reason).collect::<Vec<_>>(), [Reason::SessionStart]);
    assert_sound(&polled.sqlite).await;
}

#[tokio::test]
async fn what_is_heard_is_looked_at_within_ten_seconds_and_not_more_often() {
    let polled = listened_to().await;
    polled.read().await.unwrap();
    let (begun, rounds) = (Instant::now(), polled.board.get(polled.nas).unwrap().rounds_total);
    for number in 0..40 {
        let key = polled.connect(&format!("flap{number}"));
        a_while(10).await;
        if number % 2 == 0 {
            polled.world(|world| world.disconnect(key));
        }
    }
    polled.when(|status| status.rounds_total > rounds).await;
    assert!(begun.elapsed() >= Duration::from_secs(9), "it was looked at sooner");
    a_while(1_000).await;
    assert_eq!(polled.board.get(polled.nas).unwrap().rounds_total, rounds + 1);
}

#[tokio::test]
async fn whether_the_router_is_listened_to_is_shown_when_it_changes() {
    let polled = listened_to().await;
    polled.when(|status| status.not_listening_because.is_none()).await;
    polled.sim.drop_connections();
    let deaf = polled.when(|status| status.not_listening_because.is_some()).await;
    assert!(deaf.not_listening_because.unwrap().contains("connection"));

    let not_listened_to = Polled::start(Setting::default()).await;
    let status = not_listened_to.board.get(not_listened_to.nas).unwrap();
    assert_eq!(status.not_listening_because.as_deref(), Some("The router was not listened to yet."));
}
