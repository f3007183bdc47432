//! Operators by the command line, and the link by which the first is made.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Output;

use serde_json::json;

use crate::program::{stderr, stdout, tikmeter};
use crate::pseudo_terminal::PseudoTerminal;
use crate::server::Server;

const PASSWORD: &str = "correct horse";

/// Runs a command with a password on its standard input.
fn piped(server: &Server, words: &[&str], password: &str) -> Output {
    let (reader, mut writer) = std::io::pipe().unwrap();
    writeln!(writer, "{password}").unwrap();
    drop(writer);
    let mut command = tikmeter(&[words, &["--url", &server.url]].concat());
    command.env("TIKMETER_TOKEN", &server.token).stdin(reader).output().unwrap()
}

/// The status of what is posted without a token.
fn posted(server: &Server, path: &str, body: &str) -> u16 {
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    let head = "host: localhost\r\nconnection: close\r\ncontent-type: application/json";
    let length = body.len();
    write!(stream, "POST {path} HTTP/1.1\r\n{head}\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

fn signs_in(server: &Server, name: &str, password: &str) -> bool {
    match posted(server, "/api/v1/session", &json!({"name": name, "password": password}).to_string()) {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// A person's terminal is theirs again, whatever they thought better of.
#[test]
fn ctrl_c_at_the_prompt_for_a_password_leaves_the_terminal_as_it_was() {
    let mut command = tikmeter(&["operator", "create", "budi", "--url", "http://127.0.0.1:9"]);
    command.env("TIKMETER_TOKEN", "tkm_none");
    let mut terminal = PseudoTerminal::run(&command, (80, 24));
    let asks = |lines: &[String]| lines.iter().any(|line| line.starts_with("New password:"));
    terminal.when("the prompt, and silence", |lines| asks(lines) && terminal.is_raw());
    terminal.types("hidden\u{3}");
    assert!(!terminal.end().success());
    terminal.is_restored();
    let lines = terminal.when("why it ended", |lines| lines.iter().any(|line| line.contains("interrupted")));
    assert!(lines.iter().all(|line| !line.contains("hidden")), "{lines:?}");
}

#[test]
fn operators_are_kept_by_the_command_line_and_their_passwords_come_by_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let made = piped(&server, &["operator", "create", "Rina", "--role", "admin"], PASSWORD);
    assert_eq!(stdout(&made), "Operator Rina (admin) may sign in at /admin.\n", "{}", stderr(&made));
    let short = piped(&server, &["operator", "create", "budi"], "short");
    assert!(!short.status.success() && stderr(&short).contains("fewer than 10 signs"), "{}", stderr(&short));
    assert!(piped(&server, &["operator", "create", "budi", "--role", "cashier"], PASSWORD).status.success());
    assert!(signs_in(&server, "rina", PASSWORD) && signs_in(&server, "BUDI", PASSWORD));
    server.text(&["operator", "disable", "budi"]);
    assert!(!signs_in(&server, "budi", PASSWORD));
    assert!(server.text(&["operator", "list"]).contains("locked out"));
    server.text(&["operator", "enable", "budi"]);
    server.text(&["operator", "role", "budi", "operator"]);
    assert_eq!(server.json(&["operator", "list"])["items"][0]["role"], "operator");
    assert!(piped(&server, &["operator", "password", "budi"], "quite another").status.success());
    assert!(!signs_in(&server, "budi", PASSWORD) && signs_in(&server, "budi", "quite another"));
    server.text(&["operator", "remove", "budi"]);
    let last = server.call(&["operator", "remove", "rina"]);
    assert!(stderr(&last).contains("last admin"), "{}", stderr(&last));
}

#[test]
fn a_server_without_operators_says_where_the_first_is_made_and_one_with_them_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve(folder.path());
    let told = server.running.error_line("Nobody can sign in yet");
    let (url, key) = told.split_whitespace().find_map(|word| word.split_once("/admin/setup#")).unwrap();
    assert_eq!(url, server.url);
    assert!(!server.text(&["logs"]).contains(key) && !server.text(&["audit"]).contains(key));
    let body = json!({"key": key, "name": "rina", "password": PASSWORD}).to_string();
    assert_eq!(posted(&server, "/api/v1/setup", &body), 201);
    assert!(signs_in(&server, "rina", PASSWORD));
    server.running.signal("TERM");
    let Server { running, .. } = server;
    assert!(running.end().success());
    let again = Server::serve(folder.path());
    again.running.error_line("serving");
    again.running.signal("TERM");
    let rest = again.running.rest_of_errors();
    assert!(rest.iter().all(|line| !line.contains("Nobody can sign in")), "{rest:?}");
}
