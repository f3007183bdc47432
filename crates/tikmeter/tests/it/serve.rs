//! `tikmeter serve` with a simulated router, end to end.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat, open};
use serde_json::Value;

use crate::program::{Running, run, stderr, stdout, tikmeter};
use crate::server::{Server, octets};

/// A simulated router and where it is.
fn router(folder: &Path) -> (Running, String) {
    let simulate = Running::start(&["simulate", "--json", "--routers", "1", "--sessions", "20"], folder);
    let port = simulate.json_line()["routers"][0]["port"].as_u64().unwrap();
    (simulate, format!("127.0.0.1:{port}"))
}

fn add_router(server: &Server, address: &str) {
    let words = [
        "router",
        "add",
        "tower",
        address,
        "--user",
        "meter",
        "--password",
        "simulated",
        "--link-speed",
        "1G",
    ];
    server.text(&[&words[..], &["--interval", "1s"]].concat());
    server.json_when(&["router", "show", "tower"], |router| router["rounds_total"].as_u64() >= Some(2));
}

#[cfg(target_env = "gnu")]
#[test]
fn the_server_runs_with_the_memory_settings_it_needs_and_under_the_number_it_was_started_with() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let surroundings = std::fs::read(format!("/proc/{}/environ", server.running.pid())).unwrap();
    let set = surroundings
        .split(|byte| *byte == 0)
        .any(|variable| variable.starts_with(b"GLIBC_TUNABLES=glibc.malloc."));
    assert!(set, "the server runs without GLIBC_TUNABLES");
}

#[test]
fn from_an_empty_folder_to_explained_totals() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = router(folder.path());
    let server = Server::serve(folder.path());
    assert!(server.text(&["usage"]).contains("Nothing was counted"));
    add_router(&server, &address);

    server.text(&["plan", "add", "home", "--rate-down", "20M", "--price", "350"]);
    let open = server.json(&["sessions", "--state", "open"]);
    let login = open["items"][0]["username"].as_str().unwrap();
    let service = open["items"][0]["service"].as_str().unwrap();
    let added = server.text(&[
        "subscriber",
        "add",
        "ana",
        "--login",
        login,
        "--service",
        service,
        "--router",
        "tower",
        "--plan",
        "home",
    ]);
    assert!(added.contains("tikmeter explain --subscriber ana"), "{added}");
    server.text(&["router", "read-now", "tower"]);
    let of_ana = server.json(&["usage", "--subscriber", "ana"]);
    assert_eq!(of_ana["items"][0]["username"], login, "{of_ana}");
    assert!(server.text(&["sessions", "--state", "open", "--username", login]).contains("ana"));
    assert!(server.text(&["router", "list"]).contains("online"));
    assert!(server.text(&["status"]).contains("1, 1 online"));

    let added = server.json(&["audit", "--action", "router.add"]);
    assert_eq!(
        (&added["items"][0]["subject"], &added["items"][1]),
        (&"tower".into(), &Value::Null),
        "{added}"
    );
    assert!(server.text(&["audit", "--limit", "1"]).contains("subscriber.add"));

    server.text(&["router", "disable", "tower"]);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "disabled");
    assert!(server.every_total_is_explained() > 10);
    assert!(server.text(&["verify"]).contains("every total is the sum of its entries"));
    let ana = server.json(&["subscriber", "show", "ana"]);
    assert_eq!(octets(&ana["cycle"]), octets(&server.json(&["explain", "--subscriber", "ana"])));
}

#[test]
fn totals_outlive_a_clean_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = router(folder.path());
    let server = Server::serve(folder.path());
    add_router(&server, &address);
    server.text(&["router", "disable", "tower"]);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "disabled");
    let before = server.json(&["usage"]);
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));

    let again = Server::serve(folder.path());
    assert_eq!(again.json(&["usage"])["items"], before["items"]);
    assert!(again.text(&["verify"]).contains("every total"));
    let tower = again.text(&["router", "show", "tower"]);
    assert!(
        tower.contains(" UTC, before the server was started: ") && !tower.contains(": 0 sessions open"),
        "{tower}"
    );
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_the_first_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let data = folder.path().join("data");
    let second = run(&["serve", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(1));
    assert!(stderr(&second).contains("in use by process"), "{}", stderr(&second));
    server.text(&["status"]);
}

#[test]
fn what_it_writes_is_for_its_owner_only() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::serve(folder.path());
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    for file in std::fs::read_dir(&data).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
}

#[test]
fn tokens_do_what_their_role_says_until_they_are_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let made = server.json(&["token", "create", "grafana"]);
    let viewer = made["token"].as_str().unwrap();
    let as_viewer = |words: &[&str]| run(&[words, &["--url", &server.url, "--token", viewer]].concat());
    assert!(as_viewer(&["status"]).status.success());
    let refused = as_viewer(&["plan", "add", "home"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stdout(&refused));
    let listed = server.text(&["token", "list"]);
    assert!(listed.contains("grafana") && !listed.contains(viewer), "{listed}");
    let id = made["id"].as_str().unwrap();
    server.text(&["token", "revoke", id]);
    assert_eq!(as_viewer(&["status"]).status.code(), Some(1));

    let tokens = server.json(&["token", "list"]);
    let mut tokens = tokens["items"].as_array().unwrap().iter();
    let local = tokens.find(|token| token["name"] == "local").unwrap()["id"].as_str().unwrap();
    let refused = server.call(&["token", "revoke", local]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("delete the file `token`"), "{}", stderr(&refused));
    server.text(&["status"]);
}

#[test]
fn a_wrong_router_password_is_said_and_cured_by_edit() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = router(folder.path());
    let server = Server::serve(folder.path());
    server.text(&["router", "add", "tower", &address, "--user", "meter", "--password", "wrong"]);
    let refused = |router: &Value| router["state"] == "login_refused";
    let router = server.json_when(&["router", "show", "tower"], refused);
    assert!(router["message"].as_str().is_some_and(|message| !message.is_empty()), "{router}");
    server.text(&["router", "edit", "tower", "--password", "simulated"]);
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
}

#[test]
fn routers_of_the_file_come_and_go_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = router(folder.path());
    let (host, port) = address.split_once(':').unwrap();
    let file = folder.path().join("tikmeter.toml");
    let tower = format!(
        "[[routers]]\nname = \"tower\"\nhost = \"{host}\"\nport = {port}\nusername = \"meter\"\npassword = \"simulated\"\n"
    );
    std::fs::write(&file, tower).unwrap();
    let server = Server::serve(folder.path());
    let router = server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
    assert_eq!(router["origin"], "file");
    let refused = server.call(&["router", "disable", "tower"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stdout(&refused));

    std::fs::write(&file, "[server]\nlissten = \"x\"\n").unwrap();
    server.running.signal("HUP");
    server.running.error_line("lissten");
    assert_eq!(server.json(&["router", "show", "tower"])["state"], "online");

    std::fs::write(&file, "").unwrap();
    server.running.signal("HUP");
    server.json_when(&["router", "show", "tower"], |router| router["state"] == "disabled");
}

#[test]
fn a_password_that_does_not_come_holds_up_nobody_but_the_reading_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    let server = Server::serve(folder.path());
    let (_simulate, address) = router(folder.path());
    add_router(&server, &address);
    let file = "[[routers]]\nname = \"hill\"\nhost = \"127.0.0.1\"\nusername = \"meter\"\npassword_file = \"pipe\"\n";
    std::fs::write(folder.path().join("tikmeter.toml"), file).unwrap();
    server.running.signal("HUP");
    // Only a pipe that somebody reads can be opened this way.
    let write = OFlags::WRONLY | OFlags::NONBLOCK;
    let reader_is_there = || open(&pipe, write, Mode::empty()).ok();
    let there = std::iter::repeat_with(|| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        reader_is_there()
    });
    let pipe = there.flatten().next().unwrap();
    server.text(&["router", "read-now", "tower"]);
    rustix::io::write(&pipe, b"simulated\n").expect("it is still waited for");
}

#[test]
fn an_admin_token_of_the_environment_opens_everything_and_is_not_stored() {
    let folder = tempfile::tempdir().unwrap();
    let secret = "tkm_of_the_environment_only";
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("TIKMETER_ADMIN_TOKEN", secret);
    let running = Running::spawn(command, folder.path());
    let url = running.json_line()["url"].as_str().unwrap().to_owned();
    let server = Server { running, url, token: secret.to_owned(), portal: None };
    server.text(&["plan", "add", "home"]);
    assert!(!server.text(&["token", "list", "--json"]).contains(secret));
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
    for file in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let content = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!content.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
}

#[test]
fn an_admin_token_that_could_be_guessed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut serve = tikmeter(&["serve", "--data", "data", "--listen", "127.0.0.1:0"]);
    let ended = serve.current_dir(folder.path()).env("TIKMETER_ADMIN_TOKEN", "a").output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(stderr(&ended).contains("fewer than 20 characters"), "{}", stderr(&ended));
}

#[test]
fn a_second_signal_ends_it_at_once_and_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let (_simulate, address) = router(folder.path());
    let server = Server::serve(folder.path());
    add_router(&server, &address);
    server.running.signal("INT");
    server.running.signal("TERM");
    server.running.end();
    let again = Server::serve(folder.path());
    assert!(again.text(&["verify"]).contains("every total is the sum of its entries"));
}

#[test]
fn commands_find_the_local_server_by_its_folder_until_it_stops() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let status = || tikmeter(&["status", "--data", "data"]).current_dir(folder.path()).output().unwrap();
    assert_eq!(status().status.code(), Some(0), "{}", stderr(&status()));
    let url = folder.path().join("data/url");
    assert_eq!(std::fs::read_to_string(&url).unwrap().trim(), server.url);
    assert_eq!(std::fs::metadata(&url).unwrap().permissions().mode() & 0o777, 0o600);
    server.running.signal("TERM");
    assert_eq!(server.running.end().code(), Some(0));
    assert!(!url.exists());
}

#[test]
fn a_misspelt_name_is_an_error_in_words_and_not_zero() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    for words in [
        ["usage", "--router", "nosuch"],
        ["usage", "--subscriber", "nosuch"],
        ["sessions", "--router", "nosuch"],
    ] {
        let refused = server.call(&words);
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(stderr(&refused).contains("nosuch"), "{words:?}: {}", stderr(&refused));
    }
}
