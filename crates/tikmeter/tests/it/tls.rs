//! Routers over TLS, through the program.

use crate::program::{Running, run, stderr};
use crate::server::Server;

/// A simulated router and the address of its service with TLS.
fn simulated(folder: &std::path::Path, how: &str) -> (Running, String, String) {
    let words = ["simulate", "--json", "--routers", "1", "--sessions", "20", "--api-ssl", how];
    let simulate = Running::start(&words, folder);
    let told = simulate.json_line();
    let at = |port: &str| format!("127.0.0.1:{}", told["routers"][0][port]);
    let (plain, tls) = (at("port"), at("tls_port"));
    (simulate, plain, tls)
}

const LOGIN: [&str; 4] = ["--user", "meter", "--password", "simulated"];

fn add(server: &Server, address: &str, tls: &str) {
    let words = ["router", "add", "tower", address, "--tls", tls, "--interval", "1s"];
    server.text(&[&words[..], &LOGIN[..]].concat());
}

#[test]
fn a_pinned_router_is_counted_and_refused_when_its_certificate_changes_until_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _, address) = simulated(folder.path(), "self-signed");
    let server = Server::serve(folder.path());
    add(&server, &address, "pinned");
    let shown =
        server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(2));
    let known = shown["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!((known.len(), &shown["tls"]), (64, &"pinned".into()));
    assert!(
        server.text(&["router", "show", "tower"]).contains(&format!("pinned to the certificate {known}"))
    );
    let seen = server.json(&["audit", "--action", "router.certificate"]);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "{seen}");
    drop(first);

    // Another router process, hence another certificate, at another port.
    let (second, _, address) = simulated(folder.path(), "self-signed");
    let port = address.rsplit(':').next().unwrap();
    let without = server.call(&["router", "edit", "tower", "--port", port]);
    assert!(stderr(&without).contains("needs its password"), "{}", stderr(&without));
    server.text(&["router", "edit", "tower", "--port", port, "--password", "simulated"]);
    let refused = server.json_when(&["router", "show", "tower"], |router| router["state"] == "insecure");
    let message = refused["message"].as_str().unwrap();
    assert!(message.contains("no password was sent") && message.contains(&known), "{message}");
    let read = server.call(&["router", "read-now", "tower"]);
    assert!(stderr(&read).contains("another certificate"), "{}", stderr(&read));

    let told = server.text(&["router", "edit", "tower", "--trust-new-certificate"]);
    for old in ["another certificate", "insecure", &known] {
        assert!(!told.contains(old), "{told}");
    }
    let trusted = server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    assert_ne!(trusted["fingerprint"].as_str(), Some(known.as_str()));
    let acts = server.json(&["audit", "--action", "router.edit"]);
    assert!(acts.to_string().contains("fingerprint"), "{acts}");
    assert!(server.text(&["verify"]).contains("every total"), "counting survived it");
    drop(second);
}

#[test]
fn weak_services_are_told_with_the_commands_that_mend_them() {
    for (how, command) in [
        ("no-certificate", "/certificate sign tikmeter"),
        ("old-protocol", "/ip service set api-ssl tls-version=only-1.2"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (_simulate, _, address) = simulated(folder.path(), how);
        let server = Server::serve(folder.path());
        add(&server, &address, "pinned");
        let shown = server.json_when(&["router", "show", "tower"], |router| router["state"] == "insecure");
        assert!(shown["message"].as_str().unwrap().contains(command), "{shown}");
        assert_eq!(shown["fingerprint"], serde_json::Value::Null);
    }
}

#[test]
fn a_command_that_remembers_nothing_wants_the_fingerprint_and_then_works() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, plain, address) = simulated(folder.path(), "self-signed");
    let poll = |more: &[&str]| run(&[&["router", "poll", &address][..], &LOGIN, more].concat());
    let shown = poll(&["--tls", "pinned"]);
    let text = stderr(&shown);
    assert!(!shown.status.success() && text.contains("not known here: SHA-256 "), "{text}");
    let digits = text.split("SHA-256 ").nth(1).unwrap().get(..64).unwrap();
    let polled = poll(&["--tls", "pinned", "--fingerprint", digits]);
    assert!(polled.status.success(), "{}", stderr(&polled));
    let strange = poll(&["--tls", "verified"]);
    assert!(stderr(&strange).contains("no authority known here"), "{}", stderr(&strange));
    let wrong_port = run(&[&["router", "poll", &plain, "--tls", "pinned"][..], &LOGIN].concat());
    assert!(stderr(&wrong_port).contains("api-ssl"), "{}", stderr(&wrong_port));
    assert!(!poll(&["--fingerprint", digits]).status.success(), "it is for pinned only");
}
