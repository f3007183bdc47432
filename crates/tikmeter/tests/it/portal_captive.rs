//! What a phone is told by RFC 8908 of a real voucher: a whole server with a certificate, before a simulated hotspot.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;

use crate::portal::{PHONE, online, world};
use crate::program::{Running, tikmeter};
use crate::server::Server;

/// A phone that trusts the portal's certificate alone.
struct Phone<'r> {
    runtime: &'r Runtime,
    client: TlsConnector,
    port: u16,
    /// As its browser has them; none is sent where the phone itself asks.
    cookies: Vec<String>,
}

impl Phone<'_> {
    /// Status, head and body.
    fn send(&self, head: &str, body: &str) -> (String, String) {
        let asked = async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((Ipv4Addr::from(PHONE.1), 0).into()).unwrap();
            let stream = socket.connect((Ipv4Addr::LOCALHOST, self.port).into()).await.unwrap();
            let mut stream = self.client.connect("localhost".try_into().unwrap(), stream).await.unwrap();
            let length = body.len();
            let request = format!(
                "{head} HTTP/1.1\r\nhost: localhost:{}\r\nconnection: close\r\ncontent-length: {length}\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncookie: {}\r\n\r\n{body}",
                self.port,
                self.cookies.join("; ")
            );
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            // That a server ends a connection without taking leave loses nothing that was asked for.
            drop(stream.read_to_end(&mut answer).await);
            String::from_utf8(answer).unwrap()
        };
        let answer = self.runtime.block_on(asked);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// What the phone's browser does.
    fn browses(&mut self, head: &str, body: &str) -> String {
        let (head, body) = self.send(head, body);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}: {body}");
        let set = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        self.cookies.extend(set.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned));
        body
    }

    /// What the phone asks by itself.
    fn asks(&self) -> Value {
        let apart =
            Phone { runtime: self.runtime, client: self.client.clone(), port: self.port, cookies: vec![] };
        let (head, body) = apart.send("GET /api/captive/tower", "");
        assert!(head.contains("application/captive+json"), "{head}: {body}");
        serde_json::from_str(body.trim()).unwrap_or_else(|_| panic!("{head}: {body}"))
    }
}

/// A certificate for `localhost` in that folder, and who trusts it alone.
fn certificate(folder: &Path) -> TlsConnector {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("portal.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("portal.key"), made.signing_key.serialize_pem()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(folder.join("portal.pem")).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    TlsConnector::from(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

#[test]
fn a_phone_is_told_what_is_left_of_the_voucher_that_lets_it_in() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let client = certificate(folder.path());
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
    command.env("TIKMETER_PORTAL_CERTIFICATE", "portal.pem").env("TIKMETER_PORTAL_KEY", "portal.key");
    let server = Server::of(Running::spawn(command, folder.path()), folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    server.text(&["voucher", "create", "1", "--validity", "2h", "--quota", "500M", "--rate-down", "2M"]);
    let code = server.json(&["voucher", "list"])["items"][0]["code"].as_str().unwrap().to_owned();
    drop(server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1)));

    let portal = server.portal.as_deref().unwrap();
    let port = portal.rsplit(':').next().unwrap().parse().unwrap();
    let mut phone = Phone { runtime: &runtime, client, port, cookies: vec![] };
    let told = phone.asks();
    let page = told["user-portal-url"].as_str().unwrap().to_owned();
    assert_eq!(told, json!({ "captive": true, "user-portal-url": page, "can-extend-session": false }));

    let page = page.strip_prefix(&format!("https://localhost:{port}")).unwrap();
    assert!(phone.browses(&format!("GET {page}"), "").contains("action=\"/activate\""));
    assert!(phone.browses("POST /activate", &format!("code={code}")).contains("You are online"));
    let told = phone.asks();
    let seconds = told["seconds-remaining"].as_u64().unwrap();
    assert!((7_000..=7_200).contains(&seconds) && told["captive"] == false, "{told}");
    // It surfs, slowed to 3 Mbit/s both ways together.
    let left = told["bytes-remaining"].as_u64().unwrap();
    assert!((450_000_000..=500_000_000).contains(&left), "{told}");

    sim.with_world(|world| {
        let session = world.hotspot_sessions().next().unwrap();
        world.transfer(session, 50_000_000, 150_000_000);
    });
    let mut told = phone.asks();
    // An address may ask once a second.
    for _ in 0..60 {
        if told["bytes-remaining"].as_u64() <= Some(300_000_000) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        told = phone.asks();
    }
    assert!(told["bytes-remaining"].as_u64().is_some_and(|left| left <= 300_000_000), "{told}");

    phone.browses("POST /end-session", "");
    assert_eq!((online(&sim), phone.asks()["captive"].clone()), (0, json!(true)));
}
