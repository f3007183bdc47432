//! Addresses that are tested before anybody keeps them.

use std::net::SocketAddr;

use collector::checkup::Entry;
use collector::checkup::address::Testing;
use collector::devices::Devices;
use operations::{AddressLogin, AddressTest, Check, CheckItem, CheckState, RouterCommands};
use routeros_sim::server::{ApiSsl, Certificate, KeyKind};
use routeros_sim::world::Device;
use store::{Fingerprint, NasRepository, TlsMode};

use super::supervised::Supervised;
use crate::sim::{start, target, world};
use crate::tls::{HOST, fingerprint};

fn asked(addr: SocketAddr, tls: TlsMode, known: Option<Fingerprint>, login: bool) -> AddressTest {
    let login = login.then(|| AddressLogin {
        username: Device::DEFAULT_USER.to_owned(),
        password: Device::DEFAULT_PASSWORD.into(),
    });
    AddressTest { host: addr.ip().to_string(), port: addr.port(), tls, fingerprint: known, login }
}

fn found(checks: &[Check]) -> Vec<(CheckItem, CheckState)> {
    checks.iter().map(|check| (check.item, check.state)).collect()
}

#[tokio::test]
async fn a_certificate_is_shown_to_be_compared_and_then_demanded() {
    use {CheckItem as I, CheckState as S};
    let house = Supervised::start().await;
    let sim = start(world()).await;
    let certificate = Certificate::self_signed(KeyKind::P256, HOST).unwrap();
    let addr = sim.open_api_ssl(&ApiSsl::Certificate(certificate.clone())).unwrap();
    let check = async |known, login| {
        house.supervisor.check_address(asked(addr, TlsMode::Pinned, known, login)).await.unwrap()
    };
    for login in [false, true] {
        let refused = check(None, login).await;
        let tls = refused.iter().find(|check| check.item == I::Tls).unwrap();
        assert_eq!((tls.state, tls.refused), (S::Failed, Some(fingerprint(&certificate))));
        assert!(refused.iter().all(|check| check.item == I::Tls || check.refused.is_none()));
    }
    assert_eq!(sim.stats().sentences, 0, "no password was sent");
    let known = Some(fingerprint(&certificate));
    assert_eq!(found(&check(known, false).await), [(I::Reachable, S::Ok), (I::Port, S::Ok), (I::Tls, S::Ok)]);
    assert_eq!(sim.stats().sentences, 0, "nobody was logged in");
    let whole = check(known, true).await;
    assert_eq!(whole.len(), 11);
    assert!(whole.iter().all(|check| check.state != S::Failed), "{whole:#?}");
    assert_eq!(sim.stats().logins, 1, "one login a test");
    assert!(house.sqlite.list_nas().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_told_without_a_login() {
    use {CheckItem as I, CheckState as S};
    let house = Supervised::start().await;
    let sim = start(world()).await;
    let reach = async || house.supervisor.check_address(asked(sim.addr(), TlsMode::Off, None, false)).await;
    assert_eq!(found(&reach().await.unwrap()), [(I::Reachable, S::Ok), (I::Port, S::Ok)]);
    sim.set_listening(false).await;
    let checks = reach().await.unwrap();
    assert_eq!(found(&checks), [(I::Reachable, S::Ok), (I::Port, S::Failed)]);
    assert!(checks[1].told.contains("/ip service enable api"), "{}", checks[1].told);
}

#[tokio::test]
async fn a_device_that_is_listed_already_is_told_before_it_is_added() {
    let house = Supervised::start().await;
    let sim = house.covered_router("tower", world(), 1_000).await;
    let checks = house.supervisor.check_address(asked(sim.addr(), TlsMode::Off, None, true)).await.unwrap();
    let device = checks.iter().find(|check| check.item == CheckItem::Device).unwrap();
    assert_eq!(device.state, CheckState::Failed);
    assert!(
        device.told.contains("counted once, as tower") && device.told.contains("router remove tower"),
        "{}",
        device.told
    );
}

/// So that nobody looks through a network with it.
#[tokio::test]
async fn few_addresses_are_tested_at_a_time() {
    let house = Supervised::start().await;
    // Takes connections and never answers the login.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let sim = start(world()).await;
    let mute = collector::link::Target { port: silent.local_addr().unwrap().port(), ..target(&sim) };
    let (testing, devices) = (Testing::default(), Devices::new(std::sync::Arc::new(house.sqlite.clone())));
    let entry = Entry { devices: &devices, nas: None };
    let waiting: Vec<_> = (0..4).map(|_| testing.check_up(&mute, crate::checkup::NOW, entry)).collect();
    let mut waiting = Box::pin(futures_util::future::join_all(waiting));
    tokio::select! {
        biased;
        done = &mut waiting => panic!("{done:?}"),
        () = std::future::ready(()) => {}
    }
    assert!(testing.reach(&target(&sim)).await.is_none(), "all places are taken");
    drop(waiting);
    assert!(testing.reach(&target(&sim)).await.is_some(), "who goes away gives theirs back");
}
