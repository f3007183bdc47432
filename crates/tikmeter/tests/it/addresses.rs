//! Devices and their addresses at a hotspot: one device under two of them, and another device under one that it had.

use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, HotspotIds, Personality, SessionKey, World};
use tokio::runtime::Runtime;

use crate::server::{Server, octets};

const CAMERA: &str = "2C:54:91:00:00:01";
const OTHER: &str = "2C:54:91:00:00:02";
const PHONE: &str = "AA:00:00:00:00:01";

/// A café whose hotspot lets two cameras through, watched since before anybody came.
fn cafe(runtime: &Runtime, folder: &std::path::Path, ids: HotspotIds) -> (SimRouter, Server) {
    let mut world = World::new(Device::new("cafe", Personality::V7_20, 3));
    world.device_mut().switches.hotspot_ids = ids;
    world.add_hotspot("hotspot1");
    [CAMERA, OTHER].iter().for_each(|mac| world.bypass(mac));
    world.advance(Duration::from_secs(1_000));
    let sim = runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap();
    let server = Server::serve(folder);
    let address = sim.addr().to_string();
    let words = ["router", "add", "cafe", &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--link-speed", "100M", "--interval", "1h"]].concat());
    server.json_when(&["router", "show", "cafe"], |router| router["rounds_total"].as_u64() >= Some(1));
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    read(&server);
    (sim, server)
}

fn read(server: &Server) {
    server.text(&["router", "read-now", "cafe"]);
}

/// Ten seconds later by the router's clock.
fn read_later(sim: &SimRouter, server: &Server) {
    sim.with_world(|world| world.advance(Duration::from_secs(10)));
    read(server);
}

/// Upload and download by the login's usage, and its bound.
fn counted(server: &Server, login: &str) -> ((u64, u64), Option<u64>) {
    let usage = server.json(&["usage", "--username", login]);
    let [item] = &usage["items"].as_array().unwrap()[..] else { panic!("{usage}") };
    (octets(item), item["unobserved_upper_octets"].as_u64())
}

fn passed(sim: &SimRouter, login: &str) -> (u64, u64) {
    let truth = sim.with_world(|world| world.truth().login(login).total());
    (truth.input, truth.output)
}

fn is_exact(sim: &SimRouter, server: &Server, login: &str) {
    assert_eq!(counted(server, login), (passed(sim, login), Some(0)), "{login}");
}

fn is_within(sim: &SimRouter, server: &Server, login: &str) {
    let ((up, down), bound) = counted(server, login);
    let passed = passed(sim, login);
    let missing = (passed.0 - up) + (passed.1 - down);
    assert!(missing <= bound.unwrap() && bound > Some(0), "{login}: {missing} of {bound:?}");
}

/// The login whose session the router shows, or showed, under an address, and whether it does still.
fn at(server: &Server, address: &str) -> Vec<(String, bool)> {
    let sessions = server.json(&["sessions"]);
    let sessions = sessions["items"].as_array().unwrap().iter();
    let there = sessions.filter(|session| session["framed_address"] == address);
    there
        .map(|session| (session["username"].as_str().unwrap().to_owned(), session["state"] == "open"))
        .collect()
}

#[test]
fn a_device_under_two_addresses_adds_up_and_another_under_one_of_them_has_its_own() {
    for ids in [HotspotIds::FromAddress, HotspotIds::InSequence] {
        let folder = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (sim, server) = cafe(&runtime, folder.path(), ids);
        let (camera, other) = (format!("mac:{CAMERA}"), format!("mac:{OTHER}"));
        for (username, login) in [("camera", &*camera), ("guest", "wifi1")] {
            server.text(&["subscriber", "add", username, "--service", "hotspot", "--login", login]);
        }
        let pass = |session: SessionKey, octets: u64| {
            sim.with_world(|world| world.transfer(session, octets, octets * 10));
        };

        sim.with_world(|world| world.advance(Duration::from_secs(10)));
        let (let_through, logged_in) = sim.with_world(|world| {
            let camera = world.appear(CAMERA, 0, 0).unwrap();
            (camera, world.log_in("wifi1", PHONE, 0, 0))
        });
        [let_through, logged_in].into_iter().for_each(|session| pass(session, 1_000));
        read_later(&sim, &server);
        let (also_through, also_in) = sim
            .with_world(|world| (world.appear_also(CAMERA, 0, 0), world.log_in_also("wifi1", PHONE, 0, 0)));
        let all = [let_through, logged_in, also_through, also_in];
        all.into_iter().for_each(|session| pass(session, 70));
        read_later(&sim, &server);
        let before = counted(&server, &camera).0;
        all.into_iter().for_each(|session| pass(session, 5));
        read_later(&sim, &server);
        is_exact(&sim, &server, "wifi1");
        assert_eq!(counted(&server, "wifi1").0, (1_150, 11_500), "{ids:?}");
        is_within(&sim, &server, &camera);
        assert_eq!(counted(&server, &camera).0, (before.0 + 10, before.1 + 100), "both counters: {ids:?}");
        for (username, login) in [("camera", &*camera), ("guest", "wifi1")] {
            let subscriber = server.json(&["subscriber", "show", username]);
            assert_eq!(octets(&subscriber["cycle"]), counted(&server, login).0);
            assert_eq!(subscriber["sessions_open"], 2, "one for each address");
        }

        sim.with_world(|world| [let_through, logged_in].into_iter().for_each(|session| world.leave(session)));
        let (heir, ben) = sim.with_world(|world| {
            (world.appear(OTHER, 0, 0).unwrap(), world.log_in("wifi2", "AA:00:00:00:00:02", 0, 0))
        });
        [(heir, 9_000), (ben, 77_000), (also_through, 3), (also_in, 4)]
            .into_iter()
            .for_each(|(session, octets)| pass(session, octets));
        read_later(&sim, &server);
        [heir, ben].into_iter().for_each(|session| pass(session, 1));
        (0..8).for_each(|_| read_later(&sim, &server));
        assert_eq!(at(&server, "10.5.0.2"), [(other.clone(), true), (camera.clone(), false)], "{ids:?}");
        assert_eq!(
            at(&server, "10.5.0.3"),
            [("wifi2".to_owned(), true), ("wifi1".to_owned(), false)],
            "{ids:?}"
        );
        is_exact(&sim, &server, "wifi2");
        assert_eq!(counted(&server, &other).0, (1, 10), "what it moved since it was first read");
        [&*other, &*camera, "wifi1"].into_iter().for_each(|login| is_within(&sim, &server, login));
        assert!(server.every_total_is_explained() >= 4);
        assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    }
}
