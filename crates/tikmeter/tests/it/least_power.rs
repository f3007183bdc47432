//! The users that `router bootstrap` prints, made on a simulated router that checks the right of each command: what Tikmeter is to do
//! with one can be done, everything else is refused.

use std::path::Path;
use std::time::Duration;

use collector::link::LinkError;
use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Service, World};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::hand::{Row, link_as, rows, type_on};
use crate::portal::{PHONE, online, world};
use crate::program::{Running, run, stderr, stdout, tikmeter};
use crate::server::Server;

/// Of ana, who is logged in at the hotspot.
const LAPTOP: &str = "AA:BB:CC:00:00:03";

type Settings = &'static [(&'static str, &'static str)];

/// What a meter has nothing to do with.
const OTHERS: [(&str, Settings); 13] = [
    ("/system/reboot", &[]),
    ("/user/add", &[("name", "mallory"), ("group", "full")]),
    ("/user/set", &[("numbers", "tikmeter"), ("group", "full")]),
    ("/user/set", &[("numbers", "tikmeter"), ("password", "x")]),
    ("/user/remove", &[("numbers", "tikmeter")]),
    ("/user/group/add", &[("name", "more"), ("policy", "full")]),
    ("/user/group/set", &[("numbers", "tikmeter"), ("policy", "api,read,write,policy")]),
    ("/user/group/remove", &[("numbers", "tikmeter")]),
    ("/password", &[("new-password", "x")]),
    ("/ping", &[("address", "192.0.2.1")]),
    ("/tool/fetch", &[("url", "http://192.0.2.1/")]),
    ("/tool/sniffer/start", &[]),
    ("/tool/torch", &[("interface", "ether1")]),
];

/// Menus in which Tikmeter changes something.
const CHANGED: [&str; 6] = [
    "/queue/simple",
    "/ppp/secret",
    "/ip/hotspot/user",
    "/ip/hotspot/user/profile",
    "/ip/hotspot/ip-binding",
    "/ip/hotspot/cookie",
];

/// A router, the user on it that was printed for an ability, and a server that logs in as that.
struct Scene {
    runtime: Runtime,
    sim: SimRouter,
    printed: Value,
    server: Server,
    _folder: TempDir,
}

/// Eva's line, and two devices in sight of the hotspot.
fn tower() -> World {
    let mut world = world();
    world.connect("eva", Service::Pppoe, "AA:BB:CC:00:00:09", 1_000_000, 40_000_000);
    world.log_in("ana", LAPTOP, 0, 0);
    world.advance(Duration::from_secs(60));
    world
}

fn bootstrap(words: &[&str]) -> Value {
    let printed = run(&[&["router", "bootstrap", "--json"], words].concat());
    assert!(printed.status.success(), "{}", stderr(&printed));
    serde_json::from_str(&stdout(&printed)).unwrap()
}

fn serve(folder: &Path) -> Server {
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
    Server::of(Running::spawn(command, folder), folder)
}

impl Scene {
    /// With the user that these words print, who comes from this machine.
    fn of(words: &[&str]) -> Scene {
        let scene = Scene::printed(&[words, &["--address", "127.0.0.0/8"]].concat());
        scene.server.json_when(&["sessions"], |found| found["items"].as_array().unwrap().len() == 2);
        scene
    }

    fn printed(words: &[&str]) -> Scene {
        let (folder, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
        let sim = runtime.block_on(SimRouter::start(tower(), Options { time: TimeMode::Wall })).unwrap();
        let printed = bootstrap(words);
        for command in printed["commands"].as_array().unwrap() {
            runtime.block_on(type_on(&sim, command.as_str().unwrap()));
        }
        let server = serve(folder.path());
        server.text(&["subscriber", "add", "eva"]);
        let (user, password) = (printed["user"].as_str().unwrap(), printed["password"].as_str().unwrap());
        let address = sim.addr().to_string();
        server.text(&["router", "add", "tower", &address, "--user", user, "--password", password]);
        Scene { runtime, sim, printed, server, _folder: folder }
    }

    /// What was sent by the server to change something, besides what made its user.
    fn sent(&self) -> Vec<String> {
        self.sim.changes().split_off(2)
    }

    /// It changed something, by nothing but the commands that were printed for the ability.
    fn only_does(&self, ability: &str) {
        let may: Vec<&str> =
            self.printed["changes"][ability].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let sent = self.sent();
        assert!(!sent.is_empty());
        for command in &sent {
            assert!(may.contains(&command.split(' ').next().unwrap()), "{command} is not among {may:?}");
        }
    }

    /// It is read, and watched live.
    fn reads(&self) {
        self.server.text(&["router", "read-now", "tower"]);
        self.server.text(&["monitor", "start", "eva"]);
        self.server.json_when(&["monitor", "status"], |status| !status["items"][0]["last"].is_null());
        self.server.text(&["monitor", "stop", "eva"]);
    }

    fn refuses_all_others(&self) {
        let (user, password) =
            (self.printed["user"].as_str().unwrap(), self.printed["password"].as_str().unwrap());
        let tables = || self.tables(&["/user", "/user/group"]);
        let before = tables();
        self.runtime.block_on(async {
            let mut link = link_as(&self.sim, user, password).await;
            for (path, settings) in OTHERS {
                let set = |command: Command, (name, value): &(&str, &str)| command.attr(name, value);
                let told = link.print(&settings.iter().fold(Command::new(path), set), |_| ()).await;
                assert!(matches!(told, Err(LinkError::NoRights(_))), "{path}: {told:?}");
            }
        });
        assert_eq!(tables(), before);
    }

    /// What is set there; what counts or runs by itself is left out.
    fn tables(&self, menus: &[&str]) -> Vec<Vec<Row>> {
        let counts = ["uptime", "bytes-in", "bytes-out", "expires-in", "bytes", "rate", "packets"];
        let read = menus.iter().map(|menu| self.runtime.block_on(rows(&self.sim, menu)));
        let set = |mut row: Row| {
            row.retain(|name, _| !counts.contains(&&**name));
            row
        };
        read.map(|rows| rows.into_iter().map(set).collect()).collect()
    }

    /// Until so many are online at the hotspot.
    fn until_online(&self, many: usize) {
        for _ in 0..200 {
            if online(&self.sim) == many {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{} are online, not {many}", online(&self.sim));
    }

    /// What the server says of something that it could not do.
    fn told(&self, words: &[&str]) -> String {
        let output = self.server.call(words);
        stdout(&output) + &stderr(&output)
    }

    fn voucher(&self) -> String {
        self.server.text(&["voucher", "create", "1", "--validity", "1h", "--rate-down", "2M"]);
        let listed = self.server.json(&["voucher", "list"]);
        listed["items"][0]["code"].as_str().unwrap().to_owned()
    }

    /// Enters it at the portal, as a guest.
    fn enter(&self, code: &str) -> (u16, String) {
        let mut phone = Browser::on(&self.runtime, self.server.portal.as_deref().unwrap(), PHONE);
        assert_eq!(phone.hand_over("tower").0, 200);
        phone.post("/activate", &format!("code={code}"))
    }
}

#[test]
fn a_reader_is_enough_for_counting_and_live_and_what_it_may_not_is_told_and_leaves_nothing() {
    let scene = Scene::of(&["--read"]);
    assert_eq!(scene.printed["policy"], "api,read");
    scene.reads();
    assert_eq!(scene.sent(), Vec::<String>::new());
    scene.refuses_all_others();
    let before = scene.tables(&CHANGED);
    let code = scene.voucher();
    let mends = "/user group set GROUP policy=api,read,write";
    for words in [
        &["limit", "set", "--login", "eva", "--down", "2M"][..],
        &["disconnect", "eva"],
        &["disconnect", "ana", "--hold", "15m"],
        &["limit", "block", "--login", "ana", "--for", "15m"],
    ] {
        let told = scene.told(words);
        assert!(told.contains("not enough permissions (9)") && told.contains(mends), "{words:?}: {told}");
        assert!(
            told.contains("the right `write`") && told.contains("tikmeter router bootstrap"),
            "{words:?}: {told}"
        );
    }
    let (status, page) = scene.enter(&code);
    assert!(status != 200 && !page.contains("You are online"), "{status}: {page}");
    let logged = scene.server.text(&["logs"]);
    // The portal's log leaves out whatever may be a code, also the word GROUP.
    let told = [
        "/ip/hotspot/user/profile/add",
        "the right `write`",
        "policy=api,read,write",
        "tikmeter router bootstrap",
    ];
    assert!(told.iter().all(|part| logged.contains(part)), "{logged}");
    assert_eq!(scene.server.json(&["voucher", "show", &code])["state"], "unused");
    assert_eq!(scene.tables(&CHANGED), before, "nothing is half done");
    let live =
        scene.sim.with_world(|world| (world.hotspot_sessions().count(), world.live_sessions().count()));
    assert_eq!(live, (1, 1), "ana and eva go on");
    scene.server.json_when(&["hold", "list"], |holds| holds["items"].as_array().unwrap().is_empty());
}

#[test]
fn the_user_for_limits_is_enough_to_set_change_and_end_them_and_to_block() {
    let scene = Scene::of(&["--limits"]);
    scene.reads();
    let told = scene.server.text(&["limit", "set", "--login", "eva", "--down", "2M"]);
    assert!(told.contains("The router shows it as wanted."), "{told}");
    scene.server.text(&["limit", "set", "--login", "eva", "--down", "4M"]);
    scene.server.text(&["limit", "remove", "--login", "eva"]);
    scene.server.text(&["limit", "block", "--mac", LAPTOP, "--for", "15m"]);
    assert_eq!(online(&scene.sim), 0);
    scene.server.text(&["hold", "release", "--router", "tower", "--mac", LAPTOP]);
    scene.only_does("limits");
    scene.refuses_all_others();
}

#[test]
fn the_user_for_disconnects_is_enough_to_end_a_session_to_keep_out_and_to_let_in_again() {
    let scene = Scene::of(&["--disconnect"]);
    scene.reads();
    scene.server.text(&["disconnect", "eva"]);
    scene.server.text(&["disconnect", "ana", "--router", "tower", "--mac", LAPTOP, "--hold", "15m"]);
    assert_eq!(online(&scene.sim), 0);
    scene.server.text(&["hold", "release", "--router", "tower", "--mac", LAPTOP]);
    scene.only_does("disconnect");
    scene.refuses_all_others();
}

#[test]
fn the_user_for_vouchers_is_enough_to_let_a_device_in_slow_it_and_send_it_off() {
    let scene = Scene::of(&["--for", "vouchers"]);
    scene.reads();
    let code = scene.voucher();
    let (status, page) = scene.enter(&code);
    assert!(status == 200 && page.contains("You are online"), "{status}: {page}");
    assert_eq!(online(&scene.sim), 2);
    scene.server.text(&["voucher", "pause", &code]);
    scene.until_online(1);
    scene.server.text(&["voucher", "revoke", &code]);
    scene.only_does("vouchers");
    scene.refuses_all_others();
}

#[test]
fn a_user_for_another_address_is_refused_and_it_is_said_what_may_keep_us_out() {
    let scene = Scene::printed(&["--limits", "--address", "192.0.2.10"]);
    let router =
        scene.server.json_when(&["router", "show", "tower"], |router| router["state"] == "login_refused");
    assert!(router.to_string().contains("no address restriction shuts us out"), "{router}");
}

#[test]
fn the_text_can_be_pasted_and_needs_no_server() {
    let printed = run(&["router", "bootstrap", "--for", "limits,vouchers", "--url", "http://127.0.0.1:1"]);
    assert!(printed.status.success(), "{}", stderr(&printed));
    let text = stdout(&printed);
    let pasted: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(pasted[0].ends_with("policy=api,read,write") && pasted[1].starts_with("/user add "), "{text}");
    assert_eq!(pasted.len(), 2, "{text}");
    let commands = run(&["router", "bootstrap", "--limits", "--format", "commands"]);
    assert_eq!(stdout(&commands).lines().count(), 2);
    for wrong in [&["--for", "reboot"][..], &["--user", "a b"], &["--address", "0.0.0.0/0"]] {
        let refused = run(&[&["router", "bootstrap"], wrong].concat());
        assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    }
}
