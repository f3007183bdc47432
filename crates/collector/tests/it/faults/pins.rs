//! First use, remembered in the store, and a change of it, through the supervisor.

use operations::Phase;
use routeros_sim::server::{ApiSsl, Certificate, KeyKind, SimRouter};
use routeros_sim::world::Device;
use store::{AuditQuery, AuditRepository, NasPatch, NasRepository, TlsMode};

use super::supervised::Supervised;
use crate::sim::{start, world};
use crate::tls::{HOST, fingerprint};

async fn enrolled(house: &Supervised, certificate: &Certificate) -> SimRouter {
    let mut world = world();
    world.advance(std::time::Duration::from_secs(1_000));
    let sim = start(world).await;
    let addr = sim.open_api_ssl(&ApiSsl::Certificate(certificate.clone())).unwrap();
    house.add_with("tower", addr, Device::DEFAULT_PASSWORD, Some(1_000), TlsMode::Pinned).await;
    sim
}

async fn first_seen(house: &Supervised) -> usize {
    let query = AuditQuery { limit: 100, reach: store::Reach::Everywhere, ..AuditQuery::default() };
    let acts = house.sqlite.list_audit(query).await.unwrap();
    acts.iter().filter(|record| record.act.action == "router.certificate").count()
}

#[tokio::test]
async fn the_first_certificate_is_remembered_and_another_refused_until_it_is_wanted() {
    let house = Supervised::start().await;
    let [first, second] = [(); 2].map(|()| Certificate::self_signed(KeyKind::P256, HOST).unwrap());
    let sim = enrolled(&house, &first).await;
    house.when("tower", |status| status.rounds_total > 0).await;
    let known = async || house.sqlite.nas_by_name("tower").await.unwrap().unwrap().config.fingerprint;
    assert_eq!(known().await, Some(fingerprint(&first)));
    assert_eq!(first_seen(&house).await, 1);

    // The same router behind another certificate, as if somebody stood between.
    let logins = sim.stats().logins;
    let moved = sim.open_api_ssl(&ApiSsl::Certificate(second.clone())).unwrap();
    house.move_to("tower", moved, Device::DEFAULT_PASSWORD).await;
    let status = house.when("tower", |status| status.phase == Phase::Insecure).await;
    let message = status.message.unwrap();
    assert!(message.contains(&fingerprint(&second).to_string()), "{message}");
    assert_eq!(sim.stats().logins, logins, "no password was sent");
    assert_eq!(known().await, Some(fingerprint(&first)), "nothing was learnt from it");

    house.edit("tower", NasPatch { fingerprint: Some(None), ..NasPatch::default() }).await;
    house.when("tower", |status| status.phase == Phase::Online).await;
    assert_eq!(known().await, Some(fingerprint(&second)));
    assert_eq!(first_seen(&house).await, 2);
}

#[tokio::test]
async fn what_was_learnt_does_not_restart_the_poller_and_outlives_the_process() {
    let house = Supervised::start().await;
    let certificate = Certificate::self_signed(KeyKind::P256, HOST).unwrap();
    let sim = enrolled(&house, &certificate).await;
    house.when("tower", |status| status.rounds_total > 0 && status.not_listening_because.is_none()).await;
    let logins = sim.stats().logins;
    assert_eq!(logins, 2, "polling and control");
    operations::RouterCommands::reload(house.supervisor.as_ref()).await;
    let rounds = house.when("tower", |_| true).await.rounds_total;
    house.when("tower", |status| status.rounds_total > rounds).await;
    assert_eq!(sim.stats().logins, logins);

    let house = house.restart().await;
    house.when("tower", |status| status.rounds_total > 0).await;
    assert_eq!(first_seen(&house).await, 1, "it was known already");
}
