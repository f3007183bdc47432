//! `[polling] allowed_addresses`: nobody is added, tested or read where no router may be, whatever name leads there.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use crate::program::{Running, stderr, tikmeter};
use crate::server::Server;

const LOGIN: [&str; 4] = ["--user", "meter", "--password", "simulated"];

fn serve(folder: &Path, allowed: &str) -> Server {
    let mut program = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    program.env("TIKMETER_POLLING_ALLOWED_ADDRESSES", allowed);
    Server::of(Running::spawn(program, folder), folder)
}

fn add(server: &Server, name: &str, address: &str) -> std::process::Output {
    server.call(&[&["router", "add", name, address][..], &LOGIN].concat())
}

fn refused(output: std::process::Output) -> String {
    assert!(!output.status.success());
    stderr(&output)
}

/// Something that would be connected to, and whether it was.
struct Door(TcpListener);

impl Door {
    fn open() -> Door {
        let door = TcpListener::bind("127.0.0.1:0").unwrap();
        door.set_nonblocking(true).unwrap();
        Door(door)
    }

    fn at(&self, host: &str) -> String {
        format!("{host}:{}", self.0.local_addr().unwrap().port())
    }

    fn was_knocked_at(&self) -> bool {
        self.0.accept().is_ok()
    }
}

#[test]
fn outside_of_the_list_no_router_is_added_moved_tested_or_read() {
    let (folder, door) = (tempfile::tempdir().unwrap(), Door::open());
    // Added before there was a list.
    let server = serve(folder.path(), "");
    assert!(add(&server, "before", &door.at("127.0.0.1")).status.success());
    server.json_when(&["router", "show", "before"], |router| router["state"] != "waiting");
    server.running.signal("TERM");
    server.running.end();
    while door.was_knocked_at() {}

    let server = serve(folder.path(), "10.0.0.0/8");
    let told = refused(add(&server, "tower", &door.at("127.0.0.1")));
    assert!(told.contains("127.0.0.1") && told.contains("allowed_addresses"), "{told}");
    assert!(add(&server, "hill", "10.99.0.1:1").status.success());
    let moved = ["router", "edit", "hill", "--host", "127.0.0.1", "--password", "simulated"];
    assert!(refused(server.call(&moved)).contains("allowed_addresses"));
    let body = serde_json::json!({"host": "127.0.0.1", "port": door.0.local_addr().unwrap().port()});
    assert_eq!(post(&server, "/api/v1/router-tests", &body.to_string()), 422);
    // Where a name leads shows when it is looked up.
    assert!(add(&server, "named", &door.at("localhost")).status.success());
    for name in ["before", "named"] {
        let shown = server.json_when(&["router", "show", name], |router| router["state"] == "unreachable");
        let message = shown["message"].as_str().unwrap();
        assert!(message.contains("No router may be at") && message.contains("Nothing was sent"), "{message}");
        let test = server.call(&["router", "test", name]);
        let text = String::from_utf8(test.stdout).unwrap();
        assert!(text.contains("No router may be at"), "{text}");
    }
    std::thread::sleep(Duration::from_millis(300));
    assert!(!door.was_knocked_at());
}

#[test]
fn without_a_list_only_what_is_no_routers_is_refused() {
    let (folder, door) = (tempfile::tempdir().unwrap(), Door::open());
    let server = serve(folder.path(), "");
    for address in ["169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255"] {
        let told = refused(add(&server, "tower", &format!("{address}:80")));
        assert!(told.contains(address), "{told}");
    }
    assert!(add(&server, "tower", &door.at("127.0.0.1")).status.success());
    server.json_when(&["router", "show", "tower"], |router| router["state"] != "waiting");
    assert!(door.was_knocked_at(), "or the other test proves nothing");
}

#[test]
fn a_router_of_the_configuration_that_is_outside_is_a_mistake_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let config = "[polling]\nallowed_addresses = \"10.0.0.0/8\"\n\n[[routers]]\nname = \"tower\"\nhost = \"127.0.0.1\"\n\
                  username = \"meter\"\npassword = \"simulated\"\n";
    std::fs::write(folder.path().join("tikmeter.toml"), config).unwrap();
    let serve = ["serve", "--data", "data", "--listen", "127.0.0.1:0"];
    let ended = tikmeter(&serve).current_dir(folder.path()).output().unwrap();
    let told = stderr(&ended);
    assert!(!ended.status.success() && told.contains("no router may be at 127.0.0.1"), "{told}");
    std::fs::write(folder.path().join("tikmeter.toml"), "[polling]\nallowed_addresses = \"10.0.0\"\n")
        .unwrap();
    let checked = tikmeter(&["config", "check"]).current_dir(folder.path()).output().unwrap();
    assert!(
        !checked.status.success() && stderr(&checked).contains("`10.0.0` is neither"),
        "{}",
        stderr(&checked)
    );
}

fn post(server: &Server, path: &str, body: &str) -> u16 {
    use std::io::{Read, Write};
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        server.token,
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
