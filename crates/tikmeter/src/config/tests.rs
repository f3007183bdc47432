//! The configuration from files, variables and flags together.

use std::time::Duration;

use tempfile::TempDir;

use super::key::{KEYS, Key};
use super::{Layer, Loaded, Problems, Settings, Surroundings, load, shown};

/// A folder of its own with files, and variables.
struct Place {
    folder: TempDir,
    surroundings: Surroundings,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let surroundings = Surroundings {
            folder: folder.path().to_owned(),
            file_of_the_host: "/nowhere.toml".into(),
            ..Default::default()
        };
        Place { folder, surroundings }
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.surroundings.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    fn loaded(&self) -> Result<Loaded, Problems> {
        load(&self.surroundings, None, Layer::default())
    }

    fn settings(&self) -> Result<Settings, Problems> {
        self.loaded()?.settings()
    }

    /// What is wrong, without the folder's own path.
    fn problems(&self) -> String {
        let folder = format!("{}/", self.folder.path().display());
        self.settings().map(|_| ()).unwrap_err().to_string().replace(&folder, "")
    }

    /// Value and origin as shown.
    fn shown(&self, key: &str) -> (String, String) {
        let folder = format!("{}/", self.folder.path().display());
        let all = shown(&self.loaded().ok().unwrap());
        let one = all.into_iter().find(|one| one.key == key).unwrap();
        (one.value, one.origin.replace(&folder, ""))
    }
}

fn pair(value: &str, origin: &str) -> (String, String) {
    (value.to_owned(), origin.to_owned())
}

const TOWER: &str =
    "[[routers]]\nname = \"Tower.1\"\nhost = \"10.0.0.1\"\nusername = \"api\"\npassword = \"geheim\"\n";

#[test]
fn nothing_configured_is_a_right_configuration() {
    let settings = Place::new().variable("TIKMETER_DATA", "/srv/meter").settings().unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8081");
    assert_eq!(settings.database.shown(), "/srv/meter/tikmeter.db");
    assert_eq!(settings.interval, Duration::from_secs(300));
    assert!(settings.routers.is_empty());
}

#[test]
fn each_layer_overrules_the_one_below_and_names_itself() {
    let listen = |text: &str| format!("# a comment\n[server]\nlisten = \"{text}\"\n");
    let place = Place::new();
    assert_eq!(place.shown("server.listen"), pair("127.0.0.1:8081", "default"));
    let place = place.file("tikmeter.toml", &listen("1.1.1.1:1"));
    assert_eq!(place.shown("server.listen"), pair("1.1.1.1:1", "tikmeter.toml:3"));
    let place = place.file(".env", "TIKMETER_LISTEN=2.2.2.2:2\n");
    assert_eq!(place.shown("server.listen"), pair("2.2.2.2:2", ".env TIKMETER_LISTEN"));
    let place = place.variable("TIKMETER_LISTEN", "3.3.3.3:3");
    assert_eq!(place.shown("server.listen"), pair("3.3.3.3:3", "environment TIKMETER_LISTEN"));
    let mut flags = Layer::default();
    flags.set("server", "listen", "127.4.4.4:4", "--listen");
    let loaded = load(&place.surroundings, None, flags).ok().unwrap();
    assert_eq!(loaded.settings().unwrap().listen.to_string(), "127.4.4.4:4");
}

#[test]
fn other_machines_are_let_in_only_where_somebody_said_so() {
    let text = |anywhere: &str| format!("[server]\nlisten = \"0.0.0.0:8081\"\n{anywhere}");
    let place = Place::new().file("tikmeter.toml", &text(""));
    let refused = place.problems();
    assert!(
        refused.starts_with("tikmeter.toml:2: `server.listen`: 0.0.0.0:8081 can be reached"),
        "{refused}"
    );
    assert!(refused.contains("`listen_anywhere = true` under `[server]`"), "{refused}");
    assert_eq!(place.shown("server.listen_anywhere"), pair("false", "default"));
    let place = place.file("tikmeter.toml", &text("listen_anywhere = true\n"));
    let settings = place.settings().unwrap();
    assert!(settings.listen_anywhere);
    assert!(settings.warnings()[0].contains("over plain HTTP"), "{:?}", settings.warnings());
    assert_eq!(place.shown("server.listen_anywhere"), pair("true", "tikmeter.toml:3"));
    let place = place.variable("TIKMETER_LISTEN_ANYWHERE", "no");
    assert_eq!(
        place.problems(),
        "environment TIKMETER_LISTEN_ANYWHERE: `server.listen_anywhere`: `no` is neither true nor false"
    );
}

#[test]
fn an_unknown_key_names_the_nearest_its_file_and_its_line() {
    let place = Place::new().file("tikmeter.toml", "[polling]\n\nintervall = \"30s\"\n");
    assert_eq!(place.problems(), "tikmeter.toml:3: there is no key `intervall`; did you mean `interval`?");
    let place = Place::new().file("tikmeter.toml", "[sever]\nlisten = \"x\"\n");
    assert_eq!(place.problems(), "tikmeter.toml:1: there is no key `sever`; did you mean `server`?");
    let place = Place::new().file("tikmeter.toml", &format!("{TOWER}linkspeed = \"1G\"\n"));
    assert_eq!(place.problems(), "tikmeter.toml:6: there is no key `linkspeed`; did you mean `link_speed`?");
    let place = Place::new().variable("TIKMETER_LISTN", "1");
    assert!(place.problems().ends_with("there is no variable of that name; did you mean `TIKMETER_LISTEN`?"));
}

#[test]
fn all_mistakes_are_named_at_once() {
    let text = "[server]\nlisten = \"nowhere\"\n[polling]\ninterval = \"soon\"\n[[routers]]\nname = \"a\"\nport = 99999\n";
    let problems = Place::new().file("tikmeter.toml", text).problems();
    for expected in [
        "tikmeter.toml:2: `server.listen`",
        "tikmeter.toml:4: `polling.interval`",
        "tikmeter.toml:7: `port`",
        "has no `host`",
        "has no `username`",
        "neither `password` nor",
    ] {
        assert!(problems.contains(expected), "{expected} in {problems}");
    }
}

#[test]
fn broken_toml_names_its_line() {
    let problems = Place::new().file("tikmeter.toml", "[server]\nlisten = \n").problems();
    assert!(problems.starts_with("tikmeter.toml:2: "), "{problems}");
}

#[test]
fn a_given_file_must_exist() {
    let place = Place::new();
    let missing = place.folder.path().join("other.toml");
    let problems = load(&place.surroundings, Some(&missing), Layer::default()).map(|_| ()).unwrap_err();
    assert!(problems.to_string().contains("other.toml: the configuration cannot be read"), "{problems}");
}

#[test]
fn a_router_is_read_with_its_name_as_written() {
    let place =
        Place::new().file("tikmeter.toml", &format!("{TOWER}interval = \"30s\"\nlink_speed = \"1G\"\n"));
    let settings = place.settings().unwrap();
    let [router] = &*settings.routers else { panic!("one router") };
    assert_eq!((router.name.as_str(), router.host.as_str(), router.port), ("Tower.1", "10.0.0.1", 8728));
    assert_eq!(router.interval, Some(Duration::from_secs(30)));
    assert_eq!(router.link_speed_bps, Some(1_000_000_000));
    assert_eq!(place.shown("routers.Tower.1.port"), pair("8728", "default"));
}

#[test]
fn passwords_are_never_shown() {
    let place = Place::new().file("tikmeter.toml", TOWER).file(
        ".env",
        "DB_HOST=db\nDB_PASSWORD=geheim@db\nREDIS_ADDR=redis://:geheim@r:6379\nMIKROTIK_PASS=geheim\n",
    );
    let loaded = place.loaded().ok().unwrap();
    let text = format!("{:?} {:?}", shown(&loaded), loaded.warnings);
    assert!(!text.contains("geheim"), "{text}");
    assert_eq!(place.shown("routers.Tower.1.password").0, "***");
    assert_eq!(place.shown("database.url").0, "postgres://postgres:***@db:5432/postgres");
    let settings = Place::new().file("tikmeter.toml", TOWER).file(".env", "DB_PASSWORD=geheim\n");
    assert!(!format!("{:?}", settings.settings().unwrap()).contains("geheim"));
}

#[test]
fn the_names_of_the_older_tools_are_a_router_named_mikrotik() {
    let place = Place::new()
        .file(".env", "MIKROTIK_HOST=10.0.0.9\nMIKROTIK_PORT=8729\nMIKROTIK_USER=admin\nMIKROTIK_PASS=x\n")
        .variable("MIKROTIK_USER", "api");
    let settings = place.settings().unwrap();
    let [router] = &*settings.routers else { panic!("one router") };
    assert_eq!((router.name.as_str(), router.host.as_str(), router.port), ("mikrotik", "10.0.0.9", 8729));
    assert_eq!(router.username, "api");
    assert_eq!(place.shown("routers.mikrotik.username"), pair("api", "environment MIKROTIK_USER"));
    assert_eq!(place.shown("routers.mikrotik.host"), pair("10.0.0.9", ".env MIKROTIK_HOST"));
}

#[test]
fn their_postgresql_is_used_unless_a_url_wins() {
    let place = Place::new().variable("DB_HOST", "db").variable("DB_USER", "meter");
    assert_eq!(place.shown("database.url"), pair("postgres://meter@db:5432/postgres", "environment DB_HOST"));
    assert_eq!(place.settings().unwrap().database.shown(), "postgres://meter@db:5432/postgres");
    let place = place.file("tikmeter.toml", "[database]\nurl = \"sqlite:///srv/t.db\"\n");
    assert_eq!(place.settings().unwrap().database.shown(), "/srv/t.db");
    let warnings = place.loaded().ok().unwrap().warnings;
    assert!(
        warnings.iter().any(|warning| warning.contains("DB_HOST") && warning.contains("not used")),
        "{warnings:?}"
    );
}

#[test]
fn events_are_told_only_where_redis_is_named() {
    assert_eq!(Place::new().settings().unwrap().events, None);
    let place = Place::new().variable("REDIS_ADDR", "127.0.0.1:6379");
    assert_eq!(place.shown("redis.url"), pair("redis://127.0.0.1:6379", "environment REDIS_ADDR"));
    let events = place.settings().unwrap().events.unwrap();
    assert_eq!((events.redis.place(), events.stream_entries), ("127.0.0.1:6379", 10_000));
    assert_eq!(events.traffic_entries, 100_000);
    assert_eq!((events.keep, events.keep_bytes), (Duration::from_secs(7 * 86_400), 256_000_000));
    let text = "[redis]\nurl = \"rediss://:geheim@h\"\nevents_max = 5\ntraffic_max = 6\noutbox_days = 1\noutbox_mb = 2\n";
    let place = Place::new().file("tikmeter.toml", text);
    let settings = place.settings().unwrap();
    let events = settings.events.clone().unwrap();
    assert_eq!((events.stream_entries, events.traffic_entries, events.keep.as_secs()), (5, 6, 86_400));
    assert_eq!(events.keep_bytes, 2_000_000);
    assert!(!format!("{settings:?}").contains("geheim"));
    assert_eq!(place.shown("redis.url"), pair("rediss://:***@h", "tikmeter.toml:2"));
}

#[test]
fn live_monitoring_takes_the_names_of_the_older_tool_and_ours_win() {
    let shown = |place: &Place| place.settings().unwrap().monitor;
    assert_eq!(shown(&Place::new()), operations::MonitorSettings::default());
    let place = Place::new().file(".env", "ENABLE_TRAFFIC_MONITOR=false\nMAX_CONCURRENT_MONITORS=7\n");
    assert_eq!((shown(&place).enabled, shown(&place).slots), (false, 7));
    assert_eq!(place.shown("monitor.slots"), pair("7", ".env MAX_CONCURRENT_MONITORS"));
    let place = place.variable("TIKMETER_MONITOR_SLOTS", "9").variable("TIKMETER_MONITOR_IDLE", "0");
    assert_eq!((shown(&place).slots, shown(&place).idle), (9, Duration::ZERO));
    for (line, part) in [
        ("enabled = \"on\"", "`monitor.enabled`: `on` is neither true nor false"),
        ("slots = 0", "`monitor.slots`: `0` is no number from 1 to"),
        ("idle = \"5s\"", "`monitor.idle`: it is at least 60 s, or 0"),
    ] {
        let problems = Place::new().file("tikmeter.toml", &format!("[monitor]\n{line}\n")).problems();
        assert!(problems.starts_with("tikmeter.toml:2: ") && problems.contains(part), "{problems}");
    }
}

/// Who copies it as it is gets what it says.
#[test]
fn the_sample_of_the_older_tools_names_is_a_right_configuration() {
    let place = Place::new().file(".env", include_str!("../../../../.env.example"));
    let settings = place.settings().unwrap();
    assert_eq!(settings.database.shown(), "postgres://tikmeter:***@localhost:5432/tikmeter");
    assert!(settings.monitor.enabled && settings.monitor.slots == 50 && settings.events.is_some());
    assert_eq!(settings.routers[0].name, "mikrotik");
}

#[test]
fn the_sample_has_every_key_with_its_default() {
    let sample = include_str!("../../../../etc/tikmeter.toml");
    // There is no such file here, nor anything to serve over TLS without one.
    let needs_a_file = |line: &str| {
        ["#ca_file", "#certificate", "#key", "#listen = \"0.0.0.0:8443\""]
            .iter()
            .any(|key| line.starts_with(key))
    };
    let keys = sample.lines().filter(|line| !line.starts_with("# ") && !needs_a_file(line));
    let keys: String = keys.map(|line| format!("{}\n", line.trim_start_matches('#'))).collect();
    let place = Place::new().file("tikmeter.toml", &keys).file("north.password", "x\n");
    let settings = place.settings().unwrap();
    assert!(settings.events.is_some() && settings.routers.len() == 1);
    for key in &KEYS {
        let table = sample.split(&format!("[{}]\n", key.section)).nth(1).unwrap_or_default();
        let line = table.lines().find_map(|line| line.strip_prefix(&format!("#{} = ", key.name)));
        let line = line.unwrap_or_else(|| panic!("{} is not in the sample", path(key)));
        if let Some(default) = key.default {
            assert_eq!(line.trim_matches('"'), default, "{}", path(key));
        }
    }
}

fn path(key: &Key) -> String {
    format!("{}.{}", key.section, key.name)
}

#[test]
fn a_wrong_redis_is_named_without_its_password() {
    for (text, part) in [
        ("url = \"http://:geheim@h\"", "`redis.url`: this is no address of a Redis server"),
        ("url = \"redis://h\"\nevents_max = 0", "`redis.events_max`: `0` is no number from 1 to"),
        ("outbox_days = 400", "`redis.outbox_days`: `400` is no number from 1 to 366"),
        ("outbox_mb = \"x\"", "`redis.outbox_mb`: `x` is no number from 1 to"),
    ] {
        let problems = Place::new().file("tikmeter.toml", &format!("[redis]\n{text}\n")).problems();
        assert!(problems.contains(part) && !problems.contains("geheim"), "{problems}");
    }
}

#[test]
fn the_portal_is_served_where_it_is_wanted_and_apart_from_the_api() {
    let with = |text: &str| Place::new().file("tikmeter.toml", text);
    let portal = |text: &str| {
        with(text).settings().unwrap().portal.map(|portal| (portal.listen.to_string(), portal.is_named))
    };
    let at = |address: &str, is_named| Some((address.to_owned(), is_named));
    assert_eq!(portal(""), at("127.0.0.1:8080", false));
    assert_eq!(portal("[portal]\nlisten = \"0.0.0.0:8080\"\n"), at("0.0.0.0:8080", true));
    assert_eq!(portal("[portal]\nlisten = \"off\"\n"), None);
    assert_eq!(portal("[server]\nlisten = \"127.0.0.1:8080\"\n"), None, "the usual place gives way");
    let collector = "[node]\nrole = \"collector\"\n[database]\nurl = \"postgres://h/d\"\n";
    assert_eq!(portal(collector), None);
    let problems = with("[portal]\nlissten = 1\n").problems();
    assert_eq!(problems, "tikmeter.toml:2: there is no key `lissten`; did you mean `listen`?");
    let problems = with("[portal]\nlisten = \"here\"\n").problems();
    assert!(problems.starts_with("tikmeter.toml:2: `portal.listen`: `here` is no address"), "{problems}");
    let problems = with("[portal]\nlisten = \"0.0.0.0:8081\"\n").problems();
    assert!(problems.contains("`portal.listen`: this is where the API listens"), "{problems}");
    let problems = with(&format!("[portal]\nlisten = \"0.0.0.0:80\"\n{collector}")).problems();
    assert!(problems.contains("`portal.listen`: a `collector` answers nobody"), "{problems}");
}

#[test]
fn the_portals_certificate_and_key_go_together_and_are_looked_at() {
    let problems =
        |lines: &str| Place::new().file("tikmeter.toml", &format!("[portal]\n{lines}\n")).problems();
    let alone = problems("certificate = \"portal.pem\"");
    assert_eq!(alone, "tikmeter.toml:2: a certificate and its key go together: `portal.key` has no value");
    let alone = problems("key = \"portal.key\"");
    assert_eq!(
        alone,
        "tikmeter.toml:2: a certificate and its key go together: `portal.certificate` has no value"
    );
    let text = "[portal]\ncertificate = \"portal.pem\"\nkey = \"portal.key\"\n";
    let place = Place::new().file("tikmeter.toml", text).file("portal.pem", "").file("portal.key", "");
    let empty = place.problems();
    assert!(
        empty.starts_with("tikmeter.toml:2: `portal.certificate`: ")
            && empty.contains("no certificate in PEM"),
        "{empty}"
    );
}

#[test]
fn https_needs_a_place_and_a_certificate() {
    let problems =
        |lines: &str| Place::new().file("tikmeter.toml", &format!("[https]\n{lines}\n")).problems();
    assert!(problems("listen = \"0.0.0.0:8443\"").contains("`https.certificate` has no value"));
    assert!(problems("listen = \"here\"").contains("`https.listen`: `here` is no address"));
    let alone = problems("certificate = \"server.pem\"");
    assert_eq!(alone, "tikmeter.toml:2: a certificate and its key go together: `https.key` has no value");
    assert_eq!(Place::new().settings().unwrap().https, None);
}

#[test]
fn proxies_are_believed_where_they_are_named() {
    let with = |text: &str| Place::new().file("tikmeter.toml", &format!("[server]\n{text}\n"));
    let named = with("trusted_proxies = \"127.0.0.1, 10.0.0.0/8\"").settings().unwrap();
    assert_eq!(named.proxies, server::Proxies::parse("127.0.0.1,10.0.0.0/8").unwrap());
    assert_eq!(with("").settings().unwrap().proxies, server::Proxies::default());
    let problems = with("trusted_proxies = \"proxy\"").problems();
    assert!(
        problems.contains("`server.trusted_proxies`: `proxy` is neither an address nor a network"),
        "{problems}"
    );
}

#[test]
fn two_routers_of_one_name_are_refused() {
    let problems = Place::new().file("tikmeter.toml", &TOWER.repeat(2)).problems();
    assert!(
        problems.starts_with("tikmeter.toml:6: router `Tower.1` is there already (tikmeter.toml:1)"),
        "{problems}"
    );
}

#[test]
fn tls_has_its_own_port_and_its_certificate_must_make_sense() {
    let with = |lines: &str| Place::new().file("tikmeter.toml", &format!("{TOWER}{lines}"));
    let towers = |lines: &str| with(lines).settings().unwrap().routers.remove(0);
    assert_eq!(towers("").port, 8728);
    assert_eq!(towers("tls = \"verified\"\n").port, 8729);
    let digits = "ab".repeat(32);
    let pinned = towers(&format!("tls = \"pinned\"\nfingerprint = \"{digits}\"\n"));
    assert_eq!(pinned.fingerprint.unwrap().to_string(), digits);
    assert_eq!((pinned.tls, pinned.port), (store::TlsMode::Pinned, 8729));
    for (lines, told) in [
        ("tls = \"on\"\n", "it is one of"),
        ("tls = \"pinned\"\nfingerprint = \"ab\"\n", "64 hex digits"),
        ("fingerprint = \"ab\"\n", "for `tls = \"pinned\"` only"),
    ] {
        let problems = with(lines).problems();
        assert!(problems.contains(told), "{problems}");
    }
}

#[test]
fn a_file_of_authorities_lies_beside_the_configuration_and_must_hold_some() {
    let place = Place::new().file("tikmeter.toml", "[tls]\nca_file = \"ca.pem\"\n").file("ca.pem", "");
    let problems = place.problems();
    assert!(
        problems.contains("tikmeter.toml:2: `tls.ca_file`") && problems.contains("holds no certificate"),
        "{problems}"
    );
}

#[test]
fn a_password_file_lies_beside_the_configuration() {
    let text = TOWER.replace("password = \"geheim\"", "password_file = \"tower.pass\"");
    let place = Place::new().file("tikmeter.toml", &text).file("tower.pass", "a b\nrest\n");
    let settings = place.settings().unwrap();
    let password = settings.routers[0].password.read().unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&password), "a b");
    std::fs::remove_file(place.folder.path().join("tower.pass")).unwrap();
    let problems = settings.with_readable_passwords().map(|_| ()).unwrap_err().to_string();
    assert!(problems.contains("tower.pass cannot be read"), "{problems}");
}

#[test]
fn a_broken_line_of_the_environment_file_does_not_show_its_value() {
    let problems = Place::new().file(".env", "MIKROTIK PASS=geheim x\n").problems();
    assert!(problems.contains(".env") && !problems.contains("geheim"), "{problems}");
}

/// What `serve` would refuse, told by file, line and value before it is started.
#[test]
fn a_router_that_serve_refuses_is_a_problem_of_its_line() {
    for (line, says) in [
        ("name = \"\"", "must not be empty"),
        ("name = \" a \"", "must not begin or end with a blank"),
        ("name = \"a/b\"", "must not contain a slash"),
        ("name = \"a\\u0007\"", "must not contain control characters"),
        ("host = \"127.0.0.1:8728\"", "give the port by itself"),
        ("host = \"a b\"", "plain host name"),
        ("username = \" u\"", "must not begin or end with a blank"),
        ("link_speed = \"0\"", "more than 0 bps"),
        ("interval = \"2h\"", "between 1 second and 1 hour"),
    ] {
        let (key, value) = line.split_once(" = ").unwrap();
        let others = [("name", "r"), ("host", "::1"), ("username", "u"), ("password", "p")];
        let others = others.iter().filter(|(other, _)| *other != key);
        let others: String = others.map(|(other, value)| format!("{other} = \"{value}\"\n")).collect();
        let place = Place::new().file("tikmeter.toml", &format!("[[routers]]\n{line}\n{others}"));
        let problems = place.problems();
        assert!(problems.starts_with("tikmeter.toml:2: ") && problems.contains(says), "{line}: {problems}");
        assert!(problems.contains(&value.replace("\\u0007", "\\u{7}")), "{line}: {problems}");
    }
}

#[test]
fn urls_that_are_handed_over_go_before_the_file_and_after_the_environment() {
    let place = Place::new().file("tikmeter.toml", "[database]\nurl = \"sqlite:///of/the/file.db\"\n");
    let folder = place.folder.path().join("credentials");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("tikmeter.database-url"), "postgres://u:p@h/db\nmore").unwrap();
    let place = place.variable("CREDENTIALS_DIRECTORY", folder.to_str().unwrap());
    let origin = "credential tikmeter.database-url";
    assert_eq!(place.shown("database.url"), pair("postgres://u:***@h/db", origin));
    assert!(place.loaded().ok().unwrap().get("redis.url").is_none());
    std::fs::write(folder.join("tikmeter.redis-url"), "").unwrap();
    assert!(place.problems().contains("credential tikmeter.redis-url"), "an empty one is a mistake");
    std::fs::remove_file(folder.join("tikmeter.redis-url")).unwrap();
    let place = place.variable("TIKMETER_DATABASE_URL", "sqlite:///of/a/variable.db");
    assert_eq!(place.shown("database.url").0, "sqlite:///of/a/variable.db");
}

/// A line of `tracing` or a failing test prints what it has.
#[test]
fn no_password_is_printed_with_the_settings_or_where_they_came_from() {
    const SECRET: &str = "planted-7Qx4";
    let file = format!(
        "[database]\nurl = \"postgres://u:{SECRET}@h/db\"\n[redis]\nurl = \"redis://:{SECRET}@h\"\n[[routers]]\nname = \
         \"tower\"\nhost = \"h\"\nusername = \"u\"\npassword = \"{SECRET}\"\n"
    );
    let place = Place::new().file("tikmeter.toml", &file).variable("TIKMETER_ADMIN_TOKEN", SECRET);
    let settings = place.settings().ok().unwrap();
    let layer = super::file::parse("tikmeter.toml", &file).ok().unwrap();
    for told in [format!("{settings:?}"), format!("{layer:?}"), format!("{:?}", place.surroundings)] {
        assert!(told.len() > 40 && !told.contains(SECRET), "{told}");
    }
}
