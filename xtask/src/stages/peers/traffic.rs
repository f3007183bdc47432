//! The second program of docs/how-to/redis.md reads live samples with a reader killed in the middle of its work, and Redis killed
//! and started again: none is lost.

use super::events::{PAGE, free_port};
use crate::report::Verdict;
use crate::stages::installed::Installed;
use crate::stages::{redis, tools};
use crate::{program, repo};

pub(super) fn taken_over(installed: &Installed) -> Result<Verdict, String> {
    let mut python = installed.python();
    python.arg(repo::root().join("xtask/peers/traffic_peer.py")).arg(repo::root().join(PAGE));
    python.env("REDIS_SERVER", redis::server()?).env("REDIS_PORT", free_port()?.to_string());
    let done = program::run_logged(&mut python, &tools::log_path("traffic-peer"))?;
    let told = || format!("the second program of {PAGE}: {}", program::tail(&done.output, 20));
    Ok(if done.success { Verdict::pass() } else { Verdict::fail(told()) })
}
