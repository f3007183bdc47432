//! Against a real OpenSSL server, which is what routers resemble most: the failures are its own, not ours.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use collector::link::{Deadlines, Target, TlsFailure};
use routeros_sim::world::Device;
use tempfile::TempDir;

use super::{HOST, fingerprint_of, insecure, pinned};
use crate::sim::{refused, target_at};

/// `openssl s_server` on a free port; ends with this.
struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        drop(self.child.kill());
        self.child.wait().unwrap();
    }
}

impl Server {
    /// With a certificate of this key, if any, and these further arguments.
    fn start(key: Option<&[&str]>, arguments: &[&str]) -> Server {
        let folder = tempfile::tempdir().unwrap();
        let mut server = Command::new("openssl");
        server.args(["s_server", "-accept", "127.0.0.1:0"]).args(arguments);
        match key {
            Some(key) => {
                make_certificate(folder.path(), key);
                server.arg("-cert").arg(folder.path().join("cert.pem"));
                server.arg("-key").arg(folder.path().join("key.pem"));
            }
            None => drop(server.arg("-nocert")),
        }
        let mut child = server
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the tests need the command openssl (Debian package openssl)");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port =
            lines.find_map(|line| line.unwrap().strip_prefix("ACCEPT ")?.rsplit(':').next()?.parse().ok());
        // Somebody must go on reading, or the server would stop at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, port: port.expect("openssl s_server says where it listens"), folder }
    }

    fn fingerprint(&self) -> store::Fingerprint {
        let pem = self.folder.path().join("cert.pem");
        let der = Command::new("openssl").args(["x509", "-outform", "DER", "-in"]).arg(pem).output().unwrap();
        fingerprint_of(&der.stdout)
    }

    /// A target that waits for a busy machine to shake hands.
    fn target(&self) -> Target {
        let addr = (HOST.parse::<std::net::IpAddr>().unwrap(), self.port).into();
        let target = target_at(addr, Device::DEFAULT_PASSWORD);
        let deadlines = Deadlines { login: Duration::from_secs(30), ..target.deadlines };
        Target { deadlines, ..target }
    }
}

fn make_certificate(folder: &Path, key: &[&str]) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=router", "-newkey"])
        .args(key)
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .output()
        .expect("the tests need the command openssl (Debian package openssl)");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

const RSA_2048: &[&str] = &["rsa:2048"];
const P_521: &str = "ec_paramgen_curve:secp521r1";

/// The failure and what people are told of it.
async fn failure(server: &Server) -> (TlsFailure, String) {
    let target = pinned(&server.target(), None);
    (insecure(&target).await, refused(&target).await.to_string())
}

#[tokio::test]
async fn anonymous_diffie_hellman_is_answered_with_how_to_make_a_certificate() {
    let server = Server::start(None, &["-tls1_2", "-cipher", "ADH:@SECLEVEL=0"]);
    let (why, text) = failure(&server).await;
    assert_eq!(why, TlsFailure::NoCommonExchange);
    for command in [
        "/certificate add name=tikmeter common-name=127.0.0.1 key-size=2048",
        "/certificate sign tikmeter",
        "/ip service set api-ssl certificate=tikmeter disabled=no",
    ] {
        assert!(text.contains(command), "{text}");
    }
}

#[tokio::test]
async fn finite_field_diffie_hellman_alone_is_answered_with_an_upgrade_too() {
    let server = Server::start(Some(RSA_2048), &["-tls1_2", "-cipher", "DHE-RSA-AES256-GCM-SHA384"]);
    let (why, text) = failure(&server).await;
    assert_eq!(why, TlsFailure::NoCommonExchange);
    assert!(text.contains("/system package update check-for-updates"), "{text}");
}

#[tokio::test]
async fn a_curve_that_is_not_ours_is_answered_with_those_that_are_and_a_certificate_that_needs_no_other() {
    let only = ["-groups", "P-521"];
    let own = ["ec", "-pkeyopt", P_521];
    // In TLS 1.2 a certificate with a P-521 key needs that curve, whatever else the router allows.
    for (key, arguments) in [
        (RSA_2048, &["-tls1_2", only[0], only[1]][..]),
        (RSA_2048, &["-tls1_3", only[0], only[1]]),
        (&own, &["-tls1_2"]),
    ] {
        let (why, text) = failure(&Server::start(Some(key), arguments)).await;
        assert_eq!(why, TlsFailure::NoCommonExchange, "{arguments:?}");
        for told in ["X25519, P-256 and P-384", "P-521", "no password was sent", "key-size=2048"] {
            assert!(text.contains(told), "{arguments:?}: {text}");
        }
    }
}

#[tokio::test]
async fn short_rsa_keys_are_answered_with_how_to_make_a_longer_one() {
    for key in ["rsa:1024", "rsa:1536"] {
        let seclevel = ["-cipher", "ALL:@SECLEVEL=0"];
        for version in ["-tls1_2", "-tls1_3"] {
            let server = Server::start(Some(&[key]), &[&[version], &seclevel[..]].concat());
            let (why, text) = failure(&server).await;
            assert_eq!(why, TlsFailure::WeakKey, "{key} {version}");
            assert!(text.contains("key-size=2048"), "{text}");
        }
    }
}

#[tokio::test]
async fn old_tls_is_answered_with_the_setting_of_the_service() {
    for version in ["-tls1", "-tls1_1"] {
        let server = Server::start(Some(RSA_2048), &[version, "-cipher", "ALL:@SECLEVEL=0"]);
        let (why, text) = failure(&server).await;
        assert_eq!(why, TlsFailure::TooOld, "{version}");
        assert!(text.contains("/ip service set api-ssl tls-version=only-1.2"), "{text}");
    }
}

#[tokio::test]
async fn the_usual_certificates_of_routers_are_accepted() {
    let curve = |name: &'static str| ["ec", "-pkeyopt", name];
    let keys: [&[&str]; 4] = [
        RSA_2048,
        &curve("ec_paramgen_curve:prime256v1"),
        &curve("ec_paramgen_curve:secp384r1"),
        &curve(P_521),
    ];
    for key in keys {
        // In TLS 1.2 a P-521 certificate needs a P-521 key exchange, which aws-lc-rs has not.
        let versions: &[&str] = if key.contains(&P_521) { &["-tls1_3"] } else { &["-tls1_2", "-tls1_3"] };
        for version in versions {
            let server = Server::start(Some(key), &[version]);
            // This is only said once the handshake is done, the router's signature included.
            let TlsFailure::Unknown { seen } = insecure(&pinned(&server.target(), None)).await else {
                panic!("{key:?} {version} did not get as far as its certificate");
            };
            assert_eq!(seen, server.fingerprint(), "{key:?}");
        }
    }
}
