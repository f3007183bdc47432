//! What systemd hears from a service that it started (`Type=notify`, `WatchdogSec=`; sd_notify(3)): that we can be asked, that we
//! live, that we are stopping. Started otherwise, nobody is told anything.

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;

/// Says it, until `stop`. A program whose tasks no longer run falls silent, and is started anew.
pub(super) async fn tell(stop: CancellationToken) {
    say(&NotifyState::Ready);
    stop.run_until_cancelled(keep_alive()).await;
    say(&NotifyState::Stopping);
}

async fn keep_alive() {
    let Some(patience) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    // Half of it, as sd_watchdog_enabled(3) has it.
    let mut ticks = tokio::time::interval(patience / 2);
    loop {
        ticks.tick().await;
        say(&NotifyState::Watchdog);
    }
}

fn say(state: &NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(std::slice::from_ref(state)) {
        tracing::warn!(%error, ?state, "systemd could not be told; it may take this program for hung and start it anew");
    }
}
