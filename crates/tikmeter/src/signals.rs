//! What the operating system tells us: stop, stop at once, read the configuration again.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// Exit code of a stop that did not wait for anything.
const BROKEN_OFF: i32 = 1;

/// Cancels `stop` at the first SIGTERM or SIGINT (Ctrl-C). A second one ends the process at once: whatever was not
/// committed is read again from the routers next time.
///
/// # Errors
/// When signals cannot be had.
pub(crate) fn cancel_on_stop(stop: &CancellationToken) -> Result<(), Failure> {
    let (mut terminated, mut interrupted) = (on(SignalKind::terminate())?, on(SignalKind::interrupt())?);
    let stop = stop.clone();
    tokio::spawn(async move {
        either(&mut terminated, &mut interrupted).await;
        tracing::info!("stopping; a second signal stops at once");
        stop.cancel();
        either(&mut terminated, &mut interrupted).await;
        std::process::exit(BROKEN_OFF);
    });
    Ok(())
}

/// SIGHUP: the wish to read the configuration again.
///
/// # Errors
/// When signals cannot be had.
pub(crate) fn hangups() -> Result<Signal, Failure> {
    on(SignalKind::hangup())
}

/// SIGUSR1: a wish of whoever runs the command; what it means, the command says.
///
/// # Errors
/// When signals cannot be had.
pub(crate) fn user_wishes() -> Result<Signal, Failure> {
    on(SignalKind::user_defined1())
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

fn on(kind: SignalKind) -> Result<Signal, Failure> {
    signal(kind).map_err(|error| Failure::said(format!("signals cannot be received: {error}")))
}
