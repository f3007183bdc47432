//! The service as its unit has it. A folder has no systemd that runs: what the unit says is done in its place, and what systemd
//! would hear is listened to.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::clean_root::Root;
use crate::program;
use crate::stages::apt::{self, as_root};
use crate::stages::product::Running;

const UNIT: &str = "usr/lib/systemd/system/tikmeter.service";
/// Where systemd listens, for those in the folder.
const SOCKET: &str = "run/notify";
/// How long something may be silent before the run is taken for stuck: no measure of how fast it has to be.
const STUCK: Duration = Duration::from_secs(180);
/// systemd's measure of what a service could do to its machine, 0 to 100, of which the lower is the better: it calls up to 20 "OK".
const EXPOSURE: &str = "20";

/// Its own check of the unit.
pub(super) fn unit_is_valid(root: &Root) -> Result<String, String> {
    analyze(root, &["verify", "--man=no", "tikmeter.service"])
}

/// What it may do at most.
pub(super) fn is_confined(root: &Root) -> Result<String, String> {
    let threshold = format!("--threshold={EXPOSURE}");
    analyze(root, &["security", "--offline=true", "--no-pager", &threshold, "tikmeter.service"])
}

fn analyze(root: &Root, words: &[&str]) -> Result<String, String> {
    if program::capture(Command::new("systemd-analyze").arg("--version")).is_err() {
        apt::install("systemd-analyze", &["systemd"])?;
    }
    let root = format!("--root={}", root.shown());
    let output =
        Command::new("systemd-analyze").arg(root).args(words).output().map_err(|error| error.to_string())?;
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told).into_owned();
    if output.status.success() { Ok(told) } else { Err(told) }
}

/// The running service.
pub(super) struct Service {
    running: Running,
    heard: UnixDatagram,
}

impl Service {
    /// Starts what the unit starts, as the user that it names.
    pub(super) fn start(root: &Root) -> Result<Self, String> {
        let unit = std::fs::read_to_string(root.path(UNIT)).map_err(|error| format!("{UNIT}: {error}"))?;
        let (words, user) = (setting(&unit, "ExecStart")?, setting(&unit, "User")?);
        let folder = setting(&unit, "WorkingDirectory")?;
        as_root(&["chmod", "1777", &root.path("run").display().to_string()])?;
        let heard = listen(&root.path(SOCKET))?;
        let patience = format!("WATCHDOG_USEC={}", Duration::from_secs(2).as_micros());
        let notify = format!("NOTIFY_SOCKET=/{SOCKET}");
        let mut chroot = apt::prefix()?.to_vec();
        chroot.push("chroot");
        let mut command = Command::new(chroot[0]);
        command.args(&chroot[1..]).arg(format!("--userspec={user}:{user}")).arg(root.shown());
        command.args(["env", "-i", "-C", folder, "PATH=/usr/bin:/bin", &patience, &notify]);
        command.args(words.split_whitespace()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { running: Running::start(&mut command)?, heard })
    }

    /// Waits until it says so.
    pub(super) fn waits_for(&mut self, wanted: &str) -> Result<String, String> {
        let mut words = [0; 4_096];
        loop {
            let length =
                self.heard.recv(&mut words).map_err(|error| format!("it never said {wanted}: {error}"))?;
            let told = String::from_utf8_lossy(&words[..length]).into_owned();
            if told.lines().any(|line| line == wanted) {
                return Ok(told);
            }
        }
    }

    /// Stops it as systemd does.
    pub(super) fn stop(mut self) -> Result<String, String> {
        let id = self.running.id().to_string();
        as_root(&["kill", "-TERM", &id])?;
        self.waits_for("STOPPING=1")?;
        self.running.ends_well()
    }
}

/// A socket to which the service's user may write.
fn listen(socket: &Path) -> Result<UnixDatagram, String> {
    let trouble = |error: std::io::Error| format!("cannot listen on {}: {error}", socket.display());
    if socket.exists() {
        std::fs::remove_file(socket).map_err(trouble)?;
    }
    let heard = UnixDatagram::bind(socket).map_err(trouble)?;
    std::fs::set_permissions(socket, std::fs::Permissions::from_mode(0o666)).map_err(trouble)?;
    heard.set_read_timeout(Some(STUCK)).map_err(trouble)?;
    Ok(heard)
}

fn setting<'a>(unit: &'a str, name: &str) -> Result<&'a str, String> {
    let value = |line: &'a str| line.strip_prefix(name)?.strip_prefix('=');
    unit.lines().find_map(value).ok_or_else(|| format!("{UNIT} has no {name}="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_read_by_its_whole_name() {
        let unit = "[Service]\nUserAll=x\nUser=tikmeter\n";
        assert_eq!(setting(unit, "User"), Ok("tikmeter"));
        assert!(setting(unit, "Group").is_err());
    }
}
