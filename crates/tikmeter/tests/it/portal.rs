//! The portal of a whole server before a simulated hotspot: a device that is not in is handed over, enters a code, is in and limited, sees
//! what is left, and is out when it wants to be or when its time is over.

use std::path::Path;
use std::time::Duration;

use accounting::time::Micros;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, World};
use serde_json::Value;
use store::{NewAudit, RateLimit, Sqlite, VoucherIssue, VoucherRepository as _, VoucherTerms};
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::program::{Running, stderr, tikmeter};
use crate::server::{Server, get};

pub(crate) const PHONE: (&str, [u8; 4]) = ("AA:BB:CC:00:00:01", [127, 5, 0, 2]);
const TABLET: (&str, [u8; 4]) = ("AA:BB:CC:00:00:02", [127, 5, 0, 3]);
const SECOND_US: u64 = 1_000_000;

/// Two devices in sight, each of which would move 40 Mbit/s down. On loopback a test can ask from where they are.
pub(crate) fn world() -> World {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 7));
    world.use_hotspot_pool([127, 5, 0, 0].into());
    world.add_hotspot("hotspot1");
    for (mac, _) in [PHONE, TABLET] {
        assert_eq!(world.appear(mac, 1_000_000, 40_000_000), None);
    }
    world.advance(Duration::from_secs(60));
    world
}

/// One voucher with that code for each time.
pub(crate) fn make_vouchers(runtime: &Runtime, data: &Path, times: [(&str, u64); 2]) {
    let sqlite = Sqlite::open(&data.join("tikmeter.db")).unwrap();
    for (code, seconds) in times {
        let rate = RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) };
        let terms =
            VoucherTerms { validity_us: Some(seconds * SECOND_US), devices: 1, rate, quota_octets: None };
        let issue = VoucherIssue {
            made_at: Micros(0),
            made_by: "test".to_owned(),
            seller: None,
            plan: None,
            price: None,
            terms,
            note: None,
        };
        let act = NewAudit {
            at: Micros(0),
            actor: "test".to_owned(),
            origin: None,
            action: "voucher.make".to_owned(),
            subject: String::new(),
            detail: "{}".to_owned(),
        };
        runtime.block_on(sqlite.insert_vouchers(issue, vec![code.to_owned()], act)).unwrap();
    }
}

/// Download of all at the hotspot in ten seconds, bits per second.
fn speed(sim: &SimRouter) -> u64 {
    sim.with_world(|world| {
        let mark = world.mark();
        world.advance(Duration::from_secs(10));
        let moved = world.truth_since(&mark).by_login().into_values().map(|truth| truth.total().output);
        moved.sum::<u64>() * 8 / 10
    })
}

pub(crate) fn online(sim: &SimRouter) -> usize {
    sim.with_world(|world| world.hotspot_sessions().count())
}

#[test]
fn a_device_is_handed_over_enters_a_code_is_in_and_limited_and_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let serve = || {
        let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
        command.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
        Server::of(Running::spawn(command, folder.path()), folder.path())
    };
    let server = serve();
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    server.running.signal("TERM");
    server.running.end();
    make_vouchers(&runtime, &folder.path().join("data"), [("LONG-1", 7_200), ("SHORT-1", 8)]);
    let server = serve();
    let portal = server.portal.as_deref().unwrap();
    drop(server.json_when(&["router", "show", "tower"], |router| {
        router["state"] == "ok" || router["rounds_total"].as_u64() >= Some(1)
    }));

    let mut phone = Browser::on(&runtime, portal, PHONE);
    assert_eq!(phone.hand_over_as("tower", TABLET.0).0, 403, "another's MAC");
    let (status, page) = phone.hand_over("tower");
    assert!(status == 200 && page.contains("action=\"/activate\""), "{status}: {page}");
    let (status, page) = phone.post("/activate", "code=LONG-2");
    assert!(status == 400 && page.contains("Invalid voucher code"), "{status}: {page}");
    assert_eq!((online(&sim), speed(&sim)), (0, 0));

    let (status, page) = phone.post("/activate", "code=long-1");
    assert!(status == 200 && page.contains("You are online") && page.contains("1:59:"), "{status}: {page}");
    assert_eq!((online(&sim), speed(&sim)), (1, 2_000_000));
    let left = phone.status(PHONE.0);
    assert!(left["active"] == true && left["remaining_seconds"].as_u64() <= Some(7_200), "{left}");
    assert_eq!(phone.status("LONG-1")["active"], true);
    assert!(phone.get("/portal").1.contains("You are online"));
    let (_, metrics) = get(&server, "/metrics");
    for line in [
        "tikmeter_portal_activations_total{outcome=\"let_in\"} 1",
        "tikmeter_portal_activations_total{outcome=\"invalid_code\"} 1",
    ] {
        assert!(metrics.lines().any(|told| told == line), "{line}: {metrics}");
    }

    let mut tablet = Browser::on(&runtime, portal, TABLET);
    assert_eq!(tablet.hand_over("tower").0, 200);
    let (status, page) = tablet.post("/activate", "code=LONG-1");
    assert!(status == 400 && page.contains("Voucher already used"), "{status}: {page}");
    assert_eq!(tablet.post("/end-session", "").0, 400);

    let (status, page) = phone.post("/end-session", "");
    assert!(status == 200 && page.contains("Session ended"), "{status}: {page}");
    assert_eq!((online(&sim), phone.status(PHONE.0)["active"].clone()), (0, Value::Bool(false)));
    let (status, page) = phone.post("/activate", "code=LONG-1");
    assert!(status == 200 && page.contains("You are online"), "{status}: {page}");
    sim.with_world(|world| {
        let session = world.hotspot_sessions().next().unwrap();
        world.leave(session);
        world.appear(PHONE.0, 1_000_000, 40_000_000);
    });
    let (status, page) = phone.hand_over("tower");
    assert!(status == 200 && page.contains("Go on with it"), "the router has forgotten it: {status}: {page}");
    let (status, page) = phone.post("/move", "");
    assert!(status == 200 && page.contains("You are online") && online(&sim) == 1, "{status}: {page}");

    let key = phone.cookies.iter().find(|(name, _)| name == "tikmeter_portal_voucher").unwrap().1.clone();
    let (status, page) = tablet.post("/move", &format!("proof={key}"));
    assert!(status == 200 && page.contains("You are online"), "{status}: {page}");
    assert_eq!((online(&sim), speed(&sim)), (1, 2_000_000));
    assert_eq!(phone.status(PHONE.0)["active"], false);
    assert_eq!(tablet.post("/end-session", "code=LONG-1").0, 200);

    let (status, page) = phone.post("/activate", "code=SHORT-1");
    assert!(status == 200 && page.contains("0:00:0"), "{status}: {page}");
    for _ in 0..300 {
        if online(&sim) == 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(online(&sim), 0, "its time is over");
    for _ in 0..300 {
        if phone.status(PHONE.0)["active"] == false {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let (status, page) = phone.post("/activate", "code=SHORT-1");
    assert!(status == 400 && page.contains("Invalid voucher code"), "{status}: {page}");
}

#[test]
fn the_setup_of_a_router_is_printed_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let sim = runtime.block_on(SimRouter::start(world(), Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    server.text(&["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"]);
    let setup = ["router", "portal-setup", "tower", "--portal", "192.0.2.2:8080"];
    let told = server.text(&setup);
    let page = server.text(&[&setup[..], &["--html"]].concat());
    assert!(page.starts_with("<!doctype html>") && told.contains(page.trim_end()), "{told}");
    assert!(
        page.contains("http://192.0.2.2:8080/portal?router=tower&amp;mac=$(mac-esc)&amp;ip=$(ip)"),
        "{page}"
    );
    let json = server.json(&setup);
    assert_eq!(json["login_html"].as_str().unwrap().trim_end(), page.trim_end());
    for command in json["commands"].as_array().unwrap() {
        assert!(told.contains(command.as_str().unwrap()), "{command}");
    }
    let secret = server.text(&[&setup[..], &["--https", "wifi.example.net"]].concat());
    for part in [
        "code=114 value=\"'https://wifi.example.net:8080/api/captive/tower'\"",
        "https://wifi.example.net:8080/portal?router=tower",
    ] {
        assert!(secret.contains(part), "{part}: {secret}");
    }
    let unknown = server.call(&["router", "portal-setup", "nowhere", "--portal", "192.0.2.2:8080"]);
    assert_eq!(unknown.status.code(), Some(1), "{}", stderr(&unknown));
    let nobody = server.call(&["router", "portal-setup", "tower", "--portal", "0.0.0.0:8080"]);
    assert_eq!(nobody.status.code(), Some(2), "{}", stderr(&nobody));
    assert_eq!(sim.changes().len(), 0);
}

/// Nobody asked for the usual place, so its being taken stops nothing; one that was named does.
#[test]
fn a_portal_that_nobody_asked_for_gives_way_to_whoever_is_there() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever has it, it is taken.
    let _held = std::net::TcpListener::bind("127.0.0.1:8080");
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env_remove("TIKMETER_PORTAL_LISTEN");
    let running = Running::spawn(command, folder.path());
    let told = running.json_line();
    assert_eq!(told["portal"], Value::Null, "{told}");
    let said = running.error_line("the portal for vouchers is not served");
    assert!(said.contains("127.0.0.1:8080") && said.contains("portal.listen"), "{said}");
    running.signal("TERM");
    assert!(running.end().success());
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:8080");
    let refused = command.current_dir(folder.path()).output().unwrap();
    assert!(!refused.status.success() && stderr(&refused).contains("portal.listen"), "{}", stderr(&refused));
}

#[test]
fn a_certificate_is_shown_and_its_successor_without_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    let renew = |name: &str| {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        std::fs::write(folder.path().join("portal.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("portal.key"), made.signing_key.serialize_pem()).unwrap();
    };
    renew("one.example");
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
    command.env("TIKMETER_PORTAL_CERTIFICATE", "portal.pem").env("TIKMETER_PORTAL_KEY", "portal.key");
    let running = Running::spawn(command, folder.path());
    let told = running.json_line();
    assert!(told["portal"].as_str().unwrap().starts_with("https://127.0.0.1:"), "{told}");
    std::fs::write(folder.path().join("portal.key"), "nothing").unwrap();
    let said = running.error_line("the portal goes on with the certificate of before");
    assert!(said.contains("portal.key"), "{said}");
    renew("two.example");
    running.error_line("the portal shows another certificate");
    running.signal("TERM");
    assert!(running.end().success());
}

/// Shells and services begin with few, and may have more.
#[test]
fn as_many_files_as_may_be_are_open_at_once() {
    for (limits, most, is_few) in
        [("ulimit -Sn 200", None, false), ("ulimit -Sn 200; ulimit -Hn 300", Some("300"), true)]
    {
        let folder = tempfile::tempdir().unwrap();
        let mut command = std::process::Command::new("sh");
        let serve = format!("{limits}; exec \"$0\" serve --json --data data --listen 127.0.0.1:0");
        command.args(["-c", &serve, env!("CARGO_BIN_EXE_tikmeter")]).env("TIKMETER_PORTAL_LISTEN", "off");
        let running = Running::spawn(command, folder.path());
        drop(running.json_line());
        let table = std::fs::read_to_string(format!("/proc/{}/limits", running.pid())).unwrap();
        let line = table.lines().find(|line| line.starts_with("Max open files")).unwrap();
        let [soft, hard] = [3, 4].map(|column| line.split_whitespace().nth(column).unwrap());
        assert!(soft == hard && most.is_none_or(|most| most == soft), "{line}");
        if is_few {
            let said = running.error_line("this process may open 300 files");
            assert!(said.contains("LimitNOFILE"), "{said}");
        }
    }
}
