//! `tikmeter demo`.

use serde_json::Value;
use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::program::{Running, run, stderr};
use crate::server::{Server, octets};

fn demo(words: &[&str], folder: &std::path::Path) -> (Server, Value) {
    let call = [&["demo", "--json", "--listen", "127.0.0.1:0", "--interval-ms", "300"], words].concat();
    let running = Running::start(&call, folder);
    let told = running.json_line();
    assert_eq!(told["simulated"], true);
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    let server = Server { running, url: text("url"), token: text("token"), portal: None };
    (server, told)
}

/// Octets of all logins.
fn download(usage: &Value) -> u64 {
    usage["items"].as_array().unwrap().iter().map(|item| octets(item).1).sum()
}

#[test]
fn totals_come_and_explain_accounts_for_them_to_the_octet() {
    let folder = tempfile::tempdir().unwrap();
    let (demo, told) = demo(&[], folder.path());
    let first = demo.running.json_line();
    assert_eq!(first["simulated"], true);
    let used = first["items"].as_array().unwrap().iter().any(|item| octets(item).1 > 0);
    assert!(used, "{first}");

    let online = |status: &Value| status["routers"]["online"] == 3;
    assert_eq!(demo.json_when(&["status"], online)["simulated"], true);
    for router in ["hill", "port", "lake"] {
        demo.text(&["router", "read-now", router]);
    }
    let example = told["example"].as_str().unwrap();
    let words = demo.text(&["explain", "--subscriber", example]);
    assert!(words.contains("sum to the total to the octet"), "{words}");

    let tested = demo.call(&["router", "test", "hill"]);
    assert!(stderr(&tested).contains("simulated"), "{tested:?}");

    // At rest, so that usage and explain are of one moment.
    for router in ["hill", "port", "lake"] {
        demo.text(&["router", "disable", router]);
    }
    demo.json_when(&["status"], |status| status["routers"]["online"] == 0);
    assert!(demo.every_total_is_explained() > 100);
    assert!(demo.text(&["verify"]).contains("every total is the sum of its entries"));

    let data = std::path::PathBuf::from(told["data"].as_str().unwrap());
    assert!(data.join("tikmeter.db").exists());
    demo.running.signal("TERM");
    assert_eq!(demo.running.end().code(), Some(0));
    assert!(!data.exists());
}

#[test]
fn a_given_folder_is_kept_and_used_again_and_serve_says_that_it_is_simulated() {
    let folder = tempfile::tempdir().unwrap();
    let (demo, _) = demo(&["--data", "data", "--duration", "3"], folder.path());
    let first = download(&demo.running.json_line());
    assert_eq!(demo.running.end().code(), Some(0));

    let (again, _) = self::demo(&["--data", "data"], folder.path());
    // The simulated routers begin anew, each with a day of counters that are terabytes together: nothing of it is counted.
    let both = download(&again.running.json_line());
    assert!(both > first && both < first + 100_000_000_000, "{first}, then {both}");
    assert!(again.text(&["verify"]).contains("every total is the sum of its entries"));
    again.running.signal("INT");
    assert_eq!(again.running.end().code(), Some(0));

    let server = Server::serve(folder.path());
    server.running.error_line("simulated");
    assert_eq!(server.json(&["status"])["simulated"], true);
    let usage = server.call(&["usage"]);
    assert!(stderr(&usage).contains("simulated"));
}

#[test]
fn real_data_are_not_mixed_with_simulated_ones() {
    let folder = tempfile::tempdir().unwrap();
    let simulate = Running::start(&["simulate", "--json", "--routers", "1"], folder.path());
    let port = simulate.json_line()["routers"][0]["port"].to_string();
    let server = Server::serve(folder.path());
    let address = format!("127.0.0.1:{port}");
    let words = ["router", "add", "tower", &address, "--user", "meter", "--password", "simulated"];
    server.text(&words);
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(1));
    server.running.signal("TERM");
    server.running.end();

    let data = folder.path().join("data");
    let refused = run(&["demo", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("real"), "{}", stderr(&refused));
}

#[test]
fn a_browser_of_this_machine_enters_a_voucher_at_its_portal() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let (demo, told) = demo(&[], folder.path());
    let (portal, handed_over) = told["portal"].as_str().unwrap().split_once("/portal?").unwrap();
    demo.text(&["voucher", "create", "1", "--validity", "1h"]);
    let code = demo.json(&["voucher", "list"])["items"][0]["code"].as_str().unwrap().to_owned();
    demo.json_when(&["router", "show", "lake"], |router| router["rounds_total"].as_u64() >= Some(1));

    let mut here = Browser::on(&runtime, portal, ("", [127, 0, 0, 1]));
    let (status, page) = here.get(&format!("/portal?{handed_over}"));
    assert!(status == 200 && page.contains("action=\"/activate\""), "{status}: {page}");
    let (status, page) = here.post("/activate", &format!("code={code}"));
    assert!(status == 200 && page.contains("You are online"), "{status}: {page}");
    assert_eq!(demo.json(&["voucher", "show", &code])["state"], "running");
}

/// Its own routers end after the readings do: nothing at a clean end looks like trouble.
#[test]
fn a_clean_end_warns_of_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let words = ["--listen", "127.0.0.1:0", "--duration", "4", "--data", data.to_str().unwrap()];
    let ended = run(&[&["demo"], &words[..]].concat());
    assert_eq!(ended.status.code(), Some(0));
    assert!(!stderr(&ended).contains("listened to"), "{}", stderr(&ended));
}
