//! What `router portal-setup` prints, done on a simulated router to the letter. The rule for `/ip/firewall/nat` is not played: the simulator
//! has no such menu, for no row of it was captured.

use std::net::SocketAddrV4;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::hand::{type_on, typed};
use crate::portal::{PHONE, make_vouchers, online, world};
use crate::program::{Running, tikmeter};
use crate::server::Server;

/// Where the operator says that devices reach the portal; the test reaches it on loopback.
const PORTAL: &str = "192.0.2.2:8080";

/// The login page as the router serves it to a device, and the address to which it sends that.
fn served(page: &str, (mac, address): (&str, [u8; 4])) -> String {
    let ip = std::net::Ipv4Addr::from(address).to_string();
    let page = page.replace("$(mac-esc)", &mac.replace(':', "%3A")).replace("$(ip)", &ip);
    assert!(!page.contains("$("), "the router knows nothing else: {page}");
    let refresh = page.split("content=\"0; url=").nth(1).unwrap().split('"').next().unwrap();
    let link = page.split("<a href=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(refresh, link);
    link.replace("&amp;", "&")
}

#[test]
fn what_the_setup_prints_lets_a_device_from_the_login_page_to_the_portal_and_in() {
    let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
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
    make_vouchers(&runtime, &folder.path().join("data"), [("LONG-1", 7_200), ("LONG-2", 7_200)]);
    let server = serve();
    let setup = server.json(&["router", "portal-setup", "tower", "--portal", PORTAL]);

    let at: SocketAddrV4 = PORTAL.parse().unwrap();
    let passes = |to| sim.with_world(|world| world.is_in_walled_garden(PHONE.0, to));
    assert!(!passes(at), "nothing passes before");
    let commands: Vec<_> = setup["commands"]
        .as_array()
        .unwrap()
        .iter()
        .map(|command| typed(command.as_str().unwrap()))
        .collect();
    let paths: Vec<&str> = commands.iter().map(|(path, _)| &**path).collect();
    assert_eq!(paths, ["/ip/hotspot/walled-garden/ip/add", "/ip/firewall/nat/add"]);
    runtime.block_on(type_on(&sim, setup["commands"][0].as_str().unwrap()));
    assert!(passes(at), "{:?}", commands[0]);
    for other in ["192.0.2.2:443", "192.0.2.3:8080"] {
        assert!(!passes(other.parse().unwrap()), "{other} is nobody's business");
    }

    drop(server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1)));
    let to = served(setup["login_html"].as_str().unwrap(), PHONE);
    let path = to.strip_prefix(&format!("http://{PORTAL}")).unwrap_or_else(|| panic!("{to}"));
    let mut phone = Browser::on(&runtime, server.portal.as_deref().unwrap(), PHONE);
    let (status, page) = phone.get(path);
    assert!(status == 200 && page.contains("action=\"/activate\""), "{status}: {page}");
    let (status, page) = phone.post("/activate", "code=LONG-1");
    assert!(status == 200 && page.contains("You are online"), "{status}: {page}");
    assert_eq!(online(&sim), 1);
}
