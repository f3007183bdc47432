//! The program that docs/how-to/redis.md gives to readers of the stream is run as it stands there, and its sums are those of
//! `tikmeter usage`.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::report::Verdict;
use crate::stages::installed::Installed;
use crate::stages::product::Running;
use crate::stages::served::Served;
use crate::stages::{redis, tools};
use crate::{program, repo};

pub(super) const PAGE: &str = "docs/how-to/redis.md";
const PASSWORD: &str = "not-a-secret";
/// Of the status, about events.
const ALL_TOLD: &str = "\"state\":\"ok\",\"message\":null,\"waiting\":0,";
const GLANCE: Duration = Duration::from_millis(100);
const GLANCES: u32 = 600;

pub(super) fn added_up(installed: &Installed) -> Result<Verdict, String> {
    let (url, _redis) = started()?;
    let mut served = Served::start("events", &format!("[redis]\nurl = \"{url}\"\n"))?;
    until(&served, "usage", somebody_used_something)?;
    served.end_routers();
    until(&served, "status", |status| status.contains(ALL_TOLD))?;
    let mut python = installed.python();
    python.arg(repo::root().join("xtask/peers/events_peer.py")).arg(repo::root().join(PAGE));
    python.env("REDIS_URL", url).env("USAGE", served.tell(&["usage", "--json"])?);
    let log = tools::log_path("events-peer");
    let done = program::run_logged(&mut python, &log)?;
    let told = || format!("the program of {PAGE}: {}", program::tail(&done.output, 20));
    Ok(if done.success { Verdict::pass() } else { Verdict::fail(told()) })
}

/// A server for this check; its folder is below the build.
fn started() -> Result<(String, Running), String> {
    let folder = repo::root().join("target/xtask/events-redis");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let port = free_port()?;
    let running = Running::start(&mut command(&redis::server()?, &folder, port))?;
    Ok((format!("redis://:{PASSWORD}@127.0.0.1:{port}"), running))
}

/// One that nobody has at the moment.
pub(super) fn free_port() -> Result<u16, String> {
    let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    Ok(free.map_err(|error| format!("there is no free port: {error}"))?.port())
}

fn command(server: &Path, folder: &Path, port: u16) -> Command {
    let mut redis = Command::new(server);
    redis.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--requirepass", PASSWORD, "--save", ""]);
    redis.arg("--dir").arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    redis
}

fn somebody_used_something(usage: &str) -> bool {
    let mut octets = usage.split("\"upload_octets\":").skip(1);
    octets.any(|rest| rest.starts_with(|digit: char| ('1'..='9').contains(&digit)))
}

fn until(served: &Served, word: &str, is_so: impl Fn(&str) -> bool) -> Result<(), String> {
    for _ in 0..GLANCES {
        if is_so(&served.tell(&[word, "--json"])?) {
            return Ok(());
        }
        std::thread::sleep(GLANCE);
    }
    Err(format!("the server never came to say so: {}", served.tell(&[word, "--json"])?))
}
