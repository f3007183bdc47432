//! A running server and commands against it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use serde_json::Value;

use crate::program::{Running, run, stderr, stdout};

/// A server of the built program, and what its commands need.
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) url: String,
    pub(crate) token: String,
    /// Where its portal is, if it has one.
    pub(crate) portal: Option<String>,
}

impl Server {
    /// `tikmeter serve` on this folder.
    pub(crate) fn serve(folder: &Path) -> Server {
        Server::of(
            Running::start(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"], folder),
            folder,
        )
    }

    /// A server started with `--json` and `--data data` in this folder.
    pub(crate) fn of(running: Running, folder: &Path) -> Server {
        let told = running.json_line();
        Server::told(running, &told, folder)
    }

    /// The same, when it has said where it is.
    pub(crate) fn told(running: Running, told: &Value, folder: &Path) -> Server {
        let url = told["url"].as_str().unwrap().to_owned();
        // One that only polls has none.
        let token = match told["token_file"].as_str() {
            Some(file) => std::fs::read_to_string(folder.join(file)).unwrap().trim().to_owned(),
            None => String::new(),
        };
        Server { running, url, token, portal: told["portal"].as_str().map(str::to_owned) }
    }

    /// Runs a command against it.
    pub(crate) fn call(&self, words: &[&str]) -> Output {
        run(&[words, &["--url", &self.url, "--token", &self.token]].concat())
    }

    /// Runs a command that must succeed and answers what it printed.
    pub(crate) fn text(&self, words: &[&str]) -> String {
        let output = self.call(words);
        assert!(output.status.success(), "{words:?}: {}", stderr(&output));
        stdout(&output)
    }

    /// Runs a command that must succeed with `--json`.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let text = self.text(&[words, &["--json"]].concat());
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{words:?}: {error}: {text}"))
    }

    /// Asks again and again until the answer is as wanted.
    pub(crate) fn json_when(&self, words: &[&str], wanted: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let answer = self.json(words);
            if wanted(&answer) {
                return answer;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{words:?} never came to be as wanted: {}", self.json(words));
    }

    /// Every total of usage equals the sum of the entries that explain it; returns how many totals were not zero.
    pub(crate) fn every_total_is_explained(&self) -> usize {
        let usage = self.json(&["usage"]);
        let items = usage["items"].as_array().unwrap();
        let counted = items.iter().filter(|item| octets(item) != (0, 0));
        counted.inspect(|item| self.is_explained(item)).count()
    }

    fn is_explained(&self, total: &Value) {
        let router = total["router"].as_str().unwrap();
        let username = total["username"].as_str().map_or(vec![], |name| vec!["--username", name]);
        let explained = self.json(&[&["explain", "--router", router][..], &username].concat());
        let posted = explained["items"].as_array().unwrap().iter().filter(|item| item["posted"] == true);
        let sum = posted.map(octets).fold((0, 0), |sum, entry| (sum.0 + entry.0, sum.1 + entry.1));
        assert_eq!((sum, octets(&explained)), (octets(total), octets(total)), "{total}");
    }
}

/// Upload and download of an item.
pub(crate) fn octets(item: &Value) -> (u64, u64) {
    (item["upload_octets"].as_u64().unwrap(), item["download_octets"].as_u64().unwrap())
}

/// What `/readyz` answers, and whether the metrics say that the database is up.
pub(crate) fn ready(server: &Server) -> (u16, bool) {
    let (status, _) = get(server, "/readyz");
    let (_, metrics) = get(server, "/metrics");
    let up = metrics.lines().find_map(|line| line.strip_prefix("tikmeter_store_up "));
    (status, up.unwrap_or_else(|| panic!("no tikmeter_store_up in {metrics}")) == "1")
}

/// The status and body of an answer, asked for without a token.
pub(crate) fn get(server: &Server, path: &str) -> (u16, String) {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
}
