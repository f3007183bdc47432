//! What really passed, in a file: for whoever compares it with what was counted.

use std::io::Write;
use std::path::{Path, PathBuf};

use accounting::standing::login_of_counter;
use accounting::table::Table;
use operations::name_to_text;
use routeros_sim::server::SimRouter;
use routeros_sim::world::Octets;
use serde_json::{Value, json};
use tokio::signal::unix::Signal;
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// The file, and whose truth it tells.
pub(super) struct TruthFile {
    path: PathBuf,
    routers: Vec<(String, SimRouter)>,
}

impl TruthFile {
    /// Of these routers, by name; written for the first time.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn begin(path: &Path, routers: Vec<(String, SimRouter)>) -> Result<Self, Failure> {
        let file = TruthFile { path: path.to_owned(), routers };
        file.write()?;
        Ok(file)
    }

    /// Writes at each of `signals` until `stop`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) async fn keep(&self, mut signals: Signal, stop: &CancellationToken) -> Result<(), Failure> {
        while stop.run_until_cancelled(signals.recv()).await.flatten().is_some() {
            self.write()?;
        }
        Ok(())
    }

    /// A whole file takes the old one's place: nobody reads half of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn write(&self) -> Result<(), Failure> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let written =
            tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).and_then(|mut new| {
                new.write_all(self.json().to_string().as_bytes())?;
                new.persist(&self.path).map(|_| ()).map_err(|error| error.error)
            });
        written.map_err(|error| Failure::said(format!("{} cannot be written: {error}", self.path.display())))
    }

    fn json(&self) -> Value {
        let routers = self.routers.iter().map(|(name, router)| (name.clone(), logins(router)));
        Value::Object(routers.collect())
    }
}

/// Octets of every login since the router was made, and of all interfaces without sessions and targets of queues; all it ever
/// moved, counted by anybody or not.
fn logins(router: &SimRouter) -> Value {
    let told = |name: Vec<u8>, octets: Octets| {
        let octets = json!({ "upload_octets": octets.input, "download_octets": octets.output });
        (name_to_text(&name).into_owned(), octets)
    };
    router.with_world(|world| {
        let logins = world.truth().by_login().into_iter().map(|(login, truth)| told(login, truth.total()));
        let fixed = world.fixed_made().into_iter();
        let fixed =
            fixed.map(|name| told(login_of_counter(Table::Facing, name).name.into(), world.passed_on(name)));
        let queues = world.queues_made().into_iter();
        let queues = queues
            .map(|name| told(login_of_counter(Table::Queue, name).name.into(), world.traffic_of_queue(name)));
        Value::Object(logins.chain(fixed).chain(queues).collect())
    })
}
