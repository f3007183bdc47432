//! TLS to routers: what is accepted, what is refused before the password, and what is said then.

mod hello;
mod openssl;

use std::io::Write as _;
use std::time::Duration;

use collector::link::security::{Authorities, Pin};
use collector::link::{Deadlines, Link, LinkError, Security, Target, TlsFailure};
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::server::{ApiSsl, Authority, Certificate, KeyKind, SimRouter};
use routeros_sim::world::{Device, Service};
use sha2::{Digest, Sha256};
use store::Fingerprint;

use crate::sim::{MAC, refused, start, target_at, world};

pub(crate) const HOST: &str = "127.0.0.1";

pub(crate) fn fingerprint(certificate: &Certificate) -> Fingerprint {
    fingerprint_of(certificate.der())
}

fn fingerprint_of(der: &[u8]) -> Fingerprint {
    Fingerprint(Sha256::digest(der).into())
}

/// A router whose api-ssl stands so, and a target that demands nothing yet and waits for a busy machine.
async fn router(service: &ApiSsl) -> (SimRouter, Target) {
    let router = start(world()).await;
    let addr = router.open_api_ssl(service).unwrap();
    let target = target_at(addr, Device::DEFAULT_PASSWORD);
    let deadlines = Deadlines { login: Duration::from_secs(30), ..target.deadlines };
    (router, Target { deadlines, ..target })
}

fn pinned(target: &Target, known: Option<Fingerprint>) -> Target {
    Target { security: Security::Pinned(Pin::strict(known)), ..target.clone() }
}

/// Why the router is not sent a password.
async fn insecure(target: &Target) -> TlsFailure {
    match refused(target).await {
        LinkError::Insecure(insecure) => insecure.why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_pinned_router_is_read_over_tls_with_every_kind_of_key() {
    for kind in KeyKind::ALL {
        let certificate = Certificate::self_signed(kind, HOST).unwrap();
        let (router, target) = router(&ApiSsl::Certificate(certificate.clone())).await;
        router.with_world(|world| {
            for number in 0..2_000 {
                world.connect(format!("u{number}"), Service::Pppoe, MAC, 0, 0);
            }
        });
        let mut link = Link::open(&pinned(&target, Some(fingerprint(&certificate)))).await.unwrap();
        let mut rows = 0;
        link.print(&routeros_proto::Command::new("/interface/print"), |_| rows += 1).await.unwrap();
        assert_eq!(rows, 2_000, "{kind:?}");
        let (ours, theirs) = (link.traffic(), router.stats());
        assert_eq!((ours.bytes_in, ours.bytes_out), (theirs.bytes_out, theirs.bytes_in));
    }
}

#[tokio::test]
async fn another_certificate_and_one_nobody_named_are_refused_before_the_login() {
    let [known, shown] = [(); 2].map(|()| Certificate::self_signed(KeyKind::P256, HOST).unwrap());
    let (router, target) = router(&ApiSsl::Certificate(shown.clone())).await;
    let (known, seen) = (fingerprint(&known), fingerprint(&shown));
    assert_eq!(insecure(&pinned(&target, Some(known))).await, TlsFailure::Changed { known, seen });
    assert_eq!(insecure(&pinned(&target, None)).await, TlsFailure::Unknown { seen });
    assert_eq!(router.stats().sentences, 0, "no password was sent");
    let text = refused(&pinned(&target, Some(known))).await.to_string();
    assert!(text.contains("no password was sent") && text.contains(&seen.to_string()), "{text}");
}

#[tokio::test]
async fn a_verified_router_needs_a_known_authority_and_its_own_name() {
    let (ours, strange) = (Authority::new().unwrap(), Authority::new().unwrap());
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(ours.pem().as_bytes()).unwrap();
    let security = Security::Verified(Authorities::of_file(file.path()).unwrap());
    let outcome = async |certificate: Certificate| {
        let (_router, target) = router(&ApiSsl::Certificate(certificate)).await;
        let target = Target { security: security.clone(), ..target };
        match Link::open(&target).await {
            Ok(_) => None,
            Err(LinkError::Insecure(insecure)) => Some(insecure.why),
            Err(other) => panic!("{other:?}"),
        }
    };
    assert_eq!(outcome(ours.sign(HOST).unwrap()).await, None);
    assert_eq!(outcome(strange.sign(HOST).unwrap()).await, Some(TlsFailure::UnknownAuthority));
    assert_eq!(outcome(ours.sign("tower.example").unwrap()).await, Some(TlsFailure::OtherName));
    let own = Certificate::self_signed(KeyKind::Rsa2048, HOST).unwrap();
    assert_eq!(outcome(own).await, Some(TlsFailure::UnknownAuthority));
}

#[test]
fn a_file_without_authorities_is_refused_by_name() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let wrong = |file: &std::path::Path| Authorities::of_file(file).unwrap_err().to_string();
    assert!(wrong(file.path()).contains("holds no certificate"));
    file.write_all(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(wrong(file.path()).contains(&file.path().display().to_string()));
    assert!(Authorities::of_file("/nonexistent/ca.pem".as_ref()).is_err());
}

#[tokio::test]
async fn the_simulated_weaknesses_are_told_like_the_real_ones() {
    for (service, why) in
        [(ApiSsl::NoCertificate, TlsFailure::NoCommonExchange), (ApiSsl::OldProtocol, TlsFailure::TooOld)]
    {
        let (_router, target) = router(&service).await;
        assert_eq!(insecure(&pinned(&target, None)).await, why);
    }
}

#[tokio::test]
async fn the_port_without_tls_and_the_port_with_it_are_told_apart() {
    let certificate = Certificate::self_signed(KeyKind::P256, HOST).unwrap();
    let (router, with_tls) = router(&ApiSsl::Certificate(certificate)).await;
    let without = target_at(router.addr(), Device::DEFAULT_PASSWORD);
    let text = refused(&pinned(&without, None)).await.to_string();
    assert!(text.contains("api-ssl"), "{text}");
    let text = refused(&with_tls).await.to_string();
    assert!(text.contains("8729 is for --tls") || text.contains("not the RouterOS API"), "{text}");
}

#[tokio::test]
async fn a_router_that_goes_away_without_farewell_ends_the_stream() {
    let certificate = Certificate::self_signed(KeyKind::P256, HOST).unwrap();
    let (router, target) = router(&ApiSsl::Certificate(certificate.clone())).await;
    let mut link = Link::open(&pinned(&target, Some(fingerprint(&certificate)))).await.unwrap();
    router.faults().once(Fault::cut_after(0, Cut::Drop));
    let gone = link.print(&routeros_proto::Command::new("/interface/print"), |_| ()).await.unwrap_err();
    assert!(gone.to_string().contains("ended without a word"), "{gone}");
}
