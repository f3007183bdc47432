//! What a stranger's device is called must not command the terminal of who looks.

use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, World};
use serde_json::Value;

use crate::program::{stderr, stdout, tikmeter};
use crate::server::Server;

const EVIL: &str = "evil\u{1b}[31m\u{1b}]0;pwn\u{7}\u{8}\u{7f}\u{9b}\u{202e}";

/// Where a command writes.
#[derive(Clone, Copy)]
pub(crate) enum To {
    Pipe,
    /// `script` of Debian's essential bsdutils gives it one.
    Terminal,
}

/// What a command writes there; a terminal also gets what it writes to its standard error.
pub(crate) fn written(server: &Server, words: &[&str], to: To) -> String {
    let output = output(server, words, to, Stdio::null());
    assert!(output.status.success(), "{words:?}: {output:?}");
    stdout(&output)
}

/// What a terminal shows of a command to which a person types this, whatever it ends with.
pub(crate) fn answered(server: &Server, words: &[&str], typed: &str) -> String {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(typed.as_bytes()).unwrap();
    drop(writer);
    stdout(&output(server, words, To::Terminal, reader.into()))
}

fn output(server: &Server, words: &[&str], to: To, typed: Stdio) -> Output {
    let mut command = tikmeter(&[words, &["--url", &server.url]].concat());
    if let To::Terminal = to {
        let words: Vec<_> = command.get_args().map(|word| word.to_str().unwrap().to_owned()).collect();
        let line = format!("'{}' '{}'", command.get_program().to_str().unwrap(), words.join("' '"));
        command = Command::new("script");
        command.args(["-qec", &line, "/dev/null"]);
    }
    // Whoever runs the tests may have no terminal, and one without a name is shown no progress.
    let output = command.env("TERM", "xterm").env("TIKMETER_TOKEN", &server.token).stdin(typed).output();
    let output = output.expect("a terminal is made by `script` (Debian's bsdutils), which could not be run");
    assert!(
        !stderr(&output).contains("failed to create pseudo-terminal"),
        "what a terminal shows cannot be checked, for /dev/pts gives no pseudo-terminal here: mount it by `mount -t devpts \
         devpts /dev/pts` and run the test again"
    );
    output
}

fn town(runtime: &tokio::runtime::Runtime) -> SimRouter {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 3));
    world.advance(Duration::from_secs(1_000));
    let key = world.connect(EVIL, Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
    world.transfer(key, 1_000, 2_000);
    runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap()
}

#[test]
fn a_login_commands_no_terminal_and_is_whole_in_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let sim = town(&runtime);
    let server = Server::serve(folder.path());
    let address = sim.addr().to_string();
    let words = ["router", "add", "tower", &address, "--user", "admin", "--password", "simulated"];
    server.text(&[&words[..], &["--interval", "1s"]].concat());
    let counted = |usage: &Value| usage["items"].as_array().is_some_and(|items| !items.is_empty());
    server.json_when(&["usage"], counted);
    let harmless = |text: &str| {
        text.chars().all(|one| matches!(one, '\n' | '\r') || !one.is_control()) && !text.contains('\u{202e}')
    };
    for format in ["csv", "ndjson"] {
        let shown = written(&server, &["usage", "--step", "15m", "--export", format], To::Terminal);
        assert!(shown.contains("evil") && harmless(&shown), "{shown:?}");
    }
    let piped = written(&server, &["usage", "--step", "15m", "--export", "csv"], To::Pipe);
    assert!(piped.contains(EVIL), "{piped:?}");
    let explain = ["explain", "--router", "tower", "--username", EVIL];
    let shown_harmless = |words: &[&str]| {
        for words in [words, &[words, &["--json"]].concat()] {
            for to in [To::Pipe, To::Terminal] {
                let shown = written(&server, words, to);
                assert!(shown.contains("evil") && harmless(&shown), "{words:?}: {shown:?}");
            }
        }
    };
    for words in [&["usage"][..], &["sessions"], &["subscriber", "unknown"], &explain] {
        shown_harmless(words);
    }
    // From here on it is somebody's, and the journal names it.
    server.text(&["subscriber", "add", "shop", "--login", EVIL, "--router", "tower"]);
    shown_harmless(&["audit"]);
    let told: Value = serde_json::from_str(&written(&server, &["usage", "--json"], To::Pipe)).unwrap();
    assert_eq!(told["items"][0]["username"], EVIL);
}
