//! From the first poll to the last commit.

use std::sync::Arc;

use collector::supervisor::Supervisor;
use operations::Operations;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::opening::Daemon;
use super::{backups, keys, retention, service_manager};
use crate::failure::Failure;

impl Daemon {
    /// Polls and serves until `stop`; then polling ends, what was read is committed, running requests are answered
    /// and the database is closed. Ends by itself, with an error, if one of its halves breaks.
    ///
    /// # Errors
    /// When a half broke.
    pub(crate) async fn run(self, stop: CancellationToken) -> Result<(), Failure> {
        let tasks = TaskTracker::new();
        let polling =
            half(&tasks, &stop, meter(self.operations.clone(), self.supervisor.clone(), stop.clone()));
        let https =
            self.https.map(|https| half(&tasks, &stop, https.serve(self.state.clone(), stop.clone())));
        let serving = half(&tasks, &stop, server::serve(self.listener, self.state, stop.clone()));
        let portal = self.portal.map(|portal| half(&tasks, &stop, portal.serve(stop.clone())));
        if let Some(traffic) = self.traffic {
            tasks.spawn(traffic.run(stop.clone()));
        }
        if let Some(profiles) = self.profiles {
            tasks.spawn(profiles.keep(self.operations.clone(), stop.clone()));
        }
        let (operations, supervisor) = (self.operations.clone(), self.supervisor.clone());
        tasks.spawn(backups::keep(operations, supervisor, self.backups, stop.clone()));
        tasks.spawn(keys::keep(self.operations.clone(), stop.clone()));
        if let Some(months) = self.detail_months {
            tasks.spawn(retention::keep(self.operations, self.supervisor, months, stop.clone()));
        }
        self.between.run(&tasks, &stop);
        if let Some(publisher) = self.publisher {
            tasks.spawn(publisher.run(stop.clone()));
        }
        tasks.spawn(service_manager::tell(stop));
        tasks.close();
        tasks.wait().await;
        whole("polling", polling).await?;
        if let Some(portal) = portal {
            whole("the portal", portal).await?;
        }
        if let Some(https) = https {
            whole("HTTPS", https).await?;
        }
        whole("the API", serving).await
    }
}

/// Polls routers and opens cycles as plans say. Those missed while nobody ran are opened before anything is read: what
/// the first readings show is split between them.
async fn meter(operations: Arc<Operations>, supervisor: Arc<Supervisor>, stop: CancellationToken) {
    let missed = async {
        if operations.node.role.polls() {
            operations.open_missed_cycles().await;
        }
    };
    if stop.run_until_cancelled(missed).await.is_some() {
        let opening = operations.keep_opening_due_cycles(|| supervisor.leads());
        let exchanging = operations.keep_exchanging_statuses();
        tokio::join!(
            supervisor.clone().run(stop.clone()),
            stop.run_until_cancelled(opening),
            stop.run_until_cancelled(exchanging),
            stop.run_until_cancelled(operations.keep_monitors()),
            stop.run_until_cancelled(operations.keep_lasting_time())
        );
    }
}

/// Runs one half; however it ends, the other one is told to stop too.
fn half(
    tasks: &TaskTracker,
    stop: &CancellationToken,
    work: impl Future<Output = ()> + Send + 'static,
) -> JoinHandle<()> {
    let stop = stop.clone();
    tasks.spawn(async move {
        let _stops_the_other = stop.drop_guard();
        work.await;
    })
}

async fn whole(name: &str, half: JoinHandle<()>) -> Result<(), Failure> {
    half.await.map_err(|error| {
        tracing::error!(%error, "{name} broke");
        Failure::said(format!(
            "{name} broke, so the server stopped; what was committed is safe. The log above says where; please report it"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_half_that_breaks_stops_the_other_and_is_an_error() {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let broken = half(&tasks, &stop, async { panic!("on purpose") });
        let sound = half(&tasks, &stop, stop.clone().cancelled_owned());
        tasks.close();
        tasks.wait().await;
        assert!(whole("polling", broken).await.is_err());
        assert!(whole("the API", sound).await.is_ok());
    }
}
