//! A server on a host whose wall clock a test can set at any time. The program is the built one: a library put before the C
//! library's answers it with another wall clock, as the host would.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{Running, tikmeter};
use crate::server::Server;

/// The wall clock of the servers started on it.
pub(crate) struct HostClock {
    library: PathBuf,
    /// Holds by how many seconds it is off.
    file: PathBuf,
}

impl HostClock {
    /// One that shows the right time.
    pub(crate) fn new(folder: &Path) -> HostClock {
        let library = folder.join("host_clock.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/host_clock.c");
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).status().unwrap();
        assert!(built.success(), "a C compiler is there wherever this is built");
        let clock = HostClock { library, file: folder.join("stepped_by") };
        clock.set(0);
        clock
    }

    /// Lets it be off by so many seconds from now on, also for a server that runs.
    pub(crate) fn set(&self, stepped_by: i64) {
        // Written in place: whoever runs has the file's page before its eyes.
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.file).unwrap();
        file.write_all(&stepped_by.to_ne_bytes()).unwrap();
    }

    /// `tikmeter serve` on this folder, on a host with this clock.
    pub(crate) fn serve(&self, folder: &Path) -> Server {
        let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
        command.env("LD_PRELOAD", &self.library).env("STEPPED_BY", &self.file);
        Server::of(Running::spawn(command, folder), folder)
    }
}
