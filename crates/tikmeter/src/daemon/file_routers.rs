//! Routers of the configuration: entered at start, and again whenever the configuration is read anew.

use std::sync::Arc;

use operations::{NewRouter, Operations};
use store::{FileSync, NodeRole};

use super::opening::Daemon;
use crate::config::RouterSettings;
use crate::failure::Failure;

/// Who enters them.
#[derive(Clone)]
pub(crate) struct FileRouters {
    operations: Arc<Operations>,
}

impl FileRouters {
    /// Those of this daemon; also while it runs.
    pub(crate) fn of(daemon: &Daemon) -> Self {
        FileRouters { operations: daemon.operations().clone() }
    }

    /// Lets the registry's routers of the configuration be `routers`; a vanished one is paused, its history kept.
    ///
    /// # Errors
    /// When a password cannot be read or a router does not fit; then nothing was changed.
    pub(crate) async fn adopt(&self, routers: &[RouterSettings], is_polling: bool) -> Result<(), Failure> {
        // One that only polls has none of its own, and says nothing of others'.
        if self.operations.node.role == NodeRole::Collector {
            return Ok(());
        }
        let wanted = routers.iter().map(new_router).collect::<Result<Vec<_>, _>>()?;
        let synced = self.operations.sync_file_routers(wanted, is_polling).await;
        let synced = synced.map_err(|error| {
            Failure::said(format!("the routers of the configuration cannot be used: {error}"))
        })?;
        log(&synced);
        Ok(())
    }
}

fn new_router(router: &RouterSettings) -> Result<NewRouter, Failure> {
    let password =
        router.password.read().map_err(|text| Failure::said(format!("{}: {text}", router.origin)))?;
    let millis = router.interval.map(|interval| u32::try_from(interval.as_millis()).unwrap_or(u32::MAX));
    Ok(NewRouter {
        name: router.name.clone(),
        host: router.host.clone(),
        port: router.port,
        tls: router.tls,
        fingerprint: router.fingerprint,
        username: router.username.clone(),
        password,
        link_speed_bps: router.link_speed_bps,
        interval_ms: millis,
        group: router.group.clone(),
        enabled: true,
    })
}

fn log(synced: &FileSync) {
    let FileSync { added, changed, vanished } = synced;
    let say = |names: &[String], what: &str| {
        for router in names {
            tracing::info!(router, "the configuration {what}");
        }
    };
    say(added, "adds a router");
    say(changed, "changes a router");
    say(vanished, "lacks a router now; it is paused, its history stays");
}
