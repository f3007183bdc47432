//! Processes that share a database.

use std::path::{Path, PathBuf};

use crate::program::Running;
use crate::redis_server::Redis;
use crate::server::Server;

/// How long a process may be silent before others take its routers.
pub(super) const TERM: &str = "3s";

/// A process that can be started again.
pub(super) struct Process {
    name: &'static str,
    role: &'static str,
    folder: PathBuf,
}

impl Process {
    /// One in a folder of its own, with the key of the first one.
    pub(super) fn prepared(
        (name, role): (&'static str, &'static str),
        folder: &Path,
        url: &str,
        redis: &Redis,
        first: Option<&Process>,
    ) -> Process {
        let folder = folder.join(name);
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let config = format!(
            "[database]\nurl = \"{url}\"\n\n[node]\nname = \"{name}\"\nterm = \"{TERM}\"\n\n[polling]\ninterval = \"3s\"\n\n\
             [redis]\nurl = \"{}\"\nevents_max = 1000000\n",
            redis.url()
        );
        std::fs::write(folder.join("tikmeter.toml"), config).unwrap();
        if let Some(first) = first {
            std::fs::copy(first.folder.join("data/key"), folder.join("data/key")).unwrap();
        }
        Process { name, role, folder }
    }

    /// Starts it.
    pub(super) fn start(&self) -> Server {
        Server::of(self.begin(self.name), &self.folder)
    }

    /// Starts one of that name, which may not come about.
    pub(super) fn begin(&self, name: &str) -> Running {
        let mut program = crate::program::tikmeter(&[
            "serve",
            "--json",
            "--data",
            "data",
            "--listen",
            "127.0.0.1:0",
            "--role",
            self.role,
        ]);
        program.env("TIKMETER_NODE_NAME", name);
        if self.role == "api" {
            program.env("TIKMETER_PORTAL_LISTEN", "127.0.0.1:0");
        }
        Running::spawn(program, &self.folder)
    }
}

/// How many routers each process has, by the database.
pub(super) fn shares(url: &str) -> Vec<(String, i64)> {
    let sql = "SELECT coalesce(lease_holder, ''), count(*) FROM tikmeter.nas GROUP BY 1 ORDER BY 1";
    crate::postgres_server::ask(url, move |client| {
        client.query(sql, &[]).unwrap().iter().map(|row| (row.get(0), row.get(1))).collect()
    })
}

/// How often routers changed hands, all together.
pub(super) fn epochs(url: &str) -> i64 {
    crate::postgres_server::ask(url, |client| {
        client.query_one("SELECT sum(lease_epoch)::bigint FROM tikmeter.nas", &[]).unwrap().get(0)
    })
}
