//! Devices that a hotspot lets through without a login, with the built program.

use serde_json::Value;

use crate::program::{Running, stderr};
use crate::server::{Server, octets};

const ROUTER: [&str; 9] =
    ["router", "add", "sim1", "--user", "meter", "--password", "simulated", "--interval", "1s"];

/// Usage of the devices that are let through and moved something since they were first read.
fn devices(usage: &Value) -> Vec<Value> {
    let items = usage["items"].as_array().unwrap().iter();
    let is_device = |item: &&Value| item["username"].as_str().is_some_and(|name| name.starts_with("mac:"));
    items.filter(is_device).filter(|item| octets(item) != (0, 0)).cloned().collect()
}

/// Shown although nobody has it, enrolled by its address in whatever form, explained in words, and never more than passed.
#[test]
fn a_device_without_a_login_is_counted_shown_and_becomes_a_subscribers() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "simulate",
        "--json",
        "--routers",
        "1",
        "--sessions",
        "2",
        "--guests",
        "180",
        "--truth",
        "truth.json",
    ];
    let simulate = Running::start(&words, folder.path());
    let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
    let server = Server::serve(folder.path());
    server.text(&[&ROUTER[..3], &[address.as_str()], &ROUTER[3..]].concat());
    let usage = server.json_when(&["usage"], |usage| !devices(usage).is_empty());
    let login = devices(&usage)[0]["username"].as_str().unwrap().to_owned();

    let written = login.replace("mac:", "").replace(':', "-").to_lowercase();
    let written = format!("mac:{written}");
    let add = |username: &str| {
        server.call(&["subscriber", "add", username, "--service", "hotspot", "--login", &written])
    };
    let added = add("till");
    assert!(added.status.success(), "{}", stderr(&added));
    let again = add("camera");
    assert_eq!(again.status.code(), Some(1));
    assert!(stderr(&again).contains("the subscriber till's already"), "{}", stderr(&again));
    server.json_when(&["subscriber", "show", "till"], |till| {
        till["cycle"]["download_octets"].as_u64() > Some(0)
    });

    let told = server.text(&["explain", "--subscriber", "till"]);
    assert!(told.contains(&format!("device {}", login.replace("mac:", ""))), "{told}");
    assert!(told.contains("its stay in sight since"), "{told}");
    server.text(&["router", "read-now", "sim1"]);
    // From here on nothing is read any more: totals and explanations are asked for one after the other.
    simulate.signal("INT");
    assert_eq!(simulate.end().code(), Some(0));
    server.json_when(&["router", "show", "sim1"], |router| router["state"] != "online");
    assert!(server.every_total_is_explained() > 0);
    let counted = devices(&server.json(&["usage"]));
    let truth: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("truth.json")).unwrap()).unwrap();
    for item in counted {
        let (said, passed) = (octets(&item), octets(&truth["sim1"][item["username"].as_str().unwrap()]));
        assert!(said.0 <= passed.0 && said.1 <= passed.1, "{item} of {passed:?}");
    }
}
