//! The living provider: believable, deterministic, and never quite still.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::isp::{Isp, IspConfig};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Access, Device, Octets, Personality, SessionTruth, World};

use crate::client::Client;

fn build(seed: u64) -> (World, Isp) {
    let config = IspConfig { subscribers: 100, seed, ..IspConfig::default() };
    Isp::build(Device::new("tower", Personality::V7_12, seed), config)
}

fn lived(seed: u64, seconds: u64) -> (World, Isp) {
    let (mut world, mut isp) = build(seed);
    for _ in 0..seconds {
        world.advance(Duration::from_secs(1));
        isp.step(&mut world);
    }
    (world, isp)
}

#[test]
fn the_same_seed_lives_the_same_life() {
    let (one, other, stranger) = (lived(3, 600).0, lived(3, 600).0, lived(4, 600).0);
    assert_eq!(one.truth(), other.truth());
    assert_ne!(one.truth(), stranger.truth());
}

#[test]
fn subscribers_reconnect_and_survive_reboots() {
    let (mut world, mut isp) = build(5);
    assert_eq!(isp.lines_up(&world), 100);
    let mark = world.mark();
    for _ in 0..4 * 3600 {
        world.advance(Duration::from_secs(1));
        isp.step(&mut world);
    }
    assert!(world.reboots() >= 2, "{} reboots in four hours", world.reboots());
    let since = world.truth_since(&mark);
    assert!(since.sessions.len() > 400, "{} sessions", since.sessions.len());
    assert!(since.total().output > since.total().input);
    world.advance(Duration::from_secs(60));
    isp.step(&mut world);
    assert!(isp.lines_up(&world) > 80, "{} lines up", isp.lines_up(&world));
}

#[test]
fn there_is_a_binding_a_double_user_and_l2tp() {
    let (world, _) = build(6);
    let mut sessions: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for key in world.live_sessions() {
        *sessions.entry(world.login_of(key).to_vec()).or_default() += 1;
        names.push(world.interface_name_of(key).to_vec());
    }
    assert_eq!(sessions.len(), 99);
    assert_eq!(sessions.values().filter(|&&count| count == 2).count(), 1);
    assert!(names.contains(&b"pppoe-tienda".to_vec()));
    assert!(names.iter().any(|name| name.starts_with(b"<l2tp-")));
    assert!(names.iter().any(|name| name.ends_with(b"-1>")));
}

#[tokio::test]
async fn on_host_time_it_is_alive_within_seconds() {
    let (world, isp) = build(7);
    let router = SimRouter::start(world, Options { time: TimeMode::Wall }).await.expect("a free port");
    let living = tokio::spawn(isp.live(router.clone()));
    let mut client = Client::login(&router).await;
    let mut sums = Vec::new();
    for _ in 0..2 {
        let rows = client.call(Command::new("/interface/print").query("?type=pppoe-in")).await.ok();
        sums.push(
            rows.iter().map(|row| Octets::new(row.number("rx-byte"), row.number("tx-byte"))).sum::<Octets>(),
        );
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert!(sums[1].output > sums[0].output, "{sums:?}");
    router.stop().await;
    living.await.expect("ends with its router");
}

#[test]
fn who_has_a_static_address_surfs_also_after_a_reboot_and_less_than_any_link_carries() {
    let config = IspConfig { subscribers: 2, static_addresses: 3, seed: 9, ..IspConfig::default() };
    let (mut world, mut isp) = Isp::build(Device::new("town", Personality::V7_20, 9), config);
    let passed = |world: &World| {
        let vlans = ["vlan201", "vlan203"].map(|name| world.passed_on(name));
        [vlans[0], vlans[1], world.traffic_of_queue("casa-202")]
    };
    let mut before = passed(&world);
    for reboots in 0..2 {
        for _ in 0..600 {
            world.advance(Duration::from_secs(1));
            isp.step(&mut world);
        }
        let after = passed(&world);
        for (before, after) in before.iter().zip(after) {
            let moved = after.since(*before);
            assert!(moved.input > 0 && moved.output > moved.input, "{moved:?} after {reboots} reboots");
            assert!(moved.output < 600 * 20_000_000 / 8, "{moved:?} of 20 Mbit/s");
        }
        before = after;
        world.reboot();
    }
    assert!(world.fixed_made().contains(&b"vlan203"[..]) && world.queues_made().len() == 1);
}

#[tokio::test]
async fn a_time_lapse_is_that_many_times_as_fast() {
    let before = tokio::time::Instant::now();
    let options = Options { time: TimeMode::Lapse(60) };
    let router =
        SimRouter::start(Device::new("cafe", Personality::V7_20, 8), options).await.expect("a free port");
    let after = tokio::time::Instant::now();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let least = after.elapsed() * 60;
    let passed = Duration::from_micros(router.with_world(|world| world.now_us()));
    // Microseconds are rounded down.
    assert!(least - Duration::from_micros(60) <= passed && passed <= before.elapsed() * 60, "{passed:?}");
}

#[test]
fn guests_come_roam_and_leave_and_some_devices_are_let_through() {
    let config =
        IspConfig { subscribers: 2, guests: 40, seed: 8, reboots_every: None, ..IspConfig::default() };
    let (mut world, mut isp) = Isp::build(Device::new("cafe", Personality::V7_20, 8), config);
    for _ in 0..2 * 3600 {
        world.advance(Duration::from_secs(1));
        isp.step(&mut world);
    }
    assert!(world.hotspot_sessions().count() > 20);
    assert!(world.bypassed_sessions().next().is_some());
    let truth = world.truth();
    let logins: Vec<_> = truth.sessions.iter().filter(|session| session.access == Access::Hotspot).collect();
    assert!(logins.iter().filter(|session| session.ended_us.is_some()).count() > 20, "{}", logins.len());
    assert!(logins.iter().any(|session| session.octets.output > 1_000_000));
    assert!(longest_absence_s(&logins) > 60, "who left stays away for a while");
}

/// People of a provider whom an operator keeps out stay out until they are let in again.
#[tokio::test]
async fn who_is_kept_out_tries_again_and_again() {
    let config =
        IspConfig { subscribers: 2, guests: 1, seed: 8, reboots_every: None, ..IspConfig::default() };
    let (world, mut isp) = Isp::build(Device::new("cafe", Personality::V7_20, 8), config);
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let mut client = Client::login(&router).await;
    let logins: BTreeSet<Vec<u8>> =
        router.with_world(|world| world.live_sessions().map(|key| world.login_of(key).to_vec()).collect());
    for login in &logins {
        let secret = Command::new("/ppp/secret/add").attr("name", login).attr("disabled", "yes");
        client.call(secret).await.ok();
    }
    let guest = client.call(Command::new("/ip/hotspot/user/print").proplist(&["name"])).await.ok();
    let guest = guest[0].get("name").expect("it has one").to_vec();
    let disable = |menu: &str, name: &[u8], word: &str| {
        Command::new(&format!("{menu}/set")).attr("numbers", name).attr("disabled", word)
    };
    client.call(disable("/ip/hotspot/user", &guest, "yes")).await.ok();
    let mut hours = |world: &mut World, hours: u64| {
        for _ in 0..hours * 3600 {
            world.advance(Duration::from_secs(1));
            isp.step(world);
        }
        (world.live_session_count(), world.hotspot_sessions().count())
    };
    router.with_world(|world| {
        world.live_sessions().collect::<Vec<_>>().into_iter().for_each(|key| world.disconnect(key));
        assert_eq!(hours(world, 1), (0, 0));
    });
    client.call(disable("/ip/hotspot/user", &guest, "no")).await.ok();
    for login in logins {
        client.call(disable("/ppp/secret", &login, "no")).await.ok();
    }
    router.with_world(|world| {
        let (mut lines, mut guests) = (0, 0);
        for _ in 0..4 {
            let (up, logged_in) = hours(world, 1);
            (lines, guests) = (lines.max(up), guests.max(logged_in));
        }
        assert!(lines > 0 && guests > 0, "{lines} {guests}");
    });
}

/// Seconds from the end of a login to the next one of the same user.
fn longest_absence_s(logins: &[&SessionTruth]) -> u64 {
    let next = |ended: &SessionTruth| {
        let of_user = logins.iter().filter(|later| later.login == ended.login && later.key > ended.key);
        of_user.map(|later| later.began_us).min()
    };
    let absences = logins.iter().filter_map(|login| next(login)?.checked_sub(login.ended_us?));
    absences.max().unwrap_or_default() / 1_000_000
}
