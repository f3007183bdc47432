//! A database server of the test's own, which can crash and be started again, have a standby, and run out of room.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use postgres::{Client, NoTls};
use rustix::process::{Pid, Signal};
use tempfile::TempDir;

use crate::postgres_server;

/// See the module.
pub(crate) struct OwnServer {
    folder: TempDir,
    kind: Kind,
    port: u16,
    child: Child,
}

/// What the server of this test run is made of; this one is made of the same.
struct Kind {
    programs: PathBuf,
    /// It does not run as root.
    owner: (u32, u32),
    password: String,
    /// What its programs find in their environment.
    environment: Vec<(&'static str, PathBuf)>,
}

impl OwnServer {
    /// A new one, that runs.
    pub(crate) fn start() -> OwnServer {
        OwnServer::start_in(|_| Vec::new())
    }

    /// One whose programs find in their environment what is made for its folder.
    pub(crate) fn start_in(environment: impl FnOnce(&Path) -> Vec<(&'static str, PathBuf)>) -> OwnServer {
        let mut kind = Kind::of_the_run();
        let folder = kind.folder();
        kind.environment = environment(folder.path());
        let secret = folder.path().join("password");
        std::fs::write(&secret, &kind.password).unwrap();
        let mut initdb = kind.program("initdb", &folder);
        initdb.args(["-U", "tests", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"]);
        let made = initdb.arg("--pwfile").arg(&secret).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let (port, child) = kind.started(&folder, None);
        OwnServer { folder, kind, port, child }
    }

    /// A standby of it, that runs.
    pub(crate) fn standby(&self) -> OwnServer {
        let kind = Kind::of_the_run();
        let folder = kind.folder();
        let mut copy = kind.program("pg_basebackup", &folder);
        copy.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "-d", &self.url()]);
        let copied = copy.output().unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let (port, child) = kind.started(&folder, None);
        OwnServer { folder, kind, port, child }
    }

    /// A database of it.
    pub(crate) fn url(&self) -> String {
        self.kind.url(self.port)
    }

    /// Ends at once, with all its processes; what it has to repair it repairs when it is started.
    pub(crate) fn crash(&mut self) {
        rustix::process::kill_process(Pid::from_child(&self.child), Signal::QUIT).unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again where it was.
    pub(crate) fn start_again(&mut self) {
        (self.port, self.child) = self.kind.started(&self.folder, Some(self.port));
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = rustix::process::kill_process(Pid::from_child(&self.child), Signal::QUIT);
        let _ = self.child.wait();
    }
}

impl Kind {
    fn of_the_run() -> Kind {
        let url = postgres_server::server();
        let (programs, data): (String, String) = postgres_server::ask(&url, |client| {
            let sql =
                "SELECT setting, current_setting('data_directory') FROM pg_config WHERE name = 'BINDIR'";
            let row = client.query_one(sql, &[]).unwrap();
            (row.get(0), row.get(1))
        });
        let data = std::fs::metadata(data).unwrap();
        let password = url.split_once('@').unwrap().0.rsplit_once(':').unwrap().1;
        Kind {
            programs: programs.into(),
            owner: (data.uid(), data.gid()),
            password: password.to_owned(),
            environment: Vec::new(),
        }
    }

    /// A new one that it may write.
    fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        chown(folder.path(), Some(self.owner.0), Some(self.owner.1)).unwrap();
        folder
    }

    /// One of its programs, for the cluster in a folder.
    fn program(&self, name: &str, folder: &TempDir) -> Command {
        let mut program = Command::new(self.programs.join(name));
        program.uid(self.owner.0).gid(self.owner.1).current_dir("/").env("LC_ALL", "C");
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        program.arg("-D").arg(folder.path().join("data")).stdin(Stdio::null());
        program
    }

    fn url(&self, port: u16) -> String {
        format!("postgres://tests:{}@127.0.0.1:{port}/postgres", self.password)
    }

    /// A free port may be taken by another test before the server has it, so that another one is tried then.
    fn started(&self, folder: &TempDir, port: Option<u16>) -> (u16, Child) {
        for _ in 0..20 {
            let port = port.unwrap_or_else(crate::redis_server::free_port);
            let mut server = self.program("postgres", folder);
            server.arg("-k").arg(folder.path()).args(["-h", "127.0.0.1", "-p", &port.to_string()]);
            server.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
            let mut child = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            if self.answers(port, &mut child) {
                return (port, child);
            }
        }
        panic!("the database server does not start");
    }

    fn answers(&self, port: u16, child: &mut Child) -> bool {
        while child.try_wait().unwrap().is_none() {
            let url = self.url(port);
            if std::thread::spawn(move || Client::connect(&url, NoTls).is_ok()).join().unwrap() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }
}
