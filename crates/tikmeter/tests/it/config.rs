//! `tikmeter config`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::program::{Running, stderr, stdout, tikmeter};

fn config(folder: &Path, words: &[&str]) -> Output {
    let words = [&["config"], words].concat();
    tikmeter(&words)
        .current_dir(folder)
        .env("MIKROTIK_HOST", "10.0.0.9")
        .env("MIKROTIK_PASS", "geheim")
        .output()
        .unwrap()
}

fn folder(file: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("tikmeter.toml"), file).unwrap();
    std::fs::write(folder.path().join(".env"), "MIKROTIK_USER=api\nDB_HOST=db\n").unwrap();
    folder
}

#[test]
fn show_names_the_place_of_each_value_and_no_password() {
    let folder = folder("[polling]\ninterval = \"10s\"\n[database]\nurl = \"sqlite:///srv/t.db\"\n");
    let shown = config(folder.path(), &["show", "--json", "--data", "/srv/meter"]);
    let told: Value = serde_json::from_str(&stdout(&shown)).unwrap();
    let place = |key: &str| {
        let items = told["items"].as_array().unwrap();
        items.iter().find(|item| item["key"] == key).unwrap()["origin"].as_str().unwrap().to_owned()
    };
    assert_eq!(place("polling.interval"), "./tikmeter.toml:2");
    assert_eq!(place("server.listen"), "default");
    assert_eq!(place("server.data"), "--data");
    assert_eq!(place("routers.mikrotik.username"), ".env MIKROTIK_USER");
    assert_eq!(place("routers.mikrotik.host"), "environment MIKROTIK_HOST");
    assert!(told["warnings"][0].as_str().unwrap().contains("DB_HOST"), "{}", told["warnings"]);
    let human = config(folder.path(), &["show"]);
    assert!(!(stdout(&shown) + &stdout(&human) + &stderr(&human)).contains("geheim"));
    assert!(stdout(&human).contains("***"));
}

#[test]
fn check_says_right_with_0_and_every_mistake_with_1() {
    let right = folder("[database]\nurl = \"sqlite:///srv/t.db\"\n");
    let checked = config(right.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    assert!(stdout(&checked).contains("mikrotik: api at 10.0.0.9 port 8728"), "{}", stdout(&checked));
    let wrong = folder("[server]\nlisten = \"here\"\n");
    let checked = config(wrong.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(1));
    let said = stderr(&checked);
    assert!(said.contains("tikmeter.toml:2") && said.contains("`here`"), "{said}");
}

#[test]
fn a_password_file_that_others_can_read_is_a_warning_with_its_cure() {
    let router = "[[routers]]\nname = \"north\"\nhost = \"192.0.2.1\"\nusername = \"m\"\npassword_file = \"north.password\"\n";
    let folder = folder(&format!("[database]\nurl = \"sqlite://t.db\"\n{router}"));
    let file = folder.path().join("north.password");
    std::fs::write(&file, "secret\n").unwrap();
    for (mode, warned) in [(0o600, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let checked = config(folder.path(), &["check"]);
        assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
        assert_eq!(stderr(&checked).contains("chmod 600 ./north.password"), warned, "{}", stderr(&checked));
    }
    std::fs::remove_file(folder.path().join(".env")).unwrap();
    let words = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
    Running::start(&words, folder.path()).error_line("chmod 600 ./north.password");
}

#[test]
fn a_password_within_a_file_that_others_can_read_is_a_warning_too() {
    let router =
        "[[routers]]\nname = \"north\"\nhost = \"192.0.2.1\"\nusername = \"m\"\npassword = \"geheim\"\n";
    let folder = folder(&format!("[database]\nurl = \"sqlite://t.db\"\n{router}"));
    std::fs::write(folder.path().join(".env"), "MIKROTIK_USER=api\n").unwrap();
    for (mode, warned) in [(0o600, false), (0o644, true)] {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path().join("tikmeter.toml"), mode).unwrap();
        let said = stderr(&config(folder.path(), &["check"]));
        assert_eq!(said.contains("the password in ./tikmeter.toml"), warned, "{said}");
        assert!(!said.contains("geheim"));
    }
    std::fs::write(folder.path().join(".env"), "MIKROTIK_HOST=h\nMIKROTIK_USER=api\nMIKROTIK_PASS=x\n")
        .unwrap();
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.path().join(".env"), mode).unwrap();
    let checked = tikmeter(&["config", "check"]).current_dir(folder.path()).output().unwrap();
    assert!(stderr(&checked).contains("chmod 600 .env"), "{}", stderr(&checked));
}

#[test]
fn check_reads_the_file_of_profiles_and_names_its_line() {
    let folder =
        folder("[database]\nurl = \"sqlite:///srv/t.db\"\n[vouchers]\nprofiles = \"profiles.json\"\n");
    let file = folder.path().join("profiles.json");
    let profiles = |rate: &str| {
        let rows = format!("[\n{{\"name\": \"Hour\", \"validity\": \"1h\",\n\"rate_up\": \"{rate}\"}}\n]\n");
        std::fs::write(&file, rows).unwrap();
    };
    profiles("512K");
    let checked = config(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    profiles("fast");
    let checked = config(folder.path(), &["check", "--json"]);
    let told: Value = serde_json::from_str(&stdout(&checked)).unwrap();
    assert_eq!((checked.status.code(), &told["ok"]), (Some(1), &Value::Bool(false)), "{told}");
    for said in [told["problems"][0].as_str().unwrap(), &stderr(&checked)] {
        assert!(said.contains("profiles.json:3: ") && said.contains("\"fast\""), "{said}");
    }
    std::fs::remove_file(&file).unwrap();
    let checked = config(folder.path(), &["check"]);
    assert!(stderr(&checked).contains("profiles.json cannot be read"), "{}", stderr(&checked));
    assert_eq!(checked.status.code(), Some(1));
}

#[test]
fn keys_that_others_can_read_are_a_warning_with_its_cure() {
    let folder = folder(
        "[server]\ndata = \"data\"\n[database]\nurl = \"sqlite://t.db\"\n\
         [portal]\nlisten = \"127.0.0.1:0\"\ncertificate = \"portal.pem\"\nkey = \"portal.key\"\n",
    );
    let place = |name: &str| folder.path().join(name);
    let signed = rcgen::generate_simple_self_signed(["wifi.example".to_owned()]).unwrap();
    std::fs::write(place("portal.pem"), signed.cert.pem()).unwrap();
    std::fs::write(place("portal.key"), signed.signing_key.serialize_pem()).unwrap();
    std::fs::create_dir(place("data")).unwrap();
    std::fs::write(place("data/key"), [7; 32]).unwrap();
    for (mode, warned) in [(0o600, false), (0o644, true)] {
        for key in ["portal.key", "data/key"] {
            std::fs::set_permissions(place(key), std::fs::Permissions::from_mode(mode)).unwrap();
        }
        let checked = config(folder.path(), &["check"]);
        assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
        for cure in ["chmod 600 ./portal.key", "chmod 600 data/key"] {
            assert_eq!(stderr(&checked).contains(cure), warned, "{cure}: {}", stderr(&checked));
        }
    }
    std::fs::remove_file(place("data/key")).unwrap();
    std::fs::remove_file(place(".env")).unwrap();
    let mut serve = tikmeter(&["serve", "--json", "--listen", "127.0.0.1:0"]);
    serve.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
    Running::spawn(serve, folder.path()).error_line("chmod 600 ./portal.key");
}
