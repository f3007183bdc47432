//! Secrets are planted wherever there are some, and looked for wherever something is told: logs at every level, answers, errors,
//! metrics, what commands print, and a backup that is not encrypted.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use crate::postgres_server::{self, Database};
use crate::program::{Running, tikmeter};
use crate::redis_server::Redis;
use crate::server::Server;

const OF_ROUTER: &str = "planted-router-7Qx4";
const OF_FILE_ROUTER: &str = "planted-file-router-7Qx4";
const OF_DATABASE: &str = "planted-database-7Qx4";
const OF_OPERATOR: &str = "planted-operator-7Qx4";
const OF_NOBODY: &str = "planted-wrong-password-7Qx4";
const SERVE: [&str; 6] = ["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"];
const LOG: &str = "log";
const ADMIN_TOKEN: &str = "planted-admin-token-7Qx4-0123456789";
const WRONG_TOKEN: &str = "tkm_planted-wrong-token-7Qx4";
const WRONG_COOKIE: &str = "tks_planted-wrong-cookie-7Qx4";

/// What was planted, in every form in which it could be told, and where it was looked for.
struct Search {
    secrets: Vec<(String, Vec<u8>)>,
    looked: usize,
}

impl Search {
    fn new() -> Search {
        let mut search = Search { secrets: Vec::new(), looked: 0 };
        for secret in [
            OF_ROUTER,
            OF_FILE_ROUTER,
            OF_DATABASE,
            OF_OPERATOR,
            OF_NOBODY,
            ADMIN_TOKEN,
            WRONG_TOKEN,
            WRONG_COOKIE,
        ] {
            search.plant(secret, secret.as_bytes());
        }
        search
    }

    fn plant(&mut self, name: &str, secret: &[u8]) {
        let hexadecimal: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let list = format!("{secret:?}");
        for form in
            [secret.to_vec(), hexadecimal.into_bytes(), list[1..list.len() - 1].into(), base64(secret)]
        {
            self.secrets.push((name.to_owned(), form));
        }
    }

    fn in_bytes(&mut self, told: &[u8], place: &str) {
        assert!(!told.is_empty(), "{place}: nothing was told, so nothing was looked at");
        self.looked += 1;
        for (name, form) in &self.secrets {
            if let Some(at) = find(told, form) {
                let around = &told[at.saturating_sub(120)..(at + form.len() + 40).min(told.len())];
                panic!("{name} in {place}: {}", String::from_utf8_lossy(around));
            }
        }
    }

    fn in_output(&mut self, output: &Output, place: &str) {
        self.in_bytes(&[&output.stdout[..], &output.stderr].concat(), place);
    }
}

fn find(told: &[u8], form: &[u8]) -> Option<usize> {
    let first = form[0];
    let begins = told.iter().enumerate().filter(|(_, byte)| **byte == first).map(|(at, _)| at);
    begins.into_iter().find(|at| told[*at..].starts_with(form))
}

/// Without the last group, whose form depends on what follows.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sign = |group: &[u8], at: usize| {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        SIGNS[(bits >> (18 - 6 * at)) as usize & 63]
    };
    bytes.chunks_exact(3).flat_map(|group| (0..4).map(move |at| sign(group, at))).collect()
}

/// A request as it is; the answer with its head.
fn ask(server: &Server, head: &str, body: &str) -> String {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: {address}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// A house in which everything is planted.
struct House {
    folder: tempfile::TempDir,
    server: Server,
    url: String,
    _simulate: Running,
    redis: Redis,
    _database: Database,
}

fn config(folder: &Path, url: &str, redis: &Redis, router: &str) {
    let redis = redis.url();
    let (host, port) = router.split_once(':').unwrap();
    let config = format!(
        "[database]\nurl = \"{url}\"\n\n[redis]\nurl = \"{redis}\"\n\n[[routers]]\nname = \"listed\"\nhost = \"{host}\"\nport = \
         {port}\nusername = \"meter\"\npassword = \"{OF_FILE_ROUTER}\"\ninterval = \"1s\"\n"
    );
    std::fs::write(folder.join("tikmeter.toml"), config).unwrap();
}

fn serve(folder: &Path) -> Command {
    let mut program = tikmeter(&SERVE);
    program.env("TIKMETER_LOG", "trace").env("TIKMETER_ADMIN_TOKEN", ADMIN_TOKEN).current_dir(folder);
    program
}

/// The same with its log in a file: it is longer than anybody reads meanwhile.
fn serve_into(folder: &Path, log: &Path) -> Command {
    let mut shell = Command::new("sh");
    let program = serve(folder);
    shell.args(["-c", "log=$1; shift; exec \"$@\" 2>\"$log\"", "sh"]).arg(log);
    shell.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

impl House {
    fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create();
        let user = format!("planted_{}", std::process::id());
        let role = format!("CREATE ROLE {user} SUPERUSER LOGIN PASSWORD '{OF_DATABASE}'");
        postgres_server::run(database.url(), &role);
        let url = format!("postgres://{user}:{OF_DATABASE}@{}", database.url().rsplit_once('@').unwrap().1);
        let redis = Redis::start();
        let simulate = ["simulate", "--json", "--routers", "1", "--sessions", "5", "--password", OF_ROUTER];
        let simulate = Running::start(&simulate, folder.path());
        let address = format!("127.0.0.1:{}", simulate.json_line()["routers"][0]["port"]);
        config(folder.path(), &url, &redis, &address);
        let server = Server::of(
            Running::spawn(serve_into(folder.path(), &folder.path().join(LOG)), folder.path()),
            folder.path(),
        );
        let login = ["--user", "meter", "--password", OF_ROUTER, "--interval", "1s"];
        server.text(&[&["router", "add", "tower", &address][..], &login].concat());
        server.json_when(&["router", "show", "tower"], |router| router["state"] == "online");
        server.json_when(&["router", "show", "listed"], |router| router["state"] == "login_refused");
        House { folder, server, url, _simulate: simulate, redis, _database: database }
    }

    /// The program's own words without a server, with the same environment.
    fn alone(&self, words: &[&str]) -> Output {
        let mut program = tikmeter(words);
        program
            .current_dir(self.folder.path())
            .env("TIKMETER_TOKEN", WRONG_TOKEN)
            .env("TIKMETER_LOG", "trace");
        program.output().unwrap()
    }
}

/// Somebody who signs in: what the browser is given.
fn sign_in(server: &Server) -> String {
    let body = serde_json::json!({"name": "eva", "password": OF_OPERATOR, "role": "admin"}).to_string();
    let token = &server.token;
    ask(
        server,
        &format!(
            "POST /api/v1/operators HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json"
        ),
        &body,
    );
    let body = serde_json::json!({"name": "eva", "password": OF_OPERATOR}).to_string();
    let answer = ask(
        server,
        "POST /api/v1/session HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json",
        &body,
    );
    let cookie =
        answer.split("tikmeter_session=").nth(1).unwrap_or_else(|| panic!("nobody was signed in: {answer}"));
    cookie.split(';').next().unwrap().to_owned()
}

/// Whatever is wrong about a request, its answer does not tell it back.
fn errors(house: &House, search: &mut Search) {
    let (server, token) = (&house.server, &house.server.token);
    let json = format!("Authorization: Bearer {token}\r\nContent-Type: application/json");
    let bodies = [
        format!(r#"{{"name":"x","host":"h","username":"u","password":"{OF_ROUTER}","nope":1}}"#),
        format!(r#"{{"name":"x","host":"a b","username":"u","password":"{OF_ROUTER}"}}"#),
        format!(r#"{{"name":"x","host":"h","username":"u","password":["{OF_ROUTER}"]}}"#),
        format!(r#"{{"name":"tower","host":"h","username":"u","password":"{OF_ROUTER}"}}"#),
        format!(r#"{{"password":"{OF_ROUTER}""#),
        format!("\"{OF_ROUTER}\""),
    ];
    for body in &bodies {
        for path in ["/api/v1/routers", "/api/v1/router-tests", "/api/v1/operators", "/api/v1/tokens"] {
            let answer = ask(server, &format!("POST {path} HTTP/1.1\r\n{json}"), body);
            assert!(answer.starts_with("HTTP/1.1 4"), "{path} {body}: {answer}");
            search.in_bytes(answer.as_bytes(), &format!("the answer of {path} to {body}"));
        }
        let answer = ask(server, &format!("PATCH /api/v1/routers/tower HTTP/1.1\r\n{json}"), body);
        search.in_bytes(answer.as_bytes(), &format!("the answer to a change by {body}"));
    }
    let wrong = serde_json::json!({"name": "eva", "password": OF_NOBODY}).to_string();
    for (head, body) in [
        (format!("GET /api/v1/routers HTTP/1.1\r\nAuthorization: Bearer {WRONG_TOKEN}"), ""),
        (format!("GET /api/v1/routers HTTP/1.1\r\nCookie: tikmeter_session={WRONG_COOKIE}"), ""),
        (
            "POST /api/v1/session HTTP/1.1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json"
                .to_owned(),
            &wrong,
        ),
    ] {
        search.in_bytes(ask(server, &head, body).as_bytes(), &head);
    }
}

/// What a server tells whoever may ask, as text and as JSON.
fn answers(house: &House, search: &mut Search, cookie: &str) {
    let server = &house.server;
    for words in [
        &["router", "list"][..],
        &["router", "show", "tower"],
        &["router", "show", "listed"],
        &["router", "test", "tower"],
        &["router", "test", "listed"],
        &["status"],
        &["doctor"],
        &["key", "show"],
        &["operator", "list"],
        &["token", "list"],
        &["audit"],
        &["logs"],
        &["verify"],
        &["sessions"],
        &["key", "rotate", "--yes"],
    ] {
        search.in_output(&server.call(words), &words.join(" "));
        search
            .in_output(&server.call(&[words, &["--json"]].concat()), &format!("{} --json", words.join(" ")));
    }
    for path in [
        "/metrics",
        "/readyz",
        "/api/v1/logs?level=trace&limit=1000",
        "/api/v1/events",
        "/api/v1/commands",
        "/api/v1/audit.csv",
        "/api/v1/key",
        "/api/v1/session",
        "/api/v1/sign-ins",
        "/api/v1/operators",
        "/api/v1/tokens",
        "/api/v1/doctor",
    ] {
        let answer = ask(server, &format!("GET {path} HTTP/1.1\r\nCookie: tikmeter_session={cookie}"), "");
        search.in_bytes(answer.as_bytes(), path);
    }
}

/// What commands say that work without the server, also where they fail.
fn alone(house: &House, search: &mut Search) {
    let wrong = house.url.replace("@127.0.0.1:", "@127.0.0.1:1");
    for words in [
        &["config", "show"][..],
        &["config", "show", "--json"],
        &["config", "check"],
        &["router", "list", "--url", "http://127.0.0.1:1"],
        &["backup", "list"],
        &["doctor", "--without-server"],
    ] {
        search.in_output(&house.alone(words), &words.join(" "));
    }
    for url in [
        wrong.clone(),
        format!("mysql://planted:{OF_DATABASE}@host/db"),
        format!("postgres://planted@127.0.0.1:1/db?password={OF_DATABASE}"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let failed = serve(folder.path()).env("TIKMETER_DATABASE_URL", &url).output().unwrap();
        assert!(!failed.status.success());
        search.in_output(&failed, "a start without its database");
    }
}

/// As it is, and unpacked into a database.
fn backup(house: &House, search: &mut Search) {
    let file = house.folder.path().join("all.backup");
    search.in_output(&house.alone(&["backup", "create", file.to_str().unwrap()]), "backup create");
    search.in_bytes(&std::fs::read(&file).unwrap(), "the backup");
    let folder = tempfile::tempdir().unwrap();
    let words = ["backup", "restore", file.to_str().unwrap(), "--data", "data"];
    let restored = tikmeter(&words).current_dir(folder.path()).output().unwrap();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    search.in_output(&restored, "backup restore");
    for entry in std::fs::read_dir(folder.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        if !bytes.is_empty() {
            search.in_bytes(&bytes, &format!("what was in the backup: {}", path.display()));
        }
    }
}

#[test]
fn no_secret_is_told_anywhere() {
    let house = House::open();
    let mut search = Search::new();
    search.plant("the key", &std::fs::read(house.folder.path().join("data/key")).unwrap());
    let redis = house.redis.url();
    search.plant(
        "the password of Redis",
        redis.rsplit_once('@').unwrap().0.rsplit_once(':').unwrap().1.as_bytes(),
    );
    search.plant("the local token", house.server.token.as_bytes());
    let cookie = sign_in(&house.server);
    search.plant("the cookie", cookie.as_bytes());
    errors(&house, &mut search);
    answers(&house, &mut search, &cookie);
    search.plant("the new key", &std::fs::read(house.folder.path().join("data/key")).unwrap());
    alone(&house, &mut search);
    backup(&house, &mut search);
    let House { server, folder, .. } = house;
    server.running.signal("TERM");
    server.running.end();
    let log = std::fs::read_to_string(folder.path().join(LOG)).unwrap();
    assert!(log.contains("TRACE") && log.contains("DEBUG"), "the log is not the most verbose one");
    search.in_bytes(log.as_bytes(), "the log at its most verbose");
    assert!(search.looked > 80, "only {} places were looked at", search.looked);
}

/// A search that finds nothing proves nothing unless it finds what is there.
#[test]
fn the_search_finds_what_is_told_in_any_form() {
    let told = [
        OF_ROUTER.to_owned(),
        OF_ROUTER.bytes().map(|byte| format!("{byte:02x}")).collect(),
        format!("{:?}", OF_ROUTER.as_bytes()),
        "cGxhbnRlZC1yb3V0ZXItN1F4NA==".to_owned(),
    ];
    for told in told {
        let found =
            std::panic::catch_unwind(|| Search::new().in_bytes(format!("x{told}x").as_bytes(), "a test"));
        assert!(found.is_err(), "{told}");
    }
    Search::new().in_bytes(b"nothing of it", "a test");
}
