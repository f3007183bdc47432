//! A MariaDB server of a test's own: in a folder for temporary files, on a free port of 127.0.0.1, ended with its guard.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tempfile::TempDir;

/// Where `./x test` and `./x servers` tell the program.
const VARIABLE: &str = "TEST_MARIADB_SERVER";
/// How often, and how long between, it is asked whether it is there.
const ASKS: (u32, Duration) = (600, Duration::from_millis(100));

/// See the module.
pub(crate) struct Mariadb {
    folder: TempDir,
    pub(crate) port: u16,
    child: Child,
}

impl Mariadb {
    /// An empty one, with a certificate for 127.0.0.1 that it made itself.
    pub(crate) fn start() -> Mariadb {
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path());
        let data = folder.path().join("data");
        let mut install = Command::new("mariadb-install-db");
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        install.arg(format!("--user={}", user())).arg(format!("--datadir={}", data.display()));
        // Others may make temporary tables of the same names.
        install.env("TMPDIR", folder.path());
        let output =
            install.output().expect("mariadb-install-db (Debian: mariadb-server-core) could not be run");
        assert!(output.status.success(), "{output:?}");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = started(folder.path(), port);
        let server = Mariadb { folder, port, child };
        server.until_there();
        server
    }

    /// The certificate that vouches for it.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    /// Runs statements as its root.
    pub(crate) fn run(&self, sql: &str) {
        let mut client = self.client(Stdio::piped());
        client.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
        let output = client.wait_with_output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn client(&self, input: Stdio) -> Child {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "--user=root", "--default-character-set=utf8mb4"]);
        client.arg(format!("--socket={}", self.folder.path().join("socket").display()));
        client.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
        client.spawn().expect("mariadb (Debian: mariadb-client-core) could not be run")
    }

    fn until_there(&self) {
        for _ in 0..ASKS.0 {
            if self.client(Stdio::null()).wait_with_output().unwrap().status.success() {
                return;
            }
            std::thread::sleep(ASKS.1);
        }
        panic!("it never came up: {}", std::fs::read_to_string(self.folder.path().join("log")).unwrap());
    }
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn started(folder: &Path, port: u16) -> Child {
    let program = std::env::var(VARIABLE)
        .unwrap_or_else(|_| panic!("{VARIABLE} names no server; run ./x servers cargo test ..."));
    let log = std::fs::File::create(folder.join("log")).unwrap();
    let place = |option: &str, name: &str| format!("--{option}={}", folder.join(name).display());
    let mut server = Command::new(program);
    server.args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-name-resolve"]);
    server.arg(format!("--user={}", user())).arg(format!("--port={port}"));
    server.args([place("datadir", "data"), place("socket", "socket"), place("pid-file", "pid")]);
    server.args([place("ssl-cert", "certificate.pem"), place("ssl-key", "key.pem")]);
    server.env("TMPDIR", folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// Whose it runs as: it refuses root, unless that is said.
fn user() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn certify(folder: &Path) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(folder.join("certificate.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
}
